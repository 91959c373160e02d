//! Folders whose files fit into a ConfigMap.

use std::path::Path;
use std::sync::Arc;

use kubewright_files::Kind;
use kubewright_model::file::{FileContent, FileMount, FolderFile, MOST_BYTES};
use kubewright_model::value::{DataKey, FileMode};
use kubewright_model::{Located, MountPath};
use kubewright_source::Diagnostic;

use super::super::mount::Mount;
use super::super::services::Additions;
use super::super::volume::Room;
use super::claim::{claim, fill};
use super::file::{add_file, is_secret};
use super::room::{leads_outside, lost_propagation, warn};

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
        false => folder_files(room, path),
    };
    match files {
        Ok(files) => mount_folder(room, mount, &written, files, project),
        Err(why) => {
            let message =
                format!("`{written}` cannot be a ConfigMap: {why}; an empty claim takes its place");
            let help = fill(room, mount);
            warn(room, mount, "bind-folder", message, help);
            claim(room, mount);
        }
    }
}

struct Found {
    name: DataKey,
    bytes: Vec<u8>,
    executable: bool,
}

fn folder_files(room: &Room<'_>, path: &Path) -> Result<Vec<Found>, String> {
    let files = room.service.scope.files;
    let names = files.list(path).map_err(|error| error.to_string())?;
    let mut left = MOST_BYTES as u64;
    let mut found = Vec::new();
    for name in names {
        let file = path.join(&name);
        if leads_outside(room.service.scope, &file) {
            return Err(format!("`{name}` in it leads out of the project"));
        }
        let Ok(Kind::File { len, executable }) = files.kind(&file) else {
            return Err(format!("`{name}` in it is no file"));
        };
        left = left.checked_sub(len).ok_or("it holds more than 1 MiB")?;
        let key = DataKey::parse(&name).map_err(|_| format!("`{name}` is no key of one"))?;
        let bytes = files
            .read_limited(&file, MOST_BYTES as u64)
            .map_err(|error| format!("`{name}`: {error}"))?;
        found.push(Found {
            name: key,
            bytes,
            executable,
        });
    }
    match found.is_empty() {
        true => Err("it is empty".to_owned()),
        false => Ok(found),
    }
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
    if files
        .iter()
        .any(|file| is_secret(file.name.as_str(), &file.bytes))
    {
        for file in files {
            let target = MountPath::parse(&format!("{}/{}", mount.target.value, file.name));
            if let Ok(target) = target {
                let target = Located::new(target, mount.target.span);
                let written = format!("{}/{}", written.trim_end_matches('/'), file.name);
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
        name: file.name,
        content: Located::new(Arc::from(file.bytes), mount.span),
    };
    room.app.main.files.push(FileMount {
        path: mount.target.clone(),
        content: FileContent::Folder(files.into_iter().map(one).collect()),
        mode: mode.map(|mode| Located::new(mode, mount.span)),
        read_only: mount.read_only,
    });
}
