use super::*;

fn values(loaded: &Loaded, service: &str) -> Vec<(String, Option<String>, String)> {
    let variables = &loaded.document().env_file_values[service];
    variables
        .iter()
        .map(|v| {
            let value = v.value.as_ref().map(|value| value.value.clone());
            (
                v.name.value.clone(),
                value,
                loaded.sources.describe(v.name.span),
            )
        })
        .collect()
}

#[test]
fn variables_of_files_are_handed_on_in_order() {
    let list = [
        (
            "compose.yaml",
            "services: {a: {image: x, environment: {OWN: own}, env_file: [1.env, {path: 2.env, format: raw}, {path: gone.env, required: false}]}}",
        ),
        ("1.env", "# c\nA=1\nB=${OWN}-${HOST}\nHOST\nGONE\n"),
        ("2.env", "A='2'\n"),
    ];
    let loaded = run(&request(&[]), &files(&list), &[("HOST", "host")]);
    let row = |name: &str, value: Option<&str>, place: &str| {
        (name.to_owned(), value.map(str::to_owned), place.to_owned())
    };
    let expected = [
        row("A", Some("1"), "1.env:2:1"),
        row("B", Some("own-host"), "1.env:3:1"),
        row("HOST", Some("host"), "1.env:4:1"),
        row("GONE", None, "1.env:5:1"),
        row("A", Some("'2'"), "2.env:1:1"),
    ];
    assert_eq!(values(&loaded, "a"), expected);
    assert_eq!(loaded.said(), Vec::<String>::new());
}

#[test]
fn every_fault_is_said_where_it_stands() {
    let list = [(
        "compose.yaml",
        "services:
  a: {image: x, env_file: [gone.env, dir, {required: true}, 3, {path: f, format: ini}, {path: g, required: 'false'}]}
  b: {image: x, env_file: gone.env}
  c: {image: x, env_file: [bad.env, binary.env]}
  d: {image: x, env_file: bad.env}
  e: {image: x, label_file: gone.labels}
",
    ), ("bad.env", "A=1\nB C=2\n")];
    let files = files(&list)
        .with_folder("dir")
        .with("binary.env", vec![b'A', b'=', 0xff]);
    let loaded = run(&request(&[]), &files, &[]);
    loaded.says(&[
        "file compose.yaml:2:28 env file `gone.env` not found (service `a`)",
        "file compose.yaml:2:38 env file `dir` is not a file (service `a`)",
        "wrong-type compose.yaml:2:43 an env file without `path`",
        "wrong-type compose.yaml:2:61 a file's path must be a string, found a number",
        "bad-value compose.yaml:2:82 unsupported format",
        "file compose.yaml:3:27 env file `gone.env` not found (service `b`)",
        "yaml-encoding compose.yaml:4:37 `binary.env` is not UTF-8",
        "file compose.yaml:6:29 label file `gone.labels` not found (service `e`)",
        "bad-env-file bad.env:2:1 the name of a variable cannot contain a space",
    ]);
    assert!(loaded.diagnostics[0].help.contains("required: false"));
    assert_eq!(values(&loaded, "d").len(), 1);
}

#[test]
fn values_of_env_files_are_never_shown() {
    let list = [
        ("compose.yaml", "services: {a: {image: x, env_file: s.env}}"),
        ("s.env", "PASSWORD=hunter2\nA B=hunter2\nC=${hunter2!}"),
    ];
    let loaded = run(&request(&[]), &files(&list), &[]);
    let shown: Vec<&str> = loaded.sources.iter().map(|source| source.text()).collect();
    assert!(shown.iter().all(|text| !text.contains("hunter2")));
    let value = loaded.document().env_file_values["a"][0]
        .value
        .clone()
        .unwrap();
    assert_eq!(value.value, "hunter2");
}
