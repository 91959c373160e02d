//! Ports on the developer's machine.
//!
//! <https://skaffold.dev/docs/port-forwarding/>

use super::Scope;
use super::config::PortForward;
use crate::local_port::Ports;
use crate::owned::Reached;

/// A port for each app that has a Service.
pub(super) fn all(scope: &Scope<'_>, namespace: Option<&str>) -> Vec<PortForward> {
    let mut taken = Ports::default();
    let services = services(scope).filter_map(|(_, service)| {
        let port = *service.ports.first()?;
        let local = taken.take(port)?;
        Some(forward(&service, namespace, port, local))
    });
    services.collect()
}

/// Each port that an app with a Service publishes.
pub(super) fn published(scope: &Scope<'_>) -> Vec<PortForward> {
    let namespace = scope.delivery().namespace.as_deref();
    let mut wanted = Vec::new();
    for (app, service) in services(scope) {
        for port in &scope.delivery().apps[app].published {
            if service.ports.contains(&port.service) {
                wanted.push((service.clone(), *port));
            }
        }
    }
    let locals: Vec<u16> = wanted.iter().map(|(_, port)| port.local).collect();
    let locals = Ports::default().take_all(&locals);
    let forwards = wanted
        .iter()
        .zip(locals)
        .filter_map(|((service, port), local)| {
            Some(forward(service, namespace, port.service, local?))
        });
    forwards.collect()
}

/// The Services of apps, with the place of the app.
fn services<'a>(scope: &'a Scope<'_>) -> impl Iterator<Item = (usize, Reached<'a>)> {
    let apps = scope.delivery().apps.iter().enumerate();
    apps.filter_map(|(place, app)| Some((place, scope.owned.service(&app.name)?)))
}

fn forward(service: &Reached<'_>, namespace: Option<&str>, port: u16, local: u16) -> PortForward {
    PortForward {
        resource_type: "service",
        resource_name: service.name.to_owned(),
        namespace: namespace.map(str::to_owned),
        port,
        local_port: local,
    }
}
