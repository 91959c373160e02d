use super::*;

fn many(list: &[(&str, &str)], environment: &[(&str, &str)]) -> Loaded {
    run(&request(&["compose.yaml"]), &files(list), environment)
}

#[test]
fn an_included_project_is_read_on_its_own_terms() {
    let list = [
        (
            "compose.yaml",
            "include: [sub/compose.yaml]\nservices: {a: {image: '${TAG:-none}', depends_on: [b]}}\nvolumes: {v: }",
        ),
        (
            "sub/compose.yaml",
            "
services:
  b: {image: '${TAG}', env_file: b.env, build: app, environment: [TAG, OTHER]}
volumes: {w: }
secrets: {s: {file: s.txt}}
",
        ),
        ("sub/.env", "TAG=sub"),
        ("sub/b.env", "B=1"),
    ];
    let loaded = many(&list, &[]);
    loaded.is("
services:
  a: {image: none, depends_on: [b]}
  b: {image: sub, env_file: ./sub/b.env, build: ./sub/app, environment: [TAG=sub, OTHER]}
volumes: {v: , w: }
secrets: {s: {file: ./sub/s.txt}}
");
    assert_eq!(loaded.document().env_file_values["b"].len(), 1);
    // The including project's variables come first.
    let loaded = many(&list, &[("TAG", "process")]);
    let image = loaded
        .document()
        .root
        .get("services")
        .and_then(|s| s.get("b")?.get("image"));
    assert_eq!(flow(image.unwrap()), "\"process\"");
}

#[test]
fn folder_env_files_and_overrides_can_be_named() {
    let list = [
        (
            "compose.yaml",
            "include: [{path: [sub/a.yaml, sub/b.yaml], project_directory: other, env_file: e.env}]",
        ),
        ("sub/a.yaml", "services: {a: {image: '$E', build: x}}"),
        ("sub/b.yaml", "services: {a: {scale: 2}}"),
        ("e.env", "E=1"),
    ];
    many(&list, &[]).is("services: {a: {image: '1', build: ./other/x, scale: 2}}");
}

#[test]
fn the_including_file_lies_over_and_can_extend() {
    let list = [
        (
            "compose.yaml",
            "include: [inc.yaml]\nservices: {a: {image: y}, c: {extends: b, tty: true}}",
        ),
        (
            "inc.yaml",
            "services: {a: {image: x, scale: 2}, b: {image: z}}",
        ),
    ];
    many(&list, &[])
        .is("services: {a: {image: y, scale: 2}, b: {image: z}, c: {image: z, tty: true}}");
}

#[test]
fn a_project_reached_twice_is_one() {
    let list = [
        ("compose.yaml", "include: [l.yaml, r.yaml]"),
        ("l.yaml", "include: [base.yaml]\nservices: {l: {image: x}}"),
        ("r.yaml", "include: [base.yaml]\nservices: {r: {image: x}}"),
        (
            "base.yaml",
            "services: {b: {image: x, ports: ['80'], cap_add: [A]}}",
        ),
    ];
    let loaded = many(&list, &[]);
    loaded
        .is("services: {l: {image: x}, r: {image: x}, b: {image: x, ports: ['80'], cap_add: [A]}}");
    assert_eq!(loaded.sources.iter().count(), 4);
}

#[test]
fn cycles_and_gaps_are_said() {
    let list = [
        (
            "compose.yaml",
            "include:\n- a.yaml\n- gone.yaml\n- {pth: x}\n- [3, [4]]\n- https://x/y\n- {path: b.yaml, env_file: gone.env}\n",
        ),
        (
            "a.yaml",
            "include: [compose.yaml]\nservices: {a: {image: x}}",
        ),
        ("b.yaml", "services: {b: {image: x}}"),
    ];
    let loaded = many(&list, &[]);
    loaded.says(&[
        "file compose.yaml:3:3 compose file `gone.yaml` not found",
        "missing-key compose.yaml:4:3",
        "unknown-key compose.yaml:4:4 unknown key `pth`",
        "wrong-type compose.yaml:5:4 `include` must be a path, found a number",
        "not-yet compose.yaml:6:3",
        "file compose.yaml:7:28 env file `gone.env` not found",
        "cycle a.yaml:1:11 `compose.yaml` includes `a.yaml` includes `compose.yaml`",
    ]);
    one("include: a.yaml\nservices: {}")
        .says(&["wrong-type compose.yaml:1:10 `include` must be a list"]);
}
