//! What is asked of `/api/v1/preview` and `/api/v1/generate`.

use std::path::{Component, PathBuf};

use kubewright_compile::{Input, LowerOptions, Request, Secrets};
use kubewright_model::Name;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::project::Project;

/// A project to be compiled.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Ask {
    /// The inputs in order; none: the compose file of the project's folder. What an
    /// input is, its content says.
    #[serde(default)]
    inputs: Vec<AskInput>,
    /// The namespace of all objects.
    #[schema(value_type = Option<String>, example = "shop")]
    namespace: Option<String>,
    /// The project's name; none: what the input or its folder says.
    project_name: Option<String>,
    /// Services of these profiles take part.
    #[serde(default)]
    profiles: Vec<String>,
    /// How secret values leave; none: `local`.
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
#[serde(deny_unknown_fields)]
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

/// How secret values leave, as `--secrets` says it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AskSecrets {
    Local,
    Placeholder,
    Inline,
    External,
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
                error.to_string(),
                "`/api/v1/openapi.json` says what is taken",
            )
        })
    }

    /// The request to the line.
    pub(crate) fn request(&self, project: &Project) -> Result<Request, Problem> {
        let inputs = self.inputs.iter().map(AskInput::input);
        let namespace = self.namespace.as_deref().map(name).transpose()?;
        let secrets = self.secrets.unwrap_or(AskSecrets::Local);
        Ok(Request {
            namespace,
            project_name: self.project_name.clone(),
            profiles: self.profiles.clone(),
            lowering: LowerOptions {
                secrets: match secrets {
                    AskSecrets::Local => Secrets::Local,
                    AskSecrets::Placeholder => Secrets::Placeholder,
                    AskSecrets::Inline => Secrets::Inline,
                    AskSecrets::External => Secrets::External,
                },
                ..LowerOptions::default()
            },
            ..project.request(inputs.collect::<Result<_, _>>()?)
        })
    }
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

fn name(text: &str) -> Result<Name, Problem> {
    Name::parse(text).map_err(|invalid| {
        Problem::bad(
            "bad-request",
            format!("`namespace` {}", invalid.why),
            &invalid.help,
        )
    })
}

/// A path that stays in the project by its name; links are looked at when it is read.
fn within(path: &str) -> Result<PathBuf, Problem> {
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
