//! What other entries say of themselves: `${ENTRY.host}` and its kin.

use kubewright_knowledge::{Family, Workload};
use kubewright_yaml::{Node, Path};

use super::{Fault, Reader, Resolver};
use crate::apps::layer::Member;
use crate::apps::long::keeps_order;
use crate::fields::did_you_mean;

/// Ports whose protocol everybody knows, with the scheme of its URLs.
const SCHEMES: &[(&str, &str)] = &[
    ("443", "https"),
    ("1883", "mqtt"),
    ("3306", "mysql"),
    ("4222", "nats"),
    ("5432", "postgres"),
    ("5672", "amqp"),
    ("6379", "redis"),
    ("8443", "https"),
    ("9092", "kafka"),
    ("11211", "memcached"),
    ("27017", "mongodb"),
];

impl Resolver<'_> {
    /// `host`, `port`, `url`, `public_url` or a variable of an entry.
    pub(super) fn of_entry(
        &self,
        entry: &str,
        what: &str,
        reader: &Reader<'_>,
    ) -> Result<String, Fault> {
        let Some(member) = self.entries.get(entry) else {
            let names = || self.entries.keys().copied();
            return Err(Fault::unknown(
                format!("there is no entry `{entry}`"),
                self.report.proposal(entry, self.entries.len(), names),
            ));
        };
        if matches!(what, "host" | "port" | "url") {
            self.referred.add(entry);
        }
        match what {
            "host" => self.host(member, reader),
            "port" => self.port(member),
            "url" => self.url(member, reader),
            "public_url" => self.public_url(member),
            name => {
                let environment = member.node.get("environment");
                let variable = environment.and_then(|variables| variables.get(name));
                match variable {
                    Some(variable) => self.variable(entry, name, variable, reader),
                    None => {
                        let mapping = environment.and_then(Node::as_mapping);
                        let names = || mapping.into_iter().flat_map(|mapping| mapping.keys());
                        let words = || names().chain(["host", "port", "url", "public_url"]);
                        Err(Fault::unknown(
                            format!("`{entry}` has no variable `{name}`"),
                            did_you_mean(name, words),
                        ))
                    }
                }
            }
        }
    }

    fn text_of(&self, member: &Member, node: &Node) -> Option<String> {
        let scalar = node.as_scalar().filter(|scalar| !scalar.is_null())?;
        let path = Path::ROOT.key(&member.key.text);
        let reader = Reader {
            is_open: false,
            member: Some(member),
            borrowed: None,
        };
        Some(self.text(&scalar.text, node.span, &path, &reader)?.value)
    }

    fn word(&self, member: &Member, key: &str) -> Option<String> {
        self.text_of(member, member.node.get(key)?)
    }

    fn family(&self, member: &Member) -> Option<&'static Family> {
        if member.section.key != "infrastructure" || member.node.get("build").is_some() {
            return None;
        }
        let image = self.word(member, "image")?;
        Some(kubewright_knowledge::known(&image)?.family)
    }

    /// The name under which other pods reach an entry.
    fn host(&self, member: &Member, reader: &Reader<'_>) -> Result<String, Fault> {
        let name = &*member.key.text;
        let what = match member.section.key {
            "helm" => "a chart, which names its Services itself",
            "kustomize" => "a Kustomize folder, whose Services have names of their own",
            "compose" => "a compose project of several services",
            "functions" => "a group of functions, each with a Service of its own",
            _ => "",
        };
        if !what.is_empty() {
            return Err(Fault::bad(
                format!("`${{{name}.host}}` cannot be told: `{name}` is {what}"),
                "write the Service's name",
            ));
        }
        if self.is_managed(member) {
            return self.word(member, "host").ok_or_else(|| {
                Fault::bad(
                    format!("`{name}` is managed elsewhere, and nothing says where"),
                    format!("add `host` to `{name}`"),
                )
            });
        }
        let own = kubewright_model::Name::sanitised(name);
        let own = own.map_or_else(|_| name.to_owned(), |name| name.to_string());
        let service = member.node.get("service");
        let headless = service.and_then(|service| service.get("headless"));
        let headless = headless.and_then(|node| self.text_of(member, node));
        let asks = service.is_some_and(|service| service.get("type").is_some());
        let host = match headless.as_deref() {
            _ if asks => own,
            None if self.is_stateful(member) => format!("{own}-headless"),
            None | Some("true" | "false") => own,
            Some(_) if !self.is_stateful(member) => own,
            Some(named) => named.to_owned(),
        };
        let (theirs, ours) = (self.namespace(Some(member)), self.namespace(reader.member));
        Ok(match theirs {
            Some(theirs) if reader.member.is_some() && Some(&theirs) != ours.as_ref() => {
                format!("{host}.{theirs}")
            }
            _ => host,
        })
    }

    fn namespace(&self, member: Option<&Member>) -> Option<String> {
        let own = member.and_then(|member| self.word(member, "namespace"));
        own.or_else(|| {
            let name = self.facts.get("namespace")?.get("name")?;
            Some(name.as_scalar()?.text.to_string())
        })
    }

    fn is_managed(&self, member: &Member) -> bool {
        let kind = self.word(member, "kind");
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Managed"))
    }

    fn is_stateful(&self, member: &Member) -> bool {
        match self.word(member, "kind") {
            Some(kind) => kind.eq_ignore_ascii_case("StatefulSet"),
            None => self
                .family(member)
                .is_some_and(|family| family.workload == Workload::StatefulSet),
        }
    }

    /// The number of the primary port.
    fn port(&self, member: &Member) -> Result<String, Fault> {
        let name = &*member.key.text;
        let ports = member.node.get("ports");
        let found = match ports.and_then(Node::as_mapping) {
            Some(mapping) => {
                let listed = ports.is_some_and(keeps_order);
                let named = mapping.get("http").filter(|_| !listed);
                let mut sorted: Vec<_> = mapping.iter().collect();
                if !listed {
                    sorted.sort_by(|one, two| one.key.text.cmp(&two.key.text));
                }
                let primary = named.or_else(|| sorted.first().map(|entry| &entry.value));
                primary.and_then(|port| {
                    let shown = port
                        .get("service_port")
                        .filter(|_| !self.is_stateful(member));
                    self.text_of(member, shown.or_else(|| port.get("container_port"))?)
                })
            }
            None => {
                let known = self.family(member).and_then(|family| family.ports.first());
                known.map(|port| port.number.to_string())
            }
        };
        found.filter(|port| port != "none").ok_or_else(|| Fault {
            code: "needs-port",
            message: format!("`{name}` has no port"),
            help: format!("add `ports` to `{name}`"),
        })
    }

    fn url(&self, member: &Member, reader: &Reader<'_>) -> Result<String, Fault> {
        let (host, port) = (self.host(member, reader)?, self.port(member)?);
        let scheme = SCHEMES.iter().find(|(number, _)| *number == port);
        let scheme = scheme.map_or("http", |(_, scheme)| scheme);
        Ok(match (scheme, port.as_str()) {
            ("http", "80") | ("https", "443") => format!("{scheme}://{host}"),
            _ => format!("{scheme}://{host}:{port}"),
        })
    }

    /// Where the outside finds an entry: its first route.
    fn public_url(&self, member: &Member) -> Result<String, Fault> {
        let name = &*member.key.text;
        let gateway = self.layered.rest.get("gateway");
        let routes = gateway.and_then(|gateway| gateway.get("routes")?.as_mapping());
        let routes = routes.into_iter().flat_map(|routes| routes.iter());
        let leads_here = routes.filter(|route| {
            let service = route.value.get("service").and_then(Node::as_scalar);
            service.is_some_and(|service| &*service.text == name)
        });
        // The order of a map means nothing.
        let route = leads_here.min_by_key(|route| (route.key.text.len(), &route.key.text));
        let Some(route) = route else {
            return Err(Fault::unknown(
                format!("no route leads to `{name}`"),
                "add one to `gateway.routes`",
            ));
        };
        let path = route.key.text.split('\u{0}').next().unwrap_or_default();
        let (host, path) = path.split_at(path.find('/').unwrap_or(path.len()));
        let host = match host {
            "" => self.public_host(gateway),
            host => Some(host.to_owned()),
        };
        let Some(host) = host else {
            return Err(Fault::unknown(
                format!("nothing says at which host `{name}` is reached"),
                "say `domain` of the environment, `gateway.hosts`, or a host in the route",
            ));
        };
        let tls = route.value.get("tls").or_else(|| gateway?.get("tls"));
        let tls = tls.or_else(|| self.facts.get("tls"));
        let has_tls = tls.is_some_and(|tls| {
            tls.as_scalar()
                .is_none_or(|scalar| &*scalar.text != "false")
        });
        let scheme = if has_tls { "https" } else { "http" };
        Ok(format!("{scheme}://{host}{}", path.trim_end_matches('/')))
    }

    fn public_host(&self, gateway: Option<&Node>) -> Option<String> {
        let hosts = gateway.and_then(|gateway| gateway.get("hosts")?.as_sequence());
        let first = hosts.and_then(|hosts| hosts.first()?.as_scalar());
        let domain = || self.facts.get("domain").and_then(Node::as_scalar);
        let host = first.or_else(domain)?.text.to_string();
        let path = Path::ROOT.key("gateway");
        Some(
            self.text(&host, self.facts.span, &path, &Reader::nobody())?
                .value,
        )
    }
}
