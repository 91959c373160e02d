//! What must be there before a service, or before a companion.

use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::value::Name;
use kubewright_model::{App, Located, Port};

use super::entry::Service;
use super::given::{given, rows};
use crate::fields::{At, Fields, did_you_mean, shown};

/// `dependencies`, each once.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let Some(at) = given(&service.fields, "dependencies") else {
        return;
    };
    for item in rows(&at) {
        let Some(on) = named(service, &item) else {
            continue;
        };
        if app
            .dependencies
            .iter()
            .any(|other| other.on.value == on.value)
        {
            item.push(again(&on));
            continue;
        }
        app.dependencies.push(one(on, None));
    }
}

fn again(on: &Located<Name>) -> kubewright_source::Diagnostic {
    let message = format!("the dependency on `{}` stands twice in this list", on.value);
    kubewright_source::Diagnostic::error("duplicate-item", on.span, message)
        .help("keep one of the two")
}

fn one(on: Located<Name>, port: Option<Located<Port>>) -> Dependency {
    let condition = Located::new(Condition::Started, on.span);
    Dependency {
        on,
        condition,
        port,
        required: None,
    }
}

/// The entry that is meant; another word is the error `unknown-name`.
fn named(service: &Service<'_>, at: &At<'_>) -> Option<Located<Name>> {
    let text = at.scalar()?;
    let names = &service.scope.names;
    let others = || {
        let own = &service.name.value;
        let others = names.iter().filter(move |(_, name)| name.value != *own);
        others.map(|(text, _)| text.as_str())
    };
    let known = names.get(text.value.trim());
    match known.filter(|name| name.value != service.name.value) {
        Some(name) => Some(Located::new(name.value.clone(), text.span)),
        None if known.is_some() => {
            at.bad("a service cannot wait for itself", "leave it out");
            None
        }
        None => {
            let message = format!(
                "there is nothing called {} to depend on",
                shown(&text.value)
            );
            at.error("unknown-name", message, did_you_mean(&text.value, others));
            None
        }
    }
}

/// `dependsOn` and `dependsOnPort` of a companion.
pub(super) fn of_companion(service: &Service<'_>, fields: &Fields<'_>) -> Vec<Dependency> {
    let Some(at) = given(fields, "dependsOn") else {
        return Vec::new();
    };
    let is_main = at
        .node
        .as_scalar()
        .is_some_and(|scalar| &*scalar.text == "__main__");
    if is_main {
        at.warn(
            "no-wait",
            format!(
                "{} cannot wait for the main container: all containers of a pod start at once",
                fields.what()
            ),
            "let it try again until the main container is there, and choose no dependency",
        );
        return Vec::new();
    }
    let port = given(fields, "dependsOnPort").and_then(|at| at.parse(Port::parse));
    named(service, &at)
        .map(|on| one(on, port))
        .into_iter()
        .collect()
}
