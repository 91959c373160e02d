//! One layer laid over another: defaults, templates, entries, overrides.

use kubewright_yaml::{Mapping, Node, Value};

use super::shape::{Block, Shape};

/// Lays `over` over `under`; both are written long. Maps merge key by key,
/// scalars and lists replace, `null` removes, another alternative replaces.
pub(super) fn merge(under: Node, over: Node, shape: Shape) -> Node {
    if matches!(shape, Shape::Verbatim | Shape::Leaf(_) | Shape::List(_)) {
        return over;
    }
    let (lower, upper) = match (under.value, over.value) {
        (Value::Mapping(lower), Value::Mapping(upper)) => (lower, upper),
        (_, value) => {
            return Node {
                span: over.span,
                value,
                tag: over.tag,
            };
        }
    };
    // What is written short stands where its value does, also over a long form.
    let mut said = upper.iter();
    let is_short = !upper.is_empty() && said.all(|entry| entry.key.span == entry.value.span);
    let span = if is_short { over.span } else { under.span };
    let mut merged = lower;
    if let Shape::Block(block) = shape {
        give_way(&mut merged, &upper, block);
    }
    lay(&mut merged, upper, shape);
    Node {
        span,
        value: Value::Mapping(merged),
        tag: under.tag.or(over.tag),
    }
}

fn lay(under: &mut Mapping, over: Mapping, shape: Shape) {
    let mut removed = false;
    for entry in over {
        removed |= entry.value.is_null();
        let below = shape.below(&entry.key.text).unwrap_or(Shape::Verbatim);
        match under.get_mut(&entry.key.text) {
            Some(slot) if !entry.value.is_null() && !slot.is_null() => {
                let lower = std::mem::replace(slot, Node::null(entry.key.span));
                *slot = merge(lower, entry.value, below);
            }
            Some(slot) => *slot = entry.value,
            None => {
                under.insert(entry.key, entry.value);
            }
        }
    }
    if removed {
        under.retain(|entry| !entry.value.is_null());
    }
}

/// Takes away what the upper layer says in another way.
fn give_way(under: &mut Mapping, over: &Mapping, block: &'static Block) {
    let said = over
        .iter()
        .filter(|entry| !entry.value.is_null())
        .find_map(|entry| block.group(&entry.key.text));
    if let Some(group) = said {
        under.retain(|entry| {
            block
                .group(&entry.key.text)
                .is_none_or(|other| other == group)
        });
    }
    let type_of = |mapping: &Mapping| {
        let scalar = mapping.get("type").and_then(Node::as_scalar);
        scalar.map(|scalar| scalar.text.to_ascii_lowercase())
    };
    if let (Some(lower), Some(upper)) = (type_of(under), type_of(over))
        && lower != upper
    {
        under.retain(|entry| !block.belongs_to_another(&entry.key.text, &upper));
    }
}
