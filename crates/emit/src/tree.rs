//! Objects as trees of values, to be compared and changed, and back to text in the
//! order in which people write keys.

use std::collections::HashSet;

use kubewright_objects::{Body, Object};
use kubewright_source::{Diagnostic, Sources, Span};
use kubewright_yaml::{AsGiven, Limits, Mapping, Node, read_document, write_into};
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
    top: Keys,
}

/// What is known of the keys at one place, and below it.
#[derive(Debug, Default)]
struct Keys {
    /// Those of the mapping, in their order.
    of_map: Vec<(Box<str>, Keys)>,
    /// Those of the items of the list.
    of_items: Option<Box<Keys>>,
}

/// Where nothing is known.
static NONE: Keys = Keys {
    of_map: Vec::new(),
    of_items: None,
};

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
        let examples: Vec<Node> = examples.collect();
        Self {
            top: Keys::of(&examples.iter().collect::<Vec<_>>()),
        }
    }

    /// A tree of the object, or a part of one from its top, in that order.
    pub fn take(&self, tree: &Value) -> Ordered {
        ordered(tree, &self.top)
    }

    /// A tree that stands in the object at a path of keys and positions.
    pub fn take_at(&self, path: &[Option<&str>], tree: &Value) -> Ordered {
        let at = path.iter().fold(&self.top, |at, step| match step {
            Some(key) => at.below(key),
            None => at.items(),
        });
        ordered(tree, at)
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

impl Keys {
    /// Those of all that stands at one place in the examples.
    fn of(like: &[&Node]) -> Self {
        let mappings = like.iter().filter_map(|node| node.as_mapping());
        let mappings: Vec<&Mapping> = mappings.collect();
        let of_map = order(&mappings).into_iter().map(|key| {
            let below = mappings.iter().filter_map(|mapping| mapping.get(key));
            (key.into(), Self::of(&below.collect::<Vec<_>>()))
        });
        let lists = like.iter().filter_map(|node| node.as_sequence());
        let items: Vec<&Node> = lists.flatten().collect();
        Self {
            of_map: of_map.collect(),
            of_items: match items.is_empty() {
                true => None,
                false => Some(Box::new(Self::of(&items))),
            },
        }
    }

    fn below(&self, key: &str) -> &Self {
        let mut found = self.of_map.iter().filter(|(known, _)| **known == *key);
        found.next().map_or(&NONE, |(_, below)| below)
    }

    fn items(&self) -> &Self {
        self.of_items.as_deref().unwrap_or(&NONE)
    }
}

fn ordered(tree: &Value, keys: &Keys) -> Ordered {
    match tree {
        Value::Array(list) => {
            let keys = keys.items();
            Ordered::List(list.iter().map(|item| ordered(item, keys)).collect())
        }
        Value::Object(map) => {
            let entry =
                |(key, value): (&String, &Value), below| (key.clone(), ordered(value, below));
            let known = keys
                .of_map
                .iter()
                .filter_map(|(key, below)| Some(entry(map.get_key_value(&**key)?, below)));
            let mut entries: Vec<(String, Ordered)> = known.collect();
            if entries.len() < map.len() {
                let known: HashSet<&str> = keys.of_map.iter().map(|(key, _)| &**key).collect();
                let others = map.iter().filter(|(key, _)| !known.contains(key.as_str()));
                entries.extend(others.map(|other| entry(other, &NONE)));
            }
            Ordered::Map(entries)
        }
        scalar => Ordered::Scalar(scalar.clone()),
    }
}

/// The keys of several mappings: one that only later ones have stands behind the one
/// that it follows there.
fn order<'n>(mappings: &[&'n Mapping]) -> Vec<&'n str> {
    let mut order: Vec<&str> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for mapping in mappings {
        let mut behind = 0;
        for entry in *mapping {
            let key = &*entry.key.text;
            if known.insert(key) {
                order.insert(behind, key);
                behind += 1;
            } else {
                // Mostly it is the next.
                let next = order[behind..].iter().position(|known| *known == key);
                let at = next.map(|at| behind + at);
                let at = at.or_else(|| order.iter().position(|known| *known == key));
                behind = at.map_or(behind, |at| at + 1);
            }
        }
    }
    order
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
