//! Known images whose server does not run: `pg_dump …` in one of PostgreSQL.

use kubewright_knowledge::Family;
use kubewright_model::probe::Setting;
use kubewright_model::{App, Located};

use super::command::argv;
use super::service::Service;
use crate::fields::{At, Fields, Report};

/// Whether `entrypoint` and `command` put another program in the place of the
/// image's server.
pub(super) fn is_replaced(family: &Family, fields: &Fields<'_>) -> bool {
    // What is wrong with them is told where they are read.
    let report = Report::default();
    let words = |key: &'static str| -> Vec<String> {
        let silent = fields.get(key).map(|at| At {
            report: &report,
            ..at
        });
        let argv = silent.and_then(|at| argv(&at));
        argv.map(|argv| argv.value).unwrap_or_default()
    };
    family.is_replaced(&words("entrypoint"), &words("command"))
}

/// What such an image is known to listen on and to be tried by is not taken for
/// this service, unless it names one of the ports itself.
pub(super) fn settle(service: &Service<'_>, app: &mut App) {
    let Some(family) = service.family.filter(|_| service.replaced) else {
        return;
    };
    let ports = app.main.ports.get_or_insert_default();
    let is_known = |number: u16| family.ports.iter().any(|port| port.number == number);
    if ports.iter().any(|port| is_known(port.container_port.get())) {
        return;
    }
    if let Setting::Unsaid = app.main.probes.readiness {
        app.main.probes.readiness = Setting::Off(Located::nowhere(()));
    }
}
