//! Which requests a route is for, in Traefik's language of rules.
//!
//! <https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/>

use kubewright_model::gateway::PathType;

use super::super::nginx::escaped;
use super::super::way::Way;

/// What hosts weigh where some routes name a host and others none, or one with
/// `*.`: a host counts before any path.
const HOST: i64 = 100_000;

/// The rule of a route. `PathPrefix` knows no parts of paths, so a prefix is the
/// path itself or all below it.
pub(super) fn text(way: &Way<'_>) -> String {
    let path = path(way.path(), way.path_type());
    let methods: Vec<String> = way
        .methods()
        .into_iter()
        .map(|it| one_method(it.as_str()))
        .collect();
    joined([
        way.host.map(host).unwrap_or_default(),
        path,
        methods.join(" || "),
    ])
}

/// Which rule is looked at first, where Traefik's own choice, the longer text,
/// would be another: the longer path, an exact one before a prefix, and one for
/// some methods before one for all. With `mixed`, hosts are weighed, too.
pub(super) fn priority(way: &Way<'_>, mixed: bool) -> Option<i64> {
    let prefix = path(way.path(), PathType::Prefix);
    let host = way.host.map(host).unwrap_or_default();
    let length = match mixed {
        true => prefix.len(),
        false => joined([host, prefix, String::new()]).len(),
    };
    let of_host = match way.host {
        None => 0,
        Some(host) if host.starts_with("*.") => 1,
        Some(_) => 2,
    };
    let length = i64::try_from(length).unwrap_or(i64::MAX / 2);
    let finer = 2 * i64::from(way.is_exact()) + i64::from(!way.methods().is_empty());
    let wanted = length + finer + if mixed { of_host * HOST } else { 0 };
    (i64::try_from(text(way).len()) != Ok(wanted)).then_some(wanted)
}

/// Whether hosts of some routes are among those of others.
pub(super) fn is_mixed(ways: &[&Way<'_>]) -> bool {
    let exact = |host: Option<&str>| host.is_some_and(|host| !host.starts_with("*."));
    let first = ways.first().map(|way| way.host);
    let all_equal = ways.iter().all(|way| Some(way.host) == first);
    !all_equal && !ways.iter().all(|way| exact(way.host))
}

/// The parts that are there, all of which must hold.
fn joined(parts: [String; 3]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let several = parts.len() > 1;
    let bracketed = parts.into_iter().map(|part| match part.contains(" || ") {
        true if several => format!("({part})"),
        true | false => part,
    });
    bracketed.collect::<Vec<_>>().join(" && ")
}

fn host(host: &str) -> String {
    match host.strip_prefix("*.") {
        Some(domain) => {
            let pattern = format!("^[^.]+\\.{}$", escaped(domain));
            format!("HostRegexp({})", quoted(&pattern))
        }
        None => format!("Host({})", quoted(host)),
    }
}

fn path(path: &str, path_type: PathType) -> String {
    let bare = path.trim_end_matches('/');
    match path_type {
        PathType::Exact => format!("Path({})", quoted(path)),
        PathType::Prefix if !bare.is_empty() => {
            let below = format!("{bare}/");
            format!("Path({}) || PathPrefix({})", quoted(bare), quoted(&below))
        }
        PathType::Prefix | PathType::ImplementationSpecific => {
            format!("PathPrefix({})", quoted(path))
        }
    }
}

fn one_method(method: &str) -> String {
    format!("Method({})", quoted(method))
}

/// A text of Go, whose rules these are.
pub(in super::super) fn quoted(text: &str) -> String {
    match text.contains('`') {
        true => format!("{text:?}"),
        false => format!("`{text}`"),
    }
}
