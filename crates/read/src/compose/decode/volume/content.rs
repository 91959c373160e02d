//! Volumes that Docker fills with what the image has at their place.

use kubewright_source::{Diagnostic, Severity};

use super::super::mount::Mount;
use super::room::Room;

/// Says where a known image has files below a volume that starts empty. Docker copies
/// them into a fresh volume; Kubernetes mounts it as it is.
///
/// Where another service mounts it, too, that one may be who fills it.
pub(super) fn report(room: &Room<'_>, mount: &Mount) {
    let target = mount.target.value.as_str();
    let family = room.service.family.filter(|_| mount.copies);
    let Some(content) = family.and_then(|family| family.content_at(target)) else {
        return;
    };
    let users = mount
        .named()
        .and_then(|name| room.service.scope.volume_users.get(&name.value));
    let severity = match users.map_or(0, Vec::len) {
        0 | 1 => Severity::Warning,
        _ => Severity::Note,
    };
    let said = Diagnostic::new(
        severity,
        "image-content",
        mount.span,
        format!(
            "the volume at `{target}` hides what the image has in `{content}`: Docker copies that \
             into an empty volume, Kubernetes does not"
        ),
    );
    room.say(
        mount,
        said.help(
            "leave the volume out where nothing is written there, build an image that brings the \
             files, or copy them in a service with the label `kubewright.kind: Init`",
        ),
    );
}
