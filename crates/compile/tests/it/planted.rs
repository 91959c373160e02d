//! Promise 7: secrets stay secret. The value of a secret variable, put anywhere
//! into an input, reaches neither what is said nor ConfigMaps nor annotations.

use std::path::PathBuf;

use kubewright_compile::{Form, Input, LowerOptions, Outcome, Request, Secrets, convert, generate};
use kubewright_files::MemoryFiles;
use kubewright_read::Environment;
use kubewright_read::compose::decode::keys;
use kubewright_source::render::{Style, render};
use kubewright_source::report::report;
use kubewright_source::{Diagnostics, Sources};
use kubewright_yaml::{Limits, Node, Scalar, Value, read_document};
use rayon::prelude::*;

use crate::case::{self, Replaced};

/// The planted value. Nothing else of any case holds a part of it.
pub(crate) const SECRET: &str = "Planted-hunter2";

/// One that breaks apart where short forms do.
const ODD: &str = "plant:hunter2/tcp,z=9";

const REFERENCE: &str = "${HIDDEN_PASSWORD}";

/// What may stand under a key, with a secret in it.
const SHAPES: [&str; 9] = [
    "SECRET",
    "[SECRET]",
    "[SECRET, SECRET]",
    "[a=SECRET, a=SECRET]",
    "{a: SECRET}",
    "{a: {b: SECRET}}",
    "[{source: SECRET, target: SECRET, type: SECRET}]",
    "[{target: SECRET, published: SECRET, protocol: SECRET, name: SECRET}]",
    "{test: [CMD, SECRET], interval: SECRET, retries: SECRET}",
];

#[test]
fn a_secret_in_any_scalar_of_any_case_stays_secret() {
    let all = case::all();
    let documents = all
        .iter()
        .flat_map(|case| case.documents().into_iter().map(move |found| (case, found)));
    let places: Vec<_> = documents
        .flat_map(|(case, (path, tree))| {
            (0..scalars(&tree)).map(move |at| (case, path.clone(), plant(&tree, at, at % 2 == 0)))
        })
        .collect();
    assert!(places.len() > 500, "only {} places", places.len());
    let mut leaks: Vec<String> = places
        .par_iter()
        .filter_map(|(case, path, planted)| {
            let files = Replaced::new(case, path, planted)?;
            let found = leak(case.outcome_with(&files), &["hunter2"], true)?;
            Some(format!("{}: {found}", case.name))
        })
        .collect();
    leaks.dedup();
    assert!(leaks.is_empty(), "{}", leaks.join("\n\n"));
}

#[test]
fn a_secret_in_any_key_of_a_service_stays_secret() {
    let leaks: Vec<String> = keys::SERVICE
        .par_iter()
        .flat_map_iter(|key| SHAPES.iter().map(move |shape| (key.name, *shape)))
        .flat_map_iter(|(key, shape)| leaks_of(key, shape))
        .collect();
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks[..leaks.len().min(20)].join("\n\n")
    );
}

/// What a key of that shape gives away, however secrets leave.
fn leaks_of(key: &str, shape: &str) -> Vec<String> {
    use Secrets::{External, Inline, Local, Placeholder};
    let tries = [
        (REFERENCE, SECRET, Local),
        (REFERENCE, ODD, Local),
        (REFERENCE, SECRET, Placeholder),
        (REFERENCE, SECRET, Inline),
        (REFERENCE, SECRET, External),
        ("a${HIDDEN_PASSWORD}b", SECRET, Local),
        ("${X_TOKEN:-hunter2x}", SECRET, Local),
    ];
    let leaks = tries.into_iter().filter_map(|(planted, secret, mode)| {
        let text = project(key, shape, planted);
        let in_secrets = matches!(mode, Local | Inline);
        let found = leak(
            compile(&text, secret, mode),
            &["hunter2", "plant"],
            in_secrets,
        );
        found.map(|leak| format!("{text}{mode:?}: {leak}"))
    });
    leaks.collect()
}

/// A project whose only service has a secret under that key.
fn project(key: &str, shape: &str, planted: &str) -> String {
    let image = if key == "image" {
        ""
    } else {
        "    image: nginx:1\n"
    };
    let shape = shape.replace("SECRET", &format!("\"{planted}\""));
    format!("services:\n  web:\n{image}    {key}: {shape}\n")
}

/// A converted document is for git: it names secrets, and shows none, not in its
/// comments either.
#[test]
fn a_secret_in_any_key_of_a_service_is_not_converted() {
    let planted = [REFERENCE, "a${HIDDEN_PASSWORD}b"];
    let leaks: Vec<String> = keys::SERVICE
        .par_iter()
        .flat_map_iter(|key| SHAPES.iter().map(move |shape| (key.name, *shape)))
        .flat_map_iter(|(key, shape)| planted.iter().map(move |text| project(key, shape, text)))
        .filter_map(|text| {
            let (request, environment) = asked(&text, SECRET, Secrets::Local);
            let written =
                convert(&request, Form::Document, &MemoryFiles::new(), &environment).written?;
            let shows = written.text.to_lowercase().contains("hunter2");
            shows.then(|| format!("{text}{}", written.text))
        })
        .collect();
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

/// Default values are written in the input: they are stars there.
#[test]
fn a_default_of_a_secret_variable_is_not_shown() {
    let text = "services:\n  web:\n    image: nginx:1\n    user: ${DB_PASSWORD:-hunter2}\n";
    assert_eq!(
        leak(compile(text, SECRET, Secrets::Local), &["hunter2"], true),
        None
    );
}

/// What must not be hidden is not: plain words, and values of other variables.
#[test]
fn other_words_are_shown() {
    let text = "services:\n  plain:\n    image: plain:1\n    environment:\n      A_PASSWORD: ${HIDDEN_PASSWORD}\n    prots: []\n";
    let outcome = compile(text, "plain", Secrets::Local);
    assert!(
        said(&outcome).contains("service `plain`"),
        "{}",
        said(&outcome)
    );
}

fn compile(text: &str, secret: &str, secrets: Secrets) -> Outcome {
    let (request, environment) = asked(text, secret, secrets);
    generate(&request, &MemoryFiles::new(), &environment, &|_, _| {})
}

fn asked(text: &str, secret: &str, secrets: Secrets) -> (Request, Environment) {
    let request = Request {
        inputs: vec![Input::Text {
            name: "compose.yaml".to_owned(),
            text: text.to_owned(),
        }],
        working_directory: PathBuf::from("/shop"),
        lowering: LowerOptions {
            secrets,
            ..LowerOptions::default()
        },
        ..Request::default()
    };
    let environment = [("HIDDEN_PASSWORD", secret)].into_iter().collect();
    (request, environment)
}

/// All that is said, to people and to machines.
fn said(outcome: &Outcome) -> String {
    said_of(&outcome.diagnostics, &outcome.sources)
}

pub(crate) fn said_of(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut said = String::new();
    for diagnostic in diagnostics.iter() {
        said.push_str(&render(diagnostic, sources, Style::default()));
        said.push_str(&format!("\n{:?}\n\n", report(diagnostic, sources)));
    }
    said
}

/// What was given away of any of the words, if anything was.
fn leak(outcome: Outcome, words: &[&str], in_secrets: bool) -> Option<String> {
    let shows = |text: &str| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let said = said(&outcome);
    if let Some(line) = said.lines().find(|line| shows(line)) {
        return Some(format!("said: {line}"));
    }
    let files = outcome.tree.as_ref().map_or(&[][..], |tree| tree.files());
    let shown = files.iter().filter(|file| shows(&file.text));
    let leaked = shown.filter(|file| match file.objects.first() {
        Some(object) if object.kind == "Secret" => !in_secrets,
        Some(object) if object.kind == "ConfigMap" => data_shows(&file.text, "data", &shows),
        _ => data_shows(&file.text, "annotations", &shows),
    });
    leaked
        .map(|file| format!("{}:\n{}", file.path, file.text))
        .next()
}

/// Whether anything below a key of that name shows it.
fn data_shows(text: &str, key: &str, shows: &dyn Fn(&str) -> bool) -> bool {
    let id = Sources::default().add("file", text);
    let tree = read_document(text, id, &Limits::default())
        .expect("what is written is YAML")
        .expect("it is not empty");
    below(&tree, key, shows, false)
}

fn below(node: &Node, key: &str, shows: &dyn Fn(&str) -> bool, within: bool) -> bool {
    match &node.value {
        Value::Scalar(scalar) => within && shows(&scalar.text),
        Value::Sequence(items) => items.iter().any(|item| below(item, key, shows, within)),
        Value::Mapping(mapping) => mapping
            .iter()
            .any(|entry| below(&entry.value, key, shows, within || *entry.key.text == *key)),
    }
}

fn scalars(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(_) => 1,
        Value::Sequence(items) => items.iter().map(scalars).sum(),
        Value::Mapping(mapping) => mapping.iter().map(|entry| scalars(&entry.value)).sum(),
    }
}

/// The tree with a reference to the secret in its scalar number `at`, or behind
/// what stands there.
fn plant(tree: &Node, at: usize, whole: bool) -> Node {
    let mut tree = tree.clone();
    let mut left = at;
    plant_at(&mut tree, &mut left, whole);
    tree
}

fn plant_at(node: &mut Node, left: &mut usize, whole: bool) -> bool {
    match &mut node.value {
        Value::Scalar(scalar) => {
            if *left > 0 {
                *left -= 1;
                return false;
            }
            let text = match whole {
                true => REFERENCE.to_owned(),
                false => format!("{}{REFERENCE}", scalar.text),
            };
            *scalar = Scalar::string(text);
            true
        }
        Value::Sequence(items) => items.iter_mut().any(|item| plant_at(item, left, whole)),
        Value::Mapping(mapping) => mapping
            .values_mut()
            .any(|(_, value)| plant_at(value, left, whole)),
    }
}
