//! Ports of a container.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports>

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1 as core;
use kubewright_model::service::Port;
use kubewright_source::Diagnostic;

use crate::aspect::{Aspect, ContainerScope, Draft, Place};
use crate::service;

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let ports = match scope.place {
        Place::Main => service::main_ports(scope.app.app, scope.app.infrastructure),
        Place::Init | Place::Sidecar | Place::Companion => {
            scope.container.ports.clone().unwrap_or_default()
        }
    };
    let ports: Vec<Port> = ports
        .into_iter()
        .filter(|port| scope.place != Place::Companion || !main_has_on_node(scope, port))
        .collect();
    let mut seen = BTreeSet::new();
    let distinct: Vec<&Port> = ports
        .iter()
        .filter(|port| seen.insert((port.container_port.value, port.protocol)))
        .collect();
    let crossed = distinct.iter().filter_map(|port| elsewhere(scope, port));
    draft.diagnostics.extend(crossed);
    let named = scope.place == Place::Main && distinct.len() > 1;
    let lowered: Vec<core::ContainerPort> =
        distinct.iter().map(|port| lower(port, named)).collect();
    container.ports = (!lowered.is_empty()).then_some(lowered);
}

/// On the network of the node a port of the container is the node's.
fn elsewhere(scope: &ContainerScope<'_>, port: &Port) -> Option<Diagnostic> {
    let host = scope.app.app.security.host_network.as_ref();
    host.filter(|host| host.value)?;
    let on_node = port.host_port.as_ref()?;
    let own = port.container_port;
    let message = format!(
        "`{}` has the network of its node, where its port {} is the node's, and not {}",
        scope.prefix, own.value, on_node.value
    );
    let said = Diagnostic::error("bad-value", on_node.span, message);
    (on_node.value != own.value).then(|| {
        said.help(
            "let both numbers be the one that it listens on, or leave the network of the node",
        )
    })
}

/// A port of the node that the main container publishes for a companion stands
/// there, and only once.
fn main_has_on_node(scope: &ContainerScope<'_>, port: &Port) -> bool {
    let main = scope.app.app.main.ports.iter().flatten();
    let mut same = main.filter(|other| {
        other.container_port.value == port.container_port.value && other.protocol == port.protocol
    });
    same.any(|other| other.host_port.is_some())
}

fn lower(port: &Port, named: bool) -> core::ContainerPort {
    core::ContainerPort {
        name: service::port_name(port, named),
        container_port: i32::from(port.container_port.get()),
        host_port: port.host_port.as_ref().map(|port| i32::from(port.get())),
        // An address of the node means nothing without a port of the node.
        host_ip: port
            .host_ip
            .as_ref()
            .filter(|_| port.host_port.is_some())
            .map(|address| address.to_string()),
        protocol: service::protocol(port.protocol),
    }
}
