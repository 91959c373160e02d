//! Numbers without an end.
//!
//! Compose checks a file as JSON, which has no word for `.inf` and `.nan`: it takes
//! them nowhere, not even below keys of one's own.

use kubewright_source::Diagnostic;
use kubewright_yaml::{Node, Path, Resolved, Scalar, Value};

use super::fault;

/// One fault for each of them in a tree, but where a fault was found already.
pub(super) fn faults(tree: &Node, path: &Path<'_>, known: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    walk(tree, path, &mut found);
    found.retain(|fault| !known.iter().any(|known| known.span == fault.span));
    found
}

fn walk(node: &Node, path: &Path<'_>, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Mapping(mapping) => {
            for entry in mapping {
                walk(&entry.value, &path.key(&entry.key.text), found);
            }
        }
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &path.index(at), found);
            }
        }
        Value::Scalar(scalar) if is_infinite(scalar) => {
            let why = format!("`{}` is no number that can be written down", scalar.text);
            let help = "write a number, or put the value in quotes";
            found.push(fault::bad_value(node.span, path, &why, help));
        }
        Value::Scalar(_) => {}
    }
}

fn is_infinite(scalar: &Scalar) -> bool {
    // The common case is told by its length.
    (4..=5).contains(&scalar.text.len())
        && matches!(scalar.resolve(), Resolved::Float(value) if !value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_source::Span;

    #[test]
    fn only_bare_words_of_yaml_are_infinite() {
        let rows = [
            (Scalar::plain(".inf"), true),
            (Scalar::plain("-.Inf"), true),
            (Scalar::plain(".nan"), true),
            (Scalar::plain("1.5e3"), false),
            (Scalar::string(".inf"), false),
            (Scalar::plain("inf"), false),
        ];
        for (scalar, expected) in rows {
            let text = scalar.text.to_string();
            let node = Node::new(Span::NONE, vec![Node::new(Span::NONE, scalar)]);
            let found = faults(&node, &Path::ROOT, &[]);
            assert_eq!(!found.is_empty(), expected, "{text}");
        }
    }
}
