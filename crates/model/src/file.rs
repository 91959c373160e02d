//! Files that are mounted into containers, and where secrets come from.
//!
//! <https://kubernetes.io/docs/concepts/configuration/configmap/>

use std::sync::Arc;

use crate::container::KnownSecret;
use crate::project::SecretStore;
use crate::value::{DataKey, FileMode, MountPath, ObjectName, SecretText, SubPath};
use crate::{Given, Located};

/// The most that a ConfigMap or Secret may hold, in bytes.
pub const MOST_BYTES: usize = 1 << 20;

/// Files at a path of a container.
#[derive(Clone, Debug, PartialEq)]
pub struct FileMount {
    /// Where they are mounted: a file's own path, or a folder's.
    pub path: Located<MountPath>,
    /// What is there.
    pub content: FileContent,
    /// The file or folder of the project whose bytes these are, from the project's
    /// folder; none: nothing there holds just these.
    pub source: Given<String>,
    /// Their permission bits.
    pub mode: Given<FileMode>,
    /// Cannot be written. ConfigMaps and Secrets never can: false is reported.
    pub read_only: Given<bool>,
}

/// What stands at a mounted path.
#[derive(Clone, Debug, PartialEq)]
pub enum FileContent {
    /// One file of the project, or a text.
    File(Located<Bytes>),
    /// The files of a folder of the project, and of the folders below it.
    Folder(Vec<FolderFile>),
    /// A secret of the project's sources, as one file.
    Secret(Located<String>),
    /// A key of a ConfigMap that exists, as one file, or all its keys.
    ConfigMap(ExistingFiles),
    /// A key of a Secret that exists, as one file, or all its keys.
    ExistingSecret(ExistingFiles),
}

/// A file of a mounted folder.
#[derive(Clone, Debug, PartialEq)]
pub struct FolderFile {
    /// Where it lies in the folder.
    pub path: SubPath,
    /// What it holds.
    pub content: Located<Bytes>,
}

/// The contents of a file.
pub type Bytes = Arc<[u8]>;

/// A ConfigMap or Secret that exists, mounted as files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingFiles {
    /// The object.
    pub name: Located<ObjectName>,
    /// One key; none: all.
    pub key: Given<DataKey>,
}

/// Where the value of a secret comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretSource {
    /// The place that declares it.
    pub declared: Located<()>,
    /// Where the value is.
    pub from: SecretFrom,
    /// Made in the store by `kubewright secrets push`.
    pub create: Given<bool>,
    /// Another store than the environment's.
    pub store: Option<SecretStore>,
}

/// Where the value of a secret is.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretFrom {
    /// In a variable of `.env.{E}`, `.env` or the process.
    Environment {
        /// The variable.
        variable: Located<String>,
        /// Its value, where it is set.
        known: KnownSecret,
    },
    /// In a file of the project.
    File {
        /// The file.
        path: Located<String>,
        /// What it holds.
        content: Located<SecretText>,
    },
    /// In a Secret that exists in the cluster.
    External {
        /// The Secret; none: called like the source.
        name: Given<ObjectName>,
    },
    /// In the store.
    Store,
}
