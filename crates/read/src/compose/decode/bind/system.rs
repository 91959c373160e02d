//! Paths of the machine's own system become paths of the node.

use kubewright_model::Located;
use kubewright_model::volume::{HostPathKind, VolumeSource};

use super::super::mount::Mount;
use super::super::volume::Room;
use super::room::warn;

/// Paths of a machine that are the system's: what lies there is not the project's.
const SYSTEM: [&str; 16] = [
    "/bin",
    "/boot",
    "/cgroup",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/tmp/.X11-unix",
    "/usr",
    "/var/lib/docker",
    "/var/log",
    "/var/run",
];

/// The path where it is one of the system.
pub(super) fn system_path(written: &str) -> Option<&str> {
    if written == "/" {
        return Some(written);
    }
    let path = written.trim_end_matches('/');
    let below = |system: &&str| {
        let rest = path.strip_prefix(*system);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    SYSTEM.iter().any(below).then_some(path)
}

pub(super) fn host_path(room: &mut Room<'_>, mount: &Mount, path: &str) {
    let is_docker = path.ends_with("/docker.sock");
    let kind = if path.ends_with(".sock") {
        Some(HostPathKind::Socket)
    } else if matches!(path, "/etc/localtime" | "/etc/timezone" | "/etc/machine-id") {
        Some(HostPathKind::File)
    } else {
        None
    };
    let (why, help) = match path {
        _ if is_docker => (
            "whoever has Docker's socket rules the node, and many clusters have no Docker",
            "use the Kubernetes API with a service account instead",
        ),
        "/etc/localtime" | "/etc/timezone" => (
            "it comes from whichever node the pod runs on",
            "set the variable `TZ` instead",
        ),
        _ => (
            "it is whatever the pod's node has there, and baseline security forbids it",
            "leave the mount out unless the service looks after nodes",
        ),
    };
    let message = format!("`{path}` of the machine becomes a path of the node: {why}");
    warn(room, mount, "host-path", message, help.to_owned());
    let wanted = match path.trim_matches('/') {
        "" => "root".to_owned(),
        path => path.rsplit('/').next().unwrap_or_default().to_owned(),
    };
    let source = VolumeSource::HostPath {
        path: Located::new(path.to_owned(), mount.span),
        kind: kind.map(|kind| Located::new(kind, mount.span)),
    };
    room.add(mount, &wanted, source);
}
