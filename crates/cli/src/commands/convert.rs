use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kubewright_compile::{Form, Request, ResolveOptions, convert, resolve};
use kubewright_disk::DiskFiles;
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Sources, Span};

use crate::Exit;
use crate::commands::fail;
use crate::commands::project::ProjectArguments;
use crate::printer::{Talk, out};

/// Print an input in another language.
///
/// `--to apps.yaml` prints an `apps.yaml` of which the same objects come: short forms, no
/// defaults, and as comments what was said of the input. It holds no secret value: those stand
/// in `.env` beside it, under names that its first lines list. Of an `apps.yaml`, also of
/// version 2, all environments, defaults, templates and variables are kept; with `--env`, or
/// an option that says what holds, one environment is printed, resolved.
///
/// `--to compose` prints the resolved compose document, as `docker compose config` does: files
/// merged, extended, included and interpolated, short forms written long. Secret values of the
/// input stand in it as they do there.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Convert {
    /// Compose files, folders with one, later ones laid over earlier ones; or a wizard's state, or an `apps.yaml`. `-` reads standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// What to print
    #[arg(long, value_name = "LANGUAGE")]
    to: Language,

    /// Of compose: leave relative paths as they are
    #[arg(long)]
    no_path_resolution: bool,

    /// Of an `apps.yaml`: print what holds in its only environment, resolved
    #[arg(long)]
    resolved: bool,

    #[command(flatten)]
    project: ProjectArguments,
}

const EXAMPLES: &str = "\
Examples:
  kubewright convert --to apps.yaml > apps.yaml         live with an apps.yaml from now on
  kubewright convert old.yaml --to apps.yaml            version 2 of an apps.yaml as version 3
  kubewright convert apps.yaml -e prod --to apps.yaml   what holds in one environment
  kubewright convert --to compose                       what the project is after all overrides
  kubewright convert a.yaml b.yaml --to compose --profile debug";

/// A language that can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// An `apps.yaml` that says the same
    #[value(name = "apps.yaml", alias = "apps")]
    Apps,
    /// The resolved compose document
    Compose,
}

impl Convert {
    pub(crate) fn run(self, talk: &Talk) -> Exit {
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
        match self.to {
            Language::Apps => self.apps(&request, &environment, talk),
            Language::Compose => self.compose(&request, &environment, talk),
        }
    }

    fn apps(&self, request: &Request, environment: &Environment, talk: &Talk) -> Exit {
        let files = DiskFiles::new(&request.working_directory);
        let form = match self.resolved {
            true => Form::Resolved,
            false => Form::Document,
        };
        let conversion = convert(request, form, &files, environment);
        let text = conversion.written.as_ref();
        let text = text.map(|written| written.text.as_str());
        let diagnostics = conversion.diagnostics.into_sorted();
        print(text, diagnostics, &conversion.sources, talk)
    }

    fn compose(&self, request: &Request, environment: &Environment, talk: &Talk) -> Exit {
        let files = DiskFiles::new(&request.working_directory);
        let options = ResolveOptions {
            absolute_paths: !self.no_path_resolution,
        };
        let mut resolution = resolve(request, &files, environment, options);
        let text = resolution.print();
        let diagnostics = resolution.diagnostics.into_sorted();
        print(text.as_deref(), diagnostics, &resolution.sources, talk)
    }
}

/// Prints a document, and what there is to say of its input.
fn print(text: Option<&str>, said: Vec<Diagnostic>, sources: &Sources, talk: &Talk) -> Exit {
    let Some(text) = text else {
        return fail(talk, Exit::Input, said, sources);
    };
    talk.diagnostics(&said, sources);
    out(text)
}
