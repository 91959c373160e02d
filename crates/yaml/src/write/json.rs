//! Trees as JSON, every number as it was written: none is too large or too long.

use std::fmt::Write;

use crate::json::is_number;
use crate::resolve::Resolved;
use crate::tree::{Mapping, Node, Scalar, Style, Value};

/// A tree as JSON over several lines, keys sorted, so that equal trees are equal
/// texts. A number that JSON cannot write (`.inf`, `0x1f`) is a string.
pub fn to_json(node: &Node) -> String {
    let mut text = String::new();
    value(node, 0, &mut text);
    text
}

fn value(node: &Node, depth: usize, text: &mut String) {
    match &node.value {
        Value::Scalar(one) => scalar(one, text),
        Value::Sequence(items) => {
            let items = items.iter().map(|item| (None, item));
            several(items, ('[', ']'), depth, text);
        }
        Value::Mapping(mapping) => several(sorted(mapping).into_iter(), ('{', '}'), depth, text),
    }
}

fn sorted(mapping: &Mapping) -> Vec<(Option<&str>, &Node)> {
    let entries = mapping.iter();
    let mut entries: Vec<(Option<&str>, &Node)> = entries
        .map(|entry| (Some(&*entry.key.text), &entry.value))
        .collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries
}

fn several<'n>(
    members: impl ExactSizeIterator<Item = (Option<&'n str>, &'n Node)>,
    (open, close): (char, char),
    depth: usize,
    text: &mut String,
) {
    text.push(open);
    let last = members.len();
    for (number, (key, node)) in members.enumerate() {
        line(depth + 1, text);
        if let Some(key) = key {
            string(key, text);
            text.push_str(": ");
        }
        value(node, depth + 1, text);
        if number + 1 < last {
            text.push(',');
        }
    }
    if last > 0 {
        line(depth, text);
    }
    text.push(close);
}

fn line(depth: usize, text: &mut String) {
    text.push('\n');
    for _ in 0..depth {
        text.push_str("  ");
    }
}

fn scalar(scalar: &Scalar, text: &mut String) {
    // A number of JSON's may be larger than any of YAML's.
    if scalar.style == Style::Plain && is_number(&scalar.text) {
        text.push_str(&scalar.text);
        return;
    }
    match scalar.resolve() {
        Resolved::Null => text.push_str("null"),
        Resolved::Bool(value) => text.push_str(if value { "true" } else { "false" }),
        Resolved::Int(_) | Resolved::Float(_) | Resolved::Timestamp | Resolved::String => {
            string(&scalar.text, text);
        }
    }
}

fn string(value: &str, text: &mut String) {
    text.push('"');
    for sign in value.chars() {
        match sign {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            sign if u32::from(sign) < 0x20 => {
                write!(text, "\\u{:04x}", u32::from(sign)).expect("a text takes all");
            }
            sign => text.push(sign),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use kubewright_source::SourceId;
    use proptest::prelude::*;

    use super::*;
    use crate::{Limits, read_json};

    fn read(text: &str) -> Node {
        read_json(text, SourceId::NONE, &Limits::default()).expect(text)
    }

    #[test]
    fn numbers_stay_as_they_are() {
        let numbers = [
            "0",
            "-0",
            "1e400",
            "-1E+400",
            "1e-400",
            "12345678901234567890",
            "123456789012345678901234567890123456789012",
            "0.1000",
            "1.0",
        ];
        for number in numbers {
            assert_eq!(to_json(&read(number)), number);
        }
    }

    #[test]
    fn keys_are_sorted_and_empty_things_stay() {
        let text = to_json(&read(r#"{"b":[],"a":{"d":[1,"2",null,true],"c":{}}}"#));
        let expected = "{\n  \"a\": {\n    \"c\": {},\n    \"d\": [\n      1,\n      \"2\",\n      null,\n      true\n    ]\n  },\n  \"b\": []\n}";
        assert_eq!(text, expected);
    }

    #[test]
    fn words_that_look_like_numbers_stay_strings() {
        let text = r#""1e400""#;
        assert_eq!(to_json(&read(text)), text);
    }

    proptest! {
        #[test]
        fn strings_come_back(value in ".*") {
            let node = Node::string(kubewright_source::Span::NONE, value.as_str());
            let text = to_json(&node);
            let back: String = serde_json::from_str(&text).expect("JSON");
            prop_assert_eq!(back, value);
        }
    }
}
