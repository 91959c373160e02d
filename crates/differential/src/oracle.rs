//! Docker Compose's own reader, as a process that answers line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{Job, VARIABLES};

/// What it says of a project.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// It takes the project, which resolves to this.
    Taken(Value),
    /// It does not, for this reason.
    Refused(String),
    /// It did not answer in time.
    Late,
}

/// Asks about all projects; the answers come in their order.
pub(crate) fn ask(program: &Path, jobs: &[Job]) -> Result<Vec<Answer>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", program.display());
    let mut child = Command::new(program)
        .args(["--batch", "--quiet"])
        .env("HOME", VARIABLES[0].1)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut stdin = child.stdin.take().ok_or("the oracle takes no questions")?;
    let stdout = child.stdout.take().ok_or("the oracle gives no answers")?;
    let lines: Vec<String> = jobs.iter().map(line).collect();
    let asking =
        std::thread::spawn(move || lines.iter().try_for_each(|line| writeln!(stdin, "{line}")));
    let answers: Result<Vec<Answer>, String> = BufReader::new(stdout)
        .lines()
        .map(|line| answer(&line.map_err(failed)?))
        .collect();
    let answers = answers?;
    asking
        .join()
        .map_err(|_| "asking the oracle panicked")?
        .map_err(failed)?;
    child.wait().map_err(failed)?;
    match answers.len() == jobs.len() {
        true => Ok(answers),
        false => Err(format!(
            "the oracle answered {} of {} questions",
            answers.len(),
            jobs.len()
        )),
    }
}

fn line(job: &Job) -> String {
    let variables: serde_json::Map<String, Value> = VARIABLES
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    let question = json!({
        "folder": job.folder,
        "files": job.files,
        "profiles": job.profiles,
        "env": variables,
    });
    question.to_string()
}

fn answer(line: &str) -> Result<Answer, String> {
    let mut answer: Value =
        serde_json::from_str(line).map_err(|error| format!("an answer is no JSON: {error}"))?;
    if let Some(error) = answer.get("error").and_then(Value::as_str) {
        return Ok(match error.starts_with("time limit") {
            true => Answer::Late,
            false => Answer::Refused(error.to_owned()),
        });
    }
    let project = answer.get_mut("project").map(Value::take);
    project
        .map(Answer::Taken)
        .ok_or_else(|| "an answer says nothing".to_owned())
}
