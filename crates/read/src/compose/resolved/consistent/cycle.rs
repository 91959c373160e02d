//! Services that wait for themselves.

use std::collections::BTreeMap;

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Mapping, Node};

/// The first cycle of dependencies, links and shared namespaces among services.
/// Each service is walked once, however many ways lead to it.
pub(super) fn fault(services: &Mapping) -> Option<Diagnostic> {
    let mut state: BTreeMap<&str, Walked> = BTreeMap::new();
    for entry in services {
        if let Some(found) = walk(services, &entry.key.text, &mut state) {
            return Some(found);
        }
    }
    None
}

/// How far a service has been walked.
#[derive(Clone, Copy, PartialEq)]
enum Walked {
    OnTheWay,
    Done,
}

/// Walks with a list instead of recursion: chains may be long.
fn walk<'s>(
    services: &'s Mapping,
    start: &'s str,
    state: &mut BTreeMap<&'s str, Walked>,
) -> Option<Diagnostic> {
    if state.contains_key(start) {
        return None;
    }
    state.insert(start, Walked::OnTheWay);
    let mut way = vec![(start, dependencies(services, start))];
    while let Some((name, left)) = way.last_mut() {
        let Some((next, span)) = left.pop() else {
            state.insert(name, Walked::Done);
            way.pop();
            continue;
        };
        match state.get(next) {
            Some(Walked::OnTheWay) => {
                let names: Vec<&str> = way.iter().map(|(name, _)| *name).collect();
                return Some(said(&names, next, span));
            }
            Some(Walked::Done) => {}
            None => {
                state.insert(next, Walked::OnTheWay);
                way.push((next, dependencies(services, next)));
            }
        }
    }
    None
}

fn dependencies<'s>(services: &'s Mapping, name: &str) -> Vec<(&'s str, Span)> {
    let service = services.get(name);
    let all = service.and_then(|service| service.get("depends_on"));
    let entries = all.and_then(Node::as_mapping).into_iter().flatten();
    entries
        .filter(|entry| services.contains_key(&entry.key.text))
        .map(|entry| (&*entry.key.text, entry.key.span))
        .collect()
}

fn said(way: &[&str], again: &str, span: Span) -> Diagnostic {
    let from = way.iter().position(|name| *name == again).unwrap_or(0);
    let mut steps: Vec<String> = way[from..].iter().map(|name| format!("`{name}`")).collect();
    steps.push(format!("`{again}`"));
    let message = format!("services wait for each other: {}", steps.join(" → "));
    Diagnostic::error("cycle", span, message).help("take one of the dependencies away")
}
