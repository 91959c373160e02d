use super::*;

fn many(list: &[(&str, &str)]) -> Loaded {
    run(&request(&["compose.yaml"]), &files(list), &[])
}

#[test]
fn a_service_begins_as_another() {
    one("
services:
  base: {image: x, environment: [A=1], ports: ['80'], command: [a]}
  a: {extends: base, environment: {B: 2}, ports: ['81'], command: [b]}
  b: {extends: {service: a}, image: y}
")
    .is("
services:
  base: {image: x, environment: [A=1], ports: ['80'], command: [a]}
  a: {image: x, environment: {A: '1', B: 2}, ports: ['80', '81'], command: [b]}
  b: {image: y, environment: {A: '1', B: 2}, ports: ['80', '81'], command: [b]}
");
}

#[test]
fn the_order_of_services_does_not_matter() {
    one("services: {c: {extends: b}, b: {extends: a, tty: true}, a: {image: x}}")
        .is("services: {c: {image: x, tty: true}, b: {image: x, tty: true}, a: {image: x}}");
}

#[test]
fn paths_of_another_file_start_from_its_folder() {
    let list = [
        (
            "compose.yaml",
            "services: {a: {extends: {service: base, file: sub/common.yaml}, env_file: own.env}}",
        ),
        (
            "sub/common.yaml",
            "
services:
  base:
    extends: {service: root, file: ../root.yaml}
    build: {context: ./app, additional_contexts: [x=y, z=https://z]}
    env_file: [a.env, {path: b.env, required: false}]
    label_file: l.env
    volumes: ['./data:/data:ro', 'named:/n', {type: bind, source: ../up, target: /u}]
    develop: {watch: [{path: src, action: rebuild}]}
",
        ),
        (
            "root.yaml",
            "services: {root: {image: x, volumes: ['./r:/r']}}",
        ),
        ("sub/a.env", "A=1"),
        ("own.env", "O=1"),
        ("sub/l.env", "L=1"),
    ];
    let loaded = many(&list);
    loaded.is("
services:
  a:
    image: x
    build: {context: ./sub/app, additional_contexts: [x=./sub/y, z=https://z]}
    env_file: [./sub/a.env, {path: ./sub/b.env, required: false}, own.env]
    label_file: ./sub/l.env
    volumes: ['./r:/r', './sub/data:/data:ro', 'named:/n', {type: bind, source: ./up, target: /u}]
    develop: {watch: [{path: ./sub/src, action: rebuild}]}
");
    let document = loaded.document();
    let names: Vec<&str> = document.env_file_values["a"]
        .iter()
        .map(|v| v.name.as_str())
        .collect();
    assert_eq!(names, ["A", "O"]);
    assert_eq!(document.label_file_values["a"].len(), 1);
}

#[test]
fn a_build_without_context_of_an_extended_file_is_the_projects() {
    let list = [
        (
            "compose.yaml",
            "services: {a: {extends: {service: b, file: s/c.yaml}}, d: {extends: {service: e, file: s/c.yaml}}}",
        ),
        (
            "s/c.yaml",
            "services: {b: {build: {target: t}}, e: {build: .}}",
        ),
    ];
    many(&list).is("services: {a: {build: {target: t}}, d: {build: ./s}}");
}

#[test]
fn a_file_is_read_once() {
    let list = [
        (
            "compose.yaml",
            "services: {a: {extends: {service: x, file: c.yaml}}, b: {extends: {service: x, file: ./c.yaml}}}",
        ),
        ("c.yaml", "services: {x: {image: '${GONE}'}}"),
    ];
    let loaded = many(&list);
    assert_eq!(loaded.sources.iter().count(), 2);
    assert_eq!(loaded.codes(), ["missing-variable"]);
}

#[test]
fn tags_reach_what_is_extended() {
    one("services: {b: {image: x, ports: ['80'], tty: true}, a: {extends: b, ports: !override ['81'], tty: !reset null}}")
        .is("services: {b: {image: x, ports: ['80'], tty: true}, a: {image: x, ports: ['81']}}");
    // And the files below.
    two(
        "services: {a: {image: x, ports: ['79']}}",
        "services: {b: {image: y, ports: ['80']}, a: {extends: b, ports: !override ['81']}}",
    )
    .is("services: {a: {image: y, ports: ['81']}, b: {image: y, ports: ['80']}}");
}

#[test]
fn cycles_are_shown_with_their_places() {
    let loaded = one(
        "services:\n  a: {extends: b}\n  b: {extends: c}\n  c: {extends: a}\n  d: {extends: b}\n",
    );
    loaded.says(&["cycle compose.yaml:2:16 `a` extends `b` extends `c` extends `a`"]);
    assert_eq!(loaded.diagnostics[0].related.len(), 2);
    one("services: {a: {extends: a}}").says(&["cycle compose.yaml:1:25 `a` extends `a`"]);
    let list = [(
        "compose.yaml",
        "services: {a: {extends: {service: a, file: compose.yaml}}}",
    )];
    many(&list).says(&["cycle compose.yaml:1:25 `a` extends `a`"]);
}

#[test]
fn what_is_not_there_is_said() {
    let list = [
        (
            "compose.yaml",
            "
services:
  base: {image: x}
  a: {extends: bsae}
  b: {extends: {service: x, file: gone.yaml}}
  c: {extends: {service: x, file: none.yaml}}
  d: {extends: {file: none.yaml}}
  e: {extends: {service: base, fil: x}}
  f: {extends: [base]}
  g: {extends: {service: bas, file: other.yaml}}
  h: {extends: {service: x, file: gone.yaml}}
",
        ),
        ("none.yaml", "volumes: {}"),
        ("other.yaml", "services: {base: {image: y}}"),
    ];
    let loaded = many(&list);
    loaded.says(&[
        "unknown-name compose.yaml:4:16 cannot extend service `a`: service `bsae` not found",
        "file compose.yaml:5:35 extended file `gone.yaml` not found",
        "wrong-type compose.yaml:6:35 `none.yaml` has no services to extend",
        "missing-key compose.yaml:7:16 `extends` does not say which service",
        "unknown-key compose.yaml:8:32 unknown key `fil` in `extends`",
        "wrong-type compose.yaml:9:16 `extends` must be a string, found a list",
        "unknown-name compose.yaml:10:26 cannot extend service `g`: service `bas` not found in `other.yaml`",
    ]);
    assert_eq!(loaded.diagnostics[0].help, "did you mean `base`?");
}

#[test]
fn long_chains_are_no_recursion() {
    let mut text = "services:\n  s0: {image: x}\n".to_owned();
    for n in 1..3000 {
        text.push_str(&format!("  s{n}: {{extends: s{}}}\n", n - 1));
    }
    let loaded = one(&text);
    assert_eq!(loaded.said(), Vec::<String>::new());
    let services = loaded.document().root.get("services").unwrap();
    assert_eq!(flow(services.get("s2999").unwrap()), "{image: \"x\"}");
}
