//! How values are taken from a tree that is written long.

use std::collections::BTreeMap;

use kubewright_model::{Duration, Given, Invalid, Located};
use kubewright_source::suggest::either;

use crate::apps::long::{keeps_order, written_name};
use crate::fields::{At, Fields, did_you_mean, shown};

/// A scalar as it is written: `1.10` and `yes` stay what they are.
pub(in crate::apps) fn word(at: &At<'_>) -> Given<String> {
    let scalar = at.node.as_scalar().filter(|scalar| !scalar.is_null())?;
    Some(Located::new(scalar.text.to_string(), at.span()))
}

/// The text of a key.
pub(super) fn text(fields: &Fields<'_>, key: &'static str) -> Given<String> {
    word(&fields.get(key)?)
}

/// A scalar through the constructor of a small value.
pub(super) fn parsed<T>(
    fields: &Fields<'_>,
    key: &'static str,
    parse: impl FnOnce(&str) -> Result<T, Invalid>,
) -> Given<T> {
    let at = fields.get(key)?;
    let text = word(&at)?;
    at.checked(&text, parse)
}

/// A span of time; a bare number is seconds.
pub(super) fn duration(fields: &Fields<'_>, key: &'static str) -> Given<Duration> {
    parsed(fields, key, Duration::parse)
}

/// A number through the constructor of a small value.
pub(super) fn numbered<T>(at: &At<'_>, make: impl FnOnce(u64) -> Result<T, Invalid>) -> Given<T> {
    let number = at.count()?;
    match make(u64::from(number.value)) {
        Ok(value) => Some(Located::new(value, number.span)),
        Err(invalid) => {
            at.bad_value(number.span, &number.value.to_string(), invalid);
            None
        }
    }
}

/// A number of a key; see [`numbered`].
pub(super) fn number<T>(
    fields: &Fields<'_>,
    key: &'static str,
    make: impl FnOnce(u64) -> Result<T, Invalid>,
) -> Given<T> {
    numbered(&fields.get(key)?, make)
}

/// One of some words, in any case.
pub(super) fn choice<T: Copy>(at: &At<'_>, words: &[(&'static str, T)]) -> Given<T> {
    let text = word(at)?;
    let found = words
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&text));
    if found.is_none() {
        let names = || words.iter().map(|(name, _)| *name);
        let help = match words.len() {
            0..=6 => format!("write {}", either(names())),
            _ => did_you_mean(&text, names),
        };
        at.bad(
            format!("`{}` is {}, which there is not", at.name, shown(&text)),
            help,
        );
    }
    found.map(|(_, value)| Located::new(*value, text.span))
}

/// One of some words; see [`choice`].
pub(super) fn chosen<T: Copy>(
    fields: &Fields<'_>,
    key: &'static str,
    words: &[(&'static str, T)],
) -> Given<T> {
    choice(&fields.get(key)?, words)
}

/// The texts of a list.
pub(super) fn texts(fields: &Fields<'_>, key: &'static str) -> Vec<Located<String>> {
    let at = fields.get(key);
    let items = at.as_ref().map(At::items).unwrap_or_default();
    items.iter().filter_map(word).collect()
}

/// The items of a list through the constructor of a small value.
pub(super) fn list_of<T>(
    fields: &Fields<'_>,
    key: &'static str,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Vec<Located<T>> {
    let at = fields.get(key);
    let items = at.as_ref().map(At::items).unwrap_or_default();
    let item = |at: &At<'_>| at.checked(&word(at)?, &parse);
    items.iter().filter_map(item).collect()
}

/// Members with their names, in the order that counts: a list's own, a map's by
/// name. A name is none where none was written.
pub(super) fn members<'a>(at: &'a At<'a>) -> Vec<(Option<Located<&'a str>>, At<'a>)> {
    let listed = keeps_order(at.node);
    let mut entries = at.entries();
    if !listed {
        entries.sort_by(|(one, _), (two, _)| one.value.cmp(two.value));
    }
    let named = |(key, at): (Located<&'a str>, At<'a>)| {
        let name = written_name(key.value).map(|name| Located::new(name, key.span));
        (name, at)
    };
    entries.into_iter().map(named).collect()
}

/// Names with texts, both through constructors.
pub(super) fn pairs<K: Ord, V>(
    fields: &Fields<'_>,
    key: &'static str,
    name: impl Fn(&str) -> Result<K, Invalid>,
    value: impl Fn(&str) -> Result<V, Invalid>,
) -> BTreeMap<K, Located<V>> {
    let mut found = BTreeMap::new();
    let Some(at) = fields.get(key) else {
        return found;
    };
    for (written, at) in at.entries() {
        let written = written.map(str::to_owned);
        let (Some(name), Some(text)) = (at.checked(&written, &name), word(&at)) else {
            continue;
        };
        if let Some(value) = at.checked(&text, &value) {
            found.insert(name.value, value);
        }
    }
    found
}

/// Any text is good.
pub(super) fn any(text: &str) -> Result<String, Invalid> {
    Ok(text.to_owned())
}
