//! `external` of networks, volumes, configs and secrets.

use kubewright_yaml::{Node, Path};

use crate::compose::resolved::shape::{BOOL, Extensions, Object, TEXT, field};
use crate::compose::resolved::walk::{Walk, plain};

static NAMED: Object = Object {
    what: "`external`",
    fields: &[field("name", TEXT)],
    needs: &[],
    extensions: Extensions::Kept,
    open: false,
    null: false,
    keeps_empty: true,
};

static OPEN: Object = Object {
    open: true,
    ..NAMED
};

/// Whether somebody else made it: a boolean, or a mapping with its name.
pub(crate) fn external(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    of(&NAMED, walk, node, path)
}

/// The same where unknown keys are overlooked.
pub(crate) fn open_external(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    of(&OPEN, walk, node, path)
}

fn of(object: &Object, walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    if node.as_mapping().is_some() {
        walk.object(object, &[object.fields], node, path)?;
        return Some(plain(node.span, true));
    }
    walk.shape(&BOOL, node, path)
}
