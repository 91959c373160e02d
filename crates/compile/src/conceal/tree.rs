//! What looks secret in a tree as it was read, whatever its language: variables of
//! any form, and texts that are secret by their own.
//!
//! Compose files are not looked through here: their loader does it scalar by scalar.

use kubewright_knowledge::secret::{
    assigned, assigned_words, credentials, headers, looks_secret, names_object, passwords,
};
use kubewright_read::document::scalars::part;
use kubewright_read::document::{is_about_variables, is_value, secrets_beside};
use kubewright_source::{Sources, Span};
use kubewright_yaml::{Mapping, Node, Scalar, Value};

/// Keeps whatever looks secret in a tree out of excerpts and messages.
pub(super) fn conceal(root: &Node, sources: &mut Sources) {
    let mut found = Vec::new();
    Walk {
        sources,
        found: &mut found,
    }
    .node(root, false);
    for (place, text) in found {
        sources.hold_written(place, &text);
        sources.conceal(place);
    }
}

/// The value that `--set` gives to a key, where the key or the value looks secret.
pub(super) fn conceal_set(key: &str, value: &Node, sources: &mut Sources) {
    let is_secret = key.split('.').any(is_secret_name);
    let mut found = Vec::new();
    let mut walk = Walk {
        sources,
        found: &mut found,
    };
    match is_secret {
        true => walk.hide(value),
        false => walk.node(value, false),
    }
    for (place, text) in found {
        sources.hold_written(place, &text);
        sources.conceal(place);
    }
}

struct Walk<'a> {
    sources: &'a Sources,
    found: &'a mut Vec<(Span, String)>,
}

impl Walk<'_> {
    /// `in_variables`: it stands below a key whose entries are variables.
    fn node(&mut self, node: &Node, in_variables: bool) {
        match &node.value {
            Value::Scalar(scalar) => self.scalar(scalar, node.span),
            Value::Sequence(items) => {
                self.words(items);
                if let ([name, value], true) = (items.as_slice(), in_variables) {
                    let name = name.as_scalar().map_or("", |scalar| &*scalar.text);
                    if is_secret_name(name) {
                        self.hide(value);
                    }
                }
                for item in items {
                    self.node(item, in_variables);
                }
            }
            Value::Mapping(mapping) => self.mapping(mapping, in_variables),
        }
    }

    fn mapping(&mut self, mapping: &Mapping, in_variables: bool) {
        for value in secrets_beside(mapping, in_variables) {
            self.hide(value);
        }
        if is_secret_object(mapping) {
            self.object(mapping);
        }
        for entry in mapping.iter() {
            let key = &*entry.key.text;
            match key {
                "secrets" => self.secrets(&entry.value),
                // Beside the name of a Secret it is the name of one of its keys.
                "secretKey" if !mapping.contains_key("secretName") => self.hide(&entry.value),
                _ if is_secret_name(key) => self.secret(&entry.value, in_variables),
                _ => self.node(&entry.value, is_about_variables(key)),
            }
        }
    }

    /// The block of secrets: each says where it is, or what it is.
    fn secrets(&mut self, node: &Node) {
        match node.as_mapping() {
            Some(mapping) => {
                let entries = mapping.iter().map(|entry| &entry.value);
                entries
                    .filter(|secret| secret.as_mapping().is_some())
                    .for_each(|secret| self.secret(secret, false));
            }
            None => self.node(node, false),
        }
    }

    /// What stands at a key that looks secret. Of a mapping nobody knows whether all
    /// of it is, unless it is a variable.
    fn secret(&mut self, node: &Node, in_variables: bool) {
        match &node.value {
            Value::Mapping(mapping) if !in_variables => {
                self.node(node, false);
                let values = mapping.iter().filter(|entry| is_value(&entry.key.text));
                values.for_each(|entry| self.hide(&entry.value));
            }
            Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_) => self.hide(node),
        }
    }

    /// An object of Kubernetes that holds secrets, or a resource that becomes one.
    fn object(&mut self, mapping: &Mapping) {
        let spec = mapping.get("spec").and_then(Node::as_mapping);
        for mapping in std::iter::once(mapping).chain(spec) {
            for data in ["data", "stringData"]
                .iter()
                .filter_map(|key| mapping.get(key))
            {
                self.hide(data);
            }
        }
    }

    /// Hides all at and below a node but switches and references.
    fn hide(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(scalar) => {
                if is_written(&scalar.text) {
                    self.found.push((node.span, scalar.text.to_string()));
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.hide(item)),
            Value::Mapping(mapping) => {
                let referred = mapping.iter().filter(|entry| !refers(&entry.key.text));
                referred.for_each(|entry| self.hide(&entry.value));
            }
        }
    }

    /// What is secret by its own form. Most texts are not.
    fn scalar(&mut self, scalar: &Scalar, span: Span) {
        let text = &*scalar.text;
        let mut places = credentials(text);
        if text.contains('=') || text.contains(" -") || text.starts_with("--") {
            places.extend(assigned(text));
        }
        if text.contains('@') {
            places.extend(passwords(text));
        }
        if text.contains(':') {
            places.extend(headers(text));
        }
        for place in places {
            self.part(scalar, span, place);
        }
    }

    /// The words of a command line.
    fn words(&mut self, items: &[Node]) {
        let texts = || items.iter().filter_map(Node::as_scalar);
        if !texts().any(|scalar| scalar.text.starts_with('-')) {
            return;
        }
        let words: Vec<&str> = items
            .iter()
            .map(|item| item.as_scalar().map_or("", |scalar| &*scalar.text))
            .collect();
        for (at, place) in assigned_words(&words) {
            if let Some(scalar) = items[at].as_scalar() {
                self.part(scalar, items[at].span, place);
            }
        }
    }

    fn part(&mut self, scalar: &Scalar, span: Span, place: std::ops::Range<usize>) {
        let text = scalar.text[place.clone()].to_owned();
        let place = part(span, scalar, self.sources, place.start, place.end);
        self.found.push((place, text));
    }
}

/// Keys whose values are names: of Secrets, or of keys in them.
const NAMES: [&str; 9] = [
    "imagePullSecrets",
    "image_pull_secrets",
    "pull_secrets",
    "secret",
    "secretKey",
    "secrets",
    "secret_store",
    "tlsSecret",
    "tls_secret",
];

fn is_secret_name(key: &str) -> bool {
    looks_secret(key) && !NAMES.contains(&key) && !names_object(key)
}

/// Whether a mapping is an object of Kubernetes that holds secrets.
fn is_secret_object(mapping: &Mapping) -> bool {
    let kind = mapping.get("kind").and_then(Node::as_scalar);
    mapping.contains_key("stringData")
        || kind.is_some_and(|kind| kind.text.eq_ignore_ascii_case("secret"))
}

/// Keys below a secret variable that say where its value is.
fn refers(key: &str) -> bool {
    ["secret", "variable", "key", "version", "store"].contains(&key) || key.ends_with("ref")
}

/// Whether a text is a value, and no switch and no reference alone.
fn is_written(text: &str) -> bool {
    let is_reference = text.starts_with("${") && text.ends_with('}') && !text.contains(":-");
    let is_switch = ["true", "false", "yes", "no", "null", "~", ""]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    !is_reference && !is_switch
}
