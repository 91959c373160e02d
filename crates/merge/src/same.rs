//! When two values are one.

use kubewright_yaml::{AsGiven, Node, Scalar, Style, Value};

/// Whether two values say the same. The order of keys does not count, that of
/// lists does; quotes do not count around what is a string without them, too.
pub(crate) fn same(one: &Node, two: &Node) -> bool {
    let tag = |node: &Node| node.tag.as_ref().map(|tag| tag.text.clone());
    tag(one) == tag(two)
        && match (&one.value, &two.value) {
            (Value::Scalar(one), Value::Scalar(two)) => same_scalar(one, two),
            (Value::Sequence(one), Value::Sequence(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
            }
            (Value::Mapping(one), Value::Mapping(two)) => {
                one.len() == two.len()
                    && one.iter().all(|entry| {
                        let other = two.get(&entry.key.text);
                        other.is_some_and(|other| same(&entry.value, other))
                    })
            }
            (Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_), _) => false,
        }
}

fn same_scalar(one: &Scalar, two: &Scalar) -> bool {
    let is_plain = |scalar: &Scalar| scalar.style == Style::Plain;
    one.text == two.text && (is_plain(one) == is_plain(two) || is_string_anyway(&one.text))
}

/// Whether all readers take the text without quotes for a string.
pub(crate) fn is_string_anyway(text: &str) -> bool {
    let written = kubewright_yaml::to_string(text, &AsGiven);
    written.is_ok_and(|written| written.strip_suffix('\n') == Some(text))
}
