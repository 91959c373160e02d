//! `companions`: services that moved into this pod.

use kubewright_model::container::Companion;
use kubewright_model::{App, Container};
use kubewright_source::Diagnostic;

use super::entry::Service;
use super::given::{given, rows};
use super::image::{command, of_helper};
use super::init::name;
use super::port;
use super::root::pass_over_empty;
use super::volume::{self, Room};
use super::{dependency, resource, variable};
use crate::fields::At;

/// Keys that the browser keeps in a companion, or that are empty.
const KEYS: &[&str] = &[
    "_compose",
    "dependsOn",
    "dependsOnPort",
    "port",
    "resources",
];

/// The companions of a service, in order.
pub(super) fn read(service: &Service<'_>, app: &mut App, room: &mut Room) {
    let Some(at) = given(&service.fields, "companions") else {
        return;
    };
    for (number, item) in rows(&at).into_iter().enumerate() {
        if let Some(companion) = one(service, item, number, app, room) {
            same_port(&companion, app, &at);
            app.companions.push(companion);
        }
    }
}

/// The error `port-taken` where another container of the pod listens on the port.
fn same_port(companion: &Companion, app: &App, at: &At<'_>) {
    let ports = |container: &Container| {
        let ports = container.ports.iter().flatten();
        ports.map(|port| port.container_port).collect::<Vec<_>>()
    };
    let Some(own) = ports(&companion.container).first().copied() else {
        return;
    };
    let before = app.companions.iter().map(|other| &other.container);
    let mut taken = std::iter::once(&app.main).chain(before).flat_map(ports);
    if let Some(first) = taken.find(|port| port.value == own.value) {
        let message = format!(
            "two containers in the pod of `{}` would listen on port {}",
            app.name.value, own.value
        );
        let said = Diagnostic::error("port-taken", own.span, message);
        let said = said.related(first.span, "the other one");
        at.push(said.help("let one of them listen on another port"));
    }
}

fn one(
    service: &Service<'_>,
    at: At<'_>,
    number: usize,
    app: &mut App,
    room: &mut Room,
) -> Option<Companion> {
    let fields = at.fields(format!("companion {number} of {}", service.fields.what()))?;
    fields.need("name")?;
    let name = name(&fields, "companion", number)?;
    let prefix = format!("{}-{}", service.name.value, name.value);
    let ports = given(&fields, "port").and_then(|at| port::one(&at));
    let mut container = Container {
        image: of_helper(&fields, None),
        ports: Some(ports.into_iter().collect()),
        environment: variable::read(service, &fields, &["env", "envVars"], &prefix),
        resources: resource::read(&fields).into(),
        ..Container::default()
    };
    command(&fields, &mut container);
    if let Some(at) = given(&fields, "volumes") {
        for item in rows(&at) {
            if let Some((volume, mount)) = volume::one(item, fields.what(), app, room) {
                container.mounts.push(mount);
                app.volumes.extend(volume);
            }
        }
    }
    let companion = Companion {
        dependencies: dependency::of_companion(service, &fields),
        name,
        container,
        on_service: None,
    };
    fields.get("_compose");
    pass_over_empty(&fields, KEYS);
    fields.finish();
    Some(companion)
}
