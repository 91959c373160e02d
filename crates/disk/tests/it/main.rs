//! The writer and the reader on a real disk.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test, which clippy allows in tests only"
)]

mod around;
mod in_the_way;
mod paths;
mod policies;
mod reading;
mod together;

use std::fs;
use std::path::Path;

use kubewright_disk::{Policy, Status, Summary, WriteError, WriteOptions};
use kubewright_files::{File, ObjectRef, OutputPath, Tree};

/// A tree of files; those with `secret` in their path are sensitive.
fn tree(files: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| File {
        path: OutputPath::new(*path).unwrap(),
        text: (*text).to_owned(),
        objects: vec![object(path)],
        sensitive: path.contains("secret"),
    };
    Tree::new(files.iter().map(file).collect()).unwrap()
}

fn object(name: &str) -> ObjectRef {
    ObjectRef {
        api_version: "v1".into(),
        kind: "ConfigMap".into(),
        namespace: None,
        name: name.to_owned(),
        environment: None,
    }
}

fn write(tree: &Tree, out: &Path, policy: Policy) -> Result<Vec<(String, Status)>, WriteError> {
    let options = WriteOptions {
        policy,
        ..WriteOptions::default()
    };
    kubewright_disk::write(tree, out, &options).map(|summary| statuses(&summary))
}

fn update(tree: &Tree, out: &Path) -> Vec<(String, Status)> {
    write(tree, out, Policy::Update).unwrap()
}

fn prune(tree: &Tree, out: &Path) -> Vec<(String, Status)> {
    let options = WriteOptions {
        prune: true,
        ..WriteOptions::default()
    };
    statuses(&kubewright_disk::write(tree, out, &options).unwrap())
}

fn statuses(summary: &Summary<'_>) -> Vec<(String, Status)> {
    summary
        .files
        .iter()
        .map(|file| (file.path.to_string(), file.status))
        .collect()
}

fn expect(found: &[(String, Status)], expected: &[(&str, Status)]) {
    let found: Vec<_> = found
        .iter()
        .map(|(path, status)| (path.as_str(), *status))
        .collect();
    assert_eq!(found, expected);
}

fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

/// Every path below a folder with its text, to see that nothing has changed.
fn snapshot(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = path.symlink_metadata().unwrap().file_type();
        if kind.is_dir() {
            all.extend(snapshot(&path));
        }
        let text = if kind.is_file() {
            text(&path)
        } else {
            format!("{kind:?}")
        };
        all.push((path.display().to_string(), text));
    }
    all.sort();
    all
}
