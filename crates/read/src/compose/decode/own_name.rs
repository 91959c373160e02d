//! Names by which a container of compose finds itself.
//!
//! In Kubernetes they lead through the Service, which has only ready pods behind
//! it: a readiness probe that asks for one would wait for itself.

use kubewright_model::App;

use super::service::Service;

/// A service's own names, in lower case.
pub(super) struct OwnNames(Vec<String>);

impl OwnNames {
    /// Those names.
    pub(super) fn of(names: impl IntoIterator<Item = String>) -> Self {
        let folded = |name: String| name.to_ascii_lowercase();
        Self(names.into_iter().map(folded).collect())
    }

    /// Those of a service, whose networks and hosts are read already.
    pub(super) fn read(service: &Service<'_>, app: &App) -> Self {
        let node = service.fields.at().node;
        let said = |key: &str| Some(node.get(key)?.as_scalar()?.text.to_string());
        let hostname = said("hostname");
        let whole = match (&hostname, said("domainname")) {
            (Some(host), Some(domain)) => Some(format!("{host}.{domain}")),
            (Some(_) | None, _) => None,
        };
        let aliases = app.service.aliases.iter();
        let aliases = aliases.map(|alias| alias.value.to_string());
        let hosts = app.dns.host_aliases.iter();
        let looped = hosts.filter(|(_, address)| address.value.is_loopback());
        let looped = looped.map(|(name, _)| name.value.to_string());
        let own = [Some(service.key.to_owned()), said("container_name")];
        let own = own.into_iter().chain([hostname, whole]).flatten();
        Self::of(own.chain(aliases).chain(looped))
    }

    /// Whether a host is one of them, or one below `localhost`, which programs
    /// look up nowhere: <https://www.rfc-editor.org/rfc/rfc6761#section-6.3>
    pub(super) fn has(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        host.ends_with(".localhost") || self.0.contains(&host)
    }
}
