//! How the pods are reached from inside the cluster.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/>

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_knowledge as knowledge;
use kubewright_model::service::{
    Headless, Port, Protocol, ServiceKind, ServicePort as ServiceNumber,
};
use kubewright_model::{App, Located, Workload};
use kubewright_source::{Diagnostic, Span};

use crate::aspect::{Aspect, Draft, Scope, name_too_long};

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    let ports = ports(scope.app, scope.infrastructure);
    let shown: Vec<&Port> = ports
        .iter()
        .filter(|port| port.service_number().is_some())
        .collect();
    if let Some(name) = headless_name(scope.app) {
        check_headless(scope, &name, draft);
        draft
            .objects
            .push(scope.object(headless(scope, &name, &shown)));
    }
    // Requests that scale an app come in through its Service, too.
    let is_routed = scope.lowering.routes.reach(&scope.app.name.value)
        || crate::scaling::http::is_intercepted(scope.app);
    let by_route = is_routed && can_have_service(scope.app, &shown);
    if !(by_route || has_service(scope.app, &ports)) {
        report_no_service(scope, draft);
        return;
    }
    check_name(scope, draft);
    draft
        .objects
        .push(scope.object(service(scope, scope.name(), &shown)));
    for alias in &scope.app.service.aliases {
        if alias.as_str() != scope.name() {
            draft
                .objects
                .push(scope.object(self::alias(scope, alias.as_str(), &shown)));
        }
    }
}

/// Words about a Service that there is not, since nothing is reached through it.
fn report_no_service(scope: &Scope<'_>, draft: &mut Draft) {
    let settings = &scope.app.service;
    let headless = match &settings.headless {
        Headless::Given(word) => Some(word.span),
        Headless::Named(_) | Headless::Unsaid => None,
    };
    let alias = settings.aliases.first().map(|alias| alias.span);
    let Some(span) = headless.or(alias) else {
        return;
    };
    let aliases: Vec<&str> = settings
        .aliases
        .iter()
        .map(|alias| alias.as_str())
        .collect();
    let names = match aliases.as_slice() {
        [] => String::new(),
        aliases => format!(
            " called {}",
            kubewright_source::suggest::list(aliases.iter().copied())
        ),
    };
    draft.diagnostics.push(
        Diagnostic::note(
            "no-service",
            span,
            format!("`{}` has no ports, and so no Service{names}", scope.name()),
        )
        .help("name the ports that it listens on, with `expose` or `ports`"),
    );
}

/// The ports that an app's Services show: its own, and those of companions that
/// are on them.
pub(crate) fn ports(app: &App, infrastructure: bool) -> Vec<Port> {
    let mut ports = own_ports(app, infrastructure);
    for port in companion_ports(app) {
        let mut same = ports.iter();
        let same = same.any(|other| is_same(other, port));
        if !same {
            ports.push(port.clone());
        }
    }
    ports
}

/// The ports of companions that are on the app's Services.
fn companion_ports(app: &App) -> impl Iterator<Item = &Port> {
    let shown = app.companions.iter().filter(|companion| {
        let on_service = companion.on_service.as_ref();
        on_service.is_some_and(|on_service| on_service.value)
    });
    shown.flat_map(|companion| companion.container.ports.iter().flatten())
}

fn is_same(a: &Port, b: &Port) -> bool {
    a.container_port.value == b.container_port.value && a.protocol == b.protocol
}

/// The ports that the main container itself listens on: what it publishes for a
/// companion is the companion's, unless the node shows it.
pub(crate) fn main_ports(app: &App, infrastructure: bool) -> Vec<Port> {
    let mut ports = own_ports(app, infrastructure);
    ports.retain(|port| {
        port.host_port.is_some() || !companion_ports(app).any(|other| is_same(other, port))
    });
    ports
}

/// The ports that are written at an app's main container; what is known of the
/// image where infrastructure names none.
fn own_ports(app: &App, infrastructure: bool) -> Vec<Port> {
    if let Some(ports) = &app.main.ports {
        return ports.clone();
    }
    let image = app.main.image_reference().filter(|_| infrastructure);
    let known = image.and_then(|image| knowledge::known(image.as_str()));
    known
        .into_iter()
        .flat_map(|known| known.family.ports)
        .filter_map(|port| {
            let number = kubewright_model::Port::new(u64::from(port.number)).ok()?;
            let mut made = Port::new(Located::new(number, app.name.span));
            made.protocol = match port.protocol {
                knowledge::Protocol::Tcp => Protocol::Tcp,
                knowledge::Protocol::Udp => Protocol::Udp,
            };
            Some(made)
        })
        .collect()
}

/// The name under which other pods reach the app; none where they cannot.
pub(crate) fn host(app: &App, ports: &[Port]) -> Option<String> {
    if has_service(app, ports) {
        return Some(app.name.as_str().to_owned());
    }
    headless_name(app).filter(|_| !ports.is_empty())
}

/// The name of the Service that gives a StatefulSet's pods their own names.
pub(crate) fn governing_name(app: &App) -> Option<String> {
    match &app.service.headless {
        Headless::Given(word) if word.value => Some(app.name.as_str().to_owned()),
        Headless::Given(_) | Headless::Unsaid | Headless::Named(_) => headless_name(app),
    }
}

/// The name of the headless Service that stands beside the ordinary one.
fn headless_name(app: &App) -> Option<String> {
    match &app.service.headless {
        Headless::Named(name) => Some(name.as_str().to_owned()),
        Headless::Given(_) => None,
        Headless::Unsaid => matches!(app.workload, Workload::StatefulSet(_))
            .then(|| format!("{}-headless", app.name.value)),
    }
}

fn has_service(app: &App, ports: &[Port]) -> bool {
    let shows_any = ports.iter().any(|port| port.service_number().is_some());
    match app.service.kind.as_ref().map(|kind| kind.value) {
        Some(ServiceKind::None) => false,
        Some(ServiceKind::ClusterIp | ServiceKind::NodePort | ServiceKind::LoadBalancer) => {
            shows_any
        }
        None if settings_ordinary(app) => shows_any,
        None => {
            let itself_headless =
                matches!(&app.service.headless, Headless::Given(word) if word.value);
            let stands_alone = !matches!(app.workload, Workload::StatefulSet(_));
            shows_any && (stands_alone || itself_headless)
        }
    }
}

/// A route asks for a Service where nobody else does, unless it is refused.
fn can_have_service(app: &App, shown: &[&Port]) -> bool {
    let refused = app.service.kind.as_ref().map(|kind| kind.value) == Some(ServiceKind::None);
    !refused && !shown.is_empty()
}

/// Whether a StatefulSet has an ordinary Service, too.
fn settings_ordinary(app: &App) -> bool {
    let ordinary = app.service.ordinary.as_ref();
    ordinary.is_some_and(|ordinary| ordinary.value)
}

fn service(scope: &Scope<'_>, name: &str, ports: &[&Port]) -> Service {
    let settings = &scope.app.service;
    let itself_headless = matches!(&settings.headless, Headless::Given(word) if word.value);
    let kind = match settings.kind.as_ref().map(|kind| kind.value) {
        Some(ServiceKind::NodePort) => Some("NodePort".to_owned()),
        Some(ServiceKind::LoadBalancer) => Some("LoadBalancer".to_owned()),
        // What is asked for is written, though it holds anyway.
        Some(ServiceKind::ClusterIp) => Some("ClusterIP".to_owned()),
        Some(ServiceKind::None) | None => None,
    };
    Service {
        metadata: ObjectMeta {
            annotations: annotations(scope),
            ..scope.metadata(name)
        },
        spec: Some(ServiceSpec {
            type_: kind,
            cluster_ip: itself_headless.then(|| "None".to_owned()),
            selector: Some(scope.selector_labels()),
            ports: Some(match has_node_ports(scope.app) {
                true => service_ports(ports),
                false => inside_ports(ports),
            }),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

/// Another name for the pods within the cluster; what comes from outside comes to
/// the app's own Service.
fn alias(scope: &Scope<'_>, name: &str, ports: &[&Port]) -> Service {
    let settings = &scope.app.service;
    let itself_headless = matches!(&settings.headless, Headless::Given(word) if word.value);
    Service {
        metadata: scope.metadata(name),
        spec: Some(ServiceSpec {
            cluster_ip: itself_headless.then(|| "None".to_owned()),
            selector: Some(scope.selector_labels()),
            ports: Some(inside_ports(ports)),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

fn headless(scope: &Scope<'_>, name: &str, ports: &[&Port]) -> Service {
    Service {
        metadata: scope.metadata(name),
        spec: Some(ServiceSpec {
            cluster_ip: Some("None".to_owned()),
            selector: Some(scope.selector_labels()),
            ports: (!ports.is_empty()).then(|| inside_ports(ports)),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

fn annotations(scope: &Scope<'_>) -> Option<std::collections::BTreeMap<String, String>> {
    let given = &scope.app.service.annotations;
    let texts = given
        .iter()
        .map(|(key, value)| (key.as_str().to_owned(), value.value.clone()));
    (!given.is_empty()).then(|| texts.collect())
}

/// Whether nodes have ports for the app's own Service: the API server refuses
/// their numbers in one of another type.
///
/// <https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport>
fn has_node_ports(app: &App) -> bool {
    match app.service.kind.as_ref().map(|kind| kind.value) {
        Some(ServiceKind::NodePort | ServiceKind::LoadBalancer) => true,
        Some(ServiceKind::ClusterIp | ServiceKind::None) | None => false,
    }
}

/// The ports of a Service that is reached from inside the cluster only.
fn inside_ports(ports: &[&Port]) -> Vec<ServicePort> {
    let mut ports = service_ports(ports);
    for port in &mut ports {
        port.node_port = None;
    }
    ports
}

/// Each number and protocol once: a Service cannot show two container ports
/// under one.
fn service_ports(ports: &[&Port]) -> Vec<ServicePort> {
    let mut seen = BTreeSet::new();
    let distinct: Vec<&&Port> = ports
        .iter()
        .filter(|port| seen.insert((port.service_number(), port.protocol)))
        .collect();
    let named = distinct.len() > 1;
    distinct
        .iter()
        .filter_map(|port| {
            let number = port.service_number()?;
            let container = port.container_port.value;
            Some(ServicePort {
                name: port_name(port, named),
                port: i32::from(number.get()),
                target_port: is_written(port).then(|| IntOrString::Int(i32::from(container.get()))),
                protocol: protocol(port.protocol),
                app_protocol: port
                    .app_protocol
                    .as_ref()
                    .map(|spoken| spoken.value.clone()),
                node_port: port.node_port.as_ref().map(|port| i32::from(port.get())),
            })
        })
        .collect()
}

/// Whether the container's port stands beside the Service's: where both are
/// given, also where they are equal.
fn is_written(port: &Port) -> bool {
    matches!(port.service_port, ServiceNumber::Number(_))
}

/// A port's name: the given one, or one made of protocol and number where there
/// are several, because Kubernetes wants names then.
pub(crate) fn port_name(port: &Port, several: bool) -> Option<String> {
    let given = port.name.as_ref().map(|name| name.as_str().to_owned());
    given.or_else(|| {
        several.then(|| {
            let protocol = port.protocol.as_str().to_ascii_lowercase();
            format!("{protocol}-{}", port.container_port.value)
        })
    })
}

/// The protocol, where it is not Kubernetes' own TCP.
pub(crate) fn protocol(protocol: Protocol) -> Option<String> {
    (protocol != Protocol::Tcp).then(|| protocol.as_str().to_owned())
}

/// Names of Services begin with a letter and have at most 63 characters.
fn check_name(scope: &Scope<'_>, draft: &mut Draft) {
    let name = &scope.app.name;
    draft
        .diagnostics
        .extend(name_too_long(scope, "a Service", 63));
    // A headless Service that is called after the app has said so.
    let is_said = headless_name(scope.app).is_some_and(|headless| !begins_well(&headless));
    if !begins_well(name.as_str()) && !is_said {
        draft
            .diagnostics
            .push(bad_beginning(name.as_str(), name.span));
    }
}

/// The same of the headless Service, at its own name where it has one.
fn check_headless(scope: &Scope<'_>, name: &str, draft: &mut Draft) {
    let span = match &scope.app.service.headless {
        Headless::Named(given) => given.span,
        Headless::Unsaid | Headless::Given(_) => scope.app.name.span,
    };
    if !begins_well(name) {
        draft.diagnostics.push(bad_beginning(name, span));
    }
}

fn begins_well(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
}

fn bad_beginning(name: &str, span: Span) -> Diagnostic {
    let message = format!("a Service cannot be called `{name}`: its name must begin with a letter");
    Diagnostic::error("bad-value", span, message)
        .help(format!("rename it, for example to `app-{name}`"))
}
