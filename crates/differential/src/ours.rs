//! The same question to our reader.

use kubewright_compile::{Input, Request, ResolveOptions, resolve};
use kubewright_disk::DiskFiles;
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Severity};
use kubewright_yaml::{Node, Resolved, Scalar, Value as Yaml};
use serde_json::{Map, Number, Value};

use crate::{Job, VARIABLES};

/// What our reader says of a project.
#[derive(Clone, Debug)]
pub(crate) struct Ours {
    /// What it resolves to, where it is taken.
    pub(crate) resolved: Option<Value>,
    /// Why it is refused.
    pub(crate) errors: Vec<Diagnostic>,
    /// What was said besides.
    pub(crate) others: Vec<Diagnostic>,
}

/// Asks our reader.
pub(crate) fn answer(job: &Job) -> Ours {
    let request = Request {
        inputs: job.files.iter().cloned().map(Input::File).collect(),
        working_directory: job.folder.clone(),
        profiles: job.profiles.clone(),
        ..Request::default()
    };
    let environment: Environment = VARIABLES.into_iter().collect();
    let options = ResolveOptions {
        absolute_paths: true,
    };
    let files = DiskFiles::new(&job.folder);
    let resolution = resolve(&request, &files, &environment, options);
    let (errors, others) = resolution
        .diagnostics
        .into_iter()
        .partition(|found| found.severity == Severity::Error);
    Ours {
        resolved: resolution.resolved.map(|resolved| data(&resolved.root)),
        errors,
        others,
    }
}

/// A date as Compose prints it: `2001-01-01T00:00:00Z`.
fn instant(scalar: &Scalar) -> String {
    let said = scalar.go_string().unwrap_or_default();
    let mut words = said.split(' ');
    let mut next = || words.next().unwrap_or_default();
    let (day, time, zone) = (next(), next(), next());
    let zone = match zone.split_at_checked(3) {
        Some((_, "00")) if zone == "+0000" => "Z".to_owned(),
        Some((hours, minutes)) => format!("{hours}:{minutes}"),
        None => zone.to_owned(),
    };
    format!("{day}T{time}{zone}")
}

/// A tree as plain data.
fn data(node: &Node) -> Value {
    match &node.value {
        Yaml::Sequence(items) => items.iter().map(data).collect(),
        Yaml::Mapping(mapping) => {
            let entries = mapping
                .iter()
                .map(|entry| (entry.key.text.to_string(), data(&entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Yaml::Scalar(scalar) => match scalar.resolve() {
            Resolved::Null => Value::Null,
            Resolved::Bool(value) => Value::Bool(value),
            Resolved::Int(value) => {
                Number::from_f64(value as f64).map_or(Value::Null, Value::Number)
            }
            Resolved::Float(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
            Resolved::Timestamp => Value::String(instant(scalar)),
            Resolved::String => Value::String(scalar.text.to_string()),
        },
    }
}
