//! `kustomization.yaml`, its fields in the order in which Kustomize uses them.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>

use std::collections::BTreeMap;

use serde::Serialize;

use super::generator::Generator;
use super::image::Image;

/// The file's name.
pub(crate) const FILE: &str = "kustomization.yaml";

/// One `kustomization.yaml`. Kustomize gathers resources, then components, and
/// changes what it has then: patches first, then the namespace, labels, replicas and
/// images.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kustomization {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) config_map_generator: Vec<Generator>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) components: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) patches: Vec<Patch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<Labels>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) replicas: Vec<Replicas>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) images: Vec<Image>,
}

impl Kustomization {
    /// Of a base or an overlay.
    pub(crate) fn new() -> Self {
        Self {
            api_version: "kustomize.config.k8s.io/v1beta1",
            kind: "Kustomization",
            resources: Vec::new(),
            config_map_generator: Vec::new(),
            components: Vec::new(),
            patches: Vec::new(),
            namespace: None,
            labels: Vec::new(),
            replicas: Vec::new(),
            images: Vec::new(),
        }
    }

    /// Of what several overlays share.
    pub(super) fn component() -> Self {
        Self {
            api_version: "kustomize.config.k8s.io/v1alpha1",
            kind: "Component",
            ..Self::new()
        }
    }
}

/// A patch: in a file, or in place.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Patch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) patch: Option<String>,
}

/// The objects that a patch is for. `group`, `kind`, `name` and `namespace` are
/// regular expressions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label_selector: Option<String>,
}

/// Labels of every object.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Labels {
    pub(super) pairs: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) include_templates: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(on: &bool) -> bool {
    !on
}

/// How many pods the workloads of a name have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Replicas {
    pub(super) name: String,
    pub(super) count: u64,
}
