//! Short forms written long, so that they can be merged.

use kubewright_yaml::{Entry, Key, Mapping, Node, Resolved, Scalar, Value};

/// `build: folder` as `build: {context: folder}`.
pub(super) fn build(node: Node) -> Result<Node, Node> {
    match &node.value {
        Value::Mapping(_) => Ok(node),
        Value::Sequence(_) => Err(node),
        Value::Scalar(_) => {
            let span = node.span;
            let context = Entry {
                key: Key::new("context", span),
                value: node,
            };
            Ok(Node::new(span, Mapping::from_iter([context])))
        }
    }
}

/// `[A=1, B]` as `{A: "1", B: null}`.
pub(super) fn key_values(node: Node) -> Result<Node, Node> {
    // A number or a date in place of the whole is no key.
    if matches!(&node.value, Value::Scalar(scalar) if scalar.resolve() != Resolved::String) {
        return Err(node);
    }
    mapping_of(node, |item| {
        let text = item.as_scalar()?.go_string()?;
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key, Node::string(item.span, value)),
            None => (&*text, Node::null(item.span)),
        };
        let key = Key::new(key, item.span);
        Some(Entry { key, value })
    })
}

/// `[a, b]` as `{a: null, b: null}`.
pub(super) fn names(node: Node) -> Result<Node, Node> {
    mapping_of(node, |item| {
        let key = Key::new(item.as_scalar()?.go_string()?, item.span);
        let value = Node::null(item.span);
        Some(Entry { key, value })
    })
}

/// `[a]` as `{a: {condition: service_started, required: true}}`.
pub(super) fn dependencies(node: Node) -> Result<Node, Node> {
    mapping_of(node, |item| {
        let span = item.span;
        let entry = |key: &str, value| Entry {
            key: Key::new(key, span),
            value,
        };
        let value = Mapping::from_iter([
            entry("condition", Node::string(span, "service_started")),
            entry("required", Node::new(span, Scalar::plain("true"))),
        ]);
        let key = Key::new(item.as_scalar()?.go_string()?, span);
        let value = Node::new(span, value);
        Some(Entry { key, value })
    })
}

/// `a` as `[a]`, `{a: 1, b: [2, 3]}` as `[a=1, b=2, b=3]`.
pub(super) fn strings(node: Node) -> Result<Node, Node> {
    let span = node.span;
    let items = match node.value {
        Value::Sequence(_) => return Ok(node),
        Value::Scalar(_) => vec![node],
        Value::Mapping(mapping) => {
            let mut entries: Vec<Entry> = mapping.into_iter().collect();
            entries.sort_by(|a, b| a.key.text.cmp(&b.key.text));
            entries.into_iter().flat_map(assignments).collect()
        }
    };
    Ok(Node::new(span, items))
}

/// A list and nothing else.
pub(super) fn list(node: Node) -> Result<Node, Node> {
    match node.value {
        Value::Sequence(_) => Ok(node),
        Value::Scalar(_) | Value::Mapping(_) => Err(node),
    }
}

fn assignments(entry: Entry) -> Vec<Node> {
    let Entry { key, value } = entry;
    let assignment = |value: &Node| {
        let text = value.as_scalar().and_then(Scalar::go_string);
        let text = text.map_or_else(
            || key.text.to_string(),
            |text| format!("{}={text}", key.text),
        );
        Node::string(value.span, text)
    };
    match &value.value {
        Value::Sequence(items) => items.iter().map(assignment).collect(),
        Value::Scalar(_) => vec![assignment(&value)],
        // No form of its own: the part that decodes will refuse it where it stands.
        Value::Mapping(_) => vec![value],
    }
}

/// A list as a mapping, item by item; a later item of the same key replaces an
/// earlier one. Gives the node back where an item has no such form.
fn mapping_of(node: Node, entry: impl Fn(&Node) -> Option<Entry>) -> Result<Node, Node> {
    let items = match &node.value {
        Value::Mapping(_) => return Ok(node),
        Value::Sequence(items) => items.as_slice(),
        Value::Scalar(_) => std::slice::from_ref(&node),
    };
    let entries: Option<Mapping> = items
        .iter()
        .map(entry)
        .collect::<Option<Vec<_>>>()
        .map(Mapping::from_iter);
    match entries {
        Some(mapping) => Ok(Node::new(node.span, mapping)),
        None => Err(node),
    }
}
