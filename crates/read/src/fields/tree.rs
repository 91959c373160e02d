//! Trees that are passed on as they are.

use kubewright_model::object::Tree;
use kubewright_yaml::{Node, Resolved, Scalar, Value};

/// The tree of a node; maps keep their order.
pub fn tree(node: &Node) -> Tree {
    match &node.value {
        Value::Scalar(found) => scalar(found),
        Value::Sequence(items) => Tree::List(items.iter().map(tree).collect()),
        Value::Mapping(mapping) => {
            let members = mapping.iter();
            let members = members.map(|entry| (entry.key.text.to_string(), tree(&entry.value)));
            Tree::Map(members.collect())
        }
    }
}

fn scalar(scalar: &Scalar) -> Tree {
    match scalar.resolve() {
        Resolved::Null => Tree::Null,
        Resolved::Bool(value) => Tree::Bool(value),
        Resolved::Int(value) => {
            i64::try_from(value).map_or(Tree::Float(value as f64), Tree::Integer)
        }
        Resolved::Float(value) => Tree::Float(value),
        Resolved::Timestamp | Resolved::String => Tree::Text(scalar.text.to_string()),
    }
}
