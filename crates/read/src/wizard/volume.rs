//! Volumes of the six types, and claim templates.

use kubewright_model::value::{DataKey, Name, SubPath};
use kubewright_model::volume::{
    AccessMode, Claim, DataLocality, HostPathKind, Longhorn, Mount, ProjectedKey, ProjectedKeys,
    Volume, VolumeSource,
};
use kubewright_model::{App, Given, Located, Memory, MountPath, ObjectName};

use super::given::{alias, choice, chosen, count, flag, given, is_blank, rows, text};
use super::root::pass_over_empty;
use crate::fields::{At, Fields, shown};

/// What stands in a pod's volumes while its containers are read.
#[derive(Default)]
pub(super) struct Room {
    /// How many rows came before, for names.
    rows: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Dynamic,
    Static,
    EmptyDir,
    ConfigMap,
    Secret,
    HostPath,
}

const KINDS: &[(&str, Kind)] = &[
    ("pvc-dynamic", Kind::Dynamic),
    ("pvc-static", Kind::Static),
    ("emptyDir", Kind::EmptyDir),
    ("configMap", Kind::ConfigMap),
    ("secret", Kind::Secret),
    ("hostPath", Kind::HostPath),
];

/// Every key of a volume; what a type has no use for is reported unless empty.
const KEYS: &[&str] = &[
    "accessMode",
    "configMapName",
    "hostPath",
    "hostType",
    "key",
    "longhornConfig",
    "medium",
    "mountPath",
    "name",
    "pvName",
    "readOnly",
    "secretName",
    "size",
    "sizeLimit",
    "storageClass",
    "type",
];

/// `volumes` of the service.
pub(super) fn read(fields: &Fields<'_>, app: &mut App, room: &mut Room) {
    let Some((_, at)) = alias(fields, &["volumes", "wizardVolumes"]) else {
        return;
    };
    for item in rows(&at) {
        if let Some((volume, mount)) = one(item, fields.what(), app, room) {
            app.main.mounts.push(mount);
            app.volumes.extend(volume);
        }
    }
}

/// `volumeClaimTemplates` of a StatefulSet.
pub(super) fn claims(fields: &Fields<'_>, app: &mut App, room: &mut Room) {
    if !matches!(app.workload, kubewright_model::Workload::StatefulSet(_)) {
        return;
    }
    let Some(at) = given(fields, "volumeClaimTemplates") else {
        return;
    };
    for item in rows(&at) {
        if let Some((volume, mount)) = row(item, fields.what(), app, room, Some(Kind::Dynamic)) {
            app.main.mounts.push(mount);
            app.volumes.extend(volume);
        }
    }
}

/// One row: the volume of the pod, unless it is one that is there already, and
/// how it is mounted.
pub(super) fn one(
    at: At<'_>,
    what: &str,
    app: &App,
    room: &mut Room,
) -> Option<(Option<Volume>, Mount)> {
    row(at, what, app, room, None)
}

fn row(
    at: At<'_>,
    what: &str,
    app: &App,
    room: &mut Room,
    kind: Option<Kind>,
) -> Option<(Option<Volume>, Mount)> {
    let number = room.rows;
    room.rows += 1;
    if is_blank(&at, PRESELECTED) {
        return None;
    }
    let fields = at.fields(format!("volume {number} of {what}"))?;
    let kind = match kind {
        Some(kind) => kind,
        None => chosen_kind(&fields)?,
    };
    let path = mount_path(&fields)?;
    let source = source(&fields, kind, &path)?;
    let name = name(&fields, kind, &source, number)?;
    let key = text(&fields, "key").filter(|_| matches!(kind, Kind::ConfigMap | Kind::Secret));
    let mount = |name: Located<Name>| Mount {
        volume: name,
        path: path.clone(),
        read_only: flag(&fields, "readOnly"),
        sub_path: key
            .as_ref()
            .and_then(|key| fields.at().checked(key, SubPath::parse)),
        propagation: None,
    };
    let (name, is_there) = free(name, &source, app);
    let mount = mount(name.clone());
    pass_over_empty(&fields, KEYS);
    fields.finish();
    Some(((!is_there).then_some(Volume { name, source }), mount))
}

/// What the form preselects says nothing of its own.
const PRESELECTED: &[&str] = &[
    "type",
    "accessMode",
    "hostType",
    "size",
    "storageClass",
    "medium",
    "readOnly",
];

fn chosen_kind(fields: &Fields<'_>) -> Option<Kind> {
    if given(fields, "type").is_none() {
        fields.at().error(
            "missing-key",
            format!("{} has no `type`", fields.what()),
            "write `pvc-dynamic`, `pvc-static`, `emptyDir`, `configMap`, `secret` or `hostPath`",
        );
        return None;
    }
    Some(chosen(fields, "type", KINDS)?.value)
}

fn mount_path(fields: &Fields<'_>) -> Given<MountPath> {
    let Some(at) = given(fields, "mountPath") else {
        fields.at().error(
            "missing-key",
            format!("{} has no `mountPath`", fields.what()),
            "write where it is mounted, like `/data`, or remove the row",
        );
        return None;
    };
    at.parse(MountPath::parse)
}

fn source(fields: &Fields<'_>, kind: Kind, path: &Located<MountPath>) -> Option<VolumeSource> {
    Some(match kind {
        Kind::Dynamic => VolumeSource::Claim(claim(fields)),
        Kind::Static => VolumeSource::Claim(Claim {
            volume_name: Some(volume_name(fields)?),
            ..claim(fields)
        }),
        Kind::EmptyDir => VolumeSource::EmptyDir {
            memory: chosen(fields, "medium", &[("Memory", ())]).is_some(),
            size_limit: given(fields, "sizeLimit").and_then(|at| at.parse(Memory::parse)),
        },
        Kind::ConfigMap => VolumeSource::ConfigMap(projected(fields, "configMapName")?),
        Kind::Secret => VolumeSource::Secret(projected(fields, "secretName")?),
        Kind::HostPath => VolumeSource::HostPath {
            path: match given(fields, "hostPath") {
                Some(at) => of_node(&at)?,
                None => Located::new(path.as_str().to_owned(), path.span),
            },
            kind: chosen(fields, "hostType", HOST_PATHS),
        },
    })
}

/// A path of the node: from its top, and never up.
fn of_node(at: &At<'_>) -> Option<Located<String>> {
    let path = at.scalar()?.map(|path| path.trim().to_owned());
    let goes_up = path.split('/').any(|part| part == "..");
    let is_plain = path.starts_with('/') && !path.contains(char::is_control);
    if goes_up || !is_plain {
        at.bad(
            format!("{} is no path of a node", shown(&path.value)),
            "write it from the node's top and without `..`, like `/var/lib/data`",
        );
        return None;
    }
    Some(path)
}

const HOST_PATHS: &[(&str, HostPathKind)] = &[
    ("DirectoryOrCreate", HostPathKind::DirectoryOrCreate),
    ("Directory", HostPathKind::Directory),
    ("FileOrCreate", HostPathKind::FileOrCreate),
    ("File", HostPathKind::File),
    ("Socket", HostPathKind::Socket),
    ("CharDevice", HostPathKind::CharDevice),
    ("BlockDevice", HostPathKind::BlockDevice),
];

pub(super) const ACCESS_MODES: &[(&str, AccessMode)] = &[
    ("ReadWriteOnce", AccessMode::ReadWriteOnce),
    ("ReadOnlyMany", AccessMode::ReadOnlyMany),
    ("ReadWriteMany", AccessMode::ReadWriteMany),
    ("ReadWriteOncePod", AccessMode::ReadWriteOncePod),
];

fn claim(fields: &Fields<'_>) -> Claim {
    Claim {
        size: given(fields, "size").and_then(|at| at.parse(Memory::parse)),
        access_modes: chosen(fields, "accessMode", ACCESS_MODES)
            .into_iter()
            .collect(),
        storage_class: given(fields, "storageClass").and_then(|at| at.parse(ObjectName::parse)),
        longhorn: longhorn(fields),
        ..Claim::default()
    }
}

fn volume_name(fields: &Fields<'_>) -> Given<ObjectName> {
    let Some(at) = given(fields, "pvName") else {
        fields.at().error(
            "missing-key",
            format!(
                "{} is to bind a volume that exists, and has no `pvName`",
                fields.what()
            ),
            "name the PersistentVolume, or choose `pvc-dynamic`",
        );
        return None;
    };
    at.parse(ObjectName::parse)
}

fn longhorn(fields: &Fields<'_>) -> Option<Longhorn> {
    let inner = given(fields, "longhornConfig")?;
    let inner = inner.fields(format!("`longhornConfig` of {}", fields.what()))?;
    let localities = [
        ("disabled", DataLocality::Disabled),
        ("best-effort", DataLocality::BestEffort),
        ("strict-local", DataLocality::StrictLocal),
        ("strict", DataLocality::StrictLocal),
    ];
    let replicas = count(&inner, "replicas").and_then(|count| {
        let fits = u8::try_from(count.value)
            .ok()
            .filter(|count| (1..=20).contains(count));
        if fits.is_none() {
            inner.at().bad(
                format!("Longhorn keeps 1 to 20 copies, not {}", count.value),
                "write a number from 1 to 20",
            );
        }
        fits.map(|fits| Located::new(fits, count.span))
    });
    let longhorn = Longhorn {
        replicas,
        data_locality: chosen(&inner, "dataLocality", &localities),
    };
    inner.finish();
    Some(longhorn)
}

/// An object that exists; companions name it by the volume's own name.
fn projected(fields: &Fields<'_>, key: &'static str) -> Option<ProjectedKeys> {
    let at = given(fields, key).or_else(|| given(fields, "name"));
    let Some(at) = at else {
        fields.at().error(
            "missing-key",
            format!("{} has no `{key}`", fields.what()),
            "name the object whose keys are mounted",
        );
        return None;
    };
    let items = match given(fields, "key") {
        Some(key) => vec![ProjectedKey {
            key: key.parse(DataKey::parse)?,
            path: key.parse(SubPath::parse)?,
            mode: None,
        }],
        None => Vec::new(),
    };
    Some(ProjectedKeys {
        name: at.parse(ObjectName::parse)?,
        items,
        mode: None,
        optional: None,
    })
}

/// The name of the volume in the pod, as the wizard makes it.
fn name(
    fields: &Fields<'_>,
    kind: Kind,
    source: &VolumeSource,
    number: usize,
) -> Option<Located<Name>> {
    let made = |text: String| {
        let name = Name::sanitised(&text).ok()?;
        Some(Located::new(name, fields.at().span()))
    };
    match (kind, source) {
        (Kind::ConfigMap, VolumeSource::ConfigMap(keys)) => made(format!("cm-{}", keys.name.value)),
        (Kind::Secret, VolumeSource::Secret(keys)) => made(format!("sec-{}", keys.name.value)),
        (kind, _) => match given(fields, "name") {
            Some(at) => at.parse(Name::sanitised),
            None => made(match kind {
                Kind::EmptyDir => format!("empty-{number}"),
                Kind::HostPath => format!("hp-{number}"),
                Kind::Dynamic | Kind::Static | Kind::ConfigMap | Kind::Secret => {
                    format!("data-{number}")
                }
            }),
        },
    }
}

/// The name under which a volume is added: its own, that of an equal one that is
/// there (true then), or one with a number behind it.
fn free(name: Located<Name>, source: &VolumeSource, app: &App) -> (Located<Name>, bool) {
    let mut candidate = name.value.clone();
    for number in 2.. {
        match app.volume(&candidate) {
            None => return (Located::new(candidate, name.span), false),
            Some(other) if other.source == *source => {
                return (Located::new(candidate, name.span), true);
            }
            Some(_) => match name.value.suffixed(&number.to_string()) {
                Ok(next) => candidate = next,
                Err(_) => break,
            },
        }
    }
    (name, false)
}

/// A folder that two containers share.
pub(super) fn shared(fields: &Fields<'_>) -> Option<(Name, Located<MountPath>)> {
    let name = given(fields, "sharedVolume")?.parse(Name::sanitised)?;
    let path = match given(fields, "sharedMount") {
        Some(at) => at.parse(MountPath::parse)?,
        None => Located::new(MountPath::parse("/shared").ok()?, name.span),
    };
    Some((name.value, path))
}

/// Which of several words; see [`choice`].
pub(super) fn one_of<T: Copy>(at: &At<'_>, words: &[(&'static str, T)]) -> Given<T> {
    choice(at, words)
}
