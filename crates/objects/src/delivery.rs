//! How images are built and objects reach a cluster, for the forms that drive
//! both: what stands beside the objects.
//!
//! Like the objects it is finished: names, paths and values are what tools take.

use kubewright_source::Span;
use serde_json::Value;

/// How a project is built and delivered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// What the configuration is called.
    pub name: String,
    /// The namespace of the objects; none: they leave it open.
    pub namespace: Option<String>,
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
}

/// One app, by what is built and set for it. Its objects carry its name in the
/// label `app`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeliveredApp {
    /// The app's name.
    pub name: String,
    /// Its image, where that is built.
    pub build: Option<Build>,
    /// It has an image, built or not.
    pub has_image: bool,
    /// The ports that it publishes, in the order of the input.
    pub published: Vec<PublishedPort>,
    /// Its variables, for charts.
    pub values: Vec<(String, Setting)>,
}

/// A TCP port that is published on the developer's machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedPort {
    /// The port of the Service.
    pub service: u16,
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
    /// Files that are copied into running containers when they change.
    pub sync: Vec<Sync>,
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
