//! Rights of a container.
//!
//! What is not given is made secure as far as nothing fails that ran before:
//! nobody gains rights; capabilities go where the image is known to bear it.
//!
//! <https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1 as core;
use kubewright_model::security::{Capability, SeccompProfile};
use kubewright_source::{Diagnostic, Span};

use crate::aspect::{Aspect, ContainerScope, Draft, Place};
use crate::profile;
use crate::security::{run_as_user, se_linux};

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let given = &scope.container.security;
    let privileged = given
        .privileged
        .as_ref()
        .is_some_and(|privileged| privileged.value);
    let capabilities = capabilities(scope, privileged);
    let gains_rights = privileged || adds(capabilities.as_ref(), "SYS_ADMIN");
    let escalation = given.allow_privilege_escalation.as_ref();
    // Kubernetes refuses `false` beside either: such a container has all rights.
    let refused = escalation.filter(|escalation| gains_rights && !escalation.value);
    if let Some(refused) = refused {
        draft.diagnostics.push(has_all_rights(scope, refused.span));
    }
    let escalation = match refused {
        Some(_) => None,
        None => escalation.map(|escalation| escalation.value),
    };
    let hardens = profile::hardens(scope.app);
    let unsaid = (hardens && !gains_rights).then_some(false);
    let se_linux = se_linux(scope.app, given.se_linux.as_ref(), draft);
    container.security_context = Some(core::SecurityContext {
        run_as_user: given.user.run_as_user.as_ref().map(|user| user.value),
        run_as_group: given.user.run_as_group.as_ref().map(|group| group.value),
        run_as_non_root: given
            .user
            .run_as_non_root
            .as_ref()
            .map(|wanted| wanted.value)
            .or_else(|| {
                let user = given.user.run_as_user.as_ref();
                user.filter(|user| user.value > 0).map(|_| true)
            }),
        privileged: privileged.then_some(true),
        allow_privilege_escalation: escalation.or(unsaid),
        read_only_root_filesystem: given
            .read_only_root_filesystem
            .as_ref()
            .map(|read_only| read_only.value)
            .filter(|read_only| *read_only),
        capabilities,
        se_linux_options: se_linux,
        seccomp_profile: given
            .seccomp
            .as_ref()
            .map(|profile| seccomp(&profile.value)),
        app_armor_profile: given
            .app_armor
            .as_ref()
            .map(|profile| app_armor(&profile.value)),
        ..core::SecurityContext::default()
    })
    .filter(|context| *context != core::SecurityContext::default());
}

fn has_all_rights(scope: &ContainerScope<'_>, span: Span) -> Diagnostic {
    Diagnostic::warning(
        "all-rights",
        span,
        format!(
            "`{}` has all rights already, so that it cannot be kept from gaining more",
            scope.prefix
        ),
    )
    .help("leave out `privileged` and the capability SYS_ADMIN, or this")
}

fn adds(capabilities: Option<&core::Capabilities>, name: &str) -> bool {
    let added = capabilities.and_then(|capabilities| capabilities.add.as_ref());
    added.is_some_and(|added| added.iter().any(|added| added == name || added == "ALL"))
}

fn capabilities(scope: &ContainerScope<'_>, privileged: bool) -> Option<core::Capabilities> {
    let given = &scope.container.security;
    let mut drop: BTreeSet<&str> = given.dropped();
    let mut add: BTreeSet<&str> = given
        .add_capabilities
        .keys()
        .map(Capability::as_str)
        .collect();
    let needed = known_needs(scope).filter(|_| !privileged && drop.is_empty());
    if let Some(needed) = needed {
        drop.insert("ALL");
        add.extend(needed.iter().copied());
    }
    let owned = |names: BTreeSet<&str>| {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        (!names.is_empty()).then_some(names)
    };
    let capabilities = core::Capabilities {
        add: owned(add),
        drop: owned(drop),
    };
    (capabilities != core::Capabilities::default()).then_some(capabilities)
}

/// The capabilities that the image is known to need as the user it runs as.
fn known_needs(scope: &ContainerScope<'_>) -> Option<&'static [&'static str]> {
    let known = scope.known.filter(|_| profile::hardens(scope.app))?;
    let own = scope
        .container
        .security
        .user
        .run_as_user
        .as_ref()
        .map(|user| user.value);
    let of_pod = match scope.place {
        Place::Main => run_as_user(scope.app),
        Place::Init | Place::Sidecar | Place::Companion => scope
            .app
            .app
            .security
            .user
            .run_as_user
            .as_ref()
            .map(|user| user.value),
    };
    let user = own.or(of_pod).unwrap_or(0);
    known.family.capabilities(u32::try_from(user).ok()?)
}

/// A seccomp profile, as Kubernetes writes it.
pub(crate) fn seccomp(profile: &SeccompProfile) -> core::SeccompProfile {
    let (kind, path) = parts(profile);
    core::SeccompProfile {
        type_: kind,
        localhost_profile: path,
    }
}

/// An AppArmor profile, as Kubernetes writes it.
pub(crate) fn app_armor(profile: &SeccompProfile) -> core::AppArmorProfile {
    let (kind, path) = parts(profile);
    core::AppArmorProfile {
        type_: kind,
        localhost_profile: path,
    }
}

fn parts(profile: &SeccompProfile) -> (String, Option<String>) {
    match profile {
        SeccompProfile::RuntimeDefault => ("RuntimeDefault".to_owned(), None),
        SeccompProfile::Unconfined => ("Unconfined".to_owned(), None),
        SeccompProfile::Localhost(path) => ("Localhost".to_owned(), Some(path.clone())),
    }
}
