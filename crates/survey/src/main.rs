//! `kubewright-survey`: what `tools/survey` asks about the keys of compose files.
//!
//! Paths of compose files come in, one a line; JSON goes out, in the same order.

mod alter;
mod drop;
mod project;

use std::io::{BufRead, Write};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use clap::Parser;
use rayon::prelude::*;
use serde::Serialize;

/// Drops the keys of compose files one by one and lists those that nobody
/// misses. Reads paths of files, one a line, from standard input and writes a
/// line of JSON for each.
#[derive(Debug, Parser)]
struct Args {
    /// How many keys of a file are dropped, spread evenly over all it has.
    #[arg(long, default_value_t = usize::MAX, value_name = "N")]
    most: usize,
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
    let answers = files.par_iter().map(|file| answer(file, args.most));
    write(&answers.collect::<Vec<Answer>>())
}

fn write(answers: &[Answer]) -> std::io::Result<()> {
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
