//! Helm charts and Kustomize folders of others.

use crate::dependency::Dependency;
use crate::object::Tree;
use crate::value::{Name, Url};
use crate::{Given, Located};

/// A Helm chart that belongs to the project.
///
/// <https://helm.sh/docs/topics/charts/>
#[derive(Clone, Debug, PartialEq)]
pub struct HelmRelease {
    /// The release.
    pub name: Located<Name>,
    /// Where the chart is.
    pub chart: Located<ChartSource>,
    /// Which version.
    pub version: Given<String>,
    /// Later ones win.
    pub values: Vec<HelmValues>,
    /// The namespace, where it is another than the environment's.
    pub namespace: Given<Name>,
    /// What must be there before it.
    pub dependencies: Vec<Dependency>,
    /// Entries whose addresses its values have: its pods talk to them.
    pub refers_to: Vec<Located<Name>>,
}

/// Where a chart is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartSource {
    /// In a repository of the project.
    Repository {
        /// The repository's name.
        repository: String,
        /// The chart's name.
        chart: String,
    },
    /// In a registry.
    Oci(Url),
    /// In a folder of the project.
    Path(String),
}

/// Values of a chart.
#[derive(Clone, Debug, PartialEq)]
pub enum HelmValues {
    /// A file of the project: its path and its contents.
    File {
        /// The path.
        path: Located<String>,
        /// What it says.
        values: Tree,
    },
    /// Written in place.
    Inline(Located<Tree>),
}

/// A Kustomize folder that belongs to the project.
#[derive(Clone, Debug, PartialEq)]
pub struct KustomizeProject {
    /// The entry's name.
    pub name: Located<Name>,
    /// The folder.
    pub path: Located<String>,
    /// The namespace, where it is another than the environment's.
    pub namespace: Given<Name>,
    /// What must be there before it.
    pub dependencies: Vec<Dependency>,
}
