//! A tree compared with what is on the disk, merged and written.

use kubewright_compile::{WrittenForm, lies_at_top};
use kubewright_disk::{Status, Summary, WriteError, WriteOptions, written_files};
use kubewright_files::{Tree, is_below};
use kubewright_source::{Diagnostic, Sources, Span};

use crate::replaced::Replaced;
use crate::{Exit, Merges, Target, dangling};

/// What a run writes.
#[derive(Clone, Copy, Debug)]
pub struct Output<'t> {
    /// The files of the folder of manifests.
    pub tree: &'t Tree,
    /// The files that lie at the top of the project's folder.
    pub top: &'t Tree,
    /// The forms beside the flat manifests.
    pub forms: &'t [WrittenForm],
}

/// Writes a tree into its target, and the files of the top into the project's folder;
/// their paths lead there from the target, `../skaffold.yaml`. Adds what there is to
/// say about that: files with secrets that git tracks, conflicts, what a cluster
/// cannot change. What was edited by hand is merged; the merger and the folder of
/// `options` are filled in here.
///
/// # Errors
/// As [`kubewright_disk::write`]; nothing of that tree has changed then.
pub fn write<'t>(
    Output { tree, top, forms }: Output<'t>,
    target: &Target,
    options: WriteOptions<'_>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Summary<'t>, WriteError> {
    let templates = forms.iter().filter_map(|form| form.templates.clone());
    let templates: Vec<String> = templates.collect();
    let options = WriteOptions {
        wholes: &templates,
        ..options
    };
    let options_of_top = WriteOptions {
        memo: None,
        ..options
    };
    let up = target.up();
    let of_top = target.of_top();
    let is_alone = target.is_named || up.is_empty();
    if top.files().is_empty() && (is_alone || !has_left(&of_top)) {
        return write_one((tree, forms), target, options, sources, diagnostics);
    }
    // Another run has to look again where a file is left over.
    let memo = options.memo.filter(|_| !top.files().is_empty());
    let options = WriteOptions { memo, ..options };
    // A form that stands for itself leaves the folder of manifests alone.
    let mut summary = match tree.files().is_empty() && !top.files().is_empty() {
        true => Summary::default(),
        false => write_one((tree, forms), target, options, sources, diagnostics)?,
    };
    let target = of_top;
    let of_top = write_one((top, forms), &target, options_of_top, sources, diagnostics)?;
    summary.warnings.extend(of_top.warnings);
    let files = of_top.files.into_iter().map(|mut file| {
        file.path = format!("{up}{}", file.path).into();
        file
    });
    summary.files.extend(files);
    Ok(summary)
}

/// Whether nothing but files of forms was written there, which are wanted no more.
/// Where there is more, the folder was one of manifests, and another run's.
fn has_left(top: &Target) -> bool {
    let written = written_files(&top.folder);
    !written.is_empty() && written.iter().all(|name| lies_at_top(name))
}

fn write_one<'t>(
    (tree, forms): (&'t Tree, &[WrittenForm]),
    target: &Target,
    options: WriteOptions<'_>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Summary<'t>, WriteError> {
    let templates = options.wholes;
    let merges = Merges::new(templates);
    let replaced = Replaced::default();
    let options = WriteOptions {
        merger: Some(&merges),
        earlier: Some(&replaced),
        within: Some(&target.project),
        ..options
    };
    let is_trial = options.dry_run;
    let summary = kubewright_disk::write(tree, &target.folder, &options)?;
    diagnostics.extend(summary.warnings.iter().map(|warning| {
        Diagnostic::warning("tracked-secret", Span::NONE, warning.message()).help(warning.help())
    }));
    let dangling = dangling::diagnostics(&merges.kept(), (tree, forms), &summary, target, sources);
    diagnostics.extend(merges.diagnostics(&summary, target, sources));
    if !dangling.is_empty() && !is_trial {
        // It is to be said on every run.
        kubewright_disk::forget(&target.folder, Some(&target.project));
    }
    diagnostics.extend(dangling);
    diagnostics.extend(replaced.diagnostics(tree, &summary, target, sources));
    diagnostics.extend(stale_templates(&summary, templates, target));
    Ok(summary)
}

/// Templates that no longer belong and were edited, so that they stay: they are rendered
/// with values that may be gone.
fn stale_templates(
    summary: &Summary<'_>,
    templates: &[String],
    target: &Target,
) -> Vec<Diagnostic> {
    let is_template = |path: &str| templates.iter().any(|folder| is_below(path, folder));
    let stale = summary.files.iter();
    let stale = stale.filter(|file| file.status == Status::Stale && is_template(&file.path));
    let said = stale.map(|file| {
        let message = format!(
            "the template `{}` no longer belongs and was kept, because it was edited by hand: \
             Helm still renders it, and its values may be gone",
            target.file(&file.path)
        );
        Diagnostic::warning("stale-template", Span::NONE, message)
            .help("take over what you need of it, and delete it")
    });
    said.collect()
}

/// Why nothing was written, and how a run that comes to that ends.
pub fn not_written(error: &WriteError) -> (Exit, Diagnostic) {
    let exit = if matches!(error, WriteError::Interrupted { .. }) {
        Exit::Interrupted
    } else if error.is_environment() {
        Exit::Environment
    } else {
        Exit::Input
    };
    let found = Diagnostic::error(error.code(), Span::NONE, error.message()).help(error.help());
    (exit, found)
}
