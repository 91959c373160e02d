//! `replicas`: how many pods an environment's workloads have.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replicas/>

use std::collections::HashMap;

use kubewright_difference::{Change, Edit, Step};

use super::item::Item;
use super::kustomization::Replicas;

/// The kinds that the field is for; it names an object by its name alone.
const SCALED: &[&str] = &[
    "Deployment",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
];

/// Takes counts out of the changes of the environment at a position.
pub(super) fn take(items: &mut [Item<'_>], at: usize) -> Vec<Replicas> {
    let mut times: HashMap<String, usize> = HashMap::new();
    let scaled = items
        .iter()
        .filter(|item| SCALED.contains(&item.id.kind.as_str()));
    for item in scaled.filter(|item| item.each[at].is_some()) {
        *times.entry(item.id.name.clone()).or_default() += 1;
    }
    let mut found = Vec::new();
    for item in items {
        let is_alone = times.get(&item.id.name) == Some(&1);
        if !is_alone || !SCALED.contains(&item.id.kind.as_str()) {
            continue;
        }
        let name = item.id.name.clone();
        let Some(changed) = item.changed_mut() else {
            continue;
        };
        let rest = &mut changed.each[at].rest;
        if let Some(count) = rest.iter().find_map(count) {
            rest.retain(|change| self::count(change).is_none());
            found.push(Replicas { name, count });
        }
    }
    found
}

fn count(change: &Change) -> Option<u64> {
    let [Step::Key(spec), Step::Key(replicas)] = &change.path[..] else {
        return None;
    };
    let is_count = spec == "spec" && replicas == "replicas";
    match &change.edit {
        Edit::Add(value) | Edit::Replace(value) if is_count => value.as_u64(),
        Edit::Add(_) | Edit::Replace(_) | Edit::Remove => None,
    }
}
