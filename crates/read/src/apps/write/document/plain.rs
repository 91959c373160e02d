//! What need not be said: defaults of the format, and the order of lists where it
//! means nothing. Only what one layer alone speaks of is looked at.
//!
//! Lists of dependencies are as short as maps, and init containers run in the order
//! of their list: both stay what they are.

use kubewright_yaml::{Mapping, Node, Value};

use super::layers::{Others, is_section};
use crate::apps::long::keeps_order;
use crate::apps::shape::{Block, Named, Shape};
use crate::apps::table::{ROOT, fact_names};

/// Leaves it out.
pub(super) fn leave_out(root: &mut Node) {
    never_used(root);
    empty_layers(root);
    let whole = root.clone();
    let Some(top) = root.as_mapping_mut() else {
        return;
    };
    for (key, section) in top.values_mut() {
        let shape = Shape::Block(&ROOT).below(&key.text);
        let Some(Shape::Named(named)) = shape else {
            if let Some(shape) = shape {
                let under = whole.get(&key.text).unwrap_or(&whole);
                node(section, shape, &Others::of_section(under));
            }
            continue;
        };
        let is_entries = is_section(&key.text);
        if is_entries {
            section.tag = None;
            there(section);
            if &*key.text != "compose" {
                at_home(section, &whole);
            }
        }
        let members = section.as_mapping_mut();
        for (key, member) in members.into_iter().flat_map(Mapping::values_mut) {
            let own = member.clone();
            let others = match (is_entries, named.what) {
                (true, _) => Others::of_entry(&own, &whole),
                (false, "environment") => Others::of_environment(&key.text, &whole),
                (false, _) => continue,
            };
            node(member, named.item, &others);
        }
    }
}

/// What environments change where they change nothing: version 2 says there that they
/// have routes of their own.
fn empty_layers(root: &mut Node) {
    let sections = root.as_mapping_mut();
    for (key, section) in sections.into_iter().flat_map(Mapping::values_mut) {
        let entries = section.as_mapping_mut().filter(|_| is_section(&key.text));
        for (_, entry) in entries.into_iter().flat_map(Mapping::values_mut) {
            let Some(entry) = entry.as_mapping_mut() else {
                continue;
            };
            let Some(layers) = entry.get_mut("overrides").and_then(Node::as_mapping_mut) else {
                continue;
            };
            let is_empty = |node: &Node| node.as_mapping().is_some_and(Mapping::is_empty);
            layers.retain(|layer| !is_empty(&layer.value));
            if layers.is_empty() {
                entry.remove("overrides");
            }
        }
    }
}

/// Entries are there if nothing is said; neither defaults nor templates speak of it.
fn there(section: &mut Node) {
    let entries = section.as_mapping_mut();
    for (_, entry) in entries.into_iter().flat_map(Mapping::values_mut) {
        if let Some(entry) = entry.as_mapping_mut() {
            entry.retain(|one| !(&*one.key.text == "enabled" && says(&one.value, "true")));
        }
    }
}

/// Entries live in the namespace of the file if nothing is said, where no environment
/// and no template names another.
fn at_home(section: &mut Node, root: &Node) {
    let home = root.get("defaults").and_then(|all| all.get("namespace"));
    let members = |key: &str| {
        let all = root.get(key).and_then(Node::as_mapping);
        let all = all.into_iter().flat_map(Mapping::iter);
        all.map(|entry| &entry.value)
    };
    let names = |layer: &Node| layer.get("namespace").is_some();
    let environments = || members("environments");
    let others = environments().any(names)
        || environments()
            .filter_map(|one| one.get("defaults"))
            .any(names)
        || members("templates").any(names);
    let Some(home) = home.and_then(|home| home.get("name")).filter(|_| !others) else {
        return;
    };
    let home = home.as_scalar().map_or("", |scalar| &*scalar.text);
    let entries = section.as_mapping_mut();
    for (_, entry) in entries.into_iter().flat_map(Mapping::values_mut) {
        let overrides = entry.get("overrides").and_then(Node::as_mapping);
        let mut overrides = overrides.into_iter().flat_map(Mapping::iter);
        if overrides.any(|over| names(&over.value)) {
            continue;
        }
        if let Some(entry) = entry.as_mapping_mut() {
            entry.retain(|one| !(&*one.key.text == "namespace" && says(&one.value, home)));
        }
    }
}

/// Facts for all environments that each of them says for itself.
fn never_used(root: &mut Node) {
    let environments = root.get("environments").cloned();
    let environments = environments.as_ref().and_then(Node::as_mapping);
    let Some(environments) = environments.filter(|all| !all.is_empty()) else {
        return;
    };
    let is_said = |key: &str, fact: &Node| {
        let mut all = environments.iter().map(|entry| entry.value.get(key));
        all.all(|over| over.is_some_and(|over| covers(over, fact)))
    };
    let Some(top) = root.as_mapping_mut() else {
        return;
    };
    let Some(defaults) = top.get_mut("defaults").and_then(Node::as_mapping_mut) else {
        return;
    };
    defaults.retain(|entry| {
        let is_fact = fact_names().any(|fact| fact == &*entry.key.text);
        !(is_fact && is_said(&entry.key.text, &entry.value))
    });
    if defaults.is_empty() {
        top.remove("defaults");
    }
}

/// Whether nothing is left of `under` where `over` is laid over it.
fn covers(over: &Node, under: &Node) -> bool {
    match (over.as_mapping(), under.as_mapping()) {
        (Some(over), Some(under)) => under.iter().all(|entry| {
            let over = over.get(&entry.key.text);
            over.is_some_and(|over| covers(over, &entry.value))
        }),
        _ => !over.is_null(),
    }
}

fn says(node: &Node, word: &str) -> bool {
    let scalar = node.as_scalar();
    scalar.is_some_and(|scalar| scalar.text.eq_ignore_ascii_case(word))
}

fn node(node: &mut Node, shape: Shape, others: &Others<'_>) {
    match (&mut node.value, shape) {
        (Value::Mapping(mapping), Shape::Block(block)) => {
            for (key, value) in mapping.values_mut() {
                // Other layers stand there.
                if matches!(&*key.text, "overrides" | "defaults") {
                    continue;
                }
                let below = block.key(&key.text).map(|key| key.shape);
                if let Some(below) = below {
                    self::node(value, below, &others.below(&key.text));
                }
            }
            mapping.retain(|entry| {
                let is_alone = others.below(&entry.key.text).is_empty();
                !(is_alone && is_usual(block, &entry.key.text, &entry.value))
            });
            if others.is_empty() {
                implied(mapping, block);
            }
        }
        (Value::Mapping(mapping), Shape::Named(named)) => {
            for (key, value) in mapping.values_mut() {
                self::node(value, named.item, &others.below(&key.text));
            }
            let is_listed = keeps_order(node);
            let is_read_as_list = matches!(named.what, "dependency" | "init container");
            let is_free = is_listed && !is_read_as_list && others.is_empty();
            if is_free && says_as_much(node, named) {
                node.tag = None;
            }
        }
        (Value::Sequence(items), Shape::List(item)) => {
            for item_node in items {
                self::node(item_node, *item, others);
            }
        }
        (Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_), _) => {}
    }
}

/// Whether a key says what holds where it is not written.
fn is_usual(block: &Block, key: &str, value: &Node) -> bool {
    let usual = match (block.what, key) {
        ("port", "protocol") => "TCP",
        ("route", "path_type") => "Prefix",
        ("environment", "tls" | "debug") | ("route", "strip_prefix") | ("volume", "read_only") => {
            "false"
        }
        ("source", "optional") => "false",
        _ => return false,
    };
    says(value, usual)
}

/// Leaves out what other keys of the block show.
fn implied(mapping: &mut Mapping, block: &Block) {
    let text = |mapping: &Mapping, key: &str| {
        let scalar = mapping.get(key)?.as_scalar()?;
        Some(scalar.text.to_string())
    };
    match block.what {
        "probe" => {
            let kind = text(mapping, "type").map(|kind| kind.to_ascii_lowercase());
            let shows = match kind.as_deref() {
                Some("http") => mapping.contains_key("path"),
                Some("exec") => mapping.contains_key("command"),
                _ => false,
            };
            if shows {
                mapping.remove("type");
            }
        }
        "volume" => {
            let kind = text(mapping, "type").map(|kind| kind.to_ascii_lowercase());
            let shows = match kind.as_deref() {
                Some("pvc") => mapping.contains_key("size") || mapping.contains_key("claim_name"),
                Some("configmap") => mapping.contains_key("configmap_name"),
                Some("secret") => mapping.contains_key("secret_name"),
                Some("emptydir") => mapping.contains_key("medium"),
                _ => false,
            };
            if shows {
                mapping.remove("type");
            }
        }
        _ => {}
    }
}

/// Whether a map says as much as this list: its members have names, and their order
/// is that of a map.
fn says_as_much(node: &Node, named: &Named) -> bool {
    let Some(mapping) = node.as_mapping() else {
        return false;
    };
    let mut names: Vec<&str> = mapping.keys().collect();
    let are_names = names.iter().all(|name| !name.contains('\u{0}'));
    let refers = |node: &Node| {
        let value = node.get("value").and_then(Node::as_scalar);
        value.is_some_and(|value| value.text.contains("$("))
    };
    let is_free = match named.what {
        "port" => {
            // The first is the one that is meant; of a map that is `http`.
            if names.first() == Some(&"http") {
                names.remove(0);
            }
            !names.contains(&"http")
        }
        "variable" => !mapping.iter().any(|entry| refers(&entry.value)),
        _ => true,
    };
    are_names && is_free && names.is_sorted()
}
