//! A wizard's state as a project.

use std::path::{Component, Path, PathBuf};

use kubewright_model::{Name, Project};
use kubewright_read::compose::load::Input;
use kubewright_read::wizard;
use kubewright_yaml::Node;

use crate::{Outcome, Request};

/// The project of a state; secret values that stand in it are hidden from then on.
pub(crate) fn read(request: &Request, root: Node, outcome: &mut Outcome) -> Project {
    let directory = directory(request);
    let name = name(request, &directory);
    outcome.project_directory = Some(directory);
    let (project, hidden) = wizard::project(&root, name, &mut outcome.diagnostics);
    for place in hidden {
        let value = outcome.sources.text(place).map(bare).unwrap_or_default();
        outcome.sources.conceal(place);
        if !value.is_empty() {
            outcome.sources.hold_secret(place, &value);
        }
    }
    project
}

/// The value without the quotes around it.
fn bare(text: &str) -> String {
    text.trim_matches(['"', '\'']).to_owned()
}

/// The folder of the project: the one that is named, else that of the state.
fn directory(request: &Request) -> PathBuf {
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
fn name(request: &Request, directory: &Path) -> Name {
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
