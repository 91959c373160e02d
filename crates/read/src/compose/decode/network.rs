//! `networks`, `network_mode` and `links`; the top-level `networks`.

use std::collections::BTreeMap;

use kubewright_model::project::Network;
use kubewright_model::{App, Located, Name, Project};
use kubewright_yaml::Value;

use super::scope::{Scope, unknown};
use super::service::Service;
use super::{keys, volume};
use crate::fields::{At, Fields, shown};

/// A top-level network.
pub(super) struct TopNetwork {
    internal: Located<bool>,
}

/// Reads the top-level `networks`.
pub(super) fn top<'a>(fields: &Fields<'a>) -> BTreeMap<&'a str, TopNetwork> {
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
        let internal = read_top(name, at.down(name, &entry.value));
        let network = TopNetwork {
            internal: internal.unwrap_or(Located::new(false, entry.key.span)),
        };
        found.insert(name, network);
    }
    found
}

fn read_top(name: &str, at: At<'_>) -> Option<Located<bool>> {
    if at.is_null() {
        return None;
    }
    let fields = at.fields(format!("network `{name}`"))?;
    keys::settle(&fields, keys::NETWORK);
    let is_external = volume::external(&fields);
    if is_external.is_some() {
        let at = fields.get("external").unwrap_or(*fields.at());
        at.warn(
            "not-carried",
            format!("network `{name}` is external, and a cluster has only one: it counts as one of this project"),
            "admit the pods of other namespaces with a network policy of your own",
        );
    }
    if let Some(given) = fields.text("name") {
        let at = fields.get("name").unwrap_or(*fields.at());
        at.note(
            "object-name",
            format!(
                "the name `{}` is not used: a network is no object of Kubernetes",
                given.value
            ),
            "leave `name` out",
        );
    }
    let internal = fields.bool("internal");
    fields.finish();
    internal
}

/// Gives the project its networks. Where there is any, those services that name
/// none meet on `default`.
pub(super) fn declare(scope: &Scope<'_>, project: &mut Project) {
    for (key, network) in &scope.networks {
        if let Ok(name) = Name::sanitised(key) {
            let internal = network.internal;
            project.networks.insert(name, Network { internal });
        }
    }
    if !scope.networks.is_empty()
        && let Ok(name) = Name::parse("default")
    {
        let internal = Located::nowhere(false);
        project.networks.entry(name).or_insert(Network { internal });
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
        other => {
            let (kind, name) = other.split_once(':').unwrap_or(("", other));
            if kind == "service" && !service.scope.names.contains_key(name) {
                unknown(at, mode.span, "service", name, &service.scope.names);
                return;
            }
            at.warn(
                "not-carried",
                format!("`network_mode: {other}` is not carried over yet"),
                match kind {
                    "service" => format!("reach `{name}` by its name instead of `localhost`"),
                    _ => "reach other services by their names".to_owned(),
                },
            );
        }
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
        unknown(at, network.span, "network", network.value, known);
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
        let said = kubewright_source::Diagnostic::error(
            "name-taken",
            text.span,
            format!(
                "the alias {} is the name of service `{key}`",
                shown(&text.value)
            ),
        );
        let declared = service.scope.names.get(key).map(|name| name.span);
        let said = said
            .related(
                declared.unwrap_or(kubewright_source::Span::NONE),
                "declared here",
            )
            .help("choose another alias");
        at.push(said);
        return;
    }
    if name.value.as_str() != text.value {
        at.say_at(
            text.span,
            kubewright_source::Severity::Note,
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
        unknown(at, text.span, "service", name, &service.scope.names);
        return;
    }
    at.note(
        "link",
        format!("`{name}` is reached by its name without a link"),
        "write `depends_on` if it must be there first",
    );
}
