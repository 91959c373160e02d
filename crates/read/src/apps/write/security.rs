//! Rights and limits of a pod and its containers.

use kubewright_model::security::{
    Capability, ContainerSecurity, PodSecurity, SeccompProfile, SecurityProfile, User,
};
use kubewright_model::{Given, Located};
use kubewright_yaml::Node;
use std::collections::BTreeMap;

use super::tree::{Map, amount, raw, some_list, text, verbatim};

/// The block `security` of an app.
pub(super) fn app(pod: &PodSecurity, container: &ContainerSecurity) -> Option<Node> {
    let mut block = Map::default();
    block.word("profile", &pod.profile, profile);
    user(&mut block, &pod.user);
    block.amount("fs_group", &pod.fs_group);
    let groups = pod
        .supplemental_groups
        .iter()
        .map(|group| amount(group.value));
    block.put("supplemental_groups", some_list(groups.collect()));
    confinement(&mut block, &pod.seccomp, &pod.app_armor);
    block.put(
        "selinux",
        pod.se_linux.as_ref().map(|tree| verbatim(&tree.value)),
    );
    block.pairs("sysctls", &pod.sysctls);
    rights(&mut block, container);
    block.flag("host_users", &pod.host_users);
    block.flag("host_network", &pod.host_network);
    block.flag("host_pid", &pod.host_pid);
    block.flag("host_ipc", &pod.host_ipc);
    block.flag("share_process_namespace", &pod.share_process_namespace);
    let mut differing = Map::default();
    own(&mut differing, container);
    block.put("container", differing.some());
    block.some()
}

/// The block `security` of a helper.
pub(super) fn helper(container: &ContainerSecurity) -> Option<Node> {
    let mut block = Map::default();
    own(&mut block, container);
    rights(&mut block, container);
    block.some()
}

/// A standard by its word.
pub(super) fn profile(profile: SecurityProfile) -> &'static str {
    match profile {
        SecurityProfile::None => "none",
        SecurityProfile::Baseline => "baseline",
        SecurityProfile::Restricted => "restricted",
    }
}

fn own(block: &mut Map, container: &ContainerSecurity) {
    user(block, &container.user);
    confinement(block, &container.seccomp, &container.app_armor);
    block.put(
        "selinux",
        container
            .se_linux
            .as_ref()
            .map(|tree| verbatim(&tree.value)),
    );
}

fn user(block: &mut Map, user: &User) {
    block.flag("run_as_non_root", &user.run_as_non_root);
    block.amount("run_as_user", &user.run_as_user);
    block.amount("run_as_group", &user.run_as_group);
}

fn confinement(
    block: &mut Map,
    seccomp: &Given<SeccompProfile>,
    app_armor: &Given<SeccompProfile>,
) {
    let word = |given: &Given<SeccompProfile>| {
        given.as_ref().map(|profile| match &profile.value {
            SeccompProfile::RuntimeDefault => raw("RuntimeDefault"),
            SeccompProfile::Unconfined => raw("Unconfined"),
            SeccompProfile::Localhost(path) => text(path),
        })
    };
    block.put("seccomp", word(seccomp));
    block.put("apparmor", word(app_armor));
}

/// What only a container has.
fn rights(block: &mut Map, container: &ContainerSecurity) {
    block.flag("privileged", &container.privileged);
    block.flag(
        "allow_privilege_escalation",
        &container.allow_privilege_escalation,
    );
    block.flag(
        "read_only_root_filesystem",
        &container.read_only_root_filesystem,
    );
    let names = |set: &BTreeMap<Capability, Located<()>>| {
        some_list(set.keys().map(|name| raw(name.as_str())).collect())
    };
    let mut capabilities = Map::with("drop", names(&container.drop_capabilities));
    capabilities.put("add", names(&container.add_capabilities));
    block.put("capabilities", capabilities.some());
}
