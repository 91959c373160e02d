//! Who is let in: by visibility, by what is declared, and past that whatever
//! has to be for routes, public ports and scalers.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort,
};
use kubewright_model::access::{Peer, Visibility};
use kubewright_model::project::NetworkPolicyMode;
use kubewright_model::service::{Headless, Port};
use kubewright_model::workload::Workload;
use kubewright_model::{App, Located, Name};
use kubewright_source::{Diagnostic, Diagnostics};

use super::membership::go_by_networks;
use super::{open, outside, peer, target};
use crate::aspect::Scope;
use crate::scaling::{KEDA_NAMESPACE, is_intercepted};
use crate::service;

/// Who may reach an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Everybody; no policy of ours looks at it.
    Anybody,
    /// Everybody, past the policies of the environment.
    LetIn,
    /// Pods of any namespace.
    Cluster,
    /// Pods of the same namespace.
    Neighbours,
    /// Whom `allow_from`, a dependency or a route names.
    Named {
        /// The app itself says so: what others say of themselves is no word.
        by_itself: bool,
    },
}

/// What the app says, else what the environment's policies want.
pub(super) fn who(scope: &Scope<'_>) -> Who {
    let access = &scope.app.access;
    let mode = scope.lowering.project.facts.network_policy;
    match access.visibility.as_ref().map(|word| word.value) {
        Some(Visibility::Open) => match mode {
            NetworkPolicyMode::None | NetworkPolicyMode::Permissive => Who::Anybody,
            NetworkPolicyMode::Strict | NetworkPolicyMode::Networks => Who::LetIn,
        },
        Some(Visibility::Public | Visibility::Internal) => Who::Cluster,
        Some(Visibility::Private) => Who::Neighbours,
        Some(Visibility::Restricted) => Who::Named { by_itself: true },
        None => match mode {
            // Who lists those that may come means that others may not.
            NetworkPolicyMode::None | NetworkPolicyMode::Networks
                if !access.allow_from.is_empty() =>
            {
                Who::Named { by_itself: true }
            }
            NetworkPolicyMode::None | NetworkPolicyMode::Networks => Who::Anybody,
            NetworkPolicyMode::Permissive => Who::Neighbours,
            NetworkPolicyMode::Strict => Who::Named { by_itself: false },
        },
    }
}

/// The rules that let somebody in; none: there is no policy for this direction.
pub(super) fn rules(
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<NetworkPolicyIngressRule>> {
    let who = who(scope);
    let base = match who {
        Who::Anybody => {
            diagnostics.extend(no_effect(scope));
            return None;
        }
        Who::LetIn => {
            diagnostics.extend(no_effect(scope));
            return Some(vec![NetworkPolicyIngressRule::default()]);
        }
        Who::Cluster => vec![peer::cluster()],
        Who::Neighbours => vec![peer::neighbours()],
        Who::Named { .. } => Vec::new(),
    };
    let ports = service::ports(scope.app, scope.infrastructure);
    let numbers = outside::numbers(ports.iter());
    let mut peers = base;
    peers.extend(declared(scope, who));
    let mut rules = Vec::new();
    if !numbers.is_empty() && !peers.is_empty() {
        rules.push(rule(Some(peers), numbers.clone()));
    }
    for given in &scope.app.access.allow_from {
        let allowed = allowed(scope, given, &ports, &numbers, diagnostics);
        // Whoever depends on it may be named, too.
        rules.extend(allowed.filter(|rule| !rules.contains(rule)));
    }
    if !go_by_networks(scope.lowering.project) {
        rules.extend(outside::rules(scope));
    }
    rules.extend(scalers(scope, &numbers));
    Some(rules)
}

/// Entries that are let in because somebody says so, and the app's own pods
/// where they form a cluster.
fn declared(scope: &Scope<'_>, who: Who) -> Vec<NetworkPolicyPeer> {
    let name = &scope.app.name.value;
    let declared = &scope.lowering.declared;
    let callers: &[_] = match who {
        Who::Named { by_itself: false } => declared.callers(name),
        Who::Named { by_itself: true }
        | Who::Anybody
        | Who::LetIn
        | Who::Cluster
        | Who::Neighbours => &[],
    };
    let own = is_cluster(scope).then_some(scope.app);
    let others = declared.dependents(name).iter().chain(callers).copied();
    let others: BTreeMap<&Name, &App> = own
        .into_iter()
        .chain(others)
        .map(|other| (&other.name.value, other))
        .collect();
    let peers = others.into_values().map(|other| peer::app(scope, other));
    let foreign = declared.foreign(name).iter();
    let foreign = foreign.filter_map(|entry| target::foreign(scope, scope.lowering.project, entry));
    peers
        .chain(foreign)
        .filter(|found| match who {
            // Whoever is there anyway.
            Who::Cluster => false,
            Who::Neighbours => found.namespace_selector.is_some(),
            Who::Named { .. } | Who::Anybody | Who::LetIn => true,
        })
        .collect()
}

/// Whether the app's pods find each other by names of their own.
pub(super) fn is_cluster(scope: &Scope<'_>) -> bool {
    let headless = match &scope.app.service.headless {
        Headless::Unsaid => false,
        Headless::Given(word) => word.value,
        Headless::Named(_) => true,
    };
    headless || matches!(scope.app.workload, Workload::StatefulSet(_))
}

fn allowed(
    scope: &Scope<'_>,
    given: &Located<Peer>,
    ports: &[Port],
    all: &[NetworkPolicyPort],
    diagnostics: &mut Diagnostics,
) -> Option<NetworkPolicyIngressRule> {
    let found = target::from(scope, given, diagnostics)?;
    let numbers = match found.ports {
        [] => all.to_vec(),
        said => peer::numbered(ports, said),
    };
    Some(rule(Some(found.peers), numbers))
}

/// KEDA's interceptor brings the requests; its operator asks for queues.
fn scalers(scope: &Scope<'_>, numbers: &[NetworkPolicyPort]) -> Option<NetworkPolicyIngressRule> {
    let is_queue = scope.lowering.declared.is_queue(&scope.app.name.value);
    let wanted = (is_intercepted(scope.app) || is_queue) && !numbers.is_empty();
    wanted.then(|| rule(Some(vec![peer::all_of(KEDA_NAMESPACE)]), numbers.to_vec()))
}

pub(super) fn rule(
    from: Option<Vec<NetworkPolicyPeer>>,
    ports: Vec<NetworkPolicyPort>,
) -> NetworkPolicyIngressRule {
    NetworkPolicyIngressRule {
        from,
        ports: (!ports.is_empty()).then_some(ports),
    }
}

/// Rules for whoever may come anyway.
fn no_effect(scope: &Scope<'_>) -> Option<Diagnostic> {
    let first = scope.app.access.allow_from.first()?;
    Some(open::said(scope, first.span, "reach it", "`visibility`"))
}
