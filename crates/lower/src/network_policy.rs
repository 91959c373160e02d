//! Who may talk to whom.
//!
//! - here: the policy of one app, by what it says and what the environment wants;
//! - `ingress`, `egress`: who is let in, and what is let out;
//! - `peer`, `target`: the other end of a connection, as policies name it;
//! - `declared`: which connections the project declares;
//! - `default_deny`: where policies are strict, nothing else may talk;
//! - `open`: what is said of openings;
//! - `membership`: which pods are on which network, and who reaches whom;
//! - `of_network`: one policy for each network, where the project's policies go
//!   by networks;
//! - `outside`: what is reached from outside is let in past them.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/network-policies/>

pub(crate) mod declared;
mod default_deny;
mod egress;
mod ingress;
pub(crate) mod membership;
mod of_network;
mod open;
mod outside;
mod peer;
mod target;
#[cfg(test)]
mod tests;

use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicySpec};
use kubewright_source::Diagnostic;

pub(crate) use default_deny::objects as default_deny;
pub(crate) use of_network::objects as of_networks;
pub(crate) use open::report as report_open;
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
    let by_networks = membership::go_by_networks(scope.lowering.project);
    if membership::is_on_node(scope.app) {
        if by_networks || open::is_guarded(scope) {
            draft.diagnostics.push(no_policy_holds(scope));
        }
        return;
    }
    own_policy(scope, draft);
    if !by_networks {
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

/// The policy of the app's own; none where nothing is restricted.
fn own_policy(scope: &Scope<'_>, draft: &mut Draft) {
    let ingress = ingress::rules(scope, &mut draft.diagnostics);
    let egress = egress::rules(scope, &mut draft.diagnostics);
    if ingress.is_none() && egress.is_none() {
        return;
    }
    draft.diagnostics.extend(open::mesh(scope));
    let types = [
        ingress.is_some().then_some(INGRESS),
        egress.is_some().then_some(EGRESS),
    ];
    let types = types.into_iter().flatten().map(str::to_owned);
    draft.objects.push(scope.object(NetworkPolicy {
        metadata: scope.metadata(scope.name()),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(scope.selector()),
            policy_types: Some(types.collect()),
            ingress: ingress.filter(|rules| !rules.is_empty()),
            egress: egress.filter(|rules| !rules.is_empty()),
        }),
    }));
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
