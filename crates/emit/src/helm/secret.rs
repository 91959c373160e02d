//! Secrets: their values have no default, and people can bring a Secret of their own.

use serde_json::Value;

use super::Chart;
use super::draft::{Draft, Workshop, camel, leaf, path};
use super::hole::{Hole, quoted, value};
use super::values::Shape;

/// Where the values of a Secret stand, and the helper that names it.
pub(super) struct Place {
    /// The name of a Secret that is there already.
    pub(super) existing: Vec<String>,
    /// The group of the values.
    values: Vec<String>,
    /// The helper.
    pub(super) helper: String,
}

/// Where the values of a Secret stand; the app's own are its `secrets`.
pub(super) fn place(draft: &Draft, chart: &Chart<'_>) -> Place {
    let group = draft.app.clone().unwrap_or_else(|| "global".to_owned());
    let is_own = draft.app.is_some() && draft.stem == "secrets";
    if is_own {
        return Place {
            existing: path(&[&group, "existingSecret"]),
            values: path(&[&group, "secrets"]),
            helper: chart.helper(&format!("{group}.secretName")),
        };
    }
    let name = camel(&draft.name);
    Place {
        existing: path(&[&group, "secretFiles", &name, "existingSecret"]),
        values: path(&[&group, "secretFiles", &name, "data"]),
        helper: chart.helper(&format!("{group}.{name}.secretName")),
    }
}

/// Makes values of what a Secret holds. Gives back the value that names a Secret
/// instead.
pub(super) fn lift(draft: &mut Draft, place: &Place, shop: &mut Workshop<'_>) -> String {
    let none = draft
        .each
        .iter()
        .map(|tree| tree.as_ref().map(|_| Value::from("")));
    let help = "A Secret that is there already; not set: the chart makes one of the values below";
    let existing = leaf(place.existing.clone(), none.collect(), Shape::Exact, help);
    let existing = value(&shop.values.add(existing));
    for part in ["stringData", "data"] {
        let mut keys: Vec<String> = Vec::new();
        for tree in draft.each.iter().flatten() {
            let map = tree.get(part).and_then(Value::as_object);
            for key in map.into_iter().flat_map(|map| map.keys()) {
                if !keys.contains(key) {
                    keys.push(key.clone());
                }
            }
        }
        for key in keys {
            secret(draft, (part, &key), place, shop);
        }
    }
    existing
}

fn secret(draft: &mut Draft, (part, key): (&str, &str), place: &Place, shop: &mut Workshop<'_>) {
    let of = |tree: &Option<Value>| {
        let tree = tree.as_ref()?;
        Some(tree[part].get(key).cloned().unwrap_or(Value::Null))
    };
    let each: Vec<Option<Value>> = draft.each.iter().map(of).collect();
    let is_everywhere = !each.iter().flatten().any(Value::is_null);
    let mut at = place.values.clone();
    at.push(key.to_owned());
    let help = match (is_everywhere, part) {
        (true, "data") => "Required, in base64",
        (true, _) => "Required",
        (false, "data") => "In base64; not set: it is left out",
        (false, _) => "Not set: it is left out",
    };
    let at = shop.values.add(leaf(at, each, Shape::Secret, help));
    let value = value(&at);
    // What is written in base64 is hashed as what it stands for.
    let text = match part {
        "data" => format!("({value} | toString | b64dec)"),
        _ => value.clone(),
    };
    shop.hashed(draft, key, text, !is_everywhere);
    let mark = if is_everywhere {
        let said = format!(
            "set {}, or name a Secret that has `{key}` in {}",
            at.join("."),
            place.existing.join("."),
        );
        shop.holes.inline(format!(
            "{{{{ required {} {value} | quote }}}}",
            quoted(&said)
        ))
    } else {
        let written = format!("{{{{ {value} | quote }}}}");
        Value::String(shop.holes.mark(Hole::Optional { value, written }))
    };
    for tree in draft.each.iter_mut().flatten() {
        if let Some(map) = tree.get_mut(part).and_then(Value::as_object_mut) {
            map.insert(key.to_owned(), mark.clone());
        }
    }
}
