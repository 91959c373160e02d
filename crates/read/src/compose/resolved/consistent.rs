//! What must be true of several keys together, and of references to other parts.
//!
//! One file for what a service says itself, one for what it names elsewhere, one
//! for services that wait for themselves.

mod alone;
mod cycle;
mod named;

use std::collections::{BTreeMap, BTreeSet};

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Entry, Mapping, Node, Path};
use rayon::prelude::*;

use super::resource::is_external;

/// The resolved parts of a project.
pub(super) struct Parts<'p> {
    /// Services that take part.
    pub(super) services: &'p Mapping,
    /// Services that take none.
    pub(super) inactive: &'p Mapping,
    /// Services in which faults were found already.
    pub(super) faulty: &'p BTreeSet<String>,
    /// Services that are none, which was said.
    pub(super) broken: &'p [String],
    /// The other sections by name.
    pub(super) sections: &'p BTreeMap<&'static str, Node>,
}

impl Parts<'_> {
    fn has(&self, section: &str, name: &str) -> bool {
        let section = self.sections.get(section);
        section.is_some_and(|section| section.get(name).is_some())
    }
}

/// Everything that is wrong with the project as a whole.
pub(super) fn faults(parts: &Parts<'_>) -> Vec<Diagnostic> {
    let entries: Vec<&Entry> = parts.services.iter().collect();
    // What is wrong with one key makes others look wrong that are not.
    let mut faults: Vec<Diagnostic> = entries
        .into_par_iter()
        .filter(|entry| !parts.faulty.contains(&*entry.key.text))
        .flat_map_iter(|entry| of_service(entry, parts))
        .collect();
    faults.extend(cycle::fault(parts.services));
    faults.extend(secrets(parts));
    faults
}

fn of_service(entry: &Entry, parts: &Parts<'_>) -> Vec<Diagnostic> {
    let path = Path::ROOT.key("services");
    let service = Service {
        name: &entry.key.text,
        span: entry.key.span,
        node: &entry.value,
        path: path.key(&entry.key.text),
    };
    let mut faults = Vec::new();
    alone::check(&service, &mut faults);
    named::check(&service, parts, &mut faults);
    faults
}

/// One service that is looked at.
pub(super) struct Service<'s> {
    pub(super) name: &'s str,
    pub(super) span: Span,
    pub(super) node: &'s Node,
    pub(super) path: Path<'s>,
}

impl<'s> Service<'s> {
    /// The value below these keys.
    fn at(&self, keys: &[&str]) -> Option<&'s Node> {
        keys.iter().try_fold(self.node, |node, key| node.get(key))
    }

    fn text(&self, keys: &[&str]) -> &'s str {
        let scalar = self.at(keys).and_then(Node::as_scalar);
        scalar.map_or("", |scalar| &scalar.text)
    }

    fn items(&self, keys: &[&str]) -> &'s [Node] {
        let list = self.at(keys).and_then(Node::as_sequence);
        list.unwrap_or_default()
    }

    /// A fault of the value below these keys; of the service where there are none.
    fn fault(
        &self,
        code: &'static str,
        span: Span,
        keys: &str,
        message: String,
        help: &str,
    ) -> Diagnostic {
        let span = if span.is_none() { self.span } else { span };
        let path = match keys {
            "" => self.path.to_string(),
            keys => format!("{}.{keys}", self.path),
        };
        Diagnostic::error(code, span, message)
            .path(path)
            .help(help.to_owned())
    }
}

/// A secret comes from a file or a variable, unless somebody else made it.
fn secrets(parts: &Parts<'_>) -> Vec<Diagnostic> {
    let secrets = parts.sections.get("secrets").and_then(Node::as_mapping);
    let lacking = secrets.into_iter().flatten().filter(|entry| {
        let secret = &entry.value;
        !is_external(secret) && secret.get("file").is_none() && secret.get("environment").is_none()
    });
    lacking
        .map(|entry| {
            let message = format!("secret `{}` has no content", entry.key.text);
            Diagnostic::error("missing-key", entry.key.span, message)
                .path(format!("secrets.{}", entry.key.text))
                .help("add `file:` or `environment:`, or `external: true`")
        })
        .collect()
}
