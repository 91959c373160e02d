//! A tree decoded key by key: every key is handed out once, and what nobody
//! asked for is reported.
//!
//! - [`Report`] collects what there is to say;
//! - [`At`] is one node together with its key path, with typed getters;
//! - [`Fields`] is a mapping of which each key is asked for by name.

use std::cell::RefCell;

use kubewright_model::{Duration, Invalid, Located};
use kubewright_source::suggest::{list, nearest};
use kubewright_source::{Diagnostic, Diagnostics, Severity, Span};
use kubewright_yaml::{Mapping, Node, Path, Resolved, Value};

/// What there is to say about a tree, in the order in which it was found.
#[derive(Debug, Default)]
pub struct Report(RefCell<Vec<Diagnostic>>);

impl Report {
    /// Takes one in.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    /// Hands all of it over.
    pub fn into_diagnostics(self, diagnostics: &mut Diagnostics) {
        diagnostics.extend(self.0.into_inner());
    }
}

/// One node of a tree: what stands there, its key path, and where to complain.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// What stands there.
    pub node: &'a Node,
    /// The key path down to it.
    pub path: Path<'a>,
    /// The nearest key above or at it, for messages.
    pub name: &'a str,
    /// Where complaints go.
    pub report: &'a Report,
}

impl<'a> At<'a> {
    /// The top of a document.
    pub fn root(node: &'a Node, report: &'a Report) -> Self {
        Self {
            node,
            path: Path::ROOT,
            name: "the file",
            report,
        }
    }

    /// The value of a key below.
    #[must_use]
    pub fn down(&'a self, key: &'a str, node: &'a Node) -> Self {
        Self {
            node,
            path: self.path.key(key),
            name: key,
            report: self.report,
        }
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// True where nothing is written.
    pub fn is_null(&self) -> bool {
        self.node.is_null()
    }

    /// Says something about this node.
    pub fn say(&self, severity: Severity, code: &'static str, message: String, help: String) {
        self.say_at(self.node.span, severity, code, message, help);
    }

    /// Says something about a part of this node.
    pub fn say_at(
        &self,
        span: Span,
        severity: Severity,
        code: &'static str,
        message: String,
        help: String,
    ) {
        let said = Diagnostic::new(severity, code, span, message);
        self.push(said.help(help));
    }

    /// Says a finished thing, with this node's key path.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.report.push(diagnostic.path(self.path.to_string()));
    }

    /// An error at this node.
    pub fn error(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.say(Severity::Error, code, message.into(), help.into());
    }

    /// A warning at this node.
    pub fn warn(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.say(Severity::Warning, code, message.into(), help.into());
    }

    /// A note at this node.
    pub fn note(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.say(Severity::Note, code, message.into(), help.into());
    }

    /// The error `wrong-type`.
    pub fn wrong_type(&self, wanted: &str) {
        let found = match &self.node.value {
            Value::Scalar(scalar) if !scalar.is_null() => shown(&scalar.text),
            Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_) => {
                self.node.kind().to_owned()
            }
        };
        self.error(
            "wrong-type",
            format!("`{}` wants {wanted}, found {found}", self.name),
            format!("write {wanted} here"),
        );
    }

    /// The error `bad-value` for a text that is not what it should be.
    pub fn bad_value(&self, span: Span, text: &str, invalid: Invalid) {
        self.say_at(
            span,
            Severity::Error,
            "bad-value",
            format!("{} is not {}: {}", shown(text), invalid.what, invalid.why),
            invalid.help,
        );
    }

    /// The error `bad-value` in one's own words.
    pub fn bad(&self, message: impl Into<String>, help: impl Into<String>) {
        self.error("bad-value", message, help);
    }

    /// A string. Numbers and booleans are none.
    pub fn text(&self) -> Option<Located<String>> {
        let scalar = self.node.as_scalar();
        let text = scalar.filter(|scalar| scalar.resolve() == Resolved::String);
        if let Some(text) = text {
            return Some(Located::new(text.text.to_string(), self.span()));
        }
        match scalar.filter(|scalar| !scalar.is_null()) {
            Some(scalar) => self.error(
                "wrong-type",
                format!(
                    "`{}` wants a string, found {} {}",
                    self.name,
                    scalar.resolve().kind(),
                    shown(&scalar.text)
                ),
                format!("put it in quotes: `\"{}\"`", scalar.text),
            ),
            None => self.wrong_type("a string"),
        }
        None
    }

    /// A string, number or boolean as Docker Compose prints it.
    pub fn scalar(&self) -> Option<Located<String>> {
        let text = self.node.as_scalar().and_then(|scalar| scalar.go_string());
        if text.is_none() {
            self.wrong_type("a string");
        }
        text.map(|text| Located::new(text.into_owned(), self.span()))
    }

    /// A boolean, or one in the words of YAML 1.1.
    pub fn bool(&self) -> Option<Located<bool>> {
        let scalar = self.node.as_scalar();
        let value = scalar.and_then(|scalar| match scalar.resolve() {
            Resolved::Bool(value) => Some(value),
            Resolved::String => match scalar.text.to_ascii_lowercase().as_str() {
                "true" | "y" | "yes" | "on" => Some(true),
                "false" | "n" | "no" | "off" => Some(false),
                _ => None,
            },
            Resolved::Null | Resolved::Int(_) | Resolved::Float(_) | Resolved::Timestamp => None,
        });
        if value.is_none() {
            self.wrong_type("true or false");
        }
        value.map(|value| Located::new(value, self.span()))
    }

    /// A whole number, also as a string.
    pub fn whole(&self) -> Option<Located<i64>> {
        let scalar = self.node.as_scalar();
        let value = scalar.and_then(|scalar| match scalar.resolve() {
            Resolved::Int(value) => i64::try_from(value).ok(),
            Resolved::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                Some(value as i64)
            }
            Resolved::String => scalar.text.trim().parse().ok(),
            Resolved::Null | Resolved::Bool(_) | Resolved::Float(_) | Resolved::Timestamp => None,
        });
        if value.is_none() {
            self.wrong_type("a whole number");
        }
        value.map(|value| Located::new(value, self.span()))
    }

    /// A whole number of 0 to 2³¹−1, as Kubernetes counts.
    pub fn count(&self) -> Option<Located<u32>> {
        let number = self.whole()?;
        let fits = u32::try_from(number.value)
            .ok()
            .filter(|number| *number <= i32::MAX as u32);
        if fits.is_none() {
            self.bad(
                format!(
                    "`{}` is {}, outside of 0–{}",
                    self.name,
                    number.value,
                    i32::MAX
                ),
                "write a whole number that is not negative",
            );
        }
        fits.map(|value| Located::new(value, number.span))
    }

    /// A scalar through the constructor of a small value.
    pub fn parse<T>(&self, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<Located<T>> {
        let text = self.scalar()?;
        self.checked(&text, parse)
    }

    /// A text through the constructor of a small value.
    pub fn checked<T>(
        &self,
        text: &Located<String>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<Located<T>> {
        match parse(&text.value) {
            Ok(value) => Some(Located::new(value, text.span)),
            Err(invalid) => {
                self.bad_value(text.span, &text.value, invalid);
                None
            }
        }
    }

    /// A span of time. Compose wants a unit behind every number.
    pub fn duration(&self) -> Option<Located<Duration>> {
        let text = self.text()?;
        self.checked(&text, Duration::parse)
    }

    /// The items of a list.
    pub fn items(&'a self) -> Vec<Self> {
        let Some(items) = self.node.as_sequence() else {
            self.wrong_type("a list");
            return Vec::new();
        };
        let item = |(index, node): (usize, &'a Node)| Self {
            node,
            path: self.path.index(index),
            name: self.name,
            report: self.report,
        };
        items.iter().enumerate().map(item).collect()
    }

    /// The items of a list, or the one thing that stands in its place.
    pub fn one_or_many(&'a self) -> Vec<Self> {
        match &self.node.value {
            Value::Sequence(_) => self.items(),
            Value::Scalar(_) | Value::Mapping(_) => vec![*self],
        }
    }

    /// The strings of a list.
    pub fn texts(&'a self) -> Vec<Located<String>> {
        self.items().iter().filter_map(At::text).collect()
    }

    /// A string, or the strings of a list.
    pub fn one_or_many_texts(&'a self) -> Vec<Located<String>> {
        self.one_or_many().iter().filter_map(At::text).collect()
    }

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
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
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

/// "did you mean `ports`?", or what could stand here.
pub fn did_you_mean<'a, I: Iterator<Item = &'a str>>(
    word: &str,
    candidates: impl Fn() -> I,
) -> String {
    if let Some(near) = nearest(word, candidates()) {
        return format!("did you mean `{near}`?");
    }
    let mut all: Vec<&str> = candidates().collect();
    all.sort_unstable();
    all.dedup();
    match all.len() {
        0 => "leave it out".to_owned(),
        1..=12 => format!("what can stand here: {}", list(all)),
        _ => "leave it out, or rename it to begin with `x-` if it is yours".to_owned(),
    }
}

/// A text in backticks, on one line and not longer than a line.
pub fn shown(text: &str) -> String {
    let flat: String = text
        .chars()
        .take(60)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let more = if text.chars().nth(60).is_some() {
        "…"
    } else {
        ""
    };
    format!("`{flat}{more}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_source::Sources;
    use kubewright_yaml::{Limits, read_document};

    fn said(text: &str, read: impl FnOnce(&Fields<'_>)) -> Vec<String> {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", text);
        let mut diagnostics = Diagnostics::default();
        let node = read_document(text, id, &Limits::default())
            .expect("the test's text is YAML")
            .expect("it is not empty");
        let report = Report::default();
        let fields = At::root(&node, &report)
            .fields("the test")
            .expect("a mapping");
        read(&fields);
        fields.finish();
        report.into_diagnostics(&mut diagnostics);
        let line = |d: &Diagnostic| {
            let place = sources.describe(d.span);
            format!("{place} [{}] {} ({}) {}", d.code, d.message, d.path, d.help)
        };
        diagnostics.iter().map(line).collect()
    }

    #[test]
    fn what_nobody_asks_for_is_unknown() {
        let found = said("prots: 1\nx-mine: 2\nimage: a\n", |fields| {
            fields.get("ports");
            assert_eq!(fields.text("image").expect("a string").value, "a");
        });
        assert_eq!(
            found,
            [
                "a.yaml:1:1 [unknown-key] unknown key `prots` in the test (prots) did you mean `ports`?"
            ]
        );
    }

    #[test]
    fn wrong_types_are_named() {
        let found = said("a: two\nb: [1]\nc: 5\nd:\ne: maybe\nf: -1\n", |fields| {
            assert!(fields.count("a").is_none());
            assert!(fields.text("b").is_none());
            assert!(fields.text("c").is_none());
            assert!(fields.text("d").is_none());
            assert!(fields.bool("e").is_none());
            assert!(fields.count("f").is_none());
        });
        let messages: Vec<&str> = found
            .iter()
            .map(|line| line.split_once("] ").map_or("", |(_, rest)| rest))
            .collect();
        assert_eq!(
            messages,
            [
                "`a` wants a whole number, found `two` (a) write a whole number here",
                "`b` wants a string, found a list (b) write a string here",
                "`c` wants a string, found a number `5` (c) put it in quotes: `\"5\"`",
                "`d` wants a string, found nothing (d) write a string here",
                "`e` wants true or false, found `maybe` (e) write true or false here",
                "`f` is -1, outside of 0–2147483647 (f) write a whole number that is not negative",
            ]
        );
    }

    #[test]
    fn pairs_of_lists_and_mappings_know_their_places() {
        let text = "a: [\"K=v=w\", L]\nb: {M: 1.10, N: }\n";
        let found = said(text, |fields| {
            let get = |key| fields.get(key).expect("it is there").pairs();
            let a = get("a");
            assert_eq!(a[0].key.value, "K");
            assert_eq!(a[0].value.as_ref().expect("a value").value, "v=w");
            assert_eq!(a[0].value.as_ref().expect("a value").span.start, 7);
            assert!(a[1].value.is_none());
            let b = get("b");
            assert_eq!(b[0].value.as_ref().expect("a value").value, "1.1");
            assert!(b[1].value.is_none());
        });
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn alternatives_and_missing_keys_are_errors() {
        let found = said("a: 1\nb: 2\n", |fields| {
            assert!(fields.either("a", "b"));
            fields.get("a");
            fields.get("b");
            fields.need("c");
        });
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("[two-alternatives]"), "{}", found[0]);
        assert!(found[1].contains("the test has no `c`"), "{}", found[1]);
    }
}
