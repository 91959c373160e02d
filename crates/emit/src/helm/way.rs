//! Ways to what stands in an object.

use serde_json::{Map, Value};

/// The value at a way of keys.
pub(super) fn value_at<'t>(tree: &'t mut Value, way: &[&str]) -> Option<&'t mut Value> {
    way.iter().try_fold(tree, |at, key| at.get_mut(*key))
}

/// The mapping at a way of keys.
pub(super) fn map_at<'t>(tree: &'t mut Value, way: &[&str]) -> Option<&'t mut Map<String, Value>> {
    value_at(tree, way)?.as_object_mut()
}

/// The mapping at a way of keys, to be looked at.
pub(super) fn map_in<'t>(tree: &'t Value, way: &[&str]) -> Option<&'t Map<String, Value>> {
    way.iter()
        .try_fold(tree, |at, key| at.get(key))?
        .as_object()
}

/// The way to the template of the pods.
pub(super) fn template(kind: &str) -> &'static [&'static str] {
    match kind {
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        _ => &["spec", "template"],
    }
}

/// The main container is called like its object, or is the first.
pub(super) fn main_container<'t>(
    tree: &'t mut Value,
    kind: &str,
    name: &str,
) -> Option<&'t mut Map<String, Value>> {
    let template = value_at(tree, template(kind))?;
    let containers = value_at(template, &["spec", "containers"])?.as_array_mut()?;
    let position = containers.iter().position(|one| one["name"] == name);
    containers.get_mut(position.unwrap_or(0))?.as_object_mut()
}
