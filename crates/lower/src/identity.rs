//! Who the pod is towards the cluster.
//!
//! <https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/>

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::aspect::{Aspect, Draft, Scope};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let identity = &scope.app.identity;
    let account = identity.service_account.as_ref();
    let token = identity.automount_token.as_ref().map(|token| token.value);
    // Kubernetes mounts a token unless told otherwise: only who asks for an
    // account has a use for one.
    let unsaid = account.is_none().then_some(false);
    draft.pod.automount_service_account_token = token.or(unsaid);
    draft.pod.service_account_name = account.map(|account| account.as_str().to_owned());
    let made = identity.create.as_ref().is_some_and(|create| create.value);
    if let (Some(account), true) = (account, made) {
        let annotations = identity.annotations.iter();
        let annotations: std::collections::BTreeMap<String, String> = annotations
            .map(|(key, value)| (key.as_str().to_owned(), value.value.clone()))
            .collect();
        draft.objects.push(scope.object(ServiceAccount {
            metadata: ObjectMeta {
                annotations: (!annotations.is_empty()).then_some(annotations),
                ..scope.metadata(account.as_str())
            },
            ..ServiceAccount::default()
        }));
    }
}
