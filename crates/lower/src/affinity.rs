//! Whether an API server takes an affinity in Kubernetes' own words.
//!
//! <https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/>

use k8s_openapi::api::core::v1::{
    Affinity, NodeSelectorRequirement, NodeSelectorTerm, PodAffinityTerm, WeightedPodAffinityTerm,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kubewright_model::value::{LabelKey, LabelValue, Weight};

/// What has no values beside it, what has some, and what has one.
const OPERATORS: [(&str, Values); 6] = [
    ("Exists", Values::None),
    ("DoesNotExist", Values::None),
    ("In", Values::Some),
    ("NotIn", Values::Some),
    ("Gt", Values::One),
    ("Lt", Values::One),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    None,
    Some,
    One,
}

/// Why it is refused; nothing where it is taken.
pub(crate) fn check(affinity: &Affinity) -> Result<(), String> {
    if let Some(nodes) = &affinity.node_affinity {
        if let Some(required) = &nodes.required_during_scheduling_ignored_during_execution {
            if required.node_selector_terms.is_empty() {
                return Err("`nodeSelectorTerms` names no nodes".to_owned());
            }
            required.node_selector_terms.iter().try_for_each(node)?;
        }
        let preferred = &nodes.preferred_during_scheduling_ignored_during_execution;
        for wish in preferred.iter().flatten() {
            weight(wish.weight)?;
            node(&wish.preference)?;
        }
    }
    let with = affinity.pod_affinity.as_ref().map(|pods| {
        (
            &pods.required_during_scheduling_ignored_during_execution,
            &pods.preferred_during_scheduling_ignored_during_execution,
        )
    });
    let apart = affinity.pod_anti_affinity.as_ref().map(|pods| {
        (
            &pods.required_during_scheduling_ignored_during_execution,
            &pods.preferred_during_scheduling_ignored_during_execution,
        )
    });
    for (required, preferred) in with.into_iter().chain(apart) {
        required.iter().flatten().try_for_each(pods)?;
        preferred.iter().flatten().try_for_each(wished)?;
    }
    Ok(())
}

fn wished(wish: &WeightedPodAffinityTerm) -> Result<(), String> {
    weight(wish.weight)?;
    pods(&wish.pod_affinity_term)
}

fn weight(given: i32) -> Result<(), String> {
    let number = u64::try_from(given).unwrap_or(0);
    match Weight::new(number) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("the `weight` {given} is outside of 1–100")),
    }
}

fn node(term: &NodeSelectorTerm) -> Result<(), String> {
    let labels = term.match_expressions.iter().flatten();
    for NodeSelectorRequirement {
        key,
        operator,
        values,
    } in labels
    {
        let values = values.as_deref().unwrap_or_default();
        requirement(key, operator, values, &OPERATORS)?;
    }
    for field in term.match_fields.iter().flatten() {
        let values = field.values.as_deref().unwrap_or_default();
        let is_one = matches!(field.operator.as_str(), "In" | "NotIn") && values.len() == 1;
        if field.key != "metadata.name" || !is_one {
            return Err(
                "`matchFields` goes by `metadata.name` alone, `In` or `NotIn` one name".to_owned(),
            );
        }
    }
    Ok(())
}

fn pods(term: &PodAffinityTerm) -> Result<(), String> {
    LabelKey::parse(&term.topology_key)
        .map_err(|why| format!("the `topologyKey` `{}` is {why}", term.topology_key))?;
    let selectors = [&term.label_selector, &term.namespace_selector];
    selectors.into_iter().flatten().try_for_each(selector)
}

fn selector(selector: &LabelSelector) -> Result<(), String> {
    for (key, value) in selector.match_labels.iter().flatten() {
        LabelKey::parse(key).map_err(|why| format!("`{key}` is {why}"))?;
        LabelValue::parse(value).map_err(|why| format!("`{value}` is {why}"))?;
    }
    for wanted in selector.match_expressions.iter().flatten() {
        let values = wanted.values.as_deref().unwrap_or_default();
        // Labels of pods are no numbers.
        requirement(&wanted.key, &wanted.operator, values, &OPERATORS[..4])?;
    }
    Ok(())
}

fn requirement(
    key: &str,
    operator: &str,
    values: &[String],
    known: &[(&str, Values)],
) -> Result<(), String> {
    LabelKey::parse(key).map_err(|why| format!("`{key}` is {why}"))?;
    let Some((_, wanted)) = known.iter().find(|(name, _)| *name == operator) else {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        return Err(format!(
            "there is no `operator` `{operator}`, only {}",
            names.join(", ")
        ));
    };
    match (wanted, values) {
        (Values::None, [_, ..]) => Err(format!(
            "with the `operator` `{operator}` it has no `values`"
        )),
        (Values::Some, []) => Err(format!("with the `operator` `{operator}` it has `values`")),
        (Values::One, [] | [_, _, ..]) => {
            Err(format!("with the `operator` `{operator}` it has one value"))
        }
        (Values::None | Values::Some | Values::One, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn taken(affinity: Value) -> bool {
        let affinity: Affinity = serde_json::from_value(affinity).unwrap();
        check(&affinity).is_ok()
    }

    fn nodes(expression: Value) -> Value {
        json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
            {"nodeSelectorTerms": [{"matchExpressions": [expression]}]}}})
    }

    #[test]
    fn nodes_are_named_by_labels() {
        let rows = [
            (json!({"key": "a", "operator": "Exists"}), true),
            (json!({"key": "a", "operator": "In", "values": ["b"]}), true),
            (json!({"key": "a", "operator": "Gt", "values": ["1"]}), true),
            (json!({"key": "a b", "operator": "Exists"}), false),
            (json!({"key": "a", "operator": "exists"}), false),
            (
                json!({"key": "a", "operator": "Exists", "values": ["b"]}),
                false,
            ),
            (json!({"key": "a", "operator": "In"}), false),
            (
                json!({"key": "a", "operator": "Gt", "values": ["1", "2"]}),
                false,
            ),
        ];
        for (expression, expected) in rows {
            assert_eq!(taken(nodes(expression.clone())), expected, "{expression}");
        }
        let none = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
            {"nodeSelectorTerms": []}}});
        assert!(!taken(none));
        for (key, expected) in [("metadata.name", true), ("metadata.uid", false)] {
            let fields = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
                {"nodeSelectorTerms": [{"matchFields":
                    [{"key": key, "operator": "In", "values": ["a"]}]}]}}});
            assert_eq!(taken(fields), expected, "{key}");
        }
    }

    #[test]
    fn wishes_have_weights() {
        for (weight, expected) in [
            (0, false),
            (1, true),
            (100, true),
            (101, false),
            (-1, false),
        ] {
            let nodes = json!({"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution":
                [{"weight": weight, "preference": {"matchExpressions":
                    [{"key": "a", "operator": "Exists"}]}}]}});
            assert_eq!(taken(nodes), expected, "{weight}");
            let pods = json!({"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution":
                [{"weight": weight, "podAffinityTerm": {"topologyKey": "a"}}]}});
            assert_eq!(taken(pods), expected, "{weight}");
        }
    }

    #[test]
    fn pods_are_named_by_labels_and_places() {
        let term = |term: Value| json!({"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}});
        let rows = [
            (json!({"topologyKey": "a"}), true),
            (json!({"topologyKey": ""}), false),
            (json!({"topologyKey": "a b"}), false),
            (
                json!({"topologyKey": "a", "labelSelector": {"matchLabels": {"a": "b"}}}),
                true,
            ),
            (
                json!({"topologyKey": "a", "labelSelector": {"matchLabels": {"a b": "c"}}}),
                false,
            ),
            (
                json!({"topologyKey": "a", "labelSelector": {"matchExpressions":
                [{"key": "a", "operator": "In"}]}}),
                false,
            ),
            (
                json!({"topologyKey": "a", "labelSelector": {"matchExpressions":
                [{"key": "a", "operator": "Gt", "values": ["1"]}]}}),
                false,
            ),
        ];
        for (given, expected) in rows {
            assert_eq!(taken(term(given.clone())), expected, "{given}");
        }
    }
}
