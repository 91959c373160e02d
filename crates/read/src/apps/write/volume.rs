//! Storage: volumes of the pod, and how its containers mount them.

use kubewright_model::Name;
use kubewright_model::app::App;
use kubewright_model::volume::{
    AccessMode, Claim, DataLocality, Longhorn, Mount, ProjectedKeys, Propagation, Volume,
    VolumeSource,
};
use kubewright_yaml::Node;

use super::tree::{Map, named, raw, text, verbatim};

/// The blocks `volumes` of an app's containers. A volume is described where it is
/// first mounted.
pub(super) struct Volumes<'a> {
    all: &'a [Volume],
    described: Vec<&'a Name>,
}

impl<'a> Volumes<'a> {
    /// Nothing is described yet.
    pub(super) fn of(app: &'a App) -> Self {
        Self {
            all: &app.volumes,
            described: Vec::new(),
        }
    }

    /// The block of the main container, the first of all. It describes what no
    /// helper mounts, too, and all where the order asks for it.
    pub(super) fn main(&mut self, app: &'a App) -> Option<Node> {
        let order = first_mounts(app);
        let names: Vec<&Name> = self.all.iter().map(|volume| &volume.name.value).collect();
        let mut members = Vec::new();
        if order != names {
            for volume in self.all {
                let mut block = source(&volume.source);
                block.put("mount_path", raw("none"));
                block.put("items", items(&volume.source));
                members.push((volume.name.as_str().to_owned(), block));
            }
            self.described = names;
        }
        members.extend(self.mounts(&app.main.mounts));
        block(members)
    }

    /// The block of a helper.
    pub(super) fn helper(&mut self, mounts: &'a [Mount]) -> Option<Node> {
        let members = self.mounts(mounts);
        block(members)
    }

    fn mounts(&mut self, mounts: &'a [Mount]) -> Vec<(String, Map)> {
        let mut members = Vec::new();
        for mount in mounts {
            let name = &mount.volume.value;
            let volume = self.all.iter().find(|volume| volume.name.value == *name);
            let volume = volume.filter(|_| !self.described.contains(&name));
            let mut block = volume
                .map(|volume| source(&volume.source))
                .unwrap_or_default();
            self.described.push(name);
            self::mount(&mut block, mount, volume.map(|volume| &volume.source));
            members.push((name.as_str().to_owned(), block));
        }
        members
    }
}

/// The volumes in the order in which containers first mount them.
fn first_mounts(app: &App) -> Vec<&Name> {
    let mut order: Vec<&Name> = Vec::new();
    let init = app.init_containers.iter().map(|one| &one.container);
    let sidecars = app.sidecars.iter().map(|one| &one.container);
    let companions = app.companions.iter().map(|one| &one.container);
    let helpers = init.chain(sidecars).chain(companions);
    for container in std::iter::once(&app.main).chain(helpers) {
        for mount in &container.mounts {
            if !order.contains(&&mount.volume.value) {
                order.push(&mount.volume.value);
            }
        }
    }
    order
}

/// A list, where one is mounted twice or the order is not that of a map.
fn block(members: Vec<(String, Map)>) -> Option<Node> {
    let nodes = members
        .into_iter()
        .map(|(name, block)| (name, block.node()));
    named("name", nodes.collect())
}

fn mount(block: &mut Map, mount: &Mount, source: Option<&VolumeSource>) {
    block.put("mount_path", text(mount.path.value.as_str()));
    block.flag("read_only", &mount.read_only);
    let sub_path = mount.sub_path.as_ref().map(|path| path.value.as_str());
    let lone = source.and_then(lone_key);
    match (lone, sub_path) {
        (Some(key), Some(sub_path)) if key == sub_path => block.put("key", text(key)),
        _ => {
            block.put("sub_path", sub_path.map(text));
            block.put("items", source.and_then(items));
        }
    }
    block.word(
        "propagation",
        &mount.propagation,
        |propagation| match propagation {
            Propagation::None => "None",
            Propagation::HostToContainer => "HostToContainer",
            Propagation::Bidirectional => "Bidirectional",
        },
    );
}

fn keys(source: &VolumeSource) -> Option<&ProjectedKeys> {
    match source {
        VolumeSource::ConfigMap(keys) | VolumeSource::Secret(keys) => Some(keys),
        VolumeSource::Claim(_)
        | VolumeSource::Shared(_)
        | VolumeSource::ExistingClaim(_)
        | VolumeSource::EmptyDir { .. }
        | VolumeSource::HostPath { .. }
        | VolumeSource::Image(_)
        | VolumeSource::Other(_) => None,
    }
}

/// The only key of a ConfigMap or Secret, where it keeps its name.
fn lone_key(source: &VolumeSource) -> Option<&str> {
    match keys(source)?.items.as_slice() {
        [only] if only.mode.is_none() && only.key.as_str() == only.path.as_str() => {
            Some(only.key.as_str())
        }
        _ => None,
    }
}

fn items(source: &VolumeSource) -> Option<Node> {
    let items = keys(source)?.items.iter().map(|item| {
        let mut block = Map::with("key", text(item.key.value.as_str()));
        block.put("path", text(item.path.value.as_str()));
        block.put(
            "mode",
            item.mode.as_ref().map(|mode| raw(&mode.value.to_string())),
        );
        block.node()
    });
    super::tree::some_list(items.collect())
}

/// What a volume is. Keys of a ConfigMap stand beside the mount.
fn source(source: &VolumeSource) -> Map {
    let mut block = Map::default();
    match source {
        VolumeSource::Claim(claim) => self::claim(&mut block, claim),
        VolumeSource::Shared(name) => block.put("claim", raw(name.value.as_str())),
        VolumeSource::ExistingClaim(name) => {
            block.put("existing_claim", raw(name.value.as_str()));
        }
        VolumeSource::EmptyDir { memory, size_limit } => {
            if !memory && size_limit.is_none() {
                block.put("type", raw("emptyDir"));
            }
            block.put("medium", memory.then(|| raw("Memory")));
            block.amount("size_limit", size_limit);
        }
        VolumeSource::ConfigMap(keys) => projected(&mut block, "configmap_name", keys),
        VolumeSource::Secret(keys) => projected(&mut block, "secret_name", keys),
        VolumeSource::HostPath { path, kind } => {
            block.put("host_path", text(&path.value));
            block.word("host_type", kind, |kind| kind.as_str());
        }
        VolumeSource::Image(image) => block.put("image", text(image.value.as_str())),
        VolumeSource::Other(tree) => block.put("source", verbatim(&tree.value)),
    }
    block
}

fn projected(block: &mut Map, name: &str, keys: &ProjectedKeys) {
    block.put(name, raw(keys.name.value.as_str()));
    block.put(
        "mode",
        keys.mode.as_ref().map(|mode| raw(&mode.value.to_string())),
    );
    block.flag("optional", &keys.optional);
}

/// A wish for storage.
pub(super) fn claim(block: &mut Map, claim: &Claim) {
    block.amount("size", &claim.size);
    let modes = claim.access_modes.iter().map(|mode| mode.value);
    let modes: Vec<AccessMode> = modes.collect();
    if modes != [AccessMode::ReadWriteOnce] {
        let modes = modes.iter().map(|mode| raw(mode.as_str()));
        block.put("access_modes", super::tree::some_list(modes.collect()));
    }
    block.text("storage_class", &claim.storage_class);
    block.text("claim_name", &claim.claim_name);
    block.text("volume_name", &claim.volume_name);
    block.put("longhorn", claim.longhorn.as_ref().map(longhorn));
    block.pairs("labels", &claim.labels);
    block.pairs("annotations", &claim.annotations);
}

fn longhorn(longhorn: &Longhorn) -> Node {
    let mut block = Map::default();
    block.amount("replicas", &longhorn.replicas);
    block.word(
        "data_locality",
        &longhorn.data_locality,
        |locality| match locality {
            DataLocality::Disabled => "disabled",
            DataLocality::BestEffort => "best-effort",
            DataLocality::StrictLocal => "strict-local",
        },
    );
    block.node()
}
