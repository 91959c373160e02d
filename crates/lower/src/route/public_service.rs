//! A second Service for those who come from outside.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types>

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_model::App;
use kubewright_model::service::{ExternalTraffic, Port, Protocol, PublicKind};
use kubewright_source::Diagnostic;

use crate::aspect::{Draft, Scope};
use crate::service;

/// The ports that a node may give away, unless its cluster says otherwise.
const NODE_PORTS: std::ops::RangeInclusive<u16> = 30000..=32767;

/// Adds `{app}-public` where one is asked for.
pub(super) fn add(scope: &Scope<'_>, draft: &mut Draft) {
    let Some(public) = &scope.app.service.public else {
        return;
    };
    let all = service::ports(scope.app, scope.infrastructure);
    let ports = outside(&all);
    let Some(first) = ports.first() else {
        draft.diagnostics.push(
            Diagnostic::error(
                "needs-port",
                public.span,
                format!("`{}` has no port that could be reached", scope.name()),
            )
            .help("say which ports it listens on"),
        );
        return;
    };
    let is_node_port = public.kind == PublicKind::NodePort;
    if is_node_port {
        draft.diagnostics.extend(note_chosen(scope, &ports, first));
    }
    let ports = numbered(scope, &ports, is_node_port, draft);
    draft.objects.push(scope.object(Service {
        metadata: scope.metadata(format!("{}-public", scope.name())),
        spec: Some(ServiceSpec {
            type_: Some(kind(public.kind).to_owned()),
            external_traffic_policy: match public.traffic {
                ExternalTraffic::Cluster => None,
                ExternalTraffic::Local => Some("Local".to_owned()),
            },
            selector: Some(scope.selector_labels()),
            ports: Some(ports),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }));
}

fn kind(kind: PublicKind) -> &'static str {
    match kind {
        PublicKind::NodePort => "NodePort",
        PublicKind::LoadBalancer => "LoadBalancer",
    }
}

/// The ports that an app's public Service shows; none where it has no such Service.
pub(crate) fn ports<'p>(app: &App, all: &'p [Port]) -> Vec<&'p Port> {
    match app.service.public {
        Some(_) => outside(all),
        None => Vec::new(),
    }
}

/// The published ports; all, where none is published.
fn outside(all: &[Port]) -> Vec<&Port> {
    let published: Vec<&Port> = all.iter().filter(|port| port.is_for_outside()).collect();
    match published.is_empty() {
        true => all.iter().collect(),
        false => published,
    }
}

/// The number under which a port is published.
fn number(port: &Port) -> kubewright_model::Port {
    let published = port.published.as_ref().and_then(|how| how.port);
    published.unwrap_or(port.container_port).value
}

/// The node's port: the one that is given, else the published one if nodes have it.
pub(super) fn node_port(port: &Port) -> Option<u16> {
    let given = port.node_port.as_ref().map(|port| port.value.get());
    let published = || {
        let how = port.published.as_ref()?;
        let published = how.port.as_ref()?.value.get();
        NODE_PORTS.contains(&published).then_some(published)
    };
    given.or_else(published)
}

/// Each number and protocol once; a second one is reported.
fn numbered(
    scope: &Scope<'_>,
    ports: &[&Port],
    is_node_port: bool,
    draft: &mut Draft,
) -> Vec<ServicePort> {
    let mut seen: BTreeSet<(u16, Protocol)> = BTreeSet::new();
    let mut made: Vec<ServicePort> = Vec::new();
    for port in ports {
        let outside = number(port).get();
        if !seen.insert((outside, port.protocol)) {
            draft.diagnostics.push(taken(scope, port, outside));
            continue;
        }
        let container = port.container_port.get();
        made.push(ServicePort {
            name: service::port_name(port, ports.len() > 1),
            port: i32::from(outside),
            target_port: (outside != container).then(|| IntOrString::Int(i32::from(container))),
            node_port: node_port(port).filter(|_| is_node_port).map(i32::from),
            protocol: service::protocol(port.protocol),
            app_protocol: port.app_protocol.as_ref().map(|said| said.value.clone()),
        });
    }
    made
}

fn taken(scope: &Scope<'_>, port: &Port, outside: u16) -> Diagnostic {
    let span = match &port.published {
        Some(how) => how.written.span,
        None => port.container_port.span,
    };
    Diagnostic::error(
        "name-taken",
        span,
        format!("`{}` publishes port {outside} twice", scope.name()),
    )
    .help("give one of the two another port outside")
}

/// Which ports the cluster chooses, once for the app.
fn note_chosen(scope: &Scope<'_>, ports: &[&Port], first: &Port) -> Option<Diagnostic> {
    let chosen: Vec<&&Port> = ports
        .iter()
        .filter(|port| node_port(port).is_none())
        .collect();
    let of = chosen.first()?;
    let numbers: Vec<String> = chosen.iter().map(|port| number(port).to_string()).collect();
    let which = kubewright_source::suggest::list(numbers.iter().map(String::as_str));
    let span = match of.published.as_ref().or(first.published.as_ref()) {
        Some(how) => how.written.span,
        None => of.container_port.span,
    };
    let service = format!("{}-public", scope.name());
    Some(
        Diagnostic::note(
            "node-port",
            span,
            format!(
                "the cluster chooses the nodes' port for {which} of `{}`",
                scope.name()
            ),
        )
        .help(format!(
            "nodes give away {} to {} only: publish one of these, or look the chosen one up with \
             `kubectl get service {service}`",
            NODE_PORTS.start(),
            NODE_PORTS.end(),
        )),
    )
}
