//! Paths of a compose file that lies in another folder than the project.
//!
//! Relative paths of such a file, reached by `extends` or `include`, start from
//! that file's folder. They are rewritten to start from the project's, so that
//! whoever decodes needs not know where a value came from.

use std::path::{Component, Path, PathBuf};

use kubewright_yaml::{Mapping, Node, Resolved, Scalar, Value};

/// `under/path` without `.` and with `..` walked where that is possible; `path`
/// itself where it is absolute.
pub(super) fn joined(under: &Path, path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in under.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            Component::ParentDir if out.has_root() => {}
            Component::ParentDir
            | Component::Normal(_)
            | Component::RootDir
            | Component::Prefix(_) => {
                out.push(component);
            }
        }
    }
    out
}

/// Source and the rest of `source:target[:options]`; no rest where there is only
/// a target. The colon of a Windows drive parts nothing.
pub(super) fn split_source(text: &str) -> (&str, Option<&str>) {
    let bytes = text.as_bytes();
    let from = match bytes {
        [drive, b':', ..] if drive.is_ascii_alphabetic() => 2,
        _ => 0,
    };
    match text[from..].find(':') {
        Some(at) => (&text[..from + at], Some(&text[from + at + 1..])),
        None => (text, None),
    }
}

/// Rewrites the paths of one service of a file in `folder`.
pub(super) fn rewrite_service(service: &mut Node, folder: &Path) {
    let Some(service) = service.as_mapping_mut() else {
        return;
    };
    for (key, value) in service.values_mut() {
        match &*key.text {
            "build" => rewrite_build(value, folder),
            "env_file" => each(value, |item| rewrite_field(item, "path", folder)),
            "label_file" => each(value, |item| rewrite(item, folder)),
            "volumes" => each(value, |item| rewrite_mount(item, folder)),
            "develop" => {
                if let Some(watch) = value
                    .as_mapping_mut()
                    .and_then(|develop| develop.get_mut("watch"))
                {
                    each(watch, |item| rewrite_field(item, "path", folder));
                }
            }
            "pre_start" => each(value, |hook| rewrite_service(hook, folder)),
            _ => {}
        }
    }
}

/// Rewrites the paths of the top-level sections of a file in `folder`, but for
/// services.
pub(super) fn rewrite_resources(root: &mut Mapping, folder: &Path) {
    for section in ["configs", "secrets"] {
        let Some(resources) = root.get_mut(section).and_then(Node::as_mapping_mut) else {
            continue;
        };
        for (_, resource) in resources.values_mut() {
            if let Some(file) = resource
                .as_mapping_mut()
                .and_then(|map| map.get_mut("file"))
            {
                rewrite(file, folder);
            }
        }
    }
    let Some(volumes) = root.get_mut("volumes").and_then(Node::as_mapping_mut) else {
        return;
    };
    for (_, volume) in volumes.values_mut() {
        rewrite_driver_options(volume, folder);
    }
}

/// `driver: local` with `o: bind` is a bind mount of `device`.
fn rewrite_driver_options(volume: &mut Node, folder: &Path) {
    let says = |node: Option<&Node>, text: &str| {
        node.and_then(Node::as_scalar)
            .is_some_and(|scalar| &*scalar.text == text)
    };
    let is_local = says(volume.get("driver"), "local");
    let Some(options) = volume
        .as_mapping_mut()
        .and_then(|map| map.get_mut("driver_opts"))
    else {
        return;
    };
    let is_bind = says(options.get("o"), "bind");
    if let (true, true, Some(options)) = (is_local, is_bind, options.as_mapping_mut())
        && let Some(device) = options.get_mut("device")
    {
        rewrite(device, folder);
    }
}

/// Gives the builds of a service that name no context the folder of their file.
pub(super) fn default_context(service: &mut Node, folder: &Path) {
    let build = service
        .as_mapping_mut()
        .and_then(|service| service.get_mut("build"));
    let Some(build) = build else { return };
    let span = build.span;
    if let Some(fields) = build.as_mapping_mut()
        && !fields.contains_key("context")
    {
        let context = Node::string(span, written(folder, "."));
        fields.insert(kubewright_yaml::Key::new("context", span), context);
    }
}

fn rewrite_build(build: &mut Node, folder: &Path) {
    let Some(fields) = build.as_mapping_mut() else {
        rewrite_context(build, folder);
        return;
    };
    if let Some(context) = fields.get_mut("context") {
        rewrite_context(context, folder);
    }
    match fields
        .get_mut("additional_contexts")
        .map(|node| &mut node.value)
    {
        Some(Value::Mapping(contexts)) => {
            for (_, context) in contexts.values_mut() {
                rewrite_context(context, folder);
            }
        }
        Some(Value::Sequence(contexts)) => {
            for context in contexts {
                rewrite_assignment(context, folder);
            }
        }
        Some(Value::Scalar(_)) | None => {}
    }
    match fields.get_mut("ssh").map(|node| &mut node.value) {
        Some(Value::Mapping(keys)) => {
            for (_, key) in keys.values_mut() {
                rewrite(key, folder);
            }
        }
        Some(Value::Sequence(keys)) => {
            for key in keys {
                rewrite_ssh(key, folder);
            }
        }
        Some(Value::Scalar(_)) | None => {}
    }
}

/// `id=path`.
fn rewrite_ssh(item: &mut Node, folder: &Path) {
    let Some((id, path)) = item.as_scalar().and_then(|s| s.text.split_once('=')) else {
        return;
    };
    if !path.is_empty() && !is_absolute(path) {
        let text = format!("{id}={}", written(folder, path));
        item.value = Scalar::string(text).into();
    }
}

/// `name=path`.
fn rewrite_assignment(item: &mut Node, folder: &Path) {
    let Some((name, path)) = item.as_scalar().and_then(|s| s.text.split_once('=')) else {
        return;
    };
    if is_local_context(path) && !is_absolute(path) {
        let text = format!("{name}={}", written(folder, path));
        item.value = Scalar::string(text).into();
    }
}

fn rewrite_context(node: &mut Node, folder: &Path) {
    if node
        .as_scalar()
        .is_some_and(|scalar| is_local_context(&scalar.text))
    {
        rewrite(node, folder);
    }
}

fn is_local_context(text: &str) -> bool {
    let remote = ["github.com/", "git@", "service:"];
    !text.contains("://") && !remote.iter().any(|prefix| text.starts_with(prefix))
}

fn rewrite_mount(mount: &mut Node, folder: &Path) {
    if let Some(fields) = mount.as_mapping_mut() {
        let is_bind = fields
            .get("type")
            .and_then(Node::as_scalar)
            .is_some_and(|kind| &*kind.text == "bind");
        if let (true, Some(source)) = (is_bind, fields.get_mut("source")) {
            rewrite(source, folder);
        }
        return;
    }
    let Some(text) = mount.as_scalar().map(|scalar| &*scalar.text) else {
        return;
    };
    // Only `.` begins a relative path; a bare word is the name of a volume.
    if let (source, Some(rest)) = split_source(text)
        && source.starts_with('.')
    {
        let text = format!("{}:{rest}", written(folder, source));
        mount.value = Scalar::string(text).into();
    }
}

/// Rewrites a path, or the path under `key` where the item is a mapping.
fn rewrite_field(item: &mut Node, key: &str, folder: &Path) {
    match item.as_mapping_mut() {
        Some(fields) => {
            if let Some(path) = fields.get_mut(key) {
                rewrite(path, folder);
            }
        }
        None => rewrite(item, folder),
    }
}

fn rewrite(node: &mut Node, folder: &Path) {
    let Some(text) = node.as_scalar().map(|scalar| &*scalar.text) else {
        return;
    };
    if !text.is_empty() && !is_absolute(text) && is_string(node) {
        node.value = Scalar::string(written(folder, text)).into();
    }
}

/// What is none will be refused, as what it was written as.
fn is_string(node: &Node) -> bool {
    let scalar = node.as_scalar();
    scalar.is_some_and(|scalar| scalar.resolve() == Resolved::String)
}

/// The path as compose files write it: it begins with `.` or `/`.
fn written(folder: &Path, path: &str) -> String {
    let path = joined(folder, Path::new(path));
    let text = path.display().to_string();
    if path.is_absolute() || text.starts_with("..") {
        return text;
    }
    format!("./{text}")
}

/// Absolute here or on Windows, or of the home folder.
fn is_absolute(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.starts_with(['/', '~'])
        || text.starts_with("\\\\")
        || matches!(bytes, [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic())
}

/// Each item of a list, or the node itself.
fn each(node: &mut Node, mut change: impl FnMut(&mut Node)) {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(change),
        Value::Scalar(_) | Value::Mapping(_) => change(node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_walked_by_name() {
        let rows = [
            ("", "a", "a"),
            ("", "./a/../b", "b"),
            ("sub", "../a", "a"),
            ("sub", "../../a", "../a"),
            ("sub", "/a", "/a"),
            ("/x", "../../a", "/a"),
            ("sub", ".", "sub"),
        ];
        for (under, path, expected) in rows {
            let found = joined(Path::new(under), Path::new(path));
            assert_eq!(found, Path::new(expected), "{under} {path}");
        }
    }

    #[test]
    fn only_relative_paths_of_ssh_keys_move() {
        let rows = [
            ("k=./key", "k=./sub/key"),
            ("k=/key", "k=/key"),
            ("k=~/key", "k=~/key"),
            ("k=", "k="),
            ("default", "default"),
        ];
        for (text, expected) in rows {
            let mut node = Node::string(kubewright_source::Span::NONE, text);
            rewrite_ssh(&mut node, Path::new("sub"));
            assert_eq!(&*node.as_scalar().unwrap().text, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_string_does_not_become_a_path() {
        let rows = [
            (Scalar::string("3"), "./sub/3"),
            (Scalar::plain("a"), "./sub/a"),
            (Scalar::plain("3"), "3"),
            (Scalar::plain("2001-01-01"), "2001-01-01"),
            (Scalar::plain("null"), "null"),
        ];
        for (scalar, expected) in rows {
            let mut node = Node::new(kubewright_source::Span::NONE, scalar);
            rewrite(&mut node, Path::new("sub"));
            assert_eq!(&*node.as_scalar().unwrap().text, expected);
        }
    }

    #[test]
    fn only_relative_paths_of_mounts_move() {
        let rows = [
            ("./a:/b:ro", "./sub/a:/b:ro"),
            ("../a:/b", "./a:/b"),
            (".:/b", "./sub:/b"),
            ("data:/b", "data:/b"),
            ("/a:/b", "/a:/b"),
            ("~/a:/b", "~/a:/b"),
            ("C:\\a:/b", "C:\\a:/b"),
            ("./b", "./b"),
        ];
        for (text, expected) in rows {
            let mut node = Node::string(kubewright_source::Span::NONE, text);
            rewrite_mount(&mut node, Path::new("sub"));
            assert_eq!(&*node.as_scalar().unwrap().text, expected, "{text}");
        }
    }
}
