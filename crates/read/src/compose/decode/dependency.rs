//! `depends_on`.

use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::{App, Given, Located};
use kubewright_yaml::Value;

use super::keys;
use super::scope::unknown;
use super::service::Service;
use crate::fields::{At, shown};

/// Reads the key into the app. A mapping has no order and comes out by name.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let Some(at) = service.fields.get("depends_on") else {
        return;
    };
    if let Value::Sequence(_) = at.node.value {
        for item in at.items() {
            if let Some(text) = item.text() {
                let condition = Located::new(Condition::Started, text.span);
                let name = text.as_ref().map(String::as_str);
                app.dependencies
                    .extend(on(service, &item, name, condition, None));
            }
        }
        return;
    }
    let mut entries = at.entries();
    entries.sort_by_key(|(key, _)| key.value);
    for (key, below) in &entries {
        let Some(fields) = below.fields(format!("`depends_on` of service `{}`", service.key))
        else {
            continue;
        };
        keys::settle(&fields, keys::DEPENDENCY);
        let required = fields.bool("required");
        let condition = fields.need("condition").and_then(|at| condition(&at));
        fields.finish();
        let condition = condition.unwrap_or(Located::new(Condition::Started, key.span));
        app.dependencies
            .extend(on(service, below, *key, condition, required));
    }
}

fn condition(at: &At<'_>) -> Given<Condition> {
    let text = at.text()?;
    let condition = match text.value.as_str() {
        "service_started" => Condition::Started,
        "service_healthy" => Condition::Healthy,
        "service_completed_successfully" => Condition::Completed,
        other => {
            at.bad(
                format!("{} is no condition", shown(other)),
                "write `service_started`, `service_healthy` or `service_completed_successfully`",
            );
            return None;
        }
    };
    Some(Located::new(condition, text.span))
}

fn on(
    service: &Service<'_>,
    at: &At<'_>,
    name: Located<&str>,
    condition: Located<Condition>,
    required: Given<bool>,
) -> Option<Dependency> {
    let scope = service.scope;
    // What takes no part was taken out when profiles were chosen.
    let Some(known) = scope.names.get(name.value) else {
        unknown(
            scope.document,
            at,
            name.span,
            "service",
            name.value,
            &scope.names,
        );
        return None;
    };
    Some(Dependency {
        on: Located::new(known.value.clone(), name.span),
        condition,
        port: None,
        required,
    })
}
