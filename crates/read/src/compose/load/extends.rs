//! `extends`: a service that begins as a copy of another.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md#extends>
//!
//! Chains are walked with a loop, each service is resolved once and each file is
//! read once, so that neither long chains nor many services hurt.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use kubewright_source::{Diagnostic, Located, Span, suggest};
use kubewright_yaml::{Mapping, Node, Path as KeyPath, Scalar};

use super::loader::Loader;
use super::merge::ComposeSite;
use super::model::Base;
use super::paths;
use crate::document::{merge, tags};
use crate::environment::Environment;

/// The files that services are extended from, within one model.
#[derive(Default)]
pub(super) struct Extender {
    opened: Vec<Opened>,
    /// By path from the project folder; `None` where the file cannot be used.
    by_path: BTreeMap<PathBuf, Option<usize>>,
}

/// A file and its services, some of them resolved already.
struct Opened {
    /// The file's folder, from the project's.
    folder: PathBuf,
    services: Mapping,
    resolved: BTreeSet<String>,
}

/// A service of an opened file.
type Place = (usize, String);

/// What `extends` says.
struct Wanted {
    service: Located<String>,
    file: Option<Located<String>>,
    span: Span,
}

/// The file that is being loaded; the others follow it.
const HERE: usize = 0;

impl Loader<'_> {
    /// Resolves `extends` of all services of a tree.
    pub(super) fn extend(
        &mut self,
        tree: &mut Node,
        base: &Base,
        environment: &Environment,
        extender: &mut Extender,
    ) {
        let Some(services) = tree
            .as_mapping_mut()
            .and_then(|root| root.get_mut("services"))
            .and_then(Node::as_mapping_mut)
        else {
            return;
        };
        let extending: Vec<String> = services
            .iter()
            .filter(|entry| entry.value.get("extends").is_some())
            .map(|entry| entry.key.text.to_string())
            .collect();
        if extending.is_empty() {
            return;
        }
        let here = Opened {
            folder: base.folder.clone(),
            services: std::mem::take(services),
            resolved: BTreeSet::new(),
        };
        match extender.opened.first_mut() {
            Some(first) => *first = here,
            None => extender.opened.push(here),
        }
        for name in extending {
            self.resolve(extender, (HERE, name), environment);
        }
        *services = std::mem::take(&mut extender.opened[HERE].services);
    }

    /// Resolves one service and whatever it extends.
    fn resolve(&mut self, extender: &mut Extender, start: Place, environment: &Environment) {
        let mut chain: Vec<(Place, Place, Span)> = Vec::new();
        let mut seen: BTreeSet<Place> = BTreeSet::new();
        let mut at = start;
        loop {
            if seen.contains(&at) {
                self.report_cycle(extender, &chain, &at);
                self.note_incomplete(&chain, &at);
                break;
            }
            let Some(wanted) = self.wanted(extender, &at) else {
                if self.incomplete.contains(&at.1) {
                    self.note_incomplete(&chain, &at);
                }
                break;
            };
            let Some(target) = self.target(extender, &at, &wanted, environment) else {
                extender.take_extends(&at);
                self.note_incomplete(&chain, &at);
                break;
            };
            seen.insert(at.clone());
            chain.push((at, target.clone(), wanted.span));
            at = target;
        }
        for (place, target, _) in chain.into_iter().rev() {
            self.lay_over(extender, &place, &target);
        }
    }

    /// Remembers that a service lacks what it extends, and with it those of a
    /// chain that lead there.
    fn note_incomplete(&mut self, chain: &[(Place, Place, Span)], at: &Place) {
        let places = chain.iter().map(|(place, ..)| place).chain([at]);
        self.incomplete.extend(places.map(|(_, name)| name.clone()));
    }

    /// What the service at a place extends; `None` for nothing, or nothing more.
    fn wanted(&mut self, extender: &mut Extender, at: &Place) -> Option<Wanted> {
        let opened = &extender.opened[at.0];
        if opened.resolved.contains(&at.1) {
            return None;
        }
        let extends = opened.services.get(&at.1)?.get("extends")?;
        let path = format!("services.{}.extends", at.1);
        match read_extends(extends, &path) {
            Ok(wanted) => Some(wanted),
            Err(found) => {
                self.diagnostics.extend(found);
                extender.take_extends(at);
                self.incomplete.insert(at.1.clone());
                None
            }
        }
    }

    /// The service that is extended; `None` where there is none, which is said.
    fn target(
        &mut self,
        extender: &mut Extender,
        from: &Place,
        wanted: &Wanted,
        environment: &Environment,
    ) -> Option<Place> {
        let file = match &wanted.file {
            None => from.0,
            Some(file) => self.open(extender, from.0, file, environment)?,
        };
        let services = &extender.opened[file].services;
        let name = &wanted.service;
        if services.contains_key(name) {
            return Some((file, name.value.clone()));
        }
        if file == HERE && self.broken.contains(&name.value) {
            return None;
        }
        let message = match &wanted.file {
            None => format!(
                "cannot extend service `{}`: service `{}` not found",
                from.1, name.value
            ),
            Some(file) => format!(
                "cannot extend service `{}`: service `{}` not found in `{}`",
                from.1, name.value, file.value
            ),
        };
        let help = match suggest::nearest(name, services.keys()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None if services.is_empty() => "the file has no services".to_owned(),
            None => format!("there are {}", suggest::list(services.keys().take(8))),
        };
        self.diagnostics.push(
            Diagnostic::error("unknown-name", name.span, message)
                .path(format!("services.{}.extends.service", from.1))
                .help(help),
        );
        None
    }

    /// Opens the file of an `extends`, once.
    fn open(
        &mut self,
        extender: &mut Extender,
        from: usize,
        file: &Located<String>,
        environment: &Environment,
    ) -> Option<usize> {
        let path = paths::joined(&extender.opened[from].folder, Path::new(&file.value));
        if let Some(known) = extender.by_path.get(&path) {
            return *known;
        }
        let opened = self.read_base(&path, file.span, environment);
        let index = opened.map(|opened| {
            extender.opened.push(opened);
            extender.opened.len() - 1
        });
        extender.by_path.insert(path, index);
        index
    }

    fn read_base(&mut self, path: &Path, by: Span, environment: &Environment) -> Option<Opened> {
        let on_disk = self.directory.join(path);
        let text = self.text(&on_disk, "extended file", by)?;
        let documents = self.documents(&on_disk.display().to_string(), text)?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut services: Option<Node> = None;
        for mut document in documents {
            self.interpolate(&mut document, environment);
            let Some(section) = document
                .as_mapping_mut()
                .and_then(|root| root.remove("services"))
            else {
                continue;
            };
            let mut section = section.value;
            tags_of_lower(&mut services, &section);
            services = Some(match services {
                None => section,
                Some(under) => {
                    tags::strip(&mut section, self.diagnostics);
                    let root = KeyPath::ROOT;
                    merge(
                        under,
                        section,
                        ComposeSite::Services,
                        &root.key("services"),
                        self.diagnostics,
                    )
                }
            });
        }
        let mut services = match services.map(|node| node.value) {
            Some(kubewright_yaml::Value::Mapping(services)) => services,
            Some(_) | None => {
                let message = format!("`{}` has no services to extend", on_disk.display());
                self.diagnostics.push(
                    Diagnostic::error("wrong-type", by, message)
                        .help("name a compose file with a mapping under `services:`"),
                );
                return None;
            }
        };
        super::unique::each(&mut services, self.diagnostics);
        if !folder.as_os_str().is_empty() {
            for (_, service) in services.values_mut() {
                paths::rewrite_service(service, &folder);
            }
        }
        Some(Opened {
            folder,
            services,
            resolved: BTreeSet::new(),
        })
    }

    /// Lays the service at `place` over a copy of the one at `target`.
    fn lay_over(&mut self, extender: &mut Extender, place: &Place, target: &Place) {
        let base = extender.opened[target.0].services.get(&target.1).cloned();
        let Some(slot) = extender.opened[place.0].services.get_mut(&place.1) else {
            return;
        };
        let span = slot.span;
        let mut own = std::mem::replace(slot, Node::null(span));
        if let Some(mapping) = own.as_mapping_mut() {
            mapping.remove("extends");
        }
        let merged = match base.filter(|base| base.as_mapping().is_some()) {
            None => own,
            Some(mut base) => {
                if let Some(mapping) = base.as_mapping_mut() {
                    mapping.remove("extends");
                }
                let root = KeyPath::ROOT;
                let services = root.key("services");
                base.span = span;
                self.combine(base, own, &services.key(&place.1))
            }
        };
        let opened = &mut extender.opened[place.0];
        if let Some(slot) = opened.services.get_mut(&place.1) {
            *slot = merged;
        }
        opened.resolved.insert(place.1.clone());
    }

    fn combine(&mut self, mut base: Node, mut own: Node, path: &KeyPath<'_>) -> Node {
        if tags::any(&base) {
            tags::strip(&mut base, self.diagnostics);
        }
        if tags::any(&own) {
            tags::apply(&own, &mut base, ComposeSite::Service);
            tags::strip(&mut own, self.diagnostics);
        }
        merge(base, own, ComposeSite::Service, path, self.diagnostics)
    }

    fn report_cycle(
        &mut self,
        extender: &mut Extender,
        chain: &[(Place, Place, Span)],
        at: &Place,
    ) {
        let start = chain
            .iter()
            .position(|(place, ..)| place == at)
            .unwrap_or(0);
        let round = &chain[start..];
        let names: Vec<&str> = round
            .iter()
            .map(|((_, name), ..)| name.as_str())
            .chain([at.1.as_str()])
            .collect();
        let chain = names.join("` extends `");
        let first = round.first().map_or(Span::NONE, |(.., span)| *span);
        let mut found = Diagnostic::error("cycle", first, format!("`{chain}`"))
            .path(format!("services.{}.extends", at.1))
            .help("take one of these `extends` away");
        for ((_, name), (_, target), span) in round.iter().skip(1) {
            found = found.related(*span, format!("`{name}` extends `{target}`"));
        }
        self.diagnostics.push(found);
        for (place, ..) in round {
            extender.take_extends(place);
            extender.opened[place.0].resolved.insert(place.1.clone());
        }
    }
}

impl Extender {
    fn take_extends(&mut self, at: &Place) {
        let service = self.opened[at.0].services.get_mut(&at.1);
        if let Some(service) = service.and_then(Node::as_mapping_mut) {
            service.remove("extends");
        }
    }
}

/// A later document of the same file may reset what an earlier one says.
fn tags_of_lower(lower: &mut Option<Node>, upper: &Node) {
    if let Some(lower) = lower
        && tags::any(upper)
    {
        tags::apply(upper, lower, ComposeSite::Services);
    }
}

fn read_extends(extends: &Node, path: &str) -> Result<Wanted, Vec<Diagnostic>> {
    let span = extends.span;
    let Some(fields) = extends.as_mapping() else {
        let service = string(extends, path, "extends").map_err(|found| vec![*found])?;
        return Ok(Wanted {
            service,
            file: None,
            span,
        });
    };
    let mut faults = Vec::new();
    for entry in fields {
        let key = &*entry.key.text;
        if !matches!(key, "service" | "file") {
            let message = format!("unknown key `{key}` in `extends`");
            faults.push(
                Diagnostic::error("unknown-key", entry.key.span, message)
                    .path(format!("{path}.{key}"))
                    .help("it has `service` and `file`"),
            );
        }
    }
    let mut field = |key: &str| {
        let found = string(fields.get(key)?, &format!("{path}.{key}"), key);
        found.map_err(|fault| faults.push(*fault)).ok()
    };
    let file = field("file");
    let service = field("service");
    if !fields.contains_key("service") {
        faults.push(
            Diagnostic::error("missing-key", span, "`extends` does not say which service")
                .path(path)
                .help("add `service: NAME`"),
        );
    }
    match service {
        Some(service) if faults.is_empty() => Ok(Wanted {
            service,
            file,
            span,
        }),
        _ => Err(faults),
    }
}

fn string(node: &Node, path: &str, key: &str) -> Result<Located<String>, Box<Diagnostic>> {
    let text = node.as_scalar().and_then(Scalar::go_string);
    match text {
        Some(text) => Ok(Located::new(text.into_owned(), node.span)),
        None => {
            let message = format!("`{key}` must be a string, found {}", node.kind());
            let help = "write `extends: SERVICE`, or `extends: {service: SERVICE, file: FILE}`";
            let found = Diagnostic::error("wrong-type", node.span, message);
            Err(Box::new(found.path(path).help(help)))
        }
    }
}
