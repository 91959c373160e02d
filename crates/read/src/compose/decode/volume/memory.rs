//! Memory as a volume: `type: tmpfs`, `tmpfs`, `shm_size`.

use kubewright_model::volume::VolumeSource;
use kubewright_model::{Given, Located, Memory, MountPath};

use super::super::amount;
use super::super::mount::{self, Mount, MountKind};
use super::room::Room;
use crate::fields::At;

pub(super) fn memory(room: &mut Room<'_>, mount: &Mount) {
    let source = VolumeSource::EmptyDir {
        memory: true,
        size_limit: mount.size,
    };
    let wanted = mount.target.value.file_name().to_owned();
    room.add(mount, &wanted, source);
}

/// `tmpfs: ["/tmp:size=64m,mode=1777"]`.
pub(super) fn tmpfs(room: &mut Room<'_>) {
    let service = room.service;
    let Some(at) = service.fields.get("tmpfs") else {
        return;
    };
    for item in at.one_or_many() {
        let Some(text) = item.text() else { continue };
        let (path, options) = text.value.split_once(':').unwrap_or((&text.value, ""));
        let path = Located::new(path.to_owned(), text.span);
        let Some(target) = item.checked(&path, MountPath::parse) else {
            continue;
        };
        if is_taken(room, &item, &target) {
            continue;
        }
        let size = options
            .split(',')
            .filter(|o| !o.is_empty())
            .fold(None, |size, option| tmpfs_option(&item, option).or(size));
        let mount = Mount {
            span: text.span,
            path: item.path.to_string(),
            kind: MountKind::Tmpfs,
            source: None,
            target,
            read_only: None,
            sub_path: None,
            propagation: None,
            size,
            create: true,
            copies: false,
        };
        memory(room, &mount);
    }
}

/// Whether another mount has this path, which is an error then.
fn is_taken(room: &Room<'_>, at: &At<'_>, target: &Located<MountPath>) -> bool {
    let mut paths = room.app.main.mounts.iter().map(|mount| &mount.path);
    let first = paths.find(|path| **path == *target).map(|path| path.span);
    if let Some(first) = first {
        mount::taken(at, target, first);
    }
    first.is_some()
}

fn tmpfs_option(at: &At<'_>, option: &str) -> Given<Memory> {
    if let Some(size) = option.strip_prefix("size=") {
        let bytes = amount::bytes(size).and_then(|bytes| Memory::from_bytes(bytes).ok());
        if bytes.is_none() {
            at.bad(format!("`{size}` is no size"), "write it like `size=64m`");
        }
        return bytes.map(|memory| Located::new(memory, at.span()));
    }
    if !matches!(
        option,
        "rw" | "exec" | "mode=1777" | "mode=0777" | "mode=777"
    ) {
        at.warn(
            "not-carried",
            format!("the option `{option}` of a tmpfs has no counterpart in Kubernetes"),
            "an `emptyDir` in memory can be written by all of the pod; leave the option out",
        );
    }
    None
}

/// `shm_size`: memory at `/dev/shm`.
pub(super) fn shared_memory(room: &mut Room<'_>) {
    let Some(at) = room.service.fields.get("shm_size") else {
        return;
    };
    let (Some(size), Ok(target)) = (amount::memory(&at), MountPath::parse("/dev/shm")) else {
        return;
    };
    let target = Located::new(target, at.span());
    if is_taken(room, &at, &target) {
        return;
    }
    let mount = Mount {
        span: at.span(),
        path: at.path.to_string(),
        kind: MountKind::Tmpfs,
        source: None,
        target,
        read_only: None,
        sub_path: None,
        propagation: None,
        size: Some(size),
        create: true,
        copies: false,
    };
    memory(room, &mount);
}
