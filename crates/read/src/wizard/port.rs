//! The port of a service, and the Services that show it.

use kubewright_model::service::{Headless, Port, ServiceKind, ServicePort};
use kubewright_model::value::Name;
use kubewright_model::{App, Located, Workload};

use super::given::{chosen, flag, given};
use crate::fields::{At, Fields};

/// `port`, `serviceType`, `headlessServiceName`, `alsoCreateClusterIP`.
pub(super) fn read(fields: &Fields<'_>, app: &mut App) {
    let port = given(fields, "port").and_then(|at| one(&at));
    app.main.ports = Some(port.into_iter().collect());
    let kinds = [
        ("ClusterIP", ServiceKind::ClusterIp),
        ("NodePort", ServiceKind::NodePort),
        ("LoadBalancer", ServiceKind::LoadBalancer),
    ];
    match &app.workload {
        Workload::Deployment(_) | Workload::DaemonSet(_) => {
            app.service.kind = chosen(fields, "serviceType", &kinds);
        }
        Workload::StatefulSet(_) => {
            let name = given(fields, "headlessServiceName");
            if let Some(name) = name.and_then(|at| at.parse(Name::parse)) {
                app.service.headless = Headless::Named(name);
            }
            if let Some(also) = flag(fields, "alsoCreateClusterIP") {
                let kind = chosen(fields, "serviceType", &kinds);
                let plain = Located::new(ServiceKind::ClusterIp, also.span);
                app.service.kind = Some(kind.unwrap_or(plain));
            }
        }
        Workload::Job(_) | Workload::CronJob(_) => {
            app.service.kind = Some(Located::new(ServiceKind::None, app.name.span));
        }
    }
}

/// A port that the Service shows under its own number.
pub(super) fn one(at: &At<'_>) -> Option<Port> {
    let number = at.parse(kubewright_model::Port::parse)?;
    let mut port = Port::new(number);
    port.service_port = ServicePort::Number(number);
    Some(port)
}
