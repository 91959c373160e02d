//! `KEY=value`, as a list or a mapping.

use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Scalar};

use crate::compose::resolved::fault;
use crate::compose::resolved::leaf;
use crate::compose::resolved::shape::{ANY_SCALAR, Accepts, KeyRule};
use crate::compose::resolved::walk::{Walk, text_of};

/// A key, and its value where it has one.
struct Pair {
    key: Key,
    value: Option<Node>,
}

/// Variables: a name without a value stays one.
pub(crate) fn variables(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let pairs = pairs(walk, node, path)?;
    if node.as_sequence().is_some() {
        for pair in &pairs {
            if pair.key.text.ends_with(char::is_whitespace) {
                let why = "a variable's name ends in a space";
                let help = "write `NAME=value` without spaces around `=`";
                walk.say(fault::bad_value(pair.key.span, path, why, help).place_only());
            }
        }
    }
    mapping(node, pairs, |key| Some(Node::null(key.span)))
}

/// Labels and options: a name without a value has an empty one.
pub(crate) fn texts(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let pairs = pairs(walk, node, path)?;
    mapping(node, pairs, |key| Some(Node::string(key.span, "")))
}

/// Contexts of a build by name: each has a value, and a local one is a path.
pub(crate) fn contexts(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let pairs = pairs(walk, node, path)?;
    for pair in &pairs {
        if pair.value.is_none() && node.as_sequence().is_some() {
            let why = "a context without a value";
            walk.say(fault::bad_value(
                pair.key.span,
                path,
                why,
                "write `name=context`",
            ));
        }
    }
    let pairs = pairs
        .into_iter()
        .map(|pair| Pair {
            value: pair.value.map(|value| walk.context(value)),
            key: pair.key,
        })
        .collect();
    mapping(node, pairs, |key| Some(Node::string(key.span, "")))
}

/// Keys for SSH during a build: `default`, or `id=path`. Comes out as a list.
pub(crate) fn ssh(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let mut pairs = pairs(walk, node, path)?;
    pairs.sort_by(|a, b| a.key.text.cmp(&b.key.text));
    let mut items = Vec::new();
    for pair in pairs {
        let is_bare = pair.value.is_none() && node.as_sequence().is_some();
        if is_bare && &*pair.key.text != "default" {
            let why = "an SSH key without a path";
            walk.say(fault::bad_value(
                pair.key.span,
                path,
                why,
                "write `id=path`",
            ));
        }
        let span = pair.key.span;
        // Below a mapping, only what is written as a string is a path.
        let is_other = node
            .get(&pair.key.text)
            .is_some_and(|value| text_of(value).is_none());
        let value = pair.value.map(|value| match is_other {
            true => value,
            false => walk.file(value),
        });
        let value = value.as_ref().and_then(Node::as_scalar);
        items.push(match value.filter(|value| !value.text.is_empty()) {
            Some(value) => Node::string(span, format!("{}: {}", pair.key.text, value.text)),
            None => Node::string(span, pair.key.text),
        });
    }
    (!items.is_empty()).then(|| Node::new(node.span, items))
}

fn mapping(node: &Node, pairs: Vec<Pair>, empty: impl Fn(&Key) -> Option<Node>) -> Option<Node> {
    let entries = pairs.into_iter().filter_map(|pair| {
        let value = pair.value.or_else(|| empty(&pair.key))?;
        Some(Entry {
            key: pair.key,
            value,
        })
    });
    let mapping = Mapping::from_iter(entries);
    (!mapping.is_empty()).then(|| Node::new(node.span, mapping))
}

fn pairs(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Vec<Pair>> {
    if let Some(items) = node.as_sequence() {
        walk.unique(items, path);
        let mut pairs = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            pairs.extend(of_item(walk, item, &path.index(at)));
        }
        return Some(pairs);
    }
    let Some(mapping) = node.as_mapping() else {
        walk.wrong_type(node, path, "a mapping or a list of `KEY=value`");
        return None;
    };
    let mut pairs = Vec::with_capacity(mapping.len());
    for entry in mapping {
        pairs.extend(of_entry(walk, entry, path));
    }
    Some(pairs)
}

fn of_item(walk: &mut Walk<'_>, item: &Node, path: &Path<'_>) -> Option<Pair> {
    let Some(text) = text_of(item) else {
        walk.wrong_type(item, path, "a string");
        return None;
    };
    let printed = item.as_scalar().and_then(Scalar::go_string);
    let text = printed.as_deref().unwrap_or(text);
    Some(match text.split_once('=') {
        Some((key, value)) => Pair {
            key: Key::new(key, item.span),
            value: Some(Node::string(item.span, value)),
        },
        None => Pair {
            key: Key::new(text, item.span),
            value: None,
        },
    })
}

fn of_entry(walk: &mut Walk<'_>, entry: &Entry, path: &Path<'_>) -> Option<Pair> {
    let key = &*entry.key.text;
    walk.key(KeyRule::Filled, key, entry.key.span, path, "value");
    let accepted = ANY_SCALAR.or(Accepts::NULL);
    let scalar = entry
        .value
        .as_scalar()
        .filter(|scalar| accepted.has(leaf::types(scalar)));
    let Some(scalar) = scalar else {
        walk.wrong_type(&entry.value, &path.key(key), accepted.words());
        return None;
    };
    let value = scalar.go_string();
    Some(Pair {
        key: entry.key.clone(),
        value: value.map(|value| Node::string(entry.value.span, value.into_owned())),
    })
}
