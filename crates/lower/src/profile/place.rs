//! Which line of the input asked for what a standard forbids.

use kubewright_model::Given;
use kubewright_model::volume::VolumeSource;
use kubewright_source::Span;

use crate::aspect::Scope;

/// What of the model is meant.
pub(super) enum Matter {
    HostNetwork,
    HostPid,
    HostIpc,
    HostPort,
    Privileged,
    Escalation,
    Capability(String),
    Volume(String),
    AppArmor,
    Seccomp,
    SeLinux,
    Sysctl(String),
    User,
}

/// The place of a matter; where nobody wrote it, the app's name.
pub(super) fn of(scope: &Scope<'_>, matter: &Matter) -> Span {
    let pod = &scope.app.security;
    let main = &scope.app.main.security;
    let found = match matter {
        Matter::HostNetwork => span(&pod.host_network),
        Matter::HostPid => span(&pod.host_pid),
        Matter::HostIpc => span(&pod.host_ipc),
        Matter::HostPort => {
            let ports = scope.app.main.ports.iter().flatten();
            let mut hosts = ports.filter_map(|port| span(&port.host_port));
            hosts.next()
        }
        Matter::Privileged => span(&main.privileged),
        Matter::Escalation => span(&main.allow_privilege_escalation),
        Matter::Capability(name) => main
            .add_capabilities
            .iter()
            .find(|(capability, _)| capability.as_str() == name)
            .map(|(_, given)| given.span),
        Matter::Volume(name) => volume(scope, name),
        Matter::AppArmor => span(&main.app_armor).or_else(|| span(&pod.app_armor)),
        Matter::Seccomp => span(&main.seccomp).or_else(|| span(&pod.seccomp)),
        Matter::SeLinux => span(&main.se_linux).or_else(|| span(&pod.se_linux)),
        Matter::Sysctl(name) => pod.sysctls.get(name).map(|value| value.span),
        Matter::User => span(&main.user.run_as_user).or_else(|| span(&pod.user.run_as_user)),
    };
    found.unwrap_or(scope.app.name.span)
}

fn span<T>(given: &Given<T>) -> Option<Span> {
    given.as_ref().map(|given| given.span)
}

fn volume(scope: &Scope<'_>, name: &str) -> Option<Span> {
    let volumes = scope.app.volumes.iter();
    let mut named = volumes.filter(|volume| volume.name.as_str() == name);
    named.next().map(|volume| match &volume.source {
        VolumeSource::HostPath { path, .. } => path.span,
        VolumeSource::Other(tree) => tree.span,
        VolumeSource::Claim(_)
        | VolumeSource::Shared(_)
        | VolumeSource::ExistingClaim(_)
        | VolumeSource::EmptyDir { .. }
        | VolumeSource::ConfigMap(_)
        | VolumeSource::Secret(_)
        | VolumeSource::Image(_) => volume.name.span,
    })
}
