//! The command `kubewright`: a thin shell. It reads arguments, calls the line,
//! and prints what came of it; it holds no rule of the domain.

mod afterwards;
mod commands;
mod counts;
mod interrupt;
mod printer;
mod progress;
mod remember;
mod settings;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};
use kubewright_run::Exit;

use crate::commands::Command;
use crate::settings::{Settings, takes_settings};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Turns descriptions of applications into production-grade Kubernetes.
///
/// Give it a compose file; it writes Kubernetes manifests that an API server
/// accepts, and says what it could not carry over, where, and what to do.
#[derive(Debug, Parser)]
#[command(name = "kubewright", version, after_help = EXAMPLES, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    talk: printer::Talk,
}

const EXAMPLES: &str = "\
Examples:
  kubewright generate                        the compose file of this folder, into k8s/
  kubewright generate shop/compose.yaml -o -  to standard output
  kubewright generate -o deploy --dry-run     what would be written
  kubectl apply -f k8s/                       what comes next

Exit codes: 0 done, 1 findings or differences, 2 wrong input or usage, 3 the
environment failed (disk, permissions), 130 stopped with Ctrl-C; `serve`,
which is ended so, exits with 0.";

fn main() -> ExitCode {
    let command = Arguments::command();
    let plain = command.clone().get_matches();
    let wants = plain.subcommand_name().is_some_and(takes_settings);
    let settings = match std::env::current_dir() {
        Ok(folder) if wants => Settings::find(&command, &folder, variables()),
        Ok(_) | Err(_) => Settings::default(),
    };
    let matches = match settings.faults.is_empty() {
        true => settings.matches(command.clone(), plain),
        false => plain,
    };
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    // This thread works with the others where it would only wait for them, and
    // takes up the memory that it gave back. Where that cannot be had, rayon
    // makes its usual pool. The thread of a server waits for requests and would
    // never work.
    if !arguments.command.waits_for_requests() {
        let _ = rayon::ThreadPoolBuilder::new()
            .use_current_thread()
            .build_global();
    }
    let exit = commands::run(arguments.command, &arguments.talk, &command, &settings);
    ExitCode::from(exit as u8)
}

/// The variables of the process that are texts.
fn variables() -> impl Iterator<Item = (String, String)> {
    let variables = std::env::vars_os();
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
