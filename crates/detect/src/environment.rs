//! Environments, by what is named for them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::compose::ComposeProject;
use crate::kubernetes::Kubernetes;
use crate::variables::VariableFile;

/// An environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Its name, in lower case.
    pub name: String,
    /// Whether it is the one to begin with.
    pub default: bool,
    /// The namespace that an overlay sets for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What is named for it, first what says most.
    pub sources: Vec<EnvironmentSource>,
}

/// A file that is named for an environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EnvironmentSource {
    /// What the file is.
    pub kind: SourceKind,
    /// The file.
    pub path: String,
}

/// What names an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// An overlay of Kustomize.
    KustomizeOverlay,
    /// A file of Helm values.
    HelmValues,
    /// A profile of Skaffold.
    SkaffoldProfile,
    /// A further compose file.
    ComposeFile,
    /// An env file.
    EnvFile,
}

/// Names that people give to environments. Compose files and env files are named
/// for much else (`compose.gpu.yaml`, `db.env`): of these only such names count.
const USUAL: [&str; 16] = [
    "ci",
    "dev",
    "development",
    "demo",
    "integration",
    "live",
    "local",
    "pre-prod",
    "preprod",
    "preview",
    "prod",
    "production",
    "qa",
    "stage",
    "staging",
    "test",
];

/// Whether a name is one that people give to environments.
pub(crate) fn is_usual(name: &str) -> bool {
    USUAL.contains(&name.to_ascii_lowercase().as_str())
}

/// The first of these is the default.
const FIRST: [&str; 5] = ["local", "dev", "development", "staging", "test"];

/// All environments, by name.
pub(crate) fn environments(
    compose: &[ComposeProject],
    kubernetes: &Kubernetes,
    files: &[VariableFile],
) -> Vec<Environment> {
    let mut found: BTreeMap<String, Vec<EnvironmentSource>> = BTreeMap::new();
    let mut namespaces: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |name: &str, kind: SourceKind, path: &str| {
        let name = name.to_ascii_lowercase();
        let by_itself = match kind {
            SourceKind::KustomizeOverlay | SourceKind::HelmValues => true,
            SourceKind::SkaffoldProfile | SourceKind::ComposeFile | SourceKind::EnvFile => {
                is_usual(&name)
            }
        };
        if by_itself && is_name(&name) {
            let path = path.to_owned();
            found
                .entry(name)
                .or_default()
                .push(EnvironmentSource { kind, path });
        }
    };
    for one in &kubernetes.kustomizations {
        if let Some(name) = &one.overlay {
            add(name, SourceKind::KustomizeOverlay, &one.path);
            if let Some(namespace) = &one.namespace {
                namespaces
                    .entry(name.to_ascii_lowercase())
                    .or_insert_with(|| namespace.clone());
            }
        }
    }
    for chart in &kubernetes.charts {
        for (name, path) in chart.environments() {
            add(name, SourceKind::HelmValues, path);
        }
    }
    for skaffold in &kubernetes.skaffold {
        for profile in &skaffold.profiles {
            add(profile, SourceKind::SkaffoldProfile, &skaffold.path);
        }
    }
    for variant in compose.iter().flat_map(|project| &project.variants) {
        add(&variant.name, SourceKind::ComposeFile, &variant.file);
    }
    for file in files {
        if let Some(name) = &file.environment {
            add(name, SourceKind::EnvFile, &file.path);
        }
    }
    let default = FIRST.iter().find(|name| found.contains_key(**name));
    let default = default.map(|name| (*name).to_owned());
    let default = default.or_else(|| found.keys().next().cloned());
    let made = found.into_iter().map(|(name, mut sources)| {
        sources.sort();
        sources.dedup();
        Environment {
            default: default.as_deref() == Some(&*name),
            namespace: namespaces.remove(&name),
            name,
            sources,
        }
    });
    made.collect()
}

/// What can be a part of a namespace's name.
fn is_name(name: &str) -> bool {
    let allowed = |c: char| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit();
    let ends = name.starts_with('-') || name.ends_with('-');
    !name.is_empty() && name.len() <= 40 && !ends && name.chars().all(allowed)
}
