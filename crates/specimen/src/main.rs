//! Writes projects for `make forms`.
//!
//! ```text
//! kubewright-specimen [--first NUMBER] [--count N] FOLDER
//! ```
//!
//! Each is written to `FOLDER/generated-{its number}`. The same number gives the same
//! project, whatever the count.
//!
//! Exit codes: 0 written; 2 wrong use, or they cannot be written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

/// Write projects of several environments, to hold the forms against each other.
#[derive(Debug, Parser)]
struct Arguments {
    /// The number of the first
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    first: u64,

    /// How many
    #[arg(long, value_name = "N", default_value_t = 200)]
    count: u64,

    /// The folder that they are written to, each in a folder of its own
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    for at in 0..arguments.count {
        let number = arguments.first.wrapping_add(at);
        write(
            &arguments.folder.join(format!("generated-{number}")),
            number,
        )?;
    }
    Ok(())
}

fn write(folder: &Path, number: u64) -> Result<(), String> {
    for (path, bytes) in kubewright_specimen::numbered(number).files() {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, bytes))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// A line for people.
#[expect(clippy::print_stderr, reason = "this program talks to people only")]
fn say(text: &str) {
    eprintln!("specimen: {text}");
}
