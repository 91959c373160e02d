//! What autoscalers own: the number of pods.

use std::collections::HashSet;

use kubewright_objects::argocd::IgnoreDifference;
use kubewright_objects::{Body, Object};

use super::part::Part;
use crate::tree;

/// Kinds that say of a workload how many pods it has.
const AUTOSCALERS: &[&str] = &[
    "HorizontalPodAutoscaler",
    "ScaledObject",
    "HTTPScaledObject",
];

/// Workloads whose number of pods something else decides, by namespace and name.
pub(super) type Scaled = HashSet<(Option<String>, String)>;

/// Those of all objects.
pub(super) fn all(objects: &[Object]) -> Scaled {
    let scalers = objects.iter();
    let scalers = scalers.filter(|object| AUTOSCALERS.contains(&object.body.kind()));
    let targets = scalers.filter_map(|object| {
        let tree = tree::of(object).ok()?;
        let name = tree.pointer("/spec/scaleTargetRef/name")?.as_str()?;
        Some((object.namespace().map(str::to_owned), name.to_owned()))
    });
    targets.collect()
}

/// The fields of a part that Argo CD leaves to autoscalers.
pub(super) fn differences(part: &Part<'_>, scaled: &Scaled) -> Vec<IgnoreDifference> {
    let workloads = part.objects.iter().filter(|object| {
        let key = (
            object.namespace().map(str::to_owned),
            object.name().to_owned(),
        );
        let has_replicas = matches!(object.body, Body::Deployment(_) | Body::StatefulSet(_));
        has_replicas && scaled.contains(&key)
    });
    let differences = workloads.map(|object| IgnoreDifference {
        group: "apps".to_owned(),
        kind: object.body.kind().to_owned(),
        name: Some(object.name().to_owned()),
        namespace: object.namespace().map(str::to_owned),
        json_pointers: vec!["/spec/replicas".to_owned()],
    });
    differences.collect()
}
