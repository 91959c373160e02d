//! Rights of the whole pod.
//!
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/>

use k8s_openapi::api::core::v1 as core;
use kubewright_model::volume::VolumeSource;

use crate::aspect::{Aspect, Draft, Scope};
use crate::container::security::{app_armor, seccomp};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let given = &scope.app.security;
    let user = run_as_user(scope);
    let known = known_user(scope);
    let group = given.user.run_as_group.as_ref().map(|group| group.value);
    let non_root = given
        .user
        .run_as_non_root
        .as_ref()
        .map(|wanted| wanted.value);
    let groups: Vec<i64> = given
        .supplemental_groups
        .iter()
        .map(|group| group.value)
        .collect();
    let sysctls = sysctls(scope);
    let pod = &mut draft.pod;
    pod.security_context = Some(core::PodSecurityContext {
        run_as_user: user,
        run_as_group: group.or_else(|| known.map(|user| i64::from(user.gid))),
        run_as_non_root: non_root.or_else(|| user.filter(|user| *user > 0).map(|_| true)),
        fs_group: fs_group(scope, user),
        fs_group_change_policy: change_policy(scope, fs_group(scope, user)),
        supplemental_groups: (!groups.is_empty()).then_some(groups),
        seccomp_profile: Some(given.seccomp.as_ref().map_or_else(
            || seccomp(&kubewright_model::security::SeccompProfile::RuntimeDefault),
            |profile| seccomp(&profile.value),
        )),
        app_armor_profile: given
            .app_armor
            .as_ref()
            .map(|profile| app_armor(&profile.value)),
        sysctls: (!sysctls.is_empty()).then_some(sysctls),
        ..core::PodSecurityContext::default()
    });
    let wanted = |flag: &kubewright_model::Given<bool>| {
        flag.as_ref().map(|flag| flag.value).filter(|flag| *flag)
    };
    pod.host_network = wanted(&given.host_network);
    pod.host_pid = wanted(&given.host_pid);
    pod.host_ipc = wanted(&given.host_ipc);
    pod.share_process_namespace = wanted(&given.share_process_namespace);
    pod.host_users = given
        .host_users
        .as_ref()
        .map(|users| users.value)
        .filter(|users| !*users);
    if pod.host_network == Some(true) && pod.dns_policy.is_none() {
        // On the node's network the cluster's names resolve only with this.
        pod.dns_policy = Some("ClusterFirstWithHostNet".to_owned());
    }
}

/// The user that the pod's processes run as: the given one, else the one that
/// the main image is known to run well as.
pub(crate) fn run_as_user(scope: &Scope<'_>) -> Option<i64> {
    let given = scope
        .app
        .security
        .user
        .run_as_user
        .as_ref()
        .map(|user| user.value);
    given.or_else(|| known_user(scope).map(|user| i64::from(user.uid)))
}

/// What the image is known to run as, where the input leaves it open and asks
/// for no right that only root has.
fn known_user(scope: &Scope<'_>) -> Option<kubewright_knowledge::User> {
    let app = scope.app;
    let main = &app.main.security;
    let given = app.security.user.run_as_user.is_some() || main.user.run_as_user.is_some();
    let needs_root = main
        .privileged
        .as_ref()
        .is_some_and(|privileged| privileged.value)
        || !main.add_capabilities.is_empty();
    let alone =
        app.sidecars.is_empty() && app.companions.is_empty() && app.init_containers.is_empty();
    if given || needs_root || !alone {
        return None;
    }
    let known = scope.known?;
    known.family.user(known.tag)
}

/// The group that volumes belong to: the given one, else that of the user, so
/// that it can write to its claims.
fn fs_group(scope: &Scope<'_>, user: Option<i64>) -> Option<i64> {
    let given = scope
        .app
        .security
        .fs_group
        .as_ref()
        .map(|group| group.value);
    let has_claims = scope.app.volumes.iter().any(|volume| match &volume.source {
        VolumeSource::Claim(_) | VolumeSource::Shared(_) | VolumeSource::ExistingClaim(_) => true,
        VolumeSource::EmptyDir { .. }
        | VolumeSource::ConfigMap(_)
        | VolumeSource::Secret(_)
        | VolumeSource::HostPath { .. }
        | VolumeSource::Image(_)
        | VolumeSource::Other(_) => false,
    });
    let group = || {
        let own = scope
            .app
            .security
            .user
            .run_as_group
            .as_ref()
            .map(|group| group.value);
        let known = known_user(scope).map(|user| i64::from(user.fs_group()));
        own.or(known).or(user).filter(|group| *group > 0)
    };
    given.or_else(|| has_claims.then(group).flatten())
}

/// Images that refuse files whose mode has changed need their volumes left alone
/// from the second start on.
fn change_policy(scope: &Scope<'_>, fs_group: Option<i64>) -> Option<String> {
    let strict = scope.known.is_some_and(|known| known.family.strict_modes);
    (strict && fs_group.is_some()).then(|| "OnRootMismatch".to_owned())
}

fn sysctls(scope: &Scope<'_>) -> Vec<core::Sysctl> {
    scope
        .app
        .security
        .sysctls
        .iter()
        .map(|(name, value)| core::Sysctl {
            name: name.clone(),
            value: value.value.clone(),
        })
        .collect()
}
