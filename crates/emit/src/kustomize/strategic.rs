//! Strategic merge patches, as Kustomize takes them.
//!
//! It merges mappings key by key, `null` takes a key away. Lists of the built-in
//! kinds that have merge keys are merged item by item, and what a patch names comes
//! first, in the patch's order; all other lists are replaced. It drops the second of
//! two items with one key even in lists that a patch does not mention, so objects
//! with such lists want a JSON patch.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#patchstrategicmerge>

use kubewright_difference::{Change, Edit, Step};
use serde_json::{Map, Value, json};

/// How many items a list of a patch names only to keep their places: so many, or as
/// many as it has something to say of.
const MOST_KEPT: usize = 2;

/// The patch that makes `to` of `from`, without `apiVersion`, `kind` and the name;
/// none where there is none that reads well.
pub(super) fn patch(from: &Value, to: &Value, changes: &[Change]) -> Option<Value> {
    let kind = Kind::of(from);
    if !kind.is_unambiguous("", from) {
        return None;
    }
    let mut patch = Value::Null;
    for change in changes {
        add(kind, &mut patch, from, change)?;
    }
    kind.complete("", &mut patch, to)?;
    if any_text(&patch, begins_with_tab) && any_text(from, |text| text.contains('\n')) {
        return None;
    }
    let merged = kind.merge("", Some(from), &patch)?;
    (merged == *to).then_some(patch)
}

/// What Kustomize puts in the place of a text of several lines it writes as such a
/// text, too, and cannot read it then.
fn begins_with_tab(text: &str) -> bool {
    text.trim_start_matches('\n').starts_with('\t')
}

fn any_text(tree: &Value, is: fn(&str) -> bool) -> bool {
    match tree {
        Value::Object(map) => map.values().any(|below| any_text(below, is)),
        Value::Array(items) => items.iter().any(|below| any_text(below, is)),
        Value::String(text) => is(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What of a kind's lists Kustomize knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It has the template of a pod.
    Workload,
    Service,
    ServiceAccount,
    /// Built in, without such lists, or not known: all lists are replaced.
    Other,
}

impl Kind {
    fn of(tree: &Value) -> Self {
        let text = |key: &str| tree.get(key).and_then(Value::as_str).unwrap_or_default();
        match (text("apiVersion"), text("kind")) {
            ("apps/v1", "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet")
            | ("batch/v1", "CronJob" | "Job")
            | ("v1", "Pod" | "PodTemplate" | "ReplicationController") => Self::Workload,
            ("v1", "Service") => Self::Service,
            ("v1", "ServiceAccount") => Self::ServiceAccount,
            _ => Self::Other,
        }
    }

    /// The merge key of a list; none: it is replaced.
    fn key(self, field: &str) -> Option<&'static str> {
        match (self, field) {
            (_, "ownerReferences") => Some("uid"),
            (Self::Service, "ports") => Some("port"),
            (Self::Service | Self::ServiceAccount | Self::Workload, "conditions") => Some("type"),
            (Self::ServiceAccount, "secrets") => Some("name"),
            (Self::Workload, "ports") => Some("containerPort"),
            (Self::Workload, "volumeMounts") => Some("mountPath"),
            (Self::Workload, "volumeDevices") => Some("devicePath"),
            (Self::Workload, "hostAliases") => Some("ip"),
            (Self::Workload, "topologySpreadConstraints") => Some("topologyKey"),
            (
                Self::Workload,
                "containers"
                | "initContainers"
                | "ephemeralContainers"
                | "env"
                | "volumes"
                | "imagePullSecrets"
                | "schedulingGates"
                | "resourceClaims",
            ) => Some("name"),
            _ => None,
        }
    }

    /// Whether a patch may go into such a list. Of ports Kustomize knows two keys,
    /// one of which is mostly left out, and versions differ in others.
    fn is_plain(field: &str) -> bool {
        matches!(
            field,
            "containers" | "initContainers" | "env" | "volumes" | "volumeMounts"
        )
    }

    /// Whether no list with a merge key has two items of one key.
    fn is_unambiguous(self, field: &str, tree: &Value) -> bool {
        match tree {
            Value::Object(map) => map
                .iter()
                .all(|(key, value)| self.is_unambiguous(key, value)),
            Value::Array(list) => {
                let keys = |key| list.iter().map(move |item| item.get(key));
                let is_unique = self.key(field).is_none_or(|key| {
                    let mut seen: Vec<&Value> = Vec::new();
                    keys(key).all(|of| match of {
                        Some(of) if !seen.contains(&of) => {
                            seen.push(of);
                            true
                        }
                        Some(_) | None => false,
                    })
                });
                is_unique && list.iter().all(|item| self.is_unambiguous("", item))
            }
            _ => true,
        }
    }

    /// Puts the items of each list in their order, and names those in front of the
    /// last that a patch has something to say of, so that all keep their places.
    fn complete(self, field: &str, patch: &mut Value, to: &Value) -> Option<()> {
        match (patch, to) {
            (Value::Object(patch), Value::Object(to)) => {
                for (key, value) in patch {
                    if let Some(to) = to.get(key) {
                        self.complete(key, value, to)?;
                    }
                }
            }
            (Value::Array(list), Value::Array(to)) => {
                let Some(key) = self.key(field) else {
                    return Some(());
                };
                let same = |a: &Value, b: &Value| a.get(key) == b.get(key);
                for item in list.iter_mut() {
                    let to = to.iter().find(|to| same(to, item))?;
                    self.complete("", item, to)?;
                }
                let is_named = |to: &Value| list.iter().any(|item| same(to, item));
                let front = to.iter().rposition(is_named).map_or(0, |last| last + 1);
                if front > list.len() + MOST_KEPT.max(list.len()) {
                    return None;
                }
                let named = to[..front].iter().map(|to| {
                    let named = list.iter().find(|item| same(to, item));
                    named.cloned().unwrap_or_else(|| json!({ key: to[key] }))
                });
                *list = named.collect();
            }
            _ => {}
        }
        Some(())
    }

    /// What Kustomize makes of a patch; none where it is not known here.
    fn merge(self, field: &str, from: Option<&Value>, patch: &Value) -> Option<Value> {
        match (from, patch) {
            (Some(Value::Object(from)), Value::Object(patch)) => {
                let mut made = from.clone();
                for (key, value) in patch {
                    match value {
                        Value::Null => {
                            made.remove(key);
                        }
                        value => {
                            let merged = self.merge(key, from.get(key), value)?;
                            made.insert(key.clone(), merged);
                        }
                    }
                }
                Some(Value::Object(made))
            }
            (Some(Value::Array(from)), Value::Array(patch)) => match self.key(field) {
                None => has_no_null(patch).then(|| Value::Array(patch.clone())),
                Some(key) => self
                    .merge_list(key, from, patch)
                    .filter(|_| Self::is_plain(field)),
            },
            (Some(from), patch) => {
                let is_scalar = |value: &Value| !value.is_object() && !value.is_array();
                (is_scalar(from) && is_scalar(patch)).then(|| patch.clone())
            }
            (None, patch) => {
                let is_empty = patch.as_object().is_some_and(Map::is_empty);
                let may = !patch.is_null() && has_no_null([patch]) && !is_empty;
                (may && self.is_unambiguous(field, patch)).then(|| patch.clone())
            }
        }
    }

    fn merge_list(self, key: &str, from: &[Value], patch: &[Value]) -> Option<Value> {
        let find = |list: &[Value], item: &Value| {
            list.iter().find(|other| other[key] == item[key]).cloned()
        };
        let mut made = Vec::new();
        for item in patch {
            made.push(self.merge("", find(from, item).as_ref(), item)?);
        }
        let rest = from.iter().filter(|item| find(patch, item).is_none());
        made.extend(rest.cloned());
        Some(Value::Array(made))
    }
}

fn has_no_null<'v>(values: impl IntoIterator<Item = &'v Value>) -> bool {
    values.into_iter().all(|value| match value {
        Value::Null => false,
        Value::Array(list) => has_no_null(list),
        Value::Object(map) => has_no_null(map.values()),
        _ => true,
    })
}

/// Writes one change into a patch.
fn add(kind: Kind, patch: &mut Value, from: &Value, change: &Change) -> Option<()> {
    let (mut at, mut from, mut field) = (patch, Some(from), "");
    for (position, step) in change.path.iter().enumerate() {
        let is_last = position + 1 == change.path.len();
        match step {
            Step::Key(key) => {
                let map = map_of(at)?;
                at = map.entry(key.clone()).or_insert(Value::Null);
                from = from.and_then(|from| from.get(key));
                field = key;
            }
            Step::Item { .. } if is_last => return add_item(at, &change.edit),
            Step::Item { at: index, .. } => {
                let key = kind.key(field)?;
                let item = from?.get(*index)?;
                at = item_of(at, key, item.get(key)?)?;
                from = Some(item);
                field = "";
            }
        }
    }
    match &change.edit {
        Edit::Add(value) | Edit::Replace(value) => *at = value.clone(),
        Edit::Remove => *at = Value::Null,
    }
    Some(())
}

/// An item that goes changes the places of others; one that comes has its own.
fn add_item(at: &mut Value, edit: &Edit) -> Option<()> {
    let Edit::Add(item) = edit else {
        return None;
    };
    list_of(at)?.push(item.clone());
    Some(())
}

fn list_of(at: &mut Value) -> Option<&mut Vec<Value>> {
    if at.is_null() {
        *at = Value::Array(Vec::new());
    }
    at.as_array_mut()
}

fn map_of(at: &mut Value) -> Option<&mut Map<String, Value>> {
    if at.is_null() {
        *at = Value::Object(Map::new());
    }
    at.as_object_mut()
}

fn item_of<'v>(at: &'v mut Value, key: &str, identity: &Value) -> Option<&'v mut Value> {
    let list = list_of(at)?;
    let position = list.iter().position(|item| item.get(key) == Some(identity));
    let position = position.unwrap_or_else(|| {
        list.push(json!({ key: identity }));
        list.len() - 1
    });
    list.get_mut(position)
}

#[cfg(test)]
mod tests {
    use kubewright_difference::{base, changes};
    use proptest::prelude::*;

    use super::*;

    fn deployment(env: &[(&str, &str)], image: &str) -> Value {
        let env = env
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}));
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": {
            "containers": [{"name": "a", "image": image, "env": env.collect::<Vec<_>>()}],
        }}}})
    }

    fn made(from: &Value, to: &Value) -> Option<Value> {
        patch(from, to, &changes(from, to))
    }

    fn container(of: &Value) -> Value {
        json!({"spec": {"template": {"spec": {"containers": [of]}}}})
    }

    #[test]
    fn a_patch_says_what_differs_and_no_more() {
        let from = deployment(&[("A", "1"), ("B", "2"), ("C", "3"), ("D", "4")], "x:1");
        let to = deployment(&[("A", "1"), ("B", "9"), ("C", "3"), ("D", "4")], "x:1");
        let expected = json!({"name": "a", "env": [{"name": "A"}, {"name": "B", "value": "9"}]});
        assert_eq!(made(&from, &to), Some(container(&expected)));
        let to = deployment(&[("A", "1"), ("B", "2"), ("C", "3"), ("D", "4")], "x:2");
        let expected = json!({"name": "a", "image": "x:2"});
        assert_eq!(made(&from, &to), Some(container(&expected)));
        let to = deployment(
            &[("A", "1"), ("N", "0"), ("B", "2"), ("C", "3"), ("D", "4")],
            "x:1",
        );
        let expected = json!({"name": "a", "env": [{"name": "A"}, {"name": "N", "value": "0"}]});
        assert_eq!(made(&from, &to), Some(container(&expected)));
    }

    #[test]
    fn what_a_patch_would_move_has_none() {
        let from = deployment(&[("A", "1"), ("B", "2"), ("C", "3"), ("D", "4")], "x:1");
        for env in [
            vec![("A", "1"), ("B", "2"), ("C", "3"), ("D", "9")],
            vec![("A", "1"), ("B", "2"), ("C", "3"), ("D", "4"), ("E", "5")],
            vec![("A", "1"), ("B", "2"), ("C", "3")],
        ] {
            assert_eq!(made(&from, &deployment(&env, "x:1")), None, "{env:?}");
        }
    }

    #[test]
    fn lists_without_merge_keys_are_replaced_and_keys_go_with_null() {
        let from = json!({"kind": "X", "spec": {"a": ["1"], "b": 1, "env": [{"name": "A"}]}});
        let to = json!({"kind": "X", "spec": {"a": ["2"]}});
        let expected = json!({"spec": {"a": ["2"], "b": null, "env": null}});
        assert_eq!(made(&from, &to), Some(expected));
        // Kustomize knows no merge keys of other people's kinds.
        let to = json!({"kind": "X", "spec": {"a": ["1"], "b": 1, "env": [{"name": "A", "v": 1}]}});
        assert_eq!(made(&from, &to), None);
    }

    #[test]
    fn a_tab_in_front_wants_a_json_patch_where_lines_were() {
        let config =
            |text: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": text}});
        assert_eq!(made(&config("one\ntwo\n"), &config("\tthree")), None);
        let expected = json!({"data": {"a": "\tthree"}});
        assert_eq!(made(&config("one"), &config("\tthree")), Some(expected));
    }

    #[test]
    fn two_ports_of_one_number_want_a_json_patch() {
        let service = |kind: &str| {
            json!({"apiVersion": "v1", "kind": "Service", "spec": {
            "type": kind, "ports": [{"port": 53}, {"port": 53, "protocol": "UDP"}]}})
        };
        assert_eq!(made(&service("ClusterIP"), &service("NodePort")), None);
    }

    /// What a deployment has that people change, in lists that Kustomize merges, in
    /// such that it replaces, and in mappings.
    fn workload() -> impl Strategy<Value = Value> {
        let words = || prop::collection::btree_map("[ab]", "[xy]", 0..3);
        let env = prop::collection::btree_map("[A-E]", "[12]", 0..5);
        let args = prop::collection::vec("[xy]", 0..3);
        (words(), words(), env, args, prop::option::of(1..3u32)).prop_map(
            |(labels, limits, env, args, replicas)| {
                let env = env.iter();
                let env = env.map(|(name, value)| json!({"name": name, "value": value}));
                let mut tree = json!({
                    "apiVersion": "apps/v1",
                    "kind": "Deployment",
                    "metadata": {"labels": labels},
                    "spec": {"template": {"spec": {"containers": [
                        {"name": "a", "args": args, "env": env.collect::<Vec<_>>(), "resources": {"limits": limits}},
                        {"name": "b", "image": "b:1"},
                    ]}}},
                });
                if let Some(replicas) = replicas {
                    tree["spec"]["replicas"] = json!(replicas);
                }
                tree
            },
        )
    }

    /// Whether nothing in a patch is in what it starts from, but for names.
    fn is_news(patch: &Value, from: &Value) -> bool {
        match (patch, from) {
            (Value::Object(patch), Value::Object(from)) => patch
                .iter()
                .all(|(key, value)| from.get(key).is_none_or(|from| is_news(value, from))),
            (Value::Array(patch), Value::Array(from))
                if patch.iter().any(|item| item.get("name").is_some()) =>
            {
                patch.iter().all(|item| {
                    let mut item = item.clone();
                    let name = item.as_object_mut().and_then(|item| item.remove("name"));
                    let same = |from: &&Value| from.get("name") == name.as_ref();
                    from.iter()
                        .find(same)
                        .is_none_or(|from| is_news(&item, from))
                })
            }
            _ => patch != from,
        }
    }

    proptest! {
        /// A patch says what differs from the base, and nothing that equals it.
        #[test]
        fn a_patch_holds_nothing_that_equals_the_base(
            trees in prop::collection::vec(workload(), 2..4)
        ) {
            let base = base(&trees.iter().collect::<Vec<_>>());
            for tree in &trees {
                let changes = changes(&base, tree);
                if let Some(patch) = patch(&base, tree, &changes) {
                    prop_assert_eq!(changes.is_empty(), patch.is_null());
                    prop_assert!(patch.is_null() || is_news(&patch, &base), "{} {}", base, patch);
                }
            }
        }
    }
}
