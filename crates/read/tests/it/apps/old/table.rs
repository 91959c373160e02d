//! Version 2 and version 3 say the same; a file of version 3 may use the words of
//! version 2, too.

use super::super::{Read, read};
use super::rows::{ROWS, Row};

/// What version 2 takes for granted of apps, said in version 3.
const TEMPLATE: &str = "\
templates:
  old:
    resources: {memory: 256Mi, cpu: 100m}
    scaling: keda-http
    access: private
    ports: {http: {container_port: 8080, service_port: 80}}
";

/// What it takes for granted of the rest.
const DEFAULTS: &str = "namespace: apps, ingress: traefik";

/// Files that rows speak of.
const FILES: &[(&str, &str)] = &[("shop/compose.yaml", COMPOSE), ("shop/other.yaml", COMPOSE)];

const COMPOSE: &str = "services: {db: {image: acme/db:1, expose: [5432]}}";

fn text(version: &str, top: &str, app: &str) -> String {
    let top = top.trim();
    match version {
        "2" => format!("version: \"2\"\n{top}\napps:\n- name: web\n  path: src/web\n{app}"),
        _ => {
            let defaults = match top.starts_with("defaults:") {
                true => String::new(),
                false => format!("defaults: {{{DEFAULTS}}}\n"),
            };
            let build = match app.contains("  build:") {
                true => "",
                false => "    build: src/web\n",
            };
            format!(
                "{defaults}{TEMPLATE}{top}\napps:\n  web:\n    extends: old\n{build}{}",
                indented(app)
            )
        }
    }
}

fn indented(app: &str) -> String {
    app.lines().map(|line| format!("  {line}\n")).collect()
}

fn of(version: &str, row: &Row, top: &str, app: &str) -> Read {
    let environment = (!row.environment.is_empty()).then_some(row.environment);
    read(&text(version, top, app), environment, FILES)
}

/// What was said besides notes on words, and what compose projects cannot do yet.
fn without(read: &Read, code: &str) -> Vec<String> {
    let said = read.said().into_iter();
    said.filter(|line| !line.starts_with(code) && !line.starts_with(NOT_YET))
        .collect()
}

const NOT_YET: &str = "not-yet-readable ";

/// Codes and messages of that, without places.
fn not_yet(read: &Read) -> Vec<String> {
    let said = read.diagnostics.iter();
    said.filter(|said| NOT_YET.starts_with(said.code))
        .map(|said| said.message.clone())
        .collect()
}

#[test]
fn each_row_says_the_same_in_both_versions() {
    for row in ROWS {
        let old = of("2", row, row.old_top, row.old);
        let new = of("3", row, row.new_top, row.new);
        let said = without(&new, "old-key ");
        assert_eq!(said, Vec::<String>::new(), "{}: version 3", row.name);
        let said = without(&old, "newer-key ");
        assert_eq!(said, Vec::<String>::new(), "{}: version 2", row.name);
        assert_eq!(not_yet(&old), not_yet(&new), "{}", row.name);
        assert_eq!(old.project, new.project, "{}", row.name);
    }
}

/// The notes name the old word; nothing else is said.
#[test]
fn version_3_reads_the_old_words_with_a_note() {
    for row in ROWS.iter().filter(|row| row.is_word) {
        let top = row
            .old_top
            .replace("defaults:\n", "defaults:\n  namespace: apps\n");
        let old = of("3", row, &top, row.old);
        let new = of("3", row, row.new_top, row.new);
        let others = without(&old, "old-key ");
        assert_eq!(others, Vec::<String>::new(), "{}", row.name);
        assert!(!old.said().is_empty(), "{}: nothing is said", row.name);
        assert_eq!(not_yet(&old), not_yet(&new), "{}", row.name);
        assert_eq!(old.project, new.project, "{}", row.name);
    }
}
