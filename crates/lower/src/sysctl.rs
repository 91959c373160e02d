//! Kernel parameters that every node sets for a pod that asks for them.
//!
//! <https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/#safe-and-unsafe-sysctls>

use kubewright_model::security::PodSecurity;
use kubewright_model::{Given, Located};
use kubewright_source::Diagnostic;

/// Those that no node has to be told to allow.
pub(crate) const SAFE: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

/// Beginnings of the names of those that a pod can have for itself; all others
/// are the whole node's.
const OWN: [&str; 5] = [
    "kernel.shm",
    "kernel.msg",
    "kernel.sem",
    "fs.mqueue.",
    "net.",
];

/// Whether a pod can have the parameter for itself.
pub(crate) fn is_own(name: &str) -> bool {
    OWN.iter().any(|begin| name.starts_with(begin))
}

/// A warning for a parameter of what the pod shares with its node: the API server
/// refuses the pod. None where it has that for itself.
pub(crate) fn shared(
    security: &PodSecurity,
    name: &str,
    value: &Located<String>,
) -> Option<Diagnostic> {
    let is_wanted = |given: &Given<bool>| given.as_ref().is_some_and(|word| word.value);
    let is_net = name.starts_with("net.") || name.starts_with("net/");
    let is_ipc = ["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."];
    let shared = match is_net {
        true => is_wanted(&security.host_network).then_some("network"),
        false => {
            let is_ipc = is_ipc.iter().any(|begin| name.starts_with(begin));
            (is_ipc && is_wanted(&security.host_ipc)).then_some("interprocess communication")
        }
    };
    let what = shared?;
    let said = Diagnostic::warning(
        "not-carried",
        value.span,
        format!("the kernel parameter `{name}` is the node's, whose {what} the pod shares"),
    );
    Some(said.help("set it on the nodes, or give the pod its own by leaving `host` out"))
}

/// What there is to say of a parameter.
pub(crate) fn diagnostic(app: &str, name: &str, value: &Located<String>) -> Option<Diagnostic> {
    if SAFE.contains(&name) {
        return None;
    }
    Some(match is_own(name) {
        true => Diagnostic::warning(
            "unsafe-sysctl",
            value.span,
            format!("nodes start `{app}` only where the kernel parameter `{name}` is allowed"),
        )
        .help(
            "allow it with the kubelet's `--allowed-unsafe-sysctls`, or leave it out if the \
             default will do",
        ),
        false => Diagnostic::warning(
            "not-carried",
            value.span,
            format!("the kernel parameter `{name}` is the whole node's: a pod cannot set it"),
        )
        .help("set it on the nodes, for example with a privileged DaemonSet or in their image"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_pods_and_nodes() {
        let own = Located::nowhere("1".to_owned());
        let rows = [
            ("net.ipv4.tcp_syncookies", None),
            ("net.core.somaxconn", Some("unsafe-sysctl")),
            ("kernel.msgmax", Some("unsafe-sysctl")),
            ("vm.max_map_count", Some("not-carried")),
            ("fs.inotify.max_user_watches", Some("not-carried")),
        ];
        for (name, expected) in rows {
            let said = diagnostic("web", name, &own).map(|said| said.code);
            assert_eq!(said, expected, "{name}");
        }
    }
}
