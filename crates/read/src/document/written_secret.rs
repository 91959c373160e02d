//! Secrets that a document itself says in the clear.

use std::ops::Range;

use kubewright_knowledge::secret::{assigned, assigned_words, credentials, looks_secret};
use kubewright_source::{Sources, Span};
use kubewright_yaml::{Node, Path, Scalar, Value};

use super::scalars::part;

/// Keeps private keys, tokens, and values of options that look secret out of all
/// that is said of a scalar.
pub(super) fn hold(scalar: &Scalar, span: Span, path: &Path<'_>, sources: &mut Sources) {
    let text = &*scalar.text;
    let mut found: Vec<Range<usize>> = credentials(text);
    if text.contains('=') || text.contains(" -") || text.starts_with("--") {
        let options = assigned(text);
        // What becomes of variables is decided where they are read.
        if !options.is_empty() && !holds_variables(path) {
            found.extend(options);
        }
    }
    for range in found {
        let place = part(span, scalar, sources, range.start, range.end);
        sources.hold_secret(span, &text[range]);
        sources.conceal(place);
    }
}

/// The same for a command line that is a list of words.
pub(super) fn hold_words(items: &[Node], path: &Path<'_>, sources: &mut Sources) {
    let is_option = |item: &Node| {
        let scalar = item.as_scalar();
        scalar.is_some_and(|scalar| scalar.text.starts_with('-'))
    };
    if !items.iter().any(is_option) || holds_variables(path) {
        return;
    }
    let words: Vec<&str> = items
        .iter()
        .map(|item| item.as_scalar().map_or("", |scalar| &*scalar.text))
        .collect();
    for (at, range) in assigned_words(&words) {
        if let Some(scalar) = items[at].as_scalar() {
            let place = part(items[at].span, scalar, sources, range.start, range.end);
            sources.hold_secret(items[at].span, &scalar.text[range]);
            sources.conceal(place);
        }
    }
}

/// Labels that name a Secret, as kompose's do, hold none.
fn names_an_object(key: &str) -> bool {
    ["tls-secret", "image-pull-secret"]
        .iter()
        .any(|name| key.ends_with(name))
}

/// Hides the value of a key that looks secret in what is shown of the input.
pub(super) fn conceal(key: &str, value: &Node, path: &Path<'_>, sources: &mut Sources) {
    let Value::Scalar(scalar) = &value.value else {
        return;
    };
    let is_written = !scalar.text.is_empty() && !scalar.text.contains('$');
    let is_secret = may_be_secret(key) && looks_secret(key) && !names_an_object(key);
    if !is_written || !is_secret || holds_variables(path) {
        return;
    }
    let path = path.to_string();
    let is_label = path.contains("labels") || path.contains("annotations");
    if is_label {
        sources.hold_secret(value.span, &scalar.text);
    }
    sources.conceal(value.span);
}

/// Most keys are none: a look that costs little.
fn may_be_secret(key: &str) -> bool {
    let folded = key.to_ascii_lowercase();
    ["pass", "pwd", "secret", "token", "key", "credential"]
        .iter()
        .any(|part| folded.contains(part))
}

fn holds_variables(path: &Path<'_>) -> bool {
    path.to_string().contains(".environment")
}
