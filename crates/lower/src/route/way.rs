//! A route with all that holds for it: the Service it leads to, the host, and
//! what the gateway and the environment say where the route says nothing.

use kubewright_model::gateway::{Controller, Gateway, Route, RoutePolicy, Switch, TargetPort, Tls};
use kubewright_model::service::{Port, ServiceKind};
use kubewright_model::{App, Located, Project};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::{Lowering, service};

/// A route for one host whose target is found.
#[derive(Clone, Debug)]
pub(super) struct Way<'a> {
    pub(super) route: &'a Route,
    /// None: any.
    pub(super) host: Option<&'a str>,
    /// The Service.
    pub(super) service: &'a str,
    /// Its port.
    pub(super) port: i32,
    /// The pod itself speaks TLS.
    pub(super) to_tls: bool,
    pub(super) tls: Tls,
    pub(super) controller: Controller,
    pub(super) class: Option<&'a str>,
    /// The name of the project's own Gateway.
    pub(super) gateway_name: &'a str,
    /// The gateway's word on sending on to TLS.
    pub(super) redirect: Option<bool>,
    /// What holds for all routes.
    pub(super) general: &'a RoutePolicy,
}

/// The ways of a route, one for each host.
pub(super) fn find<'a>(
    lowering: &Lowering<'a>,
    gateway: &'a Gateway,
    app: &'a App,
    infrastructure: bool,
    route: &'a Route,
    diagnostics: &mut Diagnostics,
) -> Vec<Way<'a>> {
    let project = lowering.project;
    let ports = service::ports(app, infrastructure);
    let Some(port) = port(app, &ports, route, diagnostics) else {
        return Vec::new();
    };
    let number = port.service_number().map_or(0, |port| port.get());
    let ingress = project.facts.ingress.as_ref();
    let class = route.class.as_ref().map(|own| own.as_str());
    let of_facts_class = ingress
        .and_then(|ingress| ingress.class.as_ref())
        .map(|class| class.as_str());
    let controller = controller(project, route);
    let ways = hosts(project, gateway, route).into_iter().map(|host| Way {
        route,
        host,
        service: app.name.as_str(),
        port: i32::from(number),
        to_tls: speaks_tls(port),
        tls: tls(project, gateway, route),
        controller,
        class: class.or(of_facts_class),
        gateway_name: super::gateway_api::name(gateway),
        redirect: gateway.https_redirect.as_ref().map(|word| word.value),
        general: &gateway.policy,
    });
    ways.collect()
}

/// Whose matter a route is: its own word, else its class's, else the environment's.
fn controller(project: &Project, route: &Route) -> Controller {
    let own = route.controller.as_ref().map(|own| own.value);
    let class = route.class.as_ref();
    let of_facts = project.facts.ingress.as_ref();
    own.or_else(|| class.map(|class| Controller::of_class(class.as_str())))
        .or_else(|| of_facts.map(|ingress| ingress.controller.value))
        .unwrap_or_default()
}

/// Whether a route is a matter of the Gateway API.
pub(super) fn is_of_gateway_api(project: &Project, route: &Route) -> bool {
    controller(project, route) == Controller::GatewayApi
}

/// The hosts that a route is for: its own, else the gateway's, else the
/// environment's domain; none stands for any host.
pub(super) fn hosts<'a>(
    project: &'a Project,
    gateway: &'a Gateway,
    route: &'a Route,
) -> Vec<Option<&'a str>> {
    if let Some(host) = &route.host {
        return vec![Some(host.as_str())];
    }
    if !gateway.hosts.is_empty() {
        let hosts = gateway.hosts.iter();
        return hosts.map(|host| Some(host.as_str())).collect();
    }
    let domain = project.facts.domain.as_ref();
    vec![domain.map(|domain| domain.as_str())]
}

/// Transport encryption of a route.
pub(super) fn tls(project: &Project, gateway: &Gateway, route: &Route) -> Tls {
    let said = [&route.policy.tls, &gateway.policy.tls];
    let said = said.into_iter().find_map(|switch| match switch {
        Switch::Unsaid => None,
        Switch::Off(_) => Some(Tls::Off),
        Switch::On(tls) => Some(tls.value.clone()),
    });
    said.or_else(|| project.facts.tls.clone())
        .unwrap_or(Tls::Off)
}

/// Whether what listens there wants TLS: by its word, or by its number.
fn speaks_tls(port: &Port) -> bool {
    match &port.app_protocol {
        Some(protocol) => matches!(protocol.as_str(), "https" | "kubernetes.io/wss"),
        None => matches!(port.container_port.get(), 443 | 8443 | 9443),
    }
}

/// The port that a route names, else the app's primary one.
fn port<'p>(
    app: &App,
    ports: &'p [Port],
    route: &Route,
    diagnostics: &mut Diagnostics,
) -> Option<&'p Port> {
    let none = app.service.kind.as_ref().map(|kind| kind.value) == Some(ServiceKind::None);
    let mut shown = ports
        .iter()
        .filter(|port| !none && port.service_number().is_some());
    let found = match &route.target.port {
        None => shown.next(),
        Some(TargetPort::Number(number)) => {
            shown.find(|port| port.service_number() == Some(number.value))
        }
        Some(TargetPort::Name(name)) => {
            shown.find(|port| port.name.as_ref().map(|own| &own.value) == Some(&name.value))
        }
    };
    if found.is_none() {
        diagnostics.push(needs_port(app, ports, route));
    }
    found
}

fn needs_port(app: &App, ports: &[Port], route: &Route) -> Diagnostic {
    let service = &route.target.service;
    let name = app.name.as_str();
    let wanted: Option<(Located<()>, String)> = route.target.port.as_ref().map(|port| match port {
        TargetPort::Number(port) => (port.map(|_| ()), port.value.to_string()),
        TargetPort::Name(port) => (Located::new((), port.span), port.value.to_string()),
    });
    let Some((place, wanted)) = wanted else {
        let text = format!(
            "route `{}` goes to `{name}`, which has no port",
            route.path.value
        );
        return Diagnostic::error("needs-port", service.span, text)
            .help("say which port it listens on");
    };
    let known: Vec<String> = ports
        .iter()
        .filter_map(|port| Some(port.service_number()?.to_string()))
        .collect();
    let known = kubewright_source::suggest::list(known.iter().map(String::as_str));
    let text = format!("`{name}` has no port `{wanted}` that a route could go to");
    Diagnostic::error("needs-port", place.span, text).help(match known.is_empty() {
        true => "say which port it listens on".to_owned(),
        false => format!("its ports are {known}"),
    })
}
