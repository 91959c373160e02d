//! What all services of a project are decoded with: the files, the names, and
//! who uses what, gathered once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path as FilePath, PathBuf};

use kubewright_files::Files;
use kubewright_model::{Located, Name, Port, Span};
use kubewright_source::{Diagnostic, Diagnostics};

use super::mount::{self, Mount};
use super::network::TopNetwork;
use super::route::nginx_proxy::NginxProxy;
use super::route::traefik::Traefik;
use super::service::Service;
use super::shared_pod::Pods;
use super::source::Sources;
use super::volume::TopVolume;
use super::{DecodeOptions, volumes_from};
use crate::compose::load::Document;
use crate::dotenv::Variable;
use crate::fields::{At, Report, did_you_mean};

/// What all services share.
pub(super) struct Scope<'a> {
    pub(super) document: &'a Document,
    pub(super) files: &'a dyn Files,
    pub(super) options: &'a DecodeOptions,
    /// The project's name.
    pub(super) project: Name,
    /// Services by their names in the file; those whose name is no good are missing.
    pub(super) names: BTreeMap<&'a str, Located<Name>>,
    /// The same the other way round.
    pub(super) services: BTreeMap<Name, &'a str>,
    /// The mounts of each service, in the order written.
    pub(super) mounts: BTreeMap<&'a str, Vec<Mount>>,
    /// Which services mount a named volume, and where.
    pub(super) volume_users: Users<'a>,
    /// Services on whose end others wait.
    pub(super) awaited: BTreeSet<String>,
    /// Further names that other services give by `links`.
    pub(super) link_aliases: BTreeMap<String, Vec<Located<String>>>,
    /// Services that others link to, each with the first link.
    pub(super) linked: BTreeMap<String, Span>,
    /// Which services run in the pod of another.
    pub(super) pods: Pods,
    /// Services by the names of their containers.
    pub(super) containers: BTreeMap<String, String>,
    pub(super) volumes: BTreeMap<&'a str, TopVolume>,
    pub(super) networks: BTreeMap<&'a str, TopNetwork>,
    pub(super) sources: Sources,
    /// Traefik's labels of all services.
    pub(super) traefik: Traefik,
    /// nginx-proxy, where the project runs it.
    pub(super) nginx_proxy: Option<NginxProxy>,
}

impl<'a> Scope<'a> {
    /// The path of a file that compose would open for `source`.
    pub(super) fn resolve(&self, source: &str) -> PathBuf {
        self.document.directory.join(FilePath::new(source))
    }

    /// What goes in front of the names of a service's ConfigMap and Secret: its
    /// own name, with that of its pod before it.
    pub(super) fn object_prefix(&self, service: &Service<'_>) -> String {
        let own = service.name.as_str();
        let host = self.pods.host(service.key);
        let host = self.names.get(host).filter(|_| host != service.key);
        host.map_or_else(|| own.to_owned(), |host| format!("{}-{own}", host.value))
    }

    /// Values of a service's `env_file`s.
    pub(super) fn env_file(&self, service: &str) -> &[Variable] {
        let found = self.document.env_file_values.get(service);
        found.map_or(&[], Vec::as_slice)
    }
}

/// The Kubernetes names of all services; what changes is noted, what meets is an error.
pub(super) fn names<'a>(
    services: &[(Located<&'a str>, At<'_>)],
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a str, Located<Name>> {
    let mut names = BTreeMap::new();
    let mut taken: BTreeMap<Name, Located<&str>> = BTreeMap::new();
    for (key, at) in services {
        let report = Report::default();
        let at = At {
            report: &report,
            ..*at
        };
        match service_name(key.value) {
            Err(invalid) => at.bad_value(key.span, key.value, invalid),
            Ok(name) => {
                if name.as_str() != key.value {
                    renamed(&at, *key, &name);
                }
                if let Some(first) = taken.get(&name) {
                    meet(&at, *key, *first, &name);
                } else {
                    taken.insert(name.clone(), *key);
                    names.insert(key.value, Located::new(name, key.span));
                }
            }
        }
        report.into_diagnostics(diagnostics);
    }
    names
}

/// The name of a service's objects. That of a Service begins with a letter:
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names>
fn service_name(text: &str) -> Result<Name, kubewright_model::Invalid> {
    let name = Name::sanitised(text)?;
    match begins_with_digit(name.as_str()) {
        true => Name::parse(&format!("app-{name}")),
        false => Ok(name),
    }
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn renamed(at: &At<'_>, key: Located<&str>, name: &Name) {
    let said = Diagnostic::note(
        "renamed",
        key.span,
        format!("`{}` is called `{name}` in Kubernetes", key.value),
    );
    let rule = match begins_with_digit(key.value) {
        true => "names of Services begin with a letter",
        false => "names of Services have lower-case letters, digits and `-` only",
    };
    at.push(said.help(format!(
        "{rule}: whatever reaches it as `{}` must use `{name}`",
        key.value
    )));
}

fn meet(at: &At<'_>, key: Located<&str>, first: Located<&str>, name: &Name) {
    let said = Diagnostic::error(
        "name-taken",
        key.span,
        format!(
            "`{}` and `{}` are both called `{name}` in Kubernetes",
            first.value, key.value
        ),
    );
    let said = said
        .related(first.span, format!("`{}` is here", first.value))
        .help("rename one of the two");
    at.push(said);
}

/// Which services mount a named volume, and where.
pub(super) type Users<'a> = BTreeMap<String, Vec<(&'a str, Span)>>;

/// The mounts of every service, and who uses which volume.
pub(super) fn mounts<'a>(
    services: &[(Located<&'a str>, At<'_>)],
    document: &Document,
    diagnostics: &mut Diagnostics,
) -> (BTreeMap<&'a str, Vec<Mount>>, Users<'a>) {
    let mut mounts = BTreeMap::new();
    let mut users = Users::new();
    for (key, at) in services {
        let report = Report::default();
        let at = At {
            report: &report,
            ..*at
        };
        let Some(node) = at.node.get("volumes") else {
            continue;
        };
        let found = mount::read(&at.down("volumes", node));
        mounts.insert(key.value, found);
        report.into_diagnostics(diagnostics);
    }
    let report = Report::default();
    volumes_from::inherit(services, &mut mounts, document, &report);
    report.into_diagnostics(diagnostics);
    for (key, _) in services {
        let found = mounts.get(key.value).into_iter().flatten();
        for named in found.filter_map(Mount::named) {
            let of = users.entry(named.value.clone()).or_default();
            if of.last().is_none_or(|(last, _)| *last != key.value) {
                of.push((key.value, named.span));
            }
        }
    }
    (mounts, users)
}

/// Services on whose end others wait.
pub(super) fn awaited(services: &[(Located<&str>, At<'_>)]) -> BTreeSet<String> {
    let mut awaited = BTreeSet::new();
    for (_, at) in services {
        let entries = at.node.get("depends_on").and_then(|node| node.as_mapping());
        for entry in entries.into_iter().flatten() {
            let condition = entry
                .value
                .get("condition")
                .and_then(|node| node.as_scalar());
            if condition
                .is_some_and(|condition| &*condition.text == "service_completed_successfully")
            {
                awaited.insert(entry.key.text.to_string());
            }
        }
    }
    awaited
}

/// Aliases from `links: ["db:database"]`, by the service that gets them.
pub(super) fn link_aliases(
    services: &[(Located<&str>, At<'_>)],
) -> BTreeMap<String, Vec<Located<String>>> {
    let mut aliases: BTreeMap<String, Vec<Located<String>>> = BTreeMap::new();
    for (_, at) in services {
        let links = at.node.get("links").and_then(|node| node.as_sequence());
        for link in links.into_iter().flatten() {
            let text = link.as_scalar().map(|scalar| &*scalar.text);
            if let Some((service, alias)) = text.and_then(|text| text.split_once(':')) {
                let alias = Located::new(alias.to_owned(), link.span);
                aliases.entry(service.to_owned()).or_default().push(alias);
            }
        }
    }
    aliases
}

/// Services that others name in `links`, each with the first place.
pub(super) fn linked(services: &[(Located<&str>, At<'_>)]) -> BTreeMap<String, Span> {
    let mut linked = BTreeMap::new();
    for (_, at) in services {
        let links = at.node.get("links").and_then(|node| node.as_sequence());
        for link in links.into_iter().flatten() {
            let text = link.as_scalar().map(|scalar| &*scalar.text);
            if let Some(service) = text.and_then(|text| text.split(':').next()) {
                linked.entry(service.to_owned()).or_insert(link.span);
            }
        }
    }
    linked
}

/// The error `unknown-name`: `what` called `name` is none of `names`. What is
/// declared and wrong was reported there.
pub(super) fn unknown<'n, V>(
    document: &Document,
    at: &At<'_>,
    span: Span,
    what: &str,
    name: &str,
    names: &'n BTreeMap<&'n str, V>,
) {
    let declared = document.root.get(&format!("{what}s"));
    let is_declared = declared.is_some_and(|declared| declared.get(name).is_some());
    if is_declared || document.is_broken(what, name) {
        return;
    }
    let said = Diagnostic::error(
        "unknown-name",
        span,
        format!("there is no {what} `{name}` in this project"),
    );
    at.push(said.help(did_you_mean(name, || names.keys().copied())));
}

/// A number as a port; the callers know that it is one.
pub(super) fn known_port(number: u16) -> Option<Port> {
    Port::new(u64::from(number)).ok()
}
