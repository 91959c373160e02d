//! `networks`, `network_mode` and `links`; the top-level `networks`.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::project::Network;
use kubewright_model::{App, Given, Located, Name, Project};
use kubewright_source::{Diagnostic, Severity, Span};
use kubewright_yaml::Value;

use super::scope::{Scope, unknown};
use super::service::Service;
use super::shared_pod::{self, Named};
use super::{keys, usual_name, volume};
use crate::fields::{At, Fields, shown};

/// A top-level network.
pub(super) struct TopNetwork {
    declared: Span,
    internal: Located<bool>,
    shared: Given<Name>,
}

/// Reads the top-level `networks`.
pub(super) fn top<'a>(fields: &Fields<'a>, project: &str) -> BTreeMap<&'a str, TopNetwork> {
    let mut found = BTreeMap::new();
    fields.get("networks");
    let Some(node) = fields.mapping().get("networks") else {
        return found;
    };
    let at = fields.at().down("networks", node);
    if node.as_mapping().is_none() {
        at.wrong_type("a mapping");
    }
    for entry in node.as_mapping().into_iter().flatten() {
        let name = &*entry.key.text;
        let mut network = TopNetwork {
            declared: entry.key.span,
            internal: Located::new(false, entry.key.span),
            shared: None,
        };
        read_top(name, project, at.down(name, &entry.value), &mut network);
        found.insert(name, network);
    }
    found
}

fn read_top(key: &str, project: &str, at: At<'_>, network: &mut TopNetwork) {
    if at.is_null() {
        return;
    }
    let Some(fields) = at.fields(format!("network `{key}`")) else {
        return;
    };
    keys::settle(&fields, keys::NETWORK);
    network.internal = fields.bool("internal").unwrap_or(network.internal);
    let given = fields.text("name");
    let own = || Located::new(key.to_owned(), network.declared);
    let (wanted, whose) = match volume::external(&fields) {
        Some(external) => (
            Some(external.or(given).unwrap_or_else(own)),
            "is made by another project",
        ),
        None => (
            given.filter(|name| !usual_name::is_usual(name, project, key)),
            "can be other projects' too",
        ),
    };
    network.shared = wanted.and_then(|text| shared(key, &at, &text, whose));
    fields.finish();
}

/// The name under which other projects are on the network, too.
fn shared(key: &str, at: &At<'_>, text: &Located<String>, whose: &str) -> Given<Name> {
    let name = at.checked(text, Name::sanitised)?;
    at.say_at(
        text.span,
        Severity::Note,
        "shared-network",
        format!(
            "network `{key}` {whose}: in the cluster it is called `{}`",
            name.value
        ),
        format!(
            "with `--network-policies compose` the pods of any namespace with the label \
             `kubewright.dev/network-{}: \"true\"` are on it",
            name.value
        ),
    );
    Some(name)
}

/// Gives the project its networks. Where there is any, those services that name
/// none meet on `default`.
pub(super) fn declare(fields: &Fields<'_>, scope: &Scope<'_>, project: &mut Project) {
    let mut taken: BTreeMap<Name, (&str, Span)> = BTreeMap::new();
    for (key, network) in &scope.networks {
        let Ok(name) = Name::sanitised(key) else {
            continue;
        };
        let this = (*key, network.declared);
        if let Some(first) = taken.insert(name.clone(), this) {
            meet(fields, this, first, &name);
        }
        let made = Network {
            internal: network.internal,
            shared: network.shared.clone(),
        };
        project.networks.insert(name, made);
    }
    if !scope.networks.is_empty()
        && let Ok(name) = Name::parse("default")
    {
        project.networks.entry(name).or_insert(Network {
            internal: Located::nowhere(false),
            shared: None,
        });
    }
}

fn meet(fields: &Fields<'_>, (key, span): (&str, Span), first: (&str, Span), name: &Name) {
    let said = Diagnostic::error(
        "name-taken",
        span,
        format!(
            "networks `{}` and `{key}` are both called `{name}` in Kubernetes",
            first.0
        ),
    );
    let said = said
        .related(first.1, format!("`{}` is here", first.0))
        .path(format!("networks.{key}"));
    fields.at().report.push(said.help("rename one of the two"));
}

/// Notes the networks that no service is on.
pub(super) fn report_unused(fields: &Fields<'_>, scope: &Scope<'_>, project: &Project) {
    if scope.networks.is_empty() {
        return;
    }
    let apps = project.apps();
    let used: BTreeSet<&Name> = apps
        .flat_map(|app| &app.access.networks)
        .map(|network| &network.value)
        .collect();
    for (key, network) in &scope.networks {
        let is_used = Name::sanitised(key).is_ok_and(|name| used.contains(&name));
        if !is_used {
            let said = Diagnostic::note(
                "unused",
                network.declared,
                format!("no service is on the network `{key}`; nothing is made for it"),
            );
            let said = said.path(format!("networks.{key}"));
            fields
                .at()
                .report
                .push(said.help("remove it, or name it in the `networks` of a service"));
        }
    }
}

/// True for `network_mode: host`.
pub(super) fn is_host(fields: &Fields<'_>) -> bool {
    let mode = fields.mapping().get("network_mode");
    mode.and_then(|node| node.as_scalar())
        .is_some_and(|mode| &*mode.text == "host")
}

/// Reads the keys into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let fields = &service.fields;
    if let Some(at) = fields.get("network_mode") {
        network_mode(service, &at, app);
    }
    match fields.get("networks") {
        Some(at) => networks(service, &at, app),
        None => on_default(service, app),
    }
    for at in fields.get("links").iter().flat_map(At::items) {
        link(service, &at);
    }
    let aliases = service.scope.link_aliases.get(service.key);
    for text in aliases.into_iter().flatten() {
        alias(service, fields.at(), text, app);
    }
}

fn on_default(service: &Service<'_>, app: &mut App) {
    let has_mode = service.fields.get("network_mode").is_some();
    if !has_mode
        && !service.scope.networks.is_empty()
        && let Ok(name) = Name::parse("default")
    {
        app.access.networks.push(Located::nowhere(name));
    }
}

fn network_mode(service: &Service<'_>, at: &At<'_>, app: &mut App) {
    let Some(mode) = at.text() else { return };
    if let Some(other) = service.fields.get("networks") {
        other.error(
            "two-alternatives",
            format!(
                "service `{}` has `network_mode` and `networks`",
                service.key
            ),
            "keep one of the two",
        );
    }
    match mode.value.as_str() {
        "bridge" | "default" => {}
        "host" => {
            app.security.host_network = Some(Located::new(true, mode.span));
            at.warn(
                "host-network",
                format!("`{}` gets the network of its node: its ports are the node's, and two pods cannot share one", service.name.value),
                "leave `network_mode` out unless the service looks after the node's network",
            );
        }
        "none" => app.access.isolated = Some(Located::new(true, mode.span)),
        other => another_network(service, at, &mode, other),
    }
}

/// Another service's network is that of its pod: see `shared_pod`.
fn another_network(service: &Service<'_>, at: &At<'_>, mode: &Located<String>, word: &str) {
    let scope = service.scope;
    match shared_pod::named(word) {
        Named::Service(name) if !scope.names.contains_key(name) => {
            unknown(scope.document, at, mode.span, "service", name, &scope.names);
        }
        Named::Service(_) => {}
        Named::Container(name) if scope.containers.contains_key(name) => {}
        Named::Container(_) | Named::Other => at.warn(
            "not-carried",
            format!(
                "`network_mode: {word}` leads out of the project, to what a cluster does not have"
            ),
            "reach other services by their names",
        ),
    }
}

fn networks(service: &Service<'_>, at: &At<'_>, app: &mut App) {
    if let Value::Sequence(_) = at.node.value {
        for text in at.texts() {
            join(service, at, text.as_ref().map(String::as_str), app);
        }
        return;
    }
    for (key, below) in at.entries() {
        join(service, &below, key, app);
        if below.is_null() {
            continue;
        }
        let Some(fields) = below.fields(format!(
            "network `{}` of service `{}`",
            key.value, service.key
        )) else {
            continue;
        };
        keys::settle(&fields, keys::SERVICE_NETWORK);
        for text in fields.get("aliases").iter().flat_map(At::texts) {
            alias(service, fields.at(), &text, app);
        }
        fields.finish();
    }
}

fn join(service: &Service<'_>, at: &At<'_>, network: Located<&str>, app: &mut App) {
    let known = &service.scope.networks;
    if network.value != "default" && !known.contains_key(network.value) {
        unknown(
            service.scope.document,
            at,
            network.span,
            "network",
            network.value,
            known,
        );
        return;
    }
    if known.is_empty() {
        return;
    }
    let text = network.map(str::to_owned);
    if let Some(name) = at.checked(&text, Name::sanitised)
        && !app.access.networks.contains(&name)
    {
        app.access.networks.push(name);
    }
}

/// A further name. The own one is none.
fn alias(service: &Service<'_>, at: &At<'_>, text: &Located<String>, app: &mut App) {
    if text.value == service.key {
        return;
    }
    let Some(name) = at.checked(text, Name::sanitised) else {
        return;
    };
    let other = service.scope.services.get(&name.value).copied();
    if let Some(key) = other.filter(|key| *key != service.key) {
        let said = Diagnostic::error(
            "name-taken",
            text.span,
            format!(
                "the alias {} is the name of service `{key}`",
                shown(&text.value)
            ),
        );
        let declared = service.scope.names.get(key).map(|name| name.span);
        let said = said
            .related(declared.unwrap_or(Span::NONE), "declared here")
            .help("choose another alias");
        at.push(said);
        return;
    }
    if name.value.as_str() != text.value {
        at.say_at(
            text.span,
            Severity::Note,
            "renamed",
            format!(
                "the alias {} is called `{}` in Kubernetes",
                shown(&text.value),
                name.value
            ),
            "names of Services have lower-case letters, digits and `-` only".to_owned(),
        );
    }
    if !app.service.aliases.contains(&name) {
        app.service.aliases.push(name);
    }
}

fn link(service: &Service<'_>, at: &At<'_>) {
    let Some(text) = at.text() else { return };
    let (name, _) = text.value.split_once(':').unwrap_or((&text.value, ""));
    if !service.scope.names.contains_key(name) {
        unknown(
            service.scope.document,
            at,
            text.span,
            "service",
            name,
            &service.scope.names,
        );
        return;
    }
    at.note(
        "link",
        format!("`{name}` is reached by its name without a link"),
        "write `depends_on` if it must be there first",
    );
}
