//! `kubewright-survey`: what `tools/survey` and `tools/compare-kompose` ask about
//! the keys of compose files.
//!
//! Paths of compose files come in, one a line; JSON goes out, in the same order.

mod alter;
mod drop;
mod pairs;
mod project;

use std::io::{BufRead, Write};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use rayon::prelude::*;
use serde::Serialize;

/// Looks at the keys of compose files. Reads paths of files, one a line, from
/// standard input and writes lines of JSON.
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Drop the keys one by one and list those that nobody misses: a line for each file.
    Drop {
        /// How many keys of a file are dropped, spread evenly over all it has.
        #[arg(long, default_value_t = usize::MAX, value_name = "N")]
        most: usize,
    },
    /// Write each file with and without each key of its services: a line for each pair.
    Pairs,
}

/// What is said of one file.
#[derive(Debug, Default, Serialize)]
struct Answer {
    file: PathBuf,
    /// How many keys were dropped, each alone.
    tried: usize,
    /// The key paths that could be dropped without anybody noticing.
    lost: Vec<String>,
    /// Those that could, because they say what holds anyway.
    restated: Vec<String>,
    /// What a panic said, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    panic: Option<String>,
}

fn main() -> std::io::Result<()> {
    let args = Args::parse();
    let files = std::io::stdin().lock().lines();
    let files: Vec<PathBuf> = files
        .map(|line| line.map(PathBuf::from))
        .collect::<Result<_, _>>()?;
    match args.command {
        Command::Drop { most } => {
            let answers = files.par_iter().map(|file| answer(file, most));
            write(&answers.collect::<Vec<Answer>>())
        }
        Command::Pairs => {
            let pairs = files.iter().flat_map(|file| pairs::of(file));
            write(&pairs.collect::<Vec<pairs::Pair>>())
        }
    }
}

fn write(answers: &[impl Serialize]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for answer in answers {
        serde_json::to_writer(&mut out, answer)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A panic in the line must not end the survey: it is a finding.
fn answer(file: &Path, most: usize) -> Answer {
    let found = catch_unwind(|| drop::every_key(file, most));
    let file = file.to_owned();
    match found {
        Ok(drop::Dropped {
            tried,
            lost,
            restated,
        }) => Answer {
            file,
            tried,
            lost,
            restated,
            panic: None,
        },
        Err(why) => Answer {
            file,
            panic: Some(words(why.as_ref())),
            ..Answer::default()
        },
    }
}

fn words(why: &(dyn std::any::Any + Send)) -> String {
    let text = why.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| why.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without words").to_owned()
}
