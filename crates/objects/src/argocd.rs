//! Kinds of Argo CD that kubewright writes, with the fields that it writes. The
//! real custom resource definitions judge them in the conformance suite, strictly:
//! a field that they do not have fails it.
//!
//! <https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/>

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use crate::custom::custom_kind;
use crate::untyped::Value;

/// The cluster that Argo CD itself runs in.
pub const HERE: &str = "https://kubernetes.default.svc";

/// The annotation that says when something is brought to the cluster: lower ones
/// first. <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/>
pub const WAVE: &str = "argocd.argoproj.io/sync-wave";

/// With this finalizer of an Application, what goes is taken out of the cluster, too.
pub const FINALIZER: &str = "resources-finalizer.argocd.argoproj.io/foreground";

custom_kind!(
    /// Something that Argo CD keeps in a cluster as its source says.
    Application,
    ApplicationSpec,
    "argoproj.io" / "v1alpha1",
    "applications"
);
custom_kind!(
    /// Which sources Applications may have, and where they may lead.
    AppProject,
    AppProjectSpec,
    "argoproj.io" / "v1alpha1",
    "appprojects"
);

custom_kind!(
    /// Applications of a template, one for each element of its lists.
    ApplicationSet,
    ApplicationSetSpec,
    "argoproj.io" / "v1alpha1",
    "applicationsets"
);

/// What an Application wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSpec {
    /// The AppProject.
    pub project: String,
    /// Where its objects come from.
    pub source: Source,
    /// Where they go.
    pub destination: Destination,
    /// When they go there.
    pub sync_policy: SyncPolicy,
    /// What others may change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore_differences: Vec<IgnoreDifference>,
}

/// Where objects come from: a chart of a repository, or a folder of one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The repository; a registry without `oci://`.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// The chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<String>,
    /// The folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The chart's version, or the branch, tag or commit.
    pub target_revision: String,
    /// What Helm is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helm: Option<Helm>,
    /// Which files of a folder of manifests count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<Directory>,
}

/// What Helm is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Helm {
    /// What the release is called.
    pub release_name: String,
    /// Values of the chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values_object: Option<Value>,
}

/// Which files of a folder of manifests count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Directory {
    /// A pattern of their names: `{a.yaml,b.yaml}`.
    pub include: String,
}

/// Where objects go: a cluster by its URL or its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Destination {
    /// The URL of the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// What Argo CD calls the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The namespace of objects that name none.
    pub namespace: String,
}

/// When objects go where they shall be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncPolicy {
    /// By itself; none: when somebody asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automated: Option<Automated>,
    /// `Name=value`.
    pub sync_options: Vec<String>,
    /// Again, where it did not work.
    pub retry: Retry,
}

/// How often something is tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Retry {
    /// At most so many times.
    pub limit: u32,
    /// After which time.
    pub backoff: Backoff,
}

/// The time between tries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Backoff {
    /// The first: `5s`.
    pub duration: String,
    /// What each is multiplied with for the next.
    pub factor: u32,
    /// The longest: `3m`.
    pub max_duration: String,
}

/// What Argo CD does by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Automated {
    /// Removes what the source has no longer.
    pub prune: bool,
    /// Puts back what somebody changed.
    pub self_heal: bool,
}

/// Fields that others own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IgnoreDifference {
    /// The group of the kind.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The object; none: all of the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its namespace; none: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The fields.
    pub json_pointers: Vec<String>,
}

/// What an AppProject allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppProjectSpec {
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Repositories.
    pub source_repos: Vec<String>,
    /// Clusters and namespaces.
    pub destinations: Vec<Destination>,
    /// Kinds without a namespace.
    pub cluster_resource_whitelist: Vec<GroupKind>,
}

/// A kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GroupKind {
    /// Its group.
    pub group: String,
    /// Its name.
    pub kind: String,
}

/// What an ApplicationSet makes Applications of.
///
/// <https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/>
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetSpec {
    /// Templates are those of Go.
    pub go_template: bool,
    /// `missingkey=error`.
    pub go_template_options: Vec<String>,
    /// What templates are filled with.
    pub generators: Vec<Generator>,
    /// Each Application.
    pub template: Template,
    /// What is laid over it: a template that gives YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_patch: Option<String>,
}

/// A list of elements.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Generator {
    /// The list.
    pub list: ListGenerator,
}

/// The elements of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ListGenerator {
    /// Mappings of any shape.
    pub elements: Vec<serde_json::Value>,
}

/// The template of Applications.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Template {
    /// Name, namespace, labels, annotations and finalizers.
    pub metadata: ObjectMeta,
    /// What it wants.
    pub spec: ApplicationSpec,
}
