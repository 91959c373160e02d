//! Values to write and to read back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

/// The strings of `nasty.txt`, and those that no line can hold.
pub(crate) fn nasty() -> Vec<String> {
    let rows = include_str!("../nasty.txt").lines();
    let rows = rows.filter(|row| !row.is_empty() && !row.starts_with("//"));
    let more = [
        "",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\n\n\n",
        "\t",
        "\ta",
        "a\t",
        "a\tb",
        "\ta\nb",
        "a\n\tb\n",
        "\t\n",
        " a",
        "a ",
        " a ",
        " \n",
        "\n ",
        " a\nb",
        "a\n ",
        "a\n \n",
        "a\n  \nb",
        "a\n\n",
        "a\n\n\n",
        "\na",
        "\n a",
        "\n\n  a\nb\n",
        "a\r\nb\r\n",
        "a\rb",
        "\r",
        "a\0b",
        "\0",
        "\u{1}",
        "\u{7}",
        "\u{8}",
        "\u{b}",
        "\u{c}",
        "\u{1b}[0m",
        "\u{7f}",
        "\u{80}",
        "\u{85}",
        "a\u{85}b",
        "\u{9f}",
        "\u{a0}",
        "a\u{a0}b",
        "\u{2028}",
        "a\u{2028}b",
        "a\u{2029}b\n",
        "\u{feff}",
        "\u{feff}a",
        "a\u{feff}",
        "\u{fffd}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{10ffff}",
        "😀",
        "😀\n😀\n",
        "ünï",
        "日本語",
        "a\n\u{feff}b",
        "a\n---\nb\n",
        "---\na\n",
        "...\n",
        "# a\nb\n",
        "a\n# b",
        "a: b\nc: d\n",
        "- a\n- b\n",
        "\"a\nb\"",
        "a\n  b\n c\n",
        "    a\n  b\n",
        "a\\n",
        "\\",
        "\\x41",
        "a\n\n  b\n\n",
        "key:\n\tvalue\n",
        "%a\n%b\n",
        "a\n\t\nb\n",
        "line one \nline two \n",
        "#!/bin/sh\nset -e\n\necho \"$X\"\n",
        "{\n  \"a\": [1, 2]\n}\n",
        "|\n  a\n",
        "a\n\u{85}b",
        "x \\\n  y\n",
        "<<\n",
        "0\n1\n",
        "null\n",
        "~\n~",
        "true\n",
        "until nc -z api 8000; do sleep 2; done",
        "8080:3000",
        "postgres:17",
        "1.4.2",
        "10.0.0.1",
        "a'b\"c",
        "-c",
        "--port",
        "?x",
        ":x",
        "x:y",
        "x#y",
        "*",
        "a, b",
        "a]b",
    ];
    let more = more.into_iter().chain(["_1_0_1", "1_"]);
    rows.chain(more).map(str::to_owned).collect()
}

/// One document with every nasty string in every place a string can have.
pub(crate) fn nasty_document() -> Value {
    let all = nasty();
    let keys: BTreeMap<&str, &str> = all.iter().map(|s| (s.as_str(), s.as_str())).collect();
    let deep: Vec<Value> = all
        .iter()
        .map(|s| json!([[s], {"k": s, "l": [s, s]}]))
        .collect();
    json!({ "items": all, "keys": keys, "deep": deep })
}

/// Strings that mix what is special to YAML.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "a",
        "b",
        " ",
        "  ",
        "\n",
        "\n",
        "\t",
        ":",
        ": ",
        "#",
        " #",
        "-",
        "- ",
        "'",
        "\"",
        "\\",
        "0",
        "1",
        "9",
        ".",
        "_",
        "e",
        "+",
        "x",
        "yes",
        "no",
        "null",
        "{",
        "}",
        "[",
        "]",
        ",",
        "|",
        ">",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "?",
        "~",
        "=",
        "<",
        "\r",
        "\u{85}",
        "\u{2028}",
        "é",
        "😀",
        "\0",
        "\u{7f}",
        "\u{feff}",
        "---",
        "...",
        "2024-01-01",
        "$",
    ]);
    let mixed = prop::collection::vec(bits, 0..8).prop_map(|bits| bits.concat());
    let known = prop::sample::select(nasty());
    prop_oneof![6 => mixed, 2 => known, 1 => any::<String>(), 1 => "[a-z0-9./:-]{0,24}"]
}

/// Trees of everything that JSON has.
pub(crate) fn tree() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        (-1000_i32..1000).prop_map(|n| Value::from(f64::from(n))),
    ];
    let leaf = prop_oneof![
        6 => text().prop_map(Value::from),
        1 => number,
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
