//! Merge keys: `<<: *base`, `<<: [*a, *b]`.

use kubewright_source::{Diagnostic, Span};

use super::Fault;
use crate::tree::{Entry, Mapping, Node, Value};

/// A `<<` of a mapping that is being read: where it stood and what it names.
pub(super) struct Merge {
    /// How many entries came before it.
    pub(super) position: usize,
    /// The key's place.
    pub(super) key: Span,
    pub(super) value: Node,
}

/// Puts the merged entries where `<<` stood. Keys that the mapping writes itself
/// win; of several merged mappings the first wins.
pub(super) fn merge(written: Mapping, merge: Merge) -> Result<Mapping, Fault> {
    let mut merged = Mapping::default();
    for source in sources(merge.value, merge.key)? {
        for entry in source {
            let known = written.contains_key(&entry.key.text);
            if !known && !merged.contains_key(&entry.key.text) {
                merged.insert(entry.key, entry.value);
            }
        }
    }
    if merged.is_empty() {
        return Ok(written);
    }
    let mut entries: Vec<Entry> = written.into_iter().collect();
    let behind = entries.split_off(merge.position.min(entries.len()));
    let all = entries.into_iter().chain(merged).chain(behind);
    Ok(all.collect())
}

fn sources(value: Node, key: Span) -> Result<Vec<Mapping>, Fault> {
    let (span, kind) = (value.span, value.kind());
    match value.value {
        Value::Mapping(mapping) => Ok(vec![mapping]),
        Value::Sequence(items) => items.into_iter().map(|item| source(item, key)).collect(),
        Value::Scalar(_) => Err(wrong(span, kind, key)),
    }
}

fn source(item: Node, key: Span) -> Result<Mapping, Fault> {
    let (span, kind) = (item.span, item.kind());
    match item.value {
        Value::Mapping(mapping) => Ok(mapping),
        Value::Sequence(_) | Value::Scalar(_) => Err(wrong(span, kind, key)),
    }
}

fn wrong(span: Span, kind: &str, key: Span) -> Fault {
    let message = format!("the merge key `<<` takes a mapping or a list of mappings, not {kind}");
    Box::new(
        Diagnostic::error("yaml-merge", span, message)
            .related(key, "merged here")
            .help("name an anchored mapping: `<<: *name`; for a key that is called so, quote it: `\"<<\"`"),
    )
}
