//! The order of keys: by the alphabet, so that equal projects print equally.

use kubewright_yaml::{Entry, Mapping, Node, Value};

/// Sorts the keys of all mappings at and below a node.
pub(super) fn sort(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(sort),
        Value::Mapping(mapping) => {
            for (_, value) in mapping.values_mut() {
                sort(value);
            }
            let mut entries: Vec<Entry> = std::mem::take(mapping).into_iter().collect();
            entries.sort_by(|a, b| a.key.text.cmp(&b.key.text));
            *mapping = Mapping::from_iter(entries);
        }
    }
    node.tag = None;
}
