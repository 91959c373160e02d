//! Trees that are written long become short, by the one table: the counterpart of
//! [`super::super::long`].

use kubewright_source::Span;
use kubewright_yaml::{Entry, Mapping, Node, Scalar, Value};

use super::tree::{raw, stays_long};
use crate::apps::shape::{Block, Named, Shape, Short};
use crate::apps::table::fact_names;

/// Lists that mean something else where a text stands for them.
pub(super) const NEVER_LONE: &[&str] = &["command", "args", "exec"];

/// The order of keys in an app, where it is not that of the table: first what it
/// is, then what it runs.
const APP_ORDER: &[&str] = &[
    "kind",
    "enabled",
    "extends",
    "namespace",
    "path",
    "host",
    "provider_notes",
    "image",
    "build",
    "inherit",
    "native",
    "command",
    "args",
    "working_dir",
    "stdin",
    "tty",
    "pull_policy",
    "container_name",
    "ports",
    "service",
    "on_service",
    "trigger",
    "timeout",
    "environment",
    "env_from",
    "env_file",
    "secrets",
    "files",
    "volumes",
    "shared",
    "resources",
    "probes",
    "scaling",
    "replicas",
    "strategy",
    "schedule",
    "job",
    "lifecycle",
    "placement",
    "dns",
    "pod_disruption_budget",
    "init_containers",
    "sidecars",
    "companions",
    "security",
    "identity",
    "access",
    "depends_on",
    "labels",
    "annotations",
    "pod_annotations",
    "mesh",
    "develop",
    "check",
    "patches",
    "handlers",
    "overrides",
];

/// The shortest form of a tree that stands under `key`, which says the same.
pub(super) fn short(node: Node, shape: Shape, key: &str) -> Node {
    match shape {
        Shape::Verbatim | Shape::Leaf(_) => node,
        Shape::List(item) => list(node, *item, key),
        Shape::Named(members) => named(node, members),
        Shape::Block(block) => self::block(node, block),
    }
}

fn list(node: Node, item: Shape, key: &str) -> Node {
    let items = match node.value {
        Value::Sequence(items) => items,
        value @ (Value::Scalar(_) | Value::Mapping(_)) => return Node::new(node.span, value),
    };
    let mut items: Vec<Node> = items
        .into_iter()
        .map(|node| short(node, item, key))
        .collect();
    let may_be_lone = |only: &Node| only.as_sequence().is_none() && !only.is_null();
    match items.as_slice() {
        [only] if may_be_lone(only) && !NEVER_LONE.contains(&key) => items.remove(0),
        _ => Node::new(node.span, items),
    }
}

fn named(node: Node, named: &'static Named) -> Node {
    let span = node.span;
    match node.value {
        Value::Mapping(mapping) => {
            let entries = mapping.into_iter().map(|Entry { key, value }| {
                let value = short(value, named.item, &key.text);
                Entry { key, value }
            });
            Node::new(span, entries.collect::<Mapping>())
        }
        Value::Sequence(items) => {
            let mut items: Vec<Node> = items.into_iter().map(|node| item(node, named)).collect();
            match items.as_slice() {
                [only] if only.as_scalar().is_some() => items.remove(0),
                _ => Node::new(span, items),
            }
        }
        value @ Value::Scalar(_) => Node::new(span, value),
    }
}

/// An item of a list with its name: short where a text can say both.
fn item(mut node: Node, named: &'static Named) -> Node {
    let keeps = stays_long(&mut node);
    let Some(mapping) = node.as_mapping_mut() else {
        return node;
    };
    let name = mapping.remove(named.key);
    let rest = std::mem::take(mapping);
    let long = match named.item {
        Shape::Block(block) => ordered(rest.clone(), block),
        Shape::Leaf(_) | Shape::List(_) | Shape::Named(_) | Shape::Verbatim => rest.clone(),
    };
    let whole = Node::new(Span::NONE, rest);
    let shortened = match named.item {
        _ if keeps => whole.clone(),
        // The text of a member that is nothing else stands under `value`.
        Shape::Leaf(_) => whole.get("value").cloned().unwrap_or(whole.clone()),
        shape => short(whole.clone(), shape, ""),
    };
    let named_text = name.as_ref().and_then(|entry| entry.value.as_scalar());
    let named_text = named_text.map_or("", |scalar| &*scalar.text);
    if let Some(item) = one_text(named, named_text, &shortened, &whole) {
        return item;
    }
    let mut mapping: Mapping = name.into_iter().collect();
    match shortened.value {
        Value::Mapping(members) => mapping.extend_with(members),
        Value::Scalar(_) | Value::Sequence(_) => mapping.extend_with(long),
    }
    Node::new(Span::NONE, mapping)
}

/// Puts entries behind those that are there.
trait ExtendWith {
    fn extend_with(&mut self, members: Mapping);
}

impl ExtendWith for Mapping {
    fn extend_with(&mut self, members: Mapping) {
        for Entry { key, value } in members {
            self.insert(key, value);
        }
    }
}

/// Name and value in one text, where the table reads that.
fn one_text(named: &'static Named, name: &str, value: &Node, whole: &Node) -> Option<Node> {
    let expand = named.scalar?;
    let text = value.as_scalar().map(|scalar| &*scalar.text);
    let candidates = match text {
        Some(text) if name.is_empty() => vec![value.clone(), raw(text)],
        Some(text) => vec![raw(&format!("{name}={text}"))],
        None => vec![raw(name)],
    };
    let says_the_same = |candidate: &Node| {
        let Some((key, found)) = expand(candidate.clone()) else {
            return false;
        };
        let found = match (named.item, &found.value) {
            (Shape::Block(block), Value::Scalar(_)) => super::super::long::expanded(&found, block)
                .map(|mapping| Node::new(Span::NONE, mapping)),
            _ => Some(found),
        };
        let wanted = match named.item {
            Shape::Leaf(_) => value,
            _ => whole,
        };
        &*key.text == name && found.is_some_and(|found| same(&found, wanted))
    };
    candidates.into_iter().find(says_the_same)
}

fn block(mut node: Node, block: &'static Block) -> Node {
    let keeps = stays_long(&mut node);
    let mapping = match node.value {
        Value::Mapping(mapping) => mapping,
        value @ (Value::Scalar(_) | Value::Sequence(_)) => return Node::new(node.span, value),
    };
    let long = Node::new(node.span, mapping.clone());
    let entries = ordered(mapping, block).into_iter();
    let entries = entries.map(|Entry { key, value }| {
        let shape = block
            .key(&key.text)
            .map_or(Shape::Verbatim, |key| key.shape);
        let value = short(value, shape, &key.text);
        Entry { key, value }
    });
    let shortened: Mapping = entries.collect();
    if !keeps && let Some(short) = in_place_of(&shortened, &long, block) {
        return short;
    }
    Node::new(node.span, shortened)
}

/// The keys of a block in the order in which people read them.
fn ordered(mapping: Mapping, block: &'static Block) -> Mapping {
    let is_app = block.key("environment").is_some() && block.key("args").is_some();
    let keys: Vec<&'static str> = block.all().map(|key| key.name).collect();
    let rank = |key: &str| -> usize {
        // Facts, then what apps say.
        let is_fact = block.what == "defaults" && fact_names().any(|fact| fact == key);
        let place = match is_app {
            true if is_fact => fact_names().position(|fact| fact == key),
            true if block.what == "defaults" => {
                let place = APP_ORDER.iter().position(|name| *name == key);
                place.map(|at| keys.len() + at)
            }
            true => APP_ORDER.iter().position(|name| *name == key),
            // What is extended says what the rest is laid over.
            false if key == "extends" => Some(0),
            // What is laid over others comes last.
            false if is_layer(block, key) => Some(usize::MAX - 1),
            false => keys.iter().position(|name| *name == key).map(|at| at + 1),
        };
        place.unwrap_or(usize::MAX)
    };
    let mut entries: Vec<Entry> = mapping.into_iter().collect();
    entries.sort_by_key(|entry| rank(&entry.key.text));
    entries.into_iter().collect()
}

/// Whether a key of a compose project, an environment, or another entry that is no
/// app, holds what is said of others.
fn is_layer(block: &Block, key: &str) -> bool {
    block.what != "file" && matches!(key, "defaults" | "services" | "overrides")
}

/// What can stand for a block where no mapping is written.
fn in_place_of(shortened: &Mapping, long: &Node, block: &'static Block) -> Option<Node> {
    match block.short {
        Short::None => None,
        Short::Main(main) => {
            let mut entries = shortened.iter();
            let only = entries.next().filter(|_| entries.next().is_none())?;
            let is_switch = block.switch && is_bool(&only.value);
            let fits = &*only.key.text == main
                && only.value.as_mapping().is_none()
                && !is_switch
                && !only.value.is_null();
            fits.then(|| only.value.clone())
        }
        Short::With(expand) => {
            let says_the_same =
                |candidate: &Node| expand(candidate).is_some_and(|found| same(&found, long));
            candidates(long).into_iter().find(says_the_same)
        }
    }
}

/// Texts and lists that may say as much as a block. Which of them does is asked of
/// the table.
fn candidates(long: &Node) -> Vec<Node> {
    let text = |key: &str| -> Option<String> {
        let scalar = long.get(key)?.as_scalar()?;
        Some(scalar.text.to_string())
    };
    let mut found: Vec<Node> = Vec::new();
    if let Some(container) = text("container_port") {
        let service = text("service_port").map(|port| format!("{port}:"));
        let protocol = text("protocol").map(|protocol| format!("/{}", protocol.to_lowercase()));
        let written = format!(
            "{}{container}{}",
            service.unwrap_or_default(),
            protocol.unwrap_or_default()
        );
        found.push(super::tree::amount(written));
    }
    if let Some(path) = text("mount_path") {
        let modes = ["", ":ro", ":rw"];
        found.extend(modes.map(|mode| raw(&format!("{path}{mode}"))));
    }
    if let (Some(path), Some(target)) = (text("path"), text("target")) {
        found.push(raw(&format!("{path}:{target}")));
    }
    if text("path").as_deref() == Some(".") {
        found.push(Node::new(Span::NONE, Scalar::plain("true")));
    }
    found.extend(long.get("command").cloned());
    let words = ["zone", "host", "internet"];
    found.extend(words.map(raw));
    let keys = ["path", "type", "cidr", "app", "topology_key"];
    found.extend(keys.into_iter().filter_map(|key| long.get(key).cloned()));
    found
}

/// Whether two trees say the same, however their scalars are quoted and their
/// keys ordered.
fn same(one: &Node, two: &Node) -> bool {
    match (&one.value, &two.value) {
        (Value::Scalar(one), Value::Scalar(two)) => {
            one.text.eq_ignore_ascii_case(&two.text) && one.is_null() == two.is_null()
        }
        (Value::Sequence(one), Value::Sequence(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Mapping(one), Value::Mapping(two)) => {
            let has = |entry: &Entry| {
                let other = two.get(&entry.key.text);
                other.is_some_and(|other| same(&entry.value, other))
            };
            one.len() == two.len() && one.iter().all(has)
        }
        (Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_), _) => false,
    }
}

fn is_bool(node: &Node) -> bool {
    let text = node.as_scalar().map(|scalar| &*scalar.text);
    matches!(text, Some("true" | "false"))
}
