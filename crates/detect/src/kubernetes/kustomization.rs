//! Kustomizations.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>

use kubewright_yaml::Node;
use serde::Serialize;

use super::{items, string};
use crate::inventory::{folder_of, name_of};

/// A kustomization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kustomization {
    /// Its file.
    pub path: String,
    /// The environment that it is an overlay for, by its folder: `prod` of
    /// `overlays/prod`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<String>,
    /// Whether it is a component.
    pub is_component: bool,
    /// Folders and addresses that it builds on.
    pub bases: Vec<String>,
    /// Files that it takes.
    pub resources: Vec<String>,
    /// How many patches it has.
    pub patches: usize,
    /// The keys under which it has them.
    pub patch_types: Vec<&'static str>,
    /// The namespace that it sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What it puts before names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_prefix: Option<String>,
    /// What it puts after names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_suffix: Option<String>,
    /// Whether it makes ConfigMaps.
    pub has_config_map_generator: bool,
    /// Whether it makes Secrets.
    pub has_secret_generator: bool,
    /// Whether it has `vars`, which Kustomize has given up.
    pub has_vars: bool,
    /// How many images it renames.
    pub images: usize,
}

/// Whether a file is called as kustomize wants it.
pub(super) fn is_one(name: &str) -> bool {
    matches!(
        name,
        "kustomization.yaml" | "kustomization.yml" | "Kustomization"
    )
}

/// A file that says another kind is none.
pub(super) fn read(path: &str, node: &Node) -> Option<Kustomization> {
    node.as_mapping()?;
    let kind = string(node, "kind").unwrap_or("Kustomization");
    if !matches!(kind, "Kustomization" | "Component") {
        return None;
    }
    let text = |key: &str| string(node, key).map(str::to_owned);
    let texts = |key: &'static str| {
        let all = items(node, key).iter();
        all.filter_map(|item| Some(item.as_scalar()?.text.to_string()))
    };
    let (resources, folders): (Vec<String>, Vec<String>) =
        texts("resources").partition(|resource| is_file(resource));
    let kinds = ["patches", "patchesStrategicMerge", "patchesJson6902"];
    let kinds = kinds.into_iter().filter(|key| !items(node, key).is_empty());
    let patch_types: Vec<&'static str> = kinds.collect();
    let has = |key: &str| !items(node, key).is_empty();
    Some(Kustomization {
        path: path.to_owned(),
        overlay: overlay(folder_of(path)).map(str::to_owned),
        is_component: kind == "Component",
        bases: folders
            .into_iter()
            .chain(texts("bases"))
            .chain(texts("components"))
            .collect(),
        resources,
        patches: patch_types.iter().map(|key| items(node, key).len()).sum(),
        patch_types,
        namespace: text("namespace"),
        name_prefix: text("namePrefix"),
        name_suffix: text("nameSuffix"),
        has_config_map_generator: has("configMapGenerator"),
        has_secret_generator: has("secretGenerator"),
        has_vars: has("vars"),
        images: items(node, "images").len(),
    })
}

fn is_file(resource: &str) -> bool {
    let name = name_of(resource);
    let is_address = resource.contains("://") || resource.contains('?');
    !is_address && (name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json"))
}

/// The name of a folder directly below one of overlays.
fn overlay(folder: &str) -> Option<&str> {
    let above = name_of(folder_of(folder));
    let is_of_overlays = ["overlays", "overlay", "envs", "environments"].contains(&above);
    is_of_overlays.then(|| name_of(folder))
}
