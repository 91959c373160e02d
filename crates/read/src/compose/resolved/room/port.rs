//! `ports`.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md#ports>

use std::collections::HashMap;
use std::net::IpAddr;

use kubewright_source::Span;
use kubewright_yaml::{Entry, Mapping, Node, Path, Resolved};

use crate::compose::resolved::fault;
use crate::compose::resolved::shape::{
    Extensions, Field, INTEGER_KEPT, Object, TEXT, TEXT_OR_INTEGER, field,
};
use crate::compose::resolved::walk::{Walk, entry, plain};

static LONG: Object = Object {
    what: "a port",
    fields: LONG_FIELDS,
    needs: &["target"],
    extensions: Extensions::Kept,
    open: false,
    null: false,
    keeps_empty: true,
};

static LONG_FIELDS: &[Field] = &[
    field("app_protocol", TEXT),
    field("host_ip", TEXT),
    field("mode", TEXT),
    field("name", TEXT),
    field("protocol", TEXT),
    field("published", TEXT_OR_INTEGER),
    field(
        "target",
        crate::compose::resolved::shape::Shape::Room(target),
    ),
];

/// A port without a sign.
fn target(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let target = walk.shape(&INTEGER_KEPT, node, path)?;
    let scalar = target.as_scalar();
    if scalar.is_some_and(|scalar| scalar.text.starts_with('-')) {
        let help = "write a number of 1 to 65535";
        walk.say(fault::bad_value(
            node.span,
            path,
            "a port may not be negative",
            help,
        ));
    }
    Some(target)
}

/// All ports, ranges written out.
pub(crate) fn ports(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let Some(items) = node.as_sequence() else {
        walk.wrong_type(node, path, "a list");
        return None;
    };
    let mut ports = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        port(walk, item, &path.index(at), &mut ports);
    }
    let ports = once_each(ports);
    (!ports.is_empty()).then(|| Node::new(node.span, ports))
}

fn port(walk: &mut Walk<'_>, item: &Node, path: &Path<'_>, ports: &mut Vec<Node>) {
    if item.as_mapping().is_some() {
        ports.extend(long(walk, item, path));
        return;
    }
    let text = item.as_scalar().and_then(|scalar| match scalar.resolve() {
        Resolved::Int(_) | Resolved::String => scalar.go_string(),
        Resolved::Null | Resolved::Bool(_) | Resolved::Float(_) | Resolved::Timestamp => None,
    });
    let Some(text) = text else {
        walk.wrong_type(item, path, "a port, such as `\"8080:80\"`, or a mapping");
        return;
    };
    match short(&text, item.span) {
        Ok(found) => ports.extend(found),
        Err(why) => {
            let help = "write `[[address:]published:]target[/protocol]`";
            walk.say(fault::bad_value(item.span, path, &why, help));
        }
    }
}

fn long(walk: &mut Walk<'_>, item: &Node, path: &Path<'_>) -> Option<Node> {
    let mut port = walk.object(&LONG, &[LONG.fields], item, path)?;
    if let Some(ip) = item.get("host_ip")
        && let Some(text) = ip.as_scalar().map(|scalar| &*scalar.text)
        && text.parse::<IpAddr>().is_err()
    {
        let help = "write the number of an address, such as `127.0.0.1`";
        walk.say(fault::bad_value(ip.span, path, "this is no address", help));
    }
    let fields = port.as_mapping_mut()?;
    for (key, value) in [("protocol", "tcp"), ("mode", "ingress")] {
        if item.get(key).is_none() {
            let value = entry(key, Node::string(item.span, value));
            fields.insert(value.key, value.value);
        }
    }
    Some(port)
}

/// Of ports with the same address, numbers and protocol the last, at the place of the first.
fn once_each(ports: Vec<Node>) -> Vec<Node> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(ports.len());
    let mut kept: Vec<Node> = Vec::with_capacity(ports.len());
    for port in ports {
        let text = |key: &str, default: &str| {
            let scalar = port.get(key).and_then(Node::as_scalar);
            scalar.map_or_else(|| default.to_owned(), |scalar| scalar.text.to_string())
        };
        let key = format!(
            "{}|{}|{}|{}",
            text("host_ip", "0.0.0.0"),
            text("published", ""),
            text("target", ""),
            text("protocol", "tcp")
        );
        match places.get(&key) {
            Some(at) => kept[*at] = port,
            None => {
                places.insert(key, kept.len());
                kept.push(port);
            }
        }
    }
    kept
}

/// The ports of a short form, by the alphabet of their targets.
fn short(text: &str, span: Span) -> Result<Vec<Node>, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let (address, published, target) = match parts.as_slice() {
        [target] => (String::new(), "", *target),
        [published, target] => (String::new(), *published, *target),
        [address @ .., published, target] => (address.join(":"), *published, *target),
        [] => return Err("there is nothing".to_owned()),
    };
    let address = host(&address)?;
    let (target, protocol) = protocol(target);
    if target.is_empty() || target == "0" {
        return Err(format!("`{text}` names no port"));
    }
    let inside = range(target).ok_or_else(|| format!("`{target}` is no port of a container"))?;
    let outside = match published {
        "" => None,
        published => {
            let found = range(published);
            Some(found.ok_or_else(|| format!("`{published}` is no port of the host"))?)
        }
    };
    let lengths_differ = outside.is_some_and(|(first, last)| last - first != inside.1 - inside.0);
    if lengths_differ && inside.0 != inside.1 {
        return Err(format!("`{target}` and `{published}` differ in length"));
    }
    if !matches!(protocol.as_str(), "tcp" | "udp" | "sctp") {
        return Err(format!("`{protocol}` is no protocol"));
    }
    let mut ports: Vec<(String, Node)> = (0..=inside.1 - inside.0)
        .map(|step| {
            let target = inside.0 + step;
            let published =
                outside.map(
                    |(first, last)| match inside.0 == inside.1 && first != last {
                        true => format!("{first}-{last}"),
                        false => (first + step).to_string(),
                    },
                );
            let port = written(&address, published, target, &protocol, span);
            (target.to_string(), port)
        })
        .collect();
    ports.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(ports.into_iter().map(|(_, port)| port).collect())
}

fn written(
    address: &str,
    published: Option<String>,
    target: u32,
    protocol: &str,
    span: Span,
) -> Node {
    let mut entries: Vec<Entry> = vec![entry("mode", Node::string(span, "ingress"))];
    if !address.is_empty() {
        entries.push(entry("host_ip", Node::string(span, address)));
    }
    entries.push(entry("target", plain(span, target)));
    if let Some(published) = published {
        entries.push(entry("published", Node::string(span, published)));
    }
    entries.push(entry("protocol", Node::string(span, protocol)));
    Node::new(span, Mapping::from_iter(entries))
}

/// An address without its brackets. One of version 6 must have them.
fn host(text: &str) -> Result<String, String> {
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let is_address = match inner {
        Some(inner) => inner.parse::<IpAddr>().is_ok(),
        None => text.is_empty() || (!text.contains(':') && text.parse::<IpAddr>().is_ok()),
    };
    match is_address {
        true => Ok(inner.unwrap_or(text).to_owned()),
        false => Err(format!("`{text}` is no address")),
    }
}

/// Target and protocol; nothing behind the slash is `tcp`.
fn protocol(text: &str) -> (&str, String) {
    let mut parts = text.split('/');
    let target = parts.next().unwrap_or_default();
    let protocol = parts.next().filter(|protocol| !protocol.is_empty());
    (target, protocol.unwrap_or("tcp").to_lowercase())
}

/// `80` or `80-90`.
fn range(text: &str) -> Option<(u32, u32)> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .then(|| text.parse::<u16>().ok())
            .flatten()
            .map(u32::from)
    };
    let mut parts = text.split('-');
    let first = number(parts.next()?)?;
    let last = match parts.next() {
        Some(last) => number(last)?,
        None => first,
    };
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<Vec<String>, String> {
        let line = |port: &Node| {
            let get = |key: &str| {
                let scalar = port.get(key).and_then(Node::as_scalar);
                scalar.map_or("-".to_owned(), |scalar| scalar.text.to_string())
            };
            format!(
                "{} {} {} {}",
                get("host_ip"),
                get("published"),
                get("target"),
                get("protocol")
            )
        };
        short(text, Span::NONE).map(|ports| ports.iter().map(line).collect())
    }

    #[test]
    fn short_forms() {
        let rows: [(&str, &[&str]); 8] = [
            ("80", &["- - 80 tcp"]),
            ("8080:80/UDP", &["- 8080 80 udp"]),
            ("127.0.0.1::80", &["127.0.0.1 - 80 tcp"]),
            ("[::1]:1:2", &["::1 1 2 tcp"]),
            ("9-10", &["- - 10 tcp", "- - 9 tcp"]),
            ("8-9:1-2", &["- 8 1 tcp", "- 9 2 tcp"]),
            ("8-9:1", &["- 8-9 1 tcp"]),
            ("80/", &["- - 80 tcp"]),
        ];
        for (text, expected) in rows {
            let found = shown(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_port() {
        for text in [
            "", ":", "a", "1:a", "::1:1:2", "1.2:1:2", "80/icmp", "2-1", "1-3:1-2", "70000", "80-",
        ] {
            assert!(shown(text).is_err(), "{text}");
        }
    }
}
