//! Trees in Kubernetes' own words become typed objects.

use kubewright_model::object::Tree;
use kubewright_objects::untyped;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The object that a tree describes.
///
/// # Errors
/// What is wrong with it; a field that the type does not have is wrong, too.
pub(crate) fn typed<T: Serialize + DeserializeOwned>(tree: &Tree) -> Result<T, String> {
    let written = value(tree);
    let typed: T = serde_json::from_value(written.clone()).map_err(|error| error.to_string())?;
    let read = serde_json::to_value(&typed).map_err(|error| error.to_string())?;
    match lost(&written, &read, "") {
        Some(path) => Err(format!("it has no field `{path}`")),
        None => Ok(typed),
    }
}

/// The same tree as JSON.
pub(crate) fn value(tree: &Tree) -> Value {
    match tree {
        Tree::Null => Value::Null,
        Tree::Bool(value) => Value::Bool(*value),
        Tree::Integer(value) => Value::from(*value),
        Tree::Float(value) => Value::from(*value),
        Tree::Text(value) => Value::String(value.clone()),
        Tree::List(items) => Value::Array(items.iter().map(value).collect()),
        Tree::Map(members) => {
            let members = members.iter().map(|(key, tree)| (key.clone(), value(tree)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// A tree of JSON.
pub(crate) fn from_value(value: &Value) -> Tree {
    match value {
        Value::Null => Tree::Null,
        Value::Bool(value) => Tree::Bool(*value),
        Value::Number(number) => number.as_i64().map_or_else(
            || Tree::Float(number.as_f64().unwrap_or_default()),
            Tree::Integer,
        ),
        Value::String(text) => Tree::Text(text.clone()),
        Value::Array(items) => Tree::List(items.iter().map(from_value).collect()),
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, value)| (key.clone(), from_value(value)));
            Tree::Map(members.collect())
        }
    }
}

/// The same tree for an object that nobody looks into.
pub(crate) fn verbatim(tree: &Tree) -> untyped::Value {
    match tree {
        Tree::Null => untyped::Value::Null,
        Tree::Bool(value) => untyped::Value::Bool(*value),
        Tree::Integer(value) => untyped::Value::Integer(*value),
        Tree::Float(value) => untyped::Value::Float(*value),
        Tree::Text(value) => untyped::Value::Text(value.clone()),
        Tree::List(items) => untyped::Value::List(items.iter().map(verbatim).collect()),
        Tree::Map(members) => {
            let members = members.iter();
            let members = members.map(|(key, value)| (key.clone(), verbatim(value)));
            untyped::Value::Map(members.collect())
        }
    }
}

/// The first field that did not survive.
fn lost(written: &Value, read: &Value, path: &str) -> Option<String> {
    match (written, read) {
        (Value::Object(written), Value::Object(read)) => written.iter().find_map(|(key, below)| {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            match read.get(key) {
                Some(read) => lost(below, read, &path),
                None => (!below.is_null()).then_some(path),
            }
        }),
        (Value::Array(written), Value::Array(read)) => written
            .iter()
            .zip(read)
            .enumerate()
            .find_map(|(at, (written, read))| lost(written, read, &format!("{path}[{at}]"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::core::v1::Volume;

    fn volume(key: &str) -> Tree {
        let text = |text: &str| Tree::Text(text.to_owned());
        let source = vec![
            ("server".to_owned(), text("nas")),
            (key.to_owned(), text("/")),
        ];
        Tree::Map(vec![
            ("name".to_owned(), text("a")),
            ("nfs".to_owned(), Tree::Map(source)),
        ])
    }

    #[test]
    fn fields_are_kept_or_wrong() {
        let typed: Volume = typed(&volume("path")).unwrap();
        assert_eq!(typed.nfs.unwrap().server, "nas");
        let wrong = super::typed::<Volume>(&volume("pth"));
        assert!(wrong.is_err());
    }
}
