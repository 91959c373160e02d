mod between;

use std::path::PathBuf;

use clap::Args;
use kubewright_disk::{DiskFiles, FileReport, Status, Summary, WriteOptions};
use kubewright_files::{File, Tree};
use kubewright_merge::outline::{may_hold_secret, outline};
use kubewright_merge::veil;
use kubewright_run::{Compiled, Output, Results, Target, is_secret, likely_directory, write};

use kubewright_source::render::Style;
use similar::TextDiff;

use crate::Exit;
use crate::commands::compiling::{compile, not_written};
use crate::commands::fail;
use crate::commands::format::{Format, FormatParser, Layout};
use crate::commands::generate::PolicyArgument;
use crate::commands::project::ProjectArguments;
use crate::printer::{Talk, out};
use crate::progress::Progress;
use crate::remember::{Other, Said, key, nothing_to_do};

/// Show what `generate` would change, and change nothing.
///
/// A unified diff of every file that would be created, updated, merged or removed; values of
/// Secrets are hidden, and files with secrets that git ignores and that are missing, as in a
/// clone, are left out. Exits with 1 when something would change.
///
/// With two environments (`-e staging -e production`) it shows how their objects differ.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Diff {
    /// Compose files, or folders with one; later ones are laid over earlier ones. `-` reads standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    #[command(flatten)]
    project: ProjectArguments,

    /// The folder to compare with [default: k8s/ of the project]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// A form to compare, as for `generate`; may be given several times
    #[arg(short, long, value_name = "FORM", value_parser = FormatParser)]
    format: Vec<Format>,

    /// How many files the flat manifests are, as for `generate`
    #[arg(long, value_name = "LAYOUT", default_value = "one-file-per-object")]
    layout: Layout,

    /// With `--format argocd`: one ApplicationSet for all environments, not Applications for each
    #[arg(long)]
    application_set: bool,

    /// What would become of files that are there already, as for `generate`
    #[arg(long, value_name = "POLICY", default_value = "update")]
    policy: PolicyArgument,

    /// Show files of ours that no longer belong as removed
    #[arg(long)]
    prune: bool,
}

const EXAMPLES: &str = "\
Examples:
  kubewright diff                      what a change of the compose file comes to
  kubewright diff --color always | less -R
  kubewright diff | patch -p0          nearly what `generate` does
  kubewright diff -e staging -e production   how two environments of an apps.yaml differ";

impl Diff {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
        let (mut request, environment) = match self.project.request(&self.inputs) {
            Ok(request) => request,
            Err(problem) => return fail(talk, Exit::Input, vec![*problem], &<_>::default()),
        };
        request.formats = self.format.iter().map(|format| format.asked()).collect();
        request.layout = self.layout.asked();
        request.application_set = self.application_set;
        request.output.clone_from(&self.output);
        if let [one, two] = request.environments.as_slice() {
            return between::run(talk, &request, &environment, [one, two]);
        }
        let files = DiskFiles::new(&request.working_directory);
        // Where `generate` would find nothing to do, there is nothing to show.
        let likely = Target::new(
            &request,
            &likely_directory(&request),
            None,
            self.output.as_deref(),
        );
        let manner = talk.manner();
        let manner = manner.map(|manner| format!("{manner} {:?} {}", self.policy, self.prune));
        let key = manner.and_then(|manner| key(&request, &likely, &manner));
        if let Some(said) = key.and_then(|key| nothing_to_do(&files, &environment, &likely, &key)) {
            return self.nothing(talk, &said, &likely);
        }
        let compiled = match compile(talk, &request, &files, &environment) {
            Ok(compiled) => compiled,
            Err(exit) => return exit,
        };
        let target = Target::new(
            &request,
            &compiled.directory,
            compiled.output.as_deref(),
            self.output.as_deref(),
        );
        self.compare(talk, compiled, &target)
    }

    fn nothing(&self, talk: &Talk, said: &Said, target: &Target) -> Exit {
        crate::printer::talk(&said.diagnostics);
        for (path, other) in &said.others {
            match other {
                Other::Kept => {}
                Other::Stale => talk.line(&stale(target, path)),
            }
        }
        Exit::Done
    }

    fn compare(&self, talk: &Talk, compiled: Compiled, target: &Target) -> Exit {
        let Compiled {
            mut sources,
            mut diagnostics,
            tree,
            top,
            vault,
            spared,
            forms,
            ..
        } = compiled;
        let progress = Progress::new(talk.shows_progress());
        let all = tree.files().len();
        let options = WriteOptions {
            policy: self.policy.policy(),
            dry_run: true,
            spares_absent: true,
            prune: self.prune,
            spares: &spared,
            progress: &|done| progress.advance(done, all, "comparing"),
            ..WriteOptions::default()
        };
        let output = Output {
            tree: &tree,
            top: &top,
            forms: &forms,
        };
        let compared = write(output, target, options, &mut sources, &mut diagnostics);
        progress.finish();
        let summary = match compared {
            Ok(summary) => summary,
            Err(error) => return not_written(talk, &error, diagnostics, &sources),
        };
        let exit = match summary.has_changes() || summary.has_conflicts() {
            true => Exit::Findings,
            false => Exit::Done,
        };
        if talk.json {
            let diffs = diffs(&[&tree, &top], &summary, target);
            let results = Results::new(exit, Some(&summary), &diagnostics, &sources);
            return match out(&results.with_diffs(diffs).with_plan(&vault).text()) {
                Exit::Done => exit,
                failed => failed,
            };
        }
        talk.diagnostics(&diagnostics, &sources);
        let style = talk.out_style();
        let texts = diffs(&[&tree, &top], &summary, target);
        let text: String = texts
            .iter()
            .flatten()
            .map(|text| drawn(text, style))
            .collect();
        for file in summary
            .files
            .iter()
            .filter(|file| file.status == Status::Stale)
        {
            talk.line(&stale(target, &file.path));
        }
        if let Some(line) = absent(summary.count(Status::Absent)) {
            talk.line(&line);
        }
        match out(&text) {
            Exit::Done => exit,
            failed => failed,
        }
    }
}

fn stale(target: &Target, path: &str) -> String {
    format!("    stale  {}; `--prune` removes it", target.file(path))
}

/// What is said of files with secrets that the folder lacks.
fn absent(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some(
            "left out: 1 file with secrets that git ignores and that is not in this clone; \
             `kubewright generate` writes it"
                .to_owned(),
        ),
        count => Some(format!(
            "left out: {count} files with secrets that git ignores and that are not in this \
             clone; `kubewright generate` writes them"
        )),
    }
}

/// The diff of each file of a summary that would change.
fn diffs(trees: &[&Tree], summary: &Summary<'_>, target: &Target) -> Vec<Option<String>> {
    let mut in_trees = trees.iter().flat_map(|tree| tree.files()).peekable();
    summary
        .files
        .iter()
        .map(|report| {
            // The summary has the files of each tree in their order, others between.
            let name = report.path.trim_start_matches("../");
            let file = in_trees.next_if(|file| file.path.as_str() == name);
            diff(report, file, target)
        })
        .collect()
}

fn diff(report: &FileReport<'_>, file: Option<&File>, target: &Target) -> Option<String> {
    let changes = match report.status {
        Status::Created | Status::Updated | Status::Merged | Status::Removed => true,
        Status::Unchanged | Status::Kept | Status::Conflict | Status::Stale | Status::Absent => {
            false
        }
    };
    if !changes {
        return None;
    }
    let old = std::fs::read(target.place(&report.path)).ok();
    let old = old.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let new = match (&report.text, file) {
        (Some(text), _) => Some(String::from_utf8_lossy(text).into_owned()),
        (None, Some(file)) if report.status != Status::Removed => Some(file.text.clone()),
        (None, Some(_) | None) => None,
    };
    let shown = target.file(&report.path);
    let header = |side: &Option<String>| match side {
        Some(_) => shown.clone(),
        None => "/dev/null".to_owned(),
    };
    let (before, after) = (header(&old), header(&new));
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let hide = file.is_some_and(is_secret) || may_hold_secret(&old) || may_hold_secret(&new);
    if hide && !report.path.ends_with(".gitignore") {
        return Some(hidden(&old, &new, &before, &after));
    }
    let diff = TextDiff::from_lines(&old, &new);
    Some(diff.unified_diff().header(&before, &after).to_string())
}

/// The diff of two texts of which one may hold a Secret: fields, and no values.
fn hidden(old: &str, new: &str, before: &str, after: &str) -> String {
    let outlines = outline(old).zip(outline(new));
    match outlines {
        Some((old, new)) if old != new => {
            let diff = TextDiff::from_lines(&old, &new);
            veil::mask_digests(&diff.unified_diff().header(before, after).to_string())
        }
        Some(_) | None => format!(
            "--- {before}\n+++ {after}\n# differs; not shown, it may hold a secret: \
             {} lines before, {} after\n",
            old.lines().count(),
            new.lines().count()
        ),
    }
}

/// A diff as people read it.
fn drawn(text: &str, style: Style) -> String {
    if !style.color {
        return text.to_owned();
    }
    text.split_inclusive('\n')
        .fold(String::new(), |mut out, line| {
            let code = match line.as_bytes() {
                [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => "1",
                [b'@', ..] => "36",
                [b'-', ..] => "31",
                [b'+', ..] => "32",
                _ => return out + line,
            };
            let body = line.trim_end_matches('\n');
            let end = &line[body.len()..];
            out.push_str(&format!("\u{1b}[{code}m{body}\u{1b}[0m{end}"));
            out
        })
}
