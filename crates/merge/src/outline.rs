//! A text that may hold a Secret, as people may see it.
//!
//! Nothing of such a text is copied. Its documents are read and drawn anew: the
//! names of the fields, and of the values only those that say what object it is.
//! So no comment, no second document and no way of writing YAML lets a value out.

use kubewright_yaml::{Node, Value};

use crate::{layout, veil};

/// The fields whose values say what object it is
/// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/>).
const OPEN: [&str; 6] = [
    "apiVersion",
    "kind",
    "type",
    "immutable",
    "metadata.name",
    "metadata.namespace",
];
const LABELS: &str = "metadata.labels";

/// Whether the value at a path of a Secret must not be shown.
pub(crate) fn hides(path: &str) -> bool {
    let is_label = path
        .strip_prefix(LABELS)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    !is_label && !OPEN.contains(&path)
}

/// Whether a text holds a Secret, or cannot be excluded to: an object of this kind
/// at any depth, a comment or a string that speaks of one, or values that no kind
/// stands beside.
#[must_use]
pub fn may_hold_secret(text: &str) -> bool {
    if text.contains("stringData") || speaks_of_secret(text) {
        return true;
    }
    match layout::documents(text) {
        Some(documents) => documents
            .iter()
            .any(|document| holds_secret(document) || is_bare(document)),
        None => text.to_ascii_lowercase().contains("secret"),
    }
}

/// `kind: Secret`, in whatever quotes.
fn speaks_of_secret(text: &str) -> bool {
    text.match_indices("Secret").any(|(at, word)| {
        let rest = text[at + word.len()..].chars().next();
        let before = text[..at].trim_end_matches(['"', '\'', '\\', ':', ' ', '\t']);
        before.ends_with("kind") && !rest.is_some_and(char::is_alphanumeric)
    })
}

pub(crate) fn holds_secret(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(_) => false,
        Value::Sequence(items) => items.iter().any(holds_secret),
        Value::Mapping(entries) => {
            entries.iter().any(|entry| {
                let field = entry.key.text.trim();
                let kind = entry.value.as_scalar().map(|scalar| scalar.text.trim());
                let is = |name: &str| kind.is_some_and(|kind| kind.eq_ignore_ascii_case(name));
                field.eq_ignore_ascii_case("stringData")
                    || (field.eq_ignore_ascii_case("kind") && (is("Secret") || is("SecretList")))
            }) || entries.iter().any(|entry| holds_secret(&entry.value))
        }
    }
}

/// Whether a document has values and no kind.
fn is_bare(document: &Node) -> bool {
    match &document.value {
        Value::Mapping(_) => document.get("kind").is_none() && document.get("data").is_some(),
        Value::Scalar(scalar) => !scalar.text.is_empty(),
        Value::Sequence(_) => false,
    }
}

/// A text's documents, with a digest in place of each value that may be secret and
/// without comments; none where it is no YAML. [`veil::mask_digests`] hides the
/// digests after two outlines were compared.
#[must_use]
pub fn outline(text: &str) -> Option<String> {
    let drawn = layout::documents(text)?.into_iter().map(|document| {
        let mut out = String::new();
        draw(&document, "", "", 0, &mut out);
        out
    });
    Some(drawn.collect::<Vec<_>>().join("---\n"))
}

/// A node behind what is written of its line already; lines of its own are `depth`
/// steps in.
fn draw(node: &Node, name: &str, path: &str, depth: usize, out: &mut String) {
    match &node.value {
        Value::Scalar(scalar) => {
            let value = match hides(path) {
                true => veil::digest(name, &scalar.text),
                false => scalar.text.replace(['\n', '\r'], " "),
            };
            line(out, &value);
        }
        Value::Sequence(items) if items.is_empty() => line(out, "[]"),
        Value::Mapping(entries) if entries.is_empty() => line(out, "{}"),
        Value::Sequence(items) => {
            begin(out);
            for item in items {
                out.push_str(&"  ".repeat(depth));
                out.push('-');
                draw(item, name, &format!("{path}[]"), depth + 1, out);
            }
        }
        Value::Mapping(entries) => {
            begin(out);
            for entry in entries.iter() {
                let key = shown(&entry.key.text);
                let below = match path {
                    "" => key.to_owned(),
                    path => format!("{path}.{key}"),
                };
                out.push_str(&"  ".repeat(depth));
                out.push_str(key);
                out.push(':');
                draw(&entry.value, &entry.key.text, &below, depth + 1, out);
            }
        }
    }
}

fn line(out: &mut String, value: &str) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push(' ');
    }
    out.push_str(value);
    out.push('\n');
}

fn begin(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// A key, unless it is none that an object can have and so may be a value astray.
fn shown(key: &str) -> &str {
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    match key.chars().all(is_key) {
        true => key,
        false => veil::MASK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_names_is_left() {
        let text = "# hunter0\nkind: Secret\nmetadata:\n  name: a # hunter1\n  labels:\n    app: b\n  annotations:\n    last: hunter2\nstringData:\n  A: hunter3\n  B: |\n    hunter4\n---\nkind: Secret\nstringData: {P: hunter5, \"hunter 6\": }\n---\nkind: List\nitems:\n- kind: Secret\n  data: [hunter7]\n";
        let drawn = veil::mask_digests(&outline(text).unwrap());
        assert_eq!(
            drawn,
            "kind: Secret\nmetadata:\n  name: a\n  labels:\n    app: b\n  annotations:\n    last: ***\nstringData:\n  A: ***\n  B: ***\n---\nkind: Secret\nstringData:\n  P: ***\n  ***: ***\n---\nkind: List\nitems:\n  -\n    kind: ***\n    data:\n      - ***\n"
        );
    }

    #[test]
    fn a_changed_value_changes_the_outline() {
        let [one, two] = ["x", "y"].map(|value| format!("kind: Secret\ndata: {{A: {value}}}\n"));
        assert_ne!(outline(&one), outline(&two));
        assert_eq!(outline(&one), outline(&format!("{one}# mine\n")));
        assert_eq!(outline("a: [\n"), None);
    }

    #[test]
    fn what_may_hold_a_secret() {
        let rows = [
            ("kind: Secret\n", true),
            ("\"kind\": \"Secret\"\n", true),
            ("kind: \"\\x53ecret\"\n", true),
            ("kind: Service\n---\nkind: 'Secret'\n", true),
            ("kind: List\nitems: [{kind: Secret}]\n", true),
            ("kind: SecretList\n", true),
            ("kind: Service\n# kind: Secret\n# data: {A: b}\n", true),
            (
                "kind: ConfigMap\ndata:\n  a: '{\"kind\":\"Secret\"}'\n",
                true,
            ),
            ("stringdata: {A: b}\n", true),
            ("# stringData\n", true),
            ("data: {A: b}\n", true),
            ("PASSWORD=hunter2\n", true),
            ("kind: [secret\n", true),
            ("kind: [\n", false),
            ("kind: ConfigMap\ndata: {A: b}\n", false),
            ("kind: SecretStore\n", false),
            ("kind: ExternalSecret\n", false),
            ("kind: Pod\nspec: {secretName: a}\n", false),
            ("", false),
            ("# a note\n", false),
        ];
        for (text, holds) in rows {
            assert_eq!(may_hold_secret(text), holds, "{text}");
        }
    }
}
