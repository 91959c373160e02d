//! On which nodes the pods run.
//!
//! <https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, LocalObjectReference, PodAffinityTerm, PodAntiAffinity, Toleration,
    WeightedPodAffinityTerm,
};
use kubewright_model::placement::{AntiAffinity, AntiAffinityStrength};

use crate::aspect::{Aspect, Draft, Scope};
use crate::scaling::to_i32;

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let placement = &scope.app.placement;
    let selector = node_selector(scope);
    draft.pod.node_selector = (!selector.is_empty()).then_some(selector);
    draft.pod.priority_class_name = placement
        .priority_class
        .as_ref()
        .map(|class| class.as_str().to_owned());
    draft.pod.runtime_class_name = placement
        .runtime_class
        .as_ref()
        .map(|class| class.as_str().to_owned());
    draft.pod.affinity = anti_affinity(scope);
    let gpu = scope.app.main.resources.gpu.as_ref();
    let taint = gpu.map(|gpu| {
        gpu.kind
            .as_ref()
            .map_or("nvidia.com/gpu", |kind| kind.as_str())
    });
    if let Some(taint) = taint.filter(|taint| *taint == "nvidia.com/gpu") {
        draft.pod.tolerations = Some(vec![Toleration {
            key: Some(taint.to_owned()),
            operator: Some("Exists".to_owned()),
            effect: Some("NoSchedule".to_owned()),
            ..Toleration::default()
        }]);
    }
    let secrets = &scope.lowering.project.facts.pull_secrets;
    let references = secrets.iter().map(|secret| LocalObjectReference {
        name: secret.as_str().to_owned(),
    });
    draft.pod.image_pull_secrets = (!secrets.is_empty()).then(|| references.collect());
}

fn node_selector(scope: &Scope<'_>) -> BTreeMap<String, String> {
    let placement = &scope.app.placement;
    let mut selector = BTreeMap::new();
    if let Some(platform) = &placement.platform {
        selector.insert(
            "kubernetes.io/os".to_owned(),
            platform.os.as_str().to_owned(),
        );
        if let Some(architecture) = &platform.architecture {
            selector.insert(
                "kubernetes.io/arch".to_owned(),
                architecture.as_str().to_owned(),
            );
        }
    }
    let gpu = scope
        .app
        .main
        .resources
        .gpu
        .iter()
        .flat_map(|gpu| &gpu.node_selector);
    for (key, value) in gpu.chain(&placement.node_selector) {
        selector.insert(key.as_str().to_owned(), value.value.as_str().to_owned());
    }
    selector
}

fn anti_affinity(scope: &Scope<'_>) -> Option<Affinity> {
    let mut terms = PodAntiAffinity::default();
    for wish in &scope.app.placement.anti_affinity {
        let term = term(scope, wish);
        match &wish.strength {
            AntiAffinityStrength::Required => terms
                .required_during_scheduling_ignored_during_execution
                .get_or_insert_default()
                .push(term),
            AntiAffinityStrength::Preferred(weight) => terms
                .preferred_during_scheduling_ignored_during_execution
                .get_or_insert_default()
                .push(WeightedPodAffinityTerm {
                    weight: weight.as_ref().map_or(100, |weight| to_i32(weight.get())),
                    pod_affinity_term: term,
                }),
        }
    }
    (terms != PodAntiAffinity::default()).then(|| Affinity {
        pod_anti_affinity: Some(terms),
        ..Affinity::default()
    })
}

fn term(scope: &Scope<'_>, wish: &AntiAffinity) -> PodAffinityTerm {
    PodAffinityTerm {
        label_selector: Some(scope.selector()),
        topology_key: wish.topology_key.as_str().to_owned(),
        ..PodAffinityTerm::default()
    }
}
