//! Raw trees: what is taken out of them, and what is put in.

use kubewright_source::Span;
use kubewright_yaml::{Entry, Key, Mapping, Node, Scalar, Value};

/// The text of a scalar that says something.
pub(super) fn text(node: &Node) -> Option<&str> {
    let scalar = node.as_scalar().filter(|scalar| !scalar.is_null())?;
    Some(&*scalar.text)
}

/// Whether a scalar is this word.
pub(super) fn is(node: &Node, word: &str) -> bool {
    text(node) == Some(word)
}

/// A value that is not written anywhere.
pub(super) fn plain(span: Span, text: &str) -> Node {
    Node::new(span, Scalar::plain(text))
}

/// An entry that is not written anywhere.
pub(super) fn entry(key: &str, value: Node) -> Entry {
    Entry {
        key: Key::new(key, value.span),
        value,
    }
}

/// A mapping of entries that are not written anywhere.
pub(super) fn map(span: Span, entries: impl IntoIterator<Item = Entry>) -> Node {
    Node::new(span, entries.into_iter().collect::<Mapping>())
}

/// The mapping under a key, made where there is none. A scalar is the value of
/// its main key; no mapping comes of a list or of a scalar without a main key.
pub(super) fn block<'m>(
    mapping: &'m mut Mapping,
    key: &str,
    main: &str,
    span: Span,
) -> Option<&'m mut Mapping> {
    if !mapping.contains_key(key) {
        mapping.insert(Key::new(key, span), map(span, []));
    }
    let node = mapping.get_mut(key)?;
    if node.is_null() {
        *node = map(node.span, []);
    } else if node.as_scalar().is_some() && !main.is_empty() {
        let value = std::mem::replace(node, Node::null(span));
        *node = map(value.span, [entry(main, value)]);
    }
    node.as_mapping_mut()
}

/// The list under a key, made where there is none; what is no list stands for a
/// list of one.
pub(super) fn list<'m>(mapping: &'m mut Mapping, key: &str, span: Span) -> &'m mut Vec<Node> {
    if mapping.get(key).is_none_or(Node::is_null) {
        mapping.insert(Key::new(key, span), Node::new(span, Vec::new()));
    }
    let node = mapping.get_mut(key).expect("it was put there");
    if node.as_sequence().is_none() {
        let value = std::mem::replace(node, Node::null(span));
        *node = Node::new(value.span, vec![value]);
    }
    match &mut node.value {
        Value::Sequence(items) => items,
        Value::Scalar(_) | Value::Mapping(_) => unreachable!("it was made a list"),
    }
}

/// The items of a list; what is no list is one item, nothing is none.
pub(super) fn items(node: Node) -> Vec<Node> {
    match node.value {
        Value::Sequence(items) => items,
        value => {
            let node = Node::new(node.span, value);
            if node.is_null() {
                Vec::new()
            } else {
                vec![node]
            }
        }
    }
}

/// Names with what stands below them: of a map, or of a list with `name`.
pub(super) fn members(node: &Node) -> Vec<(Key, &Node)> {
    match &node.value {
        Value::Mapping(mapping) => {
            let members = mapping.iter();
            members
                .map(|member| (member.key.clone(), &member.value))
                .collect()
        }
        Value::Sequence(items) => items
            .iter()
            .filter_map(|item| Some((named(item, "name")?, item)))
            .collect(),
        Value::Scalar(_) => Vec::new(),
    }
}

fn named(item: &Node, key: &str) -> Option<Key> {
    let name = item.get(key)?;
    Some(Key::new(text(name)?, name.span))
}

/// The same, to change them. `main`: what a scalar is the value of; with an empty
/// word scalars are left alone.
pub(super) fn each(
    node: &mut Node,
    name: &str,
    main: &str,
    mut call: impl FnMut(&Key, &mut Mapping),
) {
    match &mut node.value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping.values_mut() {
                if text(value).is_some() && !main.is_empty() {
                    let scalar = std::mem::replace(value, Node::null(key.span));
                    *value = map(scalar.span, [entry(main, scalar)]);
                }
                if let Some(mapping) = value.as_mapping_mut() {
                    call(key, mapping);
                }
            }
        }
        Value::Sequence(items) => {
            for item in items {
                let Some(key) = named(item, name) else {
                    continue;
                };
                if let Some(mapping) = item.as_mapping_mut() {
                    call(&key, mapping);
                }
            }
        }
        Value::Scalar(_) => {}
    }
}

/// Lays one raw tree over another: maps by key, everything else replaces.
pub(super) fn laid(under: &Node, over: &Node) -> Node {
    let (Some(lower), Some(upper)) = (under.as_mapping(), over.as_mapping()) else {
        return over.clone();
    };
    let mut merged = lower.clone();
    for entry in upper {
        let value = match merged.get(&entry.key.text) {
            Some(below) => laid(below, &entry.value),
            None => entry.value.clone(),
        };
        merged.insert(entry.key.clone(), value);
    }
    Node::new(over.span, merged)
}
