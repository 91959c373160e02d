//! Ports of a container.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports>

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1 as core;
use kubewright_model::service::Port;

use crate::aspect::{Aspect, ContainerScope, Draft, Place};
use crate::service;

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, _: &mut Draft) {
    let ports = match scope.place {
        Place::Main => service::ports(scope.app.app, scope.app.infrastructure),
        Place::Init | Place::Sidecar | Place::Companion => {
            scope.container.ports.clone().unwrap_or_default()
        }
    };
    let mut seen = BTreeSet::new();
    let distinct: Vec<&Port> = ports
        .iter()
        .filter(|port| seen.insert((port.container_port.value, port.protocol)))
        .collect();
    let named = scope.place == Place::Main && distinct.len() > 1;
    let lowered: Vec<core::ContainerPort> =
        distinct.iter().map(|port| lower(port, named)).collect();
    container.ports = (!lowered.is_empty()).then_some(lowered);
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
