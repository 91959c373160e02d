//! What is said of the services behind routers: a port and a protocol are
//! carried, the rest is the Service's or the probes' matter.

use kubewright_model::Located;
use kubewright_model::value::Port;

use super::super::super::service::Service;
use super::label::{Labels, Options, Said};

/// The port that a balancer leads to; [`ports`] reports one that is none.
pub(super) fn port(options: &Options) -> Option<Located<Port>> {
    let said = options.get("loadbalancer.server.port")?.located();
    let number = Port::parse(&said.value).ok()?;
    Some(Located::new(number, said.span))
}

/// The ports that the service listens on by its labels, whoever may come in.
pub(super) fn ports(service: &Service<'_>, labels: &Labels) -> Vec<Located<Port>> {
    let said = labels.services.values();
    let said = said.filter_map(|options| options.get("loadbalancer.server.port"));
    let at = service.fields.at();
    said.filter_map(|said| at.checked(&said.located(), Port::parse))
        .collect()
}

/// What is spoken behind, where it is not plain HTTP.
pub(super) fn protocol(options: &Options) -> Option<Located<String>> {
    let said = options.get("loadbalancer.server.scheme")?;
    let word = match said.text.to_ascii_lowercase().as_str() {
        "https" => "https",
        "h2c" => "kubernetes.io/h2c",
        _ => return None,
    };
    Some(Located::new(word.to_owned(), said.span))
}

/// Reports what is not carried, each matter once.
pub(super) fn report(service: &Service<'_>, labels: &Labels) {
    for (name, options) in &labels.services {
        let mut matters: Vec<&str> = Vec::new();
        for (option, said) in options {
            let Some((matter, help)) = lost(option, said) else {
                continue;
            };
            if matters.contains(&matter) {
                continue;
            }
            matters.push(matter);
            said.lost(
                service.fields.at().report,
                format!("{matter} of Traefik's service `{name}` are not carried"),
                help,
            );
        }
    }
}

/// What is lost with an option, and what to do.
fn lost<'o>(option: &'o str, said: &Said) -> Option<(&'o str, &'static str)> {
    let below = option.strip_prefix("loadbalancer.").unwrap_or(option);
    let first = below.split('.').next().unwrap_or(below);
    match below {
        "server.port" => return None,
        "server.scheme" => {
            let is_known = matches!(
                said.text.to_ascii_lowercase().as_str(),
                "http" | "https" | "h2c"
            );
            return (!is_known).then_some(("the scheme", "say `http`, `https` or `h2c`"));
        }
        "passhostheader" if said.is_true() => return None,
        _ => {}
    }
    Some(match first {
        "healthcheck" => (
            "health checks",
            "give the service a `healthcheck`: probes take pods that are not well out of the Service",
        ),
        "sticky" => (
            "sticky sessions",
            "give the Ingress your controller's annotation for sessions",
        ),
        "serverstransport" => (
            "transports",
            "give the Ingress your controller's annotations for the way to the pods",
        ),
        "weighted" | "mirroring" | "failover" => (
            "shares of requests",
            "write an HTTPRoute with weights by hand",
        ),
        _ => (
            below,
            "leave the label out, or give the Ingress your controller's annotation for it",
        ),
    })
}
