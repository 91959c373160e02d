//! How the pod resolves names, and what it is called.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{HostAlias, PodDNSConfig, PodDNSConfigOption};
use kubewright_model::dns::DnsPolicy;
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, Draft, Scope};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let dns = &scope.app.dns;
    let pod = &mut draft.pod;
    pod.hostname = dns.hostname.as_ref().map(|name| name.as_str().to_owned());
    pod.subdomain = dns.subdomain.as_ref().map(|name| name.as_str().to_owned());
    pod.dns_policy = dns
        .policy
        .as_ref()
        .map(|policy| policy_word(policy.value).to_owned());
    pod.dns_config = config(scope);
    draft.diagnostics.extend(too_many(scope));
    let pod = &mut draft.pod;
    let aliases = host_aliases(scope);
    pod.host_aliases = (!aliases.is_empty()).then_some(aliases);
}

/// So many servers, domains, and signs in all domains with the blanks between them,
/// does a pod take: <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config>
const MOST: (usize, usize, usize) = (3, 32, 2048);

/// What no API server takes together.
fn too_many(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let dns = &scope.app.dns;
    let name = scope.name();
    let mut said = Vec::new();
    let (servers, domains, signs) = MOST;
    if let Some(further) = dns.nameservers.get(servers) {
        let message = format!("`{name}` has more than {servers} name servers");
        let found = Diagnostic::error("bad-value", further.span, message);
        said.push(found.help("leave the others out: a resolver asks no more"));
    }
    let mut length = 0;
    let further = dns.searches.iter().enumerate().find(|(at, domain)| {
        length += domain.as_str().len() + usize::from(*at > 0);
        *at >= domains || length > signs
    });
    if let Some((_, further)) = further {
        let message = format!(
            "`{name}` has more than {domains} domains to try, or more than {signs} signs in them"
        );
        let found = Diagnostic::error("bad-value", further.span, message);
        said.push(found.help("leave some of them out"));
    }
    let asks_nobody = dns.nameservers.is_empty();
    if let Some(policy) = dns.policy.as_ref()
        && policy.value == DnsPolicy::None
        && asks_nobody
    {
        let message = format!("`{name}` is to ask nobody for names: no name server is given");
        let found = Diagnostic::error("bad-value", policy.span, message);
        said.push(found.help("add `nameservers`, or choose another policy"));
    }
    said
}

fn policy_word(policy: DnsPolicy) -> &'static str {
    match policy {
        DnsPolicy::ClusterFirst => "ClusterFirst",
        DnsPolicy::ClusterFirstWithHostNet => "ClusterFirstWithHostNet",
        DnsPolicy::Default => "Default",
        DnsPolicy::None => "None",
    }
}

fn config(scope: &Scope<'_>) -> Option<PodDNSConfig> {
    let dns = &scope.app.dns;
    let nameservers: Vec<String> = dns
        .nameservers
        .iter()
        .map(|server| server.to_string())
        .collect();
    let searches: Vec<String> = dns
        .searches
        .iter()
        .map(|domain| domain.as_str().to_owned())
        .collect();
    let options: Vec<PodDNSConfigOption> = dns
        .options
        .iter()
        .map(|(name, value)| PodDNSConfigOption {
            name: Some(name.clone()),
            value: value.value.clone(),
        })
        .collect();
    let config = PodDNSConfig {
        nameservers: (!nameservers.is_empty()).then_some(nameservers),
        searches: (!searches.is_empty()).then_some(searches),
        options: (!options.is_empty()).then_some(options),
    };
    (config != PodDNSConfig::default()).then_some(config)
}

/// One entry per address, in the order of the addresses; names keep theirs.
fn host_aliases(scope: &Scope<'_>) -> Vec<HostAlias> {
    let mut by_address: BTreeMap<std::net::IpAddr, Vec<String>> = BTreeMap::new();
    for (host, address) in &scope.app.dns.host_aliases {
        by_address
            .entry(address.value)
            .or_default()
            .push(host.as_str().to_owned());
    }
    by_address
        .into_iter()
        .map(|(address, names)| HostAlias {
            ip: address.to_string(),
            hostnames: Some(names),
        })
        .collect()
}
