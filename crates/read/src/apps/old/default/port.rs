//! Ports: one is there where none is said, and version 2 calls them from 80.

use kubewright_source::Span;
use kubewright_yaml::{Key, Mapping, Node, Value};

use super::{ends, says, set};
use crate::apps::old::tree::{entry, is, map, plain, text};

/// 8080 in the container, 80 on the Service.
pub(super) fn ports(app: &mut Mapping, below: &[&Node], span: Span) {
    if ends(app) {
        return;
    }
    if !says(app, below, &["ports"]) {
        let port = map(
            span,
            [
                entry("container_port", plain(span, "8080")),
                entry("service_port", plain(span, "80")),
            ],
        );
        let ports = map(span, [entry("http", port)]);
        app.insert(Key::new("ports", span), ports);
        return;
    }
    let Some(ports) = app.get_mut("ports") else {
        return;
    };
    nameless(ports);
    let mut taken = taken(ports);
    let mut complete = |port: &mut Mapping, span: Span| {
        set(port, "container_port", span, "8080");
        let protocol = protocol(port);
        if !port.contains_key("service_port") && !taken.contains(&protocol) {
            set(port, "service_port", span, "80");
            taken.push(protocol);
        }
    };
    match &mut ports.value {
        Value::Sequence(items) => {
            for item in items {
                let span = item.span;
                if let Some(port) = item.as_mapping_mut() {
                    complete(port, span);
                }
            }
        }
        Value::Mapping(named) => {
            for (key, port) in named.values_mut() {
                if let Some(port) = port.as_mapping_mut() {
                    complete(port, key.span);
                }
            }
        }
        Value::Scalar(_) => {}
    }
}

/// The first port without a name is called `http`, unless another is.
fn nameless(ports: &mut Node) {
    let is_http = |port: &Node| port.get("name").is_some_and(|name| is(name, "http"));
    let Value::Sequence(items) = &mut ports.value else {
        return;
    };
    if items.iter().any(is_http) {
        return;
    }
    let first = items.iter_mut().find(|item| item.get("name").is_none());
    if let Some(item) = first {
        let span = item.span;
        if let Some(port) = item.as_mapping_mut() {
            set(port, "name", span, "http");
        }
    }
}

fn protocol(port: &Mapping) -> String {
    let protocol = port.get("protocol").and_then(text);
    protocol.unwrap_or("TCP").to_ascii_uppercase()
}

/// The protocols for which a port says 80 of itself.
fn taken(ports: &Node) -> Vec<String> {
    let listed = ports.as_sequence().unwrap_or_default().iter();
    let named = ports.as_mapping().into_iter().flat_map(Mapping::iter);
    let all = listed.chain(named.map(|entry| &entry.value));
    all.filter_map(Node::as_mapping)
        .filter(|port| {
            port.get("service_port")
                .is_some_and(|number| is(number, "80"))
        })
        .map(protocol)
        .collect()
}
