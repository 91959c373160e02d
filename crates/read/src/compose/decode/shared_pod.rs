//! Services that share another's network: `network_mode: service:x`, and
//! `container:x` where a service of the project has that container name. And
//! services that prepare another's pods (`init_service`).
//!
//! Containers share a network only within a pod, so such a service moves into the
//! pod of the other one. Who moves where is known before any service is decoded
//! ([`Pods`]); the moving itself ([`gather`]) follows when all are.
//!
//! <https://docs.docker.com/reference/compose-file/services/#network_mode>

use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::gateway::{TargetPort, TargetService};
use kubewright_model::infrastructure::Infrastructure;
use kubewright_model::project::Entry;
use kubewright_model::{Located, Name, Project, Span};
use kubewright_source::Diagnostic;
use kubewright_yaml::Path;

use super::{init_service, pod_merge, pod_wait};
use crate::compose::load::Document;
use crate::fields::{At, Report};

/// Which services move into which pods.
#[derive(Debug, Default)]
pub(super) struct Pods {
    /// Services that move, by their names in the file.
    moves: BTreeMap<String, Move>,
}

/// One service that moves.
#[derive(Debug)]
pub(super) struct Move {
    /// The service whose pod it is in the end.
    pub(super) host: String,
    /// The place that says so.
    pub(super) span: Span,
    /// The service that waits for it, where it is an init container of the pod.
    pub(super) prepares: Option<String>,
    /// How many steps away its pod is.
    steps: usize,
}

/// What a word such as `service:x` names.
pub(super) enum Named<'t> {
    /// A service, by its name in the file.
    Service(&'t str),
    /// A container, by its own name.
    Container(&'t str),
    /// Neither.
    Other,
}

/// Takes the words of `network_mode`, `pid` and `ipc` apart.
pub(super) fn named(text: &str) -> Named<'_> {
    match text.split_once(':') {
        Some(("service", name)) => Named::Service(name),
        Some(("container", name)) => Named::Container(name),
        Some(_) | None => Named::Other,
    }
}

impl Pods {
    /// Gathers who moves where, chains followed to their end. Services whose
    /// chain is a cycle stay, and an error says so.
    pub(super) fn read(
        services: &[(Located<&str>, At<'_>)],
        document: &Document,
        report: &Report,
    ) -> Self {
        let containers = containers(services);
        let mut next: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
        let keys: BTreeSet<&str> = services.iter().map(|(key, _)| key.value).collect();
        for (key, at) in services {
            let Some(mode) = at.node.get("network_mode") else {
                continue;
            };
            let text = mode.as_scalar().map(|scalar| &*scalar.text);
            let to = match named(text.unwrap_or_default()) {
                Named::Service(name) => keys.get(name).copied(),
                Named::Container(name) => containers.get(name).map(String::as_str),
                Named::Other => None,
            };
            if let Some(to) = to {
                next.insert(key.value, (to, mode.span));
            }
        }
        let prepared = init_service::wished(services, document, report);
        next.extend(prepared.iter().map(|(key, to)| (*key, *to)));
        let ends = ends(&next, &|key| prepared.contains_key(key), report);
        let steps = steps(&next, &ends);
        let moves = ends.iter().filter_map(|(key, host)| {
            let (_, span) = next.get(key)?;
            let prepares = prepared.get(key).map(|(waiter, _)| (*waiter).to_owned());
            let going = Move {
                host: (*host)?.to_owned(),
                span: *span,
                prepares,
                steps: steps.get(key).copied().unwrap_or_default(),
            };
            Some(((*key).to_owned(), going))
        });
        Self {
            moves: moves.collect(),
        }
    }

    /// The service whose pod a service is in: its own, or the one it moves into.
    pub(super) fn host<'s>(&'s self, key: &'s str) -> &'s str {
        self.moves.get(key).map_or(key, |found| &found.host)
    }
}

/// Services by the names of their containers.
pub(super) fn containers(services: &[(Located<&str>, At<'_>)]) -> BTreeMap<String, String> {
    let named = services.iter().filter_map(|(key, at)| {
        let name = at.node.get("container_name")?.as_scalar()?;
        Some((name.text.to_string(), key.value.to_owned()))
    });
    named.collect()
}

/// The end of every chain; none where it has no end. Each step is taken once.
fn ends<'a>(
    next: &BTreeMap<&'a str, (&'a str, Span)>,
    prepares: &dyn Fn(&str) -> bool,
    report: &Report,
) -> BTreeMap<&'a str, Option<&'a str>> {
    let mut ends: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for start in next.keys() {
        let mut chain: Vec<&str> = Vec::new();
        let mut on_chain: BTreeSet<&str> = BTreeSet::new();
        let mut at = *start;
        let end = loop {
            if let Some(end) = ends.get(at) {
                break *end;
            }
            let Some((to, _)) = next.get(at) else {
                break Some(at);
            };
            if !on_chain.insert(at) {
                let from = chain.iter().position(|key| *key == at).unwrap_or(0);
                let chain = &chain[from..];
                // Those of `depends_on` alone are said where all of them are.
                if chain.iter().any(|key| !prepares(key)) {
                    report.push(cycle(chain, next, chain.iter().any(|key| prepares(key))));
                }
                break None;
            }
            chain.push(at);
            at = to;
        };
        ends.extend(chain.into_iter().map(|key| (key, end)));
    }
    ends
}

/// How many steps each service of a chain with an end is away from it. Each step is
/// taken once.
fn steps<'a>(
    next: &BTreeMap<&'a str, (&'a str, Span)>,
    ends: &BTreeMap<&'a str, Option<&'a str>>,
) -> BTreeMap<&'a str, usize> {
    let mut steps: BTreeMap<&str, usize> = BTreeMap::new();
    for (start, _) in ends.iter().filter(|(_, end)| end.is_some()) {
        let mut chain: Vec<&str> = Vec::new();
        let mut at = *start;
        while !steps.contains_key(at)
            && let Some((to, _)) = next.get(at)
        {
            chain.push(at);
            at = to;
        }
        let behind = steps.get(at).copied().unwrap_or_default();
        let counted = chain.into_iter().rev().zip(behind + 1..);
        steps.extend(counted);
    }
    steps
}

fn cycle(chain: &[&str], next: &BTreeMap<&str, (&str, Span)>, mixed: bool) -> Diagnostic {
    let names: Vec<String> = chain
        .iter()
        .chain(chain.first())
        .map(|name| format!("`{name}`"))
        .collect();
    let span = |key: &str| next.get(key).map_or(Span::NONE, |(_, span)| *span);
    let first = chain.first().copied().unwrap_or_default();
    let mut said = Diagnostic::error(
        "cycle",
        span(first),
        match mixed {
            false => format!("services share each other's network: {}", names.join(" → ")),
            true => format!("services run in each other's pods: {}", names.join(" → ")),
        },
    );
    for key in chain.iter().skip(1) {
        said = said.related(span(key), format!("`{key}` shares another's here"));
    }
    let path = Path::ROOT.key("services");
    said.path(path.key(first).key("network_mode").to_string())
        .help("give one of them a network of its own: leave `network_mode` out there")
}

/// Moves the services into the pods that they belong to, and mends what names
/// them.
pub(super) fn gather(
    pods: &Pods,
    names: &BTreeMap<&str, Located<Name>>,
    project: &mut Project,
    report: &Report,
) {
    for (key, going) in &pods.moves {
        let waiter = going.prepares.as_ref().and_then(|key| names.get(&**key));
        if let (Some(waiter), Some(name)) = (waiter, names.get(&**key)) {
            init_service::forget(project, &waiter.value, &name.value);
        }
    }
    let mut moved: BTreeMap<Name, Moved> = BTreeMap::new();
    let mut moves: Vec<(&String, &Move)> = pods.moves.iter().collect();
    // What prepares an init container runs before it.
    moves.sort_by_key(|(_, going)| match going.prepares {
        Some(_) => (false, std::cmp::Reverse(going.steps)),
        None => (true, std::cmp::Reverse(0)),
    });
    for (key, going) in moves {
        let (Some(name), Some(host)) = (names.get(&**key), names.get(&*going.host)) else {
            continue;
        };
        let done = one(key, going, name, host, project, report);
        // Nothing leads to an init container.
        if let Some(done) = done.filter(|_| going.prepares.is_none()) {
            moved.insert(name.value.clone(), done);
        }
    }
    // Once each: a pod may take in thousands.
    let hosts: BTreeSet<&String> = pods.moves.values().map(|going| &going.host).collect();
    for host in hosts.into_iter().filter_map(|key| names.get(&**key)) {
        if let Some(app) = project
            .entries
            .get_mut(&host.value)
            .and_then(Entry::app_mut)
        {
            app.compact();
        }
    }
    if !moved.is_empty() {
        retarget_routes(&moved, project);
        pod_wait::retarget(&moved, project, report);
    }
}

/// A service that has moved.
#[derive(Debug)]
pub(super) struct Moved {
    /// The entry whose pod it is in.
    pub(super) host: Name,
    /// The port by which it is waited for and routed to.
    pub(super) port: Option<kubewright_model::Port>,
}

fn one(
    key: &str,
    going: &Move,
    name: &Located<Name>,
    host: &Located<Name>,
    project: &mut Project,
    report: &Report,
) -> Option<Moved> {
    project.entries.get(&host.value)?.app()?;
    project.entries.get(&name.value)?.app()?;
    let mut app = *match project.entries.remove(&name.value)? {
        Entry::App(app) => app,
        Entry::Infrastructure(infrastructure) => match *infrastructure {
            Infrastructure::SelfHosted(app) => app,
            Infrastructure::Managed(_) => return None,
        },
        Entry::Functions(_)
        | Entry::Compose(_)
        | Entry::Helm(_)
        | Entry::Kustomize(_)
        | Entry::Disabled(_) => return None,
    };
    if app.main.ports.is_none() && going.prepares.is_none() {
        let image = app.main.image_reference();
        let known = image.and_then(|image| kubewright_knowledge::known(image.as_str()));
        app.main.ports = known.map(|known| super::port::of_family(known.family));
    }
    let port = app.main.ports.iter().flatten().find(|port| {
        port.protocol == kubewright_model::service::Protocol::Tcp && port.service_number().is_some()
    });
    let port = port.and_then(kubewright_model::service::Port::service_number);
    let host_app = project.entries.get_mut(&host.value)?.app_mut()?;
    pod_merge::merge(host_app, app, key, going, report);
    Some(Moved {
        host: host.value.clone(),
        port,
    })
}

/// Routes to what has moved lead to the pod that it is in, at the same port.
fn retarget_routes(moved: &BTreeMap<Name, Moved>, project: &mut Project) {
    let routes = project
        .gateway
        .iter_mut()
        .flat_map(|gateway| &mut gateway.routes);
    for route in routes {
        let target = &mut route.target;
        let TargetService::Entry(name) = &mut target.service.value else {
            continue;
        };
        if let Some(moved) = moved.get(name) {
            *name = moved.host.clone();
            if target.port.is_none() {
                let span = target.service.span;
                let number = moved.port.map(|port| Located::new(port, span));
                target.port = number.map(TargetPort::Number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends_of(edges: &[(&str, &str)]) -> (Vec<(String, Option<String>)>, usize) {
        let next = edges.iter().map(|(from, to)| (*from, (*to, Span::NONE)));
        let report = Report::default();
        let found = ends(&next.collect(), &|_| false, &report);
        let found = found.into_iter();
        let owned = found.map(|(key, end)| (key.to_owned(), end.map(str::to_owned)));
        let owned = owned.collect();
        let mut said = kubewright_source::Diagnostics::default();
        report.into_diagnostics(&mut said);
        (owned, said.into_iter().count())
    }

    #[test]
    fn chains_are_followed_to_their_end() {
        let (ends, said) = ends_of(&[("a", "b"), ("b", "c"), ("d", "c")]);
        assert_eq!(said, 0);
        for (key, end) in ends {
            assert_eq!(end.as_deref(), Some("c"), "{key}");
        }
    }

    #[test]
    fn steps_are_counted_from_the_end() {
        let edges = [("a", "b"), ("b", "c"), ("d", "c"), ("e", "e"), ("f", "a")];
        let next = edges.map(|(from, to)| (from, (to, Span::NONE)));
        let next = BTreeMap::from(next);
        let ends = ends(&next, &|_| false, &Report::default());
        let expected = [("a", 2), ("b", 1), ("d", 1), ("f", 3)];
        assert_eq!(steps(&next, &ends), BTreeMap::from(expected));
    }

    #[test]
    fn each_cycle_is_said_once() {
        let (ends, said) = ends_of(&[("a", "b"), ("b", "a"), ("c", "a"), ("d", "d"), ("e", "x")]);
        assert_eq!(said, 2);
        for (key, end) in ends {
            assert_eq!(end.is_some(), key == "e", "{key}");
        }
    }
}
