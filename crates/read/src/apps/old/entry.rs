//! An entry and its overrides.

use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Value};

use super::context::Context;
use super::tree::{block, each, items, list, text};
use super::{app, compose, ingress, variable};

/// Rewrites the entries of a section.
pub(super) fn section(top: &mut Mapping, section: &'static str, context: &Context<'_>) {
    let main = match section {
        "apps" | "infrastructure" => "image",
        "helm" => "chart",
        _ => "path",
    };
    let Some(node) = top.get_mut(section) else {
        return;
    };
    let main = if context.is_old { main } else { "" };
    let above = Path::ROOT.key(section);
    each(node, "name", main, |key, mapping| {
        let path = above.key(&key.text);
        overrides(mapping, &path, context);
        match section {
            "apps" | "infrastructure" => {
                ingress::take(mapping, &key.text, &path, context);
                workload(mapping, &path, context);
            }
            "functions" => functions(mapping, &path, context),
            "compose" => compose::rewrite(key, mapping, &path, context),
            _ => release(mapping, &path, context),
        }
    });
}

/// `local`, `dev`, `gcp` become members of `overrides`.
pub(super) fn overrides(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let names = mapping.keys().filter(|key| context.is_environment(key));
    let names: Vec<String> = names.map(str::to_owned).collect();
    for name in names {
        let Some(old) = mapping.remove(&name) else {
            continue;
        };
        let word = match &*name {
            "local" => "local",
            "dev" => "dev",
            _ => "gcp",
        };
        context.old(&old.key, word, &format!("`overrides.{name}`"), path);
        if let Some(overrides) = block(mapping, "overrides", "", old.key.span) {
            context.put(overrides, &name, old, path);
        }
    }
}

/// The overrides of an entry, to change them.
pub(super) fn each_override(mapping: &mut Mapping, mut call: impl FnMut(&Key, &mut Mapping)) {
    let overrides = mapping.get_mut("overrides").and_then(Node::as_mapping_mut);
    for (key, value) in overrides.into_iter().flat_map(Mapping::values_mut) {
        if let Some(mapping) = value.as_mapping_mut() {
            call(key, mapping);
        }
    }
}

/// An app, a template, infrastructure: what it says, and what environments change.
pub(super) fn workload(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let folder = mapping.get("path").cloned();
    app::rewrite(
        mapping,
        &app::Layer::of_entry(path, folder.clone()),
        context,
    );
    let above = path.key("overrides");
    each_override(mapping, |key, layer| {
        let path = above.key(&key.text);
        app::rewrite(layer, &app::Layer::of_entry(&path, folder.clone()), context);
    });
}

fn functions(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    secrets(mapping, path, context);
    app::rewrite(mapping, &app::Layer::plain(path), context);
    if let Some(handlers) = mapping.get_mut("handlers") {
        let above = path.key("handlers");
        each(handlers, "name", "", |key, handler| {
            let path = above.key(&key.text);
            app::rewrite(handler, &app::Layer::plain(&path), context);
        });
    }
    let above = path.key("overrides");
    each_override(mapping, |key, layer| {
        let path = above.key(&key.text);
        secrets(layer, &path, context);
        app::rewrite(layer, &app::Layer::plain(&path), context);
    });
}

/// `secrets` with `name` and `mount_path`: names, and files that hold them.
fn secrets(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let Some(Entry { key, value }) = mapping.remove("secrets") else {
        return;
    };
    let place = value.span;
    let mut names = Vec::new();
    for item in items(value) {
        let Value::Mapping(mut item) = item.value else {
            names.push(item);
            continue;
        };
        let (name, mount) = (item.remove("name"), item.remove("mount_path"));
        // What is left is no key of a secret: the error comes of the text that
        // should stand here.
        let (Some(name), true) = (name, item.is_empty()) else {
            names.push(Node::new(key.span, item));
            continue;
        };
        context.old(
            &name.key,
            "secrets[].name",
            "the name alone, or `files.PATH.secret`",
            path,
        );
        variable::from_store(&name.value, None, context);
        let Some(mount) = mount else {
            names.push(name.value);
            continue;
        };
        let at = text(&mount.value).unwrap_or_default().to_owned();
        let files = block(mapping, "files", "", mount.key.span);
        let secret = Key::new("secret", name.key.span);
        let file: Mapping = std::iter::once(Entry {
            key: secret,
            value: name.value,
        })
        .collect();
        let file = Entry {
            key: Key::new(at.as_str(), mount.value.span),
            value: Node::new(mount.value.span, file),
        };
        if let Some(files) = files {
            context.put(files, &at, file, path);
        }
    }
    for name in names.iter().filter(|name| text(name).is_some()) {
        variable::from_store(name, None, context);
    }
    if !names.is_empty() {
        mapping.insert(key, Node::new(place, names));
    }
}

/// A chart or a Kustomize folder.
fn release(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    app::dependencies(mapping, path, context);
    // Any version is none.
    let any = mapping
        .get("version")
        .is_some_and(|version| text(version) == Some("*"));
    if any && context.is_old {
        mapping.remove("version");
    }
    let values = mapping.get("values").cloned();
    let above = path.key("overrides");
    each_override(mapping, |key, layer| {
        app::dependencies(layer, &above.key(&key.text), context);
        let Some(values) = values.clone().filter(|_| context.is_old) else {
            return;
        };
        if let Some(own) = layer.get("values").map(|own| own.span) {
            let own = list(layer, "values", own);
            own.splice(0..0, items(values));
        }
    });
}
