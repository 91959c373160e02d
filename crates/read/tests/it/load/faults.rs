use super::*;

#[test]
fn the_top_is_checked() {
    let rows: [(&str, &[&str]); 14] = [
        ("", &["empty-document"]),
        ("# nothing\n", &["empty-document"]),
        ("{}", &["empty-document compose.yaml:1:1"]),
        (
            "[a]",
            &["wrong-type compose.yaml:1:1 a compose file is a mapping at the top, this is a list"],
        ),
        ("just text", &["wrong-type compose.yaml:1:1"]),
        (
            "services:",
            &["wrong-type compose.yaml:1:10 `services` must be a mapping, found nothing"],
        ),
        (
            "services: [a]",
            &["wrong-type compose.yaml:1:11 `services` must be a mapping, found a list"],
        ),
        (
            "services:\n  a:\n  b: {image: x}\n  c: 3",
            &[
                "wrong-type compose.yaml:2:3 service `a` must be a mapping, found nothing",
                "wrong-type compose.yaml:4:6 service `c` must be a mapping, found a number",
            ],
        ),
        (
            "services: {'a b': {image: x}}",
            &["bad-name compose.yaml:1:12"],
        ),
        (
            "version: '3'\nservices: {}",
            &["obsolete-key compose.yaml:1:1 `version` is obsolete"],
        ),
        (
            "version: 3\nservices: {}",
            &[
                "obsolete-key compose.yaml:1:1",
                "wrong-type compose.yaml:1:10",
            ],
        ),
        (
            "servces: {}\nweb: {}\nx-mine: 1",
            &[
                "unknown-key compose.yaml:1:1 unknown key `servces`",
                "unknown-key compose.yaml:2:1 unknown key `web`",
            ],
        ),
        ("jobs: {a: {image: x}}", &["not-yet compose.yaml:1:1"]),
        (
            "services: {a: {image: x}, a: {image: y}}",
            &["duplicate-key compose.yaml:1:27"],
        ),
    ];
    for (text, expected) in rows {
        one(text).says(expected);
    }
    assert!(
        one("servces: {}").diagnostics[0]
            .help
            .contains("`services`")
    );
}

#[test]
fn the_faults_of_all_files_are_said() {
    let list = [
        ("a.yaml", "a: [\n"),
        ("b.yaml", "servics: {}"),
        ("c.yaml", "services: {x: {image: '$1 ${}'}}"),
    ];
    let loaded = run(
        &request(&["a.yaml", "b.yaml", "gone.yaml", "c.yaml"]),
        &files(&list),
        &[],
    );
    assert_eq!(loaded.codes().len(), 4, "{:#?}", loaded.said());
    assert!(loaded.codes().contains(&"file"));
    assert!(loaded.codes().contains(&"unknown-key"));
    assert!(loaded.codes().contains(&"bad-interpolation"));
}

#[test]
fn templates_are_recognized() {
    let loaded = one("services:\n  a:\n    image: {{ image }}:{{ tag }}\n");
    assert_eq!(loaded.diagnostics.len(), 1);
    assert!(
        loaded.diagnostics[0].help.contains("render the template"),
        "{:?}",
        loaded.diagnostics
    );
    let loaded = one("{% if a %}\nservices: {}\n{% endif %}\n");
    assert!(
        loaded.diagnostics[0].help.contains("render the template"),
        "{:?}",
        loaded.diagnostics
    );
}

#[test]
fn bytes_that_are_no_text_are_an_error() {
    let files = MemoryFiles::new().with("compose.yaml", vec![b'a', 0xff, b'b']);
    let loaded = run(&request(&[]), &files, &[]);
    loaded.says(&["yaml-encoding"]);
    assert!(loaded.document.is_none());
}

#[test]
fn a_file_may_be_forbidden_or_a_folder() {
    let files = MemoryFiles::new()
        .with_denied("a.yaml")
        .with_folder("b.yaml");
    run(&request(&["a.yaml", "b.yaml"]), &files, &[]).says(&[
        "file  there is no compose file in `b.yaml`",
        "file  compose file `a.yaml` cannot be read: permission denied",
    ]);
}

#[test]
fn byte_order_marks_and_carriage_returns_are_no_matter() {
    one("\u{feff}services:\r\n  a:\r\n    image: x\r\n").is("services: {a: {image: x}}");
}

#[test]
fn a_file_without_services_is_fine() {
    one("volumes: {v: }").is("volumes: {v: }");
}
