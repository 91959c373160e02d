//! Values as the wizard gives them: an empty one says nothing.

use kubewright_model::Located;
use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Node, Value};

use crate::fields::{At, Fields, did_you_mean, shown};

/// True for `null`, `""`, `[]` and `{}`.
pub(super) fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.is_null() || scalar.text.trim().is_empty(),
        Value::Sequence(items) => items.is_empty(),
        Value::Mapping(mapping) => mapping.is_empty(),
    }
}

/// True where nothing is asked for: an empty value, or `false`.
pub(super) fn is_off(node: &Node) -> bool {
    let word = node.as_scalar().map(|scalar| &*scalar.text);
    is_empty(node) || word == Some("false")
}

/// True for a row of a form in which nothing stands but what the form `preselects`.
pub(super) fn is_blank(at: &At<'_>, preselects: &[&str]) -> bool {
    let says = |key: &str, node: &Node| {
        let is_preselected = preselects.contains(&key) && node.as_scalar().is_some();
        !is_empty(node) && !is_preselected
    };
    let row = at.node.as_mapping();
    row.is_some_and(|row| !row.iter().any(|entry| says(&entry.key.text, &entry.value)))
}

/// The value of a key that says something.
pub(super) fn given<'f>(fields: &'f Fields<'_>, key: &'static str) -> Option<At<'f>> {
    fields.get(key).filter(|at| !is_empty(at.node))
}

/// The rows of a list; `null` is none.
pub(super) fn rows<'a>(at: &'a At<'_>) -> Vec<At<'a>> {
    let items = at.items().into_iter();
    items.filter(|item| !item.is_null()).collect()
}

/// A text, also where a number stands.
pub(super) fn text(fields: &Fields<'_>, key: &'static str) -> Option<Located<String>> {
    let text = given(fields, key)?.scalar()?;
    Some(text.map(|text| text.trim().to_owned()))
}

/// A number of 0 and more, also as a string.
pub(super) fn count(fields: &Fields<'_>, key: &'static str) -> Option<Located<u32>> {
    given(fields, key)?.count()
}

/// Whether `enabled` switches something off; a value that is neither true nor false
/// is told, and does not.
pub(super) fn is_switched_off(fields: &Fields<'_>) -> bool {
    let Some(at) = fields.get("enabled") else {
        return false;
    };
    if !is_off(at.node) {
        at.bool();
    }
    is_off(at.node)
}

/// True or false; nothing where `false` is what holds anyway.
pub(super) fn flag(fields: &Fields<'_>, key: &'static str) -> Option<Located<bool>> {
    given(fields, key)?.bool().filter(|flag| flag.value)
}

/// One of several words.
pub(super) fn choice<T: Copy>(at: &At<'_>, choices: &[(&'static str, T)]) -> Option<Located<T>> {
    let text = at.scalar()?;
    let found = choices.iter().find(|(word, _)| *word == text.value.trim());
    match found {
        Some((_, choice)) => Some(Located::new(*choice, text.span)),
        None => {
            let words = || choices.iter().map(|(word, _)| *word);
            at.bad(
                format!(
                    "{} is nothing that `{}` can be",
                    shown(&text.value),
                    at.name
                ),
                did_you_mean(&text.value, words),
            );
            None
        }
    }
}

/// One of several words under a key.
pub(super) fn chosen<T: Copy>(
    fields: &Fields<'_>,
    key: &'static str,
    choices: &[(&'static str, T)],
) -> Option<Located<T>> {
    choice(&given(fields, key)?, choices)
}

/// The value that stands under one of several names. Two that differ are the
/// error `two-alternatives`.
pub(super) fn alias<'f>(
    fields: &'f Fields<'_>,
    keys: &[&'static str],
) -> Option<(&'static str, At<'f>)> {
    let mut found: Option<(&'static str, At<'f>)> = None;
    for key in keys {
        let Some(at) = given(fields, key) else {
            continue;
        };
        match &found {
            None => found = Some((key, at)),
            Some((first, other)) if !same(other.node, at.node) => {
                two_values(fields.what(), (first, other.span()), key, &at);
            }
            Some(_) => {}
        }
    }
    found
}

/// Whether both say the same, be it a number or its digits.
pub(super) fn same(one: &Node, other: &Node) -> bool {
    match (one.as_scalar(), other.as_scalar()) {
        (Some(one), Some(other)) => one.text == other.text,
        (Some(_) | None, _) => one.same(other),
    }
}

/// The error for one thing that is said twice, and differently.
pub(super) fn two_values(what: &str, first: (&str, Span), key: &str, at: &At<'_>) {
    let said = Diagnostic::error(
        "two-alternatives",
        at.span(),
        format!("`{key}` of {what} is not what `{}` says", first.0),
    );
    let said = said.related(first.1, format!("`{}` stands here", first.0));
    at.push(said.help(format!("keep `{}` or `{key}`", first.0)));
}
