//! `devices`: nodes of `/dev` become paths of the node, since Kubernetes hands
//! devices out by plugins alone.
//!
//! <https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/>

use kubewright_model::volume::{HostPathKind, VolumeSource};
use kubewright_model::{Located, MountPath};
use kubewright_yaml::Value;

use super::keys;
use super::mount::{self, Mount, MountKind};
use super::service::Service;
use super::volume::Room;
use crate::fields::At;

/// A device as it was written.
struct Device {
    source: Located<String>,
    target: Option<Located<String>>,
    permissions: Option<Located<String>>,
}

/// Reads the key into the app.
pub(super) fn read(room: &mut Room<'_>) {
    let service = room.service;
    let Some(at) = service.fields.get("devices") else {
        return;
    };
    for item in at.items() {
        let device = match &item.node.value {
            Value::Scalar(_) => short(&item),
            Value::Mapping(_) | Value::Sequence(_) => long(&item),
        };
        if let Some(device) = device {
            one(room, &item, &device);
        }
    }
}

/// `/dev/ttyUSB0:/dev/modem:rw`.
fn short(at: &At<'_>) -> Option<Device> {
    let text = at.text()?;
    let mut parts = text.value.splitn(3, ':');
    let mut part = || {
        let part = parts.next().filter(|part| !part.is_empty())?;
        Some(Located::new(part.to_owned(), text.span))
    };
    let source = part();
    if source.is_none() {
        at.bad("a device has no path", "write it like `/dev/ttyUSB0`");
    }
    Some(Device {
        source: source?,
        target: part(),
        permissions: part(),
    })
}

fn long(at: &At<'_>) -> Option<Device> {
    let fields = at.fields("a device")?;
    keys::settle(&fields, keys::DEVICE_MAPPING);
    let source = fields.need("source").and_then(|at| at.text());
    let target = fields.text("target");
    let permissions = fields.text("permissions");
    fields.finish();
    Some(Device {
        source: source?,
        target,
        permissions,
    })
}

fn one(room: &mut Room<'_>, at: &At<'_>, device: &Device) {
    let path = device.source.value.as_str();
    if !path.starts_with('/') {
        at.warn(
            "not-carried",
            "a device by a name of the Container Device Interface is handed out by a driver only",
            "graphics processors: ask for them with `gpus`. Others: install the vendor's driver \
             for dynamic resource allocation, make a ResourceClaimTemplate of its DeviceClass, and \
             name it in `resourceClaims` with a patch; or ask for the resource of its device plugin",
        );
        return;
    }
    if let Some(permissions) = &device.permissions
        && permissions
            .value
            .contains(|c| !matches!(c, 'r' | 'w' | 'm'))
    {
        at.bad(
            "the permissions of a device are made of `r`, `w` and `m`",
            "write them like `rwm`",
        );
        return;
    }
    let target = device.target.as_ref().unwrap_or(&device.source);
    let Some(target) = at.checked(target, MountPath::parse) else {
        return;
    };
    let mounts = room.app.main.mounts.iter();
    let taken = mounts
        .map(|mount| &mount.path)
        .find(|path| **path == target);
    if let Some(first) = taken {
        mount::taken(at, &target, first.span);
        return;
    }
    let access = Access::of(room.service, path);
    if access == Access::OfItsOwn && target.value.as_str() == path {
        at.note(
            "device",
            format!("every container has a `{path}` of its own: nothing is mounted"),
            "leave it out",
        );
        return;
    }
    access.say(at, path);
    let read_only = device
        .permissions
        .as_ref()
        .filter(|permissions| !permissions.value.contains('w'))
        .map(|permissions| Located::new(true, permissions.span));
    let wanted = target.value.file_name().to_owned();
    let span = device.source.span;
    let mount = Mount {
        span,
        path: at.path.to_string(),
        kind: MountKind::Bind,
        source: Some(device.source.clone()),
        target,
        read_only,
        sub_path: None,
        propagation: None,
        size: None,
        create: true,
        copies: false,
    };
    let source = VolumeSource::HostPath {
        path: device.source.clone(),
        kind: Some(Located::new(kind(path), span)),
    };
    room.add(&mount, &wanted, source);
}

/// Who may open a device: the runtime of a node lets ordinary containers open
/// few, whatever is mounted.
/// <https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-devices>
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// The container is privileged.
    Privileged,
    /// One of the few that every container has.
    OfItsOwn,
    /// For tunnels: among what runc and crun allow, in most of their versions;
    /// what the container lacks to use it is the right to change networks.
    Tunnel { has_right: bool },
    /// All others.
    Refused,
}

impl Access {
    fn of(service: &Service<'_>, path: &str) -> Self {
        let is_privileged = service.fields.get("privileged").is_some_and(|at| {
            let scalar = at.node.as_scalar();
            scalar.is_some_and(|scalar| scalar.text.eq_ignore_ascii_case("true"))
        });
        let added = service.fields.get("cap_add");
        let added = added.iter().filter_map(|at| at.node.as_sequence());
        let has_right = added.flatten().any(|item| {
            let name = item.as_scalar().map(|scalar| scalar.text.to_uppercase());
            let name = name.unwrap_or_default();
            matches!(name.trim_start_matches("CAP_"), "NET_ADMIN" | "ALL")
        });
        match path {
            _ if is_privileged => Self::Privileged,
            "/dev/null" | "/dev/zero" | "/dev/full" | "/dev/random" | "/dev/urandom"
            | "/dev/tty" => Self::OfItsOwn,
            "/dev/net/tun" => Self::Tunnel { has_right },
            _ => Self::Refused,
        }
    }

    /// What is to be known of a device that becomes a path of the node.
    fn say(self, at: &At<'_>, path: &str) {
        let choose = "choose the nodes that have it with `deploy.placement`";
        let (why, help) = match self {
            Self::Privileged | Self::OfItsOwn => ("which must have it", choose),
            Self::Tunnel { has_right: true } => (
                "which most runtimes let a container open",
                "where opening it is refused (runc 1.2.0 to 1.2.3, crun before 1.20), let a device \
                 plugin hand it out, or the annotation `io.kubernetes.cri-o.Devices` of CRI-O",
            ),
            Self::Tunnel { has_right: false } => (
                "and making tunnels with it needs the capability `NET_ADMIN`",
                "write `cap_add: [NET_ADMIN]`",
            ),
            Self::Refused => ("which only a privileged container may open", instead(path)),
        };
        at.warn(
            "device",
            format!("this device becomes a path of the pod's node, {why}"),
            help,
        );
    }
}

/// What to do about a device instead.
fn instead(path: &str) -> &'static str {
    let begins = |begin: &&str| path.starts_with(*begin);
    if ["/dev/nvidia", "/dev/kfd"].iter().any(begins) {
        return "ask for graphics processors with `gpus`: their plugin hands the devices out";
    }
    if begins(&"/dev/dri") {
        return "let the plugin of the graphics processor hand it out (`gpu.intel.com/i915`, \
                `amd.com/gpu`), and label the nodes that have it";
    }
    if path == "/dev/fuse" {
        return "let a device plugin hand it out; under CRI-O, as in OpenShift, the pod's annotation \
                `io.kubernetes.cri-o.Devices: /dev/fuse` does; or write `privileged: true`";
    }
    "let a device plugin hand it out, or write `privileged: true`; choose the nodes that have it \
     with `deploy.placement`"
}

/// What must stand at the path of the node.
fn kind(path: &str) -> HostPathKind {
    const FOLDERS: [&str; 8] = [
        "/dev/bus",
        "/dev/disk",
        "/dev/dri",
        "/dev/input",
        "/dev/mapper",
        "/dev/serial",
        "/dev/shm",
        "/dev/snd",
    ];
    const BLOCKS: [&str; 8] = ["sd", "hd", "vd", "xvd", "nvme", "loop", "mmcblk", "dm-"];
    let name = path.rsplit('/').next().unwrap_or_default();
    let by_path = path.starts_with("/dev/disk/") || path.starts_with("/dev/mapper/");
    // A controller (`nvme0`) is a character device, its disks are blocks.
    let is_disk = BLOCKS.iter().any(|begin| name.starts_with(begin))
        && (!name.starts_with("nvme") || name[4..].contains('n'));
    let is_usb_folder = path.starts_with("/dev/bus/") && path.matches('/').count() < 5;
    if FOLDERS.contains(&path.trim_end_matches('/')) || is_usb_folder {
        HostPathKind::Directory
    } else if by_path && path != "/dev/mapper/control" || is_disk {
        HostPathKind::BlockDevice
    } else {
        HostPathKind::CharDevice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_at_a_path() {
        use HostPathKind::{BlockDevice, CharDevice, Directory};
        let rows = [
            ("/dev/fuse", CharDevice),
            ("/dev/net/tun", CharDevice),
            ("/dev/ttyUSB0", CharDevice),
            ("/dev/dri", Directory),
            ("/dev/dri/renderD128", CharDevice),
            ("/dev/sda", BlockDevice),
            ("/dev/nvme0", CharDevice),
            ("/dev/nvme0n1", BlockDevice),
            ("/dev/mapper/control", CharDevice),
            ("/dev/bus/usb", Directory),
            ("/dev/bus/usb/001/002", CharDevice),
            ("/dev/snd", Directory),
        ];
        for (path, expected) in rows {
            assert_eq!(kind(path), expected, "{path}");
        }
    }
}
