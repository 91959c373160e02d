//! Containers: the main one, and its helpers.

use std::collections::BTreeMap;

use crate::block::Block;
use crate::dependency::Dependency;
use crate::file::FileMount;
use crate::lifecycle::Lifecycle;
use crate::probe::Probes;
use crate::resource::Resources;
use crate::security::ContainerSecurity;
use crate::service::Port;
use crate::value::{Image, MountPath, Name, SecretText};
use crate::variable::{Variable, VariablesFrom};
use crate::volume::Mount;
use crate::{Given, Located};

/// What every container has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Container {
    /// Its name in the pod; none: the app's, or the helper's.
    pub name: Given<Name>,
    /// Where its image comes from; none is an error unless the helper inherits.
    pub image: Option<ImageSource>,
    /// When the image is pulled; none: Kubernetes' own rule.
    pub pull_policy: Given<PullPolicy>,
    /// What runs instead of the image's entry point.
    pub command: Given<Command>,
    /// What runs instead of the image's arguments.
    pub args: Given<Vec<String>>,
    /// Where it runs.
    pub working_dir: Given<String>,
    /// Keeps standard input open.
    pub stdin: Given<bool>,
    /// Has a terminal.
    pub tty: Given<bool>,
    /// Its ports, the primary one first; none: what is known of the image.
    pub ports: Option<Vec<Port>>,
    /// Its variables, each name once, in the order in which they are written.
    pub environment: Vec<Variable>,
    /// Whole ConfigMaps and Secrets whose keys become variables.
    pub environment_from: Vec<VariablesFrom>,
    /// Files that are mounted into it.
    pub files: Vec<FileMount>,
    /// Volumes of the pod that it mounts.
    pub mounts: Vec<Mount>,
    /// What it gets and may use.
    pub resources: Block<Resources>,
    /// How Kubernetes learns that it lives.
    pub probes: Probes,
    /// What runs at its start and before its end.
    pub lifecycle: Block<Lifecycle>,
    /// Its rights.
    pub security: Block<ContainerSecurity>,
}

impl Container {
    /// See [`App::compact`](crate::App::compact).
    pub(crate) fn compact(&mut self) {
        self.resources.compact();
        self.lifecycle.compact();
        self.security.compact();
        if let Some(ports) = &mut self.ports {
            ports.shrink_to_fit();
        }
        self.environment.shrink_to_fit();
        self.files.shrink_to_fit();
        self.mounts.shrink_to_fit();
    }

    /// The image reference, where one is written.
    pub fn image_reference(&self) -> Option<&Image> {
        match self.image.as_ref()? {
            ImageSource::Image(image) => Some(&image.value),
            ImageSource::Build(build) => build.image.as_ref().map(|image| &image.value),
        }
    }
}

/// Where a container's image comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ImageSource {
    /// It is there.
    Image(Located<Image>),
    /// It is built.
    Build(Box<Build>),
}

/// How an image is built, in compose's terms.
///
/// <https://docs.docker.com/reference/compose-file/build/>
#[derive(Clone, Debug, PartialEq)]
pub struct Build {
    /// The folder, relative to the project's, or a URL.
    pub context: Located<String>,
    /// The built image's name; none: `{registry}/{app}:{tag}`.
    pub image: Given<Image>,
    /// The Dockerfile within the context, or its text.
    pub dockerfile: Option<Dockerfile>,
    /// The Dockerfile in development.
    pub dockerfile_dev: Given<String>,
    /// The stage to build.
    pub target: Given<String>,
    /// Values of `ARG`; none: taken from the environment at build time.
    pub args: BTreeMap<String, Located<Option<String>>>,
    /// The language of the sources, where it is known.
    pub language: Given<String>,
    /// Further names of the image.
    pub tags: Vec<Located<String>>,
    /// Further contexts by name.
    pub additional_contexts: BTreeMap<String, Located<String>>,
    /// Images to take cached layers from.
    pub cache_from: Vec<Located<String>>,
    /// Where cached layers go.
    pub cache_to: Vec<Located<String>>,
    /// Platforms to build for, `linux/amd64`.
    pub platforms: Vec<Located<String>>,
    /// SSH agents or keys, `default` or `id=path`.
    pub ssh: Vec<Located<String>>,
    /// Secrets of the build by the name of a source.
    pub secrets: Vec<Located<String>>,
    /// Labels of the image.
    pub labels: BTreeMap<String, Located<String>>,
    /// What else the builder is told: `network`, `shm_size`, `ulimits` …
    pub options: BTreeMap<String, Located<crate::object::Tree>>,
}

impl Build {
    /// A build of that folder with nothing else said.
    pub fn new(context: Located<String>) -> Self {
        Self {
            context,
            image: None,
            dockerfile: None,
            dockerfile_dev: None,
            target: None,
            args: BTreeMap::new(),
            language: None,
            tags: Vec::new(),
            additional_contexts: BTreeMap::new(),
            cache_from: Vec::new(),
            cache_to: Vec::new(),
            platforms: Vec::new(),
            ssh: Vec::new(),
            secrets: Vec::new(),
            labels: BTreeMap::new(),
            options: BTreeMap::new(),
        }
    }
}

/// What a build follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dockerfile {
    /// A file within the context.
    Path(Located<String>),
    /// The text itself.
    Inline(Located<String>),
}

/// When an image is pulled.
///
/// <https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullPolicy {
    /// At every start.
    Always,
    /// When the node has none.
    IfNotPresent,
    /// Never: the node must have it.
    Never,
}

/// What a container or hook runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A program and its arguments.
    Exec(Vec<String>),
    /// A line for `sh -c`.
    Shell(String),
}

impl Command {
    /// As Kubernetes writes it.
    pub fn to_argv(&self) -> Vec<String> {
        match self {
            Self::Exec(argv) => argv.clone(),
            Self::Shell(line) => vec!["sh".to_owned(), "-c".to_owned(), line.clone()],
        }
    }
}

/// A container that runs to its end before the main one starts.
#[derive(Clone, Debug, PartialEq)]
pub struct InitContainer {
    /// Its name in the pod.
    pub name: Located<Name>,
    /// The container; without an image it runs the app's.
    pub container: Container,
    /// Takes over the app's variables and mounts; none: when it runs the app's image.
    pub inherit: Given<bool>,
}

/// A helper beside the main container.
#[derive(Clone, Debug, PartialEq)]
pub struct Sidecar {
    /// Its name in the pod.
    pub name: Located<Name>,
    /// The container.
    pub container: Container,
    /// Starts before and ends after the main container (an init container that
    /// always restarts); none: true.
    pub native: Given<bool>,
    /// Folders that both see, by name: an `emptyDir` mounted in both.
    pub shared: BTreeMap<Name, Located<MountPath>>,
}

/// A service that moved into this pod.
#[derive(Clone, Debug, PartialEq)]
pub struct Companion {
    /// Its name in the pod.
    pub name: Located<Name>,
    /// The container.
    pub container: Container,
    /// What it waits for.
    pub dependencies: Vec<Dependency>,
    /// Its ports are on the app's Services, too; none: false.
    pub on_service: Given<bool>,
}

/// A value that may be known, of a thing that must stay secret.
pub type KnownSecret = Option<Located<SecretText>>;
