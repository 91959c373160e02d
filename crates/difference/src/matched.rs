//! The same object in each environment.

use std::collections::HashMap;

use serde_json::Value;

/// What makes two objects one
/// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>). The
/// version of a kind is no part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id {
    /// The group of the kind, `apps`; empty for the core.
    pub group: String,
    /// `Deployment`.
    pub kind: String,
    /// The namespace, where it names one.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl Id {
    /// The identity of an object; parts that it does not have are empty.
    pub fn of(tree: &Value) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let version = text(tree.get("apiVersion")).unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let metadata = tree.get("metadata");
        let of_metadata = |key: &str| text(metadata.and_then(|metadata| metadata.get(key)));
        Self {
            group: group.to_owned(),
            kind: text(tree.get("kind")).unwrap_or_default(),
            namespace: of_metadata("namespace"),
            name: of_metadata("name").unwrap_or_default(),
        }
    }
}

/// One object, in each environment that has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched<T> {
    /// What it is known by.
    pub id: Id,
    /// What it is in each environment, by the positions of these; none: it is not there.
    pub each: Vec<Option<T>>,
}

impl<T> Matched<T> {
    /// What it is where it is there.
    pub fn present(&self) -> impl Iterator<Item = &T> {
        self.each.iter().flatten()
    }

    /// Whether every environment has it.
    pub fn is_everywhere(&self) -> bool {
        self.each.iter().all(Option::is_some)
    }
}

/// The objects of all environments, each once: those of the first in their order,
/// then what only later ones have, in theirs. `id` says what an object is known by;
/// of two with one identity in one environment, the later counts.
pub fn matched<T>(environments: Vec<Vec<T>>, id: impl Fn(&T) -> Id) -> Vec<Matched<T>> {
    let several = environments.len();
    let mut found: Vec<Matched<T>> = Vec::new();
    let mut at: HashMap<Id, usize> = HashMap::new();
    for (environment, objects) in environments.into_iter().enumerate() {
        for object in objects {
            let id = id(&object);
            let position = *at.entry(id).or_insert_with_key(|id| {
                found.push(Matched {
                    id: id.clone(),
                    each: std::iter::repeat_with(|| None).take(several).collect(),
                });
                found.len() - 1
            });
            found[position].each[environment] = Some(object);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(kind: &str, name: &str, replicas: u32) -> Value {
        json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": {"replicas": replicas}})
    }

    #[test]
    fn objects_meet_by_group_kind_namespace_and_name() {
        let one = vec![object("Deployment", "a", 1), object("Deployment", "b", 1)];
        let two = vec![object("StatefulSet", "a", 2), object("Deployment", "a", 2)];
        let found = matched(vec![one, two], Id::of);
        let shown: Vec<_> = found
            .iter()
            .map(|found| {
                let each = found.each.iter().map(Option::is_some).collect::<Vec<_>>();
                (found.id.kind.as_str(), found.id.name.as_str(), each)
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("Deployment", "a", vec![true, true]),
                ("Deployment", "b", vec![true, false]),
                ("StatefulSet", "a", vec![false, true]),
            ]
        );
    }

    #[test]
    fn the_version_of_a_kind_is_no_part_of_its_identity() {
        let of = |version: &str| Id::of(&json!({"apiVersion": version, "kind": "X"}));
        assert_eq!(of("apps/v1"), of("apps/v1beta1"));
        assert_ne!(of("apps/v1"), of("v1"));
    }
}
