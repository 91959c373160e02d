//! `namespace`: when one field can say the namespace of all objects.
//!
//! Kustomize's transformer gives it to everything that it does not know to be of the
//! whole cluster, and to Namespaces as their name.
//!
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/namespace/>

use kubewright_objects::{Body, Object};

use crate::form::Environment;

/// The built-in kinds of the whole cluster, as Kustomize knows them from the API's
/// own description. It takes all other kinds for such of a namespace.
const OF_THE_CLUSTER: &[(&str, &str)] = &[
    (
        "admissionregistration.k8s.io",
        "MutatingWebhookConfiguration",
    ),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    (
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicyBinding",
    ),
    (
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
    ),
    ("networking.k8s.io", "IngressClass"),
    ("node.k8s.io", "RuntimeClass"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "StorageClass"),
    ("", "PersistentVolume"),
];

/// What the transformer changes beyond the namespace, or takes for something else.
const TOUCHED_OTHERWISE: &[&str] = &[
    "APIService",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "List",
];

/// The namespace of each environment, where `namespace` can say it and has to: they
/// differ, and every object has that of its environment, or all have none.
pub(super) fn of_each<'a>(environments: &[Environment<'a>]) -> Option<Vec<Option<&'a str>>> {
    let each: Vec<Option<&str>> = environments
        .iter()
        .map(|environment| of(environment.objects))
        .collect::<Option<_>>()?;
    each.iter().any(|name| name != &each[0]).then_some(each)
}

/// The one namespace of all objects that can have one, or that they have none; nothing
/// where they differ.
fn of(objects: &[Object]) -> Option<Option<&str>> {
    let mut all = objects.iter();
    if all.any(|object| is_of_the_cluster(object) && object.namespace().is_some()) {
        return None;
    }
    let namespaced = objects.iter().filter(|object| !is_of_the_cluster(object));
    let mut namespaces = namespaced.map(Object::namespace);
    let Some(Some(found)) = namespaces.next() else {
        return namespaces.all(|name| name.is_none()).then_some(None);
    };
    let is_one = namespaces.all(|name| name == Some(found))
        && objects.iter().all(|object| fits(object, found));
    is_one.then_some(Some(found))
}

fn is_of_the_cluster(object: &Object) -> bool {
    let version = object.body.api_version();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let kind = object.body.kind();
    matches!(object.body, Body::Namespace(_)) || OF_THE_CLUSTER.contains(&(group, kind))
}

/// Whether the transformer leaves the rest of the object as it is.
fn fits(object: &Object, namespace: &str) -> bool {
    match &object.body {
        Body::Namespace(_) => object.name() == namespace,
        Body::RoleBinding(binding) => {
            let mut subjects = binding.subjects.iter().flatten();
            subjects.all(|subject| {
                subject.kind != "ServiceAccount" || subject.namespace.as_deref() == Some(namespace)
            })
        }
        Body::Untyped(_) => {
            let kind = object.body.kind();
            let is_builtin = ["Namespace", "RoleBinding"].contains(&kind);
            !is_builtin && !TOUCHED_OTHERWISE.iter().any(|known| kind.ends_with(known))
        }
        _ => true,
    }
}
