//! How images are built and objects reach a cluster, for the forms that drive
//! both: what stands beside the objects.
//!
//! Like the objects it is finished: names, paths and values are what tools take.

use std::collections::BTreeMap;

use kubewright_source::Span;
use serde_json::Value;

use crate::argocd::{AppProject, Destination, SyncPolicy};

/// How a project is built and delivered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// What the configuration is called.
    pub name: String,
    /// The namespace of the objects; none: they leave it open.
    pub namespace: Option<String>,
    /// The context of kubectl that leads to the cluster, where the input names it.
    pub kube_context: Option<String>,
    /// The apps in order; infrastructure is none of them.
    pub apps: Vec<DeliveredApp>,
    /// How objects reach the cluster.
    pub deployer: Deployer,
    /// How images are tagged.
    pub tags: TagPolicy,
    /// Objects are applied by the server.
    pub server_side_apply: bool,
    /// A deployment waits for its rollout.
    pub verify: bool,
    /// Shell lines that run before a deployment.
    pub before: Vec<String>,
    /// Shell lines that run after it.
    pub after: Vec<String>,
    /// Ports are forwarded to the developer's machine.
    pub forward: bool,
    /// For each environment, in order.
    pub profiles: Vec<Profile>,
    /// What a chart is told.
    pub chart: Chart,
    /// What Argo CD is told.
    pub argocd: ArgoCd,
}

/// What Argo CD is told, beside the objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArgoCd {
    /// The repository that it watches; none: nobody says which.
    pub repo: Option<String>,
    /// The folder in it that the output lies in; empty: its root.
    pub path: String,
    /// The branch, tag or commit.
    pub revision: String,
    /// One ApplicationSet stands for the Applications of all environments.
    pub application_set: bool,
    /// Where objects go that name no namespace.
    pub destination: Destination,
    /// When they go there.
    pub sync_policy: SyncPolicy,
    /// The AppProject, with what charts and the user's own objects want of it.
    pub project: AppProject,
    /// How many entries stand in a row before an entry, where some do.
    pub waves: BTreeMap<String, usize>,
}

/// What a chart is told, beside its objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// What asked for it.
    pub span: Option<Span>,
    /// Its name; none: the project's.
    pub name: Option<String>,
    /// The folder that charts lie in, within that of the output; none: `charts`.
    pub folder: Option<String>,
    /// Its version, a semantic one; none: `0.1.0`.
    pub version: Option<String>,
    /// The version of what it holds; none: that of its images.
    pub app_version: Option<String>,
    /// What it is, in a line.
    pub description: Option<String>,
    /// Without files of values for environments: they are part of the defaults of none.
    pub without_environments: bool,
    /// Without a `.helmignore`.
    pub without_ignore: bool,
}

/// One app, by what is built and set for it. Its objects carry its name in the
/// label `app`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeliveredApp {
    /// The app's name.
    pub name: String,
    /// What it is shown with: `apps`, `infrastructure`, or its compose project's name.
    pub group: String,
    /// Its image, where that is built.
    pub build: Option<Build>,
    /// It has an image, built or not.
    pub has_image: bool,
    /// The ports that it publishes, in the order of the input.
    pub published: Vec<PublishedPort>,
    /// The port of its pods by which it is reached where nothing is published: the
    /// first TCP port of an app that stays, in a project that publishes none.
    pub first_port: Option<u16>,
    /// The apps that have to be there before it, in the order of the input.
    pub depends_on: Vec<String>,
    /// Its variables, for charts.
    pub values: Vec<(String, Setting)>,
}

/// A TCP port that is published on the developer's machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedPort {
    /// The port of the Service.
    pub service: u16,
    /// The port of its pods.
    pub pod: u16,
    /// The port on the machine.
    pub local: u16,
}

/// Where the value of a variable comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// It is known.
    Known(String),
    /// The environment's variable of that name, at the time of the deployment.
    Environment(String),
}

/// How an image is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// What asked for it.
    pub span: Span,
    /// The image without tag and digest.
    pub image: String,
    /// The folder, relative to the project's.
    pub context: String,
    /// The Dockerfile within it; none: `Dockerfile`.
    pub dockerfile: Option<String>,
    /// The text of the Dockerfile, where it stands in the input.
    pub inline: Option<Inline>,
    /// The stage.
    pub target: Option<String>,
    /// Values of `ARG`.
    pub args: Vec<(String, Setting)>,
    /// Images to take cached layers from.
    pub cache_from: Vec<String>,
    /// Platforms to build for.
    pub platforms: Vec<String>,
    /// The network of `RUN`.
    pub network: Option<String>,
    /// What else the builder is told.
    pub further: Vec<Further>,
    /// Files that are copied into running containers when they change, known from
    /// the language of the sources.
    pub sync: Vec<Sync>,
    /// Files, relative to the build's folder, for which copying is not enough: the
    /// image is built again.
    pub rebuild: Vec<String>,
    /// What the input says of changed files, in its order.
    pub watch: Vec<Watch>,
}

/// A Dockerfile that stands in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// Where it stands.
    pub span: Span,
    /// Its text.
    pub text: String,
}

/// A key of a build that not every tool has a word for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Further {
    /// The key, as compose has it.
    pub key: String,
    /// The place of its value.
    pub span: Span,
    /// Its values, as `docker build` takes them on the command line; none: it has no
    /// option for them.
    pub values: Option<Vec<String>>,
}

/// What the input says of files that change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Where it stands.
    pub span: Span,
    /// The folder or file, relative to the build's folder; empty: that folder; none:
    /// it lies elsewhere.
    pub path: Option<String>,
    /// What is done.
    pub action: WatchAction,
    /// Patterns below `path` of files that do not count.
    pub ignore: Vec<String>,
    /// Patterns below `path` of files that count alone; empty: all.
    pub include: Vec<String>,
}

/// What is done when files change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchAction {
    /// They are copied to this path in the container, and a command may run there
    /// afterwards.
    Copy {
        /// The path in the container.
        to: String,
        /// The command's arguments; empty: none.
        run: Vec<String>,
    },
    /// They are copied, and the container starts again. No tool of a cluster does
    /// this without building.
    CopyAndRestart,
    /// The image is built again.
    Build,
}

/// Files that are copied into a running container when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sync {
    /// A pattern, relative to the build's folder.
    pub files: String,
    /// The folder in the container.
    pub to: String,
    /// The front of their paths that is left out.
    pub strip: String,
}

/// How objects reach the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Deployer {
    /// As plain files.
    #[default]
    Kubectl,
    /// Through a base and overlays.
    Kustomize {
        /// Arguments of `kustomize build`.
        arguments: Vec<String>,
    },
    /// As a chart.
    Helm {
        /// The chart's folder, relative to the project's.
        chart: String,
        /// Its files of values.
        values: Vec<String>,
        /// Values are decrypted by a plugin.
        secrets_plugin: bool,
    },
}

/// How images are tagged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagPolicy {
    /// By commit.
    #[default]
    GitCommit,
    /// Always `latest`, told apart by digest.
    Sha256,
    /// By date.
    DateTime,
    /// By the hash of what is built.
    InputDigest,
    /// By a variable of the environment.
    EnvTemplate,
}

/// One environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The place that named it.
    pub span: Span,
    /// A pattern of contexts that activates it.
    pub context: Option<String>,
    /// A variable with its value that activates it, `A=b`.
    pub variable: Option<String>,
    /// Operations of RFC 6902 on the configuration.
    pub patches: Vec<Value>,
}
