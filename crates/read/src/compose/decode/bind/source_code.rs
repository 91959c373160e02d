//! Source code of a service that is built is in its image.

use std::path::{Path, PathBuf};

use kubewright_files::Kind;
use kubewright_model::container::ImageSource;
use kubewright_source::Diagnostic;

use super::super::mount::Mount;
use super::super::volume::Room;
use super::folder::DATA;
use super::room::lost_propagation;

/// A folder of a service that is built: the build's context or, unless its name
/// says that it holds data, a folder in it.
pub(super) fn is_source_code(room: &Room<'_>, path: &Path) -> bool {
    let Some(ImageSource::Build(build)) = &room.app.main.image else {
        return false;
    };
    let scope = room.service.scope;
    let context = plain(&scope.resolve(&build.context.value));
    let path = plain(path);
    if path == context {
        return true;
    }
    let is_file = matches!(scope.files.kind(&path), Ok(Kind::File { .. }));
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_ascii_lowercase());
    let holds_data = name.is_some_and(|name| DATA.contains(&name.as_str()));
    path.starts_with(&context) && !is_file && !holds_data
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

pub(super) fn baked(room: &mut Room<'_>, mount: &Mount) {
    let written = mount.source.as_ref().map_or("", |source| &source.value);
    let said = Diagnostic::note(
        "bind-source",
        mount.span,
        format!(
            "`{written}` is source code of `{}`: the image holds it, nothing is mounted",
            room.service.name.value
        ),
    );
    room.say(
        mount,
        said.help("make sure that the Dockerfile copies it into the image"),
    );
    lost_propagation(room, mount);
    room.baked.push(mount.target.value.to_string());
}
