//! A project, resolved for one environment.

use std::collections::BTreeMap;

use crate::app::App;
use crate::chart::{HelmRelease, KustomizeProject};
use crate::check::CheckSettings;
use crate::compose::ComposeProject;
use crate::file::SecretSource;
use crate::function::FunctionProject;
use crate::gateway::{Controller, Gateway, GatewayObject, Tls};
use crate::infrastructure::Infrastructure;
use crate::object::UserObject;
use crate::output::Output;
use crate::scaling::{KedaHttpObjects, QueueServer};
use crate::value::{Host, LabelKey, LabelValue, Name, ObjectName, Quantity, Url};
use crate::vault::PlannedSecret;
use crate::volume::SharedVolume;
use crate::{Given, Located};

/// Everything that one environment of a project is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// What it is called: the part-of label, the chart's name.
    pub name: Located<Name>,
    /// What it is, one line.
    pub description: Given<String>,
    /// What is known of the environment.
    pub facts: Facts,
    /// Apps, infrastructure and the other entries; a name means one thing only.
    pub entries: BTreeMap<Name, Entry>,
    /// Claims that several apps may mount.
    pub volumes: BTreeMap<Name, SharedVolume>,
    /// Networks between which nothing passes, by name.
    pub networks: BTreeMap<Name, Network>,
    /// Where secret values come from, by the name the variables use.
    pub secrets: BTreeMap<String, SecretSource>,
    /// Secrets that are to be made where secrets are kept.
    pub vault: Vec<PlannedSecret>,
    /// How the outside gets in.
    pub gateway: Option<Gateway>,
    /// Helm repositories by the name that charts use.
    pub repositories: BTreeMap<String, Located<Url>>,
    /// Objects of the user's own, taken over as they are.
    pub objects: Vec<UserObject>,
    /// What the checker is told.
    pub check: CheckSettings,
    /// What is written, and in which forms.
    pub output: Output,
}

impl Project {
    /// A project of that name with nothing in it yet.
    pub fn new(name: Located<Name>) -> Self {
        Self {
            name,
            description: None,
            facts: Facts::default(),
            entries: BTreeMap::new(),
            volumes: BTreeMap::new(),
            networks: BTreeMap::new(),
            secrets: BTreeMap::new(),
            vault: Vec::new(),
            gateway: None,
            repositories: BTreeMap::new(),
            objects: Vec::new(),
            check: CheckSettings::default(),
            output: Output::default(),
        }
    }

    /// The workloads of our own making, apps and self-hosted infrastructure
    /// alike, in the order of their names.
    pub fn apps(&self) -> impl Iterator<Item = &App> {
        self.entries.values().filter_map(Entry::app)
    }
}

/// One named member of a project.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A workload of one's own.
    App(Box<App>),
    /// Something the apps stand on: self-hosted, or managed elsewhere.
    Infrastructure(Box<Infrastructure>),
    /// Functions that share one image.
    Functions(Box<FunctionProject>),
    /// A compose project, translated with settings of its own.
    Compose(Box<ComposeProject>),
    /// A Helm chart.
    Helm(Box<HelmRelease>),
    /// A Kustomize folder.
    Kustomize(Box<KustomizeProject>),
    /// Named, but switched off in this environment (`enabled: false`, the
    /// wizard's `Skip`): references to it are known and lead nowhere.
    Disabled(Located<()>),
}

impl Entry {
    /// The workload, where the entry is one of our own making.
    pub fn app(&self) -> Option<&App> {
        match self {
            Self::App(app) => Some(app),
            Self::Infrastructure(infrastructure) => infrastructure.app(),
            Self::Functions(_)
            | Self::Compose(_)
            | Self::Helm(_)
            | Self::Kustomize(_)
            | Self::Disabled(_) => None,
        }
    }

    /// The same, to change it.
    pub fn app_mut(&mut self) -> Option<&mut App> {
        match self {
            Self::App(app) => Some(app),
            Self::Infrastructure(infrastructure) => match &mut **infrastructure {
                Infrastructure::SelfHosted(app) => Some(app),
                Infrastructure::Managed(_) => None,
            },
            Self::Functions(_)
            | Self::Compose(_)
            | Self::Helm(_)
            | Self::Kustomize(_)
            | Self::Disabled(_) => None,
        }
    }
}

/// What is known of an environment; lowering asks for these facts and never for
/// the environment's name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The environment; none where the project has only one, nameless.
    pub environment: Given<Name>,
    /// Where the objects live.
    pub namespace: Option<Namespace>,
    /// The domain below which the apps are reached.
    pub domain: Given<Host>,
    /// Transport encryption at the edge.
    pub tls: Option<Tls>,
    /// What brings requests in.
    pub ingress: Option<Ingress>,
    /// What goes in front of the names of built images.
    pub registry: Given<String>,
    /// The tag of built images.
    pub image_tag: Given<ImageTag>,
    /// Secrets for pulling images.
    pub pull_secrets: Vec<Located<ObjectName>>,
    /// Where secret values live.
    pub secret_store: Option<SecretStore>,
    /// The storage class of claims that name none.
    pub storage_class: Given<ObjectName>,
    /// The server behind queues.
    pub queue_server: Option<QueueServer>,
    /// Which objects `keda-http` scaling becomes.
    pub keda_http: KedaHttpObjects,
    /// Which traffic between pods is admitted.
    pub network_policy: NetworkPolicyMode,
    /// The oldest Kubernetes version that must accept the objects.
    pub kubernetes_version: Given<KubernetesVersion>,
    /// The standard that pods keep, where an app names no other.
    pub security_profile: Given<crate::security::SecurityProfile>,
    /// The context of kubectl for this environment.
    pub kube_context: Given<String>,
    /// The cluster as Argo CD knows it: its URL or its name; none: the one that
    /// Argo CD runs in.
    pub argocd_cluster: Given<String>,
    /// Development: debug images, watching, forwarded ports.
    pub debug: bool,
}

/// A namespace, and whether it is ours to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Namespace {
    /// Its name.
    pub name: Located<Name>,
    /// Whether a Namespace object is written; none: unless it is `default`.
    pub create: Given<bool>,
    /// Labels of the Namespace object.
    pub labels: BTreeMap<LabelKey, Located<LabelValue>>,
}

/// What brings requests from outside in.
#[derive(Clone, Debug, PartialEq)]
pub struct Ingress {
    /// Whose annotations and kinds are spoken.
    pub controller: Located<Controller>,
    /// The class, where it is not called like the controller.
    pub class: Given<ObjectName>,
    /// The namespace in which the controller runs, to be admitted by policies.
    pub namespace: Given<Name>,
    /// An existing Gateway, for `gateway-api`.
    pub gateway: Given<GatewayObject>,
}

/// The tag of the images that are built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageTag {
    /// A text, the same for all images.
    Text(String),
    /// The hash of each image's build context.
    Content,
    /// The commit.
    Git,
}

/// Where secret values live.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretStore {
    /// Which service, with its own settings.
    pub provider: SecretProvider,
    /// The store object's name; none: the provider's usual one.
    pub name: Given<ObjectName>,
    /// The store object's kind.
    pub kind: StoreKind,
}

/// Which service keeps secret values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretProvider {
    /// `.env.{E}`, else `CHANGE_ME`; the Secret's file is ignored by git.
    EnvFile,
    /// Like [`EnvFile`](Self::EnvFile), but the file is not ignored.
    Inline,
    /// Google Secret Manager.
    Gcp {
        /// The project that holds the secrets.
        project: Given<String>,
    },
    /// AWS Secrets Manager.
    Aws {
        /// The region that holds the secrets.
        region: Given<String>,
    },
    /// Azure Key Vault.
    Azure {
        /// The vault's address.
        vault_url: Given<Url>,
    },
    /// HashiCorp Vault.
    Vault {
        /// The server's address.
        server: Given<Url>,
        /// The path of the engine.
        path: Given<String>,
    },
    /// Secrets of a Kubernetes namespace.
    Kubernetes {
        /// The namespace that holds them.
        namespace: Given<Name>,
    },
}

/// The kind of a store object of External Secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoreKind {
    /// For the whole cluster.
    #[default]
    ClusterSecretStore,
    /// For one namespace.
    SecretStore,
}

/// Which traffic between pods network policies admit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NetworkPolicyMode {
    /// No policies but those that an app's own access asks for.
    #[default]
    None,
    /// Pods of one namespace may talk.
    Permissive,
    /// Only declared dependencies, routes and DNS.
    Strict,
    /// Only pods that share a network (`access.networks`).
    Networks,
}

/// A Kubernetes version, `1.33`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubernetesVersion {
    minor: u16,
}

impl KubernetesVersion {
    /// The oldest version whose objects are written.
    pub const OLDEST: Self = Self { minor: 34 };
    /// The newest version whose objects are written.
    pub const NEWEST: Self = Self { minor: 36 };

    /// # Errors
    /// When the text is not `1.` and a number.
    pub fn parse(text: &str) -> Result<Self, crate::Invalid> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let minor = text
            .strip_prefix("1.")
            .map(|rest| rest.split('.').next().unwrap_or_default())
            .and_then(|minor| minor.parse().ok());
        minor.map(|minor| Self { minor }).ok_or_else(|| {
            crate::Invalid::new(
                "a Kubernetes version",
                "it is not `1.` with a number behind it",
                "write it like `1.34`",
            )
        })
    }

    /// A version that objects are written for.
    ///
    /// # Errors
    /// When the text is no version, or one before [`OLDEST`](Self::OLDEST) or after
    /// [`NEWEST`](Self::NEWEST).
    pub fn parse_known(text: &str) -> Result<Self, crate::Invalid> {
        let version = Self::parse(text)?;
        let known = Self::OLDEST..=Self::NEWEST;
        match known.contains(&version) {
            true => Ok(version),
            false => Err(crate::Invalid::new(
                "a known Kubernetes version",
                "objects are not written for it",
                format!("name one from {} to {}", known.start(), known.end()),
            )),
        }
    }

    /// The number behind `1.`.
    pub fn minor(self) -> u16 {
        self.minor
    }
}

impl std::fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

/// A network of apps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Nothing leaves it.
    pub internal: Located<bool>,
    /// What it is called where other projects can be on it, too; none: it is the
    /// project's own.
    pub shared: Given<Name>,
}

/// A quantity of a named extended resource.
pub type ExtendedResource = (LabelKey, Located<Quantity>);
