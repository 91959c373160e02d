//! On which nodes the pods run.
//!
//! <https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, LocalObjectReference, NodeAffinity, NodeSelector, NodeSelectorRequirement,
    NodeSelectorTerm, PodAffinityTerm, PodAntiAffinity, Toleration, WeightedPodAffinityTerm,
};
use kubewright_model::object::Tree;
use kubewright_model::placement::{AntiAffinity, AntiAffinityStrength};
use kubewright_model::value::{LabelKey, LabelValue};
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, Draft, Scope};
use crate::{affinity, tree};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

/// The label and the taint of nodes of the control plane.
const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

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
    draft.pod.affinity = affinity(scope, draft);
    let gpu = scope.app.main.resources.gpu.as_ref();
    let taint = gpu.map(|gpu| {
        gpu.kind
            .as_ref()
            .map_or("nvidia.com/gpu", |kind| kind.as_str())
    });
    let taint = taint.filter(|taint| *taint == "nvidia.com/gpu");
    let on_control_plane = placement.control_plane.as_ref().is_some_and(|on| on.value);
    let bears = on_control_plane.then_some(CONTROL_PLANE).into_iter();
    let bears = bears.chain(taint);
    let mut tolerations: Vec<Toleration> = bears.map(toleration).collect();
    tolerations.extend(given_tolerations(scope, draft));
    draft.pod.tolerations = (!tolerations.is_empty()).then_some(tolerations);
    let secrets = &scope.lowering.project.facts.pull_secrets;
    let references = secrets.iter().map(|secret| LocalObjectReference {
        name: secret.as_str().to_owned(),
    });
    draft.pod.image_pull_secrets = (!secrets.is_empty()).then(|| references.collect());
}

/// Tolerations in Kubernetes' own words.
fn given_tolerations(scope: &Scope<'_>, draft: &mut Draft) -> Vec<Toleration> {
    let given = scope.app.placement.tolerations.iter();
    let typed = given.filter_map(|tree| match checked(&tree.value) {
        Ok(toleration) => Some(toleration),
        Err(problem) => {
            let message = format!(
                "a toleration of `{}` is none that Kubernetes takes: {problem}",
                scope.name()
            );
            let said = Diagnostic::error("bad-value", tree.span, message);
            draft
                .diagnostics
                .push(said.help("write it as in the `tolerations` of a pod"));
            None
        }
    });
    typed.collect()
}

/// A toleration that an API server takes, or why it takes none.
///
/// <https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/>
fn checked(tree: &Tree) -> Result<Toleration, String> {
    let toleration: Toleration = tree::typed(tree)?;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (key, value) = (text(&toleration.key), text(&toleration.value));
    let operator = toleration.operator.as_deref().unwrap_or_default();
    if !matches!(operator, "" | "Equal" | "Exists") {
        return Err(format!(
            "there is no `operator` `{operator}`, only `Equal` and `Exists`"
        ));
    }
    let effect = toleration.effect.as_deref().unwrap_or_default();
    if !matches!(effect, "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
        return Err(format!(
            "there is no `effect` `{effect}`, only `NoSchedule`, `PreferNoSchedule` and `NoExecute`"
        ));
    }
    let exists = operator == "Exists";
    if key.is_empty() && !exists {
        return Err("without a `key` its `operator` is `Exists`".to_owned());
    }
    if exists && !value.is_empty() {
        return Err("with the `operator` `Exists` it has no `value`".to_owned());
    }
    if !key.is_empty() {
        LabelKey::parse(&key).map_err(|why| format!("`{key}` is {why}"))?;
    }
    LabelValue::parse(&value).map_err(|why| format!("`{value}` is {why}"))?;
    let is_timed = toleration.toleration_seconds.is_some();
    if is_timed && toleration.effect.as_deref() != Some("NoExecute") {
        return Err("only with the `effect` `NoExecute` it has `tolerationSeconds`".to_owned());
    }
    Ok(toleration)
}

fn toleration(taint: &str) -> Toleration {
    Toleration {
        key: Some(taint.to_owned()),
        operator: Some("Exists".to_owned()),
        effect: Some("NoSchedule".to_owned()),
        ..Toleration::default()
    }
}

/// What Kubernetes' own words say, and beside it what our shorter ones do.
fn affinity(scope: &Scope<'_>, draft: &mut Draft) -> Option<Affinity> {
    let mut affinity = given_affinity(scope, draft).unwrap_or_default();
    if let Some(ours) = node_affinity(scope) {
        both_nodes(affinity.node_affinity.get_or_insert_default(), ours);
    }
    if let Some(ours) = anti_affinity(scope) {
        let theirs = affinity.pod_anti_affinity.get_or_insert_default();
        join(
            &mut theirs.required_during_scheduling_ignored_during_execution,
            ours.required_during_scheduling_ignored_during_execution,
        );
        join(
            &mut theirs.preferred_during_scheduling_ignored_during_execution,
            ours.preferred_during_scheduling_ignored_during_execution,
        );
    }
    (affinity != Affinity::default()).then_some(affinity)
}

fn join<T>(first: &mut Option<Vec<T>>, second: Option<Vec<T>>) {
    if let Some(second) = second {
        first.get_or_insert_default().extend(second);
    }
}

/// Terms of nodes are alternatives, so that what all nodes must have stands in
/// each of them.
fn both_nodes(theirs: &mut NodeAffinity, ours: NodeAffinity) {
    let Some(ours) = ours.required_during_scheduling_ignored_during_execution else {
        return;
    };
    match &mut theirs.required_during_scheduling_ignored_during_execution {
        None => theirs.required_during_scheduling_ignored_during_execution = Some(ours),
        Some(theirs) => {
            let ours = ours.node_selector_terms.into_iter();
            let ours: Vec<_> = ours
                .filter_map(|term| term.match_expressions)
                .flatten()
                .collect();
            for term in &mut theirs.node_selector_terms {
                join(&mut term.match_expressions, Some(ours.clone()));
            }
        }
    }
}

/// Affinity in Kubernetes' own words.
fn given_affinity(scope: &Scope<'_>, draft: &mut Draft) -> Option<Affinity> {
    let tree = scope.app.placement.affinity.as_ref()?;
    let typed = tree::typed::<Affinity>(&tree.value);
    let problem = match typed.and_then(|given| affinity::check(&given).map(|()| given)) {
        Ok(affinity) => return Some(affinity),
        Err(problem) => problem,
    };
    let message = format!(
        "the affinity of `{}` is none that Kubernetes takes: {problem}",
        scope.name()
    );
    let said = Diagnostic::error("bad-value", tree.span, message);
    draft
        .diagnostics
        .push(said.help("write it as in the `affinity` of a pod"));
    None
}

/// What a selector of labels cannot say: values and labels that nodes have not.
fn node_affinity(scope: &Scope<'_>) -> Option<NodeAffinity> {
    let placement = &scope.app.placement;
    let requirement = |key: &str, operator: &str, value: Option<&str>| NodeSelectorRequirement {
        key: key.to_owned(),
        operator: operator.to_owned(),
        values: value.map(|value| vec![value.to_owned()]),
    };
    let role = placement.control_plane.as_ref().map(|on| {
        let operator = if on.value { "Exists" } else { "DoesNotExist" };
        requirement(CONTROL_PLANE, operator, None)
    });
    let rules = placement.node_rules.iter();
    let rules = rules.map(|rule| requirement(rule.key.as_str(), "NotIn", Some(rule.not.as_str())));
    let all: Vec<NodeSelectorRequirement> = role.into_iter().chain(rules).collect();
    let term = NodeSelectorTerm {
        match_expressions: (!all.is_empty()).then_some(all),
        ..NodeSelectorTerm::default()
    };
    (term != NodeSelectorTerm::default()).then(|| NodeAffinity {
        required_during_scheduling_ignored_during_execution: Some(NodeSelector {
            node_selector_terms: vec![term],
        }),
        ..NodeAffinity::default()
    })
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

fn anti_affinity(scope: &Scope<'_>) -> Option<PodAntiAffinity> {
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
                    weight: weight
                        .as_ref()
                        .map_or(100, |weight| i32::from(weight.get())),
                    pod_affinity_term: term,
                }),
        }
    }
    (terms != PodAntiAffinity::default()).then_some(terms)
}

fn term(scope: &Scope<'_>, wish: &AntiAffinity) -> PodAffinityTerm {
    PodAffinityTerm {
        label_selector: Some(scope.selector()),
        topology_key: wish.topology_key.as_str().to_owned(),
        ..PodAffinityTerm::default()
    }
}

#[cfg(test)]
mod tests {
    use kubewright_model::placement::NodeRule;
    use kubewright_model::value::{LabelKey, LabelValue};
    use kubewright_model::{App, Located};
    use serde_json::{Value, json};

    use super::*;
    use crate::Options;
    use crate::tests::{lowered_with, objects_of};

    fn made(change: impl FnOnce(&mut App)) -> (Value, Vec<&'static str>) {
        let (objects, said) = lowered_with(change, |_| {}, Options::default());
        let mut deployment = objects_of(&objects, "Deployment").remove(0);
        let affinity = deployment["spec"]["template"]["spec"]["affinity"].take();
        (affinity, said.into_iter().map(|said| said.code).collect())
    }

    fn verbatim(app: &mut App, value: &Value) {
        app.placement.affinity = Some(Located::nowhere(tree::from_value(value)));
    }

    fn apart(app: &mut App) {
        app.placement.anti_affinity.push(AntiAffinity {
            topology_key: Located::nowhere(LabelKey::parse("rack").unwrap()),
            strength: AntiAffinityStrength::Required,
        });
    }

    #[test]
    fn kubernetes_own_words_stay() {
        let pods = json!({"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
            {"topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "api"}}},
        ]}});
        let (affinity, codes) = made(|app| verbatim(app, &pods));
        assert_eq!(affinity, pods);
        assert_eq!(codes, [""; 0]);
        let (affinity, _) = made(|app| {
            verbatim(app, &pods);
            apart(app);
        });
        assert_eq!(affinity["podAffinity"], pods["podAffinity"]);
        let apart = &affinity["podAntiAffinity"];
        let terms = &apart["requiredDuringSchedulingIgnoredDuringExecution"];
        assert_eq!(terms[0]["topologyKey"], "rack");
    }

    #[test]
    fn every_alternative_keeps_what_all_nodes_must_have() {
        let term = |value: &str| {
            let expression = json!({"key": "pool", "operator": "In", "values": [value]});
            json!({"matchExpressions": [expression]})
        };
        let nodes = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [term("a"), term("b")],
        }}});
        let (affinity, _) = made(|app| {
            verbatim(app, &nodes);
            app.placement.node_rules.push(NodeRule {
                key: Located::nowhere(LabelKey::parse("disk").unwrap()),
                not: Located::nowhere(LabelValue::parse("slow").unwrap()),
            });
        });
        let required = &affinity["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
        let terms = required["nodeSelectorTerms"].as_array().unwrap();
        assert_eq!(terms.len(), 2);
        for term in terms {
            assert_eq!(term["matchExpressions"][1]["key"], "disk");
        }
    }

    #[test]
    fn other_words_are_wrong() {
        let (affinity, codes) = made(|app| verbatim(app, &json!({"nodeAffinities": {}})));
        assert!(affinity.is_null());
        assert_eq!(codes, ["bad-value"]);
    }
}
