//! `!reset` and `!override`.
//!
//! In a document that is laid over another, `key: !reset null` takes the key of
//! the lower one away, and `key: !override …` puts the value in its place where
//! the two would otherwise be merged.
//! <https://github.com/compose-spec/compose-spec/blob/main/13-merge.md>

use kubewright_source::{Diagnostic, Diagnostics};
use kubewright_yaml::{Node, Value};

use super::site::{Combine, Site};

const RESET: &str = "!reset";
const OVERRIDE: &str = "!override";

/// True where a tag stands at the node or anywhere below it.
pub fn any(node: &Node) -> bool {
    node.tag.is_some()
        || match &node.value {
            Value::Scalar(_) => false,
            Value::Sequence(items) => items.iter().any(any),
            Value::Mapping(mapping) => mapping.iter().any(|entry| any(&entry.value)),
        }
}

/// Takes out of `under` whatever `over` resets or overrides. Both stand at `site`.
pub fn apply<S: Site>(over: &Node, under: &mut Node, site: S) {
    let Some(upper) = over.as_mapping() else {
        return;
    };
    // `environment: {A: !reset null}` reaches `environment: [A=1]` as well.
    if let (Combine::Mapping(shape), true) = (site.combine(), any(over)) {
        let span = under.span;
        let written = std::mem::replace(under, Node::null(span));
        *under = shape(written).unwrap_or_else(|same| same);
    }
    let Some(lower) = under.as_mapping_mut() else {
        return;
    };
    for entry in upper {
        let key = &*entry.key.text;
        if is(&entry.value, RESET) || is(&entry.value, OVERRIDE) {
            lower.remove(key);
        } else if let Some(below) = lower.get_mut(key) {
            apply(&entry.value, below, site.below(key));
        }
    }
}

/// Takes the tags off a document that has been laid over another, or lies at the
/// bottom: what is reset goes, what overrides stays. Any other tag is ignored
/// with a warning.
pub fn strip(node: &mut Node, diagnostics: &mut Diagnostics) {
    if let Some(tag) = node.tag.take()
        && !matches!(&*tag.text, RESET | OVERRIDE)
    {
        let message = format!("the tag `{}` means nothing here and is ignored", tag.text);
        diagnostics.push(
            Diagnostic::warning("unknown-tag", tag.span, message)
                .help("take it away; `!reset` and `!override` are the only ones"),
        );
    }
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            items.retain(|item| !is(item, RESET));
            for item in items {
                strip(item, diagnostics);
            }
        }
        Value::Mapping(mapping) => {
            if mapping.iter().any(|entry| is(&entry.value, RESET)) {
                mapping.retain(|entry| !is(&entry.value, RESET));
            }
            for (_, value) in mapping.values_mut() {
                strip(value, diagnostics);
            }
        }
    }
}

fn is(node: &Node, tag: &str) -> bool {
    node.tag.as_ref().is_some_and(|found| &*found.text == tag)
}
