//! Mappings, of which each key is asked for by name.

use std::cell::RefCell;

use kubewright_model::{Duration, Invalid, Located};
use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Mapping, Value};

use super::{At, did_you_mean};

impl<'a> At<'a> {
    /// Keys with their places, and values.
    pub fn entries(&'a self) -> Vec<(Located<&'a str>, Self)> {
        let Some(mapping) = self.node.as_mapping() else {
            self.wrong_type("a mapping");
            return Vec::new();
        };
        let entry = |entry: &'a kubewright_yaml::Entry| {
            let key = Located::new(&*entry.key.text, entry.key.span);
            (key, self.down(&entry.key.text, &entry.value))
        };
        mapping.iter().map(entry).collect()
    }

    /// A mapping of scalars, or a list of `key=value`.
    pub fn pairs(&'a self) -> Vec<Pair> {
        match &self.node.value {
            Value::Sequence(_) => {
                let items = self.items();
                items.iter().filter_map(At::pair).collect()
            }
            Value::Mapping(_) => {
                let entries = self.entries();
                entries
                    .iter()
                    .filter_map(|(key, at)| at.pair_under(*key))
                    .collect()
            }
            Value::Scalar(_) => {
                self.wrong_type("a mapping or a list");
                Vec::new()
            }
        }
    }

    fn pair(&self) -> Option<Pair> {
        let text = self.text()?;
        let scalar = self.node.as_scalar()?;
        // Places within the text are those of the file only without escapes.
        let lead = (text.span.end - text.span.start) as usize;
        let lead = lead.saturating_sub(scalar.text.len()) / 2;
        let (key, value) = match text.value.split_once('=') {
            Some((key, value)) => {
                let at = lead + key.len() + 1;
                let span = text.span.part(at, at + value.len());
                (key, Some(Located::new(value.to_owned(), span)))
            }
            None => (text.value.as_str(), None),
        };
        let key_span = text.span.part(lead, lead + key.len());
        Some(Pair {
            key: Located::new(key.to_owned(), key_span),
            value,
            path: self.path.to_string(),
        })
    }

    fn pair_under(&self, key: Located<&str>) -> Option<Pair> {
        let value = match self.is_null() {
            true => None,
            false => Some(self.scalar()?),
        };
        Some(Pair {
            key: key.map(str::to_owned),
            value,
            path: self.path.to_string(),
        })
    }

    /// The keys of a mapping, to be asked for one by one. `what` names it in
    /// messages: ``service `web` ``.
    pub fn fields(self, what: impl Into<String>) -> Option<Fields<'a>> {
        let Some(mapping) = self.node.as_mapping() else {
            self.wrong_type("a mapping");
            return None;
        };
        Some(Fields {
            at: self,
            mapping,
            what: what.into(),
            asked: RefCell::default(),
            known: RefCell::default(),
        })
    }
}

/// One line of a mapping of scalars, or one `key=value` of a list.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What stands before the `=`.
    pub key: Located<String>,
    /// What stands behind it; none where there is no `=`, or nothing in the mapping.
    pub value: Option<Located<String>>,
    /// Its key path.
    pub path: String,
}

/// A mapping of which each key is asked for by name.
#[derive(Debug)]
pub struct Fields<'a> {
    at: At<'a>,
    mapping: &'a Mapping,
    what: String,
    /// Some stand here more than once: looking through all of them at each
    /// question costs more than the room.
    asked: RefCell<Vec<&'static str>>,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// The mapping itself.
    pub fn at(&self) -> &At<'a> {
        &self.at
    }

    /// What it is called in messages.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Its entries, asked for or not.
    pub fn mapping(&self) -> &'a Mapping {
        self.mapping
    }

    /// The value of a key, which is asked for by that. A key without a value
    /// is there, too: see [`At::is_null`].
    pub fn get(&self, key: &'static str) -> Option<At<'_>> {
        self.asked.borrow_mut().push(key);
        let node = self.mapping.get(key)?;
        Some(At {
            node,
            path: self.at.path.key(key),
            name: key,
            report: self.at.report,
        })
    }

    /// Where a key stands.
    pub fn key_span(&self, key: &str) -> Span {
        let entry = self.mapping.get_entry(key);
        entry.map_or(self.at.span(), |entry| entry.key.span)
    }

    /// The value of a key that must be there: the error `missing-key` else.
    pub fn need(&self, key: &'static str) -> Option<At<'_>> {
        let value = self.get(key);
        if value.is_none() {
            self.at.error(
                "missing-key",
                format!("{} has no `{key}`", self.what),
                format!("add `{key}`"),
            );
        }
        value
    }

    /// Whether a key is given. Looking does not count as asking for it.
    pub fn has(&self, key: &str) -> bool {
        self.mapping.contains_key(key)
    }

    /// Keys that are known here, whether or not they are asked for: candidates
    /// for "did you mean". Those that are given and never asked for are the
    /// warning `not-carried`.
    pub fn knows(&self, keys: impl IntoIterator<Item = &'static str>) {
        self.known.borrow_mut().extend(keys);
    }

    /// See [`At::text`].
    pub fn text(&self, key: &'static str) -> Option<Located<String>> {
        self.get(key)?.text()
    }

    /// See [`At::bool`].
    pub fn bool(&self, key: &'static str) -> Option<Located<bool>> {
        self.get(key)?.bool()
    }

    /// See [`At::count`].
    pub fn count(&self, key: &'static str) -> Option<Located<u32>> {
        self.get(key)?.count()
    }

    /// See [`At::duration`].
    pub fn duration(&self, key: &'static str) -> Option<Located<Duration>> {
        self.get(key)?.duration()
    }

    /// See [`At::parse`].
    pub fn parse<T>(
        &self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<Located<T>> {
        self.get(key)?.parse(parse)
    }

    /// The error `two-alternatives` where both keys are given; true then.
    pub fn either(&self, one: &'static str, other: &'static str) -> bool {
        let (Some(first), Some(_)) = (self.mapping.get_entry(one), self.mapping.get_entry(other))
        else {
            return false;
        };
        let said = Diagnostic::error(
            "two-alternatives",
            self.key_span(other),
            format!(
                "{} has `{one}` and `{other}`, which say the same thing twice",
                self.what
            ),
        );
        let said = said
            .related(first.key.span, format!("`{one}` stands here"))
            .help(format!("keep `{one}` or `{other}`"));
        self.at.push(said);
        true
    }

    /// Reports every key that nobody asked for: `unknown-key` with the nearest
    /// of the known ones. Keys that begin with `x-` are extensions.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        let known = self.known.borrow();
        for entry in self.mapping {
            let key = &*entry.key.text;
            if asked.contains(&key) || key.starts_with("x-") {
                continue;
            }
            let said = if known.contains(&key) {
                Diagnostic::warning(
                    "not-carried",
                    entry.key.span,
                    format!("`{key}` of {} is not carried over", self.what),
                )
                .help("it has no effect beside what else is said here; leave it out")
            } else {
                let candidates = || asked.iter().chain(known.iter()).copied();
                Diagnostic::error(
                    "unknown-key",
                    entry.key.span,
                    format!("unknown key `{key}` in {}", self.what),
                )
                .help(did_you_mean(key, candidates))
            };
            let path = self.at.path.key(key).to_string();
            self.at.report.push(said.path(path));
        }
    }
}
