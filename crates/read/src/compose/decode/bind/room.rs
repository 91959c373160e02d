//! What a bind mount becomes.

use std::path::Path;

use kubewright_files::Kind;
use kubewright_source::Diagnostic;

use super::super::mount::Mount;
use super::super::services::Additions;
use super::super::volume::Room;
use super::claim::{data, missing, outside};
use super::file::{file, unreadable};
use super::folder::folder;
use super::source_code::{baked, is_source_code};
use super::system::{host_path, system_path};

/// What a bind mount becomes.
pub(in super::super) fn read(room: &mut Room<'_>, mount: &Mount, project: &mut Additions) {
    let Some(source) = &mount.source else {
        let said = Diagnostic::error("missing-key", mount.span, "a bind mount has no `source`");
        room.say(mount, said.help("add `source` with the path"));
        return;
    };
    let written = source.value.as_str();
    if let Some(path) = system_path(written) {
        host_path(room, mount, path);
        return;
    }
    let scope = room.service.scope;
    let path = scope.resolve(written);
    let is_outside = written.starts_with('~')
        || written.starts_with("\\\\")
        || written.as_bytes().get(1) == Some(&b':')
        || (written.starts_with('/') && !path.starts_with(&scope.document.absolute_directory));
    let is_outside = is_outside || leads_outside(scope, &path);
    if is_outside {
        outside(room, mount);
        return;
    }
    if is_source_code(room, &path) {
        baked(room, mount);
        return;
    }
    if room.service.keeps_data_at(mount.target.value.as_str()) {
        data(room, mount, &path);
        return;
    }
    match scope.files.kind(&path) {
        Ok(Kind::File { len, executable }) => file(room, mount, &path, len, executable, project),
        Ok(Kind::Folder) => folder(room, mount, &path, project),
        Ok(Kind::Missing) => missing(room, mount),
        Ok(Kind::Special) => {
            let said = Diagnostic::warning(
                "not-carried",
                mount.span,
                format!("`{written}` is a socket, pipe or device of this machine"),
            );
            room.say(mount, said.help("reach what is behind it over the network"));
        }
        Err(error) => unreadable(room, mount, &error),
    }
}

/// Whether a link leads out of a path that by its name lies in the project.
pub(super) fn leads_outside(scope: &super::super::scope::Scope<'_>, path: &Path) -> bool {
    let climbs = path
        .components()
        .any(|part| part == std::path::Component::ParentDir);
    !climbs && scope.files.leads_outside(path, &scope.document.directory)
}

pub(super) fn warn(
    room: &Room<'_>,
    mount: &Mount,
    code: &'static str,
    message: String,
    help: String,
) {
    room.say(
        mount,
        Diagnostic::warning(code, mount.span, message).help(help),
    );
}

/// What is mounted from a ConfigMap, or not at all, has no mounts below it.
pub(super) fn lost_propagation(room: &Room<'_>, mount: &Mount) {
    let Some(propagation) = mount.propagation else {
        return;
    };
    let said = Diagnostic::warning(
        "not-carried",
        propagation.span,
        "the propagation of mounts means nothing here: these are files of their own",
    );
    room.say(mount, said.help("leave `propagation` out"));
}
