//! Skaffold's configuration.
//!
//! <https://skaffold.dev/docs/references/yaml/>

use kubewright_yaml::Node;
use serde::Serialize;

use super::{items, string};

/// One `skaffold.yaml`; what its first document says, and the profiles of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skaffold {
    /// Its path.
    pub path: String,
    /// `skaffold/v4beta11`.
    pub api_version: String,
    /// The names of its profiles.
    pub profiles: Vec<String>,
    /// Whether it forwards ports.
    pub has_port_forward: bool,
    /// `local`, `cluster`, `googleCloudBuild`, or empty.
    pub build_strategy: &'static str,
    /// `kubectl`, `helm`, `kustomize`, or empty.
    pub deploy_strategy: &'static str,
    /// Other configurations that it needs.
    pub required_configs: Vec<String>,
    /// How it tags images, or empty.
    pub tag_policy: &'static str,
}

pub(super) fn read(path: &str, documents: &[Node]) -> Skaffold {
    let of_skaffold =
        |node: &&Node| string(node, "apiVersion").is_some_and(|api| api.starts_with("skaffold/"));
    let documents: Vec<&Node> = documents.iter().filter(of_skaffold).collect();
    let first = |keys: &[&'static str], within: &[&str]| {
        let mut all = documents.iter().filter_map(|node| {
            let start: &Node = node;
            let at = within.iter().try_fold(start, |at, key| at.get(key))?;
            keys.iter().find(|key| at.get(key).is_some()).copied()
        });
        all.next().unwrap_or_default()
    };
    let names = |list: &str, key: &str| {
        let all = documents.iter().flat_map(|node| items(node, list));
        let all = all.filter_map(|item| string(item, key));
        all.map(str::to_owned).collect()
    };
    let api = documents.iter().find_map(|node| string(node, "apiVersion"));
    Skaffold {
        path: path.to_owned(),
        api_version: api.unwrap_or_default().to_owned(),
        profiles: names("profiles", "name"),
        has_port_forward: documents
            .iter()
            .any(|node| !items(node, "portForward").is_empty()),
        build_strategy: first(&["local", "cluster", "googleCloudBuild"], &["build"]),
        deploy_strategy: first(&["kubectl", "helm", "kustomize"], &["deploy"]),
        required_configs: names("requires", "path"),
        tag_policy: first(
            &[
                "gitCommit",
                "sha256",
                "dateTime",
                "envTemplate",
                "inputDigest",
                "customTemplate",
            ],
            &["build", "tagPolicy"],
        ),
    }
}
