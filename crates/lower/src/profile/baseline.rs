//! What the standard `baseline` forbids, and `restricted` with it.
//!
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline>

use k8s_openapi::api::core::v1 as core;

use super::place::Matter;
use super::{Violation, containers};
use crate::aspect::Draft;
use crate::sysctl::SAFE;

/// Capabilities that a container may have beyond those it starts with.
const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];
/// SELinux types that a pod may ask for.
const SE_LINUX_TYPES: [&str; 4] = [
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
];

const LEAVE_OUT: &str = "leave it out, or ask for less with `--security-profile none`";

/// All that a pod and its containers have of it.
pub(super) fn violations(draft: &Draft) -> Vec<Violation> {
    let mut found = of_pod(&draft.pod);
    for container in containers(draft) {
        found.extend(of_ports(container));
        if let Some(context) = &container.security_context {
            found.extend(of_context(context));
        }
    }
    found
}

fn violation(matter: Matter, what: impl Into<String>) -> Violation {
    Violation {
        matter,
        what: what.into(),
        help: LEAVE_OUT,
    }
}

fn of_pod(pod: &core::PodSpec) -> Vec<Violation> {
    let flags = [
        (pod.host_network, Matter::HostNetwork, "network"),
        (pod.host_pid, Matter::HostPid, "processes"),
        (pod.host_ipc, Matter::HostIpc, "shared memory"),
    ];
    let mut found: Vec<Violation> = flags
        .into_iter()
        .filter(|(flag, ..)| *flag == Some(true))
        .map(|(_, matter, what)| violation(matter, format!("has the {what} of its node")))
        .collect();
    for volume in pod.volumes.iter().flatten() {
        if let Some(path) = &volume.host_path {
            let what = format!("mounts `{}` of its node", path.path);
            found.push(violation(Matter::Volume(volume.name.clone()), what));
        }
    }
    if let Some(context) = &pod.security_context {
        for sysctl in context.sysctls.iter().flatten() {
            if !SAFE.contains(&sysctl.name.as_str()) {
                let what = format!("sets the kernel parameter `{}`", sysctl.name);
                found.push(violation(Matter::Sysctl(sysctl.name.clone()), what));
            }
        }
        found.extend(seccomp(context.seccomp_profile.as_ref()));
        found.extend(app_armor(context.app_armor_profile.as_ref()));
        found.extend(se_linux(context.se_linux_options.as_ref()));
    }
    found
}

fn of_ports(container: &core::Container) -> Option<Violation> {
    let mut ports = container.ports.iter().flatten();
    let port = ports.find_map(|port| port.host_port.filter(|port| *port != 0))?;
    Some(violation(
        Matter::HostPort,
        format!("takes port {port} of its node"),
    ))
}

fn of_context(context: &core::SecurityContext) -> Vec<Violation> {
    let mut found = Vec::new();
    if context.privileged == Some(true) {
        found.push(violation(Matter::Privileged, "is privileged"));
    }
    let added = context
        .capabilities
        .iter()
        .filter_map(|all| all.add.as_ref());
    for name in added.flatten() {
        if !CAPABILITIES.contains(&name.as_str()) {
            let what = format!("has the capability {name}");
            found.push(violation(Matter::Capability(name.clone()), what));
        }
    }
    found.extend(seccomp(context.seccomp_profile.as_ref()));
    found.extend(app_armor(context.app_armor_profile.as_ref()));
    found.extend(se_linux(context.se_linux_options.as_ref()));
    found
}

fn seccomp(profile: Option<&core::SeccompProfile>) -> Option<Violation> {
    let unconfined = profile?.type_ == "Unconfined";
    unconfined.then(|| violation(Matter::Seccomp, "may make every system call"))
}

fn app_armor(profile: Option<&core::AppArmorProfile>) -> Option<Violation> {
    let unconfined = profile?.type_ == "Unconfined";
    unconfined.then(|| violation(Matter::AppArmor, "is not confined by AppArmor"))
}

fn se_linux(options: Option<&core::SELinuxOptions>) -> Option<Violation> {
    let options = options?;
    let kind = options.type_.as_deref().unwrap_or_default();
    let allowed = kind.is_empty() || SE_LINUX_TYPES.contains(&kind);
    let plain = options.user.is_none() && options.role.is_none();
    (!allowed || !plain).then(|| {
        violation(
            Matter::SeLinux,
            "has an SELinux user, role or type of its own",
        )
    })
}
