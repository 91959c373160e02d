//! Secrets in the midst of texts: a password among the arguments of a program. The
//! file has a variable of `.env` in their place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use kubewright_knowledge::secret::{assigned, assigned_words, credentials, looks_secret};
use kubewright_model::value::SecretText;
use kubewright_source::SecretValues;
use kubewright_yaml::{Key, Mapping, Node, Value};

use super::secret::Needed;
use super::tree::{Map, escaped, raw};
use crate::apps::table::ENTRY_SECTIONS;
use crate::interpolate::{Dialect, Piece, pieces};

/// What is put in the place of secrets.
pub(super) struct Hide<'a> {
    /// Values that variables of the input brought.
    known: &'a SecretValues,
    /// Variables with their values; none: not known.
    variables: BTreeMap<String, Option<String>>,
    /// Those that were added.
    added: Vec<Needed>,
}

/// Where a text stands.
#[derive(Clone, Copy)]
struct Place<'p> {
    /// The entry, or what else is at the top.
    entry: &'p str,
    /// The key above that of the text.
    above: &'p str,
    /// The key of the text.
    key: &'p str,
}

impl<'p> Place<'p> {
    /// What is under a key of an entry, or of the top.
    fn of(entry: &'p str, key: &'p Key) -> Self {
        Self {
            entry,
            above: "",
            key: &key.text,
        }
    }

    /// What is under a key of this.
    fn under(self, key: &'p Key) -> Self {
        Self {
            entry: self.entry,
            above: self.key,
            key: &key.text,
        }
    }
}

/// Replaces secrets in a tree by variables; gives back those that are needed
/// beside `needed`.
pub(super) fn hide(root: &mut Node, known: &SecretValues, needed: &[Needed]) -> Vec<Needed> {
    let value = |needed: &Needed| needed.known.as_ref().map(|text| text.reveal().to_owned());
    let variables = needed.iter();
    let variables = variables.map(|needed| (needed.variable.clone(), value(needed)));
    let mut hide = Hide {
        known,
        variables: variables.collect(),
        added: Vec::new(),
    };
    let Some(mapping) = root.as_mapping_mut() else {
        return hide.added;
    };
    for (section, node) in mapping.values_mut() {
        let is_section = ENTRY_SECTIONS
            .iter()
            .any(|known| known.key == &*section.text);
        match node.as_mapping_mut().filter(|_| is_section) {
            Some(entries) => {
                for (name, entry) in entries.values_mut() {
                    hide.node(entry, Place::of(&name.text, name));
                }
            }
            None if &*section.text == "objects" => {
                for object in items_mut(node) {
                    hide.object(object);
                }
            }
            None => hide.node(node, Place::of(&section.text, section)),
        }
    }
    hide.added
}

fn items_mut(node: &mut Node) -> &mut [Node] {
    match &mut node.value {
        Value::Sequence(items) => items,
        Value::Scalar(_) | Value::Mapping(_) => &mut [],
    }
}

impl Hide<'_> {
    /// An object of the user's own; all that a Secret holds is secret.
    fn object(&mut self, object: &mut Node) {
        let text = |node: Option<&Node>| {
            let scalar = node?.as_scalar()?;
            Some(scalar.text.to_string())
        };
        let kind = text(object.get("kind"));
        let name = object.get("metadata").and_then(|node| node.get("name"));
        let name = text(name).unwrap_or_else(|| "objects".to_owned());
        let whole = kind.as_deref() == Some("Secret");
        let Some(mapping) = object.as_mapping_mut() else {
            return;
        };
        for (key, node) in mapping.values_mut() {
            let is_data = whole && matches!(&*key.text, "data" | "stringData");
            match node.as_mapping_mut().filter(|_| is_data) {
                Some(data) => self.data(data, &name),
                None => self.node(node, Place::of(&name, key)),
            }
        }
    }

    fn data(&mut self, data: &mut Mapping, name: &str) {
        for (key, node) in data.values_mut() {
            let text = node.as_scalar().and_then(|scalar| literal(&scalar.text));
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                let variable = self.variable(&text, name, &key.text);
                *node = raw(&format!("${{{variable}}}"));
            }
        }
    }

    fn node(&mut self, node: &mut Node, at: Place<'_>) {
        match &mut node.value {
            Value::Mapping(mapping) => self.mapping(mapping, at),
            Value::Sequence(items) if matches!(at.key, "command" | "args" | "exec") => {
                self.words(items, at);
            }
            Value::Sequence(items) => {
                for item in items {
                    self.node(item, at);
                }
            }
            Value::Scalar(scalar) => {
                let is_line = matches!(at.key, "command" | "args" | "exec");
                let Some(text) = literal(&scalar.text) else {
                    if let Some(hidden) = self.beside_references(&scalar.text, at) {
                        *node = hidden;
                    }
                    return;
                };
                let mut found = self.values(&text, at);
                if is_line {
                    found.extend(assigned(&text));
                }
                if let Some(hidden) = self.without(&text, found, at) {
                    *node = hidden;
                }
            }
        }
    }

    fn mapping(&mut self, mapping: &mut Mapping, at: Place<'_>) {
        // Arguments of a build are a mapping, those of a program are not.
        let are_arguments = at.key == "args";
        for (key, node) in mapping.values_mut() {
            // Names of files are taken as they stand.
            if at.above == "files" && &*key.text == "source" {
                continue;
            }
            let whole = node.as_scalar().filter(|_| are_arguments);
            let whole = whole.and_then(|scalar| literal(&scalar.text));
            let is_secret = |text: &str| {
                looks_secret(&key.text) || !self.values(text, at.under(key)).is_empty()
            };
            match whole.filter(|text| !text.is_empty() && is_secret(text)) {
                // Whoever builds has it in the variable of that name.
                Some(text) => {
                    self.need(&key.text, &text);
                    *node = Map::with("variable", raw(&key.text)).node();
                }
                None => self.node(node, at.under(key)),
            }
        }
    }

    /// A command line, word by word.
    fn words(&mut self, items: &mut [Node], at: Place<'_>) {
        let text = |node: &Node| {
            let scalar = node.as_scalar()?;
            literal(&scalar.text).map(Cow::into_owned)
        };
        let words: Vec<String> = items
            .iter()
            .map(|node| text(node).unwrap_or_default())
            .collect();
        let written: Vec<&str> = words.iter().map(String::as_str).collect();
        let behind = assigned_words(&written);
        for (index, word) in words.iter().enumerate() {
            let mut found = self.values(word, at);
            found.extend(assigned(word));
            let mut option = at.key;
            let own = behind.iter().filter(|(at, _)| *at == index);
            for (_, range) in own {
                found.push(range.clone());
                let before = index.checked_sub(1).and_then(|at| words.get(at));
                if let Some(before) = before.filter(|_| range.start == 0) {
                    option = before;
                }
            }
            let at = Place { key: option, ..at };
            if let Some(hidden) = self.without(word, found, at) {
                items[index] = hidden;
            }
        }
    }

    /// Where secrets stand that are known by their values or their form. The value of
    /// a variable is what the input takes for no secret.
    fn values(&self, text: &str, at: Place<'_>) -> Vec<Range<usize>> {
        let mut found = match at.key {
            "value" => Vec::new(),
            _ => credentials(text),
        };
        found.extend(self.known.found_in(text));
        found
    }

    /// The text with variables in the place of secrets; none where there are none.
    fn without(&mut self, text: &str, mut found: Vec<Range<usize>>, at: Place<'_>) -> Option<Node> {
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let (mut out, mut done) = (String::new(), 0);
        for range in found {
            if range.start < done || range.is_empty() {
                continue;
            }
            let before = &text[done..range.start];
            let hint = option(before).unwrap_or(at.key);
            out.push_str(&escaped(before));
            let variable = self.variable(&text[range.clone()], at.entry, hint);
            out.push_str(&format!("${{{variable}}}"));
            done = range.end;
        }
        if done == 0 {
            return None;
        }
        out.push_str(&escaped(&text[done..]));
        Some(raw(&out))
    }

    /// The same for a text that holds references, too.
    fn beside_references(&mut self, text: &str, at: Place<'_>) -> Option<Node> {
        let (mut out, mut done) = (String::new(), 0);
        for range in self.values(text, at) {
            if range.start < done || range.is_empty() || text[range.clone()].contains('$') {
                continue;
            }
            out.push_str(&text[done..range.start]);
            let variable = self.variable(&text[range.clone()], at.entry, at.key);
            out.push_str(&format!("${{{variable}}}"));
            done = range.end;
        }
        (done > 0).then(|| raw(&(out + &text[done..])))
    }

    /// A variable that has to be set.
    fn need(&mut self, variable: &str, value: &str) {
        let known = self.variables.entry(variable.to_owned());
        if let Entry::Vacant(free) = known {
            free.insert(Some(value.to_owned()));
            self.added.push(Needed {
                variable: variable.to_owned(),
                known: Some(SecretText::new(value)),
            });
        }
    }

    /// The variable that holds a value: one that does so already, else one that is
    /// called like what the value is given to.
    fn variable(&mut self, value: &str, entry: &str, hint: &str) -> String {
        let mut known = self.variables.iter();
        let same = known.find(|(_, known)| known.as_deref() == Some(value));
        if let Some((variable, _)) = same {
            return variable.clone();
        }
        let own = upper(&format!("{entry}_{}", hint.trim_matches('-')));
        let numbered = (2..).map(|number: usize| format!("{own}_{number}"));
        let mut names = std::iter::once(own.clone()).chain(numbered);
        let free = names.find(|name| !self.variables.contains_key(name));
        let free = free.unwrap_or(own);
        self.need(&free, value);
        free
    }
}

/// What a text says that holds no reference.
pub(super) fn literal(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('$') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text, Dialect::Apps) {
        match piece {
            Ok(Piece::Literal(text)) => out.push_str(text),
            Ok(Piece::Reference(_)) | Err(_) => return None,
        }
    }
    Some(Cow::Owned(out))
}

/// The name that a value is given to: `--api-token=`, `password=`, `--password `.
fn option(before: &str) -> Option<&str> {
    let end = before.trim_end_matches(['=', ':', ' ', '"', '\'']);
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let start = end.rfind(|c| !is_word(c)).map_or(0, |at| {
        at + end[at..].chars().next().map_or(1, char::len_utf8)
    });
    let word = end[start..].trim_matches('-');
    (!word.is_empty() && end.len() < before.len()).then_some(word)
}

/// The name of a variable that is called like something else.
pub(super) fn upper(name: &str) -> String {
    let upper = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    };
    let name: String = name.chars().map(upper).collect();
    match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("_{name}"),
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_called_like_their_options() {
        let rows = [
            ("--password=", Some("password")),
            ("a --api-token ", Some("api-token")),
            ("user=a,password=", Some("password")),
            ("mysql -p", None),
            ("", None),
            ("€=", None),
        ];
        for (before, expected) in rows {
            assert_eq!(option(before), expected, "{before}");
        }
    }
}
