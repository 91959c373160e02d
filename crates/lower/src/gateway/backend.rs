//! Services that are made for routes: for what is in another namespace, for the
//! interceptor of KEDA, and for back ends that need settings of their own.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kubewright_objects::Object;
use kubewright_source::{Diagnostic, Diagnostics};

use super::Owner;
use super::target::Place;
use super::way::Way;
use crate::labels;
use crate::scaling::KEDA_NAMESPACE;

/// The Service of KEDA's interceptor, its namespace and port.
pub(super) const INTERCEPTOR: (&str, &str, i32) =
    ("keda-add-ons-http-interceptor-proxy", KEDA_NAMESPACE, 8080);

/// The longest name of a Service.
const LONGEST: usize = 63;

/// A port of a Service in the routes' own namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Backend {
    pub(super) service: String,
    pub(super) port: i32,
}

/// Services while they are gathered, by their names.
#[derive(Debug, Default)]
pub(super) struct Services(BTreeMap<String, Service>);

impl Services {
    /// What a route leads to within the namespace of a group of routes. `apart`
    /// asks for a Service of the group's own, though the app has one.
    pub(super) fn backend(
        &mut self,
        owner: &Owner<'_>,
        group: &str,
        way: &Way<'_>,
        apart: bool,
        diagnostics: &mut Diagnostics,
    ) -> Backend {
        let target = &way.target;
        let (name, port, spec) = match &target.place {
            Place::Here if apart => {
                let name = named(owner, group, target.service, "routed");
                (name, target.port, selecting(way))
            }
            Place::Here => {
                return Backend {
                    service: target.service.to_owned(),
                    port: target.port,
                };
            }
            Place::Elsewhere { namespace } => {
                let name = format!("{group}-{}-{namespace}", target.service);
                (name, target.port, external(target.service, namespace))
            }
            Place::Interceptor { .. } => {
                let (service, namespace, port) = INTERCEPTOR;
                let name = named(owner, group, target.service, "interceptor");
                (name, port, external(service, namespace))
            }
        };
        diagnostics.extend(too_long(way, &name));
        self.add(owner, &name, port, spec, way);
        Backend {
            service: name,
            port,
        }
    }

    /// Adds a port; several have names.
    fn add(&mut self, owner: &Owner<'_>, name: &str, port: i32, spec: ServiceSpec, way: &Way<'_>) {
        let service = self.0.entry(name.to_owned()).or_insert_with(|| Service {
            metadata: (owner.metadata)(name.to_owned()),
            spec: Some(spec),
            ..Service::default()
        });
        let ports = service
            .spec
            .get_or_insert_default()
            .ports
            .get_or_insert_default();
        if ports.iter().any(|known| known.port == port) {
            return;
        }
        let container = way.target.container_port.filter(|number| *number != port);
        let own = way.target.place == Place::Here;
        ports.push(ServicePort {
            port,
            target_port: container.filter(|_| own).map(IntOrString::Int),
            ..ServicePort::default()
        });
        if ports.len() > 1 {
            for port in ports {
                port.name = Some(format!("tcp-{}", port.port));
            }
        }
    }

    pub(super) fn objects(self, owner: &Owner<'_>) -> Vec<Object> {
        let made = self.0.into_values();
        made.map(|service| (owner.object)(service.into())).collect()
    }
}

/// An app's own routes have its name in front already.
fn named(owner: &Owner<'_>, group: &str, service: &str, what: &str) -> String {
    match owner.of_app {
        true => format!("{group}-{what}"),
        false => format!("{group}-{service}"),
    }
}

fn selecting(way: &Way<'_>) -> ServiceSpec {
    let labels = [(labels::APP.to_owned(), way.target.service.to_owned())];
    ServiceSpec {
        selector: Some(BTreeMap::from(labels)),
        ..ServiceSpec::default()
    }
}

/// <https://kubernetes.io/docs/concepts/services-networking/service/#externalname>
fn external(service: &str, namespace: &str) -> ServiceSpec {
    ServiceSpec {
        type_: Some("ExternalName".to_owned()),
        external_name: Some(format!("{service}.{namespace}.svc.cluster.local")),
        ..ServiceSpec::default()
    }
}

fn too_long(way: &Way<'_>, name: &str) -> Option<Diagnostic> {
    (name.len() > LONGEST).then(|| {
        let text = format!(
            "a Service `{name}` is made for this route; its name has {} characters, {LONGEST} \
             are allowed",
            name.len()
        );
        Diagnostic::error("bad-value", way.route.path.span, text)
            .help("choose a shorter path, or a shorter name of the gateway")
    })
}
