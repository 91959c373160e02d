//! Claims: how much, of which class, and what they are called.

use std::collections::BTreeMap;

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Key, Mapping, Node, Path};

use super::set;
use crate::apps::old::context::Context;
use crate::apps::old::tree::{block, each, members, text};

/// Classes of storage that the file names for environments.
pub(super) struct Classes {
    everywhere: bool,
    environments: Vec<Key>,
}

impl Classes {
    pub(super) fn new(top: &Mapping) -> Self {
        let defaults = top.get("defaults");
        let environments = top.get("environments").and_then(Node::as_mapping);
        let environments = environments.into_iter().flat_map(Mapping::iter);
        let named = environments.filter(|entry| entry.value.get("storage_class").is_some());
        Self {
            everywhere: defaults.is_some_and(|all| all.get("storage_class").is_some()),
            environments: named.map(|entry| entry.key.clone()).collect(),
        }
    }
}

/// Claims: 1Gi of the class `standard`, called like the volume.
pub(super) fn volumes(app: &mut Mapping, classes: &Classes) {
    let mut unnamed = Vec::new();
    if let Some(volumes) = app.get_mut("volumes") {
        each(volumes, "name", "mount_path", |key, volume| {
            if !is_claim(volume) {
                return;
            }
            set(volume, "size", key.span, "1Gi");
            set(volume, "claim_name", key.span, &key.text);
            if !volume.contains_key("storage_class") && !classes.everywhere {
                set(volume, "storage_class", key.span, "standard");
                unnamed.push(key.clone());
            }
        });
    }
    for environment in &classes.environments {
        for key in &unnamed {
            let layer = block(app, "overrides", "", key.span)
                .and_then(|all| block(all, &environment.text, "", key.span))
                .and_then(|layer| block(layer, "volumes", "", key.span))
                .and_then(|volumes| block(volumes, &key.text, "mount_path", key.span));
            if let Some(layer) = layer.filter(|layer| !layer.contains_key("storage_class")) {
                layer.insert(Key::new("storage_class", key.span), Node::null(key.span));
            }
        }
    }
}

fn is_claim(volume: &Mapping) -> bool {
    let others = [
        "claim",
        "source",
        "medium",
        "size_limit",
        "configmap_name",
        "secret_name",
        "host_path",
        "image",
    ];
    match volume.get("type").and_then(text) {
        Some(kind) => kind.eq_ignore_ascii_case("pvc") && !volume.contains_key("claim"),
        None => !others.iter().any(|key| volume.contains_key(key)),
    }
}

/// The app that is spoken of.
pub(super) struct Claimant<'a> {
    pub(super) key: &'a Key,
    pub(super) path: &'a Path<'a>,
}

/// Claims have the bare names of their volumes: those of two apps may meet.
pub(super) fn collide(
    app: &Mapping,
    at: &Claimant<'_>,
    claims: &mut BTreeMap<(String, String), (Key, Span)>,
    context: &Context<'_>,
) {
    let namespace = app.get("namespace").and_then(text).unwrap_or_default();
    let volumes = app.get("volumes").map(members);
    for (name, volume) in volumes.unwrap_or_default() {
        let claim = volume.get("claim_name").and_then(text);
        let Some(claim) = claim.filter(|claim| *claim == &*name.text) else {
            continue;
        };
        let place = (namespace.to_owned(), claim.to_owned());
        let Some((other, span)) = claims.get(&place) else {
            claims.insert(place, (at.key.clone(), name.span));
            continue;
        };
        let message = format!(
            "`{}` and `{}` both have a claim `{claim}`",
            other.text, at.key.text
        );
        let said = Diagnostic::error("name-taken", name.span, message)
            .related(*span, "the other is here")
            .path(at.path.key("volumes").key(claim).to_string());
        context.report.push(said.help(
            "give one of the volumes another name, or a `claim_name` of its own; what both are \
             to share belongs to `volumes` at the top, with `claim` here",
        ));
    }
}
