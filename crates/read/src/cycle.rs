//! Services that wait for each other: none of them would ever start.

use std::collections::BTreeSet;

use kubewright_model::dependency::Dependency;
use kubewright_model::{App, Name, Project};
use kubewright_source::Diagnostic;

use crate::fields::At;

/// The error `cycle` at the dependency that closes each circle.
pub(crate) fn report(project: &Project, at: &At<'_>) {
    let mut done = BTreeSet::new();
    for app in project.apps() {
        walk(project, app, &mut done, at);
    }
}

/// Goes to all that is reached from an app and was not seen yet, without
/// recursion: chains can be long.
fn walk<'p>(project: &'p Project, from: &'p App, done: &mut BTreeSet<&'p Name>, at: &At<'_>) {
    if !done.insert(&from.name.value) {
        return;
    }
    // The way, with what is still to be looked at from each step.
    let mut way = vec![(&from.name.value, waits(from).collect::<Vec<_>>())];
    while let Some((_, open)) = way.last_mut() {
        let Some(dependency) = open.pop() else {
            way.pop();
            continue;
        };
        let on = &dependency.on.value;
        if let Some(start) = way.iter().position(|(name, _)| *name == on) {
            let circle: Vec<&Name> = way[start..].iter().map(|(name, _)| *name).collect();
            at.push(closed(&circle, dependency));
            continue;
        }
        let next = project.entries.get(on).and_then(|entry| entry.app());
        let next = next.filter(|next| listens(next));
        if let Some(next) = next.filter(|_| done.insert(on)) {
            way.push((&next.name.value, waits(next).collect()));
        }
    }
}

/// All that an app's pod waits for, its companions included.
fn waits(app: &App) -> impl Iterator<Item = &Dependency> {
    let companions = app.companions.iter();
    let companions = companions.flat_map(|companion| &companion.dependencies);
    app.dependencies.iter().chain(companions)
}

/// Nothing waits for what has no port.
fn listens(app: &App) -> bool {
    app.main
        .ports
        .as_ref()
        .is_some_and(|ports| !ports.is_empty())
}

fn closed(circle: &[&Name], dependency: &Dependency) -> Diagnostic {
    let names: Vec<String> = circle.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "{} wait for each other: none of them would ever start",
        names.join(", ")
    );
    Diagnostic::error("cycle", dependency.on.span, message)
        .help("take one of the dependencies away")
}
