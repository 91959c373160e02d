//! One policy for each network: only pods that share one may talk.
//!
//! Policies add up, so a pod on two networks may talk to both. What leaves a pod
//! is restricted only on internal networks, and a pod that is on an ordinary
//! network too may leave by that one.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_model::{Name, Project};
use kubewright_objects::{Object, Origin};
use kubewright_source::{Diagnostic, Diagnostics, Span};

use super::membership::is_internal;
use super::{EGRESS, INGRESS, membership};
use crate::{Lowering, shared};

/// The most characters that a network's full name may have: what is left of the
/// 63 of a label's name behind `network-`.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>
const MOST: usize = 63 - "network-".len();

/// The policies of all networks that have members, by name.
pub(crate) fn objects(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let project = lowering.project;
    if !membership::go_by_networks(project) {
        return Vec::new();
    }
    let mut used: BTreeMap<&Name, Span> = BTreeMap::new();
    for app in project.apps() {
        for network in membership::networks(app) {
            used.entry(network).or_insert(app.name.span);
        }
    }
    let any_internal = used
        .keys()
        .any(|network| is_internal(project.networks.get(network)));
    used.into_iter()
        .map(|(network, user)| {
            diagnostics.extend(too_long(project, network, user));
            one(lowering, network, user, any_internal)
        })
        .collect()
}

/// The place that declares a network, else the first app that is on it.
fn place(project: &Project, network: &Name, user: Span) -> Span {
    let declared = project
        .networks
        .get(network)
        .map(|network| network.internal.span);
    declared.filter(|span| *span != Span::NONE).unwrap_or(user)
}

fn one(lowering: &Lowering<'_>, network: &Name, user: Span, any_internal: bool) -> Object {
    let project = lowering.project;
    let members = LabelSelector {
        match_labels: Some(BTreeMap::from([(
            membership::label(project, network),
            membership::MEMBER.to_owned(),
        )])),
        ..LabelSelector::default()
    };
    let declared = project.networks.get(network);
    let shared = declared.is_some_and(|network| network.shared.is_some());
    let peers = vec![NetworkPolicyPeer {
        pod_selector: Some(members.clone()),
        // A network with a name of its own is every project's, wherever it lives.
        namespace_selector: shared.then(LabelSelector::default),
        ip_block: None,
    }];
    let egress = match (is_internal(declared), any_internal) {
        (true, _) => Some(std::iter::once(to(peers.clone())).chain(names()).collect()),
        // Beside an internal network this one must say that it is open.
        (false, true) => Some(vec![NetworkPolicyEgressRule::default()]),
        (false, false) => None,
    };
    let mut types = vec![INGRESS.to_owned()];
    types.extend(egress.is_some().then(|| EGRESS.to_owned()));
    // Also for a network that is shared: each project brings its own policy.
    let name = format!("{}-{network}", project.name.value);
    let policy = NetworkPolicy {
        metadata: shared::metadata(lowering, &name),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(members),
            policy_types: Some(types),
            ingress: Some(vec![NetworkPolicyIngressRule {
                from: Some(peers),
                ports: None,
            }]),
            egress,
        }),
    };
    let origin = Origin {
        span: place(project, network, user),
        label: format!("network {network}"),
    };
    Object::new(policy, origin)
}

fn to(peers: Vec<NetworkPolicyPeer>) -> NetworkPolicyEgressRule {
    NetworkPolicyEgressRule {
        to: Some(peers),
        ports: None,
    }
}

/// Names are resolved by pods of some namespace, whatever its labels. Ports are
/// those of pods: OpenShift's name servers listen on another one.
/// <https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/networking_operators/dns-operator>
pub(super) fn names() -> [NetworkPolicyEgressRule; 2] {
    let openshift = BTreeMap::from([(
        "kubernetes.io/metadata.name".to_owned(),
        "openshift-dns".to_owned(),
    )]);
    let openshift = LabelSelector {
        match_labels: Some(openshift),
        ..LabelSelector::default()
    };
    [
        name_servers(LabelSelector::default(), 53),
        name_servers(openshift, 5353),
    ]
}

fn name_servers(namespace: LabelSelector, number: i32) -> NetworkPolicyEgressRule {
    let port = |protocol: &str| NetworkPolicyPort {
        protocol: Some(protocol.to_owned()),
        port: Some(IntOrString::Int(number)),
        end_port: None,
    };
    NetworkPolicyEgressRule {
        to: Some(vec![NetworkPolicyPeer {
            namespace_selector: Some(namespace),
            ..NetworkPolicyPeer::default()
        }]),
        ports: Some(vec![port("UDP"), port("TCP")]),
    }
}

fn too_long(project: &Project, network: &Name, user: Span) -> Option<Diagnostic> {
    let name = membership::full_name(project, network);
    (name.len() > MOST).then(|| {
        Diagnostic::error(
            "bad-value",
            place(project, network, user),
            format!(
                "network `{network}` is called `{name}` in the cluster, which is too long for a \
                 label: {} characters, {MOST} are allowed",
                name.len()
            ),
        )
        .help("choose a shorter name for the network or for the project")
    })
}
