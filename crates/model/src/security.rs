//! Rights and limits of pods and containers.
//!
//! <https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>

use std::collections::{BTreeMap, BTreeSet};

use crate::object::Tree;
use crate::value::LabelKey;
use crate::{Given, Located};

/// Rights of the whole pod. What is not given is made secure where the image is
/// known to bear it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodSecurity {
    /// Which standard it keeps.
    pub profile: Given<SecurityProfile>,
    /// Who its processes are.
    pub user: User,
    /// The group that owns its volumes.
    pub fs_group: Given<i64>,
    /// Further groups of its processes.
    pub supplemental_groups: Vec<Located<i64>>,
    /// System calls; none: `RuntimeDefault`.
    pub seccomp: Given<SeccompProfile>,
    /// AppArmor.
    pub app_armor: Given<SeccompProfile>,
    /// SELinux, in Kubernetes' words.
    pub se_linux: Given<Tree>,
    /// Kernel parameters by name.
    pub sysctls: BTreeMap<String, Located<String>>,
    /// False: users of the pod are not users of the node.
    pub host_users: Given<bool>,
    /// The node's network.
    pub host_network: Given<bool>,
    /// The node's processes.
    pub host_pid: Given<bool>,
    /// The node's shared memory.
    pub host_ipc: Given<bool>,
    /// Its containers see each other's processes.
    pub share_process_namespace: Given<bool>,
}

crate::block::blank!(PodSecurity);

/// Rights of one container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContainerSecurity {
    /// Who its processes are, where it is another than the pod's.
    pub user: User,
    /// All rights of the node.
    pub privileged: Given<bool>,
    /// Its processes may gain rights; none: false.
    pub allow_privilege_escalation: Given<bool>,
    /// Nothing but mounts can be written.
    pub read_only_root_filesystem: Given<bool>,
    /// Capabilities beyond the runtime's.
    pub add_capabilities: BTreeMap<Capability, Located<()>>,
    /// Capabilities taken away.
    pub drop_capabilities: BTreeMap<Capability, Located<()>>,
    /// System calls.
    pub seccomp: Given<SeccompProfile>,
    /// AppArmor.
    pub app_armor: Given<SeccompProfile>,
    /// SELinux, in Kubernetes' words.
    pub se_linux: Given<Tree>,
}

crate::block::blank!(ContainerSecurity);

impl ContainerSecurity {
    /// The names of the capabilities that are taken away.
    pub fn dropped(&self) -> BTreeSet<&str> {
        self.drop_capabilities
            .keys()
            .map(Capability::as_str)
            .collect()
    }
}

/// Who a process is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// User number.
    pub run_as_user: Given<i64>,
    /// Group number.
    pub run_as_group: Given<i64>,
    /// Must not be root; the kubelet refuses it otherwise.
    pub run_as_non_root: Given<bool>,
}

/// A standard for pods.
///
/// <https://kubernetes.io/docs/concepts/security/pod-security-standards/>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityProfile {
    /// Nothing beyond what is given.
    None,
    /// Nothing that is known to be dangerous.
    Baseline,
    /// What a hardened pod keeps.
    Restricted,
}

impl SecurityProfile {
    /// # Errors
    /// When the text is none of the three words.
    pub fn parse(text: &str) -> Result<Self, crate::Invalid> {
        match text {
            "none" => Ok(Self::None),
            "baseline" => Ok(Self::Baseline),
            "restricted" => Ok(Self::Restricted),
            _ => Err(crate::Invalid::new(
                "a security profile",
                "there is none of that name",
                "write `baseline`, `restricted` or `none`",
            )),
        }
    }
}

/// A profile of seccomp or AppArmor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeccompProfile {
    /// The container runtime's.
    RuntimeDefault,
    /// None.
    Unconfined,
    /// One of the node, by its path or name.
    Localhost(String),
}

impl SeccompProfile {
    /// A profile of seccomp: `RuntimeDefault`, `Unconfined`, or the path of one
    /// below the kubelet's folder for them.
    ///
    /// <https://kubernetes.io/docs/tutorials/security/seccomp/>
    ///
    /// # Errors
    /// When the path is empty, not relative, or goes up.
    pub fn parse(text: &str) -> Result<Self, crate::Invalid> {
        let wrong = |why| {
            crate::Invalid::new(
                "a profile",
                why,
                "write `RuntimeDefault`, `Unconfined`, or the path of a profile below the \
                 kubelet's `seccomp` folder, like `profiles/audit.json`",
            )
        };
        match text {
            "" => Err(wrong("it is empty")),
            "RuntimeDefault" => Ok(Self::RuntimeDefault),
            "Unconfined" => Ok(Self::Unconfined),
            path if path.starts_with('/') => Err(wrong("it is no relative path")),
            path if path.split('/').any(|part| part == "..") => Err(wrong("it goes up with `..`")),
            path => Ok(Self::Localhost(path.to_owned())),
        }
    }

    /// A profile of AppArmor: `RuntimeDefault`, `Unconfined`, or the name of one that
    /// the node has loaded.
    ///
    /// <https://kubernetes.io/docs/tutorials/security/apparmor/>
    ///
    /// # Errors
    /// When the name is empty, longer than 4095 bytes, or has blanks at its ends.
    pub fn parse_app_armor(text: &str) -> Result<Self, crate::Invalid> {
        const MOST: usize = 4095;
        let wrong = |why: String| {
            let help = "write `RuntimeDefault`, `Unconfined`, or the name of a profile that the \
                        node has loaded";
            crate::Invalid::new("a profile", why, help)
        };
        match text {
            "" => Err(wrong("it is empty".to_owned())),
            "RuntimeDefault" => Ok(Self::RuntimeDefault),
            "Unconfined" => Ok(Self::Unconfined),
            name if name.trim() != name => Err(wrong("it has a blank at an end".to_owned())),
            name if name.len() > MOST => Err(wrong(format!("it is longer than {MOST} bytes"))),
            name => Ok(Self::Localhost(name.to_owned())),
        }
    }
}

/// What Linux knows, and `ALL`.
const CAPABILITIES: [&str; 42] = [
    "ALL",
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "BPF",
    "CHECKPOINT_RESTORE",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "PERFMON",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
];

/// A Linux capability without `CAP_`, or `ALL`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capability(Box<str>);
crate::value::checked_text!(Capability);

impl Capability {
    /// Any case, with or without `CAP_`.
    ///
    /// # Errors
    /// When Linux has no such capability
    /// (<https://man7.org/linux/man-pages/man7/capabilities.7.html>).
    pub fn parse(text: &str) -> Result<Self, crate::Invalid> {
        let upper = text.trim().to_ascii_uppercase();
        let name = upper.strip_prefix("CAP_").unwrap_or(&upper);
        if !CAPABILITIES.contains(&name) {
            return Err(crate::Invalid::new(
                "a capability",
                "Linux has none of that name",
                "write it like `NET_ADMIN`",
            ));
        }
        Ok(Self(name.into()))
    }
}

/// A kernel parameter's or resource's key.
pub type Key = LabelKey;
