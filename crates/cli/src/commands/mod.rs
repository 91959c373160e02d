//! The commands, one file each.

pub(crate) mod compiling;
mod completions;
mod config;
mod convert;
mod diff;
mod explain;
mod format;
mod generate;
mod init;
mod outside;
mod project;
mod schema;
mod serve;
mod version;

use clap::Subcommand;
use kubewright_run::Results;
use kubewright_source::{Diagnostic, Severity, Sources};

use crate::Exit;
use crate::printer::{Talk, out, talk};
use crate::settings::Settings;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Generate(Box<generate::Generate>),
    Diff(Box<diff::Diff>),
    Explain(Box<explain::Explain>),
    Convert(Box<convert::Convert>),
    Init(init::Init),
    Serve(Box<serve::Serve>),
    Config(config::Config),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Version(version::Version),
}

impl Command {
    /// Whether this thread is to wait for others to ask.
    pub(crate) fn waits_for_requests(&self) -> bool {
        matches!(self, Self::Serve(_))
    }
}

/// Does it. `all` are the commands and their options, `settings` what counts for
/// options that are not given.
pub(crate) fn run(command: Command, talk: &Talk, all: &clap::Command, settings: &Settings) -> Exit {
    match command {
        Command::Config(command) => command.run(talk, all, settings),
        _ if !settings.faults.is_empty() => fail(
            talk,
            Exit::Input,
            settings.faults.clone(),
            &settings.sources,
        ),
        Command::Generate(command) => command.run(talk),
        Command::Diff(command) => command.run(talk),
        Command::Convert(command) => command.run(talk),
        Command::Explain(command) => command.run(talk),
        Command::Init(command) => command.run(talk),
        Command::Serve(command) => command.run(talk),
        Command::Schema(command) => command.run(all),
        Command::Completions(command) => command.run(),
        Command::Version(command) => command.run(talk),
    }
}

/// Says what was wrong; the exit code says whose fault it was.
pub(crate) fn fail(
    talker: &Talk,
    exit: Exit,
    diagnostics: Vec<Diagnostic>,
    sources: &Sources,
) -> Exit {
    if talker.json {
        return match out(&Results::new(exit, None, &diagnostics, sources).text()) {
            Exit::Done => exit,
            failed => failed,
        };
    }
    talker.diagnostics(&diagnostics, sources);
    let errors = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    talk(&match errors {
        1 => "nothing was written: 1 error\n".to_owned(),
        errors => format!("nothing was written: {errors} errors\n"),
    });
    exit
}
