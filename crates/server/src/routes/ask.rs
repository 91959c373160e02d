//! What is asked of `/api/v1/preview` and `/api/v1/generate`.

use std::path::{Component, PathBuf};

use kubewright_compile::{Input, Request};
use kubewright_read::Environment;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::option_words::AskSecrets;
use super::options::AskOptions;
use crate::problem::Problem;
use crate::project::Project;

/// A project to be compiled.
#[derive(Deserialize, ToSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "an object with `inputs`"
)]
pub(crate) struct Ask {
    /// The inputs in order; none: the compose file of the project's folder. What an
    /// input is, its content says.
    #[serde(default)]
    inputs: Vec<AskInput>,
    /// What the project is compiled with.
    #[serde(default)]
    options: AskOptions,
    /// As `namespace` of the options.
    #[schema(example = "shop")]
    namespace: Option<String>,
    /// As `projectName` of the options.
    project_name: Option<String>,
    /// As `profiles` of the options.
    #[serde(default)]
    profiles: Vec<String>,
    /// As `secrets` of the options.
    secrets: Option<AskSecrets>,
    /// The output folder, within the project's; none: what the input says, else `k8s`.
    #[schema(example = "k8s")]
    pub(crate) output_dir: Option<String>,
    /// What becomes of files that are there; none: `update`.
    pub(crate) policy: Option<AskPolicy>,
    /// Whether files of ours that no longer belong are removed.
    #[serde(default)]
    pub(crate) prune: bool,
}

/// An input: exactly one of `document`, `text` and `path`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct AskInput {
    /// What diagnostics call it.
    name: Option<String>,
    /// A document in JSON, such as a wizard's state. Lines are counted from its
    /// first character.
    #[schema(value_type = Option<Object>)]
    document: Option<Box<RawValue>>,
    /// The text of a file, YAML or JSON.
    text: Option<String>,
    /// A file of the project.
    path: Option<String>,
}

/// What becomes of files that are there, as `--policy` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AskPolicy {
    Skip,
    Update,
    Overwrite,
}

impl AskPolicy {
    pub(crate) fn policy(self) -> kubewright_disk::Policy {
        match self {
            Self::Skip => kubewright_disk::Policy::Skip,
            Self::Update => kubewright_disk::Policy::Update,
            Self::Overwrite => kubewright_disk::Policy::Overwrite,
        }
    }
}

impl Ask {
    /// What the body of a request asks for.
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        serde_json::from_str(text).map_err(|error| {
            Problem::bad(
                "bad-request",
                format!("the body cannot be read: {error}"),
                "`/api/v1/openapi.json` says what is taken",
            )
        })
    }

    /// The request to the line, and the variables that the input may use.
    pub(crate) fn request(&self, project: &Project) -> Result<(Request, Environment), Problem> {
        let inputs = self.inputs.iter().map(AskInput::input);
        let options = self.options()?;
        let request = project.request(inputs.collect::<Result<_, _>>()?);
        Ok((options.tell(request)?, options.environment()))
    }

    /// The options, with those that stand beside them.
    fn options(&self) -> Result<AskOptions, Problem> {
        let mut options = self.options.clone();
        once("namespace", &self.namespace, &mut options.namespace)?;
        once("projectName", &self.project_name, &mut options.project_name)?;
        once("secrets", &self.secrets, &mut options.secrets)?;
        match (&*self.profiles, &*options.profiles) {
            ([], _) => {}
            (beside, []) => options.profiles = beside.to_vec(),
            (_, _) => return Err(twice("profiles")),
        }
        Ok(options)
    }
}

fn once<T: Clone>(name: &str, beside: &Option<T>, within: &mut Option<T>) -> Result<(), Problem> {
    match (beside, &within) {
        (None, _) => Ok(()),
        (Some(_), Some(_)) => Err(twice(name)),
        (Some(_), None) => {
            within.clone_from(beside);
            Ok(())
        }
    }
}

fn twice(name: &str) -> Problem {
    Problem::bad(
        "bad-request",
        format!("`{name}` stands in `options` and beside them"),
        "say it once, in `options`",
    )
}

impl AskInput {
    fn input(&self) -> Result<Input, Problem> {
        let name = |usual: &str| self.name.clone().unwrap_or_else(|| usual.to_owned());
        match (&self.document, &self.text, &self.path) {
            (Some(document), None, None) => Ok(Input::Text {
                name: name(kubewright_run::STATE_FILE),
                text: document.get().to_owned(),
            }),
            (None, Some(text), None) => Ok(Input::Text {
                name: name("input"),
                text: text.clone(),
            }),
            (None, None, Some(path)) => within(path).map(Input::File),
            (_, _, _) => Err(Problem::bad(
                "bad-request",
                "an input has one of `document`, `text` and `path`",
                "send exactly one of them",
            )),
        }
    }
}

/// A path that stays in the project by its name; links are looked at when it is read.
pub(super) fn within(path: &str) -> Result<PathBuf, Problem> {
    let file = PathBuf::from(path);
    let stays = file
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    match stays && !path.is_empty() {
        true => Ok(file),
        false => Err(Problem::bad(
            "bad-request",
            format!("`{path}` is no file within the project"),
            "name a file relative to the project's folder",
        )),
    }
}
