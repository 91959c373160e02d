//! What a service names elsewhere.

use kubewright_source::{Diagnostic, Span, suggest};
use kubewright_yaml::{Mapping, Node};

use super::{Parts, Service};

/// All that is named and not there.
pub(super) fn check(service: &Service<'_>, parts: &Parts<'_>, faults: &mut Vec<Diagnostic>) {
    dependencies(service, parts, faults);
    contexts(service, parts, faults);
    for (section, keys) in [("networks", "networks"), ("models", "models")] {
        for entry in service
            .at(&[keys])
            .and_then(Node::as_mapping)
            .into_iter()
            .flatten()
        {
            lookup(
                service,
                parts,
                section,
                &entry.key.text,
                entry.key.span,
                faults,
            );
        }
    }
    for mount in service.items(&["volumes"]) {
        let is_volume = of(mount, "type") == "volume";
        if is_volume && let Some(source) = mount.get("source") {
            lookup(
                service,
                parts,
                "volumes",
                of(mount, "source"),
                source.span,
                faults,
            );
        }
    }
    let files: [(&str, &[&str]); 3] = [
        ("configs", &["configs"]),
        ("secrets", &["secrets"]),
        ("secrets", &["build", "secrets"]),
    ];
    for (section, keys) in files {
        for file in service.items(keys) {
            lookup(
                service,
                parts,
                section,
                of(file, "source"),
                file.span,
                faults,
            );
        }
    }
}

fn of<'n>(node: &'n Node, key: &str) -> &'n str {
    let scalar = node.get(key).and_then(Node::as_scalar);
    scalar.map_or("", |scalar| &scalar.text)
}

fn lookup(
    service: &Service<'_>,
    parts: &Parts<'_>,
    section: &str,
    name: &str,
    span: Span,
    faults: &mut Vec<Diagnostic>,
) {
    if parts.has(section, name) {
        return;
    }
    let what = section.trim_end_matches('s');
    let known = parts.sections.get(section).and_then(Node::as_mapping);
    let message = format!(
        "service `{}` names the {what} `{name}`, which is not there",
        service.name
    );
    let help = help(
        name,
        known,
        &format!("declare it below `{section}` at the top of the file"),
    );
    faults.push(service.fault("unknown-name", span, section, message, &help));
}

fn help(name: &str, known: Option<&Mapping>, otherwise: &str) -> String {
    let names = known.into_iter().flat_map(Mapping::keys);
    match suggest::nearest(name, names) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => otherwise.to_owned(),
    }
}

fn dependencies(service: &Service<'_>, parts: &Parts<'_>, faults: &mut Vec<Diagnostic>) {
    let dependencies = service.at(&["depends_on"]).and_then(Node::as_mapping);
    for entry in dependencies.into_iter().flatten() {
        let name = &*entry.key.text;
        if parts.services.contains_key(name) || parts.broken.iter().any(|broken| broken == name) {
            continue;
        }
        let is_required = of(&entry.value, "required") != "false";
        let is_inactive = parts.inactive.contains_key(name);
        if is_inactive && !is_required {
            continue;
        }
        let (code, message, otherwise) = match is_inactive {
            true => (
                "inactive-service",
                format!(
                    "service `{}` needs `{name}`, which takes no part",
                    service.name
                ),
                "activate one of its profiles with `--profile`",
            ),
            false => (
                "unknown-name",
                format!(
                    "service `{}` depends on `{name}`, which is not there",
                    service.name
                ),
                "add the service, or remove what names it",
            ),
        };
        let help = help(name, Some(parts.services), otherwise);
        faults.push(service.fault(code, entry.key.span, "depends_on", message, &help));
    }
}

/// A build may take from what another service builds.
fn contexts(service: &Service<'_>, parts: &Parts<'_>, faults: &mut Vec<Diagnostic>) {
    let contexts = service.at(&["build", "additional_contexts"]);
    for entry in contexts.and_then(Node::as_mapping).into_iter().flatten() {
        let text = entry.value.as_scalar().map_or("", |scalar| &*scalar.text);
        let Some(name) = text.strip_prefix("service:") else {
            continue;
        };
        let services = [parts.services, parts.inactive];
        let found = services.iter().find_map(|services| services.get(name));
        let (message, help) = match found {
            None => (
                format!(
                    "service `{}` builds from `{name}`, which is not there",
                    service.name
                ),
                help(name, Some(parts.services), "name a service with `build`"),
            ),
            Some(other) if other.get("build").is_none() => (
                format!(
                    "service `{}` builds from `{name}`, which has no `build`",
                    service.name
                ),
                "name a service with `build`".to_owned(),
            ),
            Some(_) => continue,
        };
        faults.push(service.fault(
            "unknown-name",
            entry.value.span,
            "build.additional_contexts",
            message,
            &help,
        ));
    }
}
