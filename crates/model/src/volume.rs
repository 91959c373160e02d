//! Volumes of a pod, and how containers mount them.
//!
//! <https://kubernetes.io/docs/concepts/storage/volumes/>

use std::collections::BTreeMap;

use crate::object::Tree;
use crate::value::{
    DataKey, FileMode, Image, LabelKey, LabelValue, Memory, MountPath, Name, ObjectName, SubPath,
};
use crate::{Given, Located};

/// Something that the containers of a pod can mount.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Its name in the pod.
    pub name: Located<Name>,
    /// What it is.
    pub source: VolumeSource,
}

/// What a volume is.
#[derive(Clone, Debug, PartialEq)]
pub enum VolumeSource {
    /// A claim of the app's own, or the claim template of a StatefulSet.
    Claim(Claim),
    /// One of the project's shared claims.
    Shared(Located<Name>),
    /// A claim that exists.
    ExistingClaim(Located<ObjectName>),
    /// An empty folder that lives as long as the pod.
    EmptyDir {
        /// Kept in memory instead of on the node's disk.
        memory: bool,
        /// The most it may hold.
        size_limit: Given<Memory>,
    },
    /// Keys of a ConfigMap that exists.
    ConfigMap(ProjectedKeys),
    /// Keys of a Secret that exists.
    Secret(ProjectedKeys),
    /// A path of the node.
    HostPath {
        /// The path.
        path: Located<String>,
        /// What must be there.
        kind: Given<HostPathKind>,
    },
    /// The contents of an image.
    Image(Located<Image>),
    /// Any other kind, in Kubernetes' words.
    Other(Located<Tree>),
}

impl VolumeSource {
    /// The claim, where it is one of the app's own.
    pub fn claim(&self) -> Option<&Claim> {
        if let Self::Claim(claim) = self {
            return Some(claim);
        }
        None
    }

    /// As [`claim`](Self::claim), to be changed.
    pub fn claim_mut(&mut self) -> Option<&mut Claim> {
        if let Self::Claim(claim) = self {
            return Some(claim);
        }
        None
    }
}

/// A wish for storage.
///
/// <https://kubernetes.io/docs/concepts/storage/persistent-volumes/>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claim {
    /// How much; none: what is known of the image, else 10Gi.
    pub size: Given<Memory>,
    /// Who may mount it at once; none: `ReadWriteOnce`.
    pub access_modes: Vec<Located<AccessMode>>,
    /// The class; none: the environment's, else the cluster's.
    pub storage_class: Given<ObjectName>,
    /// The claim's name; none: `{app}-{name}`.
    pub claim_name: Given<ObjectName>,
    /// A volume that exists and that the claim must bind.
    pub volume_name: Given<ObjectName>,
    /// What Longhorn is told.
    pub longhorn: Option<Longhorn>,
    /// Labels of the claim.
    pub labels: BTreeMap<LabelKey, Located<LabelValue>>,
    /// Annotations of the claim.
    pub annotations: BTreeMap<LabelKey, Located<String>>,
}

/// A claim that several apps may mount.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedVolume {
    /// The place that declares it.
    pub declared: Located<()>,
    /// Whether it is ours to make.
    pub claim: SharedClaim,
}

/// Whether a shared claim is ours to make.
#[derive(Clone, Debug, PartialEq)]
pub enum SharedClaim {
    /// Made by us.
    Made(Box<Claim>),
    /// It exists; none: called like the volume.
    External(Given<ObjectName>),
}

/// Who may mount a claim at once.
///
/// <https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessMode {
    /// One node, reading and writing.
    ReadWriteOnce,
    /// Many nodes, reading.
    ReadOnlyMany,
    /// Many nodes, reading and writing.
    ReadWriteMany,
    /// One pod, reading and writing.
    ReadWriteOncePod,
}

impl AccessMode {
    /// Kubernetes' spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadWriteOnce => "ReadWriteOnce",
            Self::ReadOnlyMany => "ReadOnlyMany",
            Self::ReadWriteMany => "ReadWriteMany",
            Self::ReadWriteOncePod => "ReadWriteOncePod",
        }
    }
}

/// What Longhorn is told of a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Longhorn {
    /// How many copies are kept, 1–20.
    pub replicas: Given<u8>,
    /// Whether a copy lives on the pod's node.
    pub data_locality: Given<DataLocality>,
}

/// Whether a copy of a Longhorn volume lives on the node of its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataLocality {
    /// Anywhere.
    Disabled,
    /// There, if possible.
    BestEffort,
    /// There, always; one copy only.
    StrictLocal,
}

/// Keys of a ConfigMap or Secret that exists.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectedKeys {
    /// The object.
    pub name: Located<ObjectName>,
    /// Which keys, and where they go; empty: all, under their names.
    pub items: Vec<ProjectedKey>,
    /// Permission bits of the files.
    pub mode: Given<FileMode>,
    /// The pod starts without it, too.
    pub optional: Given<bool>,
}

/// One key, and where it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectedKey {
    /// The key.
    pub key: Located<DataKey>,
    /// The path within the volume.
    pub path: Located<SubPath>,
    /// Permission bits of this file.
    pub mode: Given<FileMode>,
}

/// What must stand at a path of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostPathKind {
    /// A folder, made when missing.
    DirectoryOrCreate,
    /// A folder.
    Directory,
    /// A file, made when missing.
    FileOrCreate,
    /// A file.
    File,
    /// A socket.
    Socket,
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
}

impl HostPathKind {
    /// Kubernetes' spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DirectoryOrCreate => "DirectoryOrCreate",
            Self::Directory => "Directory",
            Self::FileOrCreate => "FileOrCreate",
            Self::File => "File",
            Self::Socket => "Socket",
            Self::CharDevice => "CharDevice",
            Self::BlockDevice => "BlockDevice",
        }
    }
}

/// How a container mounts a volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Mount {
    /// The volume of the pod.
    pub volume: Located<Name>,
    /// Where in the container.
    pub path: Located<MountPath>,
    /// Cannot be written.
    pub read_only: Given<bool>,
    /// Only this path of the volume.
    pub sub_path: Given<SubPath>,
    /// How mounts made later are seen (`Bidirectional`, `HostToContainer`).
    pub propagation: Given<Propagation>,
}

/// How mounts made later are seen on the other side.
///
/// <https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// Not at all.
    None,
    /// The container sees those of the node.
    HostToContainer,
    /// Both see those of the other.
    Bidirectional,
}
