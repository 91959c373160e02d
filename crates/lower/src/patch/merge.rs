//! A strategic merge: lists whose items have a key are merged item by item,
//! other lists are replaced, and `null` removes.
//!
//! <https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/#notes-on-the-strategic-merge-patch>

use serde_json::{Map, Value};

/// What a map says of the way in which it is merged.
const DIRECTIVE: &str = "$patch";

/// Lists with keys in built-in kinds, by the name of the field. Of several keys
/// the first counts that the item has.
const KEYS: &[(&str, &[&str])] = &[
    ("containers", &["name"]),
    ("env", &["name"]),
    ("ephemeralContainers", &["name"]),
    ("hostAliases", &["ip"]),
    ("imagePullSecrets", &["name"]),
    ("initContainers", &["name"]),
    ("ports", &["containerPort", "port"]),
    ("resourceClaims", &["name"]),
    ("schedulingGates", &["name"]),
    ("secrets", &["name"]),
    ("topologySpreadConstraints", &["topologyKey"]),
    ("volumeDevices", &["devicePath"]),
    ("volumeMounts", &["mountPath"]),
    ("volumes", &["name"]),
];

/// Lays a patch over a value. Kinds that are not `built_in` have no keys that
/// anybody knows: all their lists are replaced.
///
/// # Errors
/// A directive that is not known.
pub(super) fn merge(value: &mut Value, patch: &Value, built_in: bool) -> Result<(), String> {
    member(value, patch, "", built_in)
}

fn member(value: &mut Value, patch: &Value, field: &str, built_in: bool) -> Result<(), String> {
    match (value, patch) {
        (Value::Object(value), Value::Object(patch)) => map(value, patch, built_in),
        (Value::Array(value), Value::Array(patch)) => match key_of(field, built_in) {
            Some(keys) => list(value, patch, keys, built_in),
            None => {
                *value = fresh_list(patch)?;
                Ok(())
            }
        },
        (value, patch) => {
            *value = fresh(patch)?;
            Ok(())
        }
    }
}

fn key_of(field: &str, built_in: bool) -> Option<&'static [&'static str]> {
    let row = KEYS.iter().find(|(name, _)| *name == field)?;
    built_in.then_some(row.1)
}

fn map(
    value: &mut Map<String, Value>,
    patch: &Map<String, Value>,
    built_in: bool,
) -> Result<(), String> {
    if directive(patch)? == Some(Directive::Replace) {
        value.clear();
    }
    for (key, over) in patch.iter().filter(|(key, _)| *key != DIRECTIVE) {
        let is_deleted = match over {
            Value::Null => true,
            Value::Object(over) => directive(over)? == Some(Directive::Delete),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => false,
        };
        match (value.get_mut(key), is_deleted) {
            (_, true) => {
                value.remove(key);
            }
            (Some(under), false) => member(under, over, key, built_in)?,
            (None, false) => {
                value.insert(key.clone(), fresh(over)?);
            }
        }
    }
    Ok(())
}

fn list(
    value: &mut Vec<Value>,
    patch: &[Value],
    keys: &[&str],
    built_in: bool,
) -> Result<(), String> {
    for over in patch {
        let Value::Object(members) = over else {
            return Err(format!("an item is no map: `{over}`"));
        };
        let said = directive(members)?;
        let named = keys.iter().find_map(|key| Some((*key, members.get(*key)?)));
        let Some((key, name)) = named else {
            match said {
                // Alone, it is about the whole list.
                Some(Directive::Replace) if members.len() == 1 => {
                    value.clear();
                    continue;
                }
                Some(_) | None => return Err(format!("an item has no `{}`", keys[0])),
            }
        };
        let at = value.iter().position(|item| item.get(key) == Some(name));
        match (at, said) {
            (Some(at), Some(Directive::Delete)) => {
                value.remove(at);
            }
            (None, Some(Directive::Delete)) => {
                return Err(format!("there is no item with `{key}` {name} to delete"));
            }
            (Some(at), Some(Directive::Replace) | None) => {
                member(&mut value[at], over, "", built_in)?;
            }
            (None, Some(Directive::Replace) | None) => value.push(fresh(over)?),
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Delete,
    Replace,
}

fn directive(patch: &Map<String, Value>) -> Result<Option<Directive>, String> {
    if let Some(other) = patch
        .keys()
        .find(|key| key.starts_with('$') && *key != DIRECTIVE)
    {
        return Err(format!("`{other}` is not known; `$patch` is"));
    }
    match patch.get(DIRECTIVE).map(|word| word.as_str()) {
        None => Ok(None),
        Some(Some("delete")) => Ok(Some(Directive::Delete)),
        Some(Some("replace")) => Ok(Some(Directive::Replace)),
        Some(Some("merge")) => Ok(None),
        Some(_) => Err("`$patch` is `delete`, `merge` or `replace`".to_owned()),
    }
}

/// What a patch says where nothing is under it: without removals and directives.
fn fresh(patch: &Value) -> Result<Value, String> {
    match patch {
        Value::Object(members) => {
            directive(members)?;
            let mut made = Map::new();
            for (key, value) in members {
                if key != DIRECTIVE && !value.is_null() {
                    made.insert(key.clone(), fresh(value)?);
                }
            }
            Ok(Value::Object(made))
        }
        Value::Array(items) => fresh_list(items).map(Value::Array),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(patch.clone()),
    }
}

fn fresh_list(items: &[Value]) -> Result<Vec<Value>, String> {
    items.iter().map(fresh).collect()
}
