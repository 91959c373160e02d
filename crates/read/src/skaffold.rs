//! What a Skaffold configuration says of itself: enough to show that it is there
//! and how it works.
//!
//! <https://skaffold.dev/docs/references/yaml/>

use kubewright_source::SourceId;
use kubewright_yaml::{Limits, Node, read_documents};

/// The files that Skaffold takes, in the order in which it looks for them.
pub const FILES: [&str; 2] = ["skaffold.yaml", "skaffold.yml"];

/// What a configuration says. Empty texts and lists where it says nothing, and all
/// of them where it cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The names of its profiles, in order.
    pub profiles: Vec<String>,
    /// `skaffold/v4beta11`.
    pub api_version: String,
    /// Whether it, or one of its profiles, forwards ports.
    pub has_port_forward: bool,
    /// `local`, `cluster` or `googleCloudBuild`.
    pub build_strategy: String,
    /// `kubectl`, `helm` or `kustomize`.
    pub deploy_strategy: String,
    /// Paths of configurations that it requires, in order.
    pub required_configs: Vec<String>,
    /// `gitCommit`, `sha256`, `dateTime`, `envTemplate`, `inputDigest` or
    /// `customTemplate`.
    pub tag_policy: String,
}

const BUILDERS: [&str; 3] = ["local", "cluster", "googleCloudBuild"];
const DEPLOYERS: [&str; 3] = ["kubectl", "helm", "kustomize"];
const TAG_POLICIES: [&str; 6] = [
    "gitCommit",
    "sha256",
    "dateTime",
    "envTemplate",
    "inputDigest",
    "customTemplate",
];

/// Reads the bytes of a configuration. A file may hold several: the first one that
/// says something counts, lists are put together.
#[must_use]
pub fn config(bytes: Vec<u8>) -> Config {
    let text = kubewright_yaml::decode(bytes, "skaffold.yaml").unwrap_or_default();
    let documents = read_documents(&text, SourceId::NONE, &Limits::default()).unwrap_or_default();
    let mut all = Config::default();
    for document in &documents {
        add(&mut all, document);
    }
    all
}

fn add(all: &mut Config, document: &Node) {
    let at = |path: &[&str]| path.iter().try_fold(document, |node, key| node.get(key));
    let set = |field: &mut String, found: Option<String>| {
        if field.is_empty() {
            *field = found.unwrap_or_default();
        }
    };
    set(&mut all.api_version, at(&["apiVersion"]).and_then(text));
    set(&mut all.build_strategy, one_of(at(&["build"]), &BUILDERS));
    set(
        &mut all.deploy_strategy,
        one_of(at(&["deploy"]), &DEPLOYERS),
    );
    set(
        &mut all.tag_policy,
        one_of(at(&["build", "tagPolicy"]), &TAG_POLICIES),
    );
    let profiles = items(at(&["profiles"]));
    all.has_port_forward |= std::iter::once(document)
        .chain(profiles)
        .any(|node| !items(node.get("portForward")).is_empty());
    all.profiles.extend(
        profiles
            .iter()
            .filter_map(|profile| text(profile.get("name")?)),
    );
    let required = items(at(&["requires"])).iter();
    all.required_configs
        .extend(required.filter_map(|required| text(required.get("path")?)));
}

fn items(node: Option<&Node>) -> &[Node] {
    node.and_then(Node::as_sequence).unwrap_or_default()
}

fn text(node: &Node) -> Option<String> {
    Some(node.as_scalar()?.text.to_string())
}

/// The first of `keys` that a mapping has.
fn one_of(node: Option<&Node>, keys: &[&str]) -> Option<String> {
    let node = node?;
    let found = keys.iter().find(|key| node.get(key).is_some());
    found.map(|key| (*key).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Config {
        config(text.as_bytes().to_vec())
    }

    #[test]
    fn all_that_is_asked_for() {
        let found = read(
            "apiVersion: skaffold/v4beta11\nkind: Config\nrequires: [{path: ../base}]\n\
             build: {local: {push: false}, tagPolicy: {gitCommit: {variant: Tags}}}\n\
             deploy: {helm: {}, kubectl: {}}\n\
             profiles: [{name: local, portForward: [{port: 80}]}, {name: prod}]\n",
        );
        let expected = Config {
            profiles: vec!["local".into(), "prod".into()],
            api_version: "skaffold/v4beta11".into(),
            has_port_forward: true,
            build_strategy: "local".into(),
            deploy_strategy: "kubectl".into(),
            required_configs: vec!["../base".into()],
            tag_policy: "gitCommit".into(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for text in ["", "a: [", "- 1\n", "build: 1\nprofiles: x\n", "\u{0}"] {
            assert_eq!(read(text), Config::default(), "{text:?}");
        }
    }

    #[test]
    fn several_configurations_are_one() {
        let found = read(
            "deploy: {helm: {}}\nprofiles: [{name: a}]\n---\ndeploy: {kubectl: {}}\nprofiles: [{name: b}]\n",
        );
        assert_eq!(found.deploy_strategy, "helm");
        assert_eq!(found.profiles, ["a", "b"]);
    }
}
