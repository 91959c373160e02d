//! Compiling ends early where nobody wants it any more.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use kubewright_compile::{Input, Outcome, Request, generate_unless};
use kubewright_files::MemoryFiles;
use kubewright_read::Environment;

const ENTRIES: usize = 200;

/// What comes of many services where `stop` says yes from the call with this number
/// on, and how many of them were made.
fn compile(from: usize) -> (Outcome, usize) {
    let services = (0..ENTRIES).map(|n| format!("  s{n}: {{image: 'a:1'}}\n"));
    let request = Request {
        inputs: vec![Input::Text {
            name: "compose.yaml".to_owned(),
            text: format!("services:\n{}", services.collect::<String>()),
        }],
        working_directory: PathBuf::from("/shop"),
        ..Request::default()
    };
    let (asked, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let outcome = generate_unless(
        &request,
        &MemoryFiles::new(),
        &Environment::default(),
        &|done, _| _ = made.fetch_add(done, Ordering::Relaxed),
        &|| asked.fetch_add(1, Ordering::Relaxed) + 1 >= from,
    );
    (outcome, made.into_inner())
}

/// The same of a wizard's state.
fn compile_state(from: usize) -> (Outcome, usize) {
    let services =
        (0..ENTRIES).map(|n| format!(r#"{{"name":"s{n}","image":"a:1","dependencies":["s199"]}}"#));
    let services: Vec<String> = services.collect();
    let request = Request {
        inputs: vec![Input::Text {
            name: "state.json".to_owned(),
            text: format!(r#"{{"_services":[{}]}}"#, services.join(",")),
        }],
        working_directory: PathBuf::from("/shop"),
        ..Request::default()
    };
    let asked = AtomicUsize::new(0);
    let outcome = generate_unless(
        &request,
        &MemoryFiles::new(),
        &Environment::default(),
        &|_, _| {},
        &|| asked.fetch_add(1, Ordering::Relaxed) + 1 >= from,
    );
    (outcome, asked.into_inner())
}

fn codes(outcome: &Outcome) -> Vec<&'static str> {
    let errors = outcome.diagnostics.iter();
    let errors = errors.filter(|found| found.severity == kubewright_source::Severity::Error);
    errors.map(|found| found.code).collect()
}

#[test]
fn it_stops_before_reading_after_it_and_between_entries() {
    for (from, most) in [(1, 0), (2, 0), (3, 0), (ENTRIES / 2, ENTRIES / 2)] {
        let (outcome, made) = compile(from);
        assert_eq!(codes(&outcome), ["stopped"], "{from}");
        assert!(outcome.tree.is_none(), "{from}");
        assert!(made <= most, "{from}: {made}");
    }
}

#[test]
fn it_is_done_where_it_is_wanted() {
    let (outcome, made) = compile(usize::MAX);
    assert_eq!(codes(&outcome), Vec::<&str>::new());
    assert!(outcome.tree.is_some());
    assert_eq!(made, ENTRIES);
}

/// Reading is not gone on with either: what is not read asks no more.
#[test]
fn reading_a_state_stops() {
    for from in [2, 3, ENTRIES / 2] {
        let (outcome, asked) = compile_state(from);
        assert_eq!(codes(&outcome), ["stopped"], "{from}");
        assert!(asked <= from + 2, "{from}: {asked}");
    }
}
