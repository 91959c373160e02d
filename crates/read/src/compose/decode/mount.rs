//! One entry of a service's `volumes`, in its short or long form, as written.
//!
//! What it means for Kubernetes is decided in `volume` and `bind`.

use kubewright_model::value::SubPath;
use kubewright_model::volume::Propagation;
use kubewright_model::{Given, Located, MountPath};
use kubewright_source::Span;
use kubewright_yaml::Value;

use super::{amount, keys};
use crate::fields::{At, Fields};

/// One mount as it was written.
#[derive(Clone, Debug)]
pub(super) struct Mount {
    /// The whole entry.
    pub(super) span: Span,
    /// Its key path.
    pub(super) path: String,
    pub(super) kind: MountKind,
    pub(super) source: Option<Located<String>>,
    pub(super) target: Located<MountPath>,
    pub(super) read_only: Given<bool>,
    pub(super) sub_path: Given<SubPath>,
    pub(super) propagation: Given<Propagation>,
    /// Of a `tmpfs`.
    pub(super) size: Given<kubewright_model::Memory>,
    /// False: compose refuses a bind mount whose source is missing.
    pub(super) create: bool,
    /// Whether Docker fills an empty volume with what the image has there.
    pub(super) copies: bool,
}

/// What is mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MountKind {
    /// A named volume, or an anonymous one.
    Volume,
    /// A path of the machine.
    Bind,
    /// Memory.
    Tmpfs,
    /// An image.
    Image,
    /// Windows' pipes and Swarm's volumes.
    Foreign(&'static str),
}

impl Mount {
    /// The named volume, where it is one.
    pub(super) fn named(&self) -> Option<&Located<String>> {
        match self.kind {
            MountKind::Volume => self.source.as_ref(),
            MountKind::Bind | MountKind::Tmpfs | MountKind::Image | MountKind::Foreign(_) => None,
        }
    }
}

/// The entries of `volumes`.
pub(super) fn read(at: &At<'_>) -> Vec<Mount> {
    let items = at.items();
    let one = |item: &At<'_>| match &item.node.value {
        Value::Scalar(_) => short(item),
        Value::Mapping(_) | Value::Sequence(_) => long(item),
    };
    let mounts: Vec<Mount> = items.iter().filter_map(one).collect();
    once(at, mounts)
}

/// Two mounts at one path are refused, as compose does.
fn once(at: &At<'_>, mounts: Vec<Mount>) -> Vec<Mount> {
    let mut kept: Vec<Mount> = Vec::with_capacity(mounts.len());
    for mount in mounts {
        match kept.iter().find(|other| other.target == mount.target) {
            Some(first) => taken(at, &mount.target, first.span),
            None => kept.push(mount),
        }
    }
    kept
}

/// The error for a second mount at one path.
pub(super) fn taken(at: &At<'_>, target: &Located<MountPath>, first: Span) {
    let said = kubewright_source::Diagnostic::error(
        "mount-taken",
        target.span,
        format!("`{}` is mounted twice", target.value),
    );
    let said = said
        .related(first, "mounted here")
        .help("keep one of the two, or choose another path");
    at.push(said);
}

fn short(at: &At<'_>) -> Option<Mount> {
    let text = at.text()?;
    let parts = split(&text.value);
    if parts.windows(2).skip(1).any(is_windows_path) {
        at.warn(
            "not-carried",
            format!(
                "`{}` is mounted at a path of Windows, and pods run on Linux",
                text.value
            ),
            "mount it at a path that begins with `/`",
        );
        return None;
    }
    if parts.iter().any(|part| part.is_empty()) || parts.len() > 3 {
        at.bad(
            format!(
                "`{}` is no volume: between its colons something is missing or too much",
                text.value
            ),
            "write it like `data:/var/lib/data:ro`",
        );
        return None;
    }
    let (source, target, options) = match parts.as_slice() {
        [target] => (None, *target, ""),
        [source, target] => (Some(*source), *target, ""),
        [source, target, options, ..] => (Some(*source), *target, *options),
        [] => return None,
    };
    let target = at.checked(
        &Located::new(target.to_owned(), text.span),
        MountPath::parse,
    )?;
    let is_path = source.is_some_and(is_path);
    let mut mount = Mount {
        span: text.span,
        path: at.path.to_string(),
        kind: if is_path {
            MountKind::Bind
        } else {
            MountKind::Volume
        },
        source: source.map(|source| Located::new(source.to_owned(), text.span)),
        target,
        read_only: None,
        sub_path: None,
        propagation: None,
        size: None,
        create: true,
        copies: true,
    };
    for option in options.split(',').filter(|option| !option.is_empty()) {
        take_option(at, &mut mount, option);
    }
    Some(mount)
}

/// `D:\config`, taken apart at its colon.
fn is_windows_path(parts: &[&str]) -> bool {
    matches!(parts, [drive, path] if drive.len() == 1
        && drive.starts_with(|c: char| c.is_ascii_alphabetic())
        && path.starts_with('\\'))
}

fn take_option(at: &At<'_>, mount: &mut Mount, option: &str) {
    let span = mount.span;
    match option {
        "ro" => mount.read_only = Some(Located::new(true, span)),
        "rw" => mount.read_only = Some(Located::new(false, span)),
        // The kubelet labels volumes for SELinux by itself; the others speed up
        // Docker Desktop or say what Kubernetes does anyway.
        "nocopy" => mount.copies = false,
        "z" | "Z" | "cached" | "delegated" | "consistent" | "default" => {}
        other => match propagation(other) {
            Some(value) => mount.propagation = Some(Located::new(value, span)),
            None => at.warn(
                "not-carried",
                format!("the option `{other}` of a volume is none that compose knows"),
                "leave it out",
            ),
        },
    }
}

fn propagation(text: &str) -> Option<Propagation> {
    match text {
        "private" | "rprivate" => Some(Propagation::None),
        "slave" | "rslave" => Some(Propagation::HostToContainer),
        "shared" | "rshared" => Some(Propagation::Bidirectional),
        _ => None,
    }
}

/// The parts between colons; that of a Windows drive parts nothing.
fn split(text: &str) -> Vec<&str> {
    let from = match text.as_bytes() {
        [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic() => 2,
        _ => 0,
    };
    let mut parts: Vec<&str> = text[from..].split(':').collect();
    if let Some(first) = parts.first_mut() {
        *first = &text[..from + first.len()];
    }
    parts
}

/// Whether a source is a path and not the name of a volume.
fn is_path(source: &str) -> bool {
    let is_drive = matches!(source.as_bytes(), [drive, b':', ..] if drive.is_ascii_alphabetic());
    source.starts_with(['.', '/', '~']) || source.starts_with("\\\\") || is_drive
}

fn long(at: &At<'_>) -> Option<Mount> {
    let fields = at.fields("a volume")?;
    keys::settle(&fields, keys::MOUNT);
    let kind = kind(&fields);
    let source = fields.text("source");
    let target = fields
        .need("target")
        .and_then(|at| at.parse(MountPath::parse));
    let read_only = fields.bool("read_only");
    let mut mount = Mount {
        span: at.span(),
        path: at.path.to_string(),
        kind: kind?,
        source: source.filter(|source| !source.value.is_empty()),
        target: target?,
        read_only,
        sub_path: None,
        propagation: None,
        size: None,
        create: false,
        copies: true,
    };
    mount.create = match mount.kind {
        MountKind::Bind => bind(&fields, &mut mount),
        MountKind::Volume => with_sub_path(&fields, &mut mount, "volume", keys::MOUNT_VOLUME),
        MountKind::Image => with_sub_path(&fields, &mut mount, "image", keys::MOUNT_IMAGE),
        MountKind::Tmpfs => tmpfs(&fields, &mut mount),
        MountKind::Foreign(_) => true,
    };
    let is_empty =
        matches!(mount.kind, MountKind::Bind) && mount.source.is_none() && fields.has("source");
    fields.finish();
    if is_empty {
        at.warn(
            "empty-value",
            "a bind mount names no path of this machine, and is left out",
            "give `source` the path, or set the variable that holds it",
        );
    }
    (!is_empty).then_some(mount)
}

fn kind(fields: &Fields<'_>) -> Option<MountKind> {
    let text = fields.need("type")?.text()?;
    let kind = match text.value.as_str() {
        "volume" => MountKind::Volume,
        "bind" => MountKind::Bind,
        "tmpfs" => MountKind::Tmpfs,
        "image" => MountKind::Image,
        "npipe" => MountKind::Foreign("npipe"),
        "cluster" => MountKind::Foreign("cluster"),
        other => {
            let at = fields.get("type")?;
            at.bad(
                format!("`{other}` is no type of volume"),
                "write `volume`, `bind`, `tmpfs` or `image`",
            );
            return None;
        }
    };
    Some(kind)
}

fn bind(fields: &Fields<'_>, mount: &mut Mount) -> bool {
    let Some(at) = fields.get("bind") else {
        return true;
    };
    let Some(bind) = at.fields("a bind mount") else {
        return true;
    };
    keys::settle(&bind, keys::MOUNT_BIND);
    if let Some(text) = bind.text("propagation") {
        match propagation(&text.value) {
            Some(value) => mount.propagation = Some(Located::new(value, text.span)),
            None => at.bad(
                format!("`{}` is no propagation", text.value),
                "write `rprivate`, `rslave` or `rshared`",
            ),
        }
    }
    let create = bind
        .bool("create_host_path")
        .is_none_or(|create| create.value);
    bind.finish();
    create
}

fn with_sub_path(
    fields: &Fields<'_>,
    mount: &mut Mount,
    key: &'static str,
    table: &'static [keys::Key],
) -> bool {
    if let Some(at) = fields.get(key)
        && let Some(below) = at.fields(format!("`{key}` of a volume"))
    {
        keys::settle(&below, table);
        mount.sub_path = below.parse("subpath", SubPath::parse);
        mount.copies = !below.bool("nocopy").is_some_and(|nocopy| nocopy.value);
        below.finish();
    }
    true
}

fn tmpfs(fields: &Fields<'_>, mount: &mut Mount) -> bool {
    if let Some(at) = fields.get("tmpfs")
        && let Some(below) = at.fields("a tmpfs mount")
    {
        keys::settle(&below, keys::MOUNT_TMPFS);
        mount.size = below.get("size").and_then(|at| amount::memory(&at));
        below.finish();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_paths_or_names() {
        let rows: [(&str, &[&str], bool); 6] = [
            ("data:/var", &["data", "/var"], false),
            ("./a:/b:ro", &["./a", "/b", "ro"], true),
            ("~/a:/b", &["~/a", "/b"], true),
            ("C:\\x:/b", &["C:\\x", "/b"], true),
            ("/a:/b", &["/a", "/b"], true),
            ("/b", &["/b"], true),
        ];
        for (text, parts, path) in rows {
            assert_eq!(split(text), parts, "{text}");
            assert_eq!(is_path(parts[0]), path, "{text}");
        }
    }
}
