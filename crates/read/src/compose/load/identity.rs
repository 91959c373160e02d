//! What makes two items of a compose list the same.

use std::borrow::Cow;

use kubewright_yaml::{Node, Scalar};

/// The whole text.
pub(super) fn whole(item: &Node) -> Option<Cow<'_, str>> {
    item.as_scalar()?.go_string()
}

/// The text in front of `=`.
pub(super) fn key(item: &Node) -> Option<Cow<'_, str>> {
    let name = |text: &str| {
        text.split_once('=')
            .map_or(text.len(), |(name, _)| name.len())
    };
    Some(match item.as_scalar()?.go_string()? {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..name(text)]),
        Cow::Owned(text) => Cow::Owned(text[..name(&text)].to_owned()),
    })
}

/// `path` of an env file.
pub(super) fn env_file(item: &Node) -> Option<Cow<'_, str>> {
    named(item, "path").or_else(|| whole(item))
}

/// `subnet` of an address pool.
pub(super) fn subnet(item: &Node) -> Option<Cow<'_, str>> {
    named(item, "subnet")
}

/// Host address, published port, container port and protocol, in either form.
pub(super) fn port(item: &Node) -> Option<Cow<'_, str>> {
    if item.as_mapping().is_none() {
        return whole(item).map(|text| Cow::Owned(short_port(&text)));
    }
    let part = |key| named(item, key);
    let host = part("host_ip").unwrap_or(Cow::Borrowed("0.0.0.0"));
    let protocol = part("protocol").unwrap_or(Cow::Borrowed("tcp"));
    let published = part("published").unwrap_or_default();
    let target = part("target")?;
    Some(Cow::Owned(format!(
        "{host}:{published}:{target}/{protocol}"
    )))
}

/// `[[host:]published:]target[/protocol]` with its defaults written out.
fn short_port(text: &str) -> String {
    let (ports, protocol) = text.rsplit_once('/').unwrap_or((text, "tcp"));
    let (rest, target) = ports.rsplit_once(':').unwrap_or(("", ports));
    let (host, published) = rest.rsplit_once(':').unwrap_or(("", rest));
    let host = match host.trim_matches(['[', ']']) {
        "" => "0.0.0.0",
        host => host,
    };
    format!("{host}:{published}:{target}/{}", protocol.to_lowercase())
}

/// Where a volume is mounted.
pub(super) fn mount(item: &Node) -> Option<Cow<'_, str>> {
    let target = match named(item, "target") {
        Some(target) => target,
        None => Cow::Owned(mount_target(&whole(item)?).to_owned()),
    };
    Some(Cow::Owned(clean(&target)))
}

/// The path in the container of `[source:]target[:options]`.
fn mount_target(text: &str) -> &str {
    let (first, rest) = super::paths::split_source(text);
    match rest {
        None => first,
        Some(rest) => rest.split_once(':').map_or(rest, |(target, _)| target),
    }
}

/// A path without doubled slashes, `.` and a slash at the end.
fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if absolute || parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let start = if absolute { "/" } else { "" };
    format!("{start}{}", parts.join("/"))
}

/// Where a device appears.
pub(super) fn device(item: &Node) -> Option<Cow<'_, str>> {
    named(item, "target").or_else(|| {
        let text = whole(item)?;
        let target = text.split(':').nth(1).unwrap_or(&text).to_owned();
        Some(Cow::Owned(target))
    })
}

/// The file of a config.
pub(super) fn config(item: &Node) -> Option<Cow<'_, str>> {
    mounted_file(item, "")
}

/// The file of a secret.
pub(super) fn secret(item: &Node) -> Option<Cow<'_, str>> {
    mounted_file(item, "/run/secrets")
}

fn mounted_file<'n>(item: &'n Node, folder: &str) -> Option<Cow<'n, str>> {
    named(item, "target").or_else(|| {
        let source = named(item, "source").or_else(|| whole(item))?;
        Some(Cow::Owned(format!("{folder}/{source}")))
    })
}

fn named<'n>(item: &'n Node, key: &str) -> Option<Cow<'n, str>> {
    item.get(key)?.as_scalar().and_then(Scalar::go_string)
}

#[cfg(test)]
mod tests {
    use kubewright_source::Span;

    use super::*;

    #[test]
    fn items_are_the_same_by_what_they_name() {
        type Row = (
            super::super::super::super::document::Identity,
            &'static str,
            &'static str,
        );
        let rows: [Row; 17] = [
            (port, "80", "0.0.0.0::80/tcp"),
            (port, "8080:80", "0.0.0.0:8080:80/tcp"),
            (port, "127.0.0.1:8080:80/UDP", "127.0.0.1:8080:80/udp"),
            (port, "[::1]:8080:80", "::1:8080:80/tcp"),
            (mount, "/data", "/data"),
            (mount, "./a:/data/", "/data"),
            (mount, "vol:/data/./x/../y:ro", "/data/y"),
            (mount, "C:\\a:/data:ro", "/data"),
            (mount, "c", "c"),
            (device, "/dev/a", "/dev/a"),
            (device, "/dev/a:/dev/b:rwm", "/dev/b"),
            (secret, "a", "/run/secrets/a"),
            (config, "a", "/a"),
            (key, "A=1=2", "A"),
            (key, "A", "A"),
            (env_file, "./a.env", "./a.env"),
            (whole, "a=b", "a=b"),
        ];
        for (identity, text, expected) in rows {
            let node = Node::string(Span::NONE, text);
            assert_eq!(identity(&node).as_deref(), Some(expected), "{text}");
        }
    }
}
