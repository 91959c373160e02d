//! Files that are mounted into containers.

use kubewright_model::file::{Bytes, ExistingFiles, FileContent, FileMount};
use kubewright_yaml::Node;

use super::tree::{Map, map, named, raw, text};

/// The block `files`.
pub(super) fn files(files: &[FileMount]) -> Option<Node> {
    let member = |mount: &FileMount| {
        let mut block = content(mount);
        block.put(
            "mode",
            mount.mode.as_ref().map(|mode| raw(&mode.value.to_string())),
        );
        // That they cannot be written is so anyway.
        let writable = mount.read_only.filter(|given| !given.value);
        block.flag("read_only", &writable);
        (mount.path.as_str().to_owned(), block.node())
    };
    named("path", files.iter().map(member).collect())
}

fn content(mount: &FileMount) -> Map {
    match &mount.content {
        FileContent::File(_) | FileContent::Folder(_) if mount.source.is_some() => {
            let source = mount.source.as_ref().map(|source| raw(&source.value));
            Map::with("source", source)
        }
        FileContent::File(bytes) => bytes_of(&bytes.value),
        FileContent::Folder(files) => {
            let files = files.iter().map(|file| {
                let content = bytes_of(&file.content.value).node();
                (file.path.as_str().to_owned(), content)
            });
            Map::with("folder", map(files.collect()))
        }
        FileContent::Secret(name) => Map::with("secret", text(&name.value)),
        FileContent::ConfigMap(existing) => Map::with("configmap_ref", reference(existing)),
        FileContent::ExistingSecret(existing) => Map::with("secret_ref", reference(existing)),
    }
}

/// The text itself; what is none in base64.
fn bytes_of(bytes: &Bytes) -> Map {
    match std::str::from_utf8(bytes) {
        Ok(content) => Map::with("content", text(content)),
        Err(_) => Map::with("binary", raw(&super::base64::encoded(bytes))),
    }
}

/// `name`, or `name/key`.
fn reference(existing: &ExistingFiles) -> Node {
    let name = existing.name.value.as_str();
    match &existing.key {
        Some(key) => raw(&format!("{name}/{}", key.value)),
        None => raw(name),
    }
}
