//! What holds for every input.

use kubewright_source::{SourceId, Sources};
use kubewright_yaml::{AsGiven, Limits, Node, Style, Value, decode, read_document, read_documents};
use proptest::prelude::*;

use crate::trees;

fn yaml_like() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "a",
        "b: ",
        ":",
        ": ",
        " ",
        "  ",
        "\n",
        "\n  ",
        "\n    ",
        "\t",
        "- ",
        "-",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
        "'",
        "\"",
        "\\",
        "|",
        "|2",
        ">-",
        "\n",
        "#",
        " # c",
        "&x ",
        "*x ",
        "<<: ",
        "!!str ",
        "!t ",
        "!",
        "!<",
        ">",
        "%YAML 1.2\n",
        "%TAG ! x\n",
        "---\n",
        "...\n",
        "\u{feff}",
        "é",
        "😀",
        "\r\n",
        "\r",
        "\u{85}",
        "0x1",
        "~",
        "\\u12",
        "\\x",
        "@",
        "`",
        "k: v\n",
        "- - ",
        "'a'",
        "\"b\"",
        "\0",
        "*",
        "&",
        "\u{a0}",
        "--- ",
        "|\n",
    ]);
    prop::collection::vec(bits, 0..24).prop_map(|bits| bits.concat())
}

/// Reads, and looks at every span that comes back.
fn survives(text: &str) {
    let mut sources = Sources::default();
    let id = sources.add("f", text);
    for limits in [Limits::default(), small()] {
        match read_documents(text, id, &limits) {
            Ok(documents) => documents.iter().for_each(|node| spans_fit(node, text)),
            Err(error) => {
                assert!(!error.help.is_empty(), "{error:?}");
                let range = error.span.start as usize..error.span.end as usize;
                assert!(text.get(range).is_some(), "{error:?} in {text:?}");
            }
        }
        let _ = read_document(text, id, &limits);
    }
}

fn small() -> Limits {
    Limits {
        max_bytes: 60,
        max_depth: 3,
        max_nodes: 12,
        max_alias_nodes: 4,
    }
}

fn spans_fit(node: &Node, text: &str) {
    let range = node.span.start as usize..node.span.end as usize;
    let written = text.get(range);
    assert!(written.is_some(), "{node:?} in {text:?}");
    match &node.value {
        Value::Scalar(scalar) => {
            let written = written.unwrap_or_default();
            if scalar.style == Style::Plain && !written.contains(['\n', '\r', '*', '!']) {
                assert_eq!(written, &*scalar.text, "{node:?} in {text:?}");
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| spans_fit(item, text)),
        Value::Mapping(mapping) => {
            for entry in mapping {
                let range = entry.key.span.start as usize..entry.key.span.end as usize;
                assert!(text.get(range).is_some(), "{entry:?} in {text:?}");
                spans_fit(&entry.value, text);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = decode(bytes, "f") {
            survives(&text);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn anything_like_yaml_is_read_or_refused(text in yaml_like()) {
        survives(&text);
    }

    #[test]
    fn what_is_written_reads_back(value in trees::tree()) {
        let text = kubewright_yaml::to_string(&value, &AsGiven).unwrap();
        let node = read_document(&text, SourceId::NONE, &Limits::default());
        let node = node.map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}")))?;
        let node = node.unwrap_or_else(|| Node::null(kubewright_source::Span::NONE));
        prop_assert_eq!(serde_json::to_value(&node).unwrap(), value, "{}", text);
        // And once more from the tree.
        prop_assert_eq!(kubewright_yaml::to_string(&node, &AsGiven).unwrap(), text);
    }

    #[test]
    fn the_order_of_keys_changes_lines_and_nothing_else(value in trees::tree()) {
        let by_length = |_: &str, key: &str| u32::try_from(key.len()).unwrap_or(u32::MAX);
        let text = kubewright_yaml::to_string(&value, &by_length).unwrap();
        let node = read_document(&text, SourceId::NONE, &Limits::default());
        let node = node.map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}")))?;
        let node = node.unwrap_or_else(|| Node::null(kubewright_source::Span::NONE));
        prop_assert_eq!(serde_json::to_value(&node).unwrap(), value, "{}", text);
    }
}

#[test]
fn nasty_strings_read_back() {
    let value = trees::nasty_document();
    let text = kubewright_yaml::to_string(&value, &AsGiven).unwrap();
    let node = read_document(&text, SourceId::NONE, &Limits::default()).unwrap();
    assert_eq!(serde_json::to_value(node.unwrap()).unwrap(), value);
}
