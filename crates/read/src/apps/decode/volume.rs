//! Storage: volumes of the pod, and how containers mount them.

use kubewright_model::object::Tree;
use kubewright_model::value::{
    DataKey, FileMode, LabelKey, LabelValue, NodePath, ObjectName, SubPath,
};
use kubewright_model::volume::{
    AccessMode, Claim, DataLocality, HostPathKind, Longhorn, Mount, ProjectedKey, ProjectedKeys,
    Propagation, Volume, VolumeSource,
};
use kubewright_model::{Given, Image, Located, Memory, MountPath, Name};

use super::given::{any, choice, chosen, members, number, pairs, parsed, word};
use crate::fields::{At, Fields, tree};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Claim,
    EmptyDir,
    ConfigMap,
    Secret,
    HostPath,
    Image,
}

const KINDS: &[(&str, Kind)] = &[
    ("pvc", Kind::Claim),
    ("emptyDir", Kind::EmptyDir),
    ("configmap", Kind::ConfigMap),
    ("secret", Kind::Secret),
    ("hostPath", Kind::HostPath),
    ("image", Kind::Image),
];

const ACCESS_MODES: &[(&str, AccessMode)] = &[
    ("ReadWriteOnce", AccessMode::ReadWriteOnce),
    ("ReadOnlyMany", AccessMode::ReadOnlyMany),
    ("ReadWriteMany", AccessMode::ReadWriteMany),
    ("ReadWriteOncePod", AccessMode::ReadWriteOncePod),
];

const HOST_TYPES: &[(&str, HostPathKind)] = &[
    ("DirectoryOrCreate", HostPathKind::DirectoryOrCreate),
    ("Directory", HostPathKind::Directory),
    ("FileOrCreate", HostPathKind::FileOrCreate),
    ("File", HostPathKind::File),
    ("Socket", HostPathKind::Socket),
    ("CharDevice", HostPathKind::CharDevice),
    ("BlockDevice", HostPathKind::BlockDevice),
];

const PROPAGATIONS: &[(&str, Propagation)] = &[
    ("None", Propagation::None),
    ("HostToContainer", Propagation::HostToContainer),
    ("Bidirectional", Propagation::Bidirectional),
];

const LOCALITIES: &[(&str, DataLocality)] = &[
    ("disabled", DataLocality::Disabled),
    ("best-effort", DataLocality::BestEffort),
    ("strict-local", DataLocality::StrictLocal),
];

/// The block `volumes` of a container: what it mounts, and what the pod gets
/// for it. A helper that names a volume of `known` mounts the app's. One without a
/// path is mounted at the next of `data`, where the image is known to keep data.
pub(super) fn read(
    fields: &Fields<'_>,
    known: &[Volume],
    data: &[&'static str],
) -> (Vec<Volume>, Vec<Mount>) {
    let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
    let Some(at) = fields.get("volumes") else {
        return (volumes, mounts);
    };
    let mut data = data.iter();
    for (name, at) in members(&at) {
        let name = name.and_then(|name| at.checked(&name.map(str::to_owned), Name::parse));
        let Some(name) = name else {
            continue;
        };
        let Some(fields) = at.fields(format!("volume `{}`", name.value)) else {
            continue;
        };
        let path = match fields.get("mount_path") {
            Some(at) if word(&at).is_some_and(|word| word.value == "none") => None,
            Some(_) => parsed(&fields, "mount_path", MountPath::parse),
            None => implied_path(&name, &fields, data.next()),
        };
        let mount = path.map(|path| mount(&name, path, &fields));
        let mut described = known.iter().chain(&volumes);
        let is_known = described.any(|volume: &Volume| volume.name.value == name.value);
        let source = match is_known {
            true => None,
            false => source(&fields),
        };
        fields.finish();
        mounts.extend(mount);
        volumes.extend(source.map(|source| Volume { name, source }));
    }
    (volumes, mounts)
}

fn implied_path(
    name: &Located<Name>,
    fields: &Fields<'_>,
    known: Option<&&'static str>,
) -> Given<MountPath> {
    let known = known.and_then(|path| MountPath::parse(path).ok());
    if known.is_none() {
        fields.need("mount_path");
    }
    known.map(|path| Located::new(path, name.span))
}

fn mount(name: &Located<Name>, path: Located<MountPath>, fields: &Fields<'_>) -> Mount {
    let key: Given<SubPath> = match fields.has("items") {
        true => None,
        false => parsed(fields, "key", SubPath::parse),
    };
    Mount {
        volume: name.clone(),
        path,
        read_only: fields.bool("read_only"),
        sub_path: parsed(fields, "sub_path", SubPath::parse).or(key),
        propagation: chosen(fields, "propagation", PROPAGATIONS),
    }
}

fn source(fields: &Fields<'_>) -> Option<VolumeSource> {
    if let Some(claim) = parsed(fields, "claim", Name::parse) {
        return Some(VolumeSource::Shared(claim));
    }
    if let Some(claim) = parsed(fields, "existing_claim", ObjectName::parse) {
        return Some(VolumeSource::ExistingClaim(claim));
    }
    if let Some(at) = fields.get("source") {
        return Some(VolumeSource::Other(Located::new(tree(at.node), at.span())));
    }
    let said = chosen(fields, "type", KINDS).map(|kind| kind.value);
    match said.unwrap_or_else(|| implied(fields)) {
        Kind::Claim => Some(VolumeSource::Claim(claim(fields))),
        Kind::EmptyDir => Some(VolumeSource::EmptyDir {
            memory: chosen(fields, "medium", &[("Memory", true)]).is_some(),
            size_limit: parsed(fields, "size_limit", Memory::parse),
        }),
        Kind::ConfigMap => Some(VolumeSource::ConfigMap(projected(
            fields,
            "configmap_name",
        )?)),
        Kind::Secret => Some(VolumeSource::Secret(projected(fields, "secret_name")?)),
        Kind::HostPath => {
            fields.need("host_path")?;
            let path = parsed(fields, "host_path", NodePath::parse)?;
            Some(VolumeSource::HostPath {
                path: path.map(String::from),
                kind: chosen(fields, "host_type", HOST_TYPES),
            })
        }
        Kind::Image => {
            fields.need("image")?;
            Some(VolumeSource::Image(parsed(fields, "image", Image::parse)?))
        }
    }
}

fn implied(fields: &Fields<'_>) -> Kind {
    let keys = [
        ("medium", Kind::EmptyDir),
        ("size_limit", Kind::EmptyDir),
        ("configmap_name", Kind::ConfigMap),
        ("secret_name", Kind::Secret),
        ("host_path", Kind::HostPath),
        ("image", Kind::Image),
    ];
    let found = keys.into_iter().find(|(key, _)| fields.has(key));
    found.map_or(Kind::Claim, |(_, kind)| kind)
}

/// A wish for storage.
pub(super) fn claim(fields: &Fields<'_>) -> Claim {
    let modes = fields.get("access_modes");
    let items = modes.as_ref().map(At::items).unwrap_or_default();
    let access_modes: Vec<Located<AccessMode>> = items
        .iter()
        .filter_map(|at| choice(at, ACCESS_MODES))
        .collect();
    let alone = access_modes
        .iter()
        .find(|mode| mode.value == AccessMode::ReadWriteOncePod);
    if let (Some(alone), Some(at)) = (alone, modes.filter(|_| access_modes.len() > 1)) {
        at.say_at(
            alone.span,
            kubewright_source::Severity::Error,
            "bad-value",
            "`ReadWriteOncePod` stands beside no other mode".to_owned(),
            "leave it, or the others, out".to_owned(),
        );
    }
    Claim {
        size: parsed(fields, "size", Memory::parse),
        access_modes,
        storage_class: parsed(fields, "storage_class", ObjectName::parse),
        claim_name: parsed(fields, "claim_name", ObjectName::parse),
        volume_name: parsed(fields, "volume_name", ObjectName::parse),
        longhorn: fields.get("longhorn").and_then(longhorn),
        labels: pairs(fields, "labels", LabelKey::parse, LabelValue::parse),
        annotations: pairs(fields, "annotations", LabelKey::parse, any),
    }
}

fn longhorn(at: At<'_>) -> Option<Longhorn> {
    let fields = at.fields("`longhorn`")?;
    let small = |number: u64| {
        u8::try_from(number).map_err(|_| {
            kubewright_model::Invalid::new("a number of copies", "it is too large", "write 1–20")
        })
    };
    let longhorn = Longhorn {
        replicas: number(&fields, "replicas", small),
        data_locality: chosen(&fields, "data_locality", LOCALITIES),
    };
    fields.finish();
    Some(longhorn)
}

fn projected(fields: &Fields<'_>, name: &'static str) -> Option<ProjectedKeys> {
    fields.need(name)?;
    let items = fields.get("items");
    let items = items.as_ref().map(At::items).unwrap_or_default();
    let key = parsed(fields, "key", DataKey::parse);
    let lone = key.and_then(|key| {
        let path = SubPath::of_key(key.value.as_str()).ok()?;
        let path = Located::new(path, key.span);
        Some(ProjectedKey {
            key,
            path,
            mode: None,
        })
    });
    let items = items.into_iter().filter_map(item);
    Some(ProjectedKeys {
        items: lone.into_iter().chain(items).collect(),
        name: parsed(fields, name, ObjectName::parse)?,
        mode: parsed(fields, "mode", FileMode::parse),
        optional: fields.bool("optional"),
    })
}

fn item(at: At<'_>) -> Option<ProjectedKey> {
    let fields = at.fields("item")?;
    fields.need("key")?;
    let key = parsed(&fields, "key", DataKey::parse)?;
    let path = match fields.has("path") {
        true => parsed(&fields, "path", SubPath::of_key),
        false => {
            let path = SubPath::of_key(key.value.as_str()).ok();
            path.map(|path| Located::new(path, key.span))
        }
    }?;
    let mode = parsed(&fields, "mode", FileMode::parse);
    fields.finish();
    Some(ProjectedKey { key, path, mode })
}

/// A tree in Kubernetes' words.
pub(super) fn verbatim(fields: &Fields<'_>, key: &'static str) -> Option<Located<Tree>> {
    let at = fields.get(key)?;
    Some(Located::new(tree(at.node), at.span()))
}
