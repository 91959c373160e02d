//! `labels`, `deploy.labels`, `annotations`, `label_file` and `x-kubewright`.
//!
//! Labels of compose are annotations of Kubernetes: they may hold any text.
//! Those that begin with `kubewright.` are words to us.

use std::collections::BTreeMap;

use kubewright_model::value::{LabelKey, LabelValue};
use kubewright_model::{App, Located};
use kubewright_source::{Diagnostic, SecretValues, Severity, Span, suggest};
use kubewright_yaml::Value;

use super::service::Service;
use super::{keys, kompose, route};
use crate::fields::{At, Pair};

/// What labels and annotations say.
pub(super) struct Labels {
    labels: BTreeMap<LabelKey, Located<LabelValue>>,
    annotations: BTreeMap<LabelKey, Located<String>>,
    /// Words to us, without `kubewright.`.
    words: BTreeMap<String, Located<String>>,
    /// The same, in kompose's labels, each with its whole name; ours count more.
    borrowed: BTreeMap<String, (String, Located<String>)>,
    /// Labels of kompose that say what ours do not.
    pub(super) kompose: kompose::Labels,
}

/// Words to us that a label of a service can be.
const WORDS: [&str; 8] = [
    "kind",
    "schedule",
    "size",
    "storage-class",
    "expose",
    "host",
    "path",
    "port",
];

impl Labels {
    /// What is said to us under a word, by a label or by `x-kubewright`.
    pub(super) fn kubewright(&self, word: &str, service: &Service<'_>) -> Option<Located<String>> {
        if let Some(found) = self.words.get(word) {
            return Some(found.clone());
        }
        let borrowed = || self.borrowed.get(word).map(|(_, said)| said.clone());
        extension(service.fields.at(), word).or_else(borrowed)
    }

    /// How that word is written in the input.
    pub(super) fn written(&self, word: &str, service: &Service<'_>) -> String {
        let is_extension = extension(service.fields.at(), word).is_some();
        match self.borrowed.get(word) {
            _ if self.words.contains_key(word) => format!("the label `kubewright.{word}`"),
            Some((name, _)) if !is_extension => format!("the label `{name}`"),
            Some(_) | None => format!("`{}` of `x-kubewright`", word.replace('-', "_")),
        }
    }
}

/// The value of a key of `x-kubewright` below a node.
pub(super) fn extension(at: &At<'_>, word: &str) -> Option<Located<String>> {
    let node = at.node.get("x-kubewright")?.get(&word.replace('-', "_"))?;
    let text = node.as_scalar()?.go_string()?;
    Some(Located::new(text.into_owned(), node.span))
}

/// Reports unknown keys of `x-kubewright` below a node.
pub(super) fn check_extension(at: &At<'_>) {
    let Some(node) = at.node.get("x-kubewright") else {
        return;
    };
    let below = at.down("x-kubewright", node);
    if let Some(fields) = below.fields("`x-kubewright`") {
        for key in keys::EXTENSION {
            if let Some(value) = fields.get(key.name) {
                value.scalar();
            }
        }
        fields.finish();
    }
}

/// Reads all of them.
pub(super) fn read(service: &Service<'_>) -> Labels {
    let mut found = Labels {
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        words: BTreeMap::new(),
        borrowed: BTreeMap::new(),
        kompose: kompose::Labels::default(),
    };
    let fields = &service.fields;
    check_extension(fields.at());
    let secrets = &service.scope.document.secrets;
    let files = service.scope.document.label_file_values.get(service.key);
    for variable in files.into_iter().flatten() {
        let pair = Pair {
            key: variable.name.clone(),
            value: variable.value.clone(),
            path: String::new(),
        };
        take(fields.at(), &mut found, pair, secrets);
    }
    if let Some(deploy) = fields.get("deploy")
        && let Some(node) = deploy.node.get("labels")
    {
        all(&deploy.down("labels", node), &mut found, secrets);
    }
    for key in ["annotations", "labels"] {
        if let Some(at) = fields.get(key) {
            all(&at, &mut found, secrets);
        }
    }
    for (word, (name, borrowed)) in &found.borrowed {
        let is_replaced = found.words.contains_key(word) || extension(fields.at(), word).is_some();
        if is_replaced {
            report_replaced(fields.at(), name, borrowed.span);
        }
    }
    found
}

/// A label of kompose whose matter is settled by a word of ours.
pub(super) fn report_replaced(at: &At<'_>, name: &str, place: Span) {
    at.say_at(
        place,
        Severity::Note,
        "unused",
        format!("the label `{name}` changes nothing: what kubewright is told counts more"),
        "leave out one of the two".to_owned(),
    );
}

fn all(at: &At<'_>, found: &mut Labels, secrets: &SecretValues) {
    if matches!(at.node.value, Value::Scalar(_)) {
        at.wrong_type("a mapping or a list");
        return;
    }
    for pair in at.pairs() {
        take(at, found, pair, secrets);
    }
}

fn take(at: &At<'_>, found: &mut Labels, pair: Pair, secrets: &SecretValues) {
    let is_others = |key: &str| route::traefik::is_ours(key) || route::caddy::is_ours(key);
    if is_others(&pair.key.value) || is_exposed(at, &pair, secrets) {
        return;
    }
    if found.kompose.take(&pair) {
        return;
    }
    let value = pair
        .value
        .unwrap_or_else(|| Located::new(String::new(), pair.key.span));
    if let Some((word, text)) = route::kompose::word(&pair.key.value, &value.value) {
        let said = Located::new(text, value.span);
        let name = pair.key.value;
        found.borrowed.insert(word.to_owned(), (name, said));
        return;
    }
    let Some(word) = pair.key.value.strip_prefix("kubewright.") else {
        miswritten(at, &pair.key);
        if let Some(key) = key(at, &pair.key) {
            found.annotations.insert(key, value);
        }
        return;
    };
    if let Some(name) = word.strip_prefix("label.") {
        if is_own(name) {
            at.say_at(
                pair.key.span,
                Severity::Warning,
                "not-carried",
                format!("the label `{name}` is written by kubewright: yours is left out"),
                "choose another name for it".to_owned(),
            );
            return;
        }
        let key = at.checked(
            &Located::new(name.to_owned(), pair.key.span),
            LabelKey::parse,
        );
        let value = at.checked(&value, LabelValue::parse);
        if let (Some(key), Some(value)) = (key, value) {
            found.labels.insert(key.value, value);
        }
    } else if WORDS.contains(&word) {
        found.words.insert(word.to_owned(), value);
    } else {
        at.say_at(
            pair.key.span,
            Severity::Warning,
            "not-carried",
            format!(
                "the label `{}` is none that is understood yet",
                pair.key.value
            ),
            match suggest::nearest(word, WORDS) {
                Some(near) => format!("did you mean `kubewright.{near}`?"),
                None => format!("behind `kubewright.` can stand {}", suggest::list(WORDS)),
            },
        );
    }
}

/// Labels by which workloads and Services find their pods.
fn is_own(label: &str) -> bool {
    matches!(label, "app" | "app.kubernetes.io/name")
}

/// `Kubewright.expose`: a word to us but for its capitals, which make it an
/// annotation as any other.
fn miswritten(at: &At<'_>, key: &Located<String>) {
    let folded = key.value.to_ascii_lowercase();
    if !folded.starts_with("kubewright.") {
        return;
    }
    at.say_at(
        key.span,
        Severity::Warning,
        "not-carried",
        format!(
            "the label `{}` is no word to kubewright: capitals count",
            key.value
        ),
        format!("did you mean `{folded}`?"),
    );
}

/// A label or annotation that a secret variable was put into is said and left
/// out: whoever may look at the object reads it.
pub(super) fn is_exposed(at: &At<'_>, pair: &Pair, secrets: &SecretValues) -> bool {
    let value = pair.value.as_ref();
    let Some(value) = value.filter(|value| secrets.at(value.span)) else {
        return false;
    };
    at.push(
        Diagnostic::warning(
            "exposed-secret",
            value.span,
            format!(
                "the label `{}` holds a secret and is left out: annotations are no place for it",
                pair.key.value
            ),
        )
        .help("give it to the program as a variable in `environment`, which becomes a Secret"),
    );
    true
}

/// A label whose key Kubernetes refuses as an annotation's is left out.
fn key(at: &At<'_>, key: &Located<String>) -> Option<LabelKey> {
    match LabelKey::parse(&key.value) {
        Ok(key) => Some(key),
        Err(invalid) => {
            at.say_at(
                key.span,
                Severity::Warning,
                "not-carried",
                format!(
                    "the label `{}` is no key of an annotation and is left out: {}",
                    key.value, invalid.why
                ),
                invalid.help,
            );
            None
        }
    }
}

/// Gives the app what was said.
pub(super) fn apply(labels: Labels, app: &mut App) {
    app.labels = labels.labels;
    app.annotations = labels.annotations;
}
