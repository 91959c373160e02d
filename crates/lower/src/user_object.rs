//! Objects of the user's own, typed: a field that its kind does not have is an error.

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::networking::v1::Ingress;
use kubewright_model::object::{Tree, UserObject};
use kubewright_objects::{Body, Object, Origin};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::secret::PLACEHOLDER;
use crate::tree::typed;
use crate::{Lowering, Secrets, labels};

/// Whether objects of that kind are written.
pub(crate) fn is_known(kind: &str) -> bool {
    KINDS.contains(&kind)
}

const KINDS: &[&str] = &[
    "ConfigMap",
    "Ingress",
    "Namespace",
    "PersistentVolumeClaim",
    "Secret",
    "Service",
];

/// All that are of a kind that is written.
pub(crate) fn all(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let objects = lowering.project.objects.iter();
    let objects = objects.filter_map(|object| one(lowering, object, diagnostics));
    objects.collect()
}

/// The kind of an object.
pub(crate) fn kind(object: &UserObject) -> &str {
    let kind = object.tree().value.get("kind").and_then(Tree::text);
    kind.unwrap_or_default()
}

fn one(
    lowering: &Lowering<'_>,
    object: &UserObject,
    diagnostics: &mut Diagnostics,
) -> Option<Object> {
    let tree = &object.tree().value;
    let kind = kind(object);
    if kind == "Secret" && lowering.options.secrets == Secrets::External {
        return None;
    }
    let body = match kind {
        "ConfigMap" => typed::<core::ConfigMap>(tree).map(Body::from),
        "Ingress" => typed::<Ingress>(tree).map(Body::from),
        "Namespace" => typed::<core::Namespace>(tree).map(Body::from),
        "PersistentVolumeClaim" => typed::<core::PersistentVolumeClaim>(tree).map(Body::from),
        "Secret" => typed::<core::Secret>(tree).map(Body::from),
        "Service" => typed::<core::Service>(tree).map(Body::from),
        _ => return None,
    };
    let span = object.tree().span;
    let name = tree
        .get("metadata")
        .and_then(|metadata| metadata.get("name"));
    let name = name.and_then(Tree::text).unwrap_or_default();
    match body {
        Ok(body) => {
            let origin = Origin {
                span,
                label: format!("{kind} {name}"),
            };
            Some(finished(lowering, Object::new(body, origin)))
        }
        Err(problem) => {
            let message = format!("{kind} `{name}` is none that Kubernetes knows: {problem}");
            let said = Diagnostic::error("bad-value", span, message);
            diagnostics.push(said.help("correct what the message names"));
            None
        }
    }
}

/// Labels of the project, the environment's namespace, and no value of a secret
/// that is not wanted.
fn finished(lowering: &Lowering<'_>, mut object: Object) -> Object {
    let is_namespace = matches!(object.body, Body::Namespace(_));
    let placeholder = lowering.options.secrets == Secrets::Placeholder;
    if let Body::Secret(secret) = &mut object.body {
        let values = secret.string_data.iter_mut().flatten();
        let mut known = false;
        for (_, value) in values {
            if placeholder {
                PLACEHOLDER.clone_into(value);
            }
            known |= value != PLACEHOLDER;
        }
        if placeholder {
            let data = secret.data.take().unwrap_or_default();
            let held = secret.string_data.get_or_insert_default();
            held.extend(data.into_keys().map(|key| (key, PLACEHOLDER.to_owned())));
        }
        known |= secret.data.is_some();
        object.sensitive = known && lowering.options.secrets == Secrets::Local;
    }
    let metadata = object.body.metadata_mut();
    let own = metadata.labels.get_or_insert_default();
    for (key, value) in labels::of_project(lowering.project) {
        own.entry(key).or_insert(value);
    }
    if !is_namespace && metadata.namespace.is_none() {
        metadata.namespace = crate::aspect::namespace(lowering, None);
    }
    object
}
