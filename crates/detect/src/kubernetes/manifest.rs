//! Files with objects of Kubernetes.

use std::collections::BTreeSet;

use kubewright_yaml::Node;
use serde::Serialize;

use super::string;

/// A file with objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ManifestFile {
    /// Its path.
    pub path: String,
    /// Its objects, in order.
    pub objects: Vec<ManifestObject>,
}

/// An object in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestObject {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// `metadata.name`, empty where it has none.
    pub name: String,
    /// `metadata.namespace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// A Secret with values in it, as plain as the file.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_secret_values: bool,
}

/// The objects of a file; none where there are none.
pub(super) fn read(path: &str, documents: &[Node]) -> Option<ManifestFile> {
    let mut objects = Vec::new();
    for document in documents {
        let is_list = string(document, "kind").is_some_and(|kind| kind.ends_with("List"));
        match document
            .get("items")
            .and_then(Node::as_sequence)
            .filter(|_| is_list)
        {
            Some(items) => objects.extend(items.iter().filter_map(object)),
            None => objects.extend(object(document)),
        }
    }
    (!objects.is_empty()).then(|| ManifestFile {
        path: path.to_owned(),
        objects,
    })
}

fn object(node: &Node) -> Option<ManifestObject> {
    let kind = string(node, "kind")?;
    let metadata = node.get("metadata");
    let of_metadata = |key: &str| {
        metadata
            .and_then(|node| string(node, key))
            .map(str::to_owned)
    };
    let values = ["data", "stringData"].iter().any(|key| {
        let values = node.get(key).and_then(Node::as_mapping);
        values.is_some_and(|values| !values.is_empty())
    });
    Some(ManifestObject {
        api_version: string(node, "apiVersion")?.to_owned(),
        name: of_metadata("name").unwrap_or_default(),
        namespace: of_metadata("namespace"),
        has_secret_values: kind == "Secret" && values,
        kind: kind.to_owned(),
    })
}

/// The names in `${NAME}`, sorted.
pub(super) fn variables(text: &str) -> Vec<String> {
    let parts = text.split("${").skip(1);
    let names = parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name);
    let is_name = |name: &&str| {
        let first = name.starts_with(|c: char| c == '_' || c.is_ascii_uppercase());
        first && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
    };
    let names: BTreeSet<&str> = names.filter(is_name).collect();
    names.into_iter().map(str::to_owned).collect()
}
