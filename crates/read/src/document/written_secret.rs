//! Secrets that a document itself says in the clear.

use std::ops::Range;

use kubewright_knowledge::secret::{
    assigned, assigned_words, credentials, headers, looks_secret, names_object, passwords,
};
use kubewright_source::{Sources, Span};
use kubewright_yaml::{Mapping, Node, Path, Scalar, Value};

use super::pair::secrets_beside;
use super::said::Said;
use super::scalars::part;

/// Keeps private keys, tokens, passwords of URLs, and values of options and headers
/// that look secret out of all that is said of a scalar.
///
/// What becomes of variables is decided where they are read: theirs are only kept
/// out of messages.
pub(super) fn hold(
    scalar: &Scalar,
    span: Span,
    path: &Path<'_>,
    sources: &Sources,
    say: &mut Said,
) {
    let text = &*scalar.text;
    for range in credentials(text) {
        let place = part(span, scalar, sources, range.start, range.end);
        say.hold_secret(span, &text[range]);
        say.conceal(place);
    }
    let mut found = said(text);
    let nameless = without_name(text);
    if found.is_empty() && nameless.is_none() {
        return;
    }
    let is_variable = holds_variables(path);
    if is_variable {
        found.extend(nameless);
    }
    for range in found {
        let place = part(span, scalar, sources, range.start, range.end);
        match is_variable {
            true => say.hold_written(span, &text[range]),
            false => say.hold_secret(span, &text[range]),
        }
        say.conceal(place);
    }
}

/// Where a text says secrets by its own form. Most texts cannot.
fn said(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if text.contains('=') || text.contains('-') && (text.contains(" -") || text.starts_with("--")) {
        found.extend(assigned(text));
    }
    if text.contains('@') {
        found.extend(passwords(text));
    }
    if text.contains(':') {
        found.extend(headers(text));
    }
    found
}

/// The value of a variable that is parted from its name by a colon, as if the
/// list were a mapping (`- PASSWORD:x`), or has no name.
fn without_name(text: &str) -> Option<Range<usize>> {
    if text.len() > 1 && text.starts_with('=') {
        return Some(1..text.len());
    }
    let (name, value) = text.split_once(':')?;
    let is_secret = !value.is_empty() && !name.contains('=') && looks_secret(name);
    is_secret.then(|| name.len() + 1..text.len())
}

/// The same for a command line that is a list of words, and for what stands
/// behind a name that looks secret where a list should be none: `[PASSWORD, x]`.
pub(super) fn hold_words(items: &[Node], path: &Path<'_>, sources: &Sources, say: &mut Said) {
    if path.is_top("secrets") {
        items.iter().for_each(|item| hide_all(item, say));
    }
    for pair in items.windows(2) {
        let name = pair[0].as_scalar().map_or("", |scalar| &*scalar.text);
        let is_text = matches!(pair[1].value, Value::Scalar(_));
        let is_secret = looks_secret(name.trim_start_matches('-'));
        if is_secret && (!is_text || is_nested_list(path)) {
            hide_all(&pair[1], say);
        }
    }
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
            say.hold_secret(items[at].span, &scalar.text[range]);
            say.conceal(place);
        }
    }
}

/// The same for the value of a variable that is named beside it:
/// `{name: PASSWORD, value: x}`.
pub(super) fn hold_pairs(mapping: &Mapping, say: &mut Said) {
    secrets_beside(mapping, false).for_each(|value| hide_all(value, say));
}

/// Whether a list stands where variables want texts: `- [NAME, value]`.
fn is_nested_list(path: &Path<'_>) -> bool {
    let path = path.to_string();
    path.ends_with(']') && holds_variables_in(&path)
}

/// Hides the value of a key that looks secret, and the content of a secret, in what
/// is shown of the input and in messages.
pub(super) fn conceal(key: &str, value: &Node, path: &Path<'_>, say: &mut Said) {
    let is_name = looks_secret(key) && key != "secrets" && !names_object(key);
    if !is_name && !is_content(key, value, path) {
        return;
    }
    let path = path.to_string();
    let Value::Scalar(scalar) = &value.value else {
        if key == "content" || wants_texts(&path) {
            hide_all(value, say);
        }
        return;
    };
    if scalar.text.is_empty() || scalar.text.contains('$') || is_switch(&scalar.text) {
        return;
    }
    if path.contains("labels") || path.contains("annotations") {
        say.hold_secret(value.span, &scalar.text);
    }
    say.hold_written(value.span, &scalar.text);
    say.conceal(value.span);
}

/// `content` of a secret, and a text where a secret should be.
fn is_content(key: &str, value: &Node, path: &Path<'_>) -> bool {
    let is_text = || value.as_scalar().is_some_and(|scalar| !scalar.is_null());
    match key {
        "content" => path.to_string().contains("secrets"),
        _ => path.is_top("secrets") && is_text(),
    }
}

/// Whether the keys there are the user's, with one text each.
fn wants_texts(path: &str) -> bool {
    const ENDS: [&str; 7] = [
        ".environment",
        ".args",
        "labels",
        "annotations",
        "driver_opts",
        ".options",
        "storage_opt",
    ];
    ENDS.iter().any(|end| path.ends_with(end))
}

fn is_switch(text: &str) -> bool {
    ["true", "false", "yes", "no", "null", "~"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// Hides every text at and below a node, keys too.
fn hide_all(node: &Node, say: &mut Said) {
    match &node.value {
        Value::Scalar(scalar) => {
            if !scalar.text.is_empty() && !is_switch(&scalar.text) {
                say.hold_written(node.span, &scalar.text);
                say.conceal(node.span);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| hide_all(item, say)),
        Value::Mapping(mapping) => {
            for entry in mapping.iter() {
                if entry.key.text.len() >= 8 {
                    say.hold_written(entry.key.span, &entry.key.text);
                    say.conceal(entry.key.span);
                }
                hide_all(&entry.value, say);
            }
        }
    }
}

/// A text with a reference that is none: what looks like one may be a part of a
/// password.
pub(super) fn conceal_faulty(scalar: &Scalar, span: Span, path: &Path<'_>, say: &mut Said) {
    let path = path.to_string();
    let key = path.rsplit('.').next().unwrap_or_default();
    let item = scalar.text.split_once('=').map_or("", |(key, _)| key);
    if looks_secret(key) || looks_secret(item) {
        say.hold_written(span, &scalar.text);
        say.conceal(span);
    }
}

fn holds_variables(path: &Path<'_>) -> bool {
    holds_variables_in(&path.to_string())
}

fn holds_variables_in(path: &str) -> bool {
    path.contains(".environment")
}
