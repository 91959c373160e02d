//! `ulimits`: a number, or `soft` and `hard`.

use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Resolved, Scalar};

use crate::compose::resolved::shape::{Extensions, INTEGER_KEPT, Object, field};
use crate::compose::resolved::walk::{Walk, plain};

static BOTH: Object = Object {
    what: "a limit",
    fields: &[field("hard", INTEGER_KEPT), field("soft", INTEGER_KEPT)],
    needs: &["soft", "hard"],
    extensions: Extensions::Dropped,
    open: false,
    null: false,
    keeps_empty: true,
};

/// One limit. Compose writes one of 0 as two.
pub(crate) fn limit(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    if node.as_mapping().is_some() {
        return walk.object(&BOTH, &[BOTH.fields], node, path);
    }
    // `1e3` is whole, and yet none of the integers that Compose takes here.
    let is_float = |scalar: &Scalar| matches!(scalar.resolve(), Resolved::Float(_));
    if node.as_scalar().is_none_or(is_float) {
        walk.wrong_type(
            node,
            path,
            "a whole number, or a mapping with `soft` and `hard`",
        );
        return None;
    }
    let one = walk.shape(&INTEGER_KEPT, node, path)?;
    if one.as_scalar().is_some_and(|scalar| &*scalar.text != "0") {
        return Some(one);
    }
    let zero = |key| Entry {
        key: Key::new(key, node.span),
        value: plain(node.span, 0),
    };
    let both = Mapping::from_iter([zero("soft"), zero("hard")]);
    Some(Node::new(node.span, both))
}
