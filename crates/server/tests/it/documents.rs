//! The documents about the API are what the API is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::client::Served;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Renewed by `KUBEWRIGHT_RENEW=1 cargo test -p kubewright-server`.
#[test]
fn the_openapi_document_is_the_one_in_docs() {
    let page = root().join("docs/openapi.json");
    let document = kubewright_server::openapi();
    if std::env::var_os("KUBEWRIGHT_RENEW").is_some() {
        fs::write(&page, &document).unwrap();
    }
    let written = fs::read_to_string(&page).unwrap_or_default();
    assert!(
        written == document,
        "docs/openapi.json is not what the server says of itself"
    );
    assert_eq!(Served::new().get("/api/v1/openapi.json").body, document);
}

#[test]
fn every_reference_leads_somewhere_and_every_path_answers() {
    let document: Value = serde_json::from_str(&kubewright_server::openapi()).unwrap();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.contains("#/components/schemas/Results"));
    for reference in references {
        let path = reference.trim_start_matches('#');
        assert!(document.pointer(path).is_some(), "{reference}");
    }
    let served = Served::new();
    let paths = document["paths"].as_object().unwrap();
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let answer = served.ask(&method.to_uppercase(), path, &[], b"{}");
            assert!(
                !matches!(answer.status, 404 | 405 | 500),
                "{method} {path}: {answer:?}"
            );
        }
    }
    // The page `/` is not part of the API.
    let routes = fs::read_to_string(root().join("crates/server/src/routes/mod.rs")).unwrap();
    assert_eq!(paths.len(), routes.matches(".route(").count() - 1);
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member.as_str().filter(|_| key == "$ref") {
                    Some(reference) => _ = references.insert(reference.to_owned()),
                    None => collect(member, references),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Codes that requests are refused with, and the table of `docs/server.md`.
#[test]
fn every_code_is_described_and_every_described_code_is_said() {
    let mut said = BTreeSet::new();
    codes(&root().join("crates/server/src"), &mut said);
    said.extend(codes_of_the_reader());
    let page = fs::read_to_string(root().join("docs/server.md")).unwrap();
    let (_, table) = page.split_once("## Codes").unwrap();
    let cells = table
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('|')?.0));
    let words = cells.flat_map(|cell| cell.split('`').step_by(2));
    let described: BTreeSet<String> = words
        .map(str::to_owned)
        .filter(|w| !w.trim().is_empty())
        .collect();
    assert_eq!(described, said);
}

/// What the reader of JSON finds wrong with a state is passed on with its own code.
fn codes_of_the_reader() -> impl Iterator<Item = String> {
    let served = Served::new();
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let many = format!("[0{}]", ",0".repeat(6 << 20));
    let bodies = ["{", "[]", r#"{"a": 1, "a": 2}"#, &deep, &many];
    let answers = bodies.map(|body| served.post("/api/k8s/wizard-state", body));
    answers.into_iter().map(|answer| {
        assert_eq!(answer.status, 400, "{answer:?}");
        answer.code()
    })
}

/// The literals that stand where a problem is made.
fn codes(folder: &Path, said: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("sources can be read") {
        let path = entry.expect("sources can be read").path();
        if path.is_dir() {
            codes(&path, said);
            continue;
        }
        let text = fs::read_to_string(&path).expect("sources can be read");
        let text = text.replace(
            "Self::new(\n            StatusCode",
            "Problem::new(\n StatusCode",
        );
        let new = text.split("Problem::new(").skip(1);
        let new = new.filter_map(|rest| Some(rest.split_once(',')?.1));
        let bad = text.split("Problem::bad(").skip(1);
        for rest in new.chain(bad) {
            let literal = rest.trim_start().strip_prefix('"');
            if let Some((code, _)) = literal.and_then(|rest| rest.split_once('"')) {
                said.insert(code.to_owned());
            }
        }
    }
}

#[test]
fn the_schema_and_the_version_are_served() {
    let served = Served::new();
    assert_eq!(
        served.get("/api/v1/schema/results").body,
        kubewright_run::SCHEMA
    );
    let version = served.get("/api/v1/version").json();
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
}
