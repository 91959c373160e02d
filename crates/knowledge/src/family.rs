//! A row of the table: what is known of one family of images.

use crate::account::{Account, User, UserRule};
use crate::fresh::Fresh;
use crate::need::Need;
use crate::tag::Tags;

/// One family of container images, for example all builds of PostgreSQL that
/// behave alike.
#[derive(Clone, Debug)]
pub struct Family {
    /// Repository paths it goes by, without registry and `library/`; the first
    /// one names the family. `*/name` stands for `name` under any owner,
    /// `owner/*` for every image of an owner that has no row of its own.
    pub names: &'static [&'static str],
    /// The kind of thing that runs in it.
    pub kind: Kind,
    /// Whether it serves applications or is one.
    pub role: Role,
    /// The workload kind it is best run as: [`Workload::StatefulSet`] is meant
    /// for when it has a claim of its own.
    pub workload: Workload,
    /// Ports it listens on unless configured otherwise, the primary one first.
    pub ports: &'static [Port],
    /// How to tell that it is well, where the input does not say.
    pub probe: Option<Probe>,
    /// Its variables in the order in which people write them.
    pub variables: &'static [&'static str],
    /// Secret variables that their names do not betray to [`secret::looks_secret`].
    ///
    /// [`secret::looks_secret`]: crate::secret::looks_secret
    pub secrets: &'static [&'static str],
    /// What is put after a variable's name to give its value in a file, where
    /// the image understands that: `_FILE`.
    pub file_suffix: Option<&'static str>,
    /// Whether its root file system may be read-only, data folders aside.
    pub read_only_root: bool,
    /// Whether modes of files in its data folder matter, so that volumes with an
    /// `fsGroup` need `fsGroupChangePolicy: OnRootMismatch`
    /// (<https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>).
    pub strict_modes: bool,
    pub(crate) data: &'static [DataPath],
    pub(crate) users: &'static [UserRule],
    pub(crate) accounts: &'static [Account],
    pub(crate) unprivileged: bool,
    pub(crate) root_capabilities: Option<&'static [&'static str]>,
    pub(crate) fresh: Fresh,
    pub(crate) needs: &'static [Need],
}

/// The kind of thing that a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keeps records.
    Database,
    /// Keeps values in memory.
    Cache,
    /// Passes messages on.
    Queue,
    /// Finds documents or vectors.
    Search,
    /// Keeps files behind an object store's interface.
    ObjectStore,
    /// Passes requests on.
    Proxy,
    /// Serves files and runs web sites.
    Web,
    /// Gathers or shows metrics, logs and traces.
    Observability,
    /// An application for people.
    Application,
    /// A helper of developers and operators, or a service such as a vault.
    Tool,
    /// What other images are built from.
    Base,
}

/// Whether a service serves applications or is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What applications depend on.
    Infrastructure,
    /// What people come for; reachable through routes.
    Application,
}

/// The workload kind that suits a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// Any number of equal pods.
    Deployment,
    /// Pods with an identity and a claim each.
    StatefulSet,
    /// A pod on every node.
    DaemonSet,
}

/// The transport protocol of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// TCP, Kubernetes' default.
    Tcp,
    /// UDP.
    Udp,
}

/// A port that an image listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// 1 to 65535.
    pub number: u16,
    /// A port name in the sense of Kubernetes: at most 15 characters.
    pub name: &'static str,
    /// Its transport protocol.
    pub protocol: Protocol,
}

/// A folder whose content must outlive the pod.
#[derive(Clone, Copy, Debug)]
pub struct DataPath {
    /// Absolute path in the container.
    pub path: &'static str,
    /// A sensible size for a first claim, as a Kubernetes quantity.
    pub size: &'static str,
    pub(crate) tags: Tags,
}

/// How to tell that a container is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// A command that succeeds.
    Exec(&'static [&'static str]),
    /// A TCP port that accepts connections.
    Tcp(u16),
    /// A path that answers with a status from 200 to 399.
    Http {
        /// Absolute path.
        path: &'static str,
        /// The port that serves it.
        port: u16,
    },
}

impl Family {
    /// The name of the family: the first it goes by.
    pub fn name(&self) -> &'static str {
        self.names[0]
    }

    /// Whether it is a data store: with a claim it is run as a StatefulSet.
    pub fn is_data_store(&self) -> bool {
        self.workload == Workload::StatefulSet
    }

    /// The user that the build with this tag is known to run well as from its
    /// start. For `tag` see [`Known::tag`](crate::Known::tag).
    pub fn user(&self, tag: Option<&str>) -> Option<User> {
        UserRule::first(self.users, tag)
    }

    /// The capabilities to add back where all are dropped, for a container that
    /// starts as `uid`; nothing where it is not known whether the image bears it.
    /// An empty list: it needs none.
    pub fn capabilities(&self, uid: u32) -> Option<&'static [&'static str]> {
        match uid {
            0 => self.root_capabilities,
            _ if self.unprivileged => Some(&[]),
            _ => None,
        }
    }

    /// Where the build with this tag keeps its data, the main folder first.
    pub fn data_paths(&self, tag: Option<&str>) -> impl Iterator<Item = &'static DataPath> {
        let data = self.data;
        data.iter().filter(move |data| data.tags.cover(tag))
    }

    /// A size for the claim mounted at `mount_path`, where data is kept there,
    /// above or below.
    pub fn claim_size(&self, mount_path: &str) -> Option<&'static str> {
        let mount = trimmed(mount_path);
        let exact = self.data.iter().find(|data| data.path == mount);
        let near = || {
            let related = |data: &&DataPath| lies_in(mount, data.path) || lies_in(data.path, mount);
            self.data.iter().find(related)
        };
        exact.or_else(near).map(|data| data.size)
    }

    /// The place of a variable in the usual order of the family's variables.
    pub fn variable_rank(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|known| *known == name)
    }

    /// Whether the family's variable `name` is to be kept secret, by its name or
    /// because the table says so.
    pub fn keeps_secret(&self, name: &str) -> bool {
        self.secrets.contains(&name) || crate::secret::looks_secret(name)
    }
}

/// A path without the slashes at its end.
pub(crate) fn trimmed(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// Whether `path` is a folder or file somewhere below `folder`.
pub(crate) fn lies_in(path: &str, folder: &str) -> bool {
    !folder.is_empty()
        && path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}
