use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kubewright_compile::{ResolveOptions, resolve};
use kubewright_disk::DiskFiles;
use kubewright_source::{Diagnostic, Sources, Span};

use crate::Exit;
use crate::commands::fail;
use crate::commands::project::ProjectArguments;
use crate::printer::{Talk, out};

/// Print an input in another language.
///
/// `--to compose` prints the resolved compose document, as `docker compose config` does: files
/// merged, extended, included and interpolated, short forms written long. Secret values of the
/// input stand in it as they do there.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Convert {
    /// Compose files, or folders with one; later ones are laid over earlier ones. `-` reads standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// What to print
    #[arg(long, value_name = "LANGUAGE")]
    to: Language,

    /// Leave relative paths as they are
    #[arg(long)]
    no_path_resolution: bool,

    #[command(flatten)]
    project: ProjectArguments,
}

const EXAMPLES: &str = "\
Examples:
  kubewright convert --to compose                       what the project is after all overrides
  kubewright convert a.yaml b.yaml --to compose --profile debug";

/// A language that can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// The resolved compose document
    Compose,
}

impl Convert {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
        match self.to {
            Language::Compose => self.compose(talk),
        }
    }

    fn compose(self, talk: &Talk) -> Exit {
        if talk.json {
            let problem = Diagnostic::error(
                "usage",
                Span::NONE,
                "`convert` prints a document, and `--json` wants standard output, too",
            )
            .help("leave out `--json`");
            return fail(talk, Exit::Input, vec![problem], &Sources::default());
        }
        let (request, environment) = match self.project.request(&self.inputs) {
            Ok(request) => request,
            Err(problem) => return fail(talk, Exit::Input, vec![*problem], &Sources::default()),
        };
        let files = DiskFiles::new(&request.working_directory);
        let options = ResolveOptions {
            absolute_paths: !self.no_path_resolution,
        };
        let mut resolution = resolve(&request, &files, &environment, options);
        let text = resolution.print();
        let diagnostics = resolution.diagnostics.into_sorted();
        let Some(text) = text else {
            return fail(talk, Exit::Input, diagnostics, &resolution.sources);
        };
        talk.diagnostics(&diagnostics, &resolution.sources);
        out(&text)
    }
}
