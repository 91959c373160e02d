//! Values as they are written, before variables were filled in, and without
//! secrets.

use std::collections::BTreeMap;

use kubewright_knowledge::{Family, secret};
use kubewright_source::{SourceId, Sources};
use kubewright_yaml::{Limits, Node, Scalar, read_document};

/// What stands in the place of a secret within a longer text.
const HIDDEN: &str = "***";

/// Reads values back from the texts that they were read from.
pub(super) struct Written<'a> {
    pub(super) sources: &'a Sources,
}

impl Written<'_> {
    /// A scalar as it is written; none where it says nothing or the writing cannot be told
    /// from its place.
    pub(super) fn scalar(&self, node: &Node) -> Option<String> {
        let scalar = node.as_scalar()?;
        let Some(text) = self.sources.text(node.span) else {
            return told(scalar);
        };
        // What is spelled without a reference had nothing filled in.
        if !text.contains('$') {
            return told(scalar);
        }
        let limits = Limits::default();
        let read = read_document(text, SourceId::NONE, &limits).ok()??;
        told(read.as_scalar()?).map(|text| without_defaults(&undoubled(&text)))
    }

    /// A text with secrets hidden.
    pub(super) fn shown(&self, node: &Node) -> Option<String> {
        self.scalar(node).map(|text| hidden(&text))
    }

    /// Words joined by spaces, or the text that stands for them.
    pub(super) fn words(&self, node: &Node) -> Option<String> {
        match node.as_sequence() {
            None => self.shown(node),
            Some(items) => {
                let words: Vec<String> =
                    items.iter().filter_map(|item| self.scalar(item)).collect();
                Some(hidden_words(&words))
            }
        }
    }

    /// Names and values, of a mapping or of a list of `NAME=value`; values that look secret
    /// are none.
    pub(super) fn pairs(
        &self,
        node: &Node,
        family: Option<&Family>,
    ) -> BTreeMap<String, Option<String>> {
        let mut pairs = BTreeMap::new();
        let mut add = |name: &str, value: Option<String>| {
            let value = value.filter(|value| !is_secret(name, value, family));
            pairs.insert(name.to_owned(), value);
        };
        for entry in node.as_mapping().into_iter().flat_map(|map| map.iter()) {
            add(&entry.key.text, self.scalar(&entry.value));
        }
        for item in node.as_sequence().into_iter().flatten() {
            // The name alone: the value is the environment's, and not ours to tell.
            let Some(text) = self.scalar(item) else {
                continue;
            };
            match text.split_once('=') {
                Some((name, value)) => add(name.trim_end(), Some(value.to_owned())),
                None => add(&text, None),
            }
        }
        pairs
    }
}

/// What a scalar says, as compose reads it.
fn told(scalar: &Scalar) -> Option<String> {
    scalar.go_string().map(std::borrow::Cow::into_owned)
}

/// `$$` is `$` where nothing else is a reference; where something is, the text
/// stays as it is, for whoever fills in variables later.
fn undoubled(text: &str) -> String {
    match text.replace("$$", "").contains('$') {
        true => text.to_owned(),
        false => text.replace("$$", "$"),
    }
}

/// A text with stars for what variables are by default (`${NAME:-x}`) or are
/// replaced with (`${NAME:+x}`), where their names look secret.
fn without_defaults(text: &str) -> String {
    let Some((before, behind)) = text.split_once("${") else {
        return text.to_owned();
    };
    let is_word = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let end = behind.find(|c| !is_word(c)).unwrap_or(behind.len());
    let (name, rest) = behind.split_at(end);
    let operator = [":-", "-", ":+", "+"]
        .into_iter()
        .find(|operator| rest.starts_with(operator));
    let (shown, rest) = match operator {
        Some(operator) if may_be_secret(name) => {
            let value = &rest[operator.len()..];
            let value = &value[..length(value)];
            let shown = if value.is_empty() { "" } else { HIDDEN };
            let behind = &rest[operator.len() + value.len()..];
            (format!("{operator}{shown}"), behind)
        }
        Some(_) | None => (String::new(), rest),
    };
    format!("{before}${{{name}{shown}{}", without_defaults(rest))
}

/// How far a default goes: up to the brace that closes its variable.
fn length(value: &str) -> usize {
    let mut open = 0_usize;
    for (at, sign) in value.char_indices() {
        match sign {
            '{' if value[..at].ends_with('$') => open += 1,
            '}' if open == 0 => return at,
            '}' => open -= 1,
            _ => {}
        }
    }
    value.len()
}

/// Also by the short words that people give to passwords, whole or at the end.
fn may_be_secret(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or_default();
    let short = ["pw", "pass", "pwd", "pat", "salt", "pin", "psk"];
    secret::looks_secret(name) || short.iter().any(|word| last.eq_ignore_ascii_case(word))
}

fn is_secret(name: &str, value: &str, family: Option<&Family>) -> bool {
    let by_name = secret::looks_secret(name) || family.is_some_and(|f| f.keeps_secret(name));
    let by_value = || secret::holds_password(value) || secret::holds_credential(value);
    !value.is_empty() && !is_reference(value) && (by_name || by_value())
}

/// `$NAME`, `${NAME}`, `${NAME:-}` or `${NAME:?why}` and nothing else: it tells
/// nothing.
fn is_reference(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('$') else {
        return false;
    };
    let braced = rest
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let body = braced.unwrap_or(rest);
    let end = body.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
    let (name, operator) = body.split_at(end.unwrap_or(body.len()));
    let tells_nothing = matches!(operator, "" | ":-" | "-")
        || operator.starts_with([':', '?']) && operator.trim_start_matches(':').starts_with('?');
    !name.is_empty()
        && tells_nothing
        && (braced.is_some() || operator.is_empty())
        && !operator.contains('}')
}

/// A text with stars where secrets stand.
pub(crate) fn hidden(text: &str) -> String {
    let mut places = secret::assigned(text);
    places.extend(secret::credentials(text));
    places.sort_unstable_by_key(|place| (place.start, place.end));
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        if place.start < at {
            continue;
        }
        shown.push_str(text.get(at..place.start).unwrap_or_default());
        shown.push_str(HIDDEN);
        at = place.end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    let words = shown.split(' ');
    let words: Vec<&str> = words.map(without_password).collect();
    words.join(" ")
}

/// Words joined by spaces, with stars where secrets stand.
fn hidden_words(words: &[String]) -> String {
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut shown = words.to_vec();
    // From the last, so that places before stay what they are.
    for (at, place) in secret::assigned_words(&plain).into_iter().rev() {
        if let Some(word) = shown
            .get_mut(at)
            .filter(|word| word.get(place.clone()).is_some())
        {
            word.replace_range(place, HIDDEN);
        }
    }
    let shown: Vec<String> = shown.iter().map(|word| hidden_word(word)).collect();
    shown.join(" ")
}

/// One word: what an option is given is all of it, spaces too.
fn hidden_word(word: &str) -> String {
    match word.split_once('=') {
        Some((name, value)) if is_secret(name.trim_start_matches('-'), value, None) => {
            format!("{name}={HIDDEN}")
        }
        Some(_) | None => hidden(word),
    }
}

fn without_password(word: &str) -> &str {
    match secret::holds_password(word) {
        true => HIDDEN,
        false => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_of_secrets_are_stars() {
        let table = [
            ("${PW:-hunter2}", "${PW:-***}"),
            ("${DB_PASSWORD-hunter2} b", "${DB_PASSWORD-***} b"),
            ("${API_TOKEN:+hunter2}", "${API_TOKEN:+***}"),
            ("a${X:-${ROOT_PASS:-hunter2}}b", "a${X:-${ROOT_PASS:-***}}b"),
            ("${ROOT_PASS:-${X:-hunter2}}b", "${ROOT_PASS:-***}b"),
            ("${PW:-}", "${PW:-}"),
            ("${PW:?say it}", "${PW:?say it}"),
            ("${LOG_LEVEL:-info}", "${LOG_LEVEL:-info}"),
            ("${PW:-hunter2", "${PW:-***"),
            ("$PW ${", "$PW ${"),
        ];
        for (text, expected) in table {
            assert_eq!(without_defaults(text), expected);
        }
    }

    #[test]
    fn secrets_in_texts_are_stars() {
        let table = [
            (
                "redis-server --requirepass hunter2",
                "redis-server --requirepass ***",
            ),
            ("psql postgres://a:hunter2@db/a -c x", "psql *** -c x"),
            ("a --token=$TOKEN", "a --token=$TOKEN"),
            (
                "a --token $TOKEN --password x",
                "a --token $TOKEN --password ***",
            ),
            ("a --password --verbose b", "a --password --verbose b"),
            ("plain words", "plain words"),
        ];
        for (text, expected) in table {
            assert_eq!(hidden(text), expected);
        }
    }

    #[test]
    fn secrets_in_words_are_stars() {
        let words = ["CMD", "redis-cli", "-a", "hunter 2", "--token=x y", "ping"];
        let words = words.map(str::to_owned);
        assert_eq!(
            hidden_words(&words),
            "CMD redis-cli -a *** --token=*** ping"
        );
    }

    #[test]
    fn references_tell_nothing() {
        for (value, expected) in [
            ("$A", true),
            ("${A_1}", true),
            ("${A:-b}", false),
            ("${A:-}", true),
            ("${A:?it is needed}", true),
            ("${A?}", true),
            ("${A:+b}", false),
            ("$A:-", false),
            ("${A}${B}", false),
            ("${A:-}b}", false),
            ("$", false),
            ("${A}b", false),
        ] {
            assert_eq!(is_reference(value), expected, "{value}");
        }
    }
}
