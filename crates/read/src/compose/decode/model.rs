//! `models`: what Docker's model runner would tell a service stays as variables.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md#models>

use std::collections::BTreeMap;

use kubewright_model::value::VariableName;
use kubewright_model::variable::Variable;
use kubewright_model::{App, Located};
use kubewright_yaml::Value;

use super::environment;
use super::scope::unknown;
use super::service::Service;
use crate::fields::{At, Fields};

/// What stands where nobody knows the address.
const UNKNOWN: &str = "CHANGE_ME";

/// Reads the key into the app's variables; its own variables count more.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let Some(at) = service.fields.get("models").filter(|at| !at.is_null()) else {
        return;
    };
    if let Value::Sequence(_) = at.node.value {
        for item in at.items() {
            if let Some(name) = item.text() {
                one(service, &item, &name, None, app);
            }
        }
        return;
    }
    for (key, below) in at.entries() {
        let name = key.map(str::to_owned);
        if below.is_null() {
            one(service, &below, &name, None, app);
        } else if let Some(fields) = below.fields("a model") {
            one(service, &below, &name, Some(&fields), app);
            fields.finish();
        }
    }
}

fn one(
    service: &Service<'_>,
    at: &At<'_>,
    name: &Located<String>,
    fields: Option<&Fields<'_>>,
    app: &mut App,
) {
    let top = service.scope.document.root.get("models");
    let top = top.and_then(|models| models.as_mapping());
    let known: BTreeMap<&str, ()> = top
        .into_iter()
        .flatten()
        .map(|entry| (&*entry.key.text, ()))
        .collect();
    let Some(declared) = top.and_then(|models| models.get(&name.value)) else {
        unknown(
            service.scope.document,
            at,
            name.span,
            "model",
            &name.value,
            &known,
        );
        return;
    };
    let upper = name.value.to_ascii_uppercase().replace('-', "_");
    let given = |key: &'static str, end: &str| {
        let given = fields.and_then(|fields| fields.text(key));
        given.unwrap_or_else(|| Located::new(format!("{upper}_{end}"), name.span))
    };
    let endpoint = given("endpoint_var", "URL");
    let model = given("model_var", "MODEL");
    at.warn(
        "model",
        format!(
            "a cluster has no model runner: `{}` of `{}` is to be filled in",
            endpoint.value, service.name.value
        ),
        "run a model server as a service of its own, and give its address in `environment`",
    );
    let runs = declared.get("model");
    let is_secret = runs.is_some_and(|node| service.scope.document.secrets.at(node.span));
    let runs = runs.and_then(|node| node.as_scalar());
    let runs = runs.map_or(UNKNOWN, |scalar| &scalar.text).to_owned();
    let variables = [
        (endpoint, UNKNOWN.to_owned(), false),
        (model, runs, is_secret),
    ];
    for (variable, value, is_secret) in variables {
        let Some(name) = at.checked(&variable, VariableName::parse) else {
            continue;
        };
        let own = &mut app.main.environment;
        if !own.iter().any(|other| other.name.value == name.value) {
            let value = Located::new(value, variable.span);
            let value = environment::place(service, &name.value, value, is_secret);
            own.push(Variable { name, value });
        }
    }
}
