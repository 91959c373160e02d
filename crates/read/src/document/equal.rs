//! Whether two trees say the same.

use kubewright_yaml::{Node, Resolved, Scalar, Value};

/// True where both mean the same, wherever they stand and however they are
/// quoted: `a` equals `"a"`, `80` does not equal `"80"`. The order of keys does
/// not matter, the order of items does.
pub fn equal(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Scalar(a), Value::Scalar(b)) => scalars_equal(a, b),
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Mapping(a), Value::Mapping(b)) => {
            let matches = |key: &str, value| b.get(key).is_some_and(|other| equal(value, other));
            a.len() == b.len() && a.iter().all(|entry| matches(&entry.key.text, &entry.value))
        }
        (Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_), _) => false,
    }
}

fn scalars_equal(a: &Scalar, b: &Scalar) -> bool {
    match (a.resolve(), b.resolve()) {
        (Resolved::String, Resolved::String) | (Resolved::Timestamp, Resolved::Timestamp) => {
            a.text == b.text
        }
        (a, b) => a == b,
    }
}
