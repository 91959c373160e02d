//! Calls of functions in Starlark, and how they are written.
//!
//! <https://github.com/bazelbuild/starlark/blob/master/spec.md#lexical-elements>

use std::fmt::Write as _;

/// The longest line that a call is written in.
const WIDTH: usize = 88;

/// How far a level is set in.
const STEP: usize = 4;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Value {
    Text(String),
    True,
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    Call(Call),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(values: Vec<Value>) -> Self {
        Self::List(values)
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::List(texts.into_iter().map(Self::Text).collect())
    }
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Call {
    function: &'static str,
    arguments: Vec<(Option<&'static str>, Value)>,
}

impl Call {
    pub(super) fn new(function: &'static str) -> Self {
        Self {
            function,
            arguments: Vec::new(),
        }
    }

    /// The call with one more argument, by its place.
    pub(super) fn with(mut self, value: impl Into<Value>) -> Self {
        self.arguments.push((None, value.into()));
        self
    }

    /// The call with one more argument, by its name.
    pub(super) fn named(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.arguments.push((Some(name), value.into()));
        self
    }

    /// The call with one more argument by its name, unless that is empty.
    pub(super) fn some(self, name: &'static str, value: impl Into<Value>) -> Self {
        match value.into() {
            Value::List(values) if values.is_empty() => self,
            Value::Map(entries) if entries.is_empty() => self,
            value => self.named(name, value),
        }
    }

    /// The call as lines, set in by so many levels.
    pub(super) fn written(&self, level: usize) -> String {
        let mut text = " ".repeat(level * STEP);
        put_call(&mut text, self, level, 0);
        text.push('\n');
        text
    }
}

/// A text between quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// `after` is what has to fit into the line behind the value.
fn put(out: &mut String, value: &Value, level: usize, after: usize) {
    match value {
        Value::Text(text) => out.push_str(&quoted(text)),
        Value::True => out.push_str("True"),
        Value::Call(call) => put_call(out, call, level, after),
        Value::List(values) => {
            let items = values.iter().map(|value| (String::new(), value));
            put_all(out, ('[', ']'), &items.collect::<Vec<_>>(), level, after);
        }
        Value::Map(entries) => {
            let items = entries.iter();
            let items = items.map(|(key, value)| (format!("{}: ", quoted(key)), value));
            put_all(out, ('{', '}'), &items.collect::<Vec<_>>(), level, after);
        }
    }
}

fn put_call(out: &mut String, call: &Call, level: usize, after: usize) {
    out.push_str(call.function);
    // A list alone is set in once, not twice.
    if let [(None, value @ Value::List(_))] = call.arguments.as_slice() {
        out.push('(');
        put(out, value, level, after + 1);
        out.push(')');
        return;
    }
    let items = call.arguments.iter().map(|(name, value)| {
        let name = name.map(|name| format!("{name}="));
        (name.unwrap_or_default(), value)
    });
    put_all(out, ('(', ')'), &items.collect::<Vec<_>>(), level, after);
}

/// Items in one line where they fit, else each in its own.
fn put_all(
    out: &mut String,
    (open, close): (char, char),
    items: &[(String, &Value)],
    level: usize,
    after: usize,
) {
    let mut flat = String::from(open);
    for (place, (front, value)) in items.iter().enumerate() {
        if place > 0 {
            flat.push_str(", ");
        }
        flat.push_str(front);
        put(&mut flat, value, 0, 0);
    }
    flat.push(close);
    let used = out
        .rsplit('\n')
        .next()
        .map_or(0, |line| line.chars().count());
    let is_short = used + flat.chars().count() + after <= WIDTH;
    if items.is_empty() || is_short && !flat.contains('\n') {
        out.push_str(&flat);
        return;
    }
    out.push(open);
    for (front, value) in items {
        out.push('\n');
        out.push_str(&" ".repeat((level + 1) * STEP));
        out.push_str(front);
        put(out, value, level + 1, 1);
        out.push(',');
    }
    out.push('\n');
    out.push_str(&" ".repeat(level * STEP));
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted() {
        let rows = [
            ("web", "'web'"),
            ("it's", r"'it\'s'"),
            ("a\\b", r"'a\\b'"),
            ("a\nb\tc\r", r"'a\nb\tc\r'"),
            (
                "{{ .Values.x }} $(VAR) \"q\"",
                "'{{ .Values.x }} $(VAR) \"q\"'",
            ),
            ("\0\u{7f}\u{2028}", r"'\u0000\u007f\u2028'"),
            ("größe", "'größe'"),
        ];
        for (text, expected) in rows {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn what_fits_stands_in_one_line() {
        let call = Call::new("k8s_resource").with("web");
        let call = call.named("port_forwards", vec![Value::from("80:80")]);
        assert_eq!(
            call.written(1),
            "    k8s_resource('web', port_forwards=['80:80'])\n"
        );
    }

    #[test]
    fn what_is_long_is_set_in() {
        let path = || "k8s/a-very-long-name-of-a-service-deployment.yaml".to_owned();
        let call = Call::new("k8s_yaml").with(vec![path(), path()]);
        let expected = format!("k8s_yaml([\n    '{0}',\n    '{0}',\n])\n", path());
        assert_eq!(call.written(0), expected);
        let call = Call::new("docker_build").with("web").with("web");
        let args = vec![(path(), Value::Text(path()))];
        let call = call.named("build_args", Value::Map(args));
        let expected = format!(
            "docker_build(\n    'web',\n    'web',\n    build_args={{\n        '{0}': '{0}',\n    }},\n)\n",
            path()
        );
        assert_eq!(call.written(0), expected);
    }
}
