//! `devices` of a service.

use kubewright_yaml::{Mapping, Node, Path};

use crate::compose::resolved::fault;
use crate::compose::resolved::shape::{Extensions, Object, TEXT, field};
use crate::compose::resolved::walk::{Walk, entry, text_of};

static LONG: Object = Object {
    what: "a device",
    fields: &[
        field("permissions", TEXT),
        field("source", TEXT),
        field("target", TEXT),
    ],
    needs: &["source"],
    extensions: Extensions::Kept,
    open: false,
    null: false,
    keeps_empty: true,
};

/// One device: `source[:target[:permissions]]`, or a mapping.
pub(crate) fn device(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    if node.as_mapping().is_some() {
        if node.get("target").is_none() {
            let lacks = fault::missing_key("target", node.span, path, "a device");
            walk.say(lacks);
        }
        return walk.object(&LONG, &[LONG.fields], node, path);
    }
    let Some(text) = text_of(node) else {
        walk.wrong_type(node, path, "a string or a mapping");
        return None;
    };
    let parts: Vec<&str> = text.split(':').collect();
    let (source, target, permissions) = match parts.as_slice() {
        [source] => (*source, "", "rwm"),
        [source, target] => (*source, *target, "rwm"),
        [source, target, permissions] => (*source, *target, *permissions),
        _ => {
            let why = "a device has at most two colons";
            let help = "write it as a mapping with `source`, `target` and `permissions`";
            walk.say(fault::bad_value(node.span, path, why, help));
            return None;
        }
    };
    let target = if target.is_empty() { source } else { target };
    let said = [
        ("source", source),
        ("target", target),
        ("permissions", permissions),
    ];
    let said = said.into_iter().filter(|(_, text)| !text.is_empty());
    let entries = said.map(|(key, text)| entry(key, Node::string(node.span, text)));
    Some(Node::new(node.span, Mapping::from_iter(entries)))
}
