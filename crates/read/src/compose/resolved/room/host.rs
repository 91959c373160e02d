//! `extra_hosts`: addresses by name.

use kubewright_source::Span;
use kubewright_yaml::{Node, Path};

use crate::compose::resolved::fault;
use crate::compose::resolved::walk::{Walk, text_of};

/// Hosts as a sorted list of `name=address`.
pub(crate) fn hosts(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let mut hosts = Vec::new();
    if let Some(items) = node.as_sequence() {
        walk.unique(items, path);
        for (at, item) in items.iter().enumerate() {
            of_item(walk, item, &path.index(at), &mut hosts);
        }
    } else if let Some(mapping) = node.as_mapping() {
        for entry in mapping {
            let key = &*entry.key.text;
            of_entry(walk, key, &entry.value, &path.key(key), &mut hosts);
        }
    } else {
        walk.wrong_type(node, path, "a mapping or a list of `host=address`");
    }
    for (name, _, span) in &hosts {
        if name.is_empty() || name.contains([':', '=']) {
            let why = format!("`{name}` is no name of a host");
            walk.say(fault::bad_value(*span, path, &why, "write `host=address`"));
        }
    }
    let mut lines: Vec<(String, Span)> = hosts
        .into_iter()
        .map(|(name, address, span)| (format!("{name}={}", bare(&address)), span))
        .collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    let items: Vec<Node> = lines
        .into_iter()
        .map(|(line, span)| Node::string(span, line))
        .collect();
    (!items.is_empty()).then(|| Node::new(node.span, items))
}

type Host = (String, String, Span);

fn of_item(walk: &mut Walk<'_>, item: &Node, path: &Path<'_>, hosts: &mut Vec<Host>) {
    let Some(text) = text_of(item) else {
        walk.wrong_type(item, path, "a string");
        return;
    };
    let Some((name, addresses)) = text.split_once('=').or_else(|| text.split_once(':')) else {
        let why = format!("`{text}` has no address");
        walk.say(fault::bad_value(
            item.span,
            path,
            &why,
            "write `host=address`",
        ));
        return;
    };
    let addresses = addresses.split(',');
    hosts.extend(addresses.map(|address| (name.to_owned(), address.to_owned(), item.span)));
}

fn of_entry(walk: &mut Walk<'_>, name: &str, value: &Node, path: &Path<'_>, hosts: &mut Vec<Host>) {
    let items = match value.as_sequence() {
        Some(items) => items,
        None => std::slice::from_ref(value),
    };
    for item in items {
        match text_of(item) {
            Some(text) => hosts.push((name.to_owned(), text.to_owned(), item.span)),
            None => walk.wrong_type(item, path, "a string or a list of strings"),
        }
    }
}

/// An address without its brackets.
fn bare(address: &str) -> &str {
    let inner = address
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.filter(|inner| !inner.is_empty()).unwrap_or(address)
}
