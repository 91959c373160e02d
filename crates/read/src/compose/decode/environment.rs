//! `environment` and what `env_file` brought.

use std::collections::BTreeMap;

use kubewright_knowledge::secret;
use kubewright_model::value::{SecretText, VariableName};
use kubewright_model::variable::{SecretVariable, Variable, VariableValue};
use kubewright_model::{App, Located};
use kubewright_source::suggest::list;
use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::Value;

use super::service::Service;
use crate::fields::Pair;

/// One variable before it is known where it belongs.
struct Written {
    name: Located<String>,
    value: Option<Located<String>>,
    path: String,
    /// It refers to a variable that is secret.
    is_secret: bool,
}

/// Reads the variables into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let mut moved = Vec::new();
    for written in ordered(service) {
        let Some(value) = value_of(service, &written) else {
            continue;
        };
        let at = service.fields.at();
        let Some(name) = at.checked(&written.name, VariableName::parse) else {
            continue;
        };
        let why = secret_for(service, &name.value, &value.value, written.is_secret);
        if let Some(why) = why {
            moved.push((name.value.to_string(), value.span, why, written.path));
        }
        let value = kept(&name.value, value, why.is_some());
        app.main.environment.push(Variable { name, value });
    }
    note_moved(service, &moved);
}

/// Where the value of a variable beside the service's own is kept.
pub(super) fn place(
    service: &Service<'_>,
    name: &VariableName,
    value: Located<String>,
    is_secret: bool,
) -> VariableValue {
    let why = secret_for(service, name, &value.value, is_secret);
    kept(name, value, why.is_some())
}

fn kept(name: &VariableName, value: Located<String>, is_secret: bool) -> VariableValue {
    if is_secret {
        return VariableValue::Secret(Box::new(SecretVariable {
            name: None,
            key: None,
            version: None,
            known: Some(value.map(SecretText::new)),
        }));
    }
    match name.is_data_key() {
        true => VariableValue::Text(value),
        // No key of a ConfigMap: it stands in the container, where Kubernetes
        // would replace what looks like a reference.
        false => VariableValue::Inline(value.map(literal)),
    }
}

/// Those of env files first, in their order; each name once, the last value.
fn ordered(service: &Service<'_>) -> Vec<Written> {
    let mut all: Vec<Written> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let from_files = service
        .scope
        .env_file(service.key)
        .iter()
        .map(|variable| Written {
            name: variable.name.clone(),
            value: variable.value.clone(),
            path: String::new(),
            is_secret: variable.is_secret,
        });
    for written in from_files.chain(own(service)) {
        match places.get(&written.name.value) {
            Some(place) => all[*place] = written,
            None => {
                places.insert(written.name.value.clone(), all.len());
                all.push(written);
            }
        }
    }
    all
}

/// A list keeps its order; a mapping has none and comes out as people write the
/// image's variables, then by name.
fn own(service: &Service<'_>) -> Vec<Written> {
    let Some(at) = service.fields.get("environment") else {
        return Vec::new();
    };
    let mut own: Vec<Written> = at
        .pairs()
        .into_iter()
        .map(|pair| Written {
            is_secret: is_secret(service, &pair),
            name: pair.key,
            value: pair.value,
            path: pair.path,
        })
        .collect();
    if matches!(at.node.value, Value::Mapping(_)) {
        let rank = |written: &Written| {
            let rank = service
                .family
                .and_then(|family| family.variable_rank(&written.name.value));
            (rank.unwrap_or(usize::MAX), written.name.value.clone())
        };
        own.sort_by_cached_key(rank);
    }
    own
}

/// Whether a secret variable was put into it by a reference.
pub(super) fn is_secret(service: &Service<'_>, pair: &Pair) -> bool {
    let value = pair.value.as_ref();
    value.is_some_and(|value| service.scope.document.secrets.at(value.span))
}

/// A variable without a value takes that of the environment.
fn value_of(service: &Service<'_>, written: &Written) -> Option<Located<String>> {
    if let Some(value) = &written.value {
        return Some(value.clone());
    }
    let name = &written.name;
    let found = service.scope.document.environment.get(&name.value);
    if found.is_none() {
        let said = Diagnostic::warning(
            "unset-variable",
            name.span,
            format!(
                "`{}` of `{}` has no value, neither here nor in the environment, and is left out",
                name.value, service.name.value
            ),
        );
        let said = said.path(written.path.clone());
        service.fields.at().report.push(said.help(format!(
            "give it a value, or set `{}` in `.env` or in the environment",
            name.value
        )));
    }
    found.map(|value| Located::new(value.to_owned(), name.span))
}

/// Whether it was said already that a variable of the service has no value.
pub(super) fn is_said_empty(service: &Service<'_>, name: &str) -> bool {
    let all = ordered(service);
    let found = all.iter().find(|written| written.name.value == name);
    found.is_some_and(|written| match &written.value {
        None => true,
        Some(value) => {
            value.value.is_empty() && service.scope.document.missing.stood_at(value.span)
        }
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Name,
    Value,
}

fn secret_for(
    service: &Service<'_>,
    name: &VariableName,
    value: &str,
    is_secret: bool,
) -> Option<Why> {
    let by_name = service.family.map_or_else(
        || secret::looks_secret(name.as_str()),
        |family| family.keeps_secret(name.as_str()),
    );
    if value.is_empty() {
        return None;
    }
    match (
        by_name,
        is_secret || secret::holds_password(value) || secret::holds_credential(value),
    ) {
        (true, _) => Some(Why::Name),
        (false, true) => Some(Why::Value),
        (false, false) => None,
    }
}

/// A text in which Kubernetes replaces nothing.
fn literal(text: String) -> String {
    text.replace('$', "$$")
}

/// What was moved is said once per service.
fn note_moved(service: &Service<'_>, moved: &[(String, Span, Why, String)]) {
    let Some((name, span, why, path)) = moved.first() else {
        return;
    };
    let app = &service.name.value;
    let object = service.scope.object_prefix(service);
    let goes = service.scope.options.goes();
    let message = match moved {
        [_] if *why == Why::Value => {
            format!("`{name}` of `{app}` holds a password and {goes} Secret `{object}-secrets`")
        }
        _ => {
            let names = list(moved.iter().map(|(name, ..)| name.as_str()));
            format!("{names} of `{app}` {goes} Secret `{object}-secrets`")
        }
    };
    let mut said = Diagnostic::note("moved-to-secret", *span, message)
        .path(path.clone())
        .place_only();
    for (name, span, ..) in &moved[1..] {
        said = said.related(*span, format!("`{name}`"));
    }
    service.fields.at().report.push(said);
}
