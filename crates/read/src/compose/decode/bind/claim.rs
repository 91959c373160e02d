//! Folders that become claims: the input's data stays where it is.

use std::path::Path;

use kubewright_model::volume::{Claim, VolumeSource};
use kubewright_source::Diagnostic;

use super::super::mount::Mount;
use super::super::volume::Room;
use super::room::warn;

pub(super) fn claim(room: &mut Room<'_>, mount: &Mount) {
    let wanted = name_of(mount);
    room.add(mount, &wanted, VolumeSource::Claim(Claim::default()));
}

fn name_of(mount: &Mount) -> String {
    let source = mount.source.as_ref().map_or("", |source| &source.value);
    let last = source
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    match last.trim_start_matches('.') {
        "" | "~" => mount.target.value.file_name().to_owned(),
        last => last.to_owned(),
    }
}

pub(super) fn fill(room: &Room<'_>, mount: &Mount) -> String {
    let source = mount.source.as_ref().map_or("", |source| &source.value);
    format!(
        "fill the claim once the pod runs: `kubectl cp {source} <pod of {}>:{}`",
        room.service.name.value, mount.target.value
    )
}

/// A path outside of the project is this machine's: a folder becomes a claim; a
/// file is not read, it may be anybody's.
pub(super) fn outside(room: &mut Room<'_>, mount: &Mount) {
    let written = mount.source.as_ref().map_or("", |source| &source.value);
    let target = mount.target.value.file_name();
    let looks_like_file = Path::new(target).extension().is_some() && !target.ends_with(".d");
    if looks_like_file {
        let message = format!("`{written}` lies outside of the project and is not mounted");
        let help = "copy the file into the project's folder, and mount it from there".to_owned();
        warn(room, mount, "bind-outside", message, help);
        return;
    }
    let message =
        format!("`{written}` is a folder of this machine: an empty claim takes its place");
    let help = fill(room, mount);
    warn(room, mount, "bind-outside", message, help);
    claim(room, mount);
}

pub(super) fn data(room: &mut Room<'_>, mount: &Mount, path: &Path) {
    let listed = room.service.scope.files.list(path);
    if listed.is_ok_and(|names| !names.is_empty()) {
        let written = mount.source.as_ref().map_or("", |source| &source.value);
        let message =
            format!("what is in `{written}` is not carried over: an empty claim takes its place");
        let help = "restore the data from a dump, with the tools of the data store".to_owned();
        warn(room, mount, "bind-folder", message, help);
    }
    claim(room, mount);
}

pub(super) fn missing(room: &mut Room<'_>, mount: &Mount) {
    let written = mount.source.as_ref().map_or("", |source| &source.value);
    if !mount.create {
        let said = Diagnostic::error(
            "bind-missing",
            mount.span,
            format!("there is no `{written}`"),
        );
        room.say(
            mount,
            said.help("create it, or leave `create_host_path: false` out"),
        );
        return;
    }
    let message = format!("there is no `{written}`: an empty claim takes its place");
    let help = "create the file or folder if it shall be mounted, or use a named volume".to_owned();
    warn(room, mount, "bind-missing", message, help);
    claim(room, mount);
}
