//! What is said about texts that are not right.

use kubewright_source::Sources;
use kubewright_yaml::{Limits, read_document};

/// `line:column code: message` of the first fault.
fn fault(text: &str, limits: &Limits) -> String {
    let mut sources = Sources::default();
    let id = sources.add("f", text);
    match read_document(text, id, limits) {
        Ok(node) => format!("read: {node:?}"),
        Err(error) => {
            assert!(!error.help.is_empty(), "{error:?}");
            let place = sources.describe(error.span);
            format!("{} {}: {}", &place[2..], error.code, error.message)
        }
    }
}

#[test]
fn faults_have_a_place_and_plain_words() {
    let rows = [
        (
            "a:\n\tb: 1\n",
            "2:1 yaml-syntax: a tab is used for indentation",
        ),
        (
            "a: 1\nb:2\n",
            "2:2 yaml-syntax: a space is missing behind the colon of `b:`",
        ),
        (
            "a:1\nb: 2\n",
            "1:2 yaml-syntax: a space is missing behind the colon of `a:`",
        ),
        (
            "a: \"x\nb: 1\n",
            "1:4 yaml-syntax: a quote is opened and never closed",
        ),
        (
            "a: it\nb: 'x\n",
            "2:4 yaml-syntax: a quote is opened and never closed",
        ),
        (
            "a: [1, 2\n",
            "1:4 yaml-syntax: `[` is opened and never closed",
        ),
        (
            "a: {b: [1, 2]\n",
            "1:4 yaml-syntax: `{` is opened and never closed",
        ),
        (
            "a: b: c\n",
            "1:5 yaml-syntax: a second `: ` stands where a value was expected",
        ),
        (
            "a:\n  b: 1\n c: 2\n",
            "3:2 yaml-syntax: this line fits neither the mapping above it nor its parent",
        ),
        (
            "a: {{ @x }}\n",
            "1:4 yaml-syntax: `{{` opens a mapping within a mapping, which YAML does not take here",
        ),
        (
            "a: @x\n",
            "1:4 yaml-syntax: no text begins with this character unless it is quoted",
        ),
        (
            "a: \"\\q\"\n",
            "1:4 yaml-syntax: this backslash escape does not exist",
        ),
        (
            "a: ]\n",
            "1:4 yaml-syntax: a bracket is closed that was never opened",
        ),
        ("a: 'x' y\n", "1:8 yaml-syntax: text follows a closed quote"),
        ("a: [1 2\n b: c]\n", ""),
        (
            "a: - b\n",
            "1:4 yaml-syntax: a list item stands where none can be",
        ),
        (
            "a: x\0\n",
            "1:5 yaml-syntax: YAML does not allow the control character U+0000 (NUL)",
        ),
        (
            "a: 1\nb: 2\na: 3\n",
            "3:1 duplicate-key: the key `a` stands twice in this mapping",
        ),
        (
            "a: {b: 1, \"b\": 2}\n",
            "1:11 duplicate-key: the key `b` stands twice in this mapping",
        ),
        (
            "[a]: b\n",
            "1:1 yaml-key: a key must be a word, not a list or a mapping",
        ),
        (
            "a: {{ x }}\n",
            "1:5 yaml-key: a key must be a word, not a list or a mapping",
        ),
        (
            "? {a: b}\n: c\n",
            "1:3 yaml-key: a key must be a word, not a list or a mapping",
        ),
        (
            "!x a: b\n",
            "1:1 yaml-key: the key has the tag `!x`, and keys have none",
        ),
        ("a: *b\n", "1:4 yaml-alias: the alias `*b` names no anchor"),
        (
            "a: &a [*a]\n",
            "1:8 yaml-alias: the alias `*a` stands inside of what it names",
        ),
        (
            "<<: 1\n",
            "1:5 yaml-merge: the merge key `<<` takes a mapping or a list of mappings, not a number",
        ),
        (
            "<<: [{a: 1}, [b]]\n",
            "1:14 yaml-merge: the merge key `<<` takes a mapping or a list of mappings, not a list",
        ),
        (
            "<<: {a: 1}\n<<: {b: 1}\n",
            "2:1 duplicate-key: the key `<<` stands twice in this mapping",
        ),
        (
            "a: !!int x\n",
            "1:4 yaml-tag: the tag `!!int` does not fit `x`",
        ),
        (
            "a: !!map [1]\n",
            "1:4 yaml-tag: the tag `!!map` does not fit a list",
        ),
        (
            "a: !!set {b}\n",
            "1:4 yaml-tag: the tag `!!set` is not known",
        ),
        (
            "a: !!binary '*'\n",
            "1:4 yaml-tag: the value tagged `!!binary` is not proper base64",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "3:1 yaml-documents: one YAML document is expected here, and a second one follows",
        ),
    ];
    for (text, expected) in rows {
        let found = fault(text, &Limits::default());
        if expected.is_empty() {
            assert!(found.contains(" yaml-syntax: "), "{text}{found}");
        } else {
            assert_eq!(found, expected, "{text}");
        }
    }
}

#[test]
fn limits_are_kept_and_told() {
    let limits = Limits::default();
    let laughs = (1..10).fold("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned(), |text, n| {
        let m = n - 1;
        let items = vec![format!("*a{m}"); 10].join(",");
        format!("{text}a{n}: &a{n} [{items}]\n")
    });
    let merges = (1..60).fold("a0: &a0 {x: 1}\n".to_owned(), |text, n| {
        let m = n - 1;
        format!("{text}a{n}: &a{n} {{l: *a{m}, r: *a{m}}}\n")
    });
    let ladder: String = (0..200).map(|n| format!("{}k:\n", " ".repeat(n))).collect();
    let aliases = (1..200).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [*a{}]\n", n - 1)
    });
    let texts = format!(
        "a: &a \"{}\"\nb: [{}]\n",
        "x".repeat(100_000),
        "*a,".repeat(10_000)
    );
    let rows = [
        (laughs, "yaml-alias-bomb"),
        (merges, "yaml-alias-bomb"),
        (texts, "yaml-alias-bomb"),
        ("[".repeat(100_000), "yaml-too-deep"),
        ("- ".repeat(100_000), "yaml-too-deep"),
        ("{a: ".repeat(101), "yaml-too-deep"),
        ("? ".repeat(100_000), "yaml-"),
        (ladder, "yaml-too-deep"),
        (aliases, "yaml-too-deep"),
        (" ".repeat((64 << 20) + 1), "yaml-too-large"),
        (format!("[{}]", "a,".repeat(4_000_001)), "yaml-too-large"),
        ("- a\n".repeat(4_000_001), "yaml-too-large"),
    ];
    for (text, code) in rows {
        let found = fault(&text, &limits);
        let start: String = text.chars().take(40).collect();
        assert!(found.contains(&format!(" {code}")), "{start}: {found:.200}");
    }
}
