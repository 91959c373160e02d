//! Requests of devices: `gpus`, and `devices` of reservations.

use kubewright_yaml::{Key, Mapping, Node, Path};

use crate::compose::resolved::fault;
use crate::compose::resolved::shape::{
    DEVICE_COUNT, Extensions, Field, Object, Shape, TEXT, TEXTS, field,
};
use crate::compose::resolved::walk::{Walk, entry, plain, text_of};

static FIELDS: &[Field] = &[
    field("capabilities", TEXTS),
    field("count", DEVICE_COUNT),
    field("device_ids", TEXTS),
    field("driver", TEXT),
    field("options", Shape::Room(super::pairs::texts)),
];

static REQUEST: Object = Object {
    what: "a request of devices",
    fields: FIELDS,
    needs: &["capabilities"],
    extensions: Extensions::Dropped,
    open: false,
    null: false,
    keeps_empty: true,
};

static GPU: Object = Object {
    needs: &[],
    open: true,
    ..REQUEST
};

/// `all`, or a list of requests.
pub(crate) fn gpus(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    if let Some(items) = node.as_sequence() {
        return requests(&GPU, walk, items, node, path);
    }
    if text_of(node) != Some("all") {
        walk.wrong_type(node, path, "`all` or a list");
        return None;
    }
    let all = entry("count", plain(node.span, -1));
    let all = Node::new(node.span, Mapping::from_iter([all]));
    Some(Node::new(node.span, vec![all]))
}

/// A list of requests.
pub(crate) fn devices(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let Some(items) = node.as_sequence() else {
        walk.wrong_type(node, path, "a list");
        return None;
    };
    requests(&REQUEST, walk, items, node, path)
}

fn requests(
    object: &Object,
    walk: &mut Walk<'_>,
    items: &[Node],
    node: &Node,
    path: &Path<'_>,
) -> Option<Node> {
    let mut out = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        out.extend(request(object, walk, item, &path.index(at)));
    }
    (!out.is_empty()).then(|| Node::new(node.span, out))
}

fn request(object: &Object, walk: &mut Walk<'_>, item: &Node, path: &Path<'_>) -> Option<Node> {
    let mut request = walk.object(object, &[object.fields], item, path)?;
    match (item.get("count"), item.get("device_ids")) {
        (Some(count), Some(_)) => {
            let why = "`count` and `device_ids` exclude each other";
            walk.say(fault::bad_value(
                count.span,
                path,
                why,
                "keep one of the two",
            ));
        }
        (None, None) => {
            let fields = request.as_mapping_mut()?;
            fields.insert(Key::new("count", item.span), plain(item.span, -1));
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    Some(request)
}
