//! `configs` and `secrets` of a service, and secrets of a build.

use kubewright_yaml::{Mapping, Node, Path};

use crate::compose::resolved::shape::{Extensions, FILE_MODE, Object, TEXT, field};
use crate::compose::resolved::walk::{Walk, entry, text_of};

static LONG: Object = Object {
    what: "the mount of a config or secret",
    fields: &[
        field("gid", TEXT),
        field("mode", FILE_MODE),
        field("source", TEXT),
        field("target", TEXT),
        field("uid", TEXT),
    ],
    needs: &[],
    extensions: Extensions::Kept,
    open: false,
    null: false,
    keeps_empty: true,
};

/// One file: the name of its source, or a mapping.
pub(crate) fn file(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    if node.as_mapping().is_some() {
        return walk.object(&LONG, &[LONG.fields], node, path);
    }
    let Some(text) = text_of(node) else {
        walk.wrong_type(node, path, "a string or a mapping");
        return None;
    };
    let source = entry("source", Node::string(node.span, text));
    Some(Node::new(node.span, Mapping::from_iter([source])))
}

/// The same for secrets of a service, which have a default place.
pub(crate) fn secret(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let mut secret = file(walk, node, path)?;
    if node.get("target").is_some() {
        return Some(secret);
    }
    let Some(source) = secret.get("source").and_then(text_of) else {
        return Some(secret);
    };
    let target = entry(
        "target",
        Node::string(node.span, format!("/run/secrets/{source}")),
    );
    secret.as_mapping_mut()?.insert(target.key, target.value);
    Some(secret)
}
