//! Bind mounts: files of the project, source code, data, and paths of the machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kubewright_files::{FileError, Kind};
use kubewright_model::container::ImageSource;
use kubewright_model::file::{
    Bytes, FileContent, FileMount, FolderFile, MOST_BYTES, SecretFrom, SecretSource,
};
use kubewright_model::value::{DataKey, FileMode, SecretText};
use kubewright_model::volume::{Claim, HostPathKind, VolumeSource};
use kubewright_model::{Located, MountPath};
use kubewright_source::Diagnostic;

use super::mount::Mount;
use super::services::Additions;
use super::volume::Room;

/// Paths of a machine that are the system's: what lies there is not the project's.
const SYSTEM: [&str; 16] = [
    "/bin",
    "/boot",
    "/cgroup",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/tmp/.X11-unix",
    "/usr",
    "/var/lib/docker",
    "/var/log",
    "/var/run",
];
/// Folders by these names hold what a running service writes.
const DATA: [&str; 16] = [
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

/// What a bind mount becomes.
pub(super) fn read(room: &mut Room<'_>, mount: &Mount, project: &mut Additions) {
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
fn leads_outside(scope: &super::scope::Scope<'_>, path: &Path) -> bool {
    let climbs = path
        .components()
        .any(|part| part == std::path::Component::ParentDir);
    !climbs && scope.files.leads_outside(path, &scope.document.directory)
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

fn claim(room: &mut Room<'_>, mount: &Mount) {
    let wanted = name_of(mount);
    room.add(mount, &wanted, VolumeSource::Claim(Claim::default()));
}

fn warn(room: &Room<'_>, mount: &Mount, code: &'static str, message: String, help: String) {
    room.say(
        mount,
        Diagnostic::warning(code, mount.span, message).help(help),
    );
}

fn fill(room: &Room<'_>, mount: &Mount) -> String {
    let source = mount.source.as_ref().map_or("", |source| &source.value);
    format!(
        "fill the claim once the pod runs: `kubectl cp {source} <pod of {}>:{}`",
        room.service.name.value, mount.target.value
    )
}

/// The path where it is one of the system.
fn system_path(written: &str) -> Option<&str> {
    if written == "/" {
        return Some(written);
    }
    let path = written.trim_end_matches('/');
    let below = |system: &&str| {
        let rest = path.strip_prefix(*system);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    SYSTEM.iter().any(below).then_some(path)
}

fn host_path(room: &mut Room<'_>, mount: &Mount, path: &str) {
    let is_docker = path.ends_with("/docker.sock");
    let kind = if path.ends_with(".sock") {
        Some(HostPathKind::Socket)
    } else if matches!(path, "/etc/localtime" | "/etc/timezone" | "/etc/machine-id") {
        Some(HostPathKind::File)
    } else {
        None
    };
    let (why, help) = match path {
        _ if is_docker => (
            "whoever has Docker's socket rules the node, and many clusters have no Docker",
            "use the Kubernetes API with a service account instead",
        ),
        "/etc/localtime" | "/etc/timezone" => (
            "it comes from whichever node the pod runs on",
            "set the variable `TZ` instead",
        ),
        _ => (
            "it is whatever the pod's node has there, and baseline security forbids it",
            "leave the mount out unless the service looks after nodes",
        ),
    };
    let message = format!("`{path}` of the machine becomes a path of the node: {why}");
    warn(room, mount, "host-path", message, help.to_owned());
    let wanted = match path.trim_matches('/') {
        "" => "root".to_owned(),
        path => path.rsplit('/').next().unwrap_or_default().to_owned(),
    };
    let source = VolumeSource::HostPath {
        path: Located::new(path.to_owned(), mount.span),
        kind: kind.map(|kind| Located::new(kind, mount.span)),
    };
    room.add(mount, &wanted, source);
}

/// A path outside of the project is this machine's: a folder becomes a claim; a
/// file is not read, it may be anybody's.
fn outside(room: &mut Room<'_>, mount: &Mount) {
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

/// A folder of a service that is built: the build's context or, unless its name
/// says that it holds data, a folder in it.
fn is_source_code(room: &Room<'_>, path: &Path) -> bool {
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

fn baked(room: &mut Room<'_>, mount: &Mount) {
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

fn data(room: &mut Room<'_>, mount: &Mount, path: &Path) {
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

/// What is mounted from a ConfigMap, or not at all, has no mounts below it.
fn lost_propagation(room: &Room<'_>, mount: &Mount) {
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

fn missing(room: &mut Room<'_>, mount: &Mount) {
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

fn unreadable(room: &Room<'_>, mount: &Mount, error: &FileError) {
    let written = mount.source.as_ref().map_or("", |source| &source.value);
    let said = Diagnostic::error(
        "unreadable-file",
        mount.span,
        format!("`{written}` cannot be read: {error}"),
    );
    room.say(mount, said.help("make it readable, or remove the mount"));
}

fn file(
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

fn add_file(
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
        content,
        mode: mode.map(|mode| Located::new(mode, mount.span)),
        read_only: mount.read_only,
    });
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
    let said = Diagnostic::note(
        "moved-to-secret",
        mount.span,
        format!(
            "`{written}` of `{}` looks like a secret and went to a Secret",
            room.service.name.value
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

/// Private keys, and files whose names say that they hold credentials.
fn is_secret(written: &str, bytes: &[u8]) -> bool {
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

/// A folder's files, where they fit into a ConfigMap; a claim else.
fn folder(room: &mut Room<'_>, mount: &Mount, path: &Path, project: &mut Additions) {
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
