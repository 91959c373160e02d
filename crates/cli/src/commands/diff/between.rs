//! What differs between two environments of an `apps.yaml`.

use std::collections::BTreeMap;

use kubewright_compile::Request;
use kubewright_disk::DiskFiles;
use kubewright_files::File;
use kubewright_merge::outline::may_hold_secret;
use kubewright_read::Environment;
use kubewright_run::{Results, is_secret};
use similar::TextDiff;

use super::{drawn, hidden};
use crate::Exit;
use crate::commands::compiling::compile;
use crate::printer::{Talk, out};

/// A file of one environment or of both, by its path.
struct Difference {
    path: String,
    status: &'static str,
    diff: String,
}

/// Compiles both environments and shows how their objects differ.
pub(super) fn run(
    talk: &Talk,
    request: &Request,
    environment: &Environment,
    (one, two): (&str, &str),
) -> Exit {
    let files = DiskFiles::new(&request.working_directory);
    let mut sides = Vec::new();
    for name in [one, two] {
        let asked = Request {
            environments: vec![name.to_owned()],
            ..request.clone()
        };
        match compile(talk, &asked, &files, environment) {
            Ok(compiled) => sides.push(compiled),
            Err(exit) => return exit,
        }
    }
    let (Some(new), Some(old)) = (sides.pop(), sides.pop()) else {
        return Exit::Done;
    };
    let by_path = |files: Vec<File>| -> BTreeMap<String, File> {
        let files = files.into_iter();
        files.map(|file| (file.path.to_string(), file)).collect()
    };
    let found = differences(
        &by_path(old.tree.into_files()),
        &by_path(new.tree.into_files()),
        (one, two),
    );
    let exit = match found.is_empty() {
        true => Exit::Done,
        false => Exit::Findings,
    };
    if talk.json {
        let diffs = found
            .into_iter()
            .map(|found| (found.path, found.status, found.diff));
        let results = Results::new(exit, None, &new.diagnostics, &new.sources);
        return match out(&results.with_differences(diffs).text()) {
            Exit::Done => exit,
            failed => failed,
        };
    }
    let style = talk.out_style();
    let text: String = found
        .iter()
        .map(|found| drawn(&found.diff, style))
        .collect();
    match out(&text) {
        Exit::Done => exit,
        failed => failed,
    }
}

fn differences(
    old: &BTreeMap<String, File>,
    new: &BTreeMap<String, File>,
    (one, two): (&str, &str),
) -> Vec<Difference> {
    let mut paths: Vec<&String> = old.keys().chain(new.keys()).collect();
    paths.sort();
    paths.dedup();
    let difference = |path: &String| {
        let (before, after) = (old.get(path), new.get(path));
        let status = match (before, after) {
            (Some(_), Some(_)) => "updated",
            (Some(_), None) => "removed",
            (None, Some(_)) => "created",
            (None, None) => return None,
        };
        let text = |file: Option<&File>| file.map_or(String::new(), |file| object(&file.text));
        let (old, new) = (text(before), text(after));
        if old == new {
            return None;
        }
        let name = |side: &str, file: Option<&File>| match file {
            Some(_) => format!("{side}/{path}"),
            None => "/dev/null".to_owned(),
        };
        let (from, to) = (name(one, before), name(two, after));
        let hides = [before, after].into_iter().flatten().any(is_secret)
            || may_hold_secret(&old)
            || may_hold_secret(&new);
        let diff = match hides {
            true => hidden(&old, &new, &from, &to),
            false => TextDiff::from_lines(&old, &new)
                .unified_diff()
                .header(&from, &to)
                .to_string(),
        };
        Some(Difference {
            path: path.clone(),
            status,
            diff,
        })
    };
    paths.into_iter().filter_map(difference).collect()
}

/// The text of a file without the lines in front that say where it comes from.
fn object(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.skip_while(|line| line.starts_with('#')).collect()
}
