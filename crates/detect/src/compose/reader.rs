//! The detail of a service, out of the loaded and the resolved document.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_knowledge::{Family, known};
use kubewright_read::compose::load::Document;
use kubewright_source::Sources;
use kubewright_yaml::{Mapping, Node};

use super::detail::{Build, Deploy, Healthcheck, Logging, PortMapping, ServiceDetail};
use super::written::Written;

/// The detail of every service, by name. `root` is the resolved document.
pub(super) fn details(document: &Document, root: &Node, sources: &Sources) -> Vec<ServiceDetail> {
    let written = Written { sources };
    let resolved = root.get("services").and_then(Node::as_mapping);
    let loaded = document.root.get("services").and_then(Node::as_mapping);
    let empty = Mapping::default();
    let loaded = loaded.unwrap_or(&empty);
    let mut details: Vec<ServiceDetail> = loaded
        .iter()
        .map(|entry| {
            let name = &*entry.key.text;
            let one = One {
                document,
                written: &written,
                name,
                loaded: &entry.value,
                resolved: resolved.and_then(|all| all.get(name)),
            };
            one.detail()
        })
        .collect();
    details.sort_by(|a, b| a.name.cmp(&b.name));
    details
}

/// A service as it was loaded, in the forms that people wrote, and in its
/// resolved form, where it has one.
struct One<'a> {
    document: &'a Document,
    written: &'a Written<'a>,
    name: &'a str,
    loaded: &'a Node,
    resolved: Option<&'a Node>,
}

impl One<'_> {
    fn detail(&self) -> ServiceDetail {
        let image = self.filled("image");
        let family = image.as_deref().and_then(known).map(|known| known.family);
        ServiceDetail {
            name: self.name.to_owned(),
            image,
            build: self.build(),
            ports: self
                .list("ports")
                .filter_map(|port| self.port(port))
                .collect(),
            environment: self.pairs(self.loaded.get("environment"), family),
            volumes: self
                .list("volumes")
                .filter_map(|mount| self.mount(mount))
                .collect(),
            depends_on: self.names("depends_on"),
            command: self.words("command"),
            entrypoint: self.words("entrypoint"),
            restart: self.said("restart"),
            healthcheck: self.healthcheck(),
            deploy: self.deploy(),
            networks: self.names("networks"),
            labels: self.pairs(self.loaded.get("labels"), None),
            container_name: self.said("container_name"),
            hostname: self.said("hostname"),
            domainname: self.said("domainname"),
            platform: self.said("platform"),
            profiles: self.texts("profiles"),
            user: self.said("user"),
            working_dir: self.said("working_dir"),
            stdin_open: self.holds("stdin_open"),
            tty: self.holds("tty"),
            privileged: self.holds("privileged"),
            init: self.holds("init"),
            read_only: self.holds("read_only"),
            pid: self.said("pid"),
            shm_size: self.field("shm_size").and_then(bytes),
            network_mode: self.said("network_mode"),
            dns: self.texts("dns"),
            dns_search: self.texts("dns_search"),
            extra_hosts: self.texts("extra_hosts"),
            expose: self.list("expose").flat_map(exposed).collect(),
            env_file: self.env_files(),
            env_file_keys: self.env_file_keys(),
            configs: self.sources_of("configs"),
            secrets: self.sources_of("secrets"),
            tmpfs: self.texts("tmpfs"),
            devices: self
                .list("devices")
                .filter_map(|device| self.device(device))
                .collect(),
            logging: self.logging(),
            stop_signal: self.said("stop_signal"),
            stop_grace_period: self.said("stop_grace_period"),
            pull_policy: self.said("pull_policy"),
        }
    }

    /// A key of the resolved service, else of the loaded one.
    fn field(&self, key: &str) -> Option<&Node> {
        let resolved = self.resolved.and_then(|service| service.get(key));
        resolved.or_else(|| self.loaded.get(key))
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &Node> {
        let items = self.field(key).and_then(Node::as_sequence);
        items.into_iter().flatten()
    }

    /// A value with its variables filled in, unless one of them is secret.
    fn plain(&self, node: &Node) -> Option<String> {
        if self.document.secrets.at(node.span) {
            return self.written.shown(node);
        }
        let text = node.as_scalar()?.go_string()?;
        (!text.is_empty()).then(|| super::hidden(&text))
    }

    fn filled(&self, key: &str) -> Option<String> {
        self.field(key).and_then(|node| self.plain(node))
    }

    /// A value as it is written.
    fn said(&self, key: &str) -> Option<String> {
        let said = self
            .loaded
            .get(key)
            .and_then(|node| self.written.shown(node));
        said.filter(|text| !text.is_empty())
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let Some(node) = self.loaded.get(key) else {
            return Vec::new();
        };
        if let Some(map) = node.as_mapping() {
            let pair = |entry: &kubewright_yaml::Entry| {
                let value = self.written.shown(&entry.value)?;
                Some(format!("{}={value}", entry.key.text))
            };
            return map.iter().filter_map(pair).collect();
        }
        match node.as_sequence() {
            Some(items) => items
                .iter()
                .filter_map(|item| self.written.shown(item))
                .collect(),
            None => self.written.shown(node).into_iter().collect(),
        }
    }

    fn words(&self, key: &str) -> Option<String> {
        let said = self
            .loaded
            .get(key)
            .and_then(|node| self.written.words(node));
        said.filter(|text| !text.is_empty())
    }

    fn holds(&self, key: &str) -> bool {
        let scalar = self.field(key).and_then(Node::as_scalar);
        scalar.is_some_and(|scalar| matches!(&*scalar.text, "true" | "True" | "TRUE" | "yes"))
    }

    /// The keys of a mapping or the items of a list.
    fn names(&self, key: &str) -> Vec<String> {
        let Some(node) = self.loaded.get(key) else {
            return Vec::new();
        };
        let mut names: Vec<String> = match node.as_mapping() {
            Some(map) => map.keys().map(str::to_owned).collect(),
            None => {
                let items = node.as_sequence().unwrap_or_default();
                items.iter().filter_map(|item| self.plain(item)).collect()
            }
        };
        names.sort_unstable();
        names.dedup();
        names
    }

    fn pairs(
        &self,
        node: Option<&Node>,
        family: Option<&Family>,
    ) -> BTreeMap<String, Option<String>> {
        node.map(|node| self.written.pairs(node, family))
            .unwrap_or_default()
    }

    fn build(&self) -> Option<Build> {
        let resolved = self.field("build").filter(|node| !node.is_null())?;
        if resolved.as_scalar().is_some() {
            return Some(Build {
                context: self.plain(resolved),
                ..Build::default()
            });
        }
        let get = |key: &str| resolved.get(key).and_then(|node| self.plain(node));
        let args = self.loaded.get("build").and_then(|build| build.get("args"));
        Some(Build {
            context: get("context"),
            dockerfile: get("dockerfile"),
            target: get("target"),
            args: args.map(|args| self.written.pairs(args, None)),
        })
    }

    fn port(&self, node: &Node) -> Option<PortMapping> {
        let number = |key: &str| {
            let text = node.get(key)?.as_scalar()?.text.parse::<u16>().ok();
            text.filter(|number| *number > 0)
        };
        let protocol = node.get("protocol").and_then(|node| self.plain(node));
        Some(PortMapping {
            host: number("published"),
            container: number("target")?,
            protocol: protocol.unwrap_or_else(|| "tcp".to_owned()),
        })
    }

    fn mount(&self, node: &Node) -> Option<String> {
        let get = |key: &str| node.get(key).and_then(|node| self.plain(node));
        let target = get("target")?;
        let read_only = node.get("read_only").and_then(Node::as_scalar);
        let mode = match read_only.is_some_and(|scalar| &*scalar.text == "true") {
            true => ":ro",
            false => "",
        };
        Some(match get("source") {
            Some(source) => format!("{source}:{target}{mode}"),
            None => target,
        })
    }

    fn device(&self, node: &Node) -> Option<String> {
        if node.as_scalar().is_some() {
            return self.plain(node);
        }
        let get = |key: &str| node.get(key).and_then(|node| self.plain(node));
        let source = get("source")?;
        let target = get("target").unwrap_or_else(|| source.clone());
        Some(match get("permissions").filter(|mode| mode != "rwm") {
            Some(mode) => format!("{source}:{target}:{mode}"),
            None => format!("{source}:{target}"),
        })
    }

    fn healthcheck(&self) -> Option<Healthcheck> {
        let node = self.loaded.get("healthcheck")?;
        node.as_mapping()?;
        let get = |key: &str| node.get(key).and_then(|node| self.written.shown(node));
        Some(Healthcheck {
            test: node.get("test").and_then(|test| self.test(test)),
            interval: get("interval"),
            timeout: get("timeout"),
            retries: node.get("retries").and_then(whole),
            start_period: get("start_period"),
        })
    }

    fn test(&self, node: &Node) -> Option<String> {
        let text = self.written.words(node)?;
        if node.as_scalar().is_some() {
            return Some(text);
        }
        let rest = text
            .strip_prefix("CMD-SHELL ")
            .or(text.strip_prefix("CMD "));
        Some(rest.map_or_else(|| text.clone(), str::to_owned))
    }

    fn deploy(&self) -> Option<Deploy> {
        let node = self
            .field("deploy")
            .filter(|node| node.as_mapping().is_some());
        let scale = self.field("scale").and_then(whole);
        if node.is_none() && scale.is_none() {
            return None;
        }
        let get = |key: &str| node.and_then(|node| node.get(key));
        let resources = get("resources");
        let amount = |part: &str, key: &str| resources?.get(part)?.get(key);
        let memory = |part| amount(part, "memory").and_then(bytes);
        let cpus = |part| amount(part, "cpus").and_then(|node| self.plain(node));
        Some(Deploy {
            mode: get("mode").and_then(|node| self.plain(node)),
            replicas: get("replicas").and_then(whole).or(scale),
            cpu_limit: cpus("limits"),
            memory_limit: memory("limits"),
            cpu_request: cpus("reservations"),
            memory_request: memory("reservations"),
        })
    }

    fn env_files(&self) -> Vec<String> {
        let Some(node) = self.loaded.get("env_file") else {
            return Vec::new();
        };
        let one = |node: &Node| self.plain(node.get("path").unwrap_or(node));
        match node.as_sequence() {
            Some(items) => items.iter().filter_map(one).collect(),
            None => one(node).into_iter().collect(),
        }
    }

    fn env_file_keys(&self) -> Vec<String> {
        let variables = self.document.env_file_values.get(self.name);
        let names = variables.into_iter().flatten();
        let names: BTreeSet<&str> = names.map(|variable| variable.name.value.as_str()).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    fn sources_of(&self, key: &str) -> Vec<String> {
        let source = |node: &Node| match node.get("source") {
            Some(source) => self.plain(source),
            None => self.plain(node),
        };
        self.list(key).filter_map(source).collect()
    }

    fn logging(&self) -> Option<Logging> {
        let node = self.loaded.get("logging")?;
        node.as_mapping()?;
        Some(Logging {
            driver: node.get("driver").and_then(|node| self.written.shown(node)),
            options: self.pairs(node.get("options"), None),
        })
    }
}

fn whole(node: &Node) -> Option<u64> {
    node.as_scalar()?.text.parse().ok()
}

/// A number of bytes as a Kubernetes quantity.
fn bytes(node: &Node) -> Option<String> {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki")];
    let count = whole(node)?;
    let unit = UNITS
        .iter()
        .find(|(size, _)| count > 0 && count % size == 0);
    Some(match unit {
        Some((size, unit)) => format!("{}{unit}", count / size),
        None => count.to_string(),
    })
}

/// The ports of an item of `expose`: `80`, `80/udp`, `3000-3005`.
fn exposed(node: &Node) -> impl Iterator<Item = u16> + use<> {
    let range = node.as_scalar().and_then(|scalar| {
        let text = scalar.text.split('/').next()?;
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let first: u16 = first.parse().ok()?;
        let last: u16 = last.parse().ok()?;
        Some(first..=last)
    });
    range.into_iter().flatten()
}
