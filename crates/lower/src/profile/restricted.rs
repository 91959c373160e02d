//! What the standard `restricted` wants beyond `baseline`: written into the pod
//! where it can be, else found.
//!
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted>

use k8s_openapi::api::core::v1 as core;
use kubewright_model::container::ImageSource;
use kubewright_model::security::Capability;

use super::Violation;
use super::place::Matter;
use crate::aspect::{Draft, Scope};

/// The one capability that may be added.
const BIND: &str = "NET_BIND_SERVICE";
const NO_USER: &str = "write the number of a user that is not root and that the image bears, \
    `user: \"1000:1000\"`, or ask for less with `--security-profile baseline`";
const ROOT: &str = "choose an image that runs as another user, or ask for less with \
    `--security-profile baseline`";
const LESS: &str = "leave it out, or ask for less with `--security-profile baseline`";

/// Writes what can be written, and gives back what cannot.
pub(super) fn apply(scope: &Scope<'_>, draft: &mut Draft) -> Vec<Violation> {
    let pod_user = draft
        .pod
        .security_context
        .as_ref()
        .and_then(|context| context.run_as_user);
    let built = matches!(scope.app.main.image, Some(ImageSource::Build(_)));
    let mut found = volumes(&draft.pod);
    let mut group = None;
    let main = draft.containers.first().map(|main| main.name.clone());
    let beside = draft.native_sidecars.iter_mut();
    let beside = beside.chain(&mut draft.init_containers);
    let all = draft.waits.iter_mut().chain(beside);
    for container in all.chain(&mut draft.containers) {
        let is_main = main.as_ref() == Some(&container.name);
        found.extend(user(container, pod_user, built && is_main, &mut group));
        found.extend(rights(scope, container, is_main));
    }
    let context = draft.pod.security_context.get_or_insert_default();
    context.run_as_non_root = Some(true);
    let has_claims =
        draft.pod.volumes.iter().flatten().any(has_claim) || !draft.claim_templates.is_empty();
    if has_claims && context.fs_group.is_none() {
        context.fs_group = group;
    }
    found
}

fn has_claim(volume: &core::Volume) -> bool {
    volume.persistent_volume_claim.is_some()
}

/// A user that is not root: the given one, else the one that the image is known
/// to run well as.
fn user(
    container: &mut core::Container,
    pod_user: Option<i64>,
    built: bool,
    group: &mut Option<i64>,
) -> Option<Violation> {
    let context = container.security_context.get_or_insert_default();
    let found = |what: &str, help| {
        Some(Violation {
            matter: Matter::User,
            what: what.to_owned(),
            help,
        })
    };
    match context.run_as_user.or(pod_user) {
        Some(0) => return found("runs as root", ROOT),
        Some(_) => return None,
        None => {}
    }
    let image = container.image.as_deref().filter(|_| !built);
    let known = image.and_then(kubewright_knowledge::known);
    let known = known.and_then(|known| known.family.user(known.tag));
    match known.filter(|user| user.uid != 0) {
        Some(user) => {
            context.run_as_user = Some(i64::from(user.uid));
            context.run_as_group = Some(i64::from(user.gid));
            group.get_or_insert(i64::from(user.fs_group()));
            None
        }
        None => found("does not say as which user it runs", NO_USER),
    }
}

fn rights(scope: &Scope<'_>, container: &mut core::Container, is_main: bool) -> Vec<Violation> {
    let context = container.security_context.get_or_insert_default();
    let mut found = Vec::new();
    if context.allow_privilege_escalation == Some(true) {
        found.push(Violation {
            matter: Matter::Escalation,
            what: "may gain rights".to_owned(),
            help: LESS,
        });
    }
    context.allow_privilege_escalation = Some(false);
    let capabilities = context.capabilities.get_or_insert_default();
    capabilities.drop = Some(vec!["ALL".to_owned()]);
    let added = capabilities.add.take().unwrap_or_default();
    let given = &scope.app.main.security.add_capabilities;
    for name in &added {
        // What we added ourselves for an image that runs as root goes with it.
        let asked = is_main && given.keys().map(Capability::as_str).any(|own| own == name);
        if asked && name != BIND {
            found.push(Violation {
                matter: Matter::Capability(name.clone()),
                what: format!("has the capability {name}"),
                help: LESS,
            });
        }
    }
    let binds = added.iter().any(|name| name == BIND);
    capabilities.add = binds.then(|| vec![BIND.to_owned()]);
    found
}

/// Volumes of another kind than the standard lists.
fn volumes(pod: &core::PodSpec) -> Vec<Violation> {
    let volumes = pod.volumes.iter().flatten();
    volumes
        // Paths of the node are the matter of `baseline`.
        .filter(|volume| !is_listed(volume) && volume.host_path.is_none())
        .map(|volume| Violation {
            matter: Matter::Volume(volume.name.clone()),
            what: format!("mounts the volume `{}`, which is no claim", volume.name),
            help: "use a claim of a storage class, or ask for less with \
                   `--security-profile baseline`",
        })
        .collect()
}

fn is_listed(volume: &core::Volume) -> bool {
    volume.config_map.is_some()
        || volume.csi.is_some()
        || volume.downward_api.is_some()
        || volume.empty_dir.is_some()
        || volume.ephemeral.is_some()
        || volume.image.is_some()
        || volume.persistent_volume_claim.is_some()
        || volume.projected.is_some()
        || volume.secret.is_some()
}
