//! Names of ports: any text in compose, a service name of IANA in Kubernetes.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports>

use std::collections::BTreeMap;

use kubewright_model::service::Port;
use kubewright_model::value::PortName;
use kubewright_model::{Given, Located};
use kubewright_source::Diagnostic;

use crate::fields::{At, shown};

const RULE: &str =
    "a port's name has at most 15 lower-case letters, digits and `-`, and a letter among them";

/// The nearest name that Kubernetes takes; none, so that the port is named by its
/// protocol and number, where there is none. What changes is noted.
pub(super) fn read(at: &At<'_>) -> Given<PortName> {
    let text = at.scalar()?;
    if text.value.is_empty() {
        return None;
    }
    let name = PortName::sanitised(&text.value).ok();
    let written = shown(&text.value);
    match &name {
        Some(name) if name.as_str() == text.value => {}
        Some(name) => at.note(
            "renamed",
            format!("the port {written} is called `{name}` in Kubernetes"),
            RULE,
        ),
        None => at.note(
            "renamed",
            format!("the port {written} is called by its protocol and number in Kubernetes"),
            RULE,
        ),
    }
    name.map(|name| Located::new(name, text.span))
}

/// The error `name-taken` for two ports of a service with one name.
pub(super) fn check(at: &At<'_>, ports: &[Port]) {
    let mut taken: BTreeMap<&PortName, &Located<PortName>> = BTreeMap::new();
    for name in ports.iter().filter_map(|port| port.name.as_ref()) {
        let Some(first) = taken.insert(&name.value, name) else {
            continue;
        };
        let message = format!("two ports are called `{}` in Kubernetes", name.value);
        let said = Diagnostic::error("name-taken", name.span, message)
            .related(first.span, "the other one")
            .help("give them names that differ within the first 15 characters");
        at.push(said);
    }
}
