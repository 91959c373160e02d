//! Places of a template that are filled in when the chart is rendered.
//!
//! A template begins as an object's tree, in which marks stand where something is to
//! be filled in. It is written as YAML, so that quotes and indentation are right, and
//! then every mark becomes an action of Helm.
//! <https://helm.sh/docs/chart_template_guide/>

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::Value;

/// What becomes of a mark.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Hole {
    /// Text within a line: `{{ … }}`.
    Inline(String),
    /// The same, within an item of a list that is left out where the value is not set.
    InlineOptional { value: String, written: String },
    /// An action in the place of the whole line.
    Line(String),
    /// A line whose key is left out where the value is not set: the value's path, and
    /// what is written.
    Optional { value: String, written: String },
    /// A line that is there where a condition holds.
    When { condition: String, written: String },
    /// A key with the tree of a value below it.
    Tree { value: String, tree: Spelling },
    /// The same, left out where the value is not set.
    OptionalTree { value: String, tree: Spelling },
    /// The same, left out where the value is empty.
    TreeUnlessEmpty { value: String },
    /// The keys of a value among other keys, in the place of the whole line.
    Keys { value: String },
    /// The lines of a template with a name, in the place of the whole line.
    Include { name: String },
    /// An item of a list, left out where the value is not set.
    Item { value: String, tree: Spelling },
    /// Variables of a container, as items of its list.
    Variables { value: String },
    /// The same where the container has no list of its own.
    AllVariables { value: String },
}

/// How Helm writes the tree of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Spelling {
    /// As YAML, to be read.
    Yaml,
    /// As JSON, on one line: what Helm writes as YAML would be read as something else.
    Json,
    /// As YAML, with actions that are taken.
    YamlTemplate,
    /// As JSON, with actions that are taken.
    JsonTemplate,
}

impl Spelling {
    /// How these values are written; `is_template` where they have actions.
    pub(super) fn of<'v>(values: impl IntoIterator<Item = &'v Value>, is_template: bool) -> Self {
        match (values.into_iter().any(is_fragile), is_template) {
            (true, false) => Self::Json,
            (false, false) => Self::Yaml,
            (true, true) => Self::JsonTemplate,
            (false, true) => Self::YamlTemplate,
        }
    }

    /// Whether a value stands on one line.
    fn is_line(self) -> bool {
        matches!(self, Self::Json | Self::JsonTemplate)
    }

    /// The text of an expression's value, as an expression.
    fn expression(self, value: &str) -> String {
        match self {
            Self::Yaml => format!("toYaml {value}"),
            Self::Json => format!("toJson {value}"),
            Self::YamlTemplate => format!("tpl (toYaml {value}) ."),
            Self::JsonTemplate => format!("tpl (toJson {value}) ."),
        }
    }
}

/// Text of a value in which actions are taken, with those of its own given back as they
/// are.
pub(super) fn escaped_value(text: &str) -> String {
    text.replace("{{", "{{ `{{` }}")
}

/// Whether `toYaml` would lose a part of some text within a value: it cuts the last line
/// break of all, knows no breaks of lines but one when it chooses how to write a text,
/// and does not say how far a text is indented that begins with a tab.
fn is_fragile(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().any(is_fragile),
        Value::Array(items) => items.iter().any(is_fragile),
        Value::String(text) => {
            let begins = text.trim_start_matches('\n').starts_with('\t');
            let breaks = text.contains(['\u{2028}', '\u{2029}']);
            text.contains('\n') && (begins || breaks || text.ends_with("\n\n") || text == "\n")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What keeps an action that trims in front of itself from the end of a text: a line
/// without meaning, where the text ends with space.
pub(super) fn stop(text: &str) -> &'static str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    match line.ends_with([' ', '\t', '\r', '\n']) {
        true => "#\n",
        false => "",
    }
}

/// The holes of some templates.
#[derive(Debug)]
pub(super) struct Holes {
    mark: String,
    holes: Vec<Hole>,
    at: HashMap<Hole, usize>,
}

impl Holes {
    /// `mark` is a word that no text of the objects holds.
    pub(super) fn new(mark: &str) -> Self {
        Self {
            mark: mark.to_owned(),
            holes: Vec::new(),
            at: HashMap::new(),
        }
    }

    /// The mark of a hole.
    pub(super) fn mark(&mut self, hole: Hole) -> String {
        let next = self.holes.len();
        let at = *self.at.entry(hole).or_insert_with_key(|hole| {
            self.holes.push(hole.clone());
            next
        });
        self.spelt(at)
    }

    fn spelt(&self, at: usize) -> String {
        format!("{}{at}z", self.mark)
    }

    /// Whether a text is a mark and nothing else.
    pub(super) fn is_mark(&self, text: &str) -> bool {
        matches!(self.first(text), Some((0, end, _)) if end == text.len())
    }

    /// The value that an item of a list is left out without, where `text` is a mark in
    /// such an item.
    pub(super) fn optional(&self, text: &str) -> Option<&str> {
        match self.first(text)? {
            (0, end, Hole::InlineOptional { value, .. }) if end == text.len() => Some(value),
            _ => None,
        }
    }

    /// Text within a line.
    pub(super) fn inline(&mut self, action: impl Into<String>) -> Value {
        Value::String(self.mark(Hole::Inline(action.into())))
    }

    /// Puts a hole that is a whole line among the keys of a mapping.
    pub(super) fn line(&mut self, map: &mut serde_json::Map<String, Value>, hole: Hole) {
        let mark = self.mark(hole);
        map.insert(mark.clone(), Value::String(mark));
    }

    /// A YAML text with marks as the text of a template.
    pub(super) fn filled(&self, yaml: &str) -> String {
        let mut text = String::with_capacity(yaml.len() * 2);
        for line in yaml.split_inclusive('\n') {
            let line = escaped(line);
            match self.first(&line) {
                None => text.push_str(&line),
                Some((at, end, hole)) => self.fill(&mut text, &line, (at, end), hole),
            }
        }
        text
    }

    /// A text with marks as the text of a value in which actions are taken; none where a
    /// mark is more than the name of an object.
    pub(super) fn as_value(&self, text: &str) -> Option<String> {
        let mut found = String::new();
        let mut rest = text;
        while let Some((at, end, hole)) = self.first(rest) {
            let Hole::Inline(action) = hole else {
                return None;
            };
            let helper = action
                .strip_prefix("{{ include \"")?
                .strip_suffix("\" . }}")?;
            found.push_str(&escaped_value(&rest[..at]));
            // In JSON other quotes would be escaped.
            found.push_str(&format!("{{{{ include `{helper}` . }}}}"));
            rest = &rest[end..];
        }
        found.push_str(&escaped_value(rest));
        Some(found)
    }

    /// The first mark of a line: where it begins and ends.
    fn first(&self, line: &str) -> Option<(usize, usize, &Hole)> {
        let at = line.find(&self.mark)?;
        let digits = &line[at + self.mark.len()..];
        let length = digits.find('z')?;
        let hole = self.holes.get(digits[..length].parse::<usize>().ok()?)?;
        Some((at, at + self.mark.len() + length + 1, hole))
    }

    fn fill(&self, text: &mut String, line: &str, (at, end): (usize, usize), hole: &Hole) {
        let indent = line.len() - line.trim_start().len();
        let pad = " ".repeat(indent);
        let head = line[..at].trim_end();
        let mut put = |line: String| {
            if line.starts_with("{{-") {
                text.push_str(stop(text));
            }
            text.push_str(&pad);
            text.push_str(&line);
            text.push('\n');
        };
        match hole {
            Hole::Inline(action)
            | Hole::InlineOptional {
                value: _,
                written: action,
            } => {
                text.push_str(&line[..at]);
                text.push_str(action);
                let rest = &line[end..];
                match self.first(rest) {
                    None => text.push_str(rest),
                    Some((at, end, hole)) => self.fill(text, rest, (at, end), hole),
                }
            }
            Hole::Line(action) => put(format!("{{{{- {action} }}}}")),
            Hole::Optional { value, written } => {
                put(format!("{{{{- if {} }}}}", is_set(value)));
                put(format!("{} {written}", head.trim_start()));
                put("{{- end }}".to_owned());
            }
            Hole::When { condition, written } => {
                put(format!("{{{{- if {condition} }}}}"));
                put(format!("{} {written}", head.trim_start()));
                put("{{- end }}".to_owned());
            }
            Hole::Tree { value, tree } => {
                for line in below(head.trim_start(), value, *tree, indent) {
                    put(line);
                }
            }
            Hole::OptionalTree { value, tree } => {
                put(format!("{{{{- if {} }}}}", is_set(value)));
                for line in below(head.trim_start(), value, *tree, indent) {
                    put(line);
                }
                put("{{- end }}".to_owned());
            }
            Hole::TreeUnlessEmpty { value } => {
                put(format!("{{{{- with {value} }}}}"));
                put(head.trim_start().to_owned());
                put(format!("  {{{{- toYaml . | nindent {} }}}}", indent + 2));
                put("{{- end }}".to_owned());
            }
            Hole::Keys { value } => {
                put(format!("{{{{- with {value} }}}}"));
                put(format!("{{{{- toYaml . | nindent {indent} }}}}"));
                put("{{- end }}".to_owned());
            }
            Hole::Include { name } => {
                put(format!(
                    "{{{{- include \"{name}\" . | nindent {indent} }}}}"
                ));
            }
            Hole::Item { value, tree } => {
                put(format!("{{{{- if {} }}}}", is_set(value)));
                put(match (tree.is_line(), tree) {
                    (true, tree) => format!("- {{{{ {} }}}}", tree.expression(value)),
                    (false, Spelling::Yaml) => {
                        format!("{{{{- list {value} | toYaml | nindent {indent} }}}}")
                    }
                    (false, tree) => {
                        let text = tree.expression(&format!("(list {value})"));
                        format!("{{{{- {text} | nindent {indent} }}}}")
                    }
                });
                put("{{- end }}".to_owned());
            }
            Hole::Variables { value } => {
                for line in variables(value) {
                    put(line);
                }
            }
            Hole::AllVariables { value } => {
                put(format!("{{{{- if {value} }}}}"));
                put(head.trim_start().to_owned());
                for line in variables(value) {
                    put(format!("  {line}"));
                }
                put("{{- end }}".to_owned());
            }
        }
    }
}

/// The lines of a key with the tree of a value.
fn below(key: &str, value: &str, tree: Spelling, indent: usize) -> Vec<String> {
    let text = tree.expression(value);
    match tree.is_line() {
        false => vec![
            key.to_owned(),
            format!("  {{{{- {text} | nindent {} }}}}", indent + 2),
        ],
        true => vec![format!("{key} {{{{ {text} }}}}")],
    }
}

fn variables(value: &str) -> [String; 4] {
    [
        format!("{{{{- range $name, $value := {value} }}}}"),
        "- name: {{ $name | quote }}".to_owned(),
        "  value: {{ $value | quote }}".to_owned(),
        "{{- end }}".to_owned(),
    ]
}

/// The condition that a value is set; zero and nothing are values.
pub(super) fn is_set(value: &str) -> String {
    format!("not (kindIs \"invalid\" {value})")
}

/// Text that Helm gives back as it is.
pub(super) fn escaped(text: &str) -> std::borrow::Cow<'_, str> {
    match text.contains("{{") {
        true => text.replace("{{", "{{ \"{{\" }}").into(),
        false => text.into(),
    }
}

/// A value by its path: `.Values.web.image`.
pub(super) fn value(path: &[String]) -> String {
    let is_identifier = |part: &String| {
        let mut letters = part.chars();
        letters
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if path.iter().all(is_identifier) {
        return format!(".Values.{}", path.join("."));
    }
    let mut text = "(index .Values".to_owned();
    for part in path {
        write!(text, " {}", quoted(part)).expect("a string takes all");
    }
    text.push(')');
    text
}

/// A text as a constant of the template language.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                write!(quoted, "\\u{:04x}", u32::from(c)).expect("a string takes all");
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_actions() {
        let mut holes = Holes::new("kw");
        let mut mark = |hole| holes.mark(hole);
        let value = || ".Values.a".to_owned();
        let inline = mark(Hole::Inline("{{ .Values.a }}".to_owned()));
        let tree = mark(Hole::TreeUnlessEmpty { value: value() });
        let optional = mark(Hole::Optional {
            value: value(),
            written: "{{ .Values.a | quote }}".to_owned(),
        });
        let yaml = format!(
            "name: x-{inline}-{inline}\nspec:\n  text: \"{{{{ x }}}}\"\n  tree: {tree}\n  one: {optional}\n"
        );
        assert_eq!(
            holes.filled(&yaml),
            "name: x-{{ .Values.a }}-{{ .Values.a }}\n\
             spec:\n  \
               text: \"{{ \"{{\" }} x }}\"\n  \
               {{- with .Values.a }}\n  \
               tree:\n    \
                 {{- toYaml . | nindent 4 }}\n  \
               {{- end }}\n  \
               {{- if not (kindIs \"invalid\" .Values.a) }}\n  \
               one: {{ .Values.a | quote }}\n  \
               {{- end }}\n"
        );
    }

    #[test]
    fn what_helm_would_lose_as_yaml_is_written_as_json() {
        let rows = [
            ("one\ntwo", Spelling::Yaml),
            ("one\n", Spelling::Yaml),
            ("\tone", Spelling::Yaml),
            ("one\n\n", Spelling::Json),
            ("\n", Spelling::Json),
            ("\tone\ntwo", Spelling::Json),
            ("one\u{2028}two\n", Spelling::Json),
        ];
        for (text, expected) in rows {
            let value = serde_json::json!({"a": [text]});
            assert_eq!(Spelling::of([&value], false), expected, "{text:?}");
        }
        let mut holes = Holes::new("kw");
        let value = || ".Values.a".to_owned();
        let tree = Spelling::Json;
        let below = holes.mark(Hole::OptionalTree {
            value: value(),
            tree,
        });
        let item = holes.mark(Hole::Item {
            value: value(),
            tree,
        });
        assert_eq!(
            holes.filled(&format!("a:\n  b: {below}\n  c:\n    - {item}\n")),
            "a:\n  \
               {{- if not (kindIs \"invalid\" .Values.a) }}\n  \
               b: {{ toJson .Values.a }}\n  \
               {{- end }}\n  \
               c:\n    \
                 {{- if not (kindIs \"invalid\" .Values.a) }}\n    \
                 - {{ toJson .Values.a }}\n    \
                 {{- end }}\n"
        );
    }

    #[test]
    fn trimming_does_not_reach_into_texts() {
        let mut holes = Holes::new("kw");
        let mark = holes.mark(Hole::TreeUnlessEmpty {
            value: ".Values.b".to_owned(),
        });
        assert_eq!(
            holes.filled(&format!("a: |+\n  x\n\nb: {mark}\n")),
            "a: |+\n  x\n\n#\n{{- with .Values.b }}\nb:\n  {{- toYaml . | nindent 2 }}\n{{- end }}\n"
        );
    }

    #[test]
    fn values_are_reached_by_their_paths() {
        let path = |parts: &[&str]| {
            parts
                .iter()
                .map(|part| (*part).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(value(&path(&["a", "b_1"])), ".Values.a.b_1");
        assert_eq!(
            value(&path(&["a", "b.c\""])),
            "(index .Values \"a\" \"b.c\\\"\")"
        );
    }
}
