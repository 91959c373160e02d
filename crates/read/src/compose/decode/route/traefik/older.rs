//! Labels of Traefik 1 in the words of today's: `traefik.frontend.rule=Host:a;PathPrefix:/x`,
//! `traefik.port`, and the same for segments, `traefik.admin.port`.
//!
//! <https://doc.traefik.io/traefik/v1.7/configuration/backends/docker/#labels-overriding-default-behavior>

use std::collections::BTreeMap;

use super::label::Said;

/// The router of a container that has no segments.
const ONLY: &str = "frontend";

/// All labels, older ones under the keys that they have today.
pub(super) fn in_new_words(labels: BTreeMap<String, Said>) -> BTreeMap<String, Said> {
    let mut all = BTreeMap::new();
    for (key, said) in labels {
        match older(&key) {
            Some((segment, word)) => translate(&mut all, segment, word, said),
            None => {
                all.insert(key, said);
            }
        }
    }
    all
}

/// The segment and the rest of an older key.
fn older(key: &str) -> Option<(&str, &str)> {
    let rest = key.strip_prefix("traefik.")?;
    if is_word(rest) {
        return Some((ONLY, rest));
    }
    let (segment, rest) = rest.split_once('.')?;
    let newer = matches!(segment, "http" | "tcp" | "udp" | "docker" | "swarm");
    (!newer && is_word(rest)).then_some((segment, rest))
}

fn is_word(rest: &str) -> bool {
    matches!(rest, "port" | "protocol" | "backend") || rest.starts_with("frontend.")
}

fn translate(all: &mut BTreeMap<String, Said>, segment: &str, word: &str, said: Said) {
    let router = |option: &str| format!("traefik.http.routers.{segment}.{option}");
    let server = |option: &str| format!("traefik.http.services.{segment}.loadbalancer.{option}");
    let key = match word {
        "port" => server("server.port"),
        "protocol" => server("server.scheme"),
        "frontend.passhostheader" => server("passhostheader"),
        // A name for what a frontend leads to.
        "backend" => return,
        "frontend.entrypoints" => router("entrypoints"),
        "frontend.priority" => router("priority"),
        "frontend.rule" => {
            let (rule, stripped) = rule(&said.text);
            if !stripped.is_empty() {
                let prefixes = Said {
                    text: stripped.join(","),
                    ..said.clone()
                };
                guard(
                    all,
                    segment,
                    "stripprefix",
                    "stripprefix.prefixes",
                    prefixes,
                );
            }
            let said = Said { text: rule, ..said };
            all.insert(router("rule"), said);
            return;
        }
        _ => {
            let kind = ["auth.basic", "auth.digest", "auth.forward", "whitelist"]
                .into_iter()
                .find(|kind| word["frontend.".len()..].starts_with(kind));
            match kind {
                Some("auth.basic") => guard(all, segment, "auth", "basicauth.users", said),
                Some("auth.digest") => guard(all, segment, "auth", "digestauth.users", said),
                Some("auth.forward") => guard(all, segment, "auth", "forwardauth.address", said),
                Some(_) => guard(all, segment, "whitelist", "ipallowlist.sourcerange", said),
                None => {
                    all.insert(router(&word["frontend.".len()..]), said);
                }
            }
            return;
        }
    };
    all.insert(key, said);
}

/// A middleware of the segment's router.
fn guard(all: &mut BTreeMap<String, Said>, segment: &str, name: &str, option: &str, said: Said) {
    let middleware = format!("{segment}-{name}");
    let uses = Said {
        text: middleware.clone(),
        is_secret: false,
        ..said.clone()
    };
    all.insert(
        format!("traefik.http.routers.{segment}.middlewares[{name}]"),
        uses,
    );
    all.insert(
        format!("traefik.http.middlewares.{middleware}.{option}"),
        said,
    );
}

/// `Host:a,b;PathPrefixStrip:/x` in today's words, and what is taken away.
fn rule(text: &str) -> (String, Vec<String>) {
    let mut stripped = Vec::new();
    let mut matchers = Vec::new();
    for matcher in text.split(';').map(str::trim).filter(|it| !it.is_empty()) {
        let Some((name, values)) = matcher.split_once(':') else {
            matchers.push(matcher.to_owned());
            continue;
        };
        let values: Vec<&str> = values.split(',').map(str::trim).collect();
        let name = match name.trim() {
            "PathPrefixStrip" => {
                stripped.extend(values.iter().map(|value| (*value).to_owned()));
                "PathPrefix"
            }
            "PathStrip" => {
                stripped.extend(values.iter().map(|value| (*value).to_owned()));
                "Path"
            }
            name => name,
        };
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        matchers.push(format!("{name}({})", values.join(", ")));
    }
    (matchers.join(" && "), stripped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_rules_in_new_words() {
        let rows = [
            ("Host:a.test", "Host(`a.test`)", ""),
            (
                "Host:a.test, b.test;PathPrefix:/x",
                "Host(`a.test`, `b.test`) && PathPrefix(`/x`)",
                "",
            ),
            ("PathPrefixStrip:/x", "PathPrefix(`/x`)", "/x"),
            ("Host(`a`)", "Host(`a`)", ""),
        ];
        for (text, expected, stripped) in rows {
            let expected = (expected.to_owned(), stripped.to_owned());
            let (found, taken) = rule(text);
            assert_eq!((found, taken.join(",")), expected, "{text}");
        }
    }

    #[test]
    fn older_keys() {
        let rows = [
            ("traefik.port", Some((ONLY, "port"))),
            ("traefik.frontend.rule", Some((ONLY, "frontend.rule"))),
            ("traefik.admin.port", Some(("admin", "port"))),
            ("traefik.http.services.x.loadbalancer.server.port", None),
            ("traefik.enable", None),
        ];
        for (key, expected) in rows {
            assert_eq!(older(key), expected, "{key}");
        }
    }
}
