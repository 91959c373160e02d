//! One node, with typed getters.

use kubewright_model::{Duration, Invalid, Located};
use kubewright_source::Span;
use kubewright_yaml::{Node, Path, Resolved, Value};

use super::{Report, shown};

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
        if let Some(number) = self.bare_number() {
            self.error(
                "wrong-type",
                format!(
                    "`{}` wants a number with a unit, found a number `{number}`",
                    self.name
                ),
                format!("write `{number}s` for seconds"),
            );
            return None;
        }
        let text = self.text()?;
        self.checked(&text, Duration::parse)
    }

    /// A number that stands there without quotes.
    fn bare_number(&self) -> Option<&'a str> {
        let scalar = self.node.as_scalar()?;
        let is_string = scalar.resolve() == Resolved::String;
        let is_number = !is_string && scalar.text.parse::<f64>().is_ok_and(f64::is_finite);
        is_number.then_some(&*scalar.text)
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
}

/// Whether a text is a version of three numbers, with or without what may follow
/// (<https://semver.org>).
pub(crate) fn is_semantic_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let is_number = |part: &str| {
        let is_plain = part == "0" || !part.starts_with('0');
        is_plain && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    core.split('.').count() == 3 && core.split('.').all(is_number)
}
