//! Short forms that are more than the value of one key.

use kubewright_source::Span;
use kubewright_yaml::{Entry, Key, Mapping, Node, Value};

fn text(node: &Node) -> Option<&str> {
    node.as_scalar().map(|scalar| &*scalar.text)
}

fn map(span: Span, members: impl IntoIterator<Item = (&'static str, Node)>) -> Node {
    let entries = members.into_iter().map(|(key, value)| Entry {
        key: Key::new(key, span),
        value,
    });
    Node::new(span, entries.collect::<Mapping>())
}

fn plain(span: Span, text: &str) -> Node {
    Node::new(span, kubewright_yaml::Scalar::plain(text))
}

/// The places of the two sides of a text, where it stands as it is written.
fn sides(node: &Node, at: usize) -> (Span, Span) {
    let length = text(node).map_or(0, str::len);
    let lead = ((node.span.end - node.span.start) as usize).saturating_sub(length) / 2;
    (
        node.span.part(lead, lead + at),
        node.span.part(lead + at + 1, lead + length),
    )
}

/// `KEY=value`.
pub(super) fn pair(node: Node) -> Option<(Key, Node)> {
    let (name, value) = text(&node)?.split_once('=')?;
    let (name_span, value_span) = sides(&node, name.len());
    Some((Key::new(name, name_span), Node::string(value_span, value)))
}

/// A name of which nothing more is said.
pub(super) fn bare(node: Node) -> Option<(Key, Node)> {
    let name = text(&node)?.to_owned();
    Some((Key::new(name, node.span), map(node.span, [])))
}

/// A port of a list, without a name.
pub(super) fn listed_port(node: Node) -> Option<(Key, Node)> {
    text(&node)?;
    Some((Key::new("", node.span), node))
}

/// `8080`, `80:8080`, `80:8080/udp`.
pub(super) fn port(node: &Node) -> Option<Node> {
    let (numbers, protocol) = match text(node)?.split_once('/') {
        Some((numbers, protocol)) => (numbers, Some(protocol)),
        None => (text(node)?, None),
    };
    let (service, container) = match numbers.split_once(':') {
        Some((service, container)) => (Some(service), container),
        None => (None, numbers),
    };
    let span = node.span;
    let members = [
        ("container_port", Some(container)),
        ("service_port", service),
        ("protocol", protocol),
    ];
    let members = members
        .into_iter()
        .filter_map(|(key, text)| Some((key, plain(span, text?))));
    Some(map(span, members))
}

/// `/data`, `/data:ro`.
pub(super) fn volume(node: &Node) -> Option<Node> {
    let written = text(node)?;
    let (path, mode) = match written.rsplit_once(':') {
        Some((path, mode @ ("ro" | "rw"))) => (path, Some(mode)),
        _ => (written, None),
    };
    let path = ("mount_path", Node::string(node.span, path));
    let mode = mode.map(|mode| {
        let word = if mode == "ro" { "true" } else { "false" };
        ("read_only", plain(node.span, word))
    });
    Some(map(node.span, std::iter::once(path).chain(mode)))
}

/// A path, `tcp`, `grpc`, or the words of a command.
pub(super) fn probe(node: &Node) -> Option<Node> {
    if let Value::Sequence(_) = node.value {
        return Some(map(node.span, [("command", node.clone())]));
    }
    let key = match text(node)? {
        "tcp" | "grpc" | "http" | "exec" => "type",
        path if path.starts_with('/') => "path",
        _ => return None,
    };
    Some(map(node.span, [(key, node.clone())]))
}

/// A command.
pub(super) fn hook(node: &Node) -> Option<Node> {
    Some(map(node.span, [("command", node.clone())]))
}

/// An entry's name, a network, `internet`.
pub(super) fn peer(node: &Node) -> Option<Node> {
    let written = text(node)?;
    let (key, value) = match written {
        "internet" => ("internet", plain(node.span, "true")),
        _ if written.contains('/') => ("cidr", node.clone()),
        _ => ("app", node.clone()),
    };
    Some(map(node.span, [(key, value)]))
}

/// `zone`, `host`, or the key of a label.
pub(super) fn spread(node: &Node) -> Option<Node> {
    let key = match text(node)? {
        "zone" => "topology.kubernetes.io/zone",
        "host" => "kubernetes.io/hostname",
        other => other,
    };
    Some(map(
        node.span,
        [("topology_key", Node::string(node.span, key))],
    ))
}

/// `true`, or `src:dest`.
pub(super) fn watch(node: &Node) -> Option<Node> {
    let written = text(node)?;
    if written == "true" {
        return Some(map(node.span, [("path", Node::string(node.span, "."))]));
    }
    let (path, target) = written.split_once(':')?;
    let (path_span, target_span) = sides(node, path.len());
    Some(map(
        node.span,
        [
            ("path", Node::string(path_span, path)),
            ("target", Node::string(target_span, target)),
        ],
    ))
}
