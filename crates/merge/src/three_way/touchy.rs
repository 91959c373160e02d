//! Where texts look like secrets, though no Secret holds them.

use std::ops::Range;

use kubewright_yaml::{Node, Value};

use super::place;

/// Whether what stands under a name looks like a secret: one text, or the words of a
/// list. The name is empty where a text stands for itself.
pub type LooksSecret<'p> = &'p dyn Fn(&str, &[&str]) -> bool;

/// The places in a text whose values look secret.
pub(super) fn places(
    text: &str,
    documents: &[Node],
    looks_secret: LooksSecret<'_>,
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for document in documents {
        walk(text, document, "", looks_secret, &mut found);
    }
    found
}

fn walk(
    text: &str,
    node: &Node,
    name: &str,
    looks_secret: LooksSecret<'_>,
    found: &mut Vec<Range<usize>>,
) {
    match &node.value {
        Value::Scalar(scalar) => {
            if looks_secret(name, &[&scalar.text]) {
                found.push(place::of(text, node));
            }
        }
        Value::Sequence(items) => {
            let words = items.iter().filter_map(Node::as_scalar);
            let words: Vec<&str> = words.map(|word| &*word.text).collect();
            if !words.is_empty() && looks_secret(name, &words) {
                found.push(place::of(text, node));
            }
            let others = items.iter().filter(|item| item.as_scalar().is_none());
            others.for_each(|item| walk(text, item, name, looks_secret, found));
        }
        Value::Mapping(entries) => {
            // A variable of a container says its name beside its value.
            let named = node.get("name").and_then(Node::as_scalar);
            for entry in entries {
                let name = match named {
                    Some(name) if &*entry.key.text == "value" => &name.text,
                    Some(_) | None => &entry.key.text,
                };
                walk(text, &entry.value, name, looks_secret, found);
            }
        }
    }
}

/// Whether one of the places has a part of this one.
pub(super) fn touch(places: &[Range<usize>], place: &Range<usize>) -> bool {
    let mut places = places.iter();
    places.any(|found| found.start < place.end && place.start < found.end)
}
