//! How the outside gets in: routes and public Services.
//!
//! - `way`: a route with all that holds for it, its target found;
//! - `check`: what only the whole project shows: targets that are not there, and
//!   two apps that want the same requests;
//! - `ingress`: Ingresses, in the words of each controller (`annotation`);
//! - `gateway_api`: HTTPRoutes and a Gateway;
//! - `node_port`: ports of nodes that two apps want;
//! - `public_service`: a Service of type NodePort or LoadBalancer.

mod annotation;
mod check;
mod gateway_api;
mod ingress;
mod node_port;
mod public_service;
mod way;

use std::collections::BTreeMap;

use kubewright_model::gateway::{Gateway, Route, TargetService};
use kubewright_model::{App, Name, Project};
use kubewright_objects::Object;
use kubewright_source::Diagnostics;

use crate::Lowering;
use crate::aspect::{Aspect, Draft, Scope};
pub(crate) use public_service::ports as public_ports;
use way::Way;

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    public_service::add(scope, draft);
    let gateway = scope.lowering.project.gateway.as_ref();
    let Some(gateway) = gateway.filter(|gateway| gateway.name.is_none()) else {
        return;
    };
    let owner = Owner {
        base: scope.name(),
        metadata: &|name| scope.metadata(name),
        object: &|body| scope.object(body),
    };
    let (lowering, app) = (scope.lowering, scope.app);
    let ways = ways(
        lowering,
        gateway,
        app,
        scope.infrastructure,
        &mut draft.diagnostics,
    );
    let made = objects(&owner, lowering.project, &ways, &mut draft.diagnostics);
    draft.objects.extend(made);
}

/// Whose objects the routes become.
struct Owner<'a> {
    /// What their names begin with.
    base: &'a str,
    metadata: &'a dyn Fn(String) -> k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta,
    object: &'a dyn Fn(kubewright_objects::Body) -> Object,
}

/// The objects of routes that share one object of a given name, and what can
/// only be seen in all of them.
pub(crate) fn shared(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let project = lowering.project;
    node_port::check(project, diagnostics);
    let Some(gateway) = &project.gateway else {
        return Vec::new();
    };
    check::project(project, gateway, diagnostics);
    let mut made: Vec<Object> = Vec::new();
    made.extend(gateway_api::gateway(lowering, gateway, diagnostics));
    let Some(name) = &gateway.name else {
        return made;
    };
    let mut all = Vec::new();
    for (entry, infrastructure) in entries(project) {
        all.extend(ways(lowering, gateway, entry, infrastructure, diagnostics));
    }
    let origin = kubewright_objects::Origin {
        span: name.span,
        label: "the gateway".to_owned(),
    };
    let owner = Owner {
        base: name.as_str(),
        metadata: &|name| crate::shared::metadata(lowering, &name),
        object: &|body| Object::new(body, origin.clone()),
    };
    made.extend(objects(&owner, project, &all, diagnostics));
    made
}

fn entries(project: &Project) -> impl Iterator<Item = (&App, bool)> {
    project.entries.values().filter_map(|entry| {
        let infrastructure = matches!(entry, kubewright_model::Entry::Infrastructure(_));
        Some((entry.app()?, infrastructure))
    })
}

fn ways<'a>(
    lowering: &Lowering<'a>,
    gateway: &'a Gateway,
    app: &'a App,
    infrastructure: bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Way<'a>> {
    let routes = lowering.routes.of(&app.name.value);
    let found = routes
        .iter()
        .map(|route| way::find(lowering, gateway, app, infrastructure, route, diagnostics));
    found.flatten().collect()
}

fn objects(
    owner: &Owner<'_>,
    project: &Project,
    ways: &[Way<'_>],
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let mut made = ingress::objects(owner, ways, diagnostics);
    made.extend(gateway_api::objects(owner, project, ways, diagnostics));
    made
}

/// The routes of a project by the app that they lead to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes<'a>(BTreeMap<&'a Name, Vec<&'a Route>>);

impl<'a> Routes<'a> {
    pub(crate) fn new(project: &'a Project) -> Self {
        let mut routes: BTreeMap<&Name, Vec<&Route>> = BTreeMap::new();
        for route in project.gateway.iter().flat_map(|gateway| &gateway.routes) {
            if let TargetService::Entry(name) = &route.target.service.value {
                routes.entry(name).or_default().push(route);
            }
        }
        Self(routes)
    }

    /// Routes that lead to that app, in the order of the input.
    pub(crate) fn of(&self, app: &Name) -> &[&'a Route] {
        self.0.get(app).map_or(&[], Vec::as_slice)
    }

    /// Whether the app is reached by a route, so by whatever brings routes in.
    pub(crate) fn reach(&self, app: &Name) -> bool {
        self.0.contains_key(app)
    }
}
