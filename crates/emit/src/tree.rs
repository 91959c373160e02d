//! Objects as trees of values, to be compared and changed, and back to text in the
//! order in which people write keys.

use std::collections::HashMap;

use kubewright_objects::{Body, Object};
use kubewright_source::{Diagnostic, Sources, Span};
use kubewright_yaml::{AsGiven, Limits, Node, read_document, write_into};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// An object as a tree: what its manifest says.
///
/// # Errors
/// Where the object makes no tree, which none of ours does.
pub fn of(object: &Object) -> Result<Value, Box<Diagnostic>> {
    let mut tree = serde_json::to_value(&object.body).map_err(|error| {
        let what = format!("{} `{}`", object.body.kind(), object.name());
        unwritable(&what, &error.to_string())
    })?;
    if let Body::StatefulSet(_) = object.body {
        bare_claim_templates(&mut tree);
    }
    Ok(tree)
}

/// A claim template is no object of its own: its manifest has no kind.
fn bare_claim_templates(tree: &mut Value) {
    let templates = tree.pointer_mut("/spec/volumeClaimTemplates");
    let templates = templates.and_then(Value::as_array_mut);
    for template in templates.into_iter().flatten() {
        if let Some(map) = template.as_object_mut() {
            map.remove("apiVersion");
            map.remove("kind");
        }
    }
}

/// A tree as text.
///
/// # Errors
/// Where the tree makes no YAML.
pub fn write(text: &mut String, tree: &impl Serialize) -> Result<(), Box<Diagnostic>> {
    write_into(text, tree, &AsGiven).map_err(|error| unwritable("a file", &error.to_string()))
}

/// That something cannot be written.
pub(crate) fn unwritable(what: &str, why: &str) -> Box<Diagnostic> {
    let message = format!("{what} cannot be written: {why}");
    let said = Diagnostic::error("unwritable", Span::NONE, message);
    Box::new(said.help("this is a fault of kubewright; please report it with the input"))
}

/// The order of keys in an object, learnt from texts that have it already. What
/// none of them has comes last, by the alphabet.
#[derive(Debug, Default)]
pub struct Order {
    examples: Vec<Node>,
}

impl Order {
    /// Learns from manifests of one object.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut sources = Sources::default();
        let examples = texts.into_iter().filter_map(|text| {
            let source = sources.add("manifest", text);
            read_document(text, source, &Limits::default())
                .ok()
                .flatten()
        });
        Self {
            examples: examples.collect(),
        }
    }

    /// A tree of the object, or a part of one from its top, in that order.
    pub fn take(&self, tree: &Value) -> Ordered {
        ordered(tree, &self.examples.iter().collect::<Vec<_>>())
    }

    /// A tree that stands in the object at a path of keys and positions.
    pub fn take_at(&self, path: &[Option<&str>], tree: &Value) -> Ordered {
        let mut at: Vec<&Node> = self.examples.iter().collect();
        for step in path {
            at = match step {
                Some(key) => below(&at, key),
                None => items(&at),
            };
        }
        ordered(tree, &at)
    }
}

/// A tree whose keys have an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Ordered {
    /// Anything but a list and a mapping.
    Scalar(Value),
    /// A list.
    List(Vec<Ordered>),
    /// A mapping.
    Map(Vec<(String, Ordered)>),
}

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Scalar(value) => value.serialize(serializer),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items
                    .iter()
                    .try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries
                    .iter()
                    .try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

/// `like` are what stands at the same place in the examples.
fn ordered(tree: &Value, like: &[&Node]) -> Ordered {
    match tree {
        Value::Array(list) => {
            let like = items(like);
            Ordered::List(list.iter().map(|item| ordered(item, &like)).collect())
        }
        Value::Object(map) => {
            let ranks = ranks(like);
            let rank = |key: &str| ranks.get(key).copied().unwrap_or(usize::MAX);
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by_key(|key| rank(key));
            let entry = |key: &String| (key.clone(), ordered(&map[key], &below(like, key)));
            Ordered::Map(keys.into_iter().map(entry).collect())
        }
        scalar => Ordered::Scalar(scalar.clone()),
    }
}

/// What stands below a key.
fn below<'n>(like: &[&'n Node], key: &str) -> Vec<&'n Node> {
    let mappings = like.iter().filter_map(|node| node.as_mapping());
    mappings.filter_map(|mapping| mapping.get(key)).collect()
}

/// All items of the lists.
fn items<'n>(like: &[&'n Node]) -> Vec<&'n Node> {
    let lists = like.iter().filter_map(|node| node.as_sequence());
    lists.flatten().collect()
}

/// The ranks of the keys: a key that only later examples have stands behind the one
/// that it follows there.
fn ranks<'n>(like: &[&'n Node]) -> HashMap<&'n str, usize> {
    let mut order: Vec<&str> = Vec::new();
    for mapping in like.iter().filter_map(|node| node.as_mapping()) {
        let mut behind = 0;
        for entry in mapping {
            let key = &*entry.key.text;
            match order.iter().position(|known| *known == key) {
                Some(at) => behind = at + 1,
                None => {
                    order.insert(behind, key);
                    behind += 1;
                }
            }
        }
    }
    order
        .into_iter()
        .enumerate()
        .map(|(at, key)| (key, at))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_come_in_the_order_of_the_examples() {
        let order = Order::of([
            "kind: X\nspec:\n  b: 1\n  a: 1\n",
            "kind: X\nspec:\n  b: 1\n  c: 1\n",
        ]);
        let mut text = String::new();
        let tree = json!({"kind": "X", "spec": {"a": 1, "b": 2, "c": 3, "z": 4}});
        write(&mut text, &order.take(&tree)).expect("it is YAML");
        assert_eq!(text, "kind: X\nspec:\n  b: 2\n  c: 3\n  a: 1\n  z: 4\n");
    }
}
