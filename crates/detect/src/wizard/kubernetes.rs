//! `k8s_status`, the probe of the same name, and namespaces of environments.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::detection::Detection;
use crate::environment::SourceKind;
use crate::inventory::folder_of;
use crate::kubernetes::{Chart, Kustomization, ManifestFile, ManifestObject};
use crate::tools::Tools;

/// The tools that `k8s_status` speaks of.
const TOOLS: [&str; 9] = [
    "aws",
    "az",
    "gcloud",
    "helm",
    "kind",
    "kubectl",
    "kustomize",
    "minikube",
    "skaffold",
];

pub(super) fn probe(found: &Detection, tools: &Tools) -> Value {
    let kubernetes = &found.kubernetes;
    let count = kubernetes.manifests.len();
    json!({
        // Ready it would be with a cluster that answers; none is asked.
        "status": if count > 0 || tools.has("kubectl") { "partial" } else { "missing" },
        "has_kubectl": tools.has("kubectl"),
        "has_helm": tools.has("helm"),
        "manifest_count": count,
        "has_chart": !kubernetes.charts.is_empty(),
        "has_kustomize": !kubernetes.kustomizations.is_empty(),
        "has_skaffold": !kubernetes.skaffold.is_empty(),
        "cluster_connected": false,
    })
}

/// The answer of `GET /k8s/status`.
pub fn status(found: &Detection, tools: &Tools) -> Value {
    let kubernetes = &found.kubernetes;
    let objects: Vec<&ManifestObject> = kubernetes
        .manifests
        .iter()
        .flat_map(|file| &file.objects)
        .collect();
    let mut summary: BTreeMap<&str, usize> = BTreeMap::new();
    for object in &objects {
        *summary.entry(&object.kind).or_default() += 1;
    }
    let folders: BTreeSet<&str> = kubernetes
        .manifests
        .iter()
        .map(|file| folder_of(&file.path))
        .collect();
    let strategies = strategies(found);
    let has_any = !strategies.is_empty();
    let missing = missing(&strategies, tools);
    let tool = |name: &&str| {
        (
            name.to_string(),
            json!({ "available": tools.has(name), "version": null }),
        )
    };
    json!({
        "has_k8s": has_any,
        "kubectl": { "available": tools.has("kubectl"), "version": null },
        "manifest_dirs": folders.into_iter().map(|folder| if folder.is_empty() { "." } else { folder }).collect::<Vec<_>>(),
        "manifests": kubernetes.manifests.iter().map(manifest).collect::<Vec<_>>(),
        "resource_summary": summary,
        "total_resources": objects.len(),
        "helm_charts": kubernetes.charts.iter().map(chart).collect::<Vec<_>>(),
        "kustomize": kustomize(found, &objects),
        "deployment_strategy": match &strategies[..] {
            [] => "none",
            [one] => one,
            _ => "mixed",
        },
        "strategies_detected": strategies,
        "environments": environments(found),
        "tool_availability": TOOLS.iter().map(tool).collect::<Map<String, Value>>(),
        "secret_safety": {
            "has_raw_secrets": objects.iter().any(|object| object.has_secret_values),
            "has_envsubst_vars": !kubernetes.envsubst_variables.is_empty(),
            "envsubst_vars": kubernetes.envsubst_variables,
            "has_secret_generator": kubernetes.kustomizations.iter().any(|one| one.has_secret_generator),
        },
        "deployment_readiness": match (has_any, missing.is_empty()) {
            (false, _) => "not_configured",
            (true, false) => "needs_tools",
            (true, true) => "ready",
        },
        "infra_services": kubernetes.infrastructure.iter().map(|hint| json!({
            "name": hint.name,
            "detected_via": hint.detected_via,
        })).collect::<Vec<_>>(),
        "missing_tools": missing,
    })
}

fn strategies(found: &Detection) -> Vec<&'static str> {
    let kubernetes = &found.kubernetes;
    let of_kustomize: BTreeSet<String> = kubernetes
        .kustomizations
        .iter()
        .flat_map(|one| {
            one.resources
                .iter()
                .map(|name| crate::inventory::within(folder_of(&one.path), name))
        })
        .collect();
    let is_raw = |file: &ManifestFile| !of_kustomize.contains(&file.path);
    let all = [
        ("raw_kubectl", kubernetes.manifests.iter().any(is_raw)),
        ("helm", !kubernetes.charts.is_empty()),
        ("kustomize", !kubernetes.kustomizations.is_empty()),
    ];
    all.into_iter()
        .filter(|(_, is_used)| *is_used)
        .map(|(name, _)| name)
        .collect()
}

/// What is needed for what is there, and not installed.
fn missing(strategies: &[&str], tools: &Tools) -> Vec<&'static str> {
    let needed = |name: &&str| match *name {
        "kubectl" => !strategies.is_empty(),
        "helm" => strategies.contains(&"helm"),
        _ => false,
    };
    let needed = ["helm", "kubectl"].into_iter().filter(needed);
    needed.filter(|name| !tools.has(name)).collect()
}

fn manifest(file: &ManifestFile) -> Value {
    json!({
        "path": file.path,
        "count": file.objects.len(),
        "resources": file.objects.iter().map(|object| json!({
            "kind": object.kind,
            "name": object.name,
            "namespace": object.namespace,
            "apiVersion": object.api_version,
        })).collect::<Vec<_>>(),
    })
}

fn chart(chart: &Chart) -> Value {
    json!({
        "path": if chart.path.is_empty() { "." } else { &chart.path },
        "name": chart.name,
        "version": chart.version,
        "description": chart.description,
        "app_version": chart.app_version,
        "type": chart.chart_type,
        "has_values": chart.has_values,
        "has_templates": chart.has_templates,
        "has_subcharts": chart.has_subcharts,
        "has_lockfile": chart.has_lockfile,
        "env_values_files": chart.values_files,
    })
}

fn kustomize(found: &Detection, objects: &[&ManifestObject]) -> Value {
    let all = &found.kubernetes.kustomizations;
    let overlays: Vec<(&Kustomization, &str)> = all
        .iter()
        .filter_map(|one| Some((one, one.overlay.as_deref()?)))
        .collect();
    let any = |has: fn(&Kustomization) -> bool| all.iter().any(has);
    let types: BTreeSet<&str> = all
        .iter()
        .flat_map(|one| &one.patch_types)
        .copied()
        .collect();
    let images: usize = all.iter().map(|one| one.images).sum();
    let first = all.first();
    let variables = &found.kubernetes.envsubst_variables;
    json!({
        "exists": !all.is_empty(),
        "path": first.map(|one| &one.path),
        "overlays": overlays.iter().map(|(_, name)| name).collect::<Vec<_>>(),
        "overlay_count": overlays.len(),
        "overlay_details": overlays.iter().map(|(one, name)| json!({
            "name": name,
            "patch_count": one.patches,
        })).collect::<Vec<_>>(),
        "has_bases": any(|one| !one.bases.is_empty()),
        "mode": if overlays.is_empty() { "single" } else { "multi" },
        "has_patches": any(|one| one.patches > 0),
        "patch_types": types,
        "has_config_map_generator": any(|one| one.has_config_map_generator),
        "has_secret_generator": any(|one| one.has_secret_generator),
        "has_raw_secrets": objects.iter().any(|object| object.has_secret_values),
        "has_envsubst_vars": !variables.is_empty(),
        "envsubst_vars": variables,
        "has_vars": any(|one| one.has_vars),
        "has_image_overrides": images > 0,
        "image_override_count": images,
        "namespace": first.and_then(|one| one.namespace.as_deref()),
        "name_prefix": first.and_then(|one| one.name_prefix.as_deref()),
        "name_suffix": first.and_then(|one| one.name_suffix.as_deref()),
    })
}

/// Environments that Kubernetes' own files name.
fn environments(found: &Detection) -> Vec<Value> {
    let mut rows = Vec::new();
    for environment in &found.environments {
        let kinds: BTreeSet<SourceKind> = environment
            .sources
            .iter()
            .map(|source| source.kind)
            .collect();
        for kind in kinds {
            let source = match kind {
                SourceKind::KustomizeOverlay => "kustomize_overlay",
                SourceKind::HelmValues => "helm_values",
                SourceKind::SkaffoldProfile | SourceKind::ComposeFile | SourceKind::EnvFile => {
                    continue;
                }
            };
            rows.push(json!({
                "name": environment.name,
                "source": source,
                "namespace": environment.namespace,
            }));
        }
    }
    rows
}

/// The answer of `GET /k8s/env-namespaces`.
pub fn env_namespaces(found: &Detection) -> Value {
    let first = |environment: &crate::environment::Environment, kind: SourceKind| {
        let source = environment
            .sources
            .iter()
            .find(|source| source.kind == kind);
        source.map(|source| source.path.clone())
    };
    let rows = found.environments.iter().map(|environment| {
        let overlay = first(environment, SourceKind::KustomizeOverlay);
        let usual = || format!("{}-{}", plain(&found.name), environment.name);
        json!({
            "name": environment.name,
            "namespace": environment.namespace.clone().unwrap_or_else(usual),
            "default": environment.default,
            "has_overlay": overlay.is_some(),
            "overlay_path": overlay.as_deref().map(folder_of),
            "values_file": first(environment, SourceKind::HelmValues),
        })
    });
    json!({ "environments": rows.collect::<Vec<_>>() })
}

/// A name as a part of a namespace's: lower case, `-` for all but letters and digits.
fn plain(name: &str) -> String {
    let part = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_lowercase(),
        false => '-',
    };
    let text: String = name.chars().map(part).collect();
    text.trim_matches('-').to_owned()
}
