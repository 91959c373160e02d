//! Folders whose files fit into a ConfigMap.

use std::path::Path;
use std::sync::Arc;

use kubewright_model::file::{FileContent, FileMount, FolderFile};
use kubewright_model::value::FileMode;
use kubewright_model::{Located, MountPath};
use kubewright_source::Diagnostic;

use super::super::mount::Mount;
use super::super::services::Additions;
use super::super::volume::Room;
use super::claim::{claim, fill};
use super::file::{add_file, is_secret, within_project};
use super::room::{lost_propagation, warn};
use super::walk::{Found, walk};

/// Folders by these names hold what a running service writes.
pub(super) const DATA: [&str; 16] = [
    "backup",
    "backups",
    "cache",
    "data",
    "database",
    "db",
    "downloads",
    "log",
    "logs",
    "media",
    "state",
    "storage",
    "tmp",
    "upload",
    "uploads",
    "volumes",
];

/// A folder's files, where they fit into a ConfigMap; a claim else.
pub(super) fn folder(room: &mut Room<'_>, mount: &Mount, path: &Path, project: &mut Additions) {
    let written = mount
        .source
        .as_ref()
        .map_or("", |source| &source.value)
        .to_owned();
    let is_read_only = mount.read_only.is_some_and(|read_only| read_only.value);
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_ascii_lowercase());
    let holds_data = name.is_some_and(|name| DATA.contains(&name.as_str()));
    let files = match holds_data && !is_read_only {
        true => Err("it holds what the service writes".to_owned()),
        false => walk(room.service.scope, path, is_read_only),
    };
    match files {
        Ok(found) => {
            report_empty(room, mount, &written, &found.empty);
            mount_folder(room, mount, &written, found.files, project);
        }
        Err(why) => {
            let message =
                format!("`{written}` cannot be a ConfigMap: {why}; an empty claim takes its place");
            let help = fill(room, mount);
            warn(room, mount, "bind-folder", message, help);
            claim(room, mount);
        }
    }
}

fn report_empty(room: &Room<'_>, mount: &Mount, written: &str, empty: &[String]) {
    let Some(first) = empty.first() else { return };
    let more = match empty.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let message =
        format!("`{first}`{more} in `{written}` is empty: a ConfigMap holds no empty folders");
    let help = "put a file into it if the service needs the folder".to_owned();
    warn(room, mount, "bind-folder", message, help);
}

/// Whether something else is mounted below: a ConfigMap has no room for that,
/// files that are mounted one by one leave it.
fn has_mounts_below(room: &Room<'_>, mount: &Mount) -> bool {
    let folder = mount.target.value.as_str();
    let is_below = |other: &Mount| {
        let rest = other.target.value.as_str().strip_prefix(folder);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let mounts = &room.service.scope.mounts;
    mounts
        .get(room.service.key)
        .into_iter()
        .flatten()
        .any(is_below)
}

fn mount_folder(
    room: &mut Room<'_>,
    mount: &Mount,
    written: &str,
    files: Vec<Found>,
    project: &mut Additions,
) {
    lost_propagation(room, mount);
    if mount.read_only.is_none() {
        let said = Diagnostic::note(
            "bind-read-only",
            mount.span,
            format!("the files of `{written}` come from a ConfigMap, which cannot be written"),
        );
        room.say(
            mount,
            said.help("add `:ro` to say that this is fine, or use a named volume"),
        );
    }
    let holds_secret = files
        .iter()
        .any(|file| is_secret(file.path.as_str(), &file.bytes));
    if holds_secret || has_mounts_below(room, mount) {
        for file in files {
            let target = MountPath::parse(&format!("{}/{}", mount.target.value, file.path));
            if let Ok(target) = target {
                let target = Located::new(target, mount.target.span);
                let written = format!("{}/{}", written.trim_end_matches('/'), file.path);
                add_file(
                    room,
                    mount,
                    target,
                    &written,
                    file.bytes,
                    file.executable,
                    project,
                );
            }
        }
        return;
    }
    let executable = files.iter().any(|file| file.executable);
    let mode = executable.then(|| FileMode::new(0o755).expect("0755 is a mode"));
    let one = |file: Found| FolderFile {
        path: file.path,
        content: Located::new(Arc::from(file.bytes), mount.span),
    };
    room.app.main.files.push(FileMount {
        path: mount.target.clone(),
        source: within_project(room, mount, written),
        content: FileContent::Folder(files.into_iter().map(one).collect()),
        mode: mode.map(|mode| Located::new(mode, mount.span)),
        read_only: mount.read_only,
    });
}
