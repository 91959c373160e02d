//! Ports of a container and of its app's Service.

use std::collections::BTreeMap;

use kubewright_model::Located;
use kubewright_model::service::{Port, Protocol, Published, ServicePort};
use kubewright_model::value::{AppProtocol, Port as Number, PortName};

use kubewright_source::Diagnostic;

use super::given::{chosen, members, parsed, word};
use crate::fields::{At, Fields};

const PROTOCOLS: &[(&str, Protocol)] = &[
    ("TCP", Protocol::Tcp),
    ("UDP", Protocol::Udp),
    ("SCTP", Protocol::Sctp),
];

/// The ports, the primary one first: that of a list's first item, else `http`.
/// Several without names get them from protocol and number when they become objects.
pub(super) fn read(fields: &Fields<'_>) -> Option<Vec<Port>> {
    let at = fields.get("ports")?;
    let mut ports: Vec<Port> = members(&at)
        .into_iter()
        .filter_map(|(name, at)| port(name, at))
        .collect();
    if !crate::apps::long::keeps_order(at.node) {
        let is_http = |port: &Port| {
            port.name
                .as_ref()
                .is_some_and(|name| name.as_str() == "http")
        };
        ports.sort_by_key(|port| !is_http(port));
    }
    distinct(&ports, &at);
    Some(ports)
}

/// A Service shows each number once, and a container has each port once.
fn distinct(ports: &[Port], at: &At<'_>) {
    let mut shown = BTreeMap::new();
    let mut own = BTreeMap::new();
    for port in ports {
        let span = port.container_port.span;
        let number = port.service_number().map(Number::get);
        let by_service = number.and_then(|number| shown.insert((number, port.protocol), span));
        let by_container = own.insert((port.container_port.value, port.protocol), span);
        let (what, before) = match (by_service, by_container) {
            (_, Some(before)) => (format!("port {}", port.container_port.value), before),
            (Some(before), None) => {
                let number = number.unwrap_or_default();
                (format!("port {number} of the Service"), before)
            }
            (None, None) => continue,
        };
        let said = Diagnostic::error("name-taken", span, format!("{what} is given twice"));
        let said = said.related(before, "it is here first");
        at.push(said.help("give one of the two another number, or take it away"));
    }
}

fn port(name: Option<Located<&str>>, at: At<'_>) -> Option<Port> {
    let name = name.and_then(|name| at.checked(&name.map(str::to_owned), PortName::parse));
    let fields = at.fields("port")?;
    fields.need("container_port")?;
    let container_port = parsed(&fields, "container_port", Number::parse);
    let service_port = fields.get("service_port").and_then(|at| service_port(&at));
    let host_ip = fields.get("host_ip").and_then(|at| {
        let text = word(&at)?;
        let address = text.parse().ok();
        if address.is_none() {
            at.bad(
                format!("`{}` is no address", text.value),
                "write it like `10.0.0.1`",
            );
        }
        Some(Located::new(address?, text.span))
    });
    let mut port = Port::new(container_port?);
    port.name = name;
    port.service_port = service_port.unwrap_or(ServicePort::Same);
    port.host_port = parsed(&fields, "host_port", Number::parse);
    port.host_ip = host_ip;
    port.node_port = parsed(&fields, "node_port", Number::parse);
    port.protocol =
        chosen(&fields, "protocol", PROTOCOLS).map_or(Protocol::Tcp, |found| found.value);
    let spoken = parsed(&fields, "app_protocol", AppProtocol::parse);
    port.app_protocol = spoken.map(|spoken| spoken.map(String::from));
    port.published = fields.get("published").and_then(|at| published(&at));
    fields.finish();
    Some(port)
}

/// `true`, or the number outside.
fn published(at: &At<'_>) -> Option<Published> {
    let written = word(at)?;
    let port = match written.as_str() {
        "false" => return None,
        "true" => None,
        _ => Some(at.checked(&written, Number::parse)?),
    };
    Some(Published { written, port })
}

fn service_port(at: &At<'_>) -> Option<ServicePort> {
    let text = word(at)?;
    match text.as_str() {
        "none" => Some(ServicePort::None(Located::new((), text.span))),
        _ => at.checked(&text, Number::parse).map(ServicePort::Number),
    }
}
