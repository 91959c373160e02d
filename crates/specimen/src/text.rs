//! Texts that have hurt somebody: what YAML, templates of Helm, Kubernetes or shells
//! take for something else.

use proptest::prelude::*;
use serde_json::Value;

use crate::choice::Choice;

/// U+0085 is not among them: what Kustomize, and Helm of values, write of it is read as
/// a space again. Nor is a text of several lines that begins with a tab: Kustomize cannot
/// read what it writes of it.
const TEXTS: &[&str] = &[
    "",
    " leads",
    "trails ",
    "plain",
    "two words",
    "yes",
    "off",
    "null",
    "~",
    "0777",
    "0x1F",
    "1e3",
    "1_000",
    ".5",
    "1.0",
    "9007199254740993",
    "12:30:45",
    "2026-11-22",
    "=",
    "<<",
    "- item",
    "# no comment",
    "key: value",
    "a: 'b' \"c\"",
    "it's",
    "say \"it\"",
    "back\\slash \\n",
    "tab\tinside",
    "\ttab in front",
    "line\nline",
    "last line ends\n",
    "two empty lines\n\n",
    "\nfirst is empty",
    "  indented\n less\n",
    "carriage\r\nreturn",
    "größer 漢字 🎉",
    "no\u{a0}break",
    "separator\u{2028}inside",
    "\u{feff}mark",
    "%percent",
    "@at",
    "`ticks`",
    "&anchor",
    "*alias",
    "!tag",
    "|",
    ">-",
    "{a: b}",
    "[1, 2]",
    "{{",
    "}}",
    "{{ .Values.x }}",
    "{{- end }}",
    "{{/* comment */}}",
    "{{`quoted`}}",
    "`{{` and \"}}\"",
    "a {{ printf \"%s\" .Release.Name }} b\n{{ end }}\n",
    "$(GREETING)",
    "$$(MODE) $PATRONI",
    "$${MODE}",
    "cost: 5$$",
    "kwHole0",
    "---",
    "...",
    "--- a\n---\nb\n",
];

/// Any text of these, or two of them in one.
pub(crate) fn text() -> Choice {
    let one = || prop::sample::select(TEXTS);
    let long = (one(), 20..60usize).prop_map(|(text, times)| format!("{text} - ").repeat(times));
    prop_oneof![
        8 => one().prop_map(str::to_owned),
        2 => (one(), one()).prop_map(|(one, two)| format!("{}{two}", one.trim_start_matches('\t'))),
        1 => long,
    ]
    .prop_map(Value::from)
    .boxed()
}

/// A text without anything that could be taken for something else.
pub(crate) fn word() -> Choice {
    crate::choice::one_of(["one", "two", "three", "a-b", "x.y"])
}
