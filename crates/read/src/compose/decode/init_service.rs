//! Services that prepare another: `kubewright.kind: Init` makes an init container
//! of a service that exactly one other waits for until it has completed.
//!
//! <https://kubernetes.io/docs/concepts/workloads/pods/init-containers/>

use std::collections::BTreeMap;

use kubewright_model::container::{Container, InitContainer};
use kubewright_model::dependency::Condition;
use kubewright_model::probe::Probes;
use kubewright_model::{App, Entry, Located, Name, Project, Span, Workload};
use kubewright_source::Diagnostic;
use kubewright_yaml::{Node, Path};

use super::pod_merge::{self, Moving};
use crate::compose::load::Document;
use crate::fields::{At, Report};

/// The label, and the word that it has here.
const LABEL: &str = "kubewright.kind";

/// Whose pods a service prepares, by their names in the file, and where the
/// service says so. One that cannot be an init container is an error, and missing.
pub(super) fn wished<'a>(
    services: &[(Located<&'a str>, At<'_>)],
    document: &Document,
    report: &Report,
) -> BTreeMap<&'a str, (&'a str, Span)> {
    let mut wishing: BTreeMap<&'a str, Span> = BTreeMap::new();
    for (key, at) in services {
        if let Some(span) = wish(key.value, at.node, document) {
            wishing.insert(key.value, span);
        }
    }
    if wishing.is_empty() {
        return BTreeMap::new();
    }
    let waiters = waiters(services);
    let mut found = BTreeMap::new();
    for (key, span) in wishing {
        match waiters.get(key).map_or(&[][..], Vec::as_slice) {
            [one] if one.completes => {
                found.insert(key, (one.service, span));
            }
            waiters => report.push(not_one(key, span, waiters)),
        }
    }
    found
}

/// Where a service says that it is an init container; what counts most is asked first.
fn wish(key: &str, node: &Node, document: &Document) -> Option<Span> {
    let deploy = node.get("deploy").and_then(|deploy| deploy.get("labels"));
    let nodes = [node.get("labels"), node.get("annotations"), deploy];
    let label = nodes.into_iter().flatten().find_map(label);
    let files = document.label_file_values.get(key);
    let in_files = || {
        let mut all = files.into_iter().flatten().rev();
        let found = all.find(|variable| variable.name.value == LABEL)?;
        let value = found.value.as_ref()?;
        Some((value.value.clone(), value.span))
    };
    let extension = || {
        let node = node.get("x-kubewright")?.get("kind")?;
        Some((node.as_scalar()?.text.to_string(), node.span))
    };
    let (word, span) = label.or_else(in_files).or_else(extension)?;
    word.eq_ignore_ascii_case("init").then_some(span)
}

fn label(node: &Node) -> Option<(String, Span)> {
    if let Some(value) = node.get(LABEL) {
        return Some((value.as_scalar()?.text.to_string(), value.span));
    }
    let items = node.as_sequence()?.iter().rev();
    let mut pairs = items.filter_map(|item| {
        let (key, value) = item.as_scalar()?.text.split_once('=')?;
        (key == LABEL).then(|| (value.to_owned(), item.span))
    });
    pairs.next()
}

/// One service that depends on another.
struct Waiter<'a> {
    service: &'a str,
    span: Span,
    /// It waits until the other has completed.
    completes: bool,
}

fn waiters<'a>(services: &[(Located<&'a str>, At<'_>)]) -> BTreeMap<String, Vec<Waiter<'a>>> {
    let mut found: BTreeMap<String, Vec<Waiter<'a>>> = BTreeMap::new();
    for (key, at) in services {
        let Some(node) = at.node.get("depends_on") else {
            continue;
        };
        let mut add = |on: &str, span, completes| {
            let waiter = Waiter {
                service: key.value,
                span,
                completes,
            };
            found.entry(on.to_owned()).or_default().push(waiter);
        };
        for entry in node.as_mapping().into_iter().flatten() {
            let condition = entry.value.get("condition").and_then(Node::as_scalar);
            let completes = condition
                .is_some_and(|condition| &*condition.text == "service_completed_successfully");
            add(&entry.key.text, entry.key.span, completes);
        }
        for item in node.as_sequence().into_iter().flatten() {
            if let Some(on) = item.as_scalar() {
                add(&on.text, item.span, false);
            }
        }
    }
    found
}

fn not_one(key: &str, span: Span, waiters: &[Waiter<'_>]) -> Diagnostic {
    let why = match waiters {
        [] => "no service waits for it".to_owned(),
        [one] => format!("`{}` does not wait until it has completed", one.service),
        [first, second, ..] => format!(
            "`{}` and `{}` both depend on it",
            first.service, second.service
        ),
    };
    let help = match waiters {
        [] | [_] => {
            "let the service that it prepares wait for it with `service_completed_successfully`"
        }
        [_, _, ..] => "write `Job`: it runs once, and all of them wait for it",
    };
    let mut said = Diagnostic::error(
        "wrong-kind",
        span,
        format!("`{key}` cannot be an init container: {why}"),
    );
    for waiter in waiters {
        said = said.related(waiter.span, format!("`{}` depends on it", waiter.service));
    }
    let path = Path::ROOT.key("services");
    said.path(path.key(key).to_string()).help(help)
}

/// Takes away that `waiter` waits for `name`, whose container becomes the pod's own.
pub(super) fn forget(project: &mut Project, waiter: &Name, name: &Name) {
    if let Some(app) = project.entries.get_mut(waiter).and_then(Entry::app_mut) {
        app.dependencies
            .retain(|dependency| dependency.on.value != *name);
    }
}

/// Makes `app` an init container of the pod of `host`.
pub(super) fn merge(moving: &Moving<'_>, host: &mut App, mut app: App) {
    announce(moving);
    job(moving, &app);
    running(moving, &mut app.main);
    networks(moving, host, &app);
    pod_merge::users(host, &mut app);
    pod_merge::volumes(host, &mut app);
    pod_merge::container_name(moving, host, &mut app);
    pod_merge::security(moving, host, &mut app);
    pod_merge::names(moving, host, &mut app);
    pod_merge::placement(moving, host, &mut app);
    pod_merge::texts(moving, host, &mut app);
    pod_merge::init_containers(host, &mut app);
    if let Some(grace) = app.grace_period {
        moving.not_the_pods("stop_grace_period", grace.span);
    }
    host.exemptions.append(&mut app.exemptions);
    host.patches.append(&mut app.patches);
    for dependency in app.dependencies {
        let same = |other: &kubewright_model::dependency::Dependency| {
            other.on.value == dependency.on.value
                && other.condition.value == dependency.condition.value
        };
        if dependency.condition.value != Condition::None && !host.dependencies.iter().any(same) {
            host.dependencies.push(dependency);
        }
    }
    app.main.ports = None;
    host.init_containers.push(InitContainer {
        name: app.name,
        container: app.main,
        inherit: Some(Located::new(false, moving.span)),
    });
}

fn announce(moving: &Moving<'_>) {
    let said = Diagnostic::note(
        "init-container",
        moving.span,
        format!(
            "`{}` runs before every pod of `{}`, and again with each new pod",
            moving.key, moving.host
        ),
    );
    moving.at_key(
        "labels",
        said.help(
            "make sure that it may run twice, also at the same time, or write `Job` to run it once",
        ),
    );
}

/// What only a Job has.
fn job(moving: &Moving<'_>, app: &App) {
    let job = match &app.workload {
        Workload::Job(job) => job,
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::CronJob(_) => return,
    };
    let restart = job.restart_policy.as_ref().map(|policy| policy.span);
    let attempts = job.backoff_limit.as_ref().map(|limit| limit.span);
    if let Some(span) = restart.or(attempts) {
        let message = "an init container that fails is started again until it succeeds";
        not_carried(moving, "restart", span, message, "leave `restart` out");
    }
    if let Some(count) = job.completions.as_ref() {
        let message = "an init container runs once in every pod";
        let help = "leave the number out, or make it a `Job`";
        not_carried(moving, "scale", count.span, message, help);
    }
}

/// What only containers have that go on running.
/// <https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#differences-from-regular-containers>
fn running(moving: &Moving<'_>, main: &mut Container) {
    let probes = std::mem::take(&mut main.probes);
    if probes != Probes::default() {
        let message = "an init container has no health: it has run to its end, or not";
        not_carried(
            moving,
            "healthcheck",
            moving.span,
            message,
            "leave `healthcheck` out",
        );
    }
    if !main.lifecycle.is_empty() {
        main.lifecycle = Default::default();
        let message = "an init container has no hooks, and no signal of its own to end";
        let help = "leave `post_start`, `pre_stop` and `stop_signal` out";
        not_carried(moving, "post_start", moving.span, message, help);
    }
}

/// The pod is on the networks of the service that it is about.
fn networks(moving: &Moving<'_>, host: &App, app: &App) {
    let own: Vec<&Name> = host.access.networks.iter().map(|own| &own.value).collect();
    let others = app.access.networks.iter();
    let others: Vec<_> = others
        .filter(|other| !own.contains(&&other.value))
        .collect();
    if let Some(first) = others.first() {
        let names: Vec<String> = others
            .iter()
            .map(|other| format!("`{}`", other.value))
            .collect();
        let said = Diagnostic::warning(
            "not-carried",
            first.span,
            format!(
                "`{}` runs in the pod of `{}`, which is not on the network {}",
                moving.key,
                moving.host,
                names.join(", ")
            ),
        );
        moving.at_key(
            "networks",
            said.help(format!("put `{}` on it, too", moving.host)),
        );
    }
    let mode = [&app.access.isolated, &app.security.host_network];
    let hosts = [&host.access.isolated, &host.security.host_network];
    for (mode, host) in mode.into_iter().zip(hosts) {
        if let Some(mode) = mode.as_ref().filter(|_| host.is_none()) {
            moving.not_the_pods("network_mode", mode.span);
        }
    }
}

fn not_carried(moving: &Moving<'_>, key: &str, span: Span, message: &str, help: &str) {
    let said = Diagnostic::warning(
        "not-carried",
        span,
        format!("`{key}` of `{}` is left out: {message}", moving.key),
    );
    moving.at_key(key, said.help(help));
}
