//! Pods carry the hash of their configuration. A chart computes it of its values, by
//! the recipe that the flat manifests follow.
//! Where that recipe does not come to what the flat manifests have, the hash is a value
//! like any other.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_objects::{Body, Object};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::hole::{is_set, quoted};

/// The annotation of pod templates that holds the hash.
pub(super) const ANNOTATION: &str = "kubewright.dev/config-hash";

/// The digests of an object's values by their keys; none where it holds no
/// configuration.
pub(super) fn digests(object: &Object) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    match &object.body {
        Body::ConfigMap(map) => {
            for (key, text) in map.data.iter().flatten() {
                found.insert(key.clone(), digest(text.as_bytes()));
            }
            for (key, bytes) in map.binary_data.iter().flatten() {
                found.insert(key.clone(), digest(&bytes.0));
            }
        }
        Body::Secret(secret) => {
            for (key, text) in secret.string_data.iter().flatten() {
                found.insert(key.clone(), digest(text.as_bytes()));
            }
            for (key, bytes) in secret.data.iter().flatten() {
                found.insert(key.clone(), digest(&bytes.0));
            }
        }
        Body::ExternalSecret(secret) => {
            for data in &secret.spec.data {
                let path = data.remote_ref.path();
                found.insert(data.secret_key.clone(), digest(path.as_bytes()));
            }
        }
        _ => return None,
    }
    Some(found)
}

fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The configuration that objects hold, by their kinds and names.
pub(super) type AllHeld = BTreeMap<(String, String), Held>;

/// The configuration that one object holds.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// The digests of its values in each environment that has it.
    pub(super) each: Vec<Option<BTreeMap<String, String>>>,
    /// What the template says for a key: an expression, and whether it may be unset.
    pub(super) expressions: BTreeMap<String, (String, bool)>,
    /// The conditions under which the object is there.
    pub(super) conditions: Vec<String>,
}

impl Held {
    /// Whether there is the object with a key in an environment.
    pub(super) fn has(&self, key: &str, environment: usize) -> bool {
        let keys = self.each.get(environment).and_then(Option::as_ref);
        keys.is_some_and(|keys| keys.contains_key(key))
    }

    /// The condition under which there is the object with a key; none where there always
    /// is, or where the template says the key in another way.
    pub(super) fn condition(&self, key: &str) -> Option<String> {
        let mut all = self.conditions.clone();
        match self.expressions.get(key) {
            Some((expression, true)) => all.push(is_set(expression)),
            Some((_, false)) => {}
            None => {
                let mut present = self.each.iter().flatten();
                if !present.all(|keys| keys.contains_key(key)) {
                    return None;
                }
            }
        }
        match all.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            several => Some(format!("and ({})", several.join(") ("))),
        }
    }

    /// The digest of the object in an environment.
    fn digest(&self, environment: usize) -> Option<String> {
        let lines = self.each[environment].as_ref()?;
        let lines: String = lines
            .iter()
            .map(|(key, value)| format!("{key}={value}\n"))
            .collect();
        Some(digest(lines.as_bytes()))
    }

    /// The same as an expression; none where environments differ in what is no value.
    fn expression(&self) -> Option<String> {
        let present: Vec<_> = self.each.iter().flatten().collect();
        let keys: BTreeSet<&String> = present.iter().flat_map(|lines| lines.keys()).collect();
        if self.expressions.is_empty() {
            let first = present.first()?;
            let same = present.iter().all(|lines| lines == first);
            let at = self.each.iter().position(Option::is_some)?;
            return self
                .digest(at)
                .filter(|_| same)
                .map(|digest| quoted(&digest));
        }
        let mut text = String::from("(print");
        for key in keys {
            let line = match self.expressions.get(key) {
                Some((expression, may_be_unset)) => {
                    let line = format!(
                        "(print {} ({expression} | toString | sha256sum) \"\\n\")",
                        quoted(&format!("{key}="))
                    );
                    match may_be_unset {
                        true => format!("(ternary {line} \"\" ({}))", is_set(expression)),
                        false => line,
                    }
                }
                None => {
                    let first = present.first()?.get(key)?;
                    let same = present.iter().all(|lines| lines.get(key) == Some(first));
                    if !same {
                        return None;
                    }
                    quoted(&format!("{key}={first}\n"))
                }
            };
            text.push(' ');
            text.push_str(&line);
        }
        text.push_str(" | sha256sum)");
        Some(text)
    }
}

/// The expression for the hash of pods; none where the recipe does not come to
/// what the annotation has. `hashes` are what it has in each environment, `names` the
/// names of the objects that the pods refer to.
pub(super) fn expression(
    hashes: &[Option<Value>],
    names: &BTreeSet<String>,
    held: &AllHeld,
) -> Option<String> {
    let used: Vec<&Held> = held
        .iter()
        .filter(|((_, name), _)| names.contains(name))
        .map(|(_, held)| held)
        .collect();
    for (at, hash) in hashes.iter().enumerate() {
        let Some(hash) = hash else { continue };
        let mut digests: Vec<String> = used.iter().filter_map(|held| held.digest(at)).collect();
        digests.sort_unstable();
        let found = digest(digests.concat().as_bytes());
        if hash.as_str() != Some(&found[..8]) {
            return None;
        }
    }
    let mut parts = Vec::new();
    for held in used {
        let part = held.expression()?;
        parts.push(match held.conditions.as_slice() {
            [] => part,
            [one] => format!("(ternary {part} \"\" ({one}))"),
            several => {
                let all: Vec<String> = several.iter().map(|one| format!("({one})")).collect();
                format!("(ternary {part} \"\" (and {}))", all.join(" "))
            }
        });
    }
    let parts: String = parts.iter().map(|part| format!("\n  {part}")).collect();
    Some(format!(
        "list{parts}\n  | sortAlpha | join \"\" | sha256sum | trunc 8"
    ))
}

/// The names of the ConfigMaps and Secrets that a tree refers to.
pub(super) fn referred(tree: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    walk(tree, "", &mut names);
    names
}

fn walk(tree: &Value, key: &str, names: &mut BTreeSet<String>) {
    match tree {
        Value::Object(map) => {
            let holder = matches!(
                key,
                "configMapRef"
                    | "configMapKeyRef"
                    | "configMap"
                    | "secretRef"
                    | "secretKeyRef"
                    | "secret"
            );
            for (name, value) in map {
                if let Value::String(text) = value
                    && (name == "secretName" || (holder && name == "name"))
                {
                    names.insert(text.clone());
                }
                walk(value, name, names);
            }
        }
        Value::Array(list) => list.iter().for_each(|one| walk(one, key, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
