//! Operations on a value: add, remove, replace, move, copy, test.
//!
//! <https://www.rfc-editor.org/rfc/rfc6902>, <https://www.rfc-editor.org/rfc/rfc6901>

use serde_json::Value;

/// Applies a list of operations.
///
/// # Errors
/// An operation that is none, a place that is not there, a test that fails.
pub(super) fn apply(value: &mut Value, operations: &Value) -> Result<(), String> {
    let Value::Array(operations) = operations else {
        return Err("it is no list of operations".to_owned());
    };
    operations.iter().try_for_each(|one| operation(value, one))
}

fn operation(value: &mut Value, operation: &Value) -> Result<(), String> {
    let text = |key: &str| {
        let found = operation.get(key).and_then(Value::as_str);
        found.ok_or_else(|| format!("an operation has no `{key}`"))
    };
    let given = || {
        let found = operation.get("value").cloned();
        found.ok_or_else(|| "an operation has no `value`".to_owned())
    };
    let path = text("path")?;
    match text("op")? {
        "add" => add(value, path, given()?),
        "remove" => remove(value, path).map(|_| ()),
        "replace" => {
            *at(value, path)? = given()?;
            Ok(())
        }
        "move" => {
            let from = text("from")?;
            if path
                .strip_prefix(from)
                .is_some_and(|rest| rest.starts_with('/'))
            {
                return Err(format!("`{from}` cannot move into itself"));
            }
            let moved = remove(value, from)?;
            add(value, path, moved)
        }
        "copy" => {
            let copied = at(value, text("from")?)?.clone();
            add(value, path, copied)
        }
        "test" => match *at(value, path)? == given()? {
            true => Ok(()),
            false => Err(format!("`{path}` is not what the test says")),
        },
        other => Err(format!("there is no operation `{other}`")),
    }
}

fn at<'v>(value: &'v mut Value, path: &str) -> Result<&'v mut Value, String> {
    value.pointer_mut(path).ok_or_else(|| missing(path))
}

fn missing(path: &str) -> String {
    format!("there is nothing at `{path}`")
}

/// The pointer of what is around, and the last part as it is meant.
fn halves(path: &str) -> Result<(&str, String), String> {
    let (around, last) = path.rsplit_once('/').ok_or_else(|| missing(path))?;
    Ok((around, last.replace("~1", "/").replace("~0", "~")))
}

fn add(value: &mut Value, path: &str, new: Value) -> Result<(), String> {
    let (around, last) = halves(path)?;
    match at(value, around)? {
        Value::Object(members) => {
            members.insert(last, new);
            Ok(())
        }
        Value::Array(items) => {
            let place = match &*last {
                "-" => Some(items.len()),
                last => index(last).filter(|place| *place <= items.len()),
            };
            items.insert(place.ok_or_else(|| missing(path))?, new);
            Ok(())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(missing(path)),
    }
}

fn remove(value: &mut Value, path: &str) -> Result<Value, String> {
    let (around, last) = halves(path)?;
    let removed = match at(value, around)? {
        Value::Object(members) => members.remove(&last),
        Value::Array(items) => {
            let place = index(&last).filter(|place| *place < items.len());
            place.map(|place| items.remove(place))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    removed.ok_or_else(|| missing(path))
}

/// A number without needless zeros.
fn index(text: &str) -> Option<usize> {
    let place: usize = text.parse().ok()?;
    (place.to_string() == text).then_some(place)
}
