//! Ports of a container and of its app's Service.

use kubewright_model::Located;
use kubewright_model::service::{Port, Protocol, Published, ServicePort};
use kubewright_model::value::{Port as Number, PortName};

use super::given::{chosen, members, parsed, text, word};
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
    Some(ports)
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
    port.app_protocol = text(&fields, "app_protocol");
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
