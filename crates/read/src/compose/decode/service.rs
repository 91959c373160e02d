//! One service, room by room.

use std::collections::BTreeSet;

use kubewright_knowledge::{Family, Role};
use kubewright_model::infrastructure::Infrastructure;
use kubewright_model::project::Entry;
use kubewright_model::{App, Located, Name, Workload};

use super::scope::Scope;
use super::services::Additions;
use super::{
    build, claim_label, command, dependency, deploy, develop, dns, environment, healthcheck, image,
    keys, kind, kompose, label, model, needs, network, port, pre_start, program, resource, route,
    security, source, volume,
};
use crate::fields::{At, Fields};

/// A service while it is decoded.
pub(super) struct Service<'a> {
    pub(super) scope: &'a Scope<'a>,
    /// Its name in the file.
    pub(super) key: &'a str,
    pub(super) name: Located<Name>,
    pub(super) fields: Fields<'a>,
    /// What is known of its image.
    pub(super) family: Option<&'static Family>,
    pub(super) tag: Option<String>,
    /// Whether another program takes the place of its image's server.
    pub(super) replaced: bool,
    pub(super) on_host_network: bool,
}

impl Service<'_> {
    /// Whether a path of the container is one where its image keeps its data.
    pub(super) fn keeps_data_at(&self, path: &str) -> bool {
        self.family.is_some_and(|family| {
            family.is_data_store()
                && family
                    .data_paths(self.tag.as_deref())
                    .any(|data| data.path == path || data.path.starts_with(&format!("{path}/")))
        })
    }
}

/// The entry that a service becomes.
pub(super) fn decode<'a>(
    key: Located<&'a str>,
    at: At<'a>,
    scope: &'a Scope<'a>,
    project: &mut Additions,
) -> Option<(Name, Entry)> {
    let fields = at.fields(format!("service `{}`", key.value))?;
    keys::settle(&fields, keys::SERVICE);
    let name = scope.names.get(key.value)?.clone();
    if fields.has("provider") && !fields.has("image") && !fields.has("build") {
        // Something else provides it: there is no container to run.
        let name = scope.names.get(key.value)?.clone();
        return Some((name.value, Entry::Disabled(Located::new((), name.span))));
    }
    let image = image::read(&fields, !scope.document.incomplete.contains(key.value));
    let known = image.known.as_deref().and_then(kubewright_knowledge::known);
    let service = Service {
        scope,
        key: key.value,
        name,
        family: known.as_ref().map(|known| known.family),
        replaced: known.is_some_and(|known| program::is_replaced(known.family, &fields)),
        tag: known.and_then(|known| known.tag.map(str::to_owned)),
        on_host_network: network::is_host(&fields),
        fields,
    };
    let app = app(&service, image, project);
    let is_infrastructure = service
        .family
        .is_some_and(|family| family.role == Role::Infrastructure)
        && !matches!(
            app.main.image,
            Some(kubewright_model::container::ImageSource::Build(_))
        );
    let mut app = app;
    if !is_infrastructure && app.main.ports.is_none() {
        let ports = service.family.map(port::of_family).unwrap_or_default();
        app.main.ports = Some(ports);
    }
    app.compact();
    if let Some(ports) = &mut app.main.ports {
        port::add_known(&service, ports);
    }
    service.fields.finish();
    let name = app.name.value.clone();
    let entry = match is_infrastructure {
        true => Entry::Infrastructure(Box::new(Infrastructure::SelfHosted(Box::new(app)))),
        false => Entry::App(Box::new(app)),
    };
    Some((name, entry))
}

fn app(service: &Service<'_>, image: image::Image, project: &mut Additions) -> App {
    let origin = Located::new(format!("service {}", service.key), service.name.span);
    let labels = label::read(service);
    let mut ports = port::read(service);
    let outside = route::read(service, &labels, &mut ports);
    let workload = kind::read(service, &labels, ports.is_some());
    let mut app = App::new(service.name.clone(), origin, workload);
    if matches!(app.workload, Workload::StatefulSet(_)) {
        // The other services of the project reach it by its name.
        app.service.ordinary = Some(Located::new(true, service.name.span));
    }
    app.main.image = build::read(service, image.image);
    app.main.pull_policy = image.pull_policy;
    app.placement.platform = image.platform;
    app.main.ports = ports;
    app.main.name = container_name(service);
    environment::read(service, &mut app);
    model::read(service, &mut app);
    command::read(service, &mut app);
    program::settle(service, &mut app);
    pre_start::read(service, &mut app);
    develop::read(service, &mut app);
    volume::read(service, &mut app, project);
    claim_label::apply(service, &labels, &mut app);
    volume::report_unkept(service, &app);
    needs::report(service, &app);
    source::read(service, &mut app);
    network::read(service, &mut app);
    dns::read(service, &mut app);
    dependency::read(service, &mut app);
    healthcheck::read(service, &mut app);
    resource::read(service, &mut app);
    security::read(service, &mut app);
    deploy::read(service, &mut app);
    outside.apply(&mut app, project);
    kompose::apply(service, &labels.kompose, &mut app, &mut project.routes);
    label::apply(labels, &mut app);
    app
}

fn container_name(service: &Service<'_>) -> Option<Located<Name>> {
    let text = service.fields.text("container_name")?;
    let at = service.fields.get("container_name")?;
    let name = at.checked(&text, Name::sanitised)?;
    if name.value.as_str() != text.value {
        at.note(
            "renamed",
            format!(
                "the container `{}` is called `{}` in Kubernetes",
                text.value, name.value
            ),
            "names of containers have lower-case letters, digits and `-` only",
        );
    }
    Some(name)
}

/// Names of one kind within an app, each given once.
#[derive(Default)]
pub(super) struct Taken(BTreeSet<Name>);

impl Taken {
    /// `wanted` as a name, with a number behind it where that is taken.
    pub(super) fn name(&mut self, wanted: &str) -> Name {
        let short: String = wanted.chars().take(50).collect();
        let base = Name::sanitised(&short)
            .or_else(|_| Name::parse("data"))
            .expect("a constant that is a name");
        let numbered = |number: usize| {
            let name = base.suffixed(&number.to_string());
            name.expect("a name of 50 characters has room for a number")
        };
        let free = std::iter::once(base.clone())
            .chain((2..).map(numbered))
            .find(|name| !self.0.contains(name))
            .expect("numbers do not end");
        self.0.insert(free.clone());
        free
    }

    /// Takes a name that is given.
    pub(super) fn take(&mut self, name: &Name) {
        self.0.insert(name.clone());
    }
}
