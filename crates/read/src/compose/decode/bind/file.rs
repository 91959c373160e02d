//! Files of the project: in a ConfigMap, or in a Secret where they look secret.

use std::path::Path;

use kubewright_files::FileError;
use kubewright_model::file::{Bytes, FileContent, FileMount, MOST_BYTES, SecretFrom, SecretSource};
use kubewright_model::value::{FileMode, SecretText};
use kubewright_model::{Given, Located, MountPath};
use kubewright_source::Diagnostic;

use super::super::below;
use super::super::mount::Mount;
use super::super::services::Additions;
use super::super::volume::Room;
use super::room::{lost_propagation, warn};

pub(super) fn file(
    room: &mut Room<'_>,
    mount: &Mount,
    path: &Path,
    len: u64,
    executable: bool,
    project: &mut Additions,
) {
    let written = mount.source.as_ref().map_or("", |source| &source.value);
    if len > MOST_BYTES as u64 {
        let message = format!(
            "`{written}` has {len} bytes, a ConfigMap holds {MOST_BYTES}: it is not mounted"
        );
        let help = "copy it into the image, or into a claim".to_owned();
        warn(room, mount, "bind-large", message, help);
        return;
    }
    match room
        .service
        .scope
        .files
        .read_limited(path, MOST_BYTES as u64)
    {
        Ok(bytes) => add_file(
            room,
            mount,
            mount.target.clone(),
            written,
            bytes,
            executable,
            project,
        ),
        Err(error) => unreadable(room, mount, &error),
    }
}

pub(super) fn unreadable(room: &Room<'_>, mount: &Mount, error: &FileError) {
    let written = mount.source.as_ref().map_or("", |source| &source.value);
    let said = Diagnostic::error(
        "unreadable-file",
        mount.span,
        format!("`{written}` cannot be read: {error}"),
    );
    room.say(mount, said.help("make it readable, or remove the mount"));
}

pub(super) fn add_file(
    room: &mut Room<'_>,
    mount: &Mount,
    path: Located<MountPath>,
    written: &str,
    bytes: Vec<u8>,
    executable: bool,
    project: &mut Additions,
) {
    lost_propagation(room, mount);
    let content = if is_secret(written, &bytes) {
        let Ok(text) = String::from_utf8(bytes) else {
            let message = format!("`{written}` looks like a secret in binary and is not mounted");
            let help = "put it into a Secret by hand: `kubectl create secret generic`".to_owned();
            warn(room, mount, "bind-secret", message, help);
            return;
        };
        FileContent::Secret(secret_source(room, mount, written, text, project))
    } else {
        FileContent::File(Located::new(Bytes::from(bytes), mount.span))
    };
    let mode = executable.then(|| FileMode::new(0o755).expect("0755 is a mode"));
    room.app.main.files.push(FileMount {
        path,
        source: within_project(room, mount, written),
        content,
        mode: mode.map(|mode| Located::new(mode, mount.span)),
        read_only: mount.read_only,
    });
}

/// The path of a file or folder from the project's folder; none where it lies
/// elsewhere.
pub(super) fn within_project(room: &Room<'_>, mount: &Mount, written: &str) -> Given<String> {
    let scope = room.service.scope;
    let path = below::project(scope.document, &scope.resolve(written))?;
    Some(Located::new(path, mount.span))
}

fn secret_source(
    room: &Room<'_>,
    mount: &Mount,
    written: &str,
    text: String,
    project: &mut Additions,
) -> Located<String> {
    let file = Path::new(written)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = format!("{}-{}", room.service.name.value, file.unwrap_or_default());
    let name = free_name(project, name, written);
    let said = Diagnostic::note(
        "moved-to-secret",
        mount.span,
        format!(
            "`{written}` of `{}` looks like a secret and {} a Secret",
            room.service.name.value,
            room.service.scope.options.goes()
        ),
    );
    room.say(mount, said);
    let source = SecretSource {
        declared: Located::new((), mount.span),
        from: SecretFrom::File {
            path: Located::new(written.to_owned(), mount.span),
            content: Located::new(SecretText::new(text), mount.span),
        },
        create: None,
        store: None,
    };
    project.secrets.insert(name.clone(), source);
    Located::new(name, mount.span)
}

/// The name of a file's secret; files of other folders may be called the same.
fn free_name(project: &Additions, base: String, written: &str) -> String {
    let is_free = |name: &String| match project.secrets.get(name).map(|known| &known.from) {
        Some(SecretFrom::File { path, .. }) => path.value == written,
        Some(SecretFrom::Environment { .. } | SecretFrom::External { .. } | SecretFrom::Store) => {
            false
        }
        None => true,
    };
    let numbered = (2..).map(|number: usize| format!("{base}-{number}"));
    std::iter::once(base.clone())
        .chain(numbered)
        .find(is_free)
        .expect("numbers do not end")
}

/// Private keys, and files whose names say that they hold credentials.
pub(super) fn is_secret(written: &str, bytes: &[u8]) -> bool {
    let name = written
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let key = b"PRIVATE KEY-----";
    let by_name = name.ends_with(".env")
        || name.starts_with("id_rsa")
        || name.starts_with("id_ed25519")
        || [
            ".key",
            ".p12",
            ".pfx",
            ".jks",
            ".htpasswd",
            "htpasswd",
            ".pgpass",
            ".netrc",
        ]
        .iter()
        .any(|end| name.ends_with(end))
        || kubewright_knowledge::secret::looks_secret(name.split('.').next().unwrap_or_default());
    by_name || holds_secret(bytes) || bytes.windows(key.len()).any(|window| window == key)
}

/// Whether a line `KEY=value` has a key that looks secret, as `.env` files do.
fn holds_secret(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    text.lines().any(|line| {
        let line = line.trim_start().trim_start_matches("export ");
        line.split_once('=').is_some_and(|(key, value)| {
            !value.trim().is_empty() && kubewright_knowledge::secret::looks_secret(key.trim())
        })
    })
}
