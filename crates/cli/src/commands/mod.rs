//! The commands, one file each.

mod completions;
mod generate;
mod schema;
mod version;

use clap::Subcommand;

use crate::Exit;
use crate::printer::Talk;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Generate(generate::Generate),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Version(version::Version),
}

/// Does it.
pub(crate) fn run(command: Command, talk: &Talk) -> Exit {
    match command {
        Command::Generate(command) => command.run(talk),
        Command::Schema(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Version(command) => command.run(talk),
    }
}
