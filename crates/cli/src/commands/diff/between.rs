//! What differs between two environments of an `apps.yaml`, field by field.

use kubewright_compile::{Differing, Field, Request, between};
use kubewright_disk::DiskFiles;
use kubewright_files::File;
use kubewright_merge::outline::may_hold_secret;
use kubewright_read::Environment;
use kubewright_run::{FieldDifference, FileDifference, Results, is_secret};
use kubewright_source::render::Style;

use super::{drawn, hidden};
use crate::Exit;
use crate::commands::fail;
use crate::printer::{Talk, out};
use crate::progress::Progress;

/// Compiles both environments and shows how their objects differ.
pub(super) fn run(
    talk: &Talk,
    request: &Request,
    environment: &Environment,
    names: [&str; 2],
) -> Exit {
    let files = DiskFiles::new(&request.working_directory);
    let progress = Progress::new(talk.shows_progress());
    let advance = |done, all| progress.advance(done, all, "compiling");
    let (outcome, differing) = between(request, names, &files, environment, &advance);
    progress.finish();
    let failed = outcome.diagnostics.has_errors();
    let (diagnostics, sources) = (outcome.diagnostics.into_sorted(), outcome.sources);
    if failed {
        return fail(talk, Exit::Input, diagnostics, &sources);
    }
    let mut found: Vec<FileDifference> =
        differing.iter().map(|one| difference(one, names)).collect();
    found.sort_by(|one, two| one.path.cmp(&two.path));
    let exit = match found.is_empty() {
        true => Exit::Done,
        false => Exit::Findings,
    };
    let text = match talk.json {
        true => {
            let results = Results::new(exit, None, &diagnostics, &sources);
            results.with_differences(found).text()
        }
        false => shown(&found, talk.out_style()),
    };
    match out(&text) {
        Exit::Done => exit,
        failed => failed,
    }
}

fn shown(found: &[FileDifference], style: Style) -> String {
    found
        .iter()
        .map(|found| drawn(&found.diff, style))
        .collect()
}

/// An object of one environment or of both. Values of Secrets are not in it.
fn difference(found: &Differing, names: [&str; 2]) -> FileDifference {
    let [one, two] = &found.manifests;
    let file = two.as_ref().or(one.as_ref());
    let path = file.map(|file| file.path.to_string()).unwrap_or_default();
    let status = match (one, two) {
        (Some(_), None) => "removed",
        (None, Some(_)) => "created",
        (_, _) => "updated",
    };
    let header = |name: &str, side: &Option<File>| match side {
        Some(file) => format!("{name}/{}", file.path),
        None => "/dev/null".to_owned(),
    };
    let (before, after) = (header(names[0], one), header(names[1], two));
    let text = |side: &Option<File>| {
        side.as_ref()
            .map_or(String::new(), |file| object(&file.text))
    };
    let (old, new) = (text(one), text(two));
    let hides =
        one.iter().chain(two).any(is_secret) || may_hold_secret(&old) || may_hold_secret(&new);
    if hides {
        return FileDifference {
            diff: hidden(&old, &new, &before, &after),
            path,
            status,
            fields: Vec::new(),
        };
    }
    let mut diff = format!("--- {before}\n+++ {after}\n");
    match status {
        "updated" => found.fields.iter().for_each(|field| push(&mut diff, field)),
        _ => {
            lines(&mut diff, '-', &old);
            lines(&mut diff, '+', &new);
        }
    }
    let fields = found.fields.iter().map(|field| FieldDifference {
        path: field.path.clone(),
        before: field.values[0].clone(),
        after: field.values[1].clone(),
    });
    FileDifference {
        path,
        status,
        diff,
        fields: fields.collect(),
    }
}

/// A field: its path, the lines that it had and those that it has.
fn push(diff: &mut String, field: &Field) {
    diff.push_str(&format!("@@ {} @@\n", field.path));
    for (mark, value) in ['-', '+'].into_iter().zip(&field.values) {
        lines(diff, mark, value.as_deref().unwrap_or_default());
    }
}

fn lines(diff: &mut String, mark: char, text: &str) {
    for line in text.lines() {
        diff.push_str(&format!("{mark}{line}\n"));
    }
}

/// The text of a file without the lines in front that say where it comes from.
fn object(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.skip_while(|line| line.starts_with('#')).collect()
}
