//! The top-level keys of a compose file.

use kubewright_source::{Diagnostic, Diagnostics, Span, suggest};
use kubewright_yaml::{Entry, Node, Resolved};

const KNOWN: [&str; 9] = [
    "name", "services", "networks", "volumes", "secrets", "configs", "models", "include", "version",
];

/// What must be true of a document before anything is done with it. `false`: it
/// cannot be used. Takes out `version`, with a note.
/// Services that are none go to `broken`.
pub(super) fn check(
    root: &mut Node,
    broken: &mut Vec<String>,
    diagnostics: &mut Diagnostics,
) -> bool {
    let span = root.span;
    let kind = root.kind();
    let Some(mapping) = root.as_mapping_mut() else {
        let message = format!("a compose file is a mapping at the top, this is {kind}");
        let help = "begin with `services:` and indent what belongs to it";
        diagnostics.push(Diagnostic::error("wrong-type", span, message).help(help));
        return false;
    };
    for entry in &*mapping {
        let key = &*entry.key.text;
        let is_known = KNOWN.contains(&key) || key.starts_with("x-") || key == "jobs";
        if !is_known {
            diagnostics.push(unknown(key, entry.key.span));
        }
    }
    if let Some(jobs) = mapping.get_entry("jobs") {
        diagnostics.push(
            Diagnostic::error(
                "not-yet",
                jobs.key.span,
                "`jobs` of compose are not read yet",
            )
            .path("jobs")
            .help("write each as a service with `deploy: {mode: replicated-job}`"),
        );
    }
    if let Some(version) = mapping.remove("version") {
        diagnostics.push(
            Diagnostic::note(
                "obsolete-key",
                version.key.span,
                "`version` is obsolete and ignored",
            )
            .path("version")
            .help("remove it"),
        );
        expect_string(&version.value, "version", diagnostics);
    }
    if let Some(name) = mapping.get("name") {
        expect_string(name, "name", diagnostics);
    }
    if let Some(services) = mapping.get_mut("services") {
        return check_services(services, broken, diagnostics);
    }
    true
}

/// Takes out the services that are none, so that the others can be looked at.
fn check_services(
    services: &mut Node,
    broken: &mut Vec<String>,
    diagnostics: &mut Diagnostics,
) -> bool {
    let (span, kind) = (services.span, services.kind());
    let Some(services) = services.as_mapping_mut() else {
        let message = format!("`services` must be a mapping, found {kind}");
        diagnostics.push(
            Diagnostic::error("wrong-type", span, message)
                .path("services")
                .help("write each service under its name: `web: {image: nginx}`"),
        );
        return false;
    };
    let before = broken.len();
    for entry in &*services {
        let name = &*entry.key.text;
        if !is_valid_name(name) {
            let message = format!("`{name}` cannot be the name of a service");
            diagnostics.push(
                Diagnostic::error("bad-name", entry.key.span, message)
                    .path("services")
                    .help("use letters, digits, `.`, `_` and `-`"),
            );
        }
        if entry.value.as_mapping().is_none() && !is_reset(&entry.value) {
            if is_valid_name(name) {
                diagnostics.push(no_service(entry));
            }
            broken.push(name.to_owned());
        }
    }
    if broken.len() > before {
        services.retain(|entry| entry.value.as_mapping().is_some() || is_reset(&entry.value));
    }
    true
}

fn no_service(entry: &Entry) -> Diagnostic {
    let name = &entry.key.text;
    let kind = entry.value.kind();
    let span = match entry.value.is_null() {
        true => entry.key.span,
        false => entry.value.span,
    };
    Diagnostic::error(
        "wrong-type",
        span,
        format!("service `{name}` must be a mapping, found {kind}"),
    )
    .path(format!("services.{name}"))
    .help("give it at least `image:` or `build:`, indented below its name")
}

fn is_valid_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && name.chars().all(fits)
}

/// `web: !reset null` takes the service of an earlier file away.
fn is_reset(node: &Node) -> bool {
    node.tag.as_ref().is_some_and(|tag| &*tag.text == "!reset")
}

fn expect_string(node: &Node, key: &str, diagnostics: &mut Diagnostics) {
    let is_string = node
        .as_scalar()
        .is_some_and(|s| s.resolve() == Resolved::String);
    if is_string {
        return;
    }
    let message = format!("`{key}` must be a string, found {}", node.kind());
    diagnostics.push(
        Diagnostic::error("wrong-type", node.span, message)
            .path(key)
            .help("put the value in quotes"),
    );
}

fn unknown(key: &str, span: Span) -> Diagnostic {
    let message = format!("unknown key `{key}` at the top of a compose file");
    let help = match suggest::nearest(key, KNOWN) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!(
            "the keys are {}; one of your own begins with `x-`; a service belongs under `services`",
            suggest::list(KNOWN)
        ),
    };
    Diagnostic::error("unknown-key", span, message)
        .path(key)
        .help(help)
}
