//! Whom an app reaches, where that is restricted: names always, what it depends
//! on, and what it says.

use k8s_openapi::api::networking::v1::{
    NetworkPolicyEgressRule, NetworkPolicyPeer, NetworkPolicyPort,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_model::Located;
use kubewright_model::access::{Egress, Peer};
use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::project::NetworkPolicyMode;
use kubewright_source::{Diagnostic, Diagnostics};

use super::declared::{needs, talks_to};
use super::ingress::is_cluster;
use super::membership::{go_by_networks, is_internal};
use super::{of_network, open, outside, peer, target};
use crate::aspect::Scope;
use crate::service;

/// The ports of API servers, as pods reach them.
const API_SERVER: [i32; 2] = [443, 6443];

/// What may leave an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Everything; no policy of ours looks at it.
    Anything,
    /// Everything, past the policies of the environment.
    LetOut,
    /// What is declared.
    Declared {
        /// The app itself says so: what others say of themselves is no word.
        by_itself: bool,
    },
}

/// What the app says, else what the environment's policies want.
pub(super) fn what(scope: &Scope<'_>) -> What {
    let access = &scope.app.access;
    let project = scope.lowering.project;
    let is_strict = project.facts.network_policy == NetworkPolicyMode::Strict;
    match access.egress.as_ref().map(|egress| egress.value) {
        Some(Egress::Any) if is_strict || go_by_networks(project) => What::LetOut,
        Some(Egress::Any) => What::Anything,
        Some(Egress::Declared) => What::Declared { by_itself: true },
        None if !access.allow_to.is_empty() && !is_strict => What::Declared { by_itself: true },
        None if is_strict => What::Declared { by_itself: false },
        None if is_inside(scope) => What::Declared { by_itself: true },
        None => What::Anything,
    }
}

/// All networks of the app are internal, and the environment's policies do not
/// go by networks but hold.
fn is_inside(scope: &Scope<'_>) -> bool {
    let project = scope.lowering.project;
    let networks = &scope.app.access.networks;
    let internal = |network: &Located<_>| is_internal(project.networks.get(&network.value));
    project.facts.network_policy == NetworkPolicyMode::Permissive
        && !networks.is_empty()
        && networks.iter().all(internal)
}

/// The rules that let something out; none: there is no policy for this direction.
pub(super) fn rules(
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<NetworkPolicyEgressRule>> {
    let by_itself = match what(scope) {
        What::Anything | What::LetOut => {
            diagnostics.extend(no_effect(scope));
            let is_let_out = what(scope) == What::LetOut;
            return is_let_out.then(|| vec![NetworkPolicyEgressRule::default()]);
        }
        What::Declared { by_itself } => by_itself,
    };
    let mut rules: Vec<NetworkPolicyEgressRule> = of_network::names().into();
    if is_cluster(scope) {
        let ports = service::ports(scope.app, scope.infrastructure);
        let numbers = outside::numbers(ports.iter());
        add(&mut rules, to(vec![peer::app(scope, scope.app)], numbers));
    }
    for dependency in dependencies(scope) {
        let on = Located::new(&dependency.on.value, dependency.on.span);
        let port = dependency.port.as_ref().map(|port| port.value);
        let found = target::needed(scope, on, port, diagnostics);
        found.into_iter().for_each(|rule| add(&mut rules, rule));
    }
    for name in talks_to(scope.lowering.project, scope.app) {
        let found = target::needed(scope, name, None, diagnostics);
        found.into_iter().for_each(|rule| add(&mut rules, rule));
    }
    if let Some(outer) = scope.lowering.outer {
        for (name, port) in needs(outer.entry) {
            let found = target::around(scope, outer, name, port, diagnostics);
            found.into_iter().for_each(|rule| add(&mut rules, rule));
        }
    }
    for given in &scope.app.access.allow_to {
        let found = target::to(scope, given, diagnostics);
        found.into_iter().for_each(|rule| add(&mut rules, rule));
    }
    if !by_itself {
        for host in scope.lowering.declared.hosts(&scope.app.name.value) {
            let found = target::app(scope, host);
            found.into_iter().for_each(|rule| add(&mut rules, rule));
        }
    }
    if asks_the_api(scope) {
        add(&mut rules, api_server());
    }
    Some(rules)
}

pub(super) fn dependencies<'a>(scope: &Scope<'a>) -> impl Iterator<Item = &'a Dependency> {
    let companions = scope.app.companions.iter();
    let companions = companions.flat_map(|companion| &companion.dependencies);
    scope.app.dependencies.iter().chain(companions)
}

fn add(rules: &mut Vec<NetworkPolicyEgressRule>, rule: NetworkPolicyEgressRule) {
    if !rules.contains(&rule) {
        rules.push(rule);
    }
}

pub(super) fn to(
    peers: Vec<NetworkPolicyPeer>,
    ports: Vec<NetworkPolicyPort>,
) -> NetworkPolicyEgressRule {
    NetworkPolicyEgressRule {
        to: (!peers.is_empty()).then_some(peers),
        ports: (!ports.is_empty()).then_some(ports),
    }
}

/// Who waits for a Job or has rights in the cluster asks the API server.
fn asks_the_api(scope: &Scope<'_>) -> bool {
    let waits = |dependency: &Dependency| dependency.condition.value == Condition::Completed;
    let token = scope.app.identity.automount_token.as_ref();
    let has_rights = !scope.app.identity.rules.is_empty() || token.is_some_and(|t| t.value);
    has_rights || dependencies(scope).any(waits)
}

/// It is no pod, and its address is the cluster's matter.
fn api_server() -> NetworkPolicyEgressRule {
    let ports = API_SERVER.map(|number| NetworkPolicyPort {
        port: Some(IntOrString::Int(number)),
        ..NetworkPolicyPort::default()
    });
    to(Vec::new(), ports.to_vec())
}

/// Rules for what may leave anyway.
fn no_effect(scope: &Scope<'_>) -> Option<Diagnostic> {
    let first: &Located<Peer> = scope.app.access.allow_to.first()?;
    let message = "be reached from it";
    Some(open::said(scope, first.span, message, "`egress`"))
}
