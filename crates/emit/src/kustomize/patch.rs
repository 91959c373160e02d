//! Patches: strategic merge where it reads better, JSON where it must be.

use kubewright_difference::{Change, Edit, Step, apply, pointer};
use kubewright_source::Diagnostic;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::item::Changed;
use super::kustomization::{Patch, Target};
use super::strategic;
use crate::tree::{self, Order, Ordered};

/// How many operations a JSON patch in place has at most; longer ones have a file.
const MOST_IN_PLACE: usize = 3;

/// How a patch is written.
#[derive(Debug)]
pub(super) enum Written {
    /// In `kustomization.yaml`.
    InPlace(Patch),
    /// In a file of its own; the target where it is a JSON patch.
    File {
        target: Option<Target>,
        text: String,
    },
}

/// The patch that makes some changes of an object of the base.
pub(super) fn written(changed: &Changed, changes: &[Change]) -> Result<Written, Box<Diagnostic>> {
    let mut to = changed.base.clone();
    apply(&mut to, changes);
    let mut text = String::new();
    if let Some(patch) = strategic::patch(&changed.base, &to, changes) {
        let whole = named(&changed.base, patch);
        tree::write(&mut text, &changed.order.take(&whole))?;
        return Ok(Written::File { target: None, text });
    }
    let operations = changes
        .iter()
        .map(|change| operation(change, &changed.order));
    let operations: Vec<Operation> = operations.collect();
    tree::write(&mut text, &operations)?;
    let target = Some(changed.target.clone());
    let is_short = operations.len() <= MOST_IN_PLACE && operations.iter().all(Operation::is_short);
    Ok(match is_short {
        true => Written::InPlace(Patch {
            target,
            patch: Some(text),
            path: None,
        }),
        false => Written::File { target, text },
    })
}

/// The patch with what says whose it is.
fn named(base: &Value, patch: Value) -> Value {
    let mut whole = match patch {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    for key in ["apiVersion", "kind"] {
        whole.insert(key.to_owned(), base[key].clone());
    }
    let metadata = whole.entry("metadata").or_insert_with(|| json!({}));
    for key in ["name", "namespace"] {
        if let Some(value) = base["metadata"].get(key) {
            metadata[key] = value.clone();
        }
    }
    Value::Object(whole)
}

/// <https://www.rfc-editor.org/rfc/rfc6902>
#[derive(Debug, Serialize)]
struct Operation {
    op: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Ordered>,
}

impl Operation {
    /// Whether it reads well within `kustomization.yaml`. A text of several lines has to
    /// go into a file: Kustomize takes the last line break off a patch in place.
    fn is_short(&self) -> bool {
        match &self.value {
            None => true,
            Some(Ordered::Scalar(value)) => is_short(value),
            Some(Ordered::Map(map)) => {
                let mut values = map.iter().map(|(_, value)| value);
                map.len() <= 2
                    && values
                        .all(|value| matches!(value, Ordered::Scalar(value) if is_short(value)))
            }
            Some(Ordered::List(_)) => false,
        }
    }
}

fn is_short(scalar: &Value) -> bool {
    let text = scalar.as_str().unwrap_or_default();
    !text.contains('\n') && text.len() < 80
}

fn operation(change: &Change, order: &Order) -> Operation {
    let keys = change.path.iter().map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Item { .. } => None,
    });
    let keys: Vec<Option<&str>> = keys.collect();
    let (op, value) = match &change.edit {
        Edit::Add(value) => ("add", Some(value)),
        Edit::Replace(value) => ("replace", Some(value)),
        Edit::Remove => ("remove", None),
    };
    Operation {
        op,
        path: pointer(&change.path),
        value: value.map(|value| order.take_at(&keys, value)),
    }
}

#[cfg(test)]
mod tests {
    use kubewright_difference::changes;

    use super::*;

    /// A JSON patch of an object that no strategic merge patch is made for.
    fn patch(annotations: &Value) -> Written {
        let base = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "web"},
            "data": {"text": "one\ntwo\n"},
        });
        let mut to = base.clone();
        to["metadata"]["annotations"] = annotations.clone();
        let rest = changes(&base, &to);
        let changed = Changed {
            base,
            order: Order::of([]),
            each: Vec::new(),
            target: Target::default(),
            shares_data: true,
        };
        written(&changed, &rest).expect("it can be written")
    }

    #[test]
    fn texts_of_several_lines_are_patched_by_a_file() {
        let tab = "\tindented";
        let Written::InPlace(short) = patch(&json!({"a": tab})) else {
            panic!("one line reads well in place");
        };
        let text = short.patch.expect("it has a text");
        assert!(text.ends_with("a: \"\\tindented\"\n"), "{text}");

        let long = "x".repeat(90);
        for other in [
            json!({"a": tab, "b": "one\ntwo\n"}),
            json!({"a": tab, "b": long}),
        ] {
            let written = patch(&other);
            assert!(matches!(written, Written::File { .. }), "{written:?}");
        }
    }
}
