//! `configMapGenerator`: a ConfigMap that is nothing but files is made of files, which
//! people can read and edit as what they are.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/>

use std::collections::BTreeMap;

use kubewright_files::File;
use kubewright_objects::{Body, Role};
use kubewright_source::Diagnostic;
use serde::{Deserialize, Serialize};

use super::item::{Fate, Item};
use super::{path, plain};
use crate::tree;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Generator {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    files: Vec<String>,
    options: Options,
}

/// What the ConfigMap has beside its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    /// The name is the one of the flat manifests, to which pods refer.
    disable_name_suffix_hash: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
}

/// The entry for an object of the base, and its files; none where it is no ConfigMap, or
/// holds more than files. The values of variables are no files: they stay a manifest.
/// What environments change beside the files is changed in the ConfigMap that is made.
pub(super) fn of(
    item: &Item<'_>,
    folder: &str,
) -> Result<Option<(Generator, Vec<File>)>, Box<Diagnostic>> {
    let first = item.first();
    let is_map = matches!(first.object.body, Body::ConfigMap(_));
    if !is_map || first.object.role == Role::Config || first.object.sensitive {
        return Ok(None);
    }
    let (base, is_shared) = match &item.fate {
        Fate::Own(_) => return Ok(None),
        Fate::Same => (tree::of(&first.object)?, true),
        Fate::Changed(changed) => (changed.base.clone(), changed.shares_data),
    };
    let parts: Option<Parts> = serde_json::from_value(base).ok();
    let Some(Parts { metadata, data, .. }) =
        parts.filter(|parts| is_shared && !parts.data.is_empty())
    else {
        return Ok(None);
    };
    let name = metadata.name;
    let files = data.iter().map(|(key, text)| {
        let file = path(&format!("{folder}/{name}/{key}"))?;
        Ok(plain(file, text.clone()))
    });
    let files = files.collect::<Result<_, Box<Diagnostic>>>()?;
    let generator = Generator {
        files: data.keys().map(|key| format!("{name}/{key}")).collect(),
        namespace: metadata.namespace,
        name,
        options: Options {
            disable_name_suffix_hash: true,
            labels: metadata.labels,
            annotations: metadata.annotations,
        },
    };
    Ok(Some((generator, files)))
}

/// All that an entry can say of a ConfigMap.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Parts {
    #[serde(rename = "apiVersion")]
    _api_version: String,
    #[serde(rename = "kind")]
    _kind: String,
    metadata: Metadata,
    #[serde(default)]
    data: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    name: String,
    namespace: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}
