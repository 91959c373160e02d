//! What an app says, itself or in an environment.

use kubewright_source::Span;
use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Value};

use super::context::Context;
use super::tree::{block, each, entry, is, items, map, plain, text};
use super::{access, variable};

/// One layer of an app.
pub(super) struct Layer<'a> {
    pub(super) path: &'a Path<'a>,
    /// The app's folder, which its images are built from: none where `path` is no
    /// word of version 2.
    folder: Option<Option<Node>>,
}

impl<'a> Layer<'a> {
    /// Of an app that is built from this folder.
    pub(super) fn of_entry(path: &'a Path<'a>, folder: Option<Node>) -> Self {
        Self {
            path,
            folder: Some(folder),
        }
    }

    /// Where `path` means something else, or nothing.
    pub(super) fn plain(path: &'a Path<'a>) -> Self {
        Self { path, folder: None }
    }
}

/// Rewrites one layer.
pub(super) fn rewrite(mapping: &mut Mapping, layer: &Layer<'_>, context: &Context<'_>) {
    let path = layer.path;
    container(mapping, path, context);
    if let Some(folder) = &layer.folder {
        build(mapping, folder.as_ref(), path, context);
    }
    if let Some(scaling) = mapping.get_mut("scaling").and_then(Node::as_mapping_mut)
        && let Some(old) = scaling.remove("target_pending_requests")
    {
        let new = "`target_request_rate`";
        context.old(
            &old.key,
            "target_pending_requests",
            new,
            &path.key("scaling"),
        );
        context.put(scaling, "target_request_rate", old, path);
    }
    develop(mapping, path, context);
    if let Some(old) = mapping.remove("anti_affinity") {
        context.old(&old.key, "anti_affinity", "`placement.anti_affinity`", path);
        if let Some(placement) = block(mapping, "placement", "", old.key.span) {
            context.put(placement, "anti_affinity", old, path);
        }
    }
    dependencies(mapping, path, context);
    variable::rewrite(mapping, path, context);
    for helpers in ["init_containers", "sidecars", "companions"] {
        let Some(node) = mapping.get_mut(helpers) else {
            continue;
        };
        let above = path.key(helpers);
        each(node, "name", "", |key, helper| {
            variable::rewrite(helper, &above.key(&key.text), context);
        });
    }
    access::rewrite(mapping, path, context);
}

/// What stands in `container` stands on the app.
fn container(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let is_block = mapping
        .get("container")
        .is_some_and(|node| node.as_mapping().is_some());
    let Some(old) = mapping.remove("container").filter(|_| is_block) else {
        return;
    };
    context.old(
        &old.key,
        "container",
        "the app: `command`, `args`, `ports`",
        path,
    );
    let path = path.key("container");
    if let Value::Mapping(keys) = old.value.value {
        for key in keys {
            context.put(mapping, &key.key.text.clone(), key, &path);
        }
    }
}

/// The folder, the Dockerfiles, and contexts that start from the folder.
fn build(mapping: &mut Mapping, folder: Option<&Node>, path: &Path<'_>, context: &Context<'_>) {
    if let Some(old) = mapping.remove("path") {
        context.old(&old.key, "path", "`build.context`", path);
        if let Some(build) = block(mapping, "build", "context", old.key.span) {
            if !build.contains_key("context") {
                build.insert(Key::new("context", old.value.span), old.value);
            } else {
                from_folder(build, Some(&old.value));
            }
        }
    } else if let Some(build) = mapping.get_mut("build").and_then(Node::as_mapping_mut) {
        from_folder(build, folder);
    }
    for key in ["dockerfile", "dockerfile_dev"] {
        let Some(old) = mapping.remove(key) else {
            continue;
        };
        let word = if key == "dockerfile" {
            "dockerfile"
        } else {
            "dockerfile_dev"
        };
        context.old(&old.key, word, &format!("`build.{key}`"), path);
        if let Some(build) = block(mapping, "build", "context", old.key.span) {
            context.put(build, key, old, path);
        }
    }
}

/// A context is a path below the app's folder.
fn from_folder(build: &mut Mapping, folder: Option<&Node>) {
    let Some(folder) = folder.and_then(text) else {
        return;
    };
    let Some(context) = build.get_mut("context") else {
        return;
    };
    let below = text(context).unwrap_or(".");
    let below = below.strip_prefix("./").unwrap_or(below);
    if below.starts_with(['/', '$']) || below.contains("://") {
        return;
    }
    let whole = match below {
        "." | "" => folder.to_owned(),
        below => format!("{}/{below}", folder.trim_end_matches('/')),
    };
    *context = Node::string(context.span, whole);
}

/// What developers' tools are told.
fn develop(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    for (key, new) in [
        ("port", "`develop.port`"),
        ("port_base", "`develop.port_base`"),
    ] {
        let Some(old) = mapping.remove(key) else {
            continue;
        };
        let word = if key == "port" { "port" } else { "port_base" };
        context.old(&old.key, word, new, path);
        if let Some(develop) = block(mapping, "develop", "", old.key.span) {
            context.put(develop, key, old, path);
        }
    }
    let (live, sync) = (mapping.remove("live_update"), mapping.remove("sync"));
    if let Some(old) = &live {
        context.old(&old.key, "live_update", "`develop.watch`", path);
    }
    if let Some(old) = &sync {
        context.old(&old.key, "sync", "`develop.watch`", path);
    }
    let is_on = live.as_ref().map(|live| !is(&live.value, "false"));
    let watch = match (sync, live) {
        (Some(sync), _) if is_on != Some(false) => Some(Entry {
            value: watched(sync.value),
            key: sync.key,
        }),
        (None, Some(live)) if is_on == Some(true) => Some(live),
        _ => None,
    };
    let Some(watch) = watch else { return };
    if let Some(develop) = block(mapping, "develop", "", watch.key.span) {
        context.put(develop, "watch", watch, path);
    }
}

/// `src` and `dest`.
fn watched(node: Node) -> Node {
    let span = node.span;
    let renamed = items(node).into_iter().map(|mut item| {
        if let Some(mapping) = item.as_mapping_mut() {
            rename(mapping, "src", "path");
            rename(mapping, "dest", "target");
        }
        item
    });
    Node::new(span, renamed.collect::<Vec<_>>())
}

/// Gives a key another name, in its place.
pub(super) fn rename(mapping: &mut Mapping, old: &str, new: &str) {
    let renamed = mapping.iter().map(|entry| match &*entry.key.text == old {
        true => Entry {
            key: Key::new(new, entry.key.span),
            value: entry.value.clone(),
        },
        false => entry.clone(),
    });
    *mapping = renamed.collect();
}

/// Names are unique: what kind of entry is meant need not be said.
pub(super) fn dependencies(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let Some(node) = mapping.get_mut("depends_on") else {
        return;
    };
    each(node, "name", "", |_, dependency| {
        if let Some(old) = dependency.remove("type") {
            context.old(
                &old.key,
                "depends_on[].type",
                "nothing: names are unique",
                path,
            );
        }
    });
}

/// `true` at a place.
pub(super) fn yes(key: &str, span: Span) -> Entry {
    entry(key, plain(span, "true"))
}

/// A mapping of one entry.
pub(super) fn single(key: &str, value: Node) -> Node {
    map(value.span, [entry(key, value)])
}
