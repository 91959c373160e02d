//! Who may talk to whom.
//!
//! - `membership`: which pods are on which network, and who reaches whom;
//! - `of_network`: one policy for each network, where the project's policies go
//!   by networks;
//! - `outside`: what is reached from outside is let in past them.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/network-policies/>

pub(crate) mod membership;
mod of_network;
mod outside;

use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicySpec};
use kubewright_source::Diagnostic;

pub(crate) use of_network::objects as of_networks;
pub(crate) use outside::routed;

use crate::aspect::{Aspect, Draft, Scope};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

/// The two directions, as policies name them.
const INGRESS: &str = "Ingress";
const EGRESS: &str = "Egress";

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    if membership::is_isolated(scope.app) {
        draft
            .objects
            .push(scope.object(nothing_in_nothing_out(scope)));
        return;
    }
    if !membership::go_by_networks(scope.lowering.project) {
        return;
    }
    if membership::is_on_node(scope.app) {
        draft.diagnostics.push(no_policy_holds(scope));
        return;
    }
    for network in membership::networks(scope.app) {
        let label = membership::label(scope.lowering.project, network);
        draft
            .pod_labels
            .insert(label, membership::MEMBER.to_owned());
    }
    draft
        .objects
        .extend(outside::published(scope).map(|policy| scope.object(policy)));
}

/// Both directions are named and no rule admits anything.
fn nothing_in_nothing_out(scope: &Scope<'_>) -> NetworkPolicy {
    NetworkPolicy {
        metadata: scope.metadata(scope.name()),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(scope.selector()),
            policy_types: Some(vec![INGRESS.to_owned(), EGRESS.to_owned()]),
            ..NetworkPolicySpec::default()
        }),
    }
}

fn no_policy_holds(scope: &Scope<'_>) -> Diagnostic {
    let name = scope.name();
    let given = scope.app.security.host_network.as_ref();
    Diagnostic::note(
        "unguarded",
        given.map_or(scope.app.name.span, |given| given.span),
        format!(
            "`{name}` has the network of its node, where network policies do not hold: all pods \
             reach it, and others let it in only where their policies admit the nodes"
        ),
    )
    .help("leave `network_mode: host` out if it shall be on a network of the project")
}
