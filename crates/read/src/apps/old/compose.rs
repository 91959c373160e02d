//! Compose projects.

use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Value};

use super::context::Context;
use super::entry::each_override;
use super::tree::{block, each, is};
use super::{access, app, ingress};

/// Words that are about all services of a project.
const OF_ALL: [&str; 7] = [
    "visibility",
    "security",
    "replicas",
    "resources",
    "scaling",
    "environment",
    "pod_disruption_budget",
];

/// Rewrites a project.
pub(super) fn rewrite(key: &Key, mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    services(key, mapping, path, context);
    layer(mapping, path, context);
    let above = path.key("overrides");
    each_override(mapping, |key, over| {
        layer(over, &above.key(&key.text), context);
    });
}

fn layer(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    if let Some(old) = mapping.remove("compose_file") {
        context.old(&old.key, "compose_file", "`file`", path);
        context.put(mapping, "file", old, path);
    }
    app::dependencies(mapping, path, context);
    for word in OF_ALL {
        let Some(old) = mapping.remove(word) else {
            continue;
        };
        context.old(&old.key, word, &format!("`defaults.{word}`"), path);
        of_all(mapping, old, path, context);
    }
    if access::is_policy(mapping.get("network_policy"))
        && let Some(old) = mapping.remove("network_policy")
    {
        of_all(mapping, old, path, context);
    }
    network(mapping, path, context);
    if let Some(defaults) = mapping.get_mut("defaults").and_then(Node::as_mapping_mut) {
        let is_on = has_policy(defaults);
        app::rewrite(defaults, &app::Layer::plain(&path.key("defaults")), context);
        if let Some(span) = is_on
            && let Some(access) = block(defaults, "access", "visibility", span)
            && !access.contains_key("visibility")
        {
            let private = super::tree::plain(span, "private");
            access.insert(Key::new("visibility", span), private);
        }
    }
}

/// Where a policy is switched on: the place of the word.
fn has_policy(defaults: &Mapping) -> Option<kubewright_source::Span> {
    let own = defaults.get("network_policy");
    let within = defaults
        .get("security")
        .and_then(|all| all.get("network_policy"));
    let policy = own.or(within)?;
    let enabled = policy.get("enabled").unwrap_or(policy);
    is(enabled, "true").then_some(enabled.span)
}

/// What is about all services stands in the project's `defaults`.
fn of_all(mapping: &mut Mapping, old: Entry, path: &Path<'_>, context: &Context<'_>) {
    if let Some(defaults) = block(mapping, "defaults", "", old.key.span) {
        context.put(defaults, &old.key.text.clone(), old, path);
    }
}

/// `network` with `policy` and `allow_external`.
fn network(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let is_block = mapping
        .get("network")
        .is_some_and(|node| node.as_mapping().is_some());
    let Some(old) = mapping.remove("network").filter(|_| is_block) else {
        return;
    };
    let Value::Mapping(mut keys) = old.value.value else {
        return;
    };
    let within = path.key("network");
    if let Some(policy) = keys.remove("policy") {
        context.old(&policy.key, "network.policy", "`network_policy`", &within);
        context.put(mapping, "network_policy", policy, &within);
    }
    if let Some(mut allow) = keys.remove("allow_external") {
        let new = "`defaults.access.allow_from`";
        context.old(&allow.key, "network.allow_external", new, &within);
        if is(&allow.value, "true") {
            allow.value = access::everybody(allow.value.span);
        }
        let defaults = block(mapping, "defaults", "", allow.key.span);
        if let Some(defaults) = defaults.filter(|_| !is(&allow.value, "false")) {
            access::peers(defaults, "allow_from", allow);
        }
    }
    // What is left is no word of either version.
    if !keys.is_empty() {
        mapping.insert(old.key, Node::new(old.value.span, keys));
    }
}

/// `services.S.ingress` becomes a route, the rest is what apps say.
fn services(key: &Key, mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let mut places: Vec<(Key, Entry)> = Vec::new();
    each_override(mapping, |environment, over| {
        if let Some(old) = over.remove("ingress_path") {
            places.push((environment.clone(), old));
        }
    });
    let Some(services) = mapping.get_mut("services") else {
        return;
    };
    let above = path.key("services");
    each(services, "name", "", |name, service| {
        let path = above.key(&name.text);
        let mut changed = overridden(&places, service.contains_key("ingress"));
        if let Some(ingress) = service.remove("ingress") {
            changed.insert(ingress.key, ingress.value);
        }
        let target = format!("{}.{}", key.text, name.text);
        ingress::take(&mut changed, &target, &path, context);
        app::rewrite(service, &app::Layer::plain(&path), context);
    });
}

/// The overrides of a project as those of a service with a route.
fn overridden(places: &[(Key, Entry)], has_route: bool) -> Mapping {
    let mut overrides = Mapping::default();
    for (environment, old) in places.iter().filter(|_| has_route) {
        let layer: Mapping = std::iter::once(old.clone()).collect();
        overrides.insert(environment.clone(), Node::new(old.key.span, layer));
    }
    let mut mapping = Mapping::default();
    if let Some((environment, _)) = places.first() {
        mapping.insert(
            Key::new("overrides", environment.span),
            Node::new(environment.span, overrides),
        );
    }
    mapping
}
