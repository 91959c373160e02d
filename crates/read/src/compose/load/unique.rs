//! Items that stand twice in a list of a service.

use kubewright_source::{Diagnostic, Diagnostics};
use kubewright_yaml::{Mapping, Node, Path, Scalar, Value};

use super::merge::ComposeSite;
use crate::document::{Combine, Site, unique};

/// In all lists of all services of a tree keeps the last of items that name the
/// same thing, as compose does, and notes the others.
pub(super) fn services(tree: &mut Node, diagnostics: &mut Diagnostics) {
    let services = tree
        .as_mapping_mut()
        .and_then(|root| root.get_mut("services"));
    if let Some(services) = services.and_then(Node::as_mapping_mut) {
        each(services, diagnostics);
    }
}

/// The same for services that stand alone.
pub(super) fn each(services: &mut Mapping, diagnostics: &mut Diagnostics) {
    let path = Path::ROOT;
    let path = path.key("services");
    for (name, service) in services.values_mut() {
        let path = path.key(&name.text);
        walk(service, ComposeSite::Service, &path, diagnostics);
    }
}

/// The same for the lists of networks. Of other sections Compose refuses lists with
/// doubles.
pub(super) fn lists(root: &mut Mapping, diagnostics: &mut Diagnostics) {
    for (key, section) in root.values_mut() {
        if &*key.text == "networks" {
            let path = Path::ROOT;
            let path = path.key(&key.text);
            walk(
                section,
                ComposeSite::Root.below(&key.text),
                &path,
                diagnostics,
            );
        }
    }
}

fn walk(node: &mut Node, site: ComposeSite, path: &Path<'_>, diagnostics: &mut Diagnostics) {
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Mapping(mapping) => {
            for (key, value) in mapping.values_mut() {
                let below = site.below(&key.text);
                if below != ComposeSite::Rest {
                    walk(value, below, &path.key(&key.text), diagnostics);
                }
            }
        }
        Value::Sequence(items) => {
            let identity = match site.combine() {
                Combine::List(_, identity) => identity,
                Combine::Mapping(_) if site == ComposeSite::KeyValues => super::identity::key,
                Combine::Deep | Combine::Replace | Combine::Mapping(_) | Combine::Unless(_) => {
                    return;
                }
            };
            if items.len() > 1 {
                unique(items, identity, |earlier, later| {
                    diagnostics.push(note(earlier, later, identity(later).as_deref(), path));
                });
            }
        }
    }
}

fn note(earlier: &Node, later: &Node, name: Option<&str>, path: &Path<'_>) -> Diagnostic {
    let written = earlier.as_scalar().and_then(Scalar::go_string);
    // The whole item may hold a secret (`PASSWORD=…`); what it is known by does not.
    let secret = written.as_deref().is_some_and(|text| text.contains('='));
    let shown = match (&written, name) {
        (Some(text), _) if !secret => text,
        (_, Some(name)) => name,
        (_, None) => "this",
    };
    let message = format!("`{shown}` stands twice in `{path}`; the later one counts");
    Diagnostic::note("duplicate-item", earlier.span, message)
        .path(path.to_string())
        .related(later.span, "this one counts")
        .help("remove one of them")
}
