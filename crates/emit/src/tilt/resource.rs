//! What Tilt shows and updates as one: a workload with all that belongs to it.
//!
//! Tilt names resources by their workloads and gives each the Services that select
//! its pods. Everything else is applied first, as a resource of its own; what
//! belongs to an app is taken from there. Objects of nobody, such as namespaces,
//! stay there on purpose: all others may need them.
//!
//! <https://docs.tilt.dev/api.html#api.k8s_resource>

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kubewright_objects::delivery::DeliveredApp;
use kubewright_objects::{Body, Object};

use super::starlark::{Call, Value};
use crate::form::Environment;
use crate::local_port::Ports;

/// What is shown with workloads that are no app of the delivery.
const INFRASTRUCTURE: &str = "infrastructure";

/// A call for each workload that has something to be said of.
pub(super) fn calls(environment: &Environment<'_>, objects: &[&Object]) -> Vec<Call> {
    let workloads: Vec<&Object> = objects
        .iter()
        .copied()
        .filter(|object| object.body.pod_template().is_some())
        .collect();
    let names = names(&workloads);
    let firsts = firsts(&workloads, &names);
    let apps: BTreeMap<&str, &DeliveredApp> = environment
        .delivery
        .apps
        .iter()
        .map(|app| (app.name.as_str(), app))
        .collect();
    let forwards = forwards(environment, &firsts);
    let belongings = belongings(objects, &workloads, &firsts);
    let needed = needed(&environment.delivery.apps, &firsts);
    let of_app = workloads.iter().zip(&names).map(|(workload, name)| {
        let app = owner(workload).filter(|app| firsts.get(app) == Some(&name.as_str()));
        let told = app.and_then(|app| apps.get(app));
        let group = told.map_or(INFRASTRUCTURE, |app| app.group.as_str());
        let given = |all: &BTreeMap<&str, Vec<Value>>| {
            let own = app.and_then(|app| all.get(app));
            own.cloned().unwrap_or_default()
        };
        let call = Call::new("k8s_resource")
            .with(name.as_str())
            .some("port_forwards", given(&forwards))
            .some("resource_deps", given(&needed))
            .some("objects", given(&belongings));
        let call = match workload.body {
            // It has no pods until its time comes.
            Body::CronJob(_) => call.named("pod_readiness", "ignore"),
            _ => call,
        };
        call.named("labels", vec![Value::from(group)])
    });
    of_app.collect()
}

/// The app that an object belongs to.
fn owner(object: &Object) -> Option<&str> {
    let labels = object.body.metadata().labels.as_ref()?;
    labels.get("app").map(String::as_str)
}

/// What an object may be called: its name, and more and more in front of that,
/// until it is the only one.
fn candidates(object: &Object) -> [String; 4] {
    let name = object.name().to_lowercase();
    let kind = object.body.kind().to_lowercase();
    let namespace = object.namespace().unwrap_or("default").to_lowercase();
    let version = object.body.api_version();
    let group = version.split_once('/').map_or("core", |(group, _)| group);
    [
        name.clone(),
        format!("{name}:{kind}"),
        format!("{name}:{kind}:{namespace}"),
        format!("{name}:{kind}:{namespace}:{}", group.to_lowercase()),
    ]
}

fn counted<'a>(objects: impl Iterator<Item = &'a &'a Object>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in objects.flat_map(|object| candidates(object)) {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

/// The names of resources: the shortest that only one workload has.
fn names(workloads: &[&Object]) -> Vec<String> {
    let counts = counted(workloads.iter());
    let name = |workload: &&Object| {
        let names = candidates(workload);
        let only = names.iter().find(|name| counts.get(*name) == Some(&1));
        only.unwrap_or(&names[3]).clone()
    };
    workloads.iter().map(name).collect()
}

/// The resource of each app: its first workload.
fn firsts<'a>(workloads: &[&'a Object], names: &'a [String]) -> BTreeMap<&'a str, &'a str> {
    let mut firsts = BTreeMap::new();
    for (workload, name) in workloads.iter().zip(names) {
        if let Some(app) = owner(workload) {
            firsts.entry(app).or_insert(name.as_str());
        }
    }
    firsts
}

/// The objects that belong to apps and that Tilt does not find by itself.
fn belongings<'a>(
    objects: &[&'a Object],
    workloads: &[&'a Object],
    firsts: &BTreeMap<&str, &str>,
) -> BTreeMap<&'a str, Vec<Value>> {
    let counts = counted(objects.iter());
    let selected = Selected::of(workloads);
    let mut belongings: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for object in objects {
        let Some(app) = owner(object).filter(|app| firsts.contains_key(app)) else {
            continue;
        };
        let is_found = selected.has(object);
        if object.body.pod_template().is_some() || is_found || object.name().contains(':') {
            continue;
        }
        let names = candidates(object);
        let name = names[1..3]
            .iter()
            .find(|name| counts.get(*name) == Some(&1));
        if let Some(name) = name {
            belongings
                .entry(app)
                .or_default()
                .push(Value::from(name.as_str()));
        }
    }
    belongings
}

/// The labels of a pod.
type Labels = BTreeMap<String, String>;

/// What Services can select.
struct Selected<'a> {
    /// The labels of workloads' pods, with the workloads, by each of the labels.
    by_label: HashMap<(&'a str, &'a str), Vec<(&'a Object, &'a Labels)>>,
}

impl<'a> Selected<'a> {
    fn of(workloads: &[&'a Object]) -> Self {
        let mut by_label: HashMap<_, Vec<(&Object, &Labels)>> = HashMap::new();
        for workload in workloads {
            let template = workload.body.pod_template();
            let labels = template.and_then(|template| template.metadata.as_ref()?.labels.as_ref());
            for (labels, (key, value)) in labels.into_iter().flat_map(with_each) {
                let found = by_label.entry((key, value)).or_default();
                found.push((*workload, labels));
            }
        }
        Self { by_label }
    }

    /// Whether an object is a Service that selects a workload's pods.
    fn has(&self, object: &Object) -> bool {
        let Body::Service(service) = &object.body else {
            return false;
        };
        let selector = service
            .spec
            .as_ref()
            .and_then(|spec| spec.selector.as_ref());
        let each = selector.into_iter().flatten();
        // All of them have to have each label: those of the rarest are the fewest.
        let having = each.map(|(key, value)| {
            let having = self.by_label.get(&(key.as_str(), value.as_str()));
            having.map_or(&[][..], Vec::as_slice)
        });
        let fewest = having.min_by_key(|having| having.len()).unwrap_or_default();
        let namespace = object.namespace().unwrap_or("default");
        fewest.iter().any(|(workload, labels)| {
            let is_near = namespace == "default" || object.namespace() == workload.namespace();
            let mut wanted = selector.into_iter().flatten();
            is_near && wanted.all(|(key, value)| labels.get(key) == Some(value))
        })
    }
}

fn with_each(labels: &Labels) -> impl Iterator<Item = (&Labels, (&str, &str))> {
    let pairs = labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    pairs.map(move |pair| (labels, pair))
}

/// The ports of pods on the developer's machine, by app.
fn forwards<'a>(
    environment: &Environment<'a>,
    firsts: &BTreeMap<&str, &str>,
) -> BTreeMap<&'a str, Vec<Value>> {
    let delivery = environment.delivery;
    let apps = delivery.apps.iter().filter(|_| delivery.forward);
    let mut wanted: Vec<(&str, u16, u16)> = Vec::new();
    for app in apps.filter(|app| firsts.contains_key(app.name.as_str())) {
        let name = app.name.as_str();
        let published = app.published.iter().map(|port| (port.local, port.pod));
        let first = app.first_port.filter(|_| app.published.is_empty());
        let ports = published.chain(first.map(|port| (port, port)));
        wanted.extend(ports.map(|(local, pod)| (name, local, pod)));
    }
    let locals: Vec<u16> = wanted.iter().map(|(_, local, _)| *local).collect();
    let locals = Ports::default().take_all(&locals);
    let mut forwards: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for ((app, _, pod), local) in wanted.into_iter().zip(locals) {
        let Some(local) = local else { continue };
        let forward = Value::Text(format!("{local}:{pod}"));
        forwards.entry(app).or_default().push(forward);
    }
    forwards
}

/// The resources that have to be there before those of each app. What would lead
/// back to itself is left out: Tilt takes no circles.
fn needed<'a>(
    apps: &'a [DeliveredApp],
    firsts: &BTreeMap<&str, &str>,
) -> BTreeMap<&'a str, Vec<Value>> {
    let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let may_circle = has_circle(apps);
    for app in apps
        .iter()
        .filter(|app| firsts.contains_key(app.name.as_str()))
    {
        for on in &app.depends_on {
            let circles = || may_circle && leads(&edges, on, &app.name);
            if firsts.contains_key(on.as_str()) && !circles() {
                edges.entry(app.name.as_str()).or_default().push(on);
            }
        }
    }
    let names = |on: Vec<&str>| {
        let names = on.into_iter().filter_map(|on| firsts.get(on));
        names.map(|name| Value::from(*name)).collect()
    };
    let edges = edges.into_iter();
    edges.map(|(app, on)| (app, names(on))).collect()
}

/// Whether some app needs itself, by way of others or not.
fn has_circle(apps: &[DeliveredApp]) -> bool {
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut needed_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for app in apps {
        waits.insert(&app.name, app.depends_on.len());
        for on in &app.depends_on {
            needed_by.entry(on).or_default().push(&app.name);
        }
    }
    let outside = needed_by.keys().filter(|on| !waits.contains_key(*on));
    let free = waits.iter().filter(|(_, count)| **count == 0);
    let mut ready: Vec<&str> = free.map(|(app, _)| *app).chain(outside.copied()).collect();
    while let Some(app) = ready.pop() {
        waits.remove(app);
        for next in needed_by.remove(app).unwrap_or_default() {
            if let Some(count) = waits.get_mut(next) {
                *count -= 1;
                if *count == 0 {
                    ready.push(next);
                }
            }
        }
    }
    !waits.is_empty()
}

fn leads(edges: &BTreeMap<&str, Vec<&str>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut left = vec![from];
    while let Some(at) = left.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            left.extend(edges.get(at).into_iter().flatten());
        }
    }
    false
}
