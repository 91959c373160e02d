//! Kinds of Argo CD that kubewright writes, with the fields that it writes. The
//! real custom resource definitions judge them in the conformance suite, strictly:
//! a field that they do not have fails it.
//!
//! <https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/>

use serde::Serialize;

use crate::custom::custom_kind;
use crate::untyped::Value;

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
}

/// What Helm is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Helm {
    /// Values of the chart.
    pub values_object: Value,
}

/// Where objects go.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Destination {
    /// The cluster.
    pub server: String,
    /// The namespace of objects that name none.
    pub namespace: String,
}

/// When objects go where they shall be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncPolicy {
    /// By itself.
    pub automated: Automated,
    /// `Name=value`.
    pub sync_options: Vec<String>,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GroupKind {
    /// Its group.
    pub group: String,
    /// Its name.
    pub kind: String,
}
