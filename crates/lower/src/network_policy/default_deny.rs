//! Where policies are strict, nothing may talk that no other policy admits.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicySpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use kubewright_model::project::{Entry, NetworkPolicyMode};
use kubewright_model::{Name, Span};
use kubewright_objects::{Object, Origin};

use super::{EGRESS, INGRESS, peer};
use crate::{Lowering, aspect, labels, shared};

/// One policy for each namespace that has apps.
pub(crate) fn objects(lowering: &Lowering<'_>) -> Vec<Object> {
    let project = lowering.project;
    if project.facts.network_policy != NetworkPolicyMode::Strict {
        return Vec::new();
    }
    let mut namespaces: BTreeMap<Option<String>, Span> = BTreeMap::new();
    for app in project.apps() {
        let namespace = aspect::namespace(lowering, app.namespace.as_ref());
        namespaces.entry(namespace).or_insert(app.name.span);
    }
    let made = namespaces.into_iter();
    made.map(|(namespace, span)| one(lowering, namespace, span))
        .collect()
}

fn one(lowering: &Lowering<'_>, namespace: Option<String>, span: Span) -> Object {
    let name = format!("{}-default-deny", lowering.project.name.value);
    let selector = match is_ours_alone(lowering, namespace.as_deref()) {
        true => LabelSelector::default(),
        false => peer::labelled([(
            labels::PART_OF.to_owned(),
            lowering.project.name.as_str().to_owned(),
        )]),
    };
    let policy = NetworkPolicy {
        metadata: ObjectMeta {
            namespace,
            ..shared::metadata(lowering, &name)
        },
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(selector),
            policy_types: Some(vec![INGRESS.to_owned(), EGRESS.to_owned()]),
            ..NetworkPolicySpec::default()
        }),
    };
    let label = "strict network policies".to_owned();
    Object::new(policy, Origin { span, label })
}

/// Whether the project makes the namespace and nothing else of it is known to
/// live there: no chart whose pods would be cut off.
fn is_ours_alone(lowering: &Lowering<'_>, namespace: Option<&str>) -> bool {
    let project = lowering.project;
    let is_made = shared::is_namespace_made(project)
        && project
            .facts
            .namespace
            .as_ref()
            .is_some_and(|own| Some(own.name.as_str()) == namespace);
    let there = |own: &Option<kubewright_model::Located<Name>>| {
        aspect::namespace(lowering, own.as_ref()).as_deref() == namespace
    };
    let foreign = project.entries.values().any(|entry| match entry {
        Entry::Helm(release) => there(&release.namespace),
        Entry::Kustomize(folder) => there(&folder.namespace),
        Entry::Compose(compose) => {
            let own = compose.project.facts.namespace.as_ref();
            own.map(|own| own.name.as_str()) == namespace
        }
        Entry::App(_) | Entry::Infrastructure(_) | Entry::Functions(_) | Entry::Disabled(_) => {
            false
        }
    });
    is_made && !foreign
}
