//! Objects of the project rather than of one app: the Namespace, shared claims,
//! and what other modules make for all.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::project::NetworkPolicyMode;
use kubewright_model::volume::SharedClaim;
use kubewright_model::{Name, Project, Span};
use kubewright_objects::{Object, Origin};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::{Lowering, aspect, claim_shared, labels, network_policy, secret, volume};

/// All of them.
pub(crate) fn objects(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let mut objects: Vec<Object> = namespace(lowering).into_iter().collect();
    objects.extend(crate::longhorn::classes(lowering, diagnostics));
    objects.extend(claims(lowering));
    claim_shared::report(lowering, diagnostics);
    objects.extend(secret::file::objects(lowering, diagnostics));
    secret::store::report(lowering, diagnostics);
    objects.extend(network_policy::of_networks(lowering, diagnostics));
    objects.extend(network_policy::routed(lowering));
    objects.extend(network_policy::default_deny(lowering));
    network_policy::report_open(lowering, diagnostics);
    report_networks(lowering, diagnostics);
    objects
}

/// Metadata of an object that belongs to no single app.
pub(crate) fn metadata(lowering: &Lowering<'_>, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: aspect::namespace(lowering, None),
        labels: Some(labels::of_project(lowering.project)),
        ..ObjectMeta::default()
    }
}

/// The Namespace, unless it is `default`, which every cluster has.
fn namespace(lowering: &Lowering<'_>) -> Option<Object> {
    let namespace = lowering.project.facts.namespace.as_ref()?;
    if !is_namespace_made(lowering.project) {
        return None;
    }
    let mut labels = labels::of_project(lowering.project);
    labels.extend(crate::profile::namespace_labels(lowering));
    for (key, value) in &namespace.labels {
        labels.insert(key.as_str().to_owned(), value.as_str().to_owned());
    }
    let origin = Origin {
        span: namespace.name.span,
        label: "namespace".to_owned(),
    };
    Some(Object::new(
        core::Namespace {
            metadata: ObjectMeta {
                name: Some(namespace.name.as_str().to_owned()),
                labels: Some(labels),
                ..ObjectMeta::default()
            },
            ..core::Namespace::default()
        },
        origin,
    ))
}

/// Whether the environment's namespace is the project's to make.
pub(crate) fn is_namespace_made(project: &Project) -> bool {
    let Some(namespace) = &project.facts.namespace else {
        return false;
    };
    let unsaid = namespace.name.as_str() != "default";
    let create = namespace.create.as_ref();
    create.map_or(unsaid, |create| create.value)
}

/// Without policies every pod of the cluster reaches every other, whatever the
/// networks of the input say.
fn report_networks(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) {
    let project = lowering.project;
    match project.facts.network_policy {
        // Strict policies keep more apart than networks would.
        NetworkPolicyMode::Networks | NetworkPolicyMode::Strict => return,
        NetworkPolicyMode::None | NetworkPolicyMode::Permissive => {}
    }
    let mut members: BTreeMap<&Name, (Span, Vec<&str>)> = BTreeMap::new();
    for app in project.apps() {
        for network in &app.access.networks {
            let (_, names) = members
                .entry(&network.value)
                .or_insert_with(|| (network.span, Vec::new()));
            names.push(app.name.as_str());
        }
    }
    if members.len() < 2
        && !project
            .networks
            .values()
            .any(|network| network.internal.value || network.shared.is_some())
    {
        // All of them are on one that is theirs: nothing is kept apart.
        return;
    }
    for (network, (span, names)) in members {
        let internal = project
            .networks
            .get(network)
            .is_some_and(|network| network.internal.value);
        let leaves = project.facts.network_policy == NetworkPolicyMode::None;
        let closed = if internal && leaves {
            ", and lets them reach what is outside"
        } else {
            ""
        };
        diagnostics.push(
            Diagnostic::note(
                "open-network",
                span,
                format!(
                    "Kubernetes does not keep network `{network}` ({}) apart from others{closed}",
                    names.join(", ")
                ),
            )
            .help("ask for `--network-policies compose` where it must be, on a cluster whose network plugin enforces policies"),
        );
    }
}

fn claims(lowering: &Lowering<'_>) -> Vec<Object> {
    let project = lowering.project;
    let sizes = volume::shared_sizes(project);
    let made = project
        .volumes
        .iter()
        .filter_map(|(name, shared)| match &shared.claim {
            SharedClaim::Made(claim) => Some((name, shared.declared.span, claim)),
            SharedClaim::External(_) => None,
        });
    made.map(|(name, span, claim)| {
        let object_name = volume::shared_claim_name(project, name);
        Object::new(
            core::PersistentVolumeClaim {
                metadata: volume::with_own(metadata(lowering, &object_name), claim),
                spec: Some(volume::claim_spec(project, claim, sizes.get(name).copied())),
                ..core::PersistentVolumeClaim::default()
            },
            Origin {
                span,
                label: format!("volume {name}"),
            },
        )
    })
    .collect()
}
