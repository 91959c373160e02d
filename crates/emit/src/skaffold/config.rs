//! The parts of a `skaffold.yaml` that are written, as its schema has them.
//!
//! <https://skaffold.dev/docs/references/yaml/?version=v4beta11>

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// The version that is written. Newer Skaffolds read it, too.
pub(super) const API_VERSION: &str = "skaffold/v4beta11";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Config {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) metadata: Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) build: Option<Build>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) manifests: Option<Manifests>,
    pub(super) deploy: Deploy,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) port_forward: Vec<PortForward>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) profiles: Vec<Profile>,
}

#[derive(Debug, Serialize)]
pub(super) struct Metadata {
    pub(super) name: String,
}

#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Build {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) artifacts: Vec<Artifact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tag_policy: Option<Tags>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) local: Option<Local>,
}

#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Artifact {
    pub(super) image: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) context: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) platforms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sync: Option<Sync>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) docker: Option<Docker>,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Docker {
    pub(super) dockerfile: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) build_args: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) cache_from: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) network: Option<String>,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(super) struct Sync {
    pub(super) manual: Vec<SyncRule>,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(super) struct SyncRule {
    pub(super) src: String,
    pub(super) dest: String,
    pub(super) strip: String,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) enum Tags {
    GitCommit {
        variant: &'static str,
    },
    Sha256 {},
    InputDigest {},
    DateTime {
        format: &'static str,
        timezone: &'static str,
    },
    EnvTemplate {
        template: &'static str,
    },
}

#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Local {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) push: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) use_buildkit: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) try_import_missing: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) concurrency: Option<usize>,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) enum Manifests {
    RawYaml(Vec<String>),
    Kustomize(Kustomize),
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kustomize {
    pub(super) paths: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) build_args: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deploy {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kube_context: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kubectl: Option<Kubectl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) helm: Option<Helm>,
}

#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kubectl {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_namespace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) flags: Option<Flags>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hooks: Option<Hooks>,
}

#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
pub(super) struct Flags {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) global: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) apply: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
pub(super) struct Hooks {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) before: Vec<Hook>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) after: Vec<Hook>,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(super) struct Hook {
    pub(super) host: HostHook,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(super) struct HostHook {
    pub(super) command: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dir: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(super) struct Helm {
    pub(super) releases: Vec<Release>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hooks: Option<Hooks>,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Release {
    pub(super) name: String,
    pub(super) chart_path: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) values_files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) create_namespace: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) use_helm_secrets: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) wait: Option<bool>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) set_values: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) set_value_templates: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct PortForward {
    pub(super) resource_type: &'static str,
    pub(super) resource_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    pub(super) port: u16,
    pub(super) local_port: u16,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) activation: Vec<Activation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) build: Option<Build>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) manifests: Option<Manifests>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deploy: Option<Deploy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) port_forward: Vec<PortForward>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) patches: Vec<Value>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Activation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kube_context: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) env: Option<String>,
}
