//! What is asked for, found and said.

use kubewright_source::{Diagnostic, Diagnostics, Sources};
use kubewright_yaml::{Limits, read_document};

use super::{At, Fields, Report};

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
        ["a.yaml:1:1 [unknown-key] unknown key `prots` in the test (prots) did you mean `ports`?"]
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
