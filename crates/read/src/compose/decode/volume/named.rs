//! Named and anonymous volumes of one service.

use kubewright_model::volume::{Claim, VolumeSource};
use kubewright_model::{Located, Name, Workload};
use kubewright_source::Diagnostic;

use super::super::bind;
use super::super::mount::Mount;
use super::super::scope::unknown;
use super::super::services::Additions;
use super::content;
use super::room::Room;
use super::top::TopKind;

pub(super) fn volume(room: &mut Room<'_>, mount: &Mount, project: &mut Additions) {
    let Some(name) = mount.named() else {
        anonymous(room, mount);
        return;
    };
    let scope = room.service.scope;
    let Some(top) = scope.volumes.get(name.value.as_str()) else {
        let at = room.service.fields.at();
        unknown(
            scope.document,
            at,
            name.span,
            "volume",
            &name.value,
            &scope.volumes,
        );
        return;
    };
    if let Some(volume) = room.named.get(&name.value) {
        let volume = volume.clone();
        room.mount(mount, volume);
        return;
    }
    let users = scope.volume_users.get(&name.value).map_or(0, Vec::len);
    let source = match &top.kind {
        TopKind::Claim(_) if users > 1 => match Name::sanitised(&name.value) {
            Ok(shared) => VolumeSource::Shared(Located::new(shared, name.span)),
            Err(_) => return,
        },
        TopKind::Claim(claim) => VolumeSource::Claim(own(room, mount, &name.value, claim)),
        TopKind::External(claim) => VolumeSource::ExistingClaim(claim.clone()),
        TopKind::Other(source) => source.clone(),
        TopKind::Folder(folder) => {
            let mut mount = mount.clone();
            mount.source = Some(folder.clone());
            bind::read(room, &mount, project);
            return;
        }
    };
    match Name::sanitised(&name.value) {
        Ok(_) => {
            if let VolumeSource::Claim(_) | VolumeSource::Shared(_) = source {
                content::report(room, mount);
            }
            room.add(mount, &name.value, source);
            if let Some(volume) = room.app.volumes.last() {
                room.named
                    .insert(name.value.clone(), volume.name.value.clone());
            }
        }
        Err(invalid) => {
            let at = room.service.fields.at();
            at.bad_value(name.span, &name.value, invalid);
        }
    }
}

/// The claim of a volume that one service mounts. It is called like the volume, as
/// it will be when a second service mounts it: data stays where it is. Only a claim
/// template has no name of its own.
fn own(room: &Room<'_>, mount: &Mount, volume: &str, claim: &Claim) -> Claim {
    let mut claim = claim.clone();
    if !matches!(room.app.workload, Workload::StatefulSet(_)) {
        let usual = || {
            Some(Located::new(
                Name::sanitised(volume).ok()?.into(),
                mount.span,
            ))
        };
        claim.claim_name = claim.claim_name.or_else(usual);
        return claim;
    }
    if let Some(name) = claim.claim_name.take() {
        let said = Diagnostic::note(
            "claim-name",
            name.span,
            format!(
                "the claims of a StatefulSet are named by Kubernetes, not `{}`",
                name.value
            ),
        );
        room.say(mount, said.help("leave `name` out"));
    }
    claim
}

fn anonymous(room: &mut Room<'_>, mount: &Mount) {
    let target = mount.target.value.as_str();
    let below = |baked: &String| target.starts_with(&format!("{baked}/"));
    if room.baked.iter().any(below) {
        let said = Diagnostic::note(
            "anonymous-volume",
            mount.span,
            format!(
                "`{target}` lies in the image, as the source code around it does: no volume is made"
            ),
        );
        room.say(mount, said.help("nothing needs to be done"));
        return;
    }
    if room.service.keeps_data_at(target) {
        let wanted = mount.target.value.file_name().to_owned();
        room.add(mount, &wanted, VolumeSource::Claim(Claim::default()));
        return;
    }
    content::report(room, mount);
    let said = Diagnostic::note(
        "anonymous-volume",
        mount.span,
        format!("the volume at `{target}` has no name: what is in it goes with the pod"),
    );
    room.say(
        mount,
        said.help("give it a name and declare it under the top-level `volumes` to keep it"),
    );
    let wanted = mount.target.value.file_name().to_owned();
    let source = VolumeSource::EmptyDir {
        memory: false,
        size_limit: None,
    };
    room.add(mount, &wanted, source);
}
