//! Holds the reader of compose files against Docker Compose's own (compose-go, by
//! the program of `tools/compose-oracle`).
//!
//! ```text
//! kubewright-differential --oracle PROGRAM [--generated N] [--seed S] [--matrix] [FOLDER…]
//! ```
//!
//! Every folder is searched for compose files, and N projects are made by a grammar
//! that mixes all keys and forms, good and slightly broken. Both readers are asked
//! about each: whether they take it, and what it resolves to. Both must say the
//! same, up to the differences in `docs/compose-differences.md`.
//!
//! Exit codes: 0 they agree; 1 they do not; 2 wrong use, or the oracle failed.

mod compare;
mod differences;
mod folder;
mod grammar;
mod oracle;
mod ours;
mod random;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use compare::{Finding, compare};

/// Hold the reader of compose files against Docker Compose's own.
#[derive(Debug, Parser)]
struct Arguments {
    /// The program of `tools/compose-oracle`
    #[arg(long, value_name = "PROGRAM")]
    oracle: PathBuf,

    /// How many projects to make
    #[arg(long, value_name = "N", default_value_t = 0)]
    generated: u64,

    /// Where the projects begin: the same seed makes the same projects
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// Also give every key of a service every odd value, one a project
    #[arg(long)]
    matrix: bool,

    /// How many disagreements to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    shown: usize,

    /// Folders to search for compose files
    #[arg(value_name = "FOLDER")]
    folders: Vec<PathBuf>,
}

/// One project that both readers are asked about.
#[derive(Clone, Debug)]
struct Job {
    /// What people know it by.
    name: String,
    /// Its folder, absolute.
    folder: PathBuf,
    /// Its files; none: what is found in the folder.
    files: Vec<PathBuf>,
    profiles: Vec<String>,
}

/// The variables that both see besides those of the project.
const VARIABLES: [(&str, &str); 2] = [("HOME", "/home/user"), ("GREETING", "hello")];

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            say(&format!("differential: {error}"));
            ExitCode::from(2)
        }
    }
}

/// The number of disagreements.
fn run(arguments: &Arguments) -> Result<usize, String> {
    let scratch = tempfile::tempdir().map_err(|error| format!("no room for projects: {error}"))?;
    let mut jobs = Vec::new();
    for folder in &arguments.folders {
        folder::jobs(folder, &mut jobs)?;
    }
    for number in 0..arguments.generated {
        let seed = arguments.seed.wrapping_add(number);
        let project = grammar::project(seed);
        let name = format!("generated project, seed {seed}");
        jobs.push(project.write(scratch.path(), &format!("p{seed}"), name)?);
    }
    if arguments.matrix {
        for (at, (name, project)) in grammar::matrix().enumerate() {
            jobs.push(project.write(scratch.path(), &format!("m{at}"), name)?);
        }
    }
    let answers = oracle::ask(&arguments.oracle, &jobs)?;
    let mut count = Count::default();
    for (job, theirs) in jobs.iter().zip(answers) {
        let ours = ours::answer(job);
        let finding = compare(job, &ours, &theirs);
        count.add(&finding);
        if let Finding::Apart(what) = &finding
            && count.apart <= arguments.shown
        {
            show(job, what, scratch.path());
        }
    }
    say(&count.line());
    Ok(count.apart)
}

/// How often the readers said what.
#[derive(Default)]
struct Count {
    taken: usize,
    refused: usize,
    known: usize,
    undecided: usize,
    apart: usize,
}

impl Count {
    fn add(&mut self, finding: &Finding) {
        match finding {
            Finding::Taken => self.taken += 1,
            Finding::Refused => self.refused += 1,
            Finding::Known => self.known += 1,
            Finding::Undecided => self.undecided += 1,
            Finding::Apart(_) => self.apart += 1,
        }
    }

    fn line(&self) -> String {
        let all = self.taken + self.refused + self.known + self.undecided + self.apart;
        format!(
            "differential: {all} projects: {} taken and resolved alike, {} refused by both, {} known differences, {} without an answer in time, {} disagreements",
            self.taken, self.refused, self.known, self.undecided, self.apart
        )
    }
}

/// Shows a disagreement, with the texts where the project was made.
fn show(job: &Job, what: &str, scratch: &Path) {
    say(&format!("--- {}\n{what}", job.name));
    if !job.folder.starts_with(scratch) {
        return;
    }
    let Ok(entries) = std::fs::read_dir(&job.folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if let Ok(text) = std::fs::read_to_string(&path) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            say(&format!("  {name}:\n{}", indented(&text)));
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// A line for people.
#[expect(clippy::print_stderr, reason = "this program talks to people only")]
fn say(text: &str) {
    eprintln!("{}", text.trim_end());
}
