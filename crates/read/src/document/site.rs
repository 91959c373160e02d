//! Where in a document one stands, and how values combine there.

use std::borrow::Cow;

use kubewright_yaml::Node;

/// A kind of place in a document: the top, a service, the ports of a service.
///
/// A language lists its kinds in an enum; going down the tree is a change of
/// kind, so that rules need no path patterns and cost nothing to find.
pub trait Site: Copy {
    /// The place of the value of `key` in a mapping that stands here.
    #[must_use]
    fn below(self, key: &str) -> Self;

    /// How two values that stand here combine.
    fn combine(self) -> Combine;

    /// What a null does that is laid over a value here.
    fn null(self) -> Null;
}

/// How the value of one document combines with that of the one below it.
#[derive(Clone, Copy, Debug)]
pub enum Combine {
    /// Mappings key by key; lists append what they do not hold yet; scalars replace.
    Deep,
    /// The upper value stands alone.
    Replace,
    /// Both are written as mappings (the function makes one of a short form, and
    /// gives back what has none), then key by key.
    Mapping(fn(Node) -> Result<Node, Node>),
    /// Both are written as lists; of items with the same identity the last
    /// counts, at the place of the first.
    List(fn(Node) -> Result<Node, Node>, Identity),
    /// Key by key, unless the function says that these two exclude each other:
    /// then the upper one stands alone.
    Unless(fn(&Node, &Node) -> bool),
}

/// What makes two items of a list the same. Items without one are the same only
/// when they are equal.
pub type Identity = fn(&Node) -> Option<Cow<'_, str>>;

/// What a null does that is laid over a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Null {
    /// Nothing: the value below stays.
    Keeps,
    /// It takes the value's place.
    Replaces,
    /// It takes the value away, key and all.
    Removes,
}
