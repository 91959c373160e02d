//! Objects of the user's own: those of built-in kinds typed, so that a field that
//! a kind does not have is an error; all others as they are.

use std::collections::BTreeSet;

use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1 as batch;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1 as rbac;
use k8s_openapi::api::storage::v1::StorageClass;
use kubewright_model::Project;
use kubewright_model::object::{Tree, UserObject};
use kubewright_objects::argocd::GroupKind;
use kubewright_objects::untyped::Untyped;
use kubewright_objects::{Body, Object, Origin};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::secret::PLACEHOLDER;
use crate::tree::{self, typed};
use crate::{Lowering, Secrets, labels};

/// Kinds that belong to no namespace, of Kubernetes and of what is commonly
/// installed; so do those whose names begin with `Cluster`.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace>
const CLUSTER_WIDE: &[&str] = &[
    "APIService",
    "CSIDriver",
    "CSINode",
    "CustomResourceDefinition",
    "DeviceClass",
    "FlowSchema",
    "GatewayClass",
    "IngressClass",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "NodeClass",
    "NodePool",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
    "VolumeSnapshotClass",
    "VolumeSnapshotContent",
];

/// All of them.
pub(crate) fn all(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let objects = lowering.project.objects.iter();
    let objects = objects.filter_map(|object| one(lowering, object, diagnostics));
    objects.collect()
}

fn one(
    lowering: &Lowering<'_>,
    object: &UserObject,
    diagnostics: &mut Diagnostics,
) -> Option<Object> {
    let tree = &object.tree().value;
    let kind = text(tree, "kind");
    let span = object.tree().span;
    let name = tree
        .get("metadata")
        .map_or("", |metadata| text(metadata, "name"));
    match body(tree) {
        Ok(Body::Secret(_)) if lowering.options.secrets == Secrets::External => None,
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

fn text<'t>(tree: &'t Tree, key: &str) -> &'t str {
    tree.get(key).and_then(Tree::text).unwrap_or_default()
}

/// The object that a tree describes.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn body(tree: &Tree) -> Result<Body, String> {
    named(tree)?;
    match (text(tree, "apiVersion"), text(tree, "kind")) {
        ("v1", "ConfigMap") => typed::<core::ConfigMap>(tree).map(Body::from),
        ("v1", "Namespace") => typed::<core::Namespace>(tree).map(Body::from),
        ("v1", "PersistentVolumeClaim") => {
            typed::<core::PersistentVolumeClaim>(tree).map(Body::from)
        }
        ("v1", "Secret") => typed::<core::Secret>(tree).map(Body::from),
        ("v1", "Service") => typed::<core::Service>(tree).map(Body::from),
        ("v1", "ServiceAccount") => typed::<core::ServiceAccount>(tree).map(Body::from),
        ("apps/v1", "DaemonSet") => typed::<apps::DaemonSet>(tree).map(Body::from),
        ("apps/v1", "Deployment") => typed::<apps::Deployment>(tree).map(Body::from),
        ("apps/v1", "StatefulSet") => typed::<apps::StatefulSet>(tree).map(Body::from),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => {
            typed::<HorizontalPodAutoscaler>(tree).map(Body::from)
        }
        ("batch/v1", "CronJob") => typed::<batch::CronJob>(tree).map(Body::from),
        ("batch/v1", "Job") => typed::<batch::Job>(tree).map(Body::from),
        ("networking.k8s.io/v1", "Ingress") => typed::<Ingress>(tree).map(Body::from),
        ("networking.k8s.io/v1", "NetworkPolicy") => typed::<NetworkPolicy>(tree).map(Body::from),
        ("policy/v1", "PodDisruptionBudget") => typed::<PodDisruptionBudget>(tree).map(Body::from),
        ("rbac.authorization.k8s.io/v1", "Role") => typed::<rbac::Role>(tree).map(Body::from),
        ("rbac.authorization.k8s.io/v1", "RoleBinding") => {
            typed::<rbac::RoleBinding>(tree).map(Body::from)
        }
        ("storage.k8s.io/v1", "StorageClass") => typed::<StorageClass>(tree).map(Body::from),
        _ => untyped(tree).map(Body::from),
    }
}

/// What it is must be words that an API server can have, for they become paths.
fn named(tree: &Tree) -> Result<(), String> {
    let fits = |text: &str, more: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || more.contains(c);
        text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(fits)
    };
    let name = tree
        .get("metadata")
        .map_or("", |metadata| text(metadata, "name"));
    let rows = [
        ("apiVersion", text(tree, "apiVersion"), "./-"),
        ("kind", text(tree, "kind"), ""),
        ("metadata.name", name, ".-:_"),
    ];
    match rows.into_iter().find(|(_, text, more)| !fits(text, more)) {
        Some((key, text, _)) => Err(format!("`{}` is no `{key}`", text.escape_default())),
        None => Ok(()),
    }
}

fn untyped(tree: &Tree) -> Result<Untyped, String> {
    let Tree::Map(members) = tree else {
        return Err("it is no map".to_owned());
    };
    let metadata = tree.get("metadata").ok_or("it has no `metadata`")?;
    let known = ["apiVersion", "kind", "metadata"];
    let rest = members
        .iter()
        .filter(|(key, _)| !known.contains(&key.as_str()));
    Ok(Untyped {
        api_version: text(tree, "apiVersion").to_owned(),
        kind: text(tree, "kind").to_owned(),
        metadata: typed(metadata)?,
        rest: rest
            .map(|(key, value)| (key.clone(), tree::verbatim(value)))
            .collect(),
    })
}

/// Whether the kind is Kubernetes' own, so that its lists are known.
pub(crate) fn is_built_in(body: &Body) -> bool {
    let version = body.api_version();
    match version.split_once('/') {
        None => true,
        Some((group, _)) => {
            !group.contains('.')
                || group.ends_with(".k8s.io") && group != "gateway.networking.k8s.io"
        }
    }
}

/// Whether the Secret's file must not go into git.
pub(crate) fn is_sensitive(lowering: &Lowering<'_>, secret: &core::Secret) -> bool {
    let mut texts = secret.string_data.iter().flat_map(|texts| texts.values());
    let is_known = texts.any(|text| text != PLACEHOLDER) || secret.data.is_some();
    is_known && lowering.options.secrets == Secrets::Local
}

/// Whether objects of the kind live in a namespace. What a definition among the
/// user's objects says counts most.
fn has_namespace(project: &Project, api_version: &str, kind: &str) -> bool {
    let group = api_version.split('/').next();
    let defined = project.objects.iter().find_map(|object| {
        let tree = &object.tree().value;
        let spec = tree
            .get("spec")
            .filter(|_| text(tree, "kind") == "CustomResourceDefinition")?;
        let is_this =
            Some(text(spec, "group")) == group && text(spec.get("names")?, "kind") == kind;
        is_this.then(|| text(spec, "scope") == "Namespaced")
    });
    defined.unwrap_or_else(|| !CLUSTER_WIDE.contains(&kind) && !kind.starts_with("Cluster"))
}

/// The kinds among the user's objects that live in no namespace.
pub(crate) fn cluster_wide(project: &Project) -> BTreeSet<GroupKind> {
    let trees = project.objects.iter().map(|object| &object.tree().value);
    let kinds = trees.map(|tree| (text(tree, "apiVersion"), text(tree, "kind")));
    let wide = kinds.filter(|(version, kind)| !has_namespace(project, version, kind));
    let wide = wide.map(|(version, kind)| GroupKind {
        group: version
            .rsplit_once('/')
            .map_or("", |(group, _)| group)
            .to_owned(),
        kind: kind.to_owned(),
    });
    wide.collect()
}

/// Labels of the project, the environment's namespace, and no value of a secret
/// that is not wanted.
fn finished(lowering: &Lowering<'_>, mut object: Object) -> Object {
    if let Body::Secret(secret) = &mut object.body {
        if lowering.options.secrets == Secrets::Placeholder {
            let data = secret.data.take().unwrap_or_default();
            let held = secret.string_data.get_or_insert_default();
            held.extend(data.into_keys().map(|key| (key, String::new())));
            for value in held.values_mut() {
                PLACEHOLDER.clone_into(value);
            }
        }
        object.sensitive = is_sensitive(lowering, secret);
    }
    let has_namespace = has_namespace(
        lowering.project,
        object.body.api_version(),
        object.body.kind(),
    );
    let metadata = object.body.metadata_mut();
    let own = metadata.labels.get_or_insert_default();
    for (key, value) in labels::of_project(lowering.project) {
        own.entry(key).or_insert(value);
    }
    if has_namespace && metadata.namespace.is_none() {
        metadata.namespace = crate::aspect::namespace(lowering, None);
    }
    object
}

#[cfg(test)]
mod tests {
    use kubewright_model::{Located, Name};
    use serde_json::json;

    use super::*;
    use crate::tests::{lowered_with, objects_of};
    use crate::{Options, tree::from_value};

    fn user(value: &serde_json::Value) -> UserObject {
        UserObject::new(Located::nowhere(from_value(value))).unwrap()
    }

    /// Objects of that kind, and what is said.
    fn made(
        values: &[serde_json::Value],
        kind: &str,
    ) -> (Vec<serde_json::Value>, Vec<&'static str>) {
        let around = |project: &mut Project| {
            project.objects.extend(values.iter().map(user));
            project.facts.namespace = Some(kubewright_model::project::Namespace {
                name: Located::nowhere(Name::parse("lab").unwrap()),
                create: None,
                labels: std::collections::BTreeMap::new(),
            });
        };
        let (objects, said) = lowered_with(|_| {}, around, Options::default());
        let codes = said.into_iter().map(|said| said.code);
        (objects_of(&objects, kind), codes.collect())
    }

    fn object(version: &str, kind: &str, spec: serde_json::Value) -> serde_json::Value {
        json!({"apiVersion": version, "kind": kind, "metadata": {"name": "w"}, "spec": spec})
    }

    #[test]
    fn any_kind_is_taken_over() {
        let spec = json!({"size": 3, "ratio": 0.5, "parts": [{"on": true}, null], "at": "x"});
        let (found, codes) = made(&[object("test.dev/v1", "Widget", spec.clone())], "Widget");
        assert_eq!(found[0]["spec"], spec);
        assert_eq!(found[0]["apiVersion"], "test.dev/v1");
        assert_eq!(found[0]["metadata"]["namespace"], "lab");
        assert_eq!(codes, [""; 0]);
    }

    #[test]
    fn some_kinds_have_no_namespace() {
        let definition = |scope: &str| {
            let names = json!({"kind": "Widget", "plural": "widgets"});
            let spec = json!({"group": "test.dev", "scope": scope, "names": names, "versions": []});
            object("apiextensions.k8s.io/v1", "CustomResourceDefinition", spec)
        };
        let widget = || object("test.dev/v1", "Widget", json!({}));
        let rows = [
            (vec![widget()], "Widget", true),
            (vec![definition("Namespaced"), widget()], "Widget", true),
            (vec![definition("Cluster"), widget()], "Widget", false),
            (
                vec![object("scheduling.k8s.io/v1", "PriorityClass", json!({}))],
                "PriorityClass",
                false,
            ),
            (
                vec![object("cert-manager.io/v1", "ClusterIssuer", json!({}))],
                "ClusterIssuer",
                false,
            ),
            (
                vec![object("cert-manager.io/v1", "Issuer", json!({}))],
                "Issuer",
                true,
            ),
        ];
        for (objects, kind, expected) in rows {
            let (found, _) = made(&objects, kind);
            assert_eq!(
                found[0]["metadata"]["namespace"].is_string(),
                expected,
                "{kind}"
            );
        }
    }

    #[test]
    fn built_in_kinds_are_looked_at() {
        let rows = [
            ("v1", "Service", json!({"prots": []}), false),
            ("v1", "Service", json!({"type": "ClusterIP"}), true),
            (
                "serving.knative.dev/v1",
                "Service",
                json!({"prots": []}),
                true,
            ),
            ("apps/v1", "Deployment", json!({"replica": 1}), false),
            ("test.dev/v1", "../Widget", json!({}), false),
            ("test.dev/v1/../..\n", "Widget", json!({}), false),
        ];
        for (version, kind, spec, fits) in rows {
            let (_, codes) = made(&[object(version, kind, spec)], kind);
            let expected: &[&str] = if fits { &[] } else { &["bad-value"] };
            assert_eq!(codes, expected, "{version} {kind}");
        }
        let mut up = object("v1", "ConfigMap", json!(null));
        up["metadata"]["name"] = json!("../up");
        assert_eq!(made(&[up], "ConfigMap").1, ["bad-value"]);
    }
}
