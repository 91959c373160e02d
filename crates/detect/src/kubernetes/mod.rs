//! What is there of Kubernetes already: manifests, charts, kustomizations, Skaffold.

mod chart;
mod hint;
mod kustomization;
mod manifest;
mod skaffold;

use kubewright_source::SourceId;
use kubewright_yaml::{Limits, Node, decode, read_documents};
use rayon::prelude::*;
use serde::Serialize;

use crate::inside::Inside;
use crate::inventory::{Inventory, folder_of, name_of};

pub use chart::Chart;
pub use hint::{DetectedVia, InfrastructureHint};
pub use kustomization::Kustomization;
pub use manifest::{ManifestFile, ManifestObject};
pub use skaffold::Skaffold;

/// How long a YAML file may be that is looked into, in bytes.
const LONGEST: u64 = 2 << 20;

/// YAML files that are looked into.
const MOST: usize = 20_000;

/// Everything of Kubernetes in a folder; each list by path.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kubernetes {
    /// Files with objects, outside of charts.
    pub manifests: Vec<ManifestFile>,
    /// Helm charts.
    pub charts: Vec<Chart>,
    /// Kustomizations.
    pub kustomizations: Vec<Kustomization>,
    /// Skaffold's configuration.
    pub skaffold: Vec<Skaffold>,
    /// What the manifests and charts need of a cluster.
    pub infrastructure: Vec<InfrastructureHint>,
    /// Manifests hold `${NAME}` that something has to fill in; the names.
    pub envsubst_variables: Vec<String>,
}

/// What is there; and whether files were left out.
pub(crate) fn kubernetes(inventory: &Inventory, files: &Inside<'_>) -> (Kubernetes, bool) {
    let charts = chart::charts(inventory, files);
    let chart_folders: Vec<&str> = charts.iter().map(|chart| chart.path.as_str()).collect();
    let candidates: Vec<&str> = inventory
        .paths()
        .filter(|path| is_candidate(path, &chart_folders))
        .collect();
    let is_cut = candidates.len() > MOST;
    let read = candidates
        .par_iter()
        .take(MOST)
        .filter_map(|path| found(path, files));
    let mut found: Vec<Found> = read.collect();
    let mut kubernetes = Kubernetes {
        charts,
        ..Kubernetes::default()
    };
    let mut variables = Vec::new();
    for one in &mut found {
        variables.append(&mut one.variables);
    }
    variables.sort_unstable();
    variables.dedup();
    kubernetes.envsubst_variables = variables;
    let mut annotations = Vec::new();
    for one in found {
        annotations.extend(one.annotations);
        match one.what {
            What::Manifest(file) => kubernetes.manifests.push(file),
            What::Kustomization(kustomization) => kubernetes.kustomizations.push(kustomization),
            What::Skaffold(skaffold) => kubernetes.skaffold.push(skaffold),
        }
    }
    kubernetes.infrastructure = hint::hints(&kubernetes, &annotations);
    (kubernetes, is_cut)
}

/// One YAML file that is of Kubernetes.
struct Found {
    what: What,
    /// `${NAME}`s of a manifest.
    variables: Vec<String>,
    /// Tools that annotations name.
    annotations: Vec<&'static str>,
}

enum What {
    Manifest(ManifestFile),
    Kustomization(Kustomization),
    Skaffold(Skaffold),
}

fn is_candidate(path: &str, charts: &[&str]) -> bool {
    let name = name_of(path);
    let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    let in_chart = charts.iter().any(|chart| {
        let rest = match *chart {
            "" => Some(path),
            chart => path
                .strip_prefix(chart)
                .and_then(|rest| rest.strip_prefix('/')),
        };
        // Templates are no YAML; values and the chart itself are no objects.
        rest.is_some_and(|rest| rest.starts_with("templates/") || !rest.contains('/'))
    });
    let is_skaffold = name.starts_with("skaffold");
    let is_workflow = path.starts_with(".github/") || path.starts_with(".gitlab/");
    (is_yaml || kustomization::is_one(name))
        && !is_workflow
        && !crate::module::is_example(folder_of(path))
        && (!in_chart || is_skaffold || kustomization::is_one(name))
}

fn found(path: &str, files: &Inside<'_>) -> Option<Found> {
    let name = name_of(path);
    let is_kustomization = kustomization::is_one(name);
    let bytes =
        kubewright_files::Files::read_limited(files, std::path::Path::new(path), LONGEST).ok()?;
    let text = decode(bytes, path).ok()?;
    // Most YAML is of other tools: looked for before it is read.
    let is_of_kubernetes = text.contains("apiVersion") && text.contains("kind");
    if !is_kustomization && !is_of_kubernetes {
        return None;
    }
    let documents = read_documents(&text, SourceId::NONE, &Limits::default()).ok()?;
    if is_kustomization {
        let first = documents.first()?;
        return Some(Found::of(What::Kustomization(kustomization::read(
            path, first,
        )?)));
    }
    let api = documents.iter().find_map(|node| string(node, "apiVersion"));
    if api.is_some_and(|api| api.starts_with("skaffold/")) {
        return Some(Found::of(What::Skaffold(skaffold::read(path, &documents))));
    }
    let file = manifest::read(path, &documents)?;
    Some(Found {
        variables: manifest::variables(&text),
        annotations: hint::of_annotations(&documents),
        what: What::Manifest(file),
    })
}

impl Found {
    fn of(what: What) -> Self {
        Self {
            what,
            variables: Vec::new(),
            annotations: Vec::new(),
        }
    }
}

/// A text of a mapping, where it is one.
fn string<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    let text = &node.get(key)?.as_scalar()?.text;
    (!text.is_empty()).then_some(text)
}

fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key)
        .and_then(Node::as_sequence)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
