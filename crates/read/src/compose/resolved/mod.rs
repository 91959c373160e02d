//! The resolved document: a compose project as `docker compose config` prints it.
//!
//! Loading has merged, extended, included and interpolated already. Here short
//! forms are written long, what Compose adds is added, relative paths become
//! absolute, and whatever Compose refuses is refused, each fault at its place:
//!
//! 1. `table`: which keys there are, and the shape of each;
//! 2. `walk`: a value along its shape, into what it becomes (`leaf` for scalars,
//!    `room` for values with a form of their own);
//! 3. `service`, `resource`: what several keys of one part say together;
//! 4. `consistent`: what must hold between parts.
//!
//! Decoding reads the loaded document, not the resolved one: it wants the forms
//! that people wrote. It takes the faults from here for what it does not read.

mod consistent;
mod fault;
mod infinite;
mod leaf;
mod number;
mod order;
mod paths;
mod print;
mod resource;
mod rest;
mod room;
mod service;
mod shape;
mod table;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use kubewright_source::Diagnostic;
use kubewright_yaml::{Entry, Key, Mapping, Node, Path};
use rayon::prelude::*;

use super::load::Document;
use consistent::Parts;
use walk::Walk;

pub use print::print;
pub use rest::add;

/// How a document is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolveOptions {
    /// Whether relative paths become absolute, as they do without
    /// `--no-path-resolution` of `docker compose config`.
    pub absolute_paths: bool,
}

/// A document in its resolved form.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The tree. Every value has the place that it came from; what Compose adds
    /// has the place that made it add it, or none.
    pub root: Node,
    /// What Compose refuses. Where there is something, the tree is no whole one.
    pub faults: Vec<Diagnostic>,
}

/// Resolves a loaded document.
pub fn resolve(document: &Document, options: ResolveOptions) -> Resolved {
    let Pieces {
        services,
        sections,
        faults,
    } = pieces(document, options);
    Resolved {
        root: root(document, services, sections),
        faults,
    }
}

/// What Compose refuses in a loaded document; the tree is made and dropped.
pub fn faults(document: &Document) -> Vec<Diagnostic> {
    let options = ResolveOptions {
        absolute_paths: false,
    };
    let pieces = pieces(document, options);
    let services: Vec<Entry> = pieces.services.into_iter().collect();
    services.into_par_iter().for_each(drop);
    pieces.faults
}

/// A resolved document, not yet put together.
struct Pieces {
    services: Mapping,
    sections: BTreeMap<&'static str, Node>,
    faults: Vec<Diagnostic>,
}

fn pieces(document: &Document, options: ResolveOptions) -> Pieces {
    let mut walk = Walk {
        folder: &document.absolute_directory,
        environment: &document.environment,
        absolute_paths: options.absolute_paths,
        faults: Vec::new(),
    };
    let mut faulty = document.incomplete.clone();
    let none = Mapping::default();
    let active = document.root.get("services").and_then(Node::as_mapping);
    let services = services(&mut walk, document, active.unwrap_or(&none), &mut faulty);
    let inactive = services_of_none(&mut walk, document);
    let sections = sections(&mut walk, document, [&services, &inactive]);
    let mut faults = walk.faults;
    let parts = Parts {
        services: &services,
        inactive: &inactive,
        faulty: &faulty,
        broken: &document.broken,
        sections: &sections,
    };
    let (infinite, between) = rayon::join(
        || infinite(document, &faults),
        || consistent::faults(&parts),
    );
    faults.extend(infinite);
    faults.extend(between);
    Pieces {
        services,
        sections,
        faults,
    }
}

/// Numbers that nobody can write, in all parts.
fn infinite(document: &Document, known: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut found = infinite::faults(&document.root, &Path::ROOT, known);
    let services = Path::ROOT.key("services");
    for entry in &document.inactive_services {
        let path = services.key(&entry.key.text);
        found.extend(infinite::faults(&entry.value, &path, known));
    }
    found
}

/// Services that take no part must be right all the same.
fn services_of_none(walk: &mut Walk<'_>, document: &Document) -> Mapping {
    services(
        walk,
        document,
        &document.inactive_services,
        &mut BTreeSet::new(),
    )
}

/// Services, each on its own; what is said comes in their order.
fn services(
    walk: &mut Walk<'_>,
    document: &Document,
    services: &Mapping,
    faulty: &mut BTreeSet<String>,
) -> Mapping {
    let path = Path::ROOT.key("services");
    let entries: Vec<&Entry> = services.iter().collect();
    let resolved: Vec<(Option<Node>, Vec<Diagnostic>)> = entries
        .par_iter()
        .map(|entry| {
            let name = &*entry.key.text;
            let mut walk = walk.fresh();
            let path = path.key(name);
            let value = service::resolved(&mut walk, document, name, &entry.value, &path);
            (value, walk.faults)
        })
        .collect();
    let mut out = Vec::with_capacity(entries.len());
    for (entry, (value, faults)) in entries.into_iter().zip(resolved) {
        if !faults.is_empty() {
            faulty.insert(entry.key.text.to_string());
        }
        walk.faults.extend(faults);
        out.extend(value.map(|value| Entry {
            key: entry.key.clone(),
            value,
        }));
    }
    Mapping::from_iter(out)
}

fn sections(
    walk: &mut Walk<'_>,
    document: &Document,
    services: [&Mapping; 2],
) -> BTreeMap<&'static str, Node> {
    let project = &document.name.value;
    let mut sections = BTreeMap::new();
    for name in resource::SECTIONS {
        let Some(node) = document.root.get(name) else {
            continue;
        };
        walk.faults.extend(resource::two_names(node, name));
        if let Some(section) = resource::section(walk, project, name, node) {
            sections.insert(name, section);
        }
    }
    let uses_default = services.iter().any(|services| {
        let values = services.iter().map(|entry| &entry.value);
        let mut values = values.filter(|service| service.get("provider").is_none());
        values.any(|service| {
            let networks = service.get("networks");
            networks.is_some_and(|networks| networks.get("default").is_some())
        })
    });
    if uses_default {
        let empty = || Node::new(document.root.span, Mapping::default());
        let networks = sections.entry("networks").or_insert_with(empty);
        if let Some(networks) = networks.as_mapping_mut()
            && !networks.contains_key("default")
        {
            let default = resource::default_network(project);
            networks.insert(default.key, default.value);
        }
    }
    sections
}

/// The parts put together, in one order whatever the input's.
fn root(
    document: &Document,
    services: Mapping,
    mut sections: BTreeMap<&'static str, Node>,
) -> Node {
    let span = document.root.span;
    let name = &document.name;
    let mut root = Mapping::default();
    root.insert(
        Key::new("name", name.span),
        Node::string(name.span, &*name.value),
    );
    root.insert(Key::new("services", span), Node::new(span, services));
    for name in resource::SECTIONS {
        if let Some(section) = sections.remove(name) {
            root.insert(Key::new(name, span), section);
        }
    }
    let own = document.root.as_mapping().into_iter().flatten();
    for entry in own.filter(|entry| entry.key.text.starts_with("x-")) {
        root.insert(entry.key.clone(), entry.value.clone());
    }
    for (_, section) in root.values_mut() {
        order::sort(section);
    }
    Node::new(span, root)
}
