//! What commands that compile a project and look at its output folder share.

use kubewright_compile::Request;
use kubewright_disk::WriteError;
use kubewright_files::Files;
use kubewright_read::Environment;
use kubewright_run::Compiled;
use kubewright_source::{Diagnostic, Sources};

use crate::Exit;
use crate::commands::fail;
use crate::printer::Talk;
use crate::progress::Progress;

/// Compiles a project; where it has errors, says them and gives the exit code.
pub(crate) fn compile(
    talk: &Talk,
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
) -> Result<Compiled, Exit> {
    let progress = Progress::new(talk.shows_progress());
    let advance = |done, all| progress.advance(done, all, "compiling");
    let compiled = kubewright_run::compile(request, files, environment, &advance);
    progress.finish();
    compiled.map_err(|failed| fail(talk, Exit::Input, failed.diagnostics, &failed.sources))
}

/// Says why nothing was written.
pub(crate) fn not_written(
    talk: &Talk,
    error: &WriteError,
    mut diagnostics: Vec<Diagnostic>,
    sources: &Sources,
) -> Exit {
    let (exit, found) = kubewright_run::not_written(error);
    diagnostics.push(found);
    fail(talk, exit, diagnostics, sources)
}
