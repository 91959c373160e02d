//! Values of Secrets are compared by digest and never shown.
//!
//! What was generated last is remembered for the next merge. Of a Secret only
//! its shape is: every value under `data` and `stringData` becomes a digest, which
//! tells whether a value was changed and not what it was.

use kubewright_yaml::{Node, Scalar, Value};
use sha2::{Digest as _, Sha256};

use crate::layout;

/// The fields of a Secret that hold values
/// (<https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/>).
const FIELDS: [&str; 2] = ["data", "stringData"];
/// What is shown in place of a value.
pub const MASK: &str = "***";

/// What a digest begins with.
const DIGEST: &str = "sha256:";

pub(crate) fn is_secret(document: &Node) -> bool {
    let kind = document.get("kind").and_then(Node::as_scalar);
    kind.is_some_and(|kind| &*kind.text == "Secret")
}

/// Puts digests in the places of a Secret's values; other documents stay as they
/// are.
pub(crate) fn veil(document: &mut Node) {
    if !is_secret(document) {
        return;
    }
    let Some(mapping) = document.as_mapping_mut() else {
        return;
    };
    for field in FIELDS {
        if let Some(node) = mapping.get_mut(field) {
            veil_values(field, node);
        }
    }
}

fn veil_values(name: &str, node: &mut Node) {
    match &mut node.value {
        Value::Scalar(scalar) => *scalar = Scalar::string(digest(name, &scalar.text)),
        Value::Sequence(items) => items.iter_mut().for_each(|item| veil_values(name, item)),
        Value::Mapping(entries) => entries
            .values_mut()
            .for_each(|(key, value)| veil_values(&key.text, value)),
    }
}

/// The name of the key goes in, so that equal values of two keys do not show.
pub(crate) fn digest(name: &str, value: &str) -> String {
    let hash = Sha256::new_with_prefix(name)
        .chain_update([0])
        .chain_update(value);
    let hex = hash
        .finalize()
        .iter()
        .take(16)
        .fold(String::new(), |mut hex, byte| {
            hex.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or_default());
            hex.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or_default());
            hex
        });
    format!("{DIGEST}{hex}")
}

/// A text of which no value of a Secret can be read; the text itself where it
/// holds no Secret. None where that cannot be told: it is no YAML.
#[must_use]
pub fn shape(text: &str) -> Option<String> {
    replaced(text, |name, scalar| digest(name, &scalar.text))
}

/// A text for people's eyes: each value of a Secret is [`MASK`]. A text that is no
/// YAML is masked as a whole.
#[must_use]
pub fn masked(text: &str) -> String {
    replaced(text, |_, _| format!("\"{MASK}\"")).unwrap_or_else(|| format!("{MASK}\n"))
}

/// A text in which every digest of a [`shape`] is [`MASK`].
#[must_use]
pub fn mask_digests(text: &str) -> String {
    let mut parts = text.split(DIGEST);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(part.len());
        match end {
            32 => out.push_str(MASK),
            _ => out.extend([DIGEST, &part[..end]]),
        }
        out.push_str(&part[end..]);
    }
    out
}

fn replaced(text: &str, with: impl Fn(&str, &Scalar) -> String) -> Option<String> {
    let values = values_from(text);
    let head = text.get(..values)?;
    let rest = replaced_in(text.get(values..)?, values > 0, with)?;
    Some(format!("{head}{rest}"))
}

/// Where the values of a Secret begin that is written as we write it: what stands
/// before them need not be read to know that it is none. The beginning of any other
/// text.
fn values_from(text: &str) -> usize {
    const KEYS: [&str; 5] = [
        "apiVersion: ",
        "immutable: ",
        "kind: ",
        "metadata:",
        "type: ",
    ];
    let Some(head) = text.find("\nstringData:\n").map(|end| &text[..=end]) else {
        return 0;
    };
    // Nothing that could go on in the next line, or stand for something else.
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'.' | b'/' | b':')
    };
    let mut lines = head.lines();
    let is_known = |line: &str| {
        let is_key = || KEYS.iter().any(|key| line.starts_with(key));
        line.starts_with('#') || line.bytes().all(is_plain) && (line.starts_with("  ") || is_key())
    };
    let is_one = head.contains("\nkind: Secret\n") && !text.contains("\n---");
    match is_one && lines.all(is_known) {
        true => head.len(),
        false => 0,
    }
}

/// `is_known`: whether the text is the end of a Secret.
fn replaced_in(
    text: &str,
    is_known: bool,
    with: impl Fn(&str, &Scalar) -> String,
) -> Option<String> {
    let documents = layout::documents(text)?;
    let mut values = Vec::new();
    let of_secrets = |document: &&Node| is_known || is_secret(document);
    for document in documents.iter().filter(of_secrets) {
        for field in FIELDS {
            if let Some(node) = document.get(field) {
                gather(field, node, &mut values);
            }
        }
    }
    values.sort_by_key(|(_, node)| node.span.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (name, node) in values {
        let (start, end) = (node.span.start as usize, layout::end_of(text, node));
        // A value that is not written, or stands elsewhere (an alias), hides nothing here.
        if let (Some(scalar), true) = (node.as_scalar(), from <= start && start < end) {
            out.push_str(text.get(from..start)?);
            out.push_str(&with(name, scalar));
            from = end;
        }
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

fn gather<'n>(name: &'n str, node: &'n Node, values: &mut Vec<(&'n str, &'n Node)>) {
    match &node.value {
        Value::Scalar(_) => values.push((name, node)),
        Value::Sequence(items) => items.iter().for_each(|item| gather(name, item, values)),
        Value::Mapping(entries) => entries
            .iter()
            .for_each(|entry| gather(&entry.key.text, &entry.value, values)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "kind: Secret\nmetadata:\n  name: a\nstringData:\n  A: hunter2\n  B: |\n    two\n    lines\n  C: \"x\"\ntype: Opaque\n";

    #[test]
    fn no_value_of_a_secret_is_left() {
        let shape = shape(SECRET).unwrap();
        let masked = masked(SECRET);
        for text in [&shape, &masked] {
            assert!(
                !text.contains("hunter2") && !text.contains("lines"),
                "{text}"
            );
            assert!(text.contains("kind: Secret\nmetadata:\n  name: a\nstringData:\n  A: "));
            assert!(text.ends_with("\ntype: Opaque\n"), "{text}");
        }
        assert_eq!(mask_digests(&shape), masked.replace('"', ""));
        assert!(masked.contains("  B: \"***\"\n  C: \"***\"\n"), "{masked}");
    }

    #[test]
    fn a_shape_equals_the_veiled_tree() {
        let mut veiled = layout::documents(SECRET).unwrap().remove(0);
        veil(&mut veiled);
        let shape = shape(SECRET).unwrap();
        let read = layout::documents(&shape).unwrap().remove(0);
        assert!(crate::same::same(&veiled, &read), "{shape}");
    }

    #[test]
    fn what_we_write_is_read_from_its_values_on() {
        let head = "# from a.yaml, service b\napiVersion: v1\nkind: Secret\nmetadata:\n  name: b\n  labels:\n    app.kubernetes.io/part-of: c\n";
        let values = "stringData:\n  A: b c\n  B: |\n    data:\n\n    x\n  C: \"\"\ntype: Opaque\n";
        let digests =
            |text: &str| replaced_in(text, false, |name, scalar| digest(name, &scalar.text));
        let text = format!("{head}{values}");
        assert_eq!(values_from(&text), head.len());
        assert_eq!(shape(&text), digests(&text));
        let others = [
            ("kind: Secret", "kind: ConfigMap"),
            ("name: b", "name: \"b"),
            ("name: b", "name: |"),
            ("name: b", "name: {a: b}"),
            ("metadata:", "data:\n  A: b\nmetadata:"),
            ("type: Opaque", "---\nkind: ConfigMap\ndata:\n  A: b"),
        ];
        for (from, to) in others {
            let text = text.replace(from, to);
            assert_eq!(values_from(&text), 0, "{text}");
            assert_eq!(shape(&text), digests(&text), "{text}");
        }
    }

    #[test]
    fn other_texts_stay() {
        let text = "kind: ConfigMap\ndata:\n  A: b\n";
        assert_eq!(shape(text).as_deref(), Some(text));
        assert_eq!(masked(text), text);
        assert_eq!(shape("a: [\n"), None);
        assert_eq!(masked("a: [\n"), "***\n");
    }
}
