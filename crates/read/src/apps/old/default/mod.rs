//! What version 2 means where an entry says nothing, written out.
//!
//! What `defaults`, an environment's `defaults` or the entry's template say comes
//! first: those are words of version 3, which a file of version 2 may use.

mod claim;
mod port;
mod scaling;

use std::collections::BTreeMap;

use kubewright_source::Span;
use kubewright_yaml::{Key, Mapping, Node, Path};

use self::claim::{Claimant, Classes, collide, volumes};
use self::port::ports;
use self::scaling::scaling;
use super::context::Context;
use super::tree::{block, each, is, plain, text};

/// Lays version 2's defaults under apps, functions and claims.
pub(super) fn lay(top: &mut Mapping, context: &Context<'_>) {
    let below = Below::new(top);
    let classes = Classes::new(top);
    let mut claims = BTreeMap::new();
    let above = Path::ROOT.key("apps");
    if let Some(apps) = top.get_mut("apps") {
        each(apps, "name", "image", |key, app| {
            let below = below.of(app);
            access(app, &below, key.span);
            resources(app, &below, key.span);
            ports(app, &below, key.span);
            probes(app);
            let path = above.key(&key.text);
            let at = Claimant { key, path: &path };
            scaling(app, &below, &at, context);
            media(app);
            volumes(app, &classes);
            collide(app, &at, &mut claims, context);
        });
    }
    if let Some(functions) = top.get_mut("functions") {
        each(functions, "name", "path", |key, functions| {
            let below = below.of(functions);
            access(functions, &below, key.span);
            resources(functions, &below, key.span);
        });
    }
    if let Some(projects) = top.get_mut("compose") {
        each(projects, "name", "path", |_, project| {
            if let Some(services) = project.get_mut("services") {
                each(services, "name", "image", |_, service| {
                    volumes(service, &classes);
                });
            }
        });
    }
}

/// What lies under an entry.
struct Below {
    layers: Vec<Node>,
    templates: Option<Node>,
}

impl Below {
    fn new(top: &Mapping) -> Self {
        let environments = top.get("environments").and_then(Node::as_mapping);
        let environments = environments.into_iter().flat_map(Mapping::iter);
        let of_environments = environments.filter_map(|entry| entry.value.get("defaults"));
        let defaults = top.get("defaults").into_iter();
        Self {
            layers: defaults.chain(of_environments).cloned().collect(),
            templates: top.get("templates").cloned(),
        }
    }

    /// With the templates that an entry extends.
    fn of(&self, entry: &Mapping) -> Vec<&Node> {
        let mut layers: Vec<&Node> = self.layers.iter().collect();
        let mut next = entry.get("extends").and_then(text);
        while let Some(name) = next {
            let Some(template) = self.templates.as_ref().and_then(|all| all.get(name)) else {
                break;
            };
            if layers.iter().any(|known| std::ptr::eq(*known, template)) {
                break;
            }
            layers.push(template);
            next = template.get("extends").and_then(text);
        }
        layers
    }
}

/// Whether an entry, or what lies under it, says something at a path.
fn says(own: &Mapping, below: &[&Node], path: &[&str]) -> bool {
    let within = |node: &Node, path: &[&str]| {
        let found = path.iter().try_fold(node, |node, key| node.get(key));
        found.is_some()
    };
    let Some((first, rest)) = path.split_first() else {
        return true;
    };
    let here = own.get(first).is_some_and(|node| within(node, rest));
    here || below.iter().any(|layer| within(layer, path))
}

fn set(mapping: &mut Mapping, key: &str, span: Span, value: &str) {
    if mapping.get(key).is_none_or(Node::is_null) {
        mapping.insert(Key::new(key, span), plain(span, value));
    }
}

/// Private.
fn access(app: &mut Mapping, below: &[&Node], span: Span) {
    let is_short = app.get("access").is_some_and(|node| text(node).is_some());
    if is_short || says(app, below, &["access", "visibility"]) {
        return;
    }
    if let Some(access) = block(app, "access", "visibility", span) {
        set(access, "visibility", span, "private");
    }
}

fn resources(app: &mut Mapping, below: &[&Node], span: Span) {
    for (key, value) in [("memory", "256Mi"), ("cpu", "100m")] {
        if says(app, below, &["resources", key]) {
            continue;
        }
        if let Some(resources) = block(app, "resources", "", span) {
            set(resources, key, span, value);
        }
    }
}

/// `/health`.
fn probes(app: &mut Mapping) {
    let Some(probes) = app.get_mut("probes").and_then(Node::as_mapping_mut) else {
        return;
    };
    for (key, probe) in probes.values_mut() {
        let span = key.span;
        let Some(probe) = probe.as_mapping_mut() else {
            continue;
        };
        let is_http = probe.get("type").is_none_or(|kind| is(kind, "http"));
        let other = ["command", "service"]
            .iter()
            .any(|key| probe.contains_key(key));
        if is_http && !other {
            set(probe, "path", span, "/health");
        }
    }
}

/// The medium of a volume that says nothing of it is the node's.
fn media(app: &mut Mapping) {
    if let Some(volumes) = app.get_mut("volumes") {
        each(volumes, "name", "mount_path", |_, volume| {
            let says = volume.get("medium").and_then(text);
            if says == Some("") {
                volume.remove("medium");
            }
        });
    }
}

/// Whether it is a workload of version 3 that has an end.
fn ends(app: &Mapping) -> bool {
    let kind = app.get("kind").and_then(text);
    match kind {
        Some(kind) => kind.eq_ignore_ascii_case("Job") || kind.eq_ignore_ascii_case("CronJob"),
        None => app.contains_key("schedule"),
    }
}
