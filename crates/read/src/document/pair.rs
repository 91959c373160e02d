//! Variables that are written as a name beside a value.

use kubewright_knowledge::secret::looks_secret;
use kubewright_yaml::{Entry, Mapping, Node};

/// Keys that name a variable; `path` is that of a patch.
const NAMES: [&str; 6] = ["key", "name", "path", "var", "variable", "varname"];

/// Keys of its value.
const VALUES: [&str; 8] = [
    "content",
    "data",
    "default",
    "newvalue",
    "new_value",
    "text",
    "val",
    "value",
];

/// Keys beside a variable's name that hold no value.
const OTHERS: [&str; 19] = [
    "configmap_key_ref",
    "configmap_name",
    "configmapkey",
    "configmapname",
    "container",
    "createinvault",
    "field_ref",
    "from",
    "inline",
    "optional",
    "provider",
    "resource_field_ref",
    "secret",
    "secret_key_ref",
    "secret_name",
    "secretkey",
    "secretname",
    "type",
    "version",
];

/// Whether the entries below a key are variables: `environment`, `envVars`, `env`,
/// `variables`.
pub fn is_about_variables(key: &str) -> bool {
    let starts = |start: &str| {
        let word = key.get(..start.len());
        word.is_some_and(|word| word.eq_ignore_ascii_case(start))
    };
    starts("env") && !starts("environments") || starts("vars") || starts("variable")
}

/// Whether a key commonly holds the value of what is named beside or above it.
pub fn is_value(key: &str) -> bool {
    VALUES.iter().any(|value| key.eq_ignore_ascii_case(value))
}

/// The values in a mapping that names a secret variable beside them:
/// `{name: DB_PASSWORD, value: x}`, or says that it is one: `{key: A, type: secret}`.
/// Where the mapping is a variable for sure, a value under an unknown key is one, too.
pub fn secrets_beside(mapping: &Mapping, is_variable: bool) -> impl Iterator<Item = &Node> {
    let is_secret = mapping.iter().any(says_secret);
    let values = mapping.iter().filter(move |entry| {
        let key = &*entry.key.text;
        // It is for the vault, whatever it is called.
        let is_new = key.eq_ignore_ascii_case("newValue");
        is_new || is_secret && (is_value(key) || is_variable && !is_beside(key))
    });
    values.map(|entry| &entry.value)
}

/// Whether a key stands beside a variable's value.
fn is_beside(key: &str) -> bool {
    let mut all = NAMES.iter().chain(&OTHERS);
    all.any(|other| key.eq_ignore_ascii_case(other))
}

fn says_secret(entry: &Entry) -> bool {
    let Some(scalar) = entry.value.as_scalar() else {
        return false;
    };
    let (key, text) = (&*entry.key.text, &*scalar.text);
    if key.eq_ignore_ascii_case("type") {
        return text.eq_ignore_ascii_case("secret");
    }
    // Most keys are none of them.
    key.len() <= 8
        && NAMES.iter().any(|name| key.eq_ignore_ascii_case(name))
        && looks_secret(text.rsplit('/').next().unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use kubewright_source::Sources;
    use kubewright_yaml::{Limits, read_document};

    use super::*;

    fn found(text: &str, is_variable: bool) -> Vec<String> {
        let id = Sources::default().next_id();
        let tree = read_document(text, id, &Limits::default());
        let tree = tree.expect("it is YAML").expect("it is not empty");
        let mapping = tree.as_mapping().expect("it is a mapping");
        let values = secrets_beside(mapping, is_variable).filter_map(Node::as_scalar);
        values.map(|value| value.text.to_string()).collect()
    }

    #[test]
    fn values_of_secret_variables() {
        let rows: [(&str, bool, &[&str]); 9] = [
            ("{name: DB_PASSWORD, value: x}", false, &["x"]),
            ("{value: x, key: DB_PASSWORD}", false, &["x"]),
            ("{key: A, type: secret, value: x}", false, &["x"]),
            ("{key: A, value: x, newValue: y}", false, &["y"]),
            ("{op: add, path: /a/DB_PASSWORD, value: x}", false, &["x"]),
            ("{name: DB_PASSWORD, vlaue: x}", true, &["x"]),
            ("{name: auth-token, image: x}", false, &[]),
            ("{name: DB_PASSWORD, secret: x}", true, &[]),
            ("{name: A, value: x}", true, &[]),
        ];
        for (text, is_variable, expected) in rows {
            assert_eq!(found(text, is_variable), expected, "{text}");
        }
    }

    #[test]
    fn keys_with_variables() {
        for key in ["env", "envVars", "environment", "env_refs", "variables"] {
            assert!(is_about_variables(key), "{key}");
        }
        for key in ["environments", "name", "", "é", "varnish"] {
            assert!(!is_about_variables(key), "{key}");
        }
    }
}
