//! Services that wait for themselves.

use std::collections::BTreeMap;

use kubewright_source::{Diagnostic, Located, Span};
use kubewright_yaml::{Node, Value};

use crate::fields::{At, Report};

/// Errors for the cycles of `depends_on`, found in one walk over all edges: one for
/// each service that closes some. Where all wait for all there are more cycles than
/// anybody could read.
pub(super) fn report(services: &[(Located<&str>, At<'_>)], report: &Report) {
    let graph: BTreeMap<&str, Vec<(&str, Span)>> = services
        .iter()
        .map(|(key, at)| (key.value, edges(at.node)))
        .collect();
    let mut state: BTreeMap<&str, State> = BTreeMap::new();
    for start in graph.keys() {
        if !state.contains_key(start) {
            walk(start, &graph, &mut state, report);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open(usize),
    Done,
}

fn edges(service: &Node) -> Vec<(&str, Span)> {
    let Some(node) = service.get("depends_on") else {
        return Vec::new();
    };
    match &node.value {
        Value::Sequence(items) => items
            .iter()
            .filter_map(|item| Some((&*item.as_scalar()?.text, item.span)))
            .collect(),
        Value::Mapping(members) => members
            .iter()
            .map(|entry| (&*entry.key.text, entry.key.span))
            .collect(),
        Value::Scalar(_) => Vec::new(),
    }
}

/// Depth first, with a stack of its own: a chain may be long.
fn walk<'a>(
    start: &'a str,
    graph: &BTreeMap<&'a str, Vec<(&'a str, Span)>>,
    state: &mut BTreeMap<&'a str, State>,
    report: &Report,
) {
    // Each step: a service, the edge that led to it, the next edge to follow.
    let mut stack: Vec<(&str, Span, usize)> = vec![(start, Span::NONE, 0)];
    state.insert(start, State::Open(0));
    // Depths at which a service has closed a cycle, the deepest last.
    let mut closed: Vec<usize> = Vec::new();
    while let Some((service, _, next)) = stack.last_mut() {
        let edge = graph
            .get(service)
            .and_then(|edges| edges.get(*next))
            .copied();
        *next += 1;
        let Some((to, span)) = edge else {
            state.insert(service, State::Done);
            stack.pop();
            closed.pop_if(|depth| *depth == stack.len());
            continue;
        };
        match state.get(to) {
            Some(State::Open(depth)) => {
                let last = stack.len() - 1;
                if closed.last() != Some(&last) {
                    closed.push(last);
                    say(&stack[*depth..], span, report);
                }
            }
            Some(State::Done) => {}
            None if graph.contains_key(to) => {
                state.insert(to, State::Open(stack.len()));
                stack.push((to, span, 0));
            }
            None => {}
        }
    }
}

/// Services of a cycle that are named.
const SHOWN: usize = 20;

fn say(chain: &[(&str, Span, usize)], closing: Span, report: &Report) {
    let Some((first, ..)) = chain.first() else {
        return;
    };
    let left_out = chain.len().saturating_sub(SHOWN);
    let shown = chain.iter().take(SHOWN);
    let mut names: Vec<String> = shown.map(|(name, ..)| format!("`{name}`")).collect();
    if left_out > 0 {
        names.push(format!("{left_out} more"));
    }
    names.push(format!("`{first}`"));
    let mut said = Diagnostic::error(
        "cycle",
        closing,
        format!("services wait for each other: {}", names.join(" → ")),
    );
    for pair in chain.windows(2).take(SHOWN) {
        if let [(from, ..), (to, span, _)] = pair {
            said = said.related(*span, format!("`{from}` waits for `{to}`"));
        }
    }
    let path = chain
        .last()
        .map(|(name, ..)| format!("services.{name}.depends_on"));
    report.push(
        said.path(path.unwrap_or_default())
            .help("remove one of these dependencies"),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::decoded;

    /// Where all wait for all there is an error for each service, not for each cycle.
    #[test]
    fn many_cycles_are_few_errors() {
        let name = |number: usize| format!("s{number}");
        let all: Vec<String> = (0..60).map(name).collect();
        let service = |own: &String| {
            let others = all.iter().filter(|other| *other != own);
            let others: Vec<&str> = others.map(String::as_str).collect();
            format!(
                "  {own}:\n    image: a\n    depends_on: [{}]\n",
                others.join(", ")
            )
        };
        let services: String = all.iter().map(service).collect();
        let said = decoded(&format!("name: p\nservices:\n{services}")).said;
        let cycles: Vec<&String> = said
            .iter()
            .filter(|line| line.contains("[cycle]"))
            .collect();
        assert_eq!(cycles.len(), 59);
        assert!(cycles.iter().all(|line| line.len() < 500), "{cycles:?}");
        assert!(cycles[58].contains("40 more"), "{}", cycles[58]);
    }
}
