//! The user's changes to finished objects, the last resort.
//!
//! - here: which objects a patch means, and what comes of them;
//! - `merge`: a strategic merge;
//! - `json`: operations of RFC 6902.
//!
//! <https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/>

mod json;
mod merge;
#[cfg(test)]
mod tests;

use kubewright_model::object::{Patch, PatchChange, Tree};
use kubewright_model::{Located, ObjectName};
use kubewright_objects::{Body, Object};
use kubewright_source::{Diagnostic, Diagnostics, suggest};
use serde_json::Value;

use crate::aspect::Scope;
use crate::{tree, user_object};

/// Applies the app's patches to its objects, in order.
pub(crate) fn apply(scope: &Scope<'_>, objects: &mut [Object], diagnostics: &mut Diagnostics) {
    for patch in &scope.app.patches {
        let meant = |object: &&mut Object| {
            let named = patch.name.as_ref().map(|name| name.as_str());
            let same = object.body.kind().eq_ignore_ascii_case(&patch.kind);
            same && named.is_none_or(|name| name == object.name())
        };
        let mut found = false;
        for object in objects.iter_mut().filter(meant) {
            found = true;
            if let Err(problem) = patched(scope, object, &patch.change) {
                diagnostics.push(unfit(object, &patch.change, &problem));
                break;
            }
        }
        if !found {
            diagnostics.push(nothing(scope, patch, objects));
        }
    }
}

fn patched(scope: &Scope<'_>, object: &mut Object, change: &PatchChange) -> Result<(), String> {
    let written = serde_json::to_value(&object.body).map_err(|error| error.to_string())?;
    let mut value = written.clone();
    match change {
        PatchChange::Merge(tree) => {
            let is_built_in = user_object::is_built_in(&object.body);
            merge::merge(&mut value, &tree::value(tree), is_built_in)?;
        }
        PatchChange::Json(tree) => json::apply(&mut value, &tree::value(tree))?,
    }
    for pointer in [
        "/apiVersion",
        "/kind",
        "/metadata/name",
        "/metadata/namespace",
    ] {
        if written.pointer(pointer) != value.pointer(pointer) {
            let field = pointer.trim_start_matches('/').replace('/', ".");
            return Err(format!(
                "it changes `{field}`, by which others know the object"
            ));
        }
    }
    object.body = typed(&value)?;
    if let Body::Secret(secret) = &object.body {
        object.sensitive = user_object::is_sensitive(scope.lowering, secret);
    }
    Ok(())
}

fn typed(value: &Value) -> Result<Body, String> {
    user_object::body(&tree::from_value(value))
}

fn place(change: &PatchChange) -> &Located<Tree> {
    match change {
        PatchChange::Merge(tree) | PatchChange::Json(tree) => tree,
    }
}

fn unfit(object: &Object, change: &PatchChange, problem: &str) -> Diagnostic {
    let message = format!(
        "the patch does not fit {} `{}`: {problem}",
        object.body.kind(),
        object.name()
    );
    Diagnostic::error("bad-value", place(change).span, message)
        .help("compare it with the object as it is written without the patch")
}

fn nothing(scope: &Scope<'_>, patch: &Patch, objects: &[Object]) -> Diagnostic {
    let kind = &patch.kind;
    let name = patch
        .name
        .as_ref()
        .map(|name: &Located<ObjectName>| format!(" `{name}`", name = name.value));
    let message = format!(
        "`{}` has no {}{} that the patch could change",
        scope.name(),
        kind.value,
        name.unwrap_or_default()
    );
    let span = patch.name.as_ref().map_or(kind.span, |name| name.span);
    let all = objects
        .iter()
        .map(|object| format!("{} {}", object.body.kind(), object.name()));
    let all: Vec<String> = all.collect();
    let all = suggest::list(all.iter().map(String::as_str));
    Diagnostic::error("patch-target", span, message).help(format!("there are {all}"))
}
