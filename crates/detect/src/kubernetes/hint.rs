//! What manifests and charts need of a cluster, by the kinds, annotations and
//! charts that they name.

use std::collections::BTreeSet;

use kubewright_yaml::Node;
use serde::Serialize;

use super::Kubernetes;

/// A tool of the cluster, and what shows that it is needed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InfrastructureHint {
    /// `cert-manager`.
    pub name: &'static str,
    /// What shows it.
    pub detected_via: DetectedVia,
}

/// What shows that a tool is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DetectedVia {
    /// An object of its kinds.
    ResourceKind,
    /// An annotation.
    ManifestAnnotation,
    /// A chart of that name.
    HelmChart,
}

const CHARTS: [&str; 23] = [
    "ambassador",
    "argo-cd",
    "argocd",
    "calico",
    "cert-manager",
    "cilium",
    "datadog",
    "external-secrets",
    "flux",
    "grafana",
    "haproxy-ingress",
    "ingress-nginx",
    "istio",
    "keda",
    "kube-prometheus-stack",
    "linkerd",
    "longhorn",
    "metallb",
    "prometheus",
    "rook-ceph",
    "sealed-secrets",
    "traefik",
    "vault",
];

/// Each tool once for each thing that shows it.
pub(super) fn hints(
    kubernetes: &Kubernetes,
    annotations: &[&'static str],
) -> Vec<InfrastructureHint> {
    let mut found: BTreeSet<InfrastructureHint> = BTreeSet::new();
    let objects = kubernetes.manifests.iter().flat_map(|file| &file.objects);
    let kinds = objects.filter_map(|object| of_kind(&object.kind));
    let names = kubernetes.charts.iter().filter_map(|chart| {
        CHARTS
            .binary_search(&chart.name.as_str())
            .ok()
            .map(|at| CHARTS[at])
    });
    let via = |detected_via| move |name| InfrastructureHint { name, detected_via };
    found.extend(kinds.map(via(DetectedVia::ResourceKind)));
    found.extend(
        annotations
            .iter()
            .copied()
            .map(via(DetectedVia::ManifestAnnotation)),
    );
    found.extend(names.map(via(DetectedVia::HelmChart)));
    found.into_iter().collect()
}

fn of_kind(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Ingress" => "ingress-controller",
        "Certificate" | "ClusterIssuer" | "Issuer" => "cert-manager",
        "ServiceMonitor" | "PrometheusRule" | "PodMonitor" => "prometheus",
        "Gateway" | "HTTPRoute" => "gateway-api",
        "ExternalSecret" | "SecretStore" | "ClusterSecretStore" => "external-secrets",
        "ScaledObject" | "ScaledJob" => "keda",
        "SealedSecret" => "sealed-secrets",
        _ => return None,
    })
}

/// The tools that annotations of objects and their pods name.
pub(super) fn of_annotations(documents: &[Node]) -> Vec<&'static str> {
    let mut found = BTreeSet::new();
    for document in documents {
        let template = document.get("spec").and_then(|spec| spec.get("template"));
        let owners = [Some(document), template];
        for owner in owners.into_iter().flatten() {
            let all = owner
                .get("metadata")
                .and_then(|node| node.get("annotations"));
            let all = all.and_then(Node::as_mapping);
            found.extend(
                all.into_iter()
                    .flat_map(|all| all.keys())
                    .filter_map(of_annotation),
            );
        }
    }
    found.into_iter().collect()
}

fn of_annotation(key: &str) -> Option<&'static str> {
    let (prefix, _) = key.split_once('/')?;
    Some(match prefix {
        "cert-manager.io" => "cert-manager",
        "prometheus.io" => "prometheus",
        "nginx.ingress.kubernetes.io" => "ingress-nginx",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn charts_are_sorted_for_searching() {
        assert!(super::CHARTS.is_sorted());
    }
}
