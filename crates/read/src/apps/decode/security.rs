//! Rights and limits: on the pod where that is possible, else on the container.

use std::collections::BTreeMap;

use kubewright_model::security::{
    Capability, ContainerSecurity, PodSecurity, SeccompProfile, SecurityProfile, User,
};
use kubewright_model::value::AccountId;
use kubewright_model::{Given, Located};

use super::given::{any, pairs, parsed};
use super::volume::verbatim;
use crate::fields::{At, Fields};

/// The block `security` of an app.
pub(super) fn read(at: At<'_>) -> Option<(PodSecurity, ContainerSecurity)> {
    let fields = at.fields("`security`")?;
    let mut container = own(&fields);
    let pod = PodSecurity {
        profile: parsed(&fields, "profile", SecurityProfile::parse),
        user: std::mem::take(&mut container.user),
        fs_group: id(&fields, "fs_group"),
        supplemental_groups: groups(&fields),
        seccomp: container.seccomp.take(),
        app_armor: container.app_armor.take(),
        se_linux: container.se_linux.take(),
        sysctls: pairs(&fields, "sysctls", any, any),
        host_users: fields.bool("host_users"),
        host_network: fields.bool("host_network"),
        host_pid: fields.bool("host_pid"),
        host_ipc: fields.bool("host_ipc"),
        share_process_namespace: fields.bool("share_process_namespace"),
    };
    if let Some(differing) = fields
        .get("container")
        .and_then(|at| at.fields("`security.container`"))
    {
        lay(&mut container, own(&differing));
        differing.finish();
    }
    fields.finish();
    Some((pod, container))
}

/// The block `security` of a helper, which has no pod of its own.
pub(super) fn of_helper(at: At<'_>) -> Option<ContainerSecurity> {
    let fields = at.fields("`security`")?;
    let mut container = own(&fields);
    if let Some(differing) = fields
        .get("container")
        .and_then(|at| at.fields("`security.container`"))
    {
        lay(&mut container, own(&differing));
        differing.finish();
    }
    fields.knows([
        "profile",
        "fs_group",
        "supplemental_groups",
        "sysctls",
        "host_users",
        "host_network",
        "host_pid",
        "host_ipc",
        "share_process_namespace",
    ]);
    fields.finish();
    Some(container)
}

fn own(fields: &Fields<'_>) -> ContainerSecurity {
    let mut security = ContainerSecurity {
        user: User {
            run_as_user: id(fields, "run_as_user"),
            run_as_group: id(fields, "run_as_group"),
            run_as_non_root: fields.bool("run_as_non_root"),
        },
        privileged: fields.bool("privileged"),
        allow_privilege_escalation: fields.bool("allow_privilege_escalation"),
        read_only_root_filesystem: fields.bool("read_only_root_filesystem"),
        seccomp: parsed(fields, "seccomp", SeccompProfile::parse),
        app_armor: parsed(fields, "apparmor", SeccompProfile::parse_app_armor),
        se_linux: verbatim(fields, "selinux"),
        ..ContainerSecurity::default()
    };
    if let Some(capabilities) = fields
        .get("capabilities")
        .and_then(|at| at.fields("`capabilities`"))
    {
        security.drop_capabilities = capability_set(&capabilities, "drop");
        security.add_capabilities = capability_set(&capabilities, "add");
        capabilities.finish();
    }
    security
}

/// What differs on the container wins.
fn lay(under: &mut ContainerSecurity, over: ContainerSecurity) {
    under.user = over.user;
    under.privileged = over.privileged.or(under.privileged.take());
    under.allow_privilege_escalation = over
        .allow_privilege_escalation
        .or(under.allow_privilege_escalation.take());
    under.read_only_root_filesystem = over
        .read_only_root_filesystem
        .or(under.read_only_root_filesystem.take());
    under.seccomp = over.seccomp;
    under.app_armor = over.app_armor;
    under.se_linux = over.se_linux;
    under.drop_capabilities.extend(over.drop_capabilities);
    under.add_capabilities.extend(over.add_capabilities);
}

fn capability_set(fields: &Fields<'_>, key: &'static str) -> BTreeMap<Capability, Located<()>> {
    let found = super::given::list_of(fields, key, Capability::parse);
    found
        .into_iter()
        .map(|capability| (capability.value, Located::new((), capability.span)))
        .collect()
}

fn id(fields: &Fields<'_>, key: &'static str) -> Given<i64> {
    account(&fields.get(key)?)
}

/// The number of a user or group.
fn account(at: &At<'_>) -> Given<i64> {
    let number = at.whole()?;
    match AccountId::new(number.value) {
        Ok(id) => Some(Located::new(id.get(), number.span)),
        Err(invalid) => {
            at.bad_value(number.span, &number.value.to_string(), invalid);
            None
        }
    }
}

fn groups(fields: &Fields<'_>) -> Vec<Located<i64>> {
    let at = fields.get("supplemental_groups");
    let items = at.as_ref().map(At::items).unwrap_or_default();
    items.iter().filter_map(account).collect()
}
