//! The steps from one tree to another.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::merge_key;

/// One step of a path into a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// An item of a list.
    Item {
        /// Its position at the time of the change.
        at: usize,
        /// What it is known by: a container's name, a port and its protocol.
        identity: String,
    },
}

/// What becomes of the value at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A key that was not there, or an item in front of what stands at its position.
    Add(Value),
    /// Another value.
    Replace(Value),
    /// It goes.
    Remove,
}

/// One change of a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where; empty for the whole tree.
    pub path: Vec<Step>,
    /// What.
    pub edit: Edit,
}

/// The path as a JSON pointer (<https://www.rfc-editor.org/rfc/rfc6901>).
pub fn pointer(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) => {
                text.push('/');
                text.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Item { at, .. } => write!(text, "/{at}").expect("a string takes all"),
        }
    }
    text
}

/// The changes that make `to` of `from`, to be taken one after the other. There are
/// none where both are equal, and none changes what it leaves as it was.
///
/// Lists with merge keys are changed item by item, as long as the items that stay
/// keep their order; all other lists are replaced as a whole.
pub fn changes(from: &Value, to: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare("", from, to, &mut Vec::new(), &mut found);
    found
}

/// `field` is the key under which both values stand.
fn compare(field: &str, from: &Value, to: &Value, path: &mut Vec<Step>, found: &mut Vec<Change>) {
    if from == to {
        return;
    }
    match (from, to) {
        (Value::Object(from), Value::Object(to)) => maps(from, to, path, found),
        (Value::Array(from), Value::Array(to)) => lists(field, from, to, path, found),
        _ => found.push(Change {
            path: path.clone(),
            edit: Edit::Replace(to.clone()),
        }),
    }
}

fn maps(
    from: &Map<String, Value>,
    to: &Map<String, Value>,
    path: &mut Vec<Step>,
    found: &mut Vec<Change>,
) {
    for (key, before) in from {
        path.push(Step::Key(key.clone()));
        match to.get(key) {
            Some(after) => compare(key, before, after, path, found),
            None => found.push(Change {
                path: path.clone(),
                edit: Edit::Remove,
            }),
        }
        path.pop();
    }
    for (key, after) in to {
        if from.contains_key(key) {
            continue;
        }
        path.push(Step::Key(key.clone()));
        found.push(Change {
            path: path.clone(),
            edit: Edit::Add(after.clone()),
        });
        path.pop();
    }
}

fn lists(field: &str, from: &[Value], to: &[Value], path: &mut Vec<Step>, found: &mut Vec<Change>) {
    let identities = merge_key::of_values(field, from).zip(merge_key::of_values(field, to));
    let kept = |(from, to): &(Vec<String>, Vec<String>)| {
        let staying = from.iter().filter(|id| to.contains(id));
        staying.eq(to.iter().filter(|id| from.contains(id)))
    };
    let Some((old, new)) = identities.filter(kept) else {
        found.push(Change {
            path: path.clone(),
            edit: Edit::Replace(Value::Array(to.to_vec())),
        });
        return;
    };
    let step = |at: usize, identity: &String| Step::Item {
        at,
        identity: identity.clone(),
    };
    // What stays is changed where it stands, then what goes goes from behind, and
    // what comes comes from the front: so every position holds when it is used.
    for (at, id) in old.iter().enumerate() {
        if let Some(position) = new.iter().position(|other| other == id) {
            path.push(step(at, id));
            compare("", &from[at], &to[position], path, found);
            path.pop();
        }
    }
    for (at, id) in old.iter().enumerate().rev() {
        if !new.contains(id) {
            path.push(step(at, id));
            found.push(Change {
                path: path.clone(),
                edit: Edit::Remove,
            });
            path.pop();
        }
    }
    for (at, id) in new.iter().enumerate() {
        if !old.contains(id) {
            path.push(step(at, id));
            found.push(Change {
                path: path.clone(),
                edit: Edit::Add(to[at].clone()),
            });
            path.pop();
        }
    }
}

/// Takes changes in their order.
///
/// # Panics
/// Where a path leads nowhere, which no changes of [`changes`] to the tree that they
/// start from do.
pub fn apply(tree: &mut Value, changes: &[Change]) {
    for change in changes {
        take(tree, change);
    }
}

fn take(tree: &mut Value, change: &Change) {
    let Some((last, way)) = change.path.split_last() else {
        if let Edit::Add(value) | Edit::Replace(value) = &change.edit {
            *tree = value.clone();
        }
        return;
    };
    let mut at = tree;
    for step in way {
        at = match step {
            Step::Key(key) => &mut at[key.as_str()],
            Step::Item { at: position, .. } => &mut at[*position],
        };
    }
    match (last, at) {
        (Step::Key(key), Value::Object(map)) => match &change.edit {
            Edit::Add(value) | Edit::Replace(value) => {
                map.insert(key.clone(), value.clone());
            }
            Edit::Remove => {
                map.remove(key);
            }
        },
        (Step::Item { at, .. }, Value::Array(list)) => match &change.edit {
            Edit::Add(value) => list.insert(*at, value.clone()),
            Edit::Replace(value) => list[*at] = value.clone(),
            Edit::Remove => {
                list.remove(*at);
            }
        },
        _ => unreachable!("the path of a change leads into a mapping or a list"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::base;

    fn told(from: &Value, to: &Value) -> Vec<String> {
        let word = |edit: &Edit| match edit {
            Edit::Add(value) => format!("+ {value}"),
            Edit::Replace(value) => format!("= {value}"),
            Edit::Remove => "-".to_owned(),
        };
        let found = changes(from, to);
        let line = |change: &Change| format!("{} {}", pointer(&change.path), word(&change.edit));
        found.iter().map(line).collect()
    }

    #[test]
    fn changes_are_as_small_as_merge_keys_allow() {
        let container = |image: &str| json!({"containers": [{"name": "a", "image": image}]});
        let rows = [
            (
                json!({"a": 1}),
                json!({"a": 2, "b": 3}),
                vec!["/a = 2", "/b + 3"],
            ),
            (json!({"a": {"b": 1}}), json!({"a": {}}), vec!["/a/b -"]),
            (
                container("x:1"),
                container("x:2"),
                vec!["/containers/0/image = \"x:2\""],
            ),
            (
                json!({"env": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}),
                json!({"env": [{"name": "N"}, {"name": "B", "value": "1"}]}),
                vec![
                    "/env/1/value + \"1\"",
                    "/env/2 -",
                    "/env/0 -",
                    "/env/0 + {\"name\":\"N\"}",
                ],
            ),
            (
                json!({"args": ["a", "b"]}),
                json!({"args": ["b"]}),
                vec!["/args = [\"b\"]"],
            ),
            (
                json!({"data": {"a/b~c": "1"}}),
                json!({"data": {"a/b~c": "2"}}),
                vec!["/data/a~1b~0c = \"2\""],
            ),
        ];
        for (from, to, expected) in rows {
            assert_eq!(told(&from, &to), expected, "{from} {to}");
        }
    }

    fn tree() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..4i64).prop_map(Value::from),
            "[ab/~]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            let named = (
                prop::sample::select(vec!["a", "b", "c", "d"]),
                inner.clone(),
            )
                .prop_map(|(name, value)| json!({"name": name, "value": value}));
            let list = prop::collection::vec(named, 0..5);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[xyz]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
                (list.clone(), list).prop_map(|(one, two)| json!({"env": one, "containers": two})),
            ]
        })
    }

    fn like_an_object() -> impl Strategy<Value = Value> {
        let words = || prop::collection::btree_map("[ab]", "[xy]", 0..3);
        let named = prop::collection::btree_map("[abc]", words(), 0..3);
        let replicas = prop::option::of(1..3u32);
        (replicas, words(), named).prop_map(|(replicas, labels, named)| {
            let env = named.iter();
            let env = env.map(|(name, of)| json!({"name": name, "of": of}));
            let mut tree = json!({"labels": labels, "spec": {"env": env.collect::<Vec<_>>()}});
            if let Some(replicas) = replicas {
                tree["spec"]["replicas"] = json!(replicas);
            }
            tree
        })
    }

    proptest! {
        /// Taking the changes makes the one of the other, and nothing changes where
        /// there is nothing to change.
        #[test]
        fn changes_lead_from_one_to_the_other(from in tree(), to in tree()) {
            let found = changes(&from, &to);
            prop_assert_eq!(found.is_empty(), from == to);
            let mut made = from;
            apply(&mut made, &found);
            prop_assert_eq!(made, to);
        }

        /// What all start from has nothing that one of them must take away, as long as
        /// all have the same types and orders.
        #[test]
        fn from_the_base_nothing_is_removed(trees in prop::collection::vec(like_an_object(), 1..4)) {
            let base = base(&trees.iter().collect::<Vec<_>>());
            for tree in &trees {
                for change in changes(&base, tree) {
                    prop_assert!(change.edit != Edit::Remove, "{:?}", change);
                }
            }
        }
    }
}
