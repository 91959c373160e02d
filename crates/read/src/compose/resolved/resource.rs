//! Networks, volumes, secrets, configs and models.

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Path};

use super::fault;
use super::shape::{KeyRule, Object};
use super::table::resource::{CONFIG, MODEL, NETWORK, SECRET, VOLUME};
use super::walk::{Walk, text_of};

/// The sections beside services, in the order they are written.
pub(super) const SECTIONS: [&str; 5] = ["networks", "volumes", "secrets", "configs", "models"];

/// What a section becomes; `None` where nothing is in it.
pub(super) fn section(walk: &mut Walk<'_>, project: &str, name: &str, node: &Node) -> Option<Node> {
    let root = Path::ROOT;
    let path = root.key(name);
    let Some(mapping) = node.as_mapping() else {
        walk.wrong_type(node, &path, "a mapping");
        return None;
    };
    let mut out = Vec::with_capacity(mapping.len());
    for written in mapping {
        let key = &*written.key.text;
        walk.key(KeyRule::Name, key, written.key.span, &path, singular(name));
        let value = resource(walk, name, &written.value, &path.key(key));
        let mut value = value.unwrap_or_else(|| empty(written.key.span));
        if name != "models" {
            call(&mut value, &written.value, project, key);
        }
        out.push(Entry {
            key: written.key.clone(),
            value,
        });
    }
    (!out.is_empty()).then(|| Node::new(node.span, Mapping::from_iter(out)))
}

/// The network that services are on which name none.
pub(super) fn default_network(project: &str) -> Entry {
    let mut network = empty(Span::NONE);
    call(&mut network, &empty(Span::NONE), project, "default");
    Entry {
        key: Key::new("default", Span::NONE),
        value: network,
    }
}

fn empty(span: Span) -> Node {
    Node::new(span, Mapping::default())
}

fn singular(section: &str) -> &'static str {
    match section {
        "networks" => "network",
        "volumes" => "volume",
        "secrets" => "secret",
        "configs" => "config",
        _ => "model",
    }
}

fn resource(walk: &mut Walk<'_>, section: &str, node: &Node, path: &Path<'_>) -> Option<Node> {
    let table =
        |walk: &mut Walk<'_>, object: &Object| walk.object(object, &[object.fields], node, path);
    match section {
        "networks" => table(walk, &NETWORK),
        "volumes" => {
            let volume = table(walk, &VOLUME)?;
            walk.faults.extend(of_others(&volume, path));
            Some(bound(walk, volume))
        }
        "secrets" => {
            let secret = table(walk, &SECRET)?;
            walk.faults
                .extend(one_source(node, path, &["file", "environment"]));
            Some(located(walk, secret))
        }
        "configs" => {
            let config = table(walk, &CONFIG)?;
            walk.faults
                .extend(one_source(node, path, &["file", "environment", "content"]));
            let mut config = located(walk, config);
            if config.get("environment").is_some()
                && let Some(fields) = config.as_mapping_mut()
            {
                fields.remove("content");
            }
            Some(config)
        }
        _ => table(walk, &MODEL),
    }
}

/// A volume that somebody else made has a name and nothing else.
fn of_others(volume: &Node, path: &Path<'_>) -> Option<Diagnostic> {
    if !is_external(volume) {
        return None;
    }
    let entries = volume.as_mapping()?.iter();
    let other = entries
        .filter(|entry| !matches!(&*entry.key.text, "name" | "external"))
        .find(|entry| !entry.key.text.starts_with("x-"))?;
    let message = format!(
        "`{path}` is `external`, and `{}` says how to make it",
        other.key.text
    );
    let said = Diagnostic::error("two-alternatives", other.key.span, message);
    Some(said.path(path.to_string()).help("keep one of the two"))
}

fn one_source(node: &Node, path: &Path<'_>, keys: &[&str]) -> Option<Diagnostic> {
    let written: Vec<&Node> = keys.iter().filter_map(|key| node.get(key)).collect();
    let choice = keys
        .iter()
        .map(|key| format!("`{key}`"))
        .collect::<Vec<_>>()
        .join(", ");
    match written.as_slice() {
        [_, second, ..] => Some(
            Diagnostic::error(
                "two-alternatives",
                second.span,
                format!("`{path}` has more than one of {choice}"),
            )
            .path(path.to_string())
            .help("keep one of them"),
        ),
        [] if node.get("driver").is_none() && node.get("external").is_none() => Some(
            Diagnostic::error(
                "missing-key",
                node.span,
                format!("`{path}` has none of {choice}"),
            )
            .path(path.to_string())
            .help("say where its content comes from, or `external: true`"),
        ),
        _ => None,
    }
}

/// A local volume with `o: bind` is a folder of the machine.
fn bound(walk: &Walk<'_>, mut volume: Node) -> Node {
    let is_local = volume.get("driver").and_then(text_of) == Some("local");
    let options = volume
        .as_mapping_mut()
        .filter(|_| is_local)
        .and_then(|fields| fields.get_mut("driver_opts"));
    if let Some(options) = options
        && options.get("o").and_then(text_of) == Some("bind")
        && let Some(device) = options
            .as_mapping_mut()
            .and_then(|all| all.get_mut("device"))
    {
        let span = device.span;
        let said = std::mem::replace(device, Node::null(span));
        *device = walk.file(said);
    }
    volume
}

fn located(walk: &Walk<'_>, mut resource: Node) -> Node {
    if let Some(file) = resource
        .as_mapping_mut()
        .and_then(|fields| fields.get_mut("file"))
    {
        let span = file.span;
        let said = std::mem::replace(file, Node::null(span));
        *file = walk.file(said);
    }
    resource
}

/// Gives a resource its name: the one it has, its key where somebody else made it,
/// or its key behind the project's name.
fn call(resource: &mut Node, written: &Node, project: &str, key: &str) {
    let external = is_external(resource);
    let elsewhere = written.get("external").and_then(|node| node.get("name"));
    let Some(fields) = resource.as_mapping_mut() else {
        return;
    };
    if written.get("name").is_some_and(|name| !name.is_null()) {
        return;
    }
    let name = match elsewhere.and_then(text_of) {
        Some(name) => name.to_owned(),
        None if external => key.to_owned(),
        None => format!("{project}_{key}"),
    };
    let span = written.span;
    fields.insert(Key::new("name", span), Node::string(span, name));
}

pub(super) fn is_external(resource: &Node) -> bool {
    let external = resource.get("external").and_then(Node::as_scalar);
    external.is_some_and(|scalar| &*scalar.text == "true")
}

/// Where two names are given and differ.
pub(super) fn two_names(section: &Node, name: &str) -> Vec<Diagnostic> {
    let entries = section.as_mapping().into_iter().flatten();
    entries
        .filter_map(|entry| {
            let given = text_of(entry.value.get("name")?)?;
            let elsewhere = entry.value.get("external")?.get("name")?;
            (text_of(elsewhere)? != given).then(|| {
                let root = Path::ROOT;
                let section = root.key(name);
                let path = section.key(&entry.key.text);
                let why = "`name` and `external.name` differ";
                fault::bad_value(
                    elsewhere.span,
                    &path,
                    why,
                    "keep `name` and `external: true`",
                )
            })
        })
        .collect()
}
