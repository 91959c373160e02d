//! The namespace of the release, wherever objects name it.

use serde_json::Value;

use super::draft::{Draft, Within, Workshop, leaf, path};
use super::hole::{Hole, Holes, value};
use super::values::Shape;
use super::way::map_at;

/// Puts the namespace of the release into an object, wherever it names its own.
pub(super) fn mark(draft: &mut Draft, namespaces: &[Option<String>], shop: &mut Workshop<'_>) {
    own(draft, namespaces, shop);
    for (tree, namespace) in draft.each.iter_mut().zip(namespaces) {
        let (Some(tree), Some(namespace)) = (tree, namespace) else {
            continue;
        };
        mark_all(tree, namespace, shop.holes);
        if tree["kind"] == "Namespace" && tree["metadata"]["name"] == **namespace {
            tree["metadata"]["name"] = shop.holes.inline("{{ .Release.Namespace }}");
        }
    }
}

/// Where only some environments name a namespace, whether objects name that of the
/// release is a value.
fn own(draft: &mut Draft, namespaces: &[Option<String>], shop: &mut Workshop<'_>) {
    let of = |tree: &Value| tree["metadata"]["namespace"].as_str().map(str::to_owned);
    let each: Vec<Option<Option<String>>> = draft
        .each
        .iter()
        .map(|tree| tree.as_ref().map(of))
        .collect();
    let pairs = || each.iter().zip(namespaces);
    let is_release =
        pairs().all(|(own, namespace)| own.as_ref().is_none_or(|own| own == namespace));
    let named: Vec<bool> = namespaces.iter().map(Option::is_some).collect();
    let is_mixed = named.contains(&true) && named.contains(&false);
    let is_named = each.iter().flatten().any(Option::is_some);
    if !(is_release && is_mixed && is_named) {
        return;
    }
    let named = named
        .into_iter()
        .map(|named| Some(Value::from(named)))
        .collect();
    let help = "Whether objects name the namespace of the release";
    let at = leaf(path(&["namespace", "named"]), named, Shape::AsGiven, help);
    let hole = Hole::When {
        condition: value(&shop.values.add(at)),
        written: "{{ .Release.Namespace }}".to_owned(),
    };
    let mark = Value::String(shop.holes.mark(hole));
    let metadata: Within<'_> = &|tree| map_at(tree, &["metadata"]);
    draft.put(metadata, "namespace", &mark);
}

/// The namespace of the release, wherever an object names its own.
fn mark_all(tree: &mut Value, namespace: &str, holes: &mut Holes) {
    match tree {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                let names = matches!(key.as_str(), "namespace" | "kubernetes.io/metadata.name");
                match value {
                    Value::String(text) if names && text == namespace => {
                        *value = holes.inline("{{ .Release.Namespace }}");
                    }
                    value => mark_all(value, namespace, holes),
                }
            }
        }
        Value::Array(list) => list
            .iter_mut()
            .for_each(|one| mark_all(one, namespace, holes)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
