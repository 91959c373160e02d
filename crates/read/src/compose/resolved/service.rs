//! One service: its keys by the table, then what several keys say together.

use kubewright_source::{Diagnostics, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Path};

use super::shape::{BOOL, Field, Object, field};
use super::table::{container, object, service};
use super::walk::{Walk, entry, plain, text_of};
use crate::compose::load::{ComposeSite, Document};
use crate::document::merge;
use crate::dotenv::Variable;

static SERVICE: Object = object("a service", &[]);
static HOOK: Object = object("`pre_start`", &[]);
static HOOK_FIELDS: &[Field] = &[field("per_replica", BOOL)];

/// What a service becomes.
pub(super) fn resolved(
    walk: &mut Walk<'_>,
    document: &Document,
    name: &str,
    node: &Node,
    path: &Path<'_>,
) -> Option<Node> {
    let tables = [container::FIELDS, service::FIELDS];
    let mut service = walk.object(&SERVICE, &tables, node, path)?;
    let fields = service.as_mapping_mut()?;
    promote_develop(walk, fields, path);
    environment(walk, document, name, fields);
    labels(document, name, fields);
    replicas(fields);
    default_network(fields, node);
    implied_dependencies(fields);
    hooks(walk, fields, path);
    Some(service)
}

/// `x-develop` is an older name of `develop`.
fn promote_develop(walk: &mut Walk<'_>, fields: &mut Mapping, path: &Path<'_>) {
    if fields.contains_key("develop") {
        fields.remove("x-develop");
        return;
    }
    let Some(early) = fields.remove("x-develop") else {
        return;
    };
    let shape = service::FIELDS.iter().find(|field| field.key == "develop");
    let value =
        shape.and_then(|field| walk.shape(&field.shape, &early.value, &path.key("x-develop")));
    if let Some(value) = value {
        fields.insert(Key::new("develop", early.key.span), value);
    }
}

/// Variables of files, below those that the service sets itself.
fn environment(walk: &Walk<'_>, document: &Document, name: &str, fields: &mut Mapping) {
    let own = fields.remove("environment");
    let own = own.map(|entry| entry.value);
    let span = own.as_ref().map_or(Span::NONE, |node| node.span);
    let files = document.env_file_values.get(name).map(Vec::as_slice);
    let mut all = of_files(files.unwrap_or_default());
    if let Some(mut own) = own
        && let Some(mapping) = own.as_mapping_mut()
    {
        walk.fill(mapping);
        for entry in std::mem::take(mapping) {
            all.insert(entry.key, entry.value);
        }
    }
    if !all.is_empty() {
        fields.insert(Key::new("environment", span), Node::new(span, all));
    }
}

/// Labels of files, below those that the service sets itself.
fn labels(document: &Document, name: &str, fields: &mut Mapping) {
    let Some(files) = document.label_file_values.get(name) else {
        return;
    };
    let mut all = of_files(files);
    if let Some(mut own) = fields.remove("labels")
        && let Some(mapping) = own.value.as_mapping_mut()
    {
        for entry in std::mem::take(mapping) {
            all.insert(entry.key, entry.value);
        }
    }
    if !all.is_empty() {
        let span = Span::NONE;
        fields.insert(Key::new("labels", span), Node::new(span, all));
    }
}

fn of_files(variables: &[Variable]) -> Mapping {
    let mut mapping = Mapping::default();
    for variable in variables {
        if let Some(value) = &variable.value {
            let key = Key::new(&*variable.name.value, variable.name.span);
            mapping.insert(key, Node::string(value.span, &*value.value));
        }
    }
    mapping
}

/// `scale` is the number of replicas, beside `deploy` as within it.
fn replicas(fields: &mut Mapping) {
    let scale = fields.get("scale").cloned();
    let deploy = fields.get_mut("deploy").and_then(Node::as_mapping_mut);
    if let (Some(scale), Some(deploy)) = (scale, deploy)
        && !deploy.contains_key("replicas")
    {
        deploy.insert(Key::new("replicas", scale.span), scale);
    }
}

/// A service that names no network is on the one called `default`.
fn default_network(fields: &mut Mapping, written: &Node) {
    let span = written.span;
    let is_apart = ["provider", "network_mode"]
        .iter()
        .any(|key| written.get(key).is_some());
    if !is_apart && !fields.contains_key("networks") {
        let default = entry("default", Node::null(span));
        let networks = Node::new(span, Mapping::from_iter([default]));
        fields.insert(Key::new("networks", span), networks);
    }
}

/// Links, shared namespaces and borrowed volumes are dependencies, too.
fn implied_dependencies(fields: &mut Mapping) {
    let mut implied: Vec<(String, Span, bool)> = Vec::new();
    for link in items(fields, "links") {
        let parts: Vec<&str> = link.0.split(':').collect();
        let service = match parts.as_slice() {
            [service, _] => service,
            _ => link.0,
        };
        implied.push((service.to_owned(), link.1, true));
    }
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
        let node = fields.get(key);
        let service = node
            .and_then(text_of)
            .and_then(|text| text.strip_prefix("service:"));
        if let (Some(service), Some(node)) = (service, node) {
            implied.push((service.to_owned(), node.span, true));
        }
    }
    for (text, span) in items(fields, "volumes_from") {
        if !text.starts_with("container:") {
            let service = text.split(':').next().unwrap_or_default();
            implied.push((service.to_owned(), span, false));
        }
    }
    for (service, span, restart) in implied {
        depend(fields, &service, span, restart);
    }
}

fn items<'f>(fields: &'f Mapping, key: &str) -> Vec<(&'f str, Span)> {
    let list = fields.get(key).and_then(Node::as_sequence);
    let items = list.unwrap_or_default().iter();
    items
        .filter_map(|item| Some((text_of(item)?, item.span)))
        .collect()
}

fn depend(fields: &mut Mapping, service: &str, span: Span, restart: bool) {
    if !fields.contains_key("depends_on") {
        let none = Node::new(span, Mapping::default());
        fields.insert(Key::new("depends_on", span), none);
    }
    let all = fields.get_mut("depends_on").and_then(Node::as_mapping_mut);
    let Some(all) = all.filter(|all| !all.contains_key(service)) else {
        return;
    };
    let mut said = vec![
        entry("condition", Node::string(span, "service_started")),
        entry("required", plain(span, true)),
    ];
    if restart {
        said.push(entry("restart", plain(span, true)));
    }
    let dependency = Node::new(span, Mapping::from_iter(said));
    all.insert(Key::new(service, span), dependency);
}

/// What runs before the service has all of its container's keys but volumes,
/// below its own.
fn hooks(walk: &mut Walk<'_>, fields: &mut Mapping, path: &Path<'_>) {
    let Some(written) = fields.remove("pre_start") else {
        return;
    };
    let path = path.key("pre_start");
    let Some(items) = written.value.as_sequence() else {
        walk.wrong_type(&written.value, &path, "a list");
        return;
    };
    let inherited: Vec<Entry> = fields
        .iter()
        .filter(|entry| {
            let key = &*entry.key.text;
            key != "volumes" && container::FIELDS.iter().any(|field| field.key == key)
        })
        .cloned()
        .collect();
    let mut hooks = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let tables = [container::FIELDS, HOOK_FIELDS];
        let own = walk.object(&HOOK, &tables, item, &path.index(at));
        let Some(mut own) = own else { continue };
        if let Some(variables) = own
            .as_mapping_mut()
            .and_then(|own| own.get_mut("environment"))
            && let Some(variables) = variables.as_mapping_mut()
        {
            walk.fill(variables);
        }
        let base = Node::new(item.span, Mapping::from_iter(inherited.iter().cloned()));
        let mut said = Diagnostics::default();
        hooks.push(merge(base, own, ComposeSite::Service, &path, &mut said));
        walk.faults.extend(said.into_sorted());
    }
    if !hooks.is_empty() {
        let hooks = Node::new(written.value.span, hooks);
        fields.insert(written.key, hooks);
    }
}
