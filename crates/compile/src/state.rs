//! A wizard's state as a project.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use kubewright_files::Files;
use kubewright_model::{Name, Project};
use kubewright_read::Environment;
use kubewright_read::compose::load::Input;
use kubewright_read::dotenv::{EnvFile, Format};
use kubewright_read::interpolate::MissingVariables;
use kubewright_read::wizard::{Hidden, Told};
use kubewright_source::{Diagnostic, Diagnostics, Span, Stop};
use kubewright_yaml::{Limits, Node};

use crate::{Outcome, Request};

/// What reads a tree of the wizard's into a project, and the places of secrets.
pub(crate) type Reader =
    fn(&Node, Name, &Told, Stop<'_>, &mut Diagnostics) -> (Project, Vec<Hidden>);

/// The project of a state; secret values that stand in it are hidden from then on.
pub(crate) fn read(
    request: &Request,
    root: &Node,
    reader: Reader,
    files: &dyn Files,
    environment: &Environment,
    stop: Stop<'_>,
    outcome: &mut Outcome,
) -> Project {
    let directory = directory(request);
    let name = name(request, &directory);
    outcome.project_directory = Some(directory);
    let told = Told {
        forms: crate::forms::told(request),
        values: values(request, files, environment, outcome),
    };
    let (project, hidden) = reader(root, name, &told, stop, &mut outcome.diagnostics);
    for Hidden { place, text } in hidden {
        outcome.sources.conceal(place);
        outcome.sources.hold_secret(place, &text);
    }
    project
}

/// What the files of variables say that were named; a later one counts more.
/// Nothing is looked for: what is not named stays to be known at deployment.
fn values(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    outcome: &mut Outcome,
) -> BTreeMap<String, String> {
    let (mut known, mut missing) = (BTreeMap::new(), MissingVariables::default());
    for path in &request.env_files {
        let name = path.display().to_string();
        let limit = u64::try_from(Limits::default().max_bytes).unwrap_or(u64::MAX);
        let text = match files.read_limited(path, limit) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                let message = format!("the env file `{name}` cannot be read: {error}");
                let said = Diagnostic::error("file", Span::NONE, message);
                outcome
                    .diagnostics
                    .push(said.help("name a file that is there"));
                continue;
            }
        };
        let (sources, diagnostics) = (&mut outcome.sources, &mut outcome.diagnostics);
        let file = EnvFile::parse(&name, text, Format::Dotenv, sources, diagnostics);
        let lookup = |name: &str| environment.get(name).map(Cow::Borrowed);
        file.variables(&lookup, &mut known, &mut missing, diagnostics);
    }
    known
}

/// The folder of the project: the one that is named, else that of the state.
pub(crate) fn directory(request: &Request) -> PathBuf {
    if let Some(directory) = &request.project_directory {
        return directory.clone();
    }
    let folder = request.inputs.iter().find_map(|input| match input {
        Input::File(path) => folder_of(path),
        Input::Text { .. } => None,
    });
    folder.unwrap_or(Path::new("")).to_owned()
}

/// The folder of the project that a state belongs to. One that is kept lies in a
/// folder of the project: ours in `.kubewright`, the original wizard's in `k8s`.
fn folder_of(state: &Path) -> Option<&Path> {
    const KEPT: [&str; 2] = [".kubewright/wizard-state.json", "k8s/.wizard-state.json"];
    let folder = state.parent()?;
    match KEPT.iter().any(|kept| state.ends_with(kept)) {
        true => folder.parent(),
        false => Some(folder),
    }
}

/// The project's name: the one that is given, else its folder's.
pub(crate) fn name(request: &Request, directory: &Path) -> Name {
    let folder = request.working_directory.join(directory);
    let last = folder.components().rev().find_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => {
            None
        }
    });
    let given = request.project_name.clone().or(last).unwrap_or_default();
    Name::sanitised(&given)
        .or_else(|_| Name::parse("project"))
        .expect("a constant that is a name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_of_a_kept_state() {
        let rows = [
            ("/p/state.json", "/p"),
            ("state.json", ""),
            ("/p/.kubewright/wizard-state.json", "/p"),
            ("p/k8s/.wizard-state.json", "p"),
            (".kubewright/wizard-state.json", ""),
            ("/p/k8s/wizard-state.json", "/p/k8s"),
        ];
        for (state, expected) in rows {
            assert_eq!(
                folder_of(Path::new(state)),
                Some(Path::new(expected)),
                "{state}"
            );
        }
    }
}
