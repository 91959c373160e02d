//! What commands that compile a project and look at its output folder share.

use std::path::{Path, PathBuf};

use kubewright_compile::{Input, Outcome, Request, generate};
use kubewright_disk::WriteError;
use kubewright_files::{Files, Tree};
use kubewright_model::vault::PlannedSecret;
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Sources, Span};

use crate::Exit;
use crate::commands::fail;
use crate::commands::project::relative;
use crate::printer::Talk;
use crate::progress::Progress;

/// A project that was compiled.
pub(crate) struct Compiled {
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) tree: Tree,
    /// The project's folder as the inputs say it.
    pub(crate) directory: PathBuf,
    /// The folder for the output that the input names, within the project's.
    pub(crate) output: Option<String>,
    /// Secrets that are to be made in a vault.
    pub(crate) vault: Vec<PlannedSecret>,
}

/// Compiles a project; where it has errors, says them and gives the exit code.
pub(crate) fn compile(
    talk: &Talk,
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
) -> Result<Compiled, Exit> {
    let progress = Progress::new(talk.shows_progress());
    let advance = |done, all| progress.advance(done, all, "compiling");
    let outcome = generate(request, files, environment, &advance);
    progress.finish();
    let Outcome {
        sources,
        diagnostics,
        tree,
        project_directory,
        output_directory,
        vault,
    } = outcome;
    let diagnostics = diagnostics.into_sorted();
    match tree {
        Some(tree) => Ok(Compiled {
            sources,
            diagnostics,
            tree,
            directory: project_directory.unwrap_or_default(),
            output: output_directory,
            vault,
        }),
        None => Err(fail(talk, Exit::Input, diagnostics, &sources)),
    }
}

/// The folder that a compilation of this request will find, as far as that can be
/// told without one.
pub(crate) fn likely_directory(request: &Request) -> PathBuf {
    let first = request.inputs.iter().find_map(|input| match input {
        Input::File(path) => folder_of(path),
        Input::Text { .. } => None,
    });
    let named = request.project_directory.as_deref();
    named.or(first).unwrap_or(Path::new("")).to_owned()
}

/// The folder of an input: the folder itself where one is named.
pub(crate) fn folder_of(input: &Path) -> Option<&Path> {
    match input.is_dir() {
        true => Some(input),
        false => input.parent(),
    }
}

/// Where the output goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// As people read it.
    pub(crate) shown: PathBuf,
    /// Absolute.
    pub(crate) folder: PathBuf,
    /// The project's folder, absolute.
    pub(crate) project: PathBuf,
}

impl Target {
    /// The folder `output`, else the one that the input `names`, else `k8s/` of
    /// the project.
    pub(crate) fn new(
        request: &Request,
        directory: &Path,
        names: Option<&str>,
        output: Option<&Path>,
    ) -> Self {
        let working = &request.working_directory;
        let project = working.join(directory);
        let shown = match output {
            Some(output) => output.to_owned(),
            None => relative(working, &project).join(names.unwrap_or("k8s")),
        };
        Self {
            folder: working.join(&shown),
            shown,
            project,
        }
    }

    /// The path of a file of the output as people read it.
    pub(crate) fn file(&self, path: &str) -> String {
        self.shown.join(path).display().to_string()
    }
}

/// Says why nothing was written.
pub(crate) fn not_written(
    talk: &Talk,
    error: &WriteError,
    mut diagnostics: Vec<Diagnostic>,
    sources: &Sources,
) -> Exit {
    let exit = if matches!(error, WriteError::Interrupted { .. }) {
        Exit::Interrupted
    } else if error.is_environment() {
        Exit::Environment
    } else {
        Exit::Input
    };
    diagnostics
        .push(Diagnostic::error(error.code(), Span::NONE, error.message()).help(error.help()));
    fail(talk, exit, diagnostics, sources)
}
