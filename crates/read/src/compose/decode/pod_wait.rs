//! Dependencies on services that have moved into another's pod.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::dependency::{Condition, Dependency};
use kubewright_model::{Entry, Located, Name, Project};
use kubewright_source::{Diagnostic, Severity};
use kubewright_yaml::Path;

use super::shared_pod::Moved;
use crate::fields::Report;

/// Lets every dependency name the pod that its target is in, and takes away those
/// within one pod and those that would make a pod wait for itself.
pub(super) fn retarget(moved: &BTreeMap<Name, Moved>, project: &mut Project, report: &Report) {
    let names: Vec<Name> = project.entries.keys().cloned().collect();
    for name in &names {
        let Some(app) = project.entries.get_mut(name).and_then(Entry::app_mut) else {
            continue;
        };
        let ends = app.workload.ends();
        let pod = Pod {
            name,
            moved,
            report,
            ends,
        };
        let own = app.name.value.clone();
        pod.mend(&own, &mut app.dependencies);
        for companion in &mut app.companions {
            let own = companion.name.value.clone();
            pod.mend(&own, &mut companion.dependencies);
        }
    }
    without_deadlocks(project, report);
}

struct Pod<'a> {
    name: &'a Name,
    moved: &'a BTreeMap<Name, Moved>,
    report: &'a Report,
    ends: bool,
}

impl Pod<'_> {
    fn mend(&self, who: &Name, dependencies: &mut Vec<Dependency>) {
        dependencies.retain_mut(|dependency| {
            let target = dependency.on.value.clone();
            if let Some(moved) = self.moved.get(&target) {
                dependency.on.value = moved.host.clone();
                if dependency.port.is_none() {
                    let span = dependency.on.span;
                    dependency.port = moved.port.map(|port| Located::new(port, span));
                }
                self.check_end(who, &target, dependency);
            }
            let within = dependency.on.value == *self.name;
            if within {
                self.say_within(who, &target, dependency);
            }
            !within
        });
    }

    /// What runs in another's pod has no end of its own.
    fn check_end(&self, who: &Name, target: &Name, dependency: &Dependency) {
        if dependency.condition.value != Condition::Completed || self.ends {
            return;
        }
        let said = Diagnostic::error(
            "wrong-kind",
            dependency.condition.span,
            format!(
                "`{who}` waits until `{target}` has completed, but `{target}` runs in the pod of \
                 `{}` and has no end of its own",
                dependency.on.value
            ),
        );
        push(
            self.report,
            who,
            said.help(format!(
                "leave `network_mode` of `{target}` out, or wait until it is healthy"
            )),
        );
    }

    /// Containers of one pod start together.
    fn say_within(&self, who: &Name, target: &Name, dependency: &Dependency) {
        let (severity, until) = match dependency.condition.value {
            Condition::Started | Condition::None => (Severity::Note, ""),
            Condition::Healthy => (Severity::Warning, " until it is healthy"),
            Condition::Completed => (Severity::Warning, " until it has completed"),
        };
        let said = Diagnostic::new(
            severity,
            "same-pod",
            dependency.on.span,
            format!(
                "`{who}` does not wait for `{target}`{until}: both are in one pod, whose \
                 containers start together"
            ),
        );
        push(
            self.report,
            who,
            said.help(format!("let `{who}` try again until `{target}` is there")),
        );
    }
}

fn push(report: &Report, who: &Name, said: Diagnostic) {
    let services = Path::ROOT.key("services");
    let service = services.key(who.as_str());
    report.push(said.path(service.key("depends_on").to_string()));
}

/// A pod waits for all that any of its services waits for, before any starts. In
/// compose `c` may wait for `d`, and `d` for `x`, whose network `c` shares: as a
/// pod, `x` and `c` would wait for themselves.
fn without_deadlocks(project: &mut Project, report: &Report) {
    let stuck = stuck(project);
    if stuck.is_empty() {
        return;
    }
    let edges: BTreeMap<Name, Vec<Name>> = stuck
        .iter()
        .map(|name| (name.clone(), targets(project, name)))
        .collect();
    for name in &stuck {
        let Some(app) = project.entries.get_mut(name).and_then(Entry::app_mut) else {
            continue;
        };
        for companion in &mut app.companions {
            let who = companion.name.value.clone();
            companion.dependencies.retain(|dependency| {
                let deadlock = leads_to(&edges, &dependency.on.value, name);
                if deadlock {
                    push(report, &who, waits_for_itself(&who, name, dependency));
                }
                !deadlock
            });
        }
    }
}

fn waits_for_itself(who: &Name, host: &Name, dependency: &Dependency) -> Diagnostic {
    let on = &dependency.on;
    Diagnostic::warning(
        "no-wait",
        on.span,
        format!(
            "`{who}` depends on `{}`, which waits for the pod of `{host}` that `{who}` is in: it \
             does not wait",
            on.value
        ),
    )
    .help(format!(
        "let `{who}` try again until `{}` is there",
        on.value
    ))
}

/// The entries that the project waits for.
fn targets(project: &Project, name: &Name) -> Vec<Name> {
    let app = project.entries.get(name).and_then(|entry| entry.app());
    let Some(app) = app else { return Vec::new() };
    let companions = app.companions.iter();
    let all = companions.flat_map(|companion| &companion.dependencies);
    let all = app.dependencies.iter().chain(all);
    all.map(|dependency| dependency.on.value.clone()).collect()
}

/// The entries that can never start, because they wait for themselves or for such
/// as do: what is left when all that waits for nothing more is taken away.
fn stuck(project: &Project) -> BTreeSet<Name> {
    let mut open: BTreeMap<&Name, usize> = BTreeMap::new();
    let mut waiting: BTreeMap<Name, Vec<&Name>> = BTreeMap::new();
    for name in project.entries.keys() {
        let on: BTreeSet<Name> = targets(project, name).into_iter().collect();
        let on = on.into_iter().filter(|on| project.entries.contains_key(on));
        let on: Vec<Name> = on.collect();
        open.insert(name, on.len());
        for target in on {
            waiting.entry(target).or_default().push(name);
        }
    }
    let free = open.iter().filter(|(_, count)| **count == 0);
    let mut free: Vec<&Name> = free.map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        for waiter in waiting.get(name).into_iter().flatten() {
            if let Some(count) = open.get_mut(*waiter) {
                *count -= 1;
                if *count == 0 {
                    free.push(waiter);
                }
            }
        }
    }
    let left = open.into_iter().filter(|(_, count)| *count > 0);
    left.map(|(name, _)| name.clone()).collect()
}

fn leads_to(edges: &BTreeMap<Name, Vec<Name>>, from: &Name, to: &Name) -> bool {
    let mut seen: BTreeSet<&Name> = BTreeSet::new();
    let mut todo = vec![from];
    while let Some(name) = todo.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            todo.extend(edges.get(name).into_iter().flatten());
        }
    }
    false
}
