//! What is written, and in which forms.

use crate::object::Tree;
use crate::value::{Name, Url};
use crate::{Given, Located};

/// What is written; command-line flags win.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The folder; none: `k8s`.
    pub dir: Given<String>,
    /// The forms; empty: flat manifests.
    pub formats: Vec<Located<Format>>,
    /// Applied by the server.
    pub server_side_apply: Given<bool>,
    /// Shell lines that run before a deployment.
    pub pre_deploy: Vec<Located<String>>,
    /// Shell lines that run after it.
    pub post_deploy: Vec<Located<String>>,
    /// Whether a deployment waits for its rollout.
    pub post_deploy_verify: Given<bool>,
    /// What Skaffold is told.
    pub skaffold: Option<Skaffold>,
    /// What the chart is told.
    pub helm: Option<HelmChart>,
    /// What Argo CD is told.
    pub argocd: Option<ArgoCd>,
}

/// A form that objects leave in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Plain files.
    Manifests,
    /// A base and overlays.
    Kustomize,
    /// A chart.
    Helm,
    /// Applications of Argo CD.
    ArgoCd,
    /// `skaffold.yaml`.
    Skaffold,
    /// A `Tiltfile`.
    Tilt,
    /// One JSON document.
    Json,
}

/// What Skaffold is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Skaffold {
    /// Apps in the order in which the input lists them, the first of which names
    /// the configuration; empty: by their names, called like the project.
    pub order: Vec<Name>,
    /// Which images are built.
    pub builds: Builds,
    /// What deploys.
    pub deploy_method: Given<DeployMethod>,
    /// How images are tagged.
    pub tag_policy: Given<TagPolicy>,
    /// Ports are forwarded.
    pub port_forward: Given<bool>,
    /// Changed files are copied.
    pub file_sync: Given<bool>,
    /// Arguments of `kustomize build`.
    pub kustomize_build_args: Vec<Located<String>>,
    /// The chart.
    pub helm_chart_path: Given<String>,
    /// Its values.
    pub helm_values_files: Vec<Located<String>>,
    /// Values are decrypted by a plugin.
    pub helm_secrets_plugin: Given<bool>,
    /// One for each environment, in the order of the input.
    pub profiles: Vec<SkaffoldProfile>,
}

/// Which images are built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Builds {
    /// Those of apps that say how.
    #[default]
    Told,
    /// Those of all apps, from a `Dockerfile` where nothing is said; not images
    /// that are known to be made elsewhere, and not infrastructure.
    Every,
}

/// When a profile of Skaffold is active, and what it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct SkaffoldProfile {
    /// What it is called.
    pub name: Located<Name>,
    /// A pattern of contexts.
    pub kube_context: Given<String>,
    /// A variable with its value, `A=b`.
    pub env: Given<String>,
    /// Operations of RFC 6902.
    pub patches: Vec<Located<Tree>>,
}

/// What deploys for Skaffold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeployMethod {
    /// Plain manifests.
    Kubectl,
    /// An overlay.
    Kustomize,
    /// A chart.
    Helm,
}

/// How Skaffold tags images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagPolicy {
    /// By commit.
    GitCommit,
    /// By digest.
    Sha256,
    /// By date.
    DateTime,
    /// By the hash of what is built.
    InputDigest,
    /// By a template of variables.
    EnvTemplate,
}

/// What the chart is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelmChart {
    /// Its name; none: the project's.
    pub name: Given<Name>,
    /// Its folder; none: `charts`.
    pub dir: Given<String>,
    /// Its version; none: `0.1.0`.
    pub version: Given<String>,
    /// The version of what it holds.
    pub app_version: Given<String>,
    /// What it is.
    pub description: Given<String>,
    /// A file of values per environment.
    pub env_values: Given<bool>,
    /// With a `.helmignore`.
    pub helmignore: Given<bool>,
}

/// What Argo CD is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArgoCd {
    /// The repository that it watches.
    pub repo: Given<Url>,
    /// The folder in it that the output lies in; none: its root.
    pub path: Given<String>,
    /// The branch, tag or commit; none: `HEAD`.
    pub revision: Given<String>,
    /// The namespace in which it looks for its objects; none: `argocd`.
    pub namespace: Given<Name>,
    /// Whether it acts by itself; none: it does.
    pub auto_sync: Given<bool>,
    /// Whether it removes what the source has no longer; none: it does.
    pub prune: Given<bool>,
    /// Whether it puts back what somebody changed; none: it does.
    pub self_heal: Given<bool>,
    /// One ApplicationSet over all environments stands for their Applications.
    pub application_set: Given<bool>,
}
