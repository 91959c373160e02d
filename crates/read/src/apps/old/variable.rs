//! Variables.

use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Value};

use super::context::{Context, Provider};
use super::tree::{block, each, items, text};

/// Rewrites the variables of a container.
pub(super) fn rewrite(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    if let Some(environment) = mapping.get_mut("environment") {
        let above = path.key("environment");
        each(environment, "name", "", |key, variable| {
            secret(variable, &above.key(&key.text), context);
        });
    }
    references(mapping, path, context);
    sources(mapping, path, context);
}

/// `secret` with its `provider`; version 2 says `latest` for the version that is
/// taken anyway.
fn secret(variable: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let provider = variable.remove("provider");
    if let Some(old) = &provider {
        let new = "`secret_store.provider` of the environment, or `secrets.NAME.store`";
        context.old(&old.key, "environment.K.provider", new, path);
    }
    if let Some(secret) = variable.get("secret") {
        from_store(secret, provider.as_ref().map(|old| &old.value), context);
    }
    let latest = variable.get("version").and_then(text) == Some("latest");
    if latest && context.is_old {
        variable.remove("version");
    }
}

/// Remembers that a secret comes from a store.
pub(super) fn from_store(secret: &Node, provider: Option<&Node>, context: &Context<'_>) {
    let Some(name) = text(secret) else { return };
    let provider = provider.and_then(|node| Some((text(node)?.to_owned(), node.span)));
    context.providers.borrow_mut().push(Provider {
        secret: name.to_owned(),
        provider,
        span: secret.span,
    });
}

/// `env_refs`: variables that take a key of something.
fn references(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let Some(old) = mapping.remove("env_refs") else {
        return;
    };
    let new = "`environment.NAME` with `secret_key_ref` or `configmap_key_ref`";
    context.old(&old.key, "env_refs", new, path);
    let mut left = Vec::new();
    for item in items(old.value) {
        let Some((name, reference)) = reference(&item) else {
            left.push(item);
            continue;
        };
        if mapping.get("environment").is_none_or(Node::is_null) {
            let made = block(mapping, "environment", "", old.key.span);
            made.map(|made| made.insert(name, reference));
            continue;
        }
        let Some(environment) = mapping.get_mut("environment").map(|node| &mut node.value) else {
            continue;
        };
        match environment {
            Value::Sequence(items) => {
                let span = name.span;
                let mut variable = Mapping::default();
                variable.insert(Key::new("name", span), Node::string(span, &*name.text));
                if let Value::Mapping(keys) = reference.value {
                    for Entry { key, value } in keys {
                        variable.insert(key, value);
                    }
                }
                items.push(Node::new(item.span, variable));
            }
            Value::Mapping(variables) => {
                let entry = Entry {
                    key: name,
                    value: reference,
                };
                context.put(variables, &entry.key.text.clone(), entry, path);
            }
            Value::Scalar(_) => left.push(item),
        }
    }
    // What is no reference is an unknown key where it stands.
    if !left.is_empty() {
        mapping.insert(old.key, Node::new(path_span(&left), left));
    }
}

fn path_span(nodes: &[Node]) -> kubewright_source::Span {
    nodes
        .first()
        .map_or(kubewright_source::Span::NONE, |node| node.span)
}

/// `{name, from, secret_name, configmap_name, key}`.
fn reference(item: &Node) -> Option<(Key, Node)> {
    let known = [
        "name",
        "from",
        "secret_name",
        "configmap_name",
        "key",
        "optional",
    ];
    let mapping = item.as_mapping()?;
    if !mapping.keys().all(|key| known.contains(&key)) {
        return None;
    }
    let name = mapping.get("name")?;
    let key = text(mapping.get("key")?)?;
    let (object, word) = match (mapping.get("secret_name"), mapping.get("configmap_name")) {
        (Some(object), None) => (object, "secret_key_ref"),
        (None, Some(object)) => (object, "configmap_key_ref"),
        _ => return None,
    };
    let from = mapping.get("from").and_then(text);
    let fits = match from {
        None => true,
        Some("secret") => word == "secret_key_ref",
        Some("configmap") => word == "configmap_key_ref",
        Some(_) => false,
    };
    if !fits {
        return None;
    }
    let whole = Node::string(object.span, format!("{}/{key}", text(object)?));
    let mut variable = Mapping::default();
    variable.insert(Key::new(word, object.span), whole);
    if let Some(optional) = mapping.get_entry("optional") {
        variable.insert(optional.key.clone(), optional.value.clone());
    }
    let key = Key::new(text(name)?, name.span);
    Some((key, Node::new(item.span, variable)))
}

/// `env_from` with `type` and `name`.
fn sources(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let Some(node) = mapping.get_mut("env_from") else {
        return;
    };
    let sources = match &mut node.value {
        Value::Sequence(items) => items.iter_mut().collect(),
        Value::Mapping(_) => vec![node],
        Value::Scalar(_) => Vec::new(),
    };
    for source in sources {
        let Some(keys) = source.as_mapping_mut() else {
            continue;
        };
        let kind = keys.get("type").and_then(text);
        let kind = match kind.map(str::to_ascii_lowercase).as_deref() {
            Some("secret") => "secret",
            Some("configmap") => "configmap",
            Some(_) | None => continue,
        };
        let Some(name) = keys.remove("name") else {
            continue;
        };
        if let Some(old) = keys.remove("type") {
            let new = "`configmap: NAME` or `secret: NAME`";
            context.old(&old.key, "env_from[].type", new, path);
        }
        context.put(keys, kind, name, path);
    }
}
