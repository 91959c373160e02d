//! `ports` and `expose`.

use std::net::IpAddr;

use kubewright_knowledge::Family;
use kubewright_model::service::{Port as ModelPort, Protocol, Published, ServicePort};
use kubewright_model::value::AppProtocol;
use kubewright_model::{Located, Port};
use kubewright_source::Diagnostic;
use kubewright_yaml::Value;

use super::port_name;
use super::port_spec::{self, PortSpec};
use super::scope::known_port;
use super::service::Service;
use super::{PublishedAs, keys};
use crate::fields::{At, shown};

/// The ports that are written; none where nothing is.
pub(super) fn read(service: &Service<'_>) -> Option<Vec<ModelPort>> {
    let fields = &service.fields;
    let mut ports: Vec<ModelPort> = Vec::new();
    let (written, exposed) = (fields.get("ports"), fields.get("expose"));
    for at in written.iter().flat_map(At::items) {
        let found = match &at.node.value {
            Value::Scalar(_) => short(service, &at),
            Value::Mapping(_) | Value::Sequence(_) => long(service, &at).into_iter().collect(),
        };
        for port in found {
            add(&at, &mut ports, port);
        }
    }
    for at in exposed.iter().flat_map(At::items) {
        if at.scalar().is_some_and(|text| text.value.is_empty()) {
            at.warn(
                "empty-value",
                "an empty port exposes nothing",
                "write the port, or set the variable that holds it",
            );
            continue;
        }
        for spec in specs(&at) {
            let port = from_spec(spec, &at);
            if !ports.iter().any(|other| same(other, &port)) {
                ports.push(port);
            }
        }
    }
    port_name::check(fields.at(), &ports);
    if service.on_host_network {
        note_host(service, &ports);
    }
    (!ports.is_empty()).then_some(ports)
}

/// On the network of its node a port is reached by its own number.
fn note_host(service: &Service<'_>, ports: &[ModelPort]) {
    for port in ports {
        let inside = port.container_port.value;
        let differs = |published: &&Published| {
            let outside = published.port.as_ref();
            outside.is_some_and(|outside| outside.value != inside)
        };
        let Some(published) = port.published.as_ref().filter(differs) else {
            continue;
        };
        let said = Diagnostic::note(
            "published-port",
            published.written.span,
            format!(
                "on the network of its node the service is reached at port {}, not at `{}`",
                inside, published.written.value
            ),
        );
        let help = "publish the port that the service listens on, or leave `ports` out";
        service.fields.at().push(said.help(help).place_only());
    }
}

/// What an image listens on, as ports of our own.
pub(super) fn of_family(family: &Family) -> Vec<ModelPort> {
    let port = |known: &kubewright_knowledge::Port| {
        let mut port = ModelPort::new(Located::nowhere(known_port(known.number)?));
        port.protocol = match known.protocol {
            kubewright_knowledge::Protocol::Tcp => Protocol::Tcp,
            kubewright_knowledge::Protocol::Udp => Protocol::Udp,
        };
        Some(port)
    };
    family.ports.iter().filter_map(port).collect()
}

/// Adds what a data store listens on behind what the file says: in compose the
/// others reach these ports without a word, and `ports` often names only the one
/// that people open in a browser.
pub(super) fn add_known(service: &Service<'_>, ports: &mut Vec<ModelPort>) {
    let stores = service
        .family
        .filter(|family| family.is_data_store() && !service.replaced);
    for known in stores.map(of_family).unwrap_or_default() {
        if !ports.is_empty() && !ports.iter().any(|port| same(port, &known)) {
            ports.push(known);
        }
    }
}

fn same(a: &ModelPort, b: &ModelPort) -> bool {
    a.container_port == b.container_port && a.protocol == b.protocol
}

fn add(at: &At<'_>, ports: &mut Vec<ModelPort>, port: ModelPort) {
    let Some(first) = ports.iter().find(|other| same(other, &port)) else {
        ports.push(port);
        return;
    };
    let spans = (port.published.as_ref(), first.published.as_ref());
    let (Some(second), Some(first)) = spans else {
        return;
    };
    let said = Diagnostic::note(
        "duplicate-port",
        second.written.span,
        format!(
            "`{}` publishes port {} a second time; inside the cluster it is one port",
            second.written.value, port.container_port.value
        ),
    );
    let said = said
        .related(first.written.span, "published here first")
        .help("the first counts for what is reachable from outside; remove the other one");
    at.push(said);
}

fn specs(at: &At<'_>) -> Vec<PortSpec> {
    let Some(text) = at.scalar() else {
        return Vec::new();
    };
    match port_spec::parse(&text.value) {
        Ok(specs) => specs,
        Err(why) => {
            at.bad(
                format!("{} is no port: {why}", shown(&text.value)),
                "write it like `8080:80` or `53:53/udp`",
            );
            Vec::new()
        }
    }
}

fn from_spec(spec: PortSpec, at: &At<'_>) -> ModelPort {
    let mut port = ModelPort::new(Located::new(spec.target, at.span()));
    port.protocol = spec.protocol;
    port.host_ip = spec.ip.map(|ip| Located::new(ip, at.span()));
    port
}

fn short(service: &Service<'_>, at: &At<'_>) -> Vec<ModelPort> {
    let written = at.node.as_scalar().and_then(|scalar| scalar.go_string());
    let written = Located::new(written.unwrap_or_default().into_owned(), at.span());
    let port = |spec: PortSpec| {
        let mut port = from_spec(spec, at);
        let published = spec.published.map(|port| Located::new(port, at.span()));
        publish(service, &mut port, written.clone(), published);
        port
    };
    let ports: Vec<ModelPort> = specs(at).into_iter().map(port).collect();
    if let Some(first) = ports.first() {
        note_address(at, first);
    }
    ports
}

fn publish(
    service: &Service<'_>,
    port: &mut ModelPort,
    written: Located<String>,
    published: Option<Located<Port>>,
) {
    if service.scope.options.service_port == PublishedAs::Published
        && let Some(number) = published
        && number.value != port.container_port.value
    {
        port.service_port = ServicePort::Number(number);
    }
    port.published = Some(Published {
        written,
        port: published,
    });
}

fn long(service: &Service<'_>, at: &At<'_>) -> Option<ModelPort> {
    let fields = at.fields("a port")?;
    keys::settle(&fields, keys::PORT);
    let target = fields.need("target").and_then(|at| at.parse(Port::parse));
    let name = fields.get("name").and_then(|at| port_name::read(&at));
    let app_protocol = fields.get("app_protocol").and_then(|at| spoken(&at));
    let host_ip = fields.get("host_ip").and_then(|at| {
        let text = at.text()?;
        let address: Result<IpAddr, _> = text.value.parse();
        if address.is_err() {
            at.bad(
                format!("{} is no address", shown(&text.value)),
                "write it like `127.0.0.1`",
            );
        }
        address.ok().map(|ip| Located::new(ip, text.span))
    });
    let protocol = fields.get("protocol").and_then(|at| {
        let text = at.text()?;
        let protocol = port_spec::protocol(&text.value);
        if protocol.is_none() {
            at.bad(
                format!("{} is no protocol", shown(&text.value)),
                "write `tcp`, `udp` or `sctp`",
            );
        }
        protocol
    });
    let published = fields.get("published").and_then(|at| outside(&at));
    let mode = fields.get("mode").and_then(|at| mode(&at));
    let mut port = ModelPort::new(target?);
    port.name = name;
    port.app_protocol = app_protocol;
    port.host_ip = host_ip;
    port.protocol = protocol.unwrap_or_default();
    if mode == Some(Mode::Host) {
        port.host_port = published.or(Some(port.container_port));
    }
    let number = published
        .map(|port| format!("{}:", port.value))
        .unwrap_or_default();
    let written = Located::new(format!("{number}{}", port.container_port.value), at.span());
    publish(service, &mut port, written, published);
    note_address(at, &port);
    fields.finish();
    Some(port)
}

/// What is spoken at a port: any text in compose, a name like that of a label in
/// Kubernetes.
/// <https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol>
fn spoken(at: &At<'_>) -> Option<Located<String>> {
    let text = at.text().filter(|text| !text.value.is_empty())?;
    if AppProtocol::parse(&text.value).is_err() {
        at.warn(
            "not-carried",
            format!(
                "{} is no name of a protocol in Kubernetes, and is left out",
                shown(&text.value)
            ),
            "write a name such as `http`, `https`, `kubernetes.io/h2c` or `example.com/own`",
        );
        return None;
    }
    Some(text)
}

/// A published port: a number, or a range of which the first is taken.
fn outside(at: &At<'_>) -> Option<Located<Port>> {
    let text = at.scalar()?;
    if text.value.is_empty() {
        return None;
    }
    let (first, last) = text.value.split_once('-').unwrap_or((&text.value, ""));
    let port = at.checked(&Located::new(first.to_owned(), text.span), Port::parse)?;
    if !last.is_empty() {
        at.note(
            "port-range",
            format!("of `{}` the port {first} is taken", text.value),
            "write the one port that it shall be",
        );
    }
    Some(port)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Ingress,
    Host,
}

fn mode(at: &At<'_>) -> Option<Mode> {
    let text = at.text()?;
    match text.value.as_str() {
        "ingress" => Some(Mode::Ingress),
        "host" => Some(Mode::Host),
        other => {
            at.bad(
                format!("{} is no mode of a port", shown(other)),
                "write `ingress` or `host`",
            );
            None
        }
    }
}

/// An address of the machine has no meaning in a cluster, unless the port is
/// one of the node.
fn note_address(at: &At<'_>, port: &ModelPort) {
    let Some(ip) = port.host_ip.filter(|_| port.host_port.is_none()) else {
        return;
    };
    if ip.value.is_unspecified() {
        return;
    }
    let only = match ip.value.is_loopback() {
        true => "; it is taken for a port that is not meant for the outside",
        false => "",
    };
    at.note(
        "host-ip",
        format!(
            "the address `{}` of the machine means nothing in a cluster{only}",
            ip.value
        ),
        "leave the address out if it is meant for others, try it with `kubectl port-forward`, or \
         write `mode: host` in the long form to bind the node's port",
    );
}
