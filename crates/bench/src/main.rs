//! Measures `kubewright generate` as a whole process, beside `cp -r` of what it
//! wrote.
//!
//! - [`forms`]: every form of a project with three environments, beside its tools;
//! - [`serve`], [`calls`]: a running server, and the calls that are timed;
//! - [`services`]: ten kinds of services as compose fragments;
//! - [`project`]: projects of any number of them, always the same;
//! - [`scratch`]: a folder in memory where there is one, and how large things are;
//! - [`measure`]: time and peak memory of one process;
//! - [`runs`]: what is run, in which order, how often;
//! - [`report`]: the figures as a table or as JSON.

mod calls;
mod forms;
mod measure;
mod project;
mod report;
mod runs;
mod scratch;
mod serve;
mod services;

use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::Parser;

use crate::forms::Tools;
use crate::measure::Failure;
use crate::report::Report;
use crate::runs::{Bench, STOP};

/// Measures `kubewright generate` on synthetic compose projects, beside `cp -r` of
/// the result.
#[derive(Debug, Parser)]
#[command(after_help = "Examples:
  kubewright-bench                                    all figures of the release build
  kubewright-bench --sizes 1000,2000 --runs 3 --json
  kubewright-bench --forms 5000 --runs 3              every form, three environments
  kubewright-bench --sizes 10000 --write DIR          only write the project, to try by hand")]
struct Arguments {
    /// The program to measure.
    #[arg(long, default_value = "target/release/kubewright")]
    binary: PathBuf,
    /// Numbers of services, one project each.
    #[arg(long, value_delimiter = ',', default_value = "100,1000,10000,20000")]
    sizes: Vec<NonZeroUsize>,
    /// Rounds of each size, after one for nothing.
    #[arg(long, default_value = "5")]
    runs: NonZeroUsize,
    /// Runs of the file with three services; 0 leaves it out.
    #[arg(long, default_value_t = 50)]
    small_runs: usize,
    /// Leave out the server.
    #[arg(long)]
    no_server: bool,
    /// Where to put the projects and results [default: memory where there is room,
    /// else the folder of temporary files].
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Write the project of the first size to this folder and measure nothing.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
    /// Measure every form of an `apps.yaml` of so many apps and three environments
    /// instead, each beside `cp -r` of it.
    #[arg(long, value_name = "APPS")]
    forms: Option<NonZeroUsize>,
    /// With --forms: the command `kustomize`, which renders every environment once.
    #[arg(long, value_name = "PATH", requires = "forms")]
    kustomize: Option<PathBuf>,
    /// With --forms: the command `helm`, which renders every environment once.
    #[arg(long, value_name = "PATH", requires = "forms")]
    helm: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Only a mark: the child that runs gets the signal too, ends, and the scratch
    // folder is removed on the way out.
    let handled = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    let done = handled
        .map_err(|error| Failure::Io {
            what: "cannot wait for Ctrl-C".into(),
            cause: io::Error::other(error),
        })
        .and_then(|()| run(&arguments));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("error: {failure}"));
            ExitCode::from(3)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(folder) = &arguments.write {
        return write_only(arguments.sizes.first().map_or(3, |size| size.get()), folder);
    }
    let binary = std::path::absolute(&arguments.binary)
        .and_then(std::fs::canonicalize)
        .map_err(Failure::io("there is no program", &arguments.binary))?;
    let apps = arguments.forms.map(NonZeroUsize::get);
    let largest = arguments.sizes.iter().max().map_or(3, |size| size.get());
    let largest = apps.map_or(largest, |apps| apps * ENVIRONMENTS);
    let scratch = scratch::scratch(arguments.scratch.as_deref(), largest)?;
    let bench = Bench {
        binary,
        scratch: scratch.path().to_path_buf(),
    };
    if let Some(apps) = apps {
        let tools = Tools {
            kustomize: arguments.kustomize.clone(),
            helm: arguments.helm.clone(),
        };
        let forms = bench.forms(apps, arguments.runs.get(), &tools)?;
        return print(&match arguments.json {
            true => format!("{:#}\n", forms.json()),
            false => forms.table(),
        });
    }
    let mut rows = Vec::new();
    for size in &arguments.sizes {
        say(&format!("{size} services …"));
        rows.push(bench.size(size.get(), arguments.runs.get())?);
    }
    let small = match arguments.small_runs {
        0 => None,
        runs => Some(bench.small(runs)?),
    };
    let calls = match arguments.no_server {
        true => None,
        false => {
            say("server …");
            Some(bench.calls(arguments.runs.get())?)
        }
    };
    let report = Report {
        runs: arguments.runs.get(),
        place: place_of(scratch.path()),
        rows,
        small,
        calls,
    };
    print(&match arguments.json {
        true => format!("{:#}\n", report.json()),
        false => report.table(),
    })
}

/// How many times the room of a service an app of the forms needs: three environments.
const ENVIRONMENTS: usize = 3;

fn write_only(services: usize, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .and_then(|()| project::write_project(services, folder))
        .map_err(Failure::io("cannot write to", folder))
}

/// The folder in which the scratch folder lies.
fn place_of(scratch: &Path) -> String {
    scratch.parent().unwrap_or(scratch).display().to_string()
}

fn print(text: &str) -> Result<(), Failure> {
    io::stdout()
        .write_all(text.as_bytes())
        .map_err(Failure::io("cannot write to", Path::new("standard output")))
}

fn say(text: &str) {
    // Without a standard error there is nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
        let arguments = Arguments::parse_from(["kubewright-bench"]);
        let sizes: Vec<usize> = arguments.sizes.iter().map(|size| size.get()).collect();
        assert_eq!(sizes, [100, 1_000, 10_000, 20_000]);
    }
}
