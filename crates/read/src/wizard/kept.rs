//! The state as it is kept for the next time: without what the browser keeps for
//! itself, and without any value of a secret.

use kubewright_source::Span;
use kubewright_yaml::{Key, Node, Scalar, Value};

use super::given::is_empty;
use super::{is_state, keys};

/// The version of kept states, under `_version`. A state with a higher one was
/// written by a newer program.
pub const VERSION: u32 = 1;

/// Makes a state fit to be kept. Transient keys ([`keys::TRANSIENT`]) and every
/// `_compose` go; `newValue`, and `value` of a secret, become empty; `_version` is
/// added, and `_savedAt` where a time is given.
pub fn keep(root: &mut Node, saved_at: Option<&str>) {
    let Some(top) = root.as_mapping_mut() else {
        return;
    };
    top.retain(|entry| !keys::TRANSIENT.contains(&&*entry.key.text));
    strip(root);
    let Some(top) = root.as_mapping_mut() else {
        return;
    };
    let mut add = |key: &str, scalar: Scalar| {
        let value = Node::new(Span::NONE, Value::Scalar(scalar));
        top.insert(Key::new(key, Span::NONE), value);
    };
    add("_version", Scalar::plain(VERSION.to_string()));
    if let Some(time) = saved_at {
        add("_savedAt", Scalar::string(time));
    }
}

/// Whether a state says nothing of any service: nothing worth keeping.
pub fn says_nothing(root: &Node) -> bool {
    let empty = |key: &str| root.get(key).is_none_or(is_empty);
    !is_state(root) || (empty("_services") && empty("_infraDecisions"))
}

/// The version that a kept state names, where it is not one of ours.
pub fn foreign_version(root: &Node) -> Option<&str> {
    let written = &root.get("_version")?.as_scalar()?.text;
    let known = written
        .trim()
        .parse()
        .is_ok_and(|number: u32| number <= VERSION);
    (!known).then_some(written)
}

fn strip(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(strip),
        Value::Mapping(mapping) => {
            mapping.retain(|entry| &*entry.key.text != "_compose");
            let kind = mapping.get("type").and_then(Node::as_scalar);
            let secret = kind.is_some_and(|kind| kind.text.trim() == "secret");
            // A volume of type `secret` has no key `value`.
            for key in ["newValue"].into_iter().chain(secret.then_some("value")) {
                if let Some(value) = mapping.get_mut(key) {
                    *value = Node::string(Span::NONE, "");
                }
            }
            mapping.values_mut().for_each(|(_, value)| strip(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use kubewright_source::SourceId;
    use kubewright_yaml::{Limits, read_json};

    use super::*;

    fn tree(text: &str) -> Node {
        read_json(text, SourceId::NONE, &Limits::default()).expect(text)
    }

    fn kept(text: &str) -> Node {
        let mut node = tree(text);
        keep(&mut node, None);
        node
    }

    #[test]
    fn what_is_kept() {
        let rows = [
            (
                "transient keys go",
                r#"{"_services":[],"action":"setup_k8s","_savedAt":"x","port":1}"#,
                r#"{"_services":[],"_version":1}"#,
            ),
            (
                "others stay",
                r#"{"_services":[],"environments":["dev"],"skaffold":true}"#,
                r#"{"_services":[],"environments":["dev"],"skaffold":true,"_version":1}"#,
            ),
            (
                "what a service has stays",
                r#"{"_services":[{"name":"a","port":"1","_compose":{"x":1}}]}"#,
                r#"{"_services":[{"name":"a","port":"1"}],"_version":1}"#,
            ),
            (
                "new values go",
                r#"{"_infraDecisions":[{"envVars":[{"key":"A","type":"secret","newValue":"x","value":"y"}]}]}"#,
                r#"{"_infraDecisions":[{"envVars":[{"key":"A","type":"secret","newValue":"","value":""}]}],"_version":1}"#,
            ),
            (
                "also of companions",
                r#"{"_services":[{"companions":[{"env":[{"key":"A","type":" secret ","value":"y"}]}]}]}"#,
                r#"{"_services":[{"companions":[{"env":[{"key":"A","type":" secret ","value":""}]}]}],"_version":1}"#,
            ),
            (
                "hardcoded values stay",
                r#"{"_services":[{"envVars":[{"key":"A","type":"hardcoded","value":"y"}]}]}"#,
                r#"{"_services":[{"envVars":[{"key":"A","type":"hardcoded","value":"y"}]}],"_version":1}"#,
            ),
            (
                "the version is ours",
                r#"{"_services":[],"_version":"7"}"#,
                r#"{"_services":[],"_version":1}"#,
            ),
        ];
        for (name, text, expected) in rows {
            assert!(kept(text).same(&tree(expected)), "{name}: {:?}", kept(text));
        }
    }

    #[test]
    fn the_time_is_kept_only_where_it_is_given() {
        let mut node = tree(r#"{"_services":[]}"#);
        keep(&mut node, Some("2026-01-02T03:04:05Z"));
        let time = node.get("_savedAt").and_then(Node::as_scalar);
        assert_eq!(time.map(|time| &*time.text), Some("2026-01-02T03:04:05Z"));
    }

    #[test]
    fn states_that_say_nothing() {
        let rows = [
            (r#"{"_services":[],"_infraDecisions":[]}"#, true),
            (r#"{"_services":null}"#, true),
            (r#"{"namespace":"a"}"#, true),
            ("[]", true),
            (r#"{"_services":[{"name":"a"}]}"#, false),
            (r#"{"_infraDecisions":[{"name":"a"}]}"#, false),
        ];
        for (text, expected) in rows {
            assert_eq!(says_nothing(&tree(text)), expected, "{text}");
        }
    }

    #[test]
    fn versions() {
        let rows = [
            (r#"{"_version":1}"#, None),
            (r#"{"_version":"1"}"#, None),
            ("{}", None),
            (r#"{"_version":2}"#, Some("2")),
            (r#"{"_version":"x"}"#, Some("x")),
        ];
        for (text, expected) in rows {
            assert_eq!(foreign_version(&tree(text)), expected, "{text}");
        }
    }
}
