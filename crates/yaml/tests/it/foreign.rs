//! What other readers make of what we write: PyYAML (YAML 1.1), and the two
//! libraries of kubectl and Docker Compose.
//!
//! `KUBEWRIGHT_PYTHON` names an interpreter that has PyYAML, `KUBEWRIGHT_GOYAML` the
//! built program of `tests/goyaml`. Where one is unset its test says so and passes,
//! but for CI.

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, Stdio};

use kubewright_yaml::AsGiven;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::trees;

const PYTHON: &str = "
import json, sys, yaml
texts = json.load(sys.stdin)
json.dump([[yaml.safe_load(text)] for text in texts], sys.stdout)
";

#[test]
fn pyyaml_reads_what_we_write() {
    let Some(python) = tool("KUBEWRIGHT_PYTHON") else {
        return;
    };
    let mut command = Command::new(python);
    command.args(["-c", PYTHON]);
    agrees(command, "PyYAML");
}

#[test]
fn go_readers_read_what_we_write() {
    let Some(program) = tool("KUBEWRIGHT_GOYAML") else {
        return;
    };
    agrees(Command::new(program), "go-yaml");
}

/// The program that a variable names.
fn tool(variable: &str) -> Option<OsString> {
    let found = std::env::var_os(variable).filter(|value| !value.is_empty());
    if found.is_none() {
        let ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!ci, "{variable} must be set in CI");
        say(&format!("skipped: {variable} names no program"));
    }
    found
}

#[expect(clippy::print_stdout, reason = "a skipped test must say so")]
fn say(text: &str) {
    println!("{text}");
}

/// Sends a batch of documents through one process: a JSON list of texts goes in, a
/// list of the readings of each text comes out.
fn agrees(mut command: Command, name: &str) {
    let values = batch();
    let write = |value: &Value| kubewright_yaml::to_string(value, &AsGiven).unwrap();
    let texts: Vec<String> = values.iter().map(write).collect();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = serde_json::to_vec(&texts).unwrap();
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    assert!(output.status.success(), "{name} failed: {}", output.status);
    let readings: Vec<Vec<Value>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(readings.len(), values.len());
    for ((value, text), readings) in values.iter().zip(&texts).zip(&readings) {
        assert!(!readings.is_empty());
        for reading in readings {
            assert!(same(value, reading), "{name}: {value}\n{reading}\n{text}");
        }
    }
}

fn batch() -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let strategy = trees::tree();
    let mut value = || strategy.new_tree(&mut runner).unwrap().current();
    let nasty = trees::nasty().into_iter().map(Value::from);
    let mut batch: Vec<Value> = (0..600).map(|_| value()).collect();
    batch.push(trees::nasty_document());
    batch.extend(nasty);
    batch
}

/// Equal, but for the difference of `1` and `1.0`, which JSON does not know, and for
/// the last binary digit of floats, which our JSON reader does not mind.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (x, y) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            let whole = a.is_i64() || a.is_u64();
            a == b || x == y || (!whole && ((x - y) / x).abs() < 1e-15)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let found = |(key, a)| b.get(key).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(found)
        }
        _ => a == b,
    }
}
