//! Who may talk to whom.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/network-policies/>

use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicySpec};

use crate::aspect::{Aspect, Draft, Scope};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let isolated = scope.app.access.isolated.as_ref();
    if isolated.is_some_and(|isolated| isolated.value) {
        draft
            .objects
            .push(scope.object(nothing_in_nothing_out(scope)));
    }
}

/// Both directions are named and no rule admits anything.
fn nothing_in_nothing_out(scope: &Scope<'_>) -> NetworkPolicy {
    NetworkPolicy {
        metadata: scope.metadata(scope.name()),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(scope.selector()),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
            ..NetworkPolicySpec::default()
        }),
    }
}
