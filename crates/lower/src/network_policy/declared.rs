//! Which connections a project declares, found in one walk.

use std::collections::BTreeMap;

use kubewright_model::access::Peer;
use kubewright_model::dependency::Dependency;
use kubewright_model::project::{Entry, NetworkPolicyMode};
use kubewright_model::scaling::Scaling;
use kubewright_model::{App, Located, Name, Port as Number, Project};

use crate::scaling;

/// Connections between the entries of a project, by either end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared<'a> {
    /// Who depends on an entry, or has its address.
    dependents: BTreeMap<&'a Name, Vec<&'a App>>,
    /// Charts and compose projects that do.
    foreign: BTreeMap<&'a Name, Vec<&'a Entry>>,
    /// Who says of itself that it reaches an entry.
    callers: BTreeMap<&'a Name, Vec<&'a App>>,
    /// Who says that an app reaches it.
    hosts: BTreeMap<&'a Name, Vec<&'a App>>,
    /// Entries whose queues KEDA asks.
    queues: std::collections::BTreeSet<Name>,
}

impl<'a> Declared<'a> {
    /// Finds them; none are looked for where no policy asks.
    pub(crate) fn new(project: &'a Project) -> Self {
        let mut declared = Self::default();
        if !asked(project) {
            return declared;
        }
        for entry in project.entries.values() {
            match entry.app() {
                Some(app) => declared.take(project, app),
                None => declared.take_foreign(entry),
            }
        }
        declared
    }

    fn take_foreign(&mut self, entry: &'a Entry) {
        for (name, _) in needs(entry) {
            let entries = self.foreign.entry(name).or_default();
            if !entries.iter().any(|known| std::ptr::eq(*known, entry)) {
                entries.push(entry);
            }
        }
    }

    fn take(&mut self, project: &'a Project, app: &'a App) {
        let companions = app.companions.iter();
        let companions = companions.flat_map(|companion| &companion.dependencies);
        for dependency in app.dependencies.iter().chain(companions) {
            push(&mut self.dependents, &dependency.on.value, app);
        }
        for name in talks_to(project, app) {
            push(&mut self.dependents, name.value, app);
        }
        for peer in &app.access.allow_to {
            if let Peer::Entry { name, .. } = &peer.value {
                push(&mut self.callers, name, app);
            }
        }
        for peer in &app.access.allow_from {
            if let Peer::Entry { name, .. } = &peer.value {
                push(&mut self.hosts, name, app);
            }
        }
        if let Some(Scaling::KedaQueue(queue)) = app.workload.scaling() {
            let of_facts = project.facts.queue_server.as_ref();
            let names = scaling::queue_hosts(queue, of_facts);
            let entries = names.filter(|name| project.entries.contains_key(name));
            self.queues.extend(entries);
        }
    }

    /// Charts and compose projects that depend on an entry, or have its address.
    pub(super) fn foreign(&self, name: &Name) -> &[&'a Entry] {
        self.foreign.get(name).map_or(&[], Vec::as_slice)
    }

    /// Who depends on an entry or has its address, each once.
    pub(super) fn dependents(&self, name: &Name) -> &[&'a App] {
        self.dependents.get(name).map_or(&[], Vec::as_slice)
    }

    /// Who says that it reaches an entry.
    pub(super) fn callers(&self, name: &Name) -> &[&'a App] {
        self.callers.get(name).map_or(&[], Vec::as_slice)
    }

    /// Who says that it is reached by an app.
    pub(super) fn hosts(&self, name: &Name) -> &[&'a App] {
        self.hosts.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether KEDA asks an entry for the length of a queue.
    pub(super) fn is_queue(&self, name: &Name) -> bool {
        self.queues.contains(name)
    }
}

/// Entries that an app talks to beside those that it depends on: its texts have
/// their addresses, or it works off their queues.
pub(super) fn talks_to<'a>(
    project: &'a Project,
    app: &'a App,
) -> impl Iterator<Item = Located<&'a Name>> {
    let refers_to = app.access.refers_to.iter();
    let refers_to = refers_to.map(|name| Located::new(&name.value, name.span));
    let queue = match app.workload.scaling() {
        Some(Scaling::KedaQueue(queue)) => Some(queue),
        Some(_) | None => None,
    };
    let servers = queue.into_iter().flat_map(move |queue| {
        let names = scaling::queue_hosts(queue, project.facts.queue_server.as_ref());
        let entries = names.filter_map(|name| project.entries.get_key_value(&name));
        entries.map(|(name, _)| Located::new(name, queue.queue_name.span))
    });
    refers_to.chain(servers)
}

/// What a chart or a compose project talks to, with the port where one is named.
pub(super) fn needs(entry: &Entry) -> impl Iterator<Item = (&Name, Option<Number>)> {
    let (dependencies, refers_to): (&[Dependency], &[Located<Name>]) = match entry {
        Entry::Helm(release) => (&release.dependencies, &release.refers_to),
        Entry::Compose(compose) => (&compose.dependencies, &compose.refers_to),
        Entry::App(_)
        | Entry::Infrastructure(_)
        | Entry::Functions(_)
        | Entry::Kustomize(_)
        | Entry::Disabled(_) => (&[], &[]),
    };
    let depends = dependencies.iter().map(|dependency| {
        let port = dependency.port.as_ref().map(|port| port.value);
        (&dependency.on.value, port)
    });
    depends.chain(refers_to.iter().map(|name| (&name.value, None)))
}

fn push<'a>(map: &mut BTreeMap<&'a Name, Vec<&'a App>>, name: &'a Name, app: &'a App) {
    let apps = map.entry(name).or_default();
    // Apps come one after the other, so that the same one can only be the last.
    if apps.last().is_none_or(|last| last.name != app.name) {
        apps.push(app);
    }
}

/// Whether any app can have a policy of its own.
fn asked(project: &Project) -> bool {
    let by_mode = match project.facts.network_policy {
        NetworkPolicyMode::None | NetworkPolicyMode::Networks => false,
        NetworkPolicyMode::Permissive | NetworkPolicyMode::Strict => true,
    };
    let entries = project.entries.values().filter_map(Entry::app);
    by_mode || entries.into_iter().any(|app| !app.access.is_empty())
}
