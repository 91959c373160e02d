//! What texts mean, and where things stand.

use kubewright_source::{SourceId, Sources};
use kubewright_yaml::{Limits, Node, Style, Value, read_document, read_documents};

fn read(text: &str) -> Node {
    let read = read_document(text, SourceId::NONE, &Limits::default());
    read.unwrap_or_else(|error| panic!("{error:?} in {text}"))
        .unwrap()
}

fn json(text: &str) -> String {
    serde_json::to_string(&read(text)).unwrap()
}

#[test]
fn texts_mean_what_they_mean_to_compose() {
    let rows = [
        ("a: 1", r#"{"a":1}"#),
        (
            "\u{feff}a: 1\r\nb: [x, 'y', \"z\"]\r\n",
            r#"{"a":1,"b":["x","y","z"]}"#,
        ),
        ("---\n# c\na: yes # c\n...\n", r#"{"a":"yes"}"#),
        ("%YAML 1.2\n---\na: ~", r#"{"a":null}"#),
        ("a:\n- 1\n- - 2\n  - 3\n-\n", r#"{"a":[1,[2,3],null]}"#),
        (
            "a: |\n  x\n   y\n\nb: >-\n  p\n  q\n",
            r#"{"a":"x\n y\n","b":"p q"}"#,
        ),
        ("a: |+\n  x\n\n", r#"{"a":"x\n\n"}"#),
        (
            r#"{"a": "\u00e9\/\t", "b": [1.50, true, null, {}], "c":{"d":-1e3}}"#,
            r#"{"a":"é/\t","b":[1.5,true,null,{}],"c":{"d":-1000.0}}"#,
        ),
        ("{\n\t\"a\": [\n\t\t1,\n\t\t2\n\t]\n}\n", r#"{"a":[1,2]}"#),
        ("a: &x {k: v}\nb: *x", r#"{"a":{"k":"v"},"b":{"k":"v"}}"#),
        (
            "a: &x [1]\nb: &x [2]\nc: *x",
            r#"{"a":[1],"b":[2],"c":[2]}"#,
        ),
        ("&k a: 1\n*k : 2", "duplicate"),
        ("b: &k a\nc:\n  *k : 2", r#"{"b":"a","c":{"a":2}}"#),
        (
            "x: &x {a: 1, b: 2}\ny:\n  c: 0\n  <<: *x\n  b: 3",
            r#"{"x":{"a":1,"b":2},"y":{"c":0,"a":1,"b":3}}"#,
        ),
        (
            "<<: [{a: 1, b: 1}, {b: 2, c: 2}]\nc: 3",
            r#"{"a":1,"b":1,"c":3}"#,
        ),
        ("\"<<\": a", r#"{"<<":"a"}"#),
        (
            "a: !!str 1\nb: !!int \"2\"\nc: !!float 3\nd: ! 4\ne: !!binary YWI=\nf: !!null ''",
            r#"{"a":"1","b":2,"c":3.0,"d":"4","e":"ab","f":null}"#,
        ),
        ("a: !!map {b: !!seq [!!bool true]}", r#"{"a":{"b":[true]}}"#),
        (
            "80: a\n~: b\n1.0: c\n? d\n? e\n: f",
            r#"{"80":"a","~":"b","1.0":"c","d":null,"e":"f"}"#,
        ),
        ("a: b:c\nd: http://x#y", r#"{"a":"b:c","d":"http://x#y"}"#),
        ("a: x\n  y\n\n  z", r#"{"a":"x y\nz"}"#),
        ("[a: 1, {b}, ? c]", r#"[{"a":1},{"b":null},{"c":null}]"#),
        ("0o17", "15"),
    ];
    for (text, expected) in rows {
        if expected == "duplicate" {
            let error = read_document(text, SourceId::NONE, &Limits::default()).unwrap_err();
            assert_eq!(error.code, "duplicate-key");
            continue;
        }
        assert_eq!(json(text), expected, "{text}");
    }
}

/// Every node with the text of its span: `path=text`.
fn places(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add("f", text);
    let node = read_document(text, id, &Limits::default())
        .unwrap()
        .unwrap();
    let mut rows = Vec::new();
    walk(&node, &sources, &mut rows);
    rows
}

fn walk(node: &Node, sources: &Sources, rows: &mut Vec<String>) {
    let written = sources.text(node.span).unwrap();
    match &node.value {
        Value::Scalar(_) if written.is_empty() => rows.push(format!("@{}", node.span.start)),
        Value::Scalar(_) => rows.push(written.to_owned()),
        Value::Sequence(items) => {
            rows.push(written.to_owned());
            items.iter().for_each(|item| walk(item, sources, rows));
        }
        Value::Mapping(mapping) => {
            rows.push(written.to_owned());
            for entry in mapping {
                rows.push(sources.text(entry.key.span).unwrap().to_owned());
                walk(&entry.value, sources, rows);
            }
        }
    }
}

#[test]
fn spans_cover_what_is_written() {
    let rows: [(&str, &[&str]); 14] = [
        ("a: 'x'  # c\n", &["a: 'x'", "a", "'x'"]),
        (
            "'a''b': \"x\\\"\" # c",
            &["'a''b': \"x\\\"\"", "'a''b'", "\"x\\\"\""],
        ),
        (
            "é: ü # ö\nß: \"€\"\n",
            &["é: ü # ö\nß: \"€\"", "é", "ü", "ß", "\"€\""],
        ),
        (
            "a:\n  - 1\n  - b: 2\n\nc: 3",
            &[
                "a:\n  - 1\n  - b: 2\n\nc: 3",
                "a",
                "- 1\n  - b: 2",
                "1",
                "b: 2",
                "b",
                "2",
                "c",
                "3",
            ],
        ),
        (
            "a: [ x , {y: z} ] # c",
            &[
                "a: [ x , {y: z} ]",
                "a",
                "[ x , {y: z} ]",
                "x",
                "{y: z}",
                "y",
                "z",
            ],
        ),
        ("a:\nb: # c\n", &["a:\nb:", "a", "@2", "b", "@5"]),
        (
            "a:\n- 1\n-\nb: 2",
            &["a:\n- 1\n-\nb: 2", "a", "- 1\n-", "1", "@8", "b", "2"],
        ),
        ("-\n- x\n-", &["-\n- x\n-", "@1", "x", "@7"]),
        (
            "{a, b: , c: }",
            &["{a, b: , c: }", "a", "@2", "b", "@6", "c", "@11"],
        ),
        (
            "a: !t &x v\nb: &y\n  k: v",
            &["a: !t &x v\nb: &y\n  k: v", "a", "v", "b", "k: v", "k", "v"],
        ),
        ("a: &x v\nb: *x", &["a: &x v\nb: *x", "a", "v", "b", "v"]),
        (
            "a: |\n  x\n  y\nb: 1",
            &["a: |\n  x\n  y\nb: 1", "a", "|\n  x\n  y", "b", "1"],
        ),
        (
            "a: x\n  y # c\nb: 1",
            &["a: x\n  y # c\nb: 1", "a", "x\n  y", "b", "1"],
        ),
        (
            "\u{feff}a: 1\r\nb: 2\r\n",
            &["a: 1\r\nb: 2", "a", "1", "b", "2"],
        ),
    ];
    for (text, expected) in rows {
        assert_eq!(places(text), expected, "{text}");
    }
}

#[test]
fn local_tags_and_styles_are_kept() {
    let node =
        read("a: !reset null\nb: !override\n  - x\nc: !x {}\nd: 'q'\ne: |\n  b\nf: !<tag:a,b> x");
    let tag = |key: &str| node.get(key).unwrap().tag.as_ref().map(|tag| &*tag.text);
    assert_eq!(tag("a"), Some("!reset"));
    assert!(node.get("a").unwrap().is_null());
    assert_eq!(tag("b"), Some("!override"));
    assert_eq!(tag("d"), None);
    assert_eq!(tag("f"), Some("!<tag:a,b>"));
    let style = |key: &str| node.get(key).unwrap().as_scalar().unwrap().style;
    assert_eq!((style("d"), style("e")), (Style::Quoted, Style::Block));
}

#[test]
fn nothing_is_no_document() {
    for text in [
        "",
        "\n",
        "# c\n",
        "---\n",
        "---\n...\n",
        "\u{feff}",
        "--- # c\n---\n",
    ] {
        let read = read_document(text, SourceId::NONE, &Limits::default());
        assert_eq!(read.unwrap(), None, "{text:?}");
    }
    let all = read_documents(
        "a\n---\n---\n~\n---\nb\n",
        SourceId::NONE,
        &Limits::default(),
    );
    assert_eq!(all.unwrap().len(), 3);
}

#[test]
fn large_mappings_are_read_in_one_go() {
    let text: String = (0..200_000).map(|n| format!("key{n}: {n}\n")).collect();
    let node = read(&text);
    assert_eq!(node.as_mapping().unwrap().len(), 200_000);
    assert_eq!(json_of(node.get("key199999")), "199999");
}

fn json_of(node: Option<&Node>) -> String {
    serde_json::to_string(&node).unwrap()
}
