//! What stands in labels of Caddy: sites, matchers of paths, upstreams.

use kubewright_model::Port;
use kubewright_model::gateway::PathType;
use kubewright_model::value::Host;

use super::super::own::is_path;

/// A site: `https://shop.example.com`.
#[derive(Debug, PartialEq)]
pub(super) struct Site {
    pub(super) host: Host,
    pub(super) tls: bool,
}

/// The site of a text; none where it is a snippet, has a port of its own, or names
/// no host.
pub(super) fn site(text: &str) -> Option<Site> {
    let (tls, rest) = match text.split_once("://") {
        Some(("http", rest)) => (false, rest),
        Some(("https", rest)) => (true, rest),
        Some(_) => return None,
        None => (true, text),
    };
    let (host, tls) = match rest.split_once(':') {
        Some((host, "80")) => (host, false),
        Some((host, "443")) => (host, true),
        Some(_) => return None,
        None => (rest, tls),
    };
    let host = Host::parse(host).ok()?;
    Some(Site { host, tls })
}

/// Paths that a matcher takes.
pub(super) type Paths = (String, PathType);

/// The paths of a matcher; none where it is a named one, or no path of a route.
pub(super) fn paths(matcher: &str) -> Option<Paths> {
    let (path, kind) = match matcher.trim() {
        "" | "*" => ("/", PathType::Prefix),
        text => match text.strip_suffix('*') {
            Some(front) => (front, PathType::Prefix),
            None => (text, PathType::Exact),
        },
    };
    let path = match path.strip_suffix('/') {
        Some(front) if kind == PathType::Prefix && !front.is_empty() => front,
        Some(_) | None => path,
    };
    (is_path(path) && !path.contains('*')).then(|| (path.to_owned(), kind))
}

/// Where requests go: `/api/* {{upstreams https 8443}}`.
#[derive(Debug, PartialEq)]
pub(super) struct Upstream {
    pub(super) matcher: String,
    pub(super) protocol: Option<&'static str>,
    pub(super) port: Option<Port>,
}

/// The upstream of a text; none where it leads elsewhere.
pub(super) fn upstream(text: &str) -> Option<Upstream> {
    let (matcher, rest) = text.split_once("{{")?;
    let inside = rest.trim_end().strip_suffix("}}")?;
    let mut words = inside.split_whitespace();
    (words.next()? == "upstreams").then_some(())?;
    let mut found = Upstream {
        matcher: matcher.trim().to_owned(),
        protocol: None,
        port: None,
    };
    for word in words {
        match word.trim_matches('"') {
            "http" => {}
            "https" => found.protocol = Some("https"),
            "h2c" => found.protocol = Some("kubernetes.io/h2c"),
            number => found.port = Some(Port::parse(number).ok()?),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_name_hosts() {
        let rows = [
            ("shop.test", Some(("shop.test", true))),
            ("http://shop.test", Some(("shop.test", false))),
            ("*.shop.test", Some(("*.shop.test", true))),
            ("shop.test:80", Some(("shop.test", false))),
            ("shop.test:8443", None),
            ("(snippet)", None),
            (":80", None),
            ("{$HOST}", None),
        ];
        for (text, expected) in rows {
            let found = site(text);
            let shown = found.as_ref().map(|site| (site.host.as_str(), site.tls));
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn matchers_are_paths() {
        let rows = [
            ("", Some(("/", PathType::Prefix))),
            ("*", Some(("/", PathType::Prefix))),
            ("/api/*", Some(("/api", PathType::Prefix))),
            ("/api*", Some(("/api", PathType::Prefix))),
            ("/*", Some(("/", PathType::Prefix))),
            ("/api", Some(("/api", PathType::Exact))),
            ("@api", None),
            ("*.php", None),
            ("/a/*/b", None),
        ];
        for (text, expected) in rows {
            let expected = expected.map(|(path, kind)| (path.to_owned(), kind));
            assert_eq!(paths(text), expected, "{text}");
        }
    }

    #[test]
    fn upstreams_name_ports() {
        let rows = [
            ("{{upstreams}}", Some(("", None, None))),
            ("{{upstreams 80}}", Some(("", None, Some(80)))),
            (
                "{{ upstreams https 8443 }}",
                Some(("", Some("https"), Some(8443))),
            ),
            ("/api/* {{upstreams 80}}", Some(("/api/*", None, Some(80)))),
            ("web:80", None),
            ("{{upstreams 80}} other:80", None),
            ("{{upstreams x}}", None),
        ];
        for (text, expected) in rows {
            let found = upstream(text);
            let port = |it: &Upstream| it.port.map(|port| port.get());
            let shown = found
                .as_ref()
                .map(|it| (it.matcher.as_str(), it.protocol, port(it)));
            assert_eq!(shown, expected, "{text}");
        }
    }
}
