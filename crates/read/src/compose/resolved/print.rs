//! The resolved document as text.

use kubewright_yaml::{AsGiven, Node, Scalar, Style, Value, WriteError, to_string};

/// The document as YAML that Compose reads back as the same project: each `$` of a
/// value is doubled, because there is nothing left to interpolate.
///
/// # Errors
/// Where a value cannot be written.
pub fn print(root: &Node) -> Result<String, WriteError> {
    let mut root = root.clone();
    escape(&mut root);
    to_string(&root, &AsGiven)
}

fn escape(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(scalar) => {
            if scalar.text.contains('$') {
                let text = scalar.text.replace('$', "$$");
                *scalar = match scalar.style {
                    Style::Plain => Scalar::plain(text),
                    Style::Quoted | Style::Block => Scalar::string(text),
                };
            }
        }
        Value::Sequence(items) => items.iter_mut().for_each(escape),
        Value::Mapping(mapping) => mapping.values_mut().for_each(|(_, value)| escape(value)),
    }
}
