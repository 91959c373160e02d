//! Whether two answers are the same.

use serde_json::Value;

use crate::Job;
use crate::differences;
use crate::oracle::Answer;
use crate::ours::Ours;

/// What comparing shows.
#[derive(Clone, Debug)]
pub(crate) enum Finding {
    /// Both take the project and resolve it alike.
    Taken,
    /// Both refuse it.
    Refused,
    /// They differ, and the documentation says why.
    Known,
    /// The oracle did not answer in time.
    Undecided,
    /// They differ.
    Apart(String),
}

/// Holds our answer against the oracle's.
pub(crate) fn compare(job: &Job, ours: &Ours, theirs: &Answer) -> Finding {
    match (&ours.resolved, theirs) {
        (_, Answer::Late) => Finding::Undecided,
        (None, Answer::Refused(reason)) => match of_another_key(ours, reason) {
            Some(_) if differences::taken(job, reason).is_some() => Finding::Refused,
            Some(key) => Finding::Apart(format!(
                "  Compose refuses `{key}`, and we do not: {reason}\n{}",
                errors(ours)
            )),
            None => Finding::Refused,
        },
        (None, Answer::Taken(_)) => match differences::refused(ours) {
            Some(_) => Finding::Known,
            None => Finding::Apart(format!("  refused by us only:\n{}", errors(ours))),
        },
        (Some(_), Answer::Refused(reason)) => match differences::taken(job, reason) {
            Some(_) => Finding::Known,
            None => Finding::Apart(format!("  refused by Compose only: {reason}")),
        },
        (Some(resolved), Answer::Taken(project)) => documents(ours, resolved, project),
    }
}

/// The key that Compose speaks of, where none of our errors speaks of it.
fn of_another_key<'r>(ours: &Ours, reason: &'r str) -> Option<&'r str> {
    // Faults that Compose tells with a path of another shape, or of a value that is replaced.
    if ["can't set", "failed to parse", "failed to cast"]
        .iter()
        .any(|words| reason.contains(words))
    {
        return None;
    }
    let key = key_of(reason, &is_path)?;
    let is_said = ours
        .errors
        .iter()
        .any(|error| error.path.contains(key) || error.message.contains(key));
    (!is_said).then_some(key)
}

/// The key of a service that Compose speaks of.
pub(crate) fn key_of_service(reason: &str) -> Option<&str> {
    key_of(reason, &|word| word.starts_with("services."))
}

fn key_of<'r>(reason: &'r str, is_path: &dyn Fn(&str) -> bool) -> Option<&'r str> {
    let path = reason
        .split([' ', ',', ':', '\'', '"', '`', '\n'])
        .find(|word| word.matches('.').count() >= 2 && is_path(word))?;
    path.split('.').nth(2)?.split('[').next()
}

fn is_path(word: &str) -> bool {
    [
        "services.",
        "networks.",
        "volumes.",
        "secrets.",
        "configs.",
        "models.",
    ]
    .iter()
    .any(|section| word.starts_with(section))
}

fn errors(ours: &Ours) -> String {
    let line =
        |error: &kubewright_source::Diagnostic| format!("    [{}] {}\n", error.code, error.message);
    ours.errors.iter().map(line).collect()
}

fn documents(ours: &Ours, resolved: &Value, project: &Value) -> Finding {
    let mut apart = Vec::new();
    values("", resolved, project, &mut apart);
    let total = apart.len();
    apart.retain(|difference| differences::documents(ours, difference).is_none());
    if apart.is_empty() {
        return match total {
            0 => Finding::Taken,
            _ => Finding::Known,
        };
    }
    let lines = apart.iter().take(6).map(|apart| {
        format!(
            "  {}\n    ours:   {}\n    theirs: {}\n",
            apart.path,
            shown(apart.ours.as_ref()),
            shown(apart.theirs.as_ref())
        )
    });
    Finding::Apart(lines.collect())
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

/// One place where two documents differ.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    pub(crate) path: String,
    pub(crate) ours: Option<Value>,
    pub(crate) theirs: Option<Value>,
}

fn values(path: &str, ours: &Value, theirs: &Value, apart: &mut Vec<Difference>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let path = format!("{path}.{key}");
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => values(&path, a, b, apart),
                    (a, b) => push(&path, a, b, apart),
                }
            }
        }
        // Compose prints these in no order.
        (Value::Array(a), Value::Array(b)) if path.ends_with(".build.ssh") => {
            let sorted = |list: &[Value]| {
                let mut list: Vec<String> = list.iter().map(Value::to_string).collect();
                list.sort();
                list
            };
            if sorted(a) != sorted(b) {
                push(path, Some(ours), Some(theirs), apart);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                values(&format!("{path}[{at}]"), a, b, apart);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        (a, b) => push(path, Some(a), Some(b), apart),
    }
}

fn push(path: &str, ours: Option<&Value>, theirs: Option<&Value>, apart: &mut Vec<Difference>) {
    apart.push(Difference {
        path: path.to_owned(),
        ours: ours.cloned(),
        theirs: theirs.cloned(),
    });
}
