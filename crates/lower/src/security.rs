//! Rights of the whole pod.
//!
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/>

use k8s_openapi::api::core::v1 as core;
use kubewright_model::Located;
use kubewright_model::object::Tree;
use kubewright_model::security::SeccompProfile;
use kubewright_model::volume::VolumeSource;
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, Draft, Scope};
use crate::container::security::{app_armor, seccomp};
use crate::{profile, sysctl, tree};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let given = &scope.app.security;
    draft.diagnostics.extend(excluded(scope));
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
    let sysctls = sysctls(scope, draft);
    let hardens = profile::hardens(scope);
    let unsaid_non_root = user.filter(|user| hardens && *user > 0).map(|_| true);
    let se_linux = se_linux(scope, given.se_linux.as_ref(), draft);
    let pod = &mut draft.pod;
    pod.security_context = Some(core::PodSecurityContext {
        run_as_user: user,
        run_as_group: group.or_else(|| known.map(|user| i64::from(user.gid))),
        run_as_non_root: non_root.or(unsaid_non_root),
        fs_group: fs_group(scope, user),
        fs_group_change_policy: change_policy(scope, fs_group(scope, user)),
        supplemental_groups: (!groups.is_empty()).then_some(groups),
        seccomp_profile: match &given.seccomp {
            Some(profile) => Some(seccomp(&profile.value)),
            None => hardens.then(|| seccomp(&SeccompProfile::RuntimeDefault)),
        },
        se_linux_options: se_linux,
        app_armor_profile: given
            .app_armor
            .as_ref()
            .map(|profile| app_armor(&profile.value)),
        sysctls: (!sysctls.is_empty()).then_some(sysctls),
        ..core::PodSecurityContext::default()
    })
    .filter(|context| *context != core::PodSecurityContext::default());
    let wanted = |flag: &kubewright_model::Given<bool>| {
        flag.as_ref().map(|flag| flag.value).filter(|flag| *flag)
    };
    pod.host_network = wanted(&given.host_network);
    pod.host_pid = wanted(&given.host_pid);
    pod.host_ipc = wanted(&given.host_ipc);
    pod.share_process_namespace = wanted(&given.share_process_namespace);
    // `true` is what holds anyway, unless something in the cluster thinks otherwise.
    pod.host_users = given.host_users.as_ref().map(|users| users.value);
    if pod.host_network == Some(true) && pod.dns_policy.is_none() {
        // On the node's network the cluster's names resolve only with this.
        pod.dns_policy = Some("ClusterFirstWithHostNet".to_owned());
    }
}

/// Wishes that exclude each other: users of its own, or the node's processes, and
/// what goes with the node.
fn excluded(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let given = &scope.app.security;
    let node = [
        (&given.host_network, "the network of the node"),
        (&given.host_pid, "the processes of the node"),
        (&given.host_ipc, "the memory segments of the node"),
    ];
    let own_users = given.host_users.as_ref().filter(|word| !word.value);
    let shares = given.share_process_namespace.as_ref();
    let shares = shares.filter(|word| word.value);
    let mut said = Vec::new();
    for (word, what) in node {
        let Some(word) = word.as_ref().filter(|word| word.value) else {
            continue;
        };
        if let Some(own) = own_users {
            let message = format!(
                "`{}` is to have users of its own (`host_users: false`) and {what}",
                scope.name()
            );
            let found = Diagnostic::error("bad-value", word.span, message);
            let found = found.related(own.span, "users of its own");
            said.push(found.help("take one of the two away: Kubernetes refuses both"));
        }
    }
    if let (Some(shares), Some(node)) = (shares, given.host_pid.as_ref().filter(|word| word.value))
    {
        let message = format!(
            "the containers of `{}` are to share their processes, and to see the node's",
            scope.name()
        );
        let found = Diagnostic::error("bad-value", shares.span, message);
        let found = found.related(node.span, "the node's");
        said.push(found.help("take one of the two away: Kubernetes refuses both"));
    }
    said
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
    if given || needs_root || !alone || !profile::hardens(scope) {
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
        own.or(known)
            .or(user)
            .or_else(|| of_containers(scope))
            .filter(|group| *group > 0)
    };
    given.or_else(|| has_claims.then(group).flatten())
}

/// The group of the first container that has a user of its own: it becomes a
/// further group of all containers, so that each of them can write.
fn of_containers(scope: &Scope<'_>) -> Option<i64> {
    let companions = scope.app.companions.iter();
    let companions = companions.map(|companion| &companion.container);
    let mut users = std::iter::once(&scope.app.main)
        .chain(companions)
        .map(|container| &container.security.user);
    users.find_map(|user| {
        let group = user.run_as_group.as_ref().or(user.run_as_user.as_ref());
        group.map(|group| group.value).filter(|group| *group > 0)
    })
}

/// Images that refuse files whose mode has changed need their volumes left alone
/// from the second start on.
fn change_policy(scope: &Scope<'_>, fs_group: Option<i64>) -> Option<String> {
    let strict = scope.known.is_some_and(|known| known.family.strict_modes);
    (strict && fs_group.is_some()).then(|| "OnRootMismatch".to_owned())
}

/// SELinux settings come in Kubernetes' words.
pub(crate) fn se_linux(
    scope: &Scope<'_>,
    given: Option<&Located<Tree>>,
    draft: &mut Draft,
) -> Option<core::SELinuxOptions> {
    let given = given?;
    match tree::typed(&given.value) {
        Ok(options) => Some(options),
        Err(problem) => {
            draft.diagnostics.push(
                Diagnostic::error(
                    "bad-value",
                    given.span,
                    format!(
                        "the SELinux settings of `{}` are none that Kubernetes knows: {problem}",
                        scope.name()
                    ),
                )
                .help("write them as in the `seLinuxOptions` of a pod"),
            );
            None
        }
    }
}

/// Parameters that only the whole node has are said, not written: the kubelet
/// would refuse the pod.
fn sysctls(scope: &Scope<'_>, draft: &mut Draft) -> Vec<core::Sysctl> {
    let security = &scope.app.security;
    let given = &security.sysctls;
    let shared = |name: &str, value| sysctl::shared(security, name, value);
    draft
        .diagnostics
        .extend(given.iter().filter_map(|(name, value)| {
            shared(name, value).or_else(|| sysctl::diagnostic(scope.name(), name, value))
        }));
    given
        .iter()
        .filter(|(name, value)| sysctl::is_own(name) && shared(name, value).is_none())
        .map(|(name, value)| core::Sysctl {
            name: name.clone(),
            value: value.value.clone(),
        })
        .collect()
}
