//! The line, called.

use std::path::PathBuf;

use kubewright_compile::{Outcome, Request, WrittenForm, generate_unless};
use kubewright_files::{Files, Tree};
use kubewright_model::vault::PlannedSecret;
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Sources};

use crate::shared_lines::told_once;

/// A project that was compiled.
#[derive(Debug)]
pub struct Compiled {
    /// Every text that was read.
    pub sources: Sources,
    /// What there is to say, in order; no errors.
    pub diagnostics: Vec<Diagnostic>,
    /// The files of the folder of manifests.
    pub tree: Tree,
    /// The files that lie at the top of the project's folder.
    pub top: Tree,
    /// The project's folder as the inputs say it.
    pub directory: PathBuf,
    /// The folder for the output that the input names, within the project's.
    pub output: Option<String>,
    /// Secrets that are to be made in a vault.
    pub vault: Vec<PlannedSecret>,
    /// Folders of environments that were not asked for.
    pub spared: Vec<String>,
    /// The forms beside the flat manifests.
    pub forms: Vec<WrittenForm>,
}

/// A project that has errors.
#[derive(Debug)]
pub struct Failed {
    /// Every text that was read.
    pub sources: Sources,
    /// What there is to say, in order; at least one error.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a project. `progress` is called with a number of finished entries and
/// the number of all.
///
/// # Errors
/// [`Failed`], where the project has errors.
pub fn compile(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Compiled, Box<Failed>> {
    compile_unless(request, files, environment, progress, &|| false)
}

/// Compiles a project, unless `stop` says that nobody wants it any more.
///
/// # Errors
/// [`Failed`], where the project has errors or was stopped.
pub fn compile_unless(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    progress: &(dyn Fn(usize, usize) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Compiled, Box<Failed>> {
    let Outcome {
        sources,
        diagnostics,
        tree,
        top,
        project_directory,
        output_directory,
        vault,
        has_environments: _,
        spared,
        forms,
    } = generate_unless(request, files, environment, progress, stop);
    let diagnostics = told_once(diagnostics.into_sorted());
    match tree {
        Some(tree) => Ok(Compiled {
            sources,
            diagnostics,
            tree,
            top,
            directory: project_directory.unwrap_or_default(),
            output: output_directory,
            vault,
            spared,
            forms,
        }),
        None => Err(Box::new(Failed {
            sources,
            diagnostics,
        })),
    }
}

/// The text of an input that is no file, by whose `name` people know it; read as
/// those of files are.
///
/// # Errors
/// `yaml-encoding` where the bytes are no text in UTF-8 or UTF-16.
pub fn text_of(bytes: Vec<u8>, name: &str) -> Result<String, Box<Diagnostic>> {
    kubewright_yaml::decode(bytes, name).map_err(Box::new)
}
