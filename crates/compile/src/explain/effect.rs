//! What changes without a key.

use std::collections::BTreeSet;

use kubewright_files::{File, Tree};
use kubewright_source::Diagnostic;

use super::KeyAnswer;
use super::candidate::Candidate;
use super::field::Fields;
use super::probe::{Edit, Probe};

/// How many values below a key are changed where the key cannot be left out.
const MOST_CHANGED: usize = 64;

/// One thing that a key does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The file, as it lies in the output folder.
    pub file: String,
    /// The line, from 1; none for a whole file and for what is not there.
    pub line: Option<usize>,
    /// `Deployment api`.
    pub object: String,
    /// The field; empty for the whole object.
    pub path: String,
    /// What it does there.
    pub change: Change,
}

/// What a key does to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Without the key it is not there. Its value, where it is a scalar.
    Makes(Option<String>),
    /// Without the key it has another value: what it is, and what it would be.
    Sets(String, String),
    /// Without the key it would be there.
    Prevents,
}

/// What became of a key.
pub(super) fn of_key(
    probe: &Probe<'_>,
    files: &[File],
    candidate: &Candidate,
    diagnostics: &[Diagnostic],
) -> KeyAnswer {
    let mut required = None;
    let effects = match probe.run(&[Edit::without(candidate, probe)]) {
        Ok(tree) => compare(files, &tree),
        Err(found) => {
            required = found;
            of_values(probe, files, candidate)
        }
    };
    let place = candidate.key.span;
    let is_about = |found: &&Diagnostic| {
        let start = found.span.start as usize;
        found.span.source == place.source && candidate.cut.contains(&start)
    };
    KeyAnswer {
        key: candidate.key.clone(),
        effects,
        said: diagnostics.iter().filter(is_about).cloned().collect(),
        required,
    }
}

/// Where a key cannot be left out, the values below it are changed one by one.
fn of_values(probe: &Probe<'_>, files: &[File], candidate: &Candidate) -> Vec<Effect> {
    let mut effects: Vec<Effect> = Vec::new();
    let mut below = vec![candidate];
    let mut changed = 0;
    while let Some(one) = below.pop() {
        below.extend(one.children.iter().rev());
        let edits = Edit::others(one, probe);
        changed += edits.len();
        if changed > MOST_CHANGED {
            break;
        }
        let trees = edits.into_iter().filter_map(|edit| probe.run(&[edit]).ok());
        for mut effect in trees.flat_map(|tree| compare(files, &tree)) {
            if let Change::Sets(value, _) = effect.change {
                effect.change = Change::Makes(Some(value));
            }
            let is_new = effect.change != Change::Prevents && !effects.contains(&effect);
            if is_new {
                effects.push(effect);
            }
        }
    }
    effects
}

fn compare(files: &[File], without: &Tree) -> Vec<Effect> {
    let mut effects = Vec::new();
    for file in files {
        match without.get(file.path.as_str()) {
            None => effects.push(whole(file, Change::Makes(None))),
            Some(other) if other.text != file.text => compare_file(file, other, &mut effects),
            Some(_) => {}
        }
    }
    let known: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for file in without.files() {
        if !known.contains(file.path.as_str()) {
            effects.push(whole(file, Change::Prevents));
        }
    }
    effects
}

fn whole(file: &File, change: Change) -> Effect {
    Effect {
        file: file.path.as_str().to_owned(),
        line: None,
        object: object_label(file),
        path: String::new(),
        change,
    }
}

fn compare_file(file: &File, other: &File, effects: &mut Vec<Effect>) {
    let with = Fields::of_text(&file.text);
    let without = Fields::of_text(&other.text);
    let mut effect = |path: &str, line: Option<usize>, change: Change| {
        let effect = Effect {
            file: file.path.as_str().to_owned(),
            line,
            object: object_label(file),
            path: path.to_owned(),
            change,
        };
        if !effects.contains(&effect) {
            effects.push(effect);
        }
    };
    for (path, value, line) in with.scalars() {
        match without.value(path) {
            Some(other) if other == value => {}
            Some(other) => effect(
                path,
                Some(line),
                Change::Sets(shown(file, path, value), shown(file, path, other)),
            ),
            None => {
                let missing = without.first_missing(path);
                let value = with.value(missing);
                let value = value.map(|value| shown(file, missing, value));
                effect(missing, with.line(missing), Change::Makes(value));
            }
        }
    }
    for (path, _, _) in without.scalars() {
        if !with.has(path) {
            effect(with.first_missing(path), None, Change::Prevents);
        }
    }
}

/// `Deployment api`.
pub(super) fn object_label(file: &File) -> String {
    let labels: Vec<String> = file
        .objects
        .iter()
        .map(|object| format!("{} {}", object.kind, object.name))
        .collect();
    labels.join(", ")
}

/// A value as people may see it: stars for those of a Secret.
pub(super) fn shown(file: &File, path: &str, value: &str) -> String {
    let is_data = path.starts_with("stringData") || path.starts_with("data");
    match file.sensitive && is_data {
        true => "********".to_owned(),
        false => value.to_owned(),
    }
}
