use proptest::prelude::*;

use super::*;
use crate::read::{attempt, read as read_whole};

/// Entries that stand as they should, one below the other.
const GOOD: [&str; 15] = [
    "  #:\n    image: a\n",
    "  #:\n",
    "  #: {a: [1, 2]}   # c\n",
    "  #:\n    a: |\n      x\n\n     \n    b: >-\n      y\n",
    "  #: |\n    text\n\n  # c\n",
    "  #: |+\n    t\n\n\n",
    "  #: plain\n    goes on\n\n    and on\n",
    "  #: 'a\n    b'\n",
    "  #: \"a\\\n    b\"  # c\n",
    "  #: [a,\n    b: c,\n    d]\n",
    "  #:\n  - a\n  - b: c\n",
    "  #:\r\n    a: b\r\n",
    "  #: é 😀\n",
    "  #: ~\n\n# c\n   # c\n",
    "  'q#': !t a\n",
];

/// What is wrong, or looks like an entry where none is, or is more than it looks like.
const NASTY: [&str; 43] = [
    "  #: |\n",
    "  #: \"multi\n  b#: line\"\n",
    "  #: 'multi\nb#: line'\n",
    "  #: [a,\n  b#: c,\n  d]\n",
    "  #: {a: b,\n  b#: c\n  }\n",
    "  #: >2-\n     x\n",
    "  #:\n    a: |1\n     x\n    y\n",
    "  #: &x v\n",
    "  #: &x {a: b}\n",
    "  #: *x\n",
    "  #: *a\n",
    "  <<: {k#: v}\n",
    "  <<: *a\n",
    "  ? #\n  : v\n",
    "  ? #\n",
    "  ? |\n   #\n  : v\n",
    "  #:\ta\n",
    "  #:\n\ta: b\n",
    "\t\n",
    "   \n",
    " #: a\n",
    "   #: a\n",
    "#: a\n",
    "  same: a\n",
    "  'same': a\n",
    "  #: a: b\n",
    "  # : a\n",
    "  #:a\n",
    "  - a\n",
    "  #: \"a\n",
    "  #: [a\n",
    "  #: a]\n",
    "  #: a\r  x#: b\n",
    "  #: a\r",
    "---\n",
    "...\n",
    "  ---\n",
    "%YAML 1.2\n",
    "\u{feff}",
    "  #: \u{85}\n",
    "  !t #: a\n",
    "  #: a\n  b\n",
    "  #: {{ a }}\n",
];

const HEADS: [&str; 13] = [
    "services:\n",
    "services:   # c\n\n",
    "services: \r\n",
    "# c\nname: é\nservices:\n  # c\n",
    "\u{feff}services:\n",
    "---\nservices:\n",
    "a: b\n---\nservices:\n",
    "x: &a {k: v}\nservices:\n",
    "services: &a\n",
    "services: !t\n",
    "services: |\n",
    "--- |\nservices:\n",
    "--- &a\nservices:\n",
];

const TAILS: [&str; 9] = [
    "",
    "volumes:\n  v:\n",
    "volumes: {v: }\nx: *a\n",
    "services: {}\n",
    "---\nservices:\n  a: b\n",
    "...\n",
    " x: y\n",
    "]\n",
    "x: \"\n",
];

fn text() -> impl Strategy<Value = String> {
    let entry = prop_oneof![
        30 => prop::sample::select(GOOD.to_vec()),
        1 => prop::sample::select(NASTY.to_vec()),
    ];
    let entries = prop::collection::vec(entry, 4..30);
    let head = prop_oneof![4 => Just(HEADS[0]), 1 => prop::sample::select(HEADS.to_vec())];
    let tail = prop::sample::select(TAILS.to_vec());
    (head, entries, tail).prop_map(|(head, entries, tail)| written(head, &entries, tail))
}

/// A text; each `#` at a name is a name of its own.
fn written(head: &str, entries: &[&str], tail: &str) -> String {
    let entry = |(at, entry): (usize, &&str)| {
        let name = format!("s{at}");
        let entry = entry.replace("  #", &format!("  {name}"));
        let entry = entry.replace("b#", &format!("b{at}"));
        entry.replace("q#", &format!("q{at}"))
    };
    let entries: String = entries.iter().enumerate().map(entry).collect();
    [head, &entries, tail].concat()
}

fn limits() -> [Limits; 3] {
    let few = Limits {
        max_nodes: 60,
        ..Limits::default()
    };
    let flat = Limits {
        max_depth: 3,
        ..Limits::default()
    };
    [Limits::default(), few, flat]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    /// Whatever comes of parts is what the whole text says, with the same places.
    #[test]
    fn parts_say_what_the_whole_says(text in text(), count in 1_usize..9) {
        for limits in limits() {
            for expected in [Expected::Any, Expected::One] {
                if let Some(found) = read_in(count, &text, SourceId::NONE, &limits, expected) {
                    let whole = attempt(&text, SourceId::NONE, &limits, expected);
                    let whole = whole.map_err(|stumble| TestCaseError::fail(format!("{:?}", stumble.fault)))?;
                    prop_assert_eq!(found, whole);
                }
            }
        }
    }
}

/// Texts of every form are in fact read in parts.
#[test]
fn good_texts_are_read_in_parts() {
    for (number, good) in GOOD.iter().enumerate() {
        let entries = [*good, "  #: a\n"].repeat(6);
        for head in &HEADS[..8] {
            let text = written(head, &entries, "volumes:\n  v:\n");
            let limits = Limits::default();
            let found = read_in(3, &text, SourceId::NONE, &limits, Expected::Any);
            let whole = attempt(&text, SourceId::NONE, &limits, Expected::Any);
            assert_eq!(found, whole.ok(), "{number}\n{text}");
        }
    }
}

/// A key that is not written is told where the next one stands.
#[test]
fn an_unwritten_key_is_not_the_next() {
    let entries = ["  #: a\n", "  ? # c\n", "  #: a\n", "  #: a\n", "  #: a\n"];
    let text = written("services:\n", &entries, "");
    for count in 1..5 {
        let limits = Limits::default();
        let found = read_in(count, &text, SourceId::NONE, &limits, Expected::Any);
        let whole = attempt(&text, SourceId::NONE, &limits, Expected::Any);
        assert!(found.is_none() || found == whole.ok(), "{count}");
    }
}

/// What is wrong between parts is said as of the whole text.
#[test]
fn faults_are_those_of_the_whole() {
    let entries = ["  #:\n    image: a\n    environment:\n      KEY: a longer value\n"; 6000];
    let rows = [
        ("  s3:\n    image: b\n", "duplicate-key"),
        ("  x:\n    a: *b\n", "yaml-alias"),
        ("  x:\n   a: b\n  c\n", "yaml-syntax"),
        ("\tx: a\n", "yaml-syntax"),
        ("  x: \"a\n", "yaml-syntax"),
        ("services: {}\n", "duplicate-key"),
    ];
    for (fault, code) in rows {
        let text = written("services:\n", &entries, fault)
            + &written("", &entries, "").replace("  s", "  t");
        assert!(text.len() > LARGE);
        let limits = Limits::default();
        let found = read_whole(&text, SourceId::NONE, &limits, Expected::Any);
        let whole = attempt(&text, SourceId::NONE, &limits, Expected::Any);
        let (found, whole) = (found.unwrap_err(), whole.map_err(|stumble| stumble.fault));
        assert_eq!(found.code, code);
        assert_eq!(Err(found), whole);
    }
}
