//! Options of drivers and plugins: the user's keys, scalars below them.

use crate::compose::resolved::shape::{
    ANY_SCALAR, Accepts, Cast, Into, KeyRule, Leaf, List, Named, PRINTED, PRINTED_OR_BOOL,
    PRINTED_OR_NULL, Rule, Shape, TEXT_KEPT, TEXT_OR_NUMBER, kept,
};
use crate::compose::resolved::walk::Walk;
use kubewright_yaml::{Node, Path};

const fn options(value: Shape) -> Named {
    Named {
        what: "option",
        key: KeyRule::Any,
        value,
        keeps_null: false,
    }
}

/// Strings and numbers.
pub(crate) const PRINTED_OPTIONS: Shape = Shape::Named(&options(PRINTED));
/// The same, of which numbers must be whole.
pub(crate) const TEXT_OPTIONS: Shape = Shape::Named(&options(kept(TEXT_OR_NUMBER)));
/// Strings, numbers, or nothing.
pub(crate) const LOG_OPTIONS: Shape = Shape::Named(&options(PRINTED_OR_NULL));
/// Strings.
pub(crate) const STRICT_OPTIONS: Shape = Shape::Named(&Named {
    key: KeyRule::Filled,
    ..options(TEXT_KEPT)
});
/// What a storage driver is told.
pub(crate) const STORAGE_OPTIONS: Shape = Shape::Named(&options(Shape::Leaf(Leaf {
    accepts: ANY_SCALAR.or(Accepts::NULL),
    cast: Cast::None,
    into: Into::Text,
    rule: Rule::None,
    keeps_zero: true,
})));
/// What a provider is told: each value a list.
pub(crate) const PROVIDER_OPTIONS: Shape = Shape::Named(&options(Shape::Room(provider_option)));

static PRINTED_LIST: List = List {
    item: PRINTED_OR_BOOL,
    unique: false,
};

fn provider_option(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    if node.as_sequence().is_some() {
        return walk.shape(&Shape::List(&PRINTED_LIST), node, path);
    }
    let one = walk.shape(&PRINTED_OR_BOOL, node, path)?;
    Some(Node::new(node.span, vec![one]))
}
