//! What labels and commands say to all services of a project.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::Located;

use super::super::foreign;
use super::label::{self, Labels, Options};
use crate::compose::load::Document;
use crate::fields::At;

/// All of a project's labels of Traefik.
#[derive(Debug, Default)]
pub(in super::super::super) struct Traefik {
    by_service: BTreeMap<String, Labels>,
    /// Middlewares can be used by routers of any service.
    pub(super) middlewares: BTreeMap<String, Options>,
    /// Those that a router or a chain names.
    pub(super) used: BTreeSet<String>,
    pub(super) settings: Settings,
}

/// What Traefik itself is told, by the command of its own service.
#[derive(Debug)]
pub(super) struct Settings {
    /// Services are shown that do not ask for it.
    pub(super) exposed_by_default: bool,
    /// The entrypoints, with the middlewares of all their routers.
    pub(super) entrypoints: BTreeMap<String, Vec<String>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            exposed_by_default: true,
            entrypoints: BTreeMap::new(),
        }
    }
}

impl Traefik {
    /// The labels of a service, with the routers of others that lead to it.
    pub(super) fn of(&self, service: &str) -> Option<&Labels> {
        self.by_service.get(service)
    }
}

/// Gathers them, before services are decoded side by side.
pub(in super::super::super) fn gather(
    services: &[(Located<&str>, At<'_>)],
    document: &Document,
) -> Traefik {
    let mut all = Traefik::default();
    for (key, at) in services {
        tell(&mut all.settings, at);
        let labels = of_service(key.value, at, document);
        if !labels.is_empty() {
            all.by_service.insert(key.value.to_owned(), labels);
        }
    }
    hand_over(&mut all.by_service);
    for labels in all.by_service.values() {
        for (name, options) in &labels.middlewares {
            let known = all.middlewares.entry(name.clone()).or_default();
            known.extend(
                options
                    .iter()
                    .map(|(key, said)| (key.clone(), said.clone())),
            );
        }
    }
    all.used = used(&all);
    all
}

fn of_service(key: &str, at: &At<'_>, document: &Document) -> Labels {
    let pairs = foreign::pairs(key, at, document, label::is_ours);
    label::sorted(pairs, &document.secrets)
}

/// Routers stand with the service that they lead to, wherever they are declared.
fn hand_over(by_service: &mut BTreeMap<String, Labels>) {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (owner, labels) in &*by_service {
        for name in labels.services.keys() {
            owners.entry(name.clone()).or_insert_with(|| owner.clone());
        }
    }
    let mut moved: Vec<(String, String, Options)> = Vec::new();
    for (from, labels) in &mut *by_service {
        let away = |options: &Options| {
            let wanted = local(&options.get("service")?.text)?;
            let is_own = labels.services.contains_key(&wanted);
            owners.get(&wanted).filter(|_| !is_own).cloned()
        };
        let leaving: Vec<(String, String)> = labels
            .routers
            .iter()
            .filter_map(|(name, options)| Some((name.clone(), away(options)?)))
            .collect();
        for (name, owner) in leaving {
            let options = labels.routers.remove(&name).unwrap_or_default();
            moved.push((owner, format!("{name}@{from}"), options));
        }
    }
    for (owner, name, options) in moved {
        if let Some(labels) = by_service.get_mut(&owner) {
            labels.routers.insert(name, options);
        }
    }
}

/// A name that labels of containers can declare, in lower case; none where
/// another provider declares it.
pub(super) fn local(name: &str) -> Option<String> {
    let folded = name.trim().to_ascii_lowercase();
    match folded.split_once('@') {
        Some((name, "docker" | "swarm")) => Some(name.to_owned()),
        Some(_) => None,
        None => Some(folded),
    }
}

/// Middlewares that routers, entrypoints and chains name.
fn used(all: &Traefik) -> BTreeSet<String> {
    let routers = all.by_service.values().flat_map(|it| it.routers.values());
    let by_routers = routers
        .flat_map(|options| options.iter())
        .filter(|(key, _)| key.starts_with("middlewares"));
    let chains = all.middlewares.values().flat_map(|options| options.iter());
    let chains = chains.filter(|(key, _)| key.as_str() == "chain.middlewares");
    let named = by_routers.chain(chains).flat_map(|(_, said)| said.list());
    let everywhere = all.settings.entrypoints.values().flatten();
    let named = named.chain(everywhere.map(String::as_str));
    named.filter_map(local).collect()
}

/// Takes in what the command of a service says, if it is Traefik's.
fn tell(settings: &mut Settings, at: &At<'_>) {
    let image = at.node.get("image").and_then(|node| node.as_scalar());
    if !image.is_some_and(|image| image.text.contains("traefik")) {
        return;
    }
    let Some(command) = at.node.get("command") else {
        return;
    };
    let items = command.as_sequence().into_iter().flatten();
    let items = items.filter_map(|item| item.as_scalar());
    let whole = command.as_scalar().into_iter();
    let words = whole
        .chain(items)
        .flat_map(|scalar| scalar.text.split_whitespace());
    for word in words {
        argument(settings, &word.to_ascii_lowercase());
    }
}

fn argument(settings: &mut Settings, word: &str) {
    let word = word.trim_matches(['"', '\'']).trim_start_matches('-');
    let Some((key, value)) = word.split_once('=') else {
        return;
    };
    if key.ends_with(".exposedbydefault") {
        settings.exposed_by_default = value != "false";
    }
    let Some((entrypoint, option)) = key
        .strip_prefix("entrypoints.")
        .and_then(|rest| rest.split_once('.'))
    else {
        return;
    };
    let all = settings
        .entrypoints
        .entry(entrypoint.to_owned())
        .or_default();
    if option == "http.middlewares" {
        all.extend(value.split(',').map(|name| name.trim().to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_of_traefik() {
        let mut settings = Settings::default();
        for word in [
            "--api.insecure=true",
            "--providers.docker.exposedbydefault=false",
            "--entrypoints.web.address=:80",
            "--entrypoints.websecure.http.middlewares=auth@file,limit",
            "--accesslog",
        ] {
            argument(&mut settings, word);
        }
        assert!(!settings.exposed_by_default);
        assert_eq!(settings.entrypoints["websecure"], ["auth@file", "limit"]);
        assert!(settings.entrypoints["web"].is_empty());
    }

    #[test]
    fn names_of_labels_and_of_others() {
        let rows = [
            ("Auth", Some("auth")),
            (" auth@docker", Some("auth")),
            ("auth@file", None),
            ("api@internal", None),
        ];
        for (name, expected) in rows {
            assert_eq!(local(name).as_deref(), expected, "{name}");
        }
    }
}
