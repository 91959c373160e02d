//! Volumes of the pod, their claims, and how containers mount them.
//!
//! <https://kubernetes.io/docs/concepts/storage/persistent-volumes/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_knowledge::Fix;
use kubewright_model::container::Sidecar;
use kubewright_model::object::Tree;
use kubewright_model::project::KubernetesVersion;
use kubewright_model::value::{FieldPath, NodePath};
use kubewright_model::volume::{
    AccessMode, Claim, Mount, ProjectedKeys, Propagation, SharedClaim, Volume, VolumeSource,
};
use kubewright_model::{Container, Memory, Name, ObjectName, Project, Workload};

use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, ContainerScope, Draft, Scope};
use crate::feature::{self, Feature};
use crate::{claim_shared, tree};

pub(crate) const ASPECT: Aspect = Aspect { container, pod };

/// The size of a claim that says none, of which nothing is known.
const SIZE: &str = "10Gi";

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let mounts = scope.container.mounts.iter();
    let mounts = mounts.filter(|mount| !is_left_out(scope.app, mount));
    let unseen = mounts.clone().filter_map(|mount| not_shown(scope, mount));
    draft.diagnostics.extend(unseen);
    let lowered = mounts.map(|mount| lower_mount(scope, mount));
    let all = container.volume_mounts.get_or_insert_default();
    all.extend(lowered);
    if all.is_empty() {
        container.volume_mounts = None;
    }
}

/// Whether the mount is of a volume that the version has not.
fn is_left_out(scope: &Scope<'_>, mount: &Mount) -> bool {
    let volume = scope.app.volume(&mount.volume);
    let is_image = volume.is_some_and(|volume| matches!(volume.source, VolumeSource::Image(_)));
    is_image && !Feature::ImageVolume.is_in(feature::version(scope.lowering))
}

fn lower_mount(scope: &ContainerScope<'_>, mount: &Mount) -> core::VolumeMount {
    let given = mount.sub_path.as_ref().map(|path| path.as_str().to_owned());
    core::VolumeMount {
        name: mount.volume.as_str().to_owned(),
        mount_path: mount.path.as_str().to_owned(),
        sub_path: given.or_else(|| fresh_folder(scope, mount)),
        read_only: mount
            .read_only
            .as_ref()
            .map(|read_only| read_only.value)
            .filter(|yes| *yes),
        mount_propagation: propagation(scope, mount).map(str::to_owned),
        ..core::VolumeMount::default()
    }
}

/// How mounts that are made later are shared. Only privileged containers may
/// show theirs to the node; others see what the node mounts.
///
/// <https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation>
fn propagation(scope: &ContainerScope<'_>, mount: &Mount) -> Option<&'static str> {
    let propagation = mount.propagation.as_ref()?;
    Some(match propagation.value {
        Propagation::None => "None",
        Propagation::Bidirectional if is_privileged(scope) => "Bidirectional",
        Propagation::HostToContainer | Propagation::Bidirectional => "HostToContainer",
    })
}

fn is_privileged(scope: &ContainerScope<'_>) -> bool {
    let privileged = &scope.container.security.privileged;
    privileged.as_ref().is_some_and(|yes| yes.value)
}

fn not_shown(scope: &ContainerScope<'_>, mount: &Mount) -> Option<Diagnostic> {
    let propagation = mount.propagation.as_ref()?;
    let lost = propagation.value == Propagation::Bidirectional && !is_privileged(scope);
    lost.then(|| {
        Diagnostic::warning(
            "not-carried",
            propagation.span,
            format!(
                "what is mounted below `{}` does not reach the node: only privileged containers may do that",
                mount.path.as_str()
            ),
        )
        .help("write `privileged: true` if it must, or share the mount with `rslave`")
    })
}

/// The folder of a fresh volume that an image needs instead of its root, which
/// holds `lost+found`.
fn fresh_folder(scope: &ContainerScope<'_>, mount: &Mount) -> Option<String> {
    let volume = scope.app.app.volume(&mount.volume)?;
    let VolumeSource::Claim(_) = &volume.source else {
        return None;
    };
    let known = scope.known?;
    match known
        .family
        .fresh_file_system(known.tag, mount.path.as_str())?
    {
        Fix::SubPath(folder) => Some(folder.to_owned()),
        Fix::Variable { .. } => None,
    }
}

/// Folders that a sidecar shares with the main container.
pub(crate) fn mount_shared(
    scope: &Scope<'_>,
    helper: &Sidecar,
    container: &mut core::Container,
    draft: &mut Draft,
) {
    for (name, path) in &helper.shared {
        let mount = core::VolumeMount {
            name: name.as_str().to_owned(),
            mount_path: path.as_str().to_owned(),
            ..core::VolumeMount::default()
        };
        container
            .volume_mounts
            .get_or_insert_default()
            .push(mount.clone());
        if let Some(main) = draft.containers.first_mut() {
            let mounts = main.volume_mounts.get_or_insert_default();
            if !mounts.iter().any(|other| other.name == mount.name) {
                mounts.push(mount);
            }
        }
        if scope.app.volume(name).is_some() {
            // The folder is one of the app's own volumes.
            continue;
        }
        let volumes = draft.pod.volumes.get_or_insert_default();
        if !volumes.iter().any(|volume| volume.name == name.as_str()) {
            volumes.push(core::Volume {
                name: name.as_str().to_owned(),
                empty_dir: Some(core::EmptyDirVolumeSource::default()),
                ..core::Volume::default()
            });
        }
    }
}

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    claim_shared::report_own(scope, &mut draft.diagnostics);
    for volume in &scope.app.volumes {
        if let Some(lowered) = lower_volume(scope, volume, draft) {
            draft.pod.volumes.get_or_insert_default().push(lowered);
        }
    }
}

/// The volume of the pod; none where a claim template stands for it.
fn lower_volume(scope: &Scope<'_>, volume: &Volume, draft: &mut Draft) -> Option<core::Volume> {
    let name = volume.name.as_str();
    let mut lowered = core::Volume {
        name: name.to_owned(),
        ..core::Volume::default()
    };
    match &volume.source {
        VolumeSource::Claim(claim) => return own_claim(scope, volume, claim, draft),
        VolumeSource::Shared(shared) => {
            lowered.persistent_volume_claim = Some(claim_named(shared_claim_name(
                scope.lowering.project,
                shared,
            )));
        }
        VolumeSource::ExistingClaim(claim) => {
            lowered.persistent_volume_claim = Some(claim_named(claim.as_str().to_owned()));
        }
        VolumeSource::EmptyDir { memory, size_limit } => {
            lowered.empty_dir = Some(core::EmptyDirVolumeSource {
                medium: memory.then(|| "Memory".to_owned()),
                size_limit: size_limit.as_ref().map(|limit| Quantity(limit.to_string())),
            });
        }
        VolumeSource::ConfigMap(keys) => {
            lowered.config_map = Some(core::ConfigMapVolumeSource {
                name: keys.name.as_str().to_owned(),
                items: items(keys),
                default_mode: keys.mode.as_ref().map(|mode| i32::from(mode.bits())),
                optional: keys.optional.as_ref().map(|optional| optional.value),
            });
        }
        VolumeSource::Secret(keys) => {
            lowered.secret = Some(core::SecretVolumeSource {
                secret_name: Some(keys.name.as_str().to_owned()),
                items: items(keys),
                default_mode: keys.mode.as_ref().map(|mode| i32::from(mode.bits())),
                optional: keys.optional.as_ref().map(|optional| optional.value),
            });
        }
        VolumeSource::HostPath { path, kind } => {
            lowered.host_path = Some(core::HostPathVolumeSource {
                path: path.value.clone(),
                type_: kind.as_ref().map(|kind| kind.as_str().to_owned()),
            });
        }
        VolumeSource::Image(image) => {
            let version = feature::version(scope.lowering);
            if !Feature::ImageVolume.is_in(version) {
                draft.diagnostics.push(no_image_volume(volume, version));
                return None;
            }
            lowered.image = Some(core::ImageVolumeSource {
                reference: Some(image.as_str().to_owned()),
                pull_policy: None,
            });
        }
        VolumeSource::Other(tree) => match other(name, tree) {
            Ok(typed) => return Some(typed),
            Err(problem) => {
                draft.diagnostics.push(
                    Diagnostic::error(
                        "bad-value",
                        tree.span,
                        format!(
                            "volume `{name}` of `{}` is none that Kubernetes takes: {problem}",
                            scope.name()
                        ),
                    )
                    .help("write it as in the `volumes` of a pod"),
                );
            }
        },
    }
    Some(lowered)
}

fn no_image_volume(volume: &Volume, version: KubernetesVersion) -> Diagnostic {
    Diagnostic::warning(
        "not-carried",
        volume.name.span,
        format!("Kubernetes {version} has volumes of images switched off: nothing is mounted"),
    )
    .help(
        "write for 1.35 or newer with `--kubernetes-version`, or copy the files into a claim with \
         an init container",
    )
}

/// A volume in Kubernetes' own words that an API server takes, or why it takes none.
fn other(name: &str, tree: &Tree) -> Result<core::Volume, String> {
    let volume: core::Volume = tree::typed(&named(name, tree))?;
    let kinds = match tree {
        Tree::Map(members) => members.len(),
        _ => 0,
    };
    if kinds > 1 {
        return Err("it is of several kinds".to_owned());
    }
    let lacks = |key: &str| Err(format!("its `{key}` is empty"));
    if let Some(nfs) = &volume.nfs {
        if nfs.server.is_empty() {
            return lacks("server");
        }
        if !nfs.path.starts_with('/') {
            return Err("its `path` does not begin with `/`".to_owned());
        }
    }
    if let Some(csi) = &volume.csi {
        ObjectName::parse(&csi.driver.to_ascii_lowercase())
            .map_err(|why| format!("its `driver` is {why}"))?;
    }
    if let Some(host) = &volume.host_path {
        NodePath::parse(&host.path).map_err(|why| format!("its `path` is {why}"))?;
    }
    if let Some(secret) = &volume.secret
        && secret.secret_name.as_deref().unwrap_or_default().is_empty()
    {
        return lacks("secretName");
    }
    if let Some(ephemeral) = &volume.ephemeral
        && ephemeral.volume_claim_template.is_none()
    {
        return lacks("volumeClaimTemplate");
    }
    let fields = volume.downward_api.iter().flat_map(|api| &api.items);
    for item in fields.flatten() {
        if let Some(field) = &item.field_ref {
            FieldPath::parse(&field.field_path)
                .map_err(|why| format!("its field `{}` is {why}", field.field_path))?;
        }
    }
    Ok(volume)
}

/// The volume with its name, as Kubernetes writes it.
fn named(name: &str, source: &Tree) -> Tree {
    let mut members = vec![("name".to_owned(), Tree::Text(name.to_owned()))];
    if let Tree::Map(given) = source {
        members.extend(given.iter().cloned());
    }
    Tree::Map(members)
}

fn items(keys: &ProjectedKeys) -> Option<Vec<core::KeyToPath>> {
    let items = keys.items.iter().map(|item| core::KeyToPath {
        key: item.key.as_str().to_owned(),
        path: item.path.as_str().to_owned(),
        mode: item.mode.as_ref().map(|mode| i32::from(mode.bits())),
    });
    (!keys.items.is_empty()).then(|| items.collect())
}

fn claim_named(name: String) -> core::PersistentVolumeClaimVolumeSource {
    core::PersistentVolumeClaimVolumeSource {
        claim_name: name,
        read_only: None,
    }
}

/// A StatefulSet gets a claim template, so that each pod has its own data;
/// other kinds get a claim object.
fn own_claim(
    scope: &Scope<'_>,
    volume: &Volume,
    claim: &Claim,
    draft: &mut Draft,
) -> Option<core::Volume> {
    let size = known_size(scope, volume);
    let spec = claim_spec(scope.lowering.project, claim, size);
    if matches!(scope.app.workload, Workload::StatefulSet(_)) {
        draft.claim_templates.push(core::PersistentVolumeClaim {
            metadata: ObjectMeta {
                name: Some(volume.name.as_str().to_owned()),
                labels: texts(&claim.labels),
                annotations: annotations(claim),
                ..ObjectMeta::default()
            },
            spec: Some(spec),
            ..core::PersistentVolumeClaim::default()
        });
        return None;
    }
    let name = claim.claim_name.as_ref().map_or_else(
        || format!("{}-{}", scope.name(), volume.name.value),
        |name| name.as_str().to_owned(),
    );
    let metadata = with_own(scope.metadata(&name), claim);
    draft
        .objects
        .push(scope.object(core::PersistentVolumeClaim {
            metadata,
            spec: Some(spec),
            ..core::PersistentVolumeClaim::default()
        }));
    Some(core::Volume {
        name: volume.name.as_str().to_owned(),
        persistent_volume_claim: Some(claim_named(name)),
        ..core::Volume::default()
    })
}

/// Labels and annotations of a claim's own, beside the others.
pub(crate) fn with_own(mut metadata: ObjectMeta, claim: &Claim) -> ObjectMeta {
    if let Some(own) = texts(&claim.labels) {
        metadata.labels.get_or_insert_default().extend(own);
    }
    metadata.annotations = annotations(claim);
    metadata
}

/// A claim's own annotations, and what Longhorn is told.
fn annotations(claim: &Claim) -> Option<BTreeMap<String, String>> {
    let mut all = crate::longhorn::annotations(claim);
    all.extend(texts(&claim.annotations).unwrap_or_default());
    (!all.is_empty()).then_some(all)
}

fn texts<K: AsRef<str>, V: AsRef<str>>(
    map: &BTreeMap<K, kubewright_model::Located<V>>,
) -> Option<BTreeMap<String, String>> {
    let owned = map
        .iter()
        .map(|(key, value)| (key.as_ref().to_owned(), value.value.as_ref().to_owned()));
    (!map.is_empty()).then(|| owned.collect())
}

/// What is known of the space that the image needs at the volume's mount.
fn known_size(scope: &Scope<'_>, volume: &Volume) -> Option<&'static str> {
    if let Some(path) = mounted_at(&scope.app.main, volume) {
        return scope.known?.family.claim_size(path);
    }
    let companions = scope.app.companions.iter();
    companions
        .map(|companion| &companion.container)
        .find_map(|container| size_in(container, volume))
}

/// Where a container mounts a volume.
fn mounted_at<'c>(container: &'c Container, volume: &Volume) -> Option<&'c str> {
    let mut mounts = container.mounts.iter();
    let mount = mounts.find(|mount| mount.volume.value == volume.name.value)?;
    Some(mount.path.as_str())
}

/// What is known of the space that a container's image needs at a volume.
fn size_in(container: &Container, volume: &Volume) -> Option<&'static str> {
    let path = mounted_at(container, volume)?;
    let image = container.image_reference()?;
    kubewright_knowledge::family(image.repository())?.claim_size(path)
}

/// The most that an image is known to need of each shared volume: as much as it
/// would get alone, so that a second mount does not change the claim's size.
pub(crate) fn shared_sizes(project: &Project) -> BTreeMap<&Name, &'static str> {
    let mut sizes: BTreeMap<&Name, &'static str> = BTreeMap::new();
    let amount = |text: &str| Memory::parse(text).ok();
    for app in project.apps() {
        for volume in &app.volumes {
            let VolumeSource::Shared(name) = &volume.source else {
                continue;
            };
            let companions = app.companions.iter().map(|companion| &companion.container);
            let containers = std::iter::once(&app.main).chain(companions);
            for size in containers.filter_map(|container| size_in(container, volume)) {
                let known = sizes.entry(&name.value).or_insert(size);
                if amount(known) < amount(size) {
                    *known = size;
                }
            }
        }
    }
    sizes
}

/// The wish of a claim.
pub(crate) fn claim_spec(
    project: &Project,
    claim: &Claim,
    known_size: Option<&str>,
) -> core::PersistentVolumeClaimSpec {
    let modes: Vec<String> = match claim.access_modes.as_slice() {
        [] => vec![AccessMode::ReadWriteOnce.as_str().to_owned()],
        given => given.iter().map(|mode| mode.as_str().to_owned()).collect(),
    };
    let size = claim.size.as_ref().map(|size| size.to_string());
    let size = size.unwrap_or_else(|| known_size.unwrap_or(SIZE).to_owned());
    let class = claim
        .storage_class
        .as_ref()
        .or(project.facts.storage_class.as_ref());
    core::PersistentVolumeClaimSpec {
        access_modes: Some(modes),
        storage_class_name: class.map(|class| class.as_str().to_owned()),
        volume_name: claim
            .volume_name
            .as_ref()
            .map(|name| name.as_str().to_owned()),
        resources: Some(core::VolumeResourceRequirements {
            requests: Some(BTreeMap::from([("storage".to_owned(), Quantity(size))])),
            ..core::VolumeResourceRequirements::default()
        }),
        ..core::PersistentVolumeClaimSpec::default()
    }
}

/// The name of the claim behind a shared volume.
pub(crate) fn shared_claim_name(project: &Project, name: &kubewright_model::Name) -> String {
    let external = project
        .volumes
        .get(name)
        .and_then(|volume| match &volume.claim {
            SharedClaim::External(external) => external.as_ref(),
            SharedClaim::Made(claim) => claim.claim_name.as_ref(),
        });
    external.map_or_else(|| name.as_str().to_owned(), |name| name.as_str().to_owned())
}

/// Whether the pod mounts a claim that one node alone may mount for writing.
pub(crate) fn writes_alone(scope: &Scope<'_>) -> bool {
    scope.app.volumes.iter().any(|volume| match &volume.source {
        VolumeSource::Claim(claim) => is_of_one_node(claim),
        VolumeSource::Shared(name) => {
            let shared = scope.lowering.project.volumes.get(&name.value);
            shared.is_some_and(|shared| match &shared.claim {
                SharedClaim::Made(claim) => is_of_one_node(claim),
                SharedClaim::External(_) => false,
            })
        }
        VolumeSource::ExistingClaim(_)
        | VolumeSource::EmptyDir { .. }
        | VolumeSource::ConfigMap(_)
        | VolumeSource::Secret(_)
        | VolumeSource::HostPath { .. }
        | VolumeSource::Image(_)
        | VolumeSource::Other(_) => false,
    })
}

/// Whether one node alone may mount a claim.
pub(crate) fn is_of_one_node(claim: &Claim) -> bool {
    claim.access_modes.iter().all(|mode| {
        matches!(
            mode.value,
            AccessMode::ReadWriteOnce | AccessMode::ReadWriteOncePod
        )
    })
}
