//! How the outside gets in: routes and public Services.
//!
//! - `check`: what only the whole project shows: targets that are not there, and
//!   two apps that want the same requests;
//! - `crate::gateway`: what routes become;
//! - `node_port`: ports of nodes that two apps want;
//! - `public_service`: a Service of type NodePort or LoadBalancer.

mod check;
mod node_port;
mod public_service;

use std::collections::BTreeMap;

use kubewright_model::gateway::{Gateway, Route, TargetService};
use kubewright_model::{App, Name, Project, Span};
use kubewright_objects::{Object, Origin};
use kubewright_source::Diagnostics;

use crate::aspect::{Aspect, Draft, Scope};
use crate::gateway::Owner;
use crate::{Lowering, gateway};
pub(crate) use public_service::ports as public_ports;

pub(crate) const ASPECT: Aspect = Aspect {
    pod,
    ..Aspect::NONE
};

fn pod(scope: &Scope<'_>, draft: &mut Draft) {
    public_service::add(scope, draft);
    let routes = scope.lowering.project.gateway.as_ref();
    let Some(routes) = routes.filter(|gateway| gateway.name.is_none()) else {
        return;
    };
    let owner = Owner {
        base: scope.name(),
        namespace: scope.namespace(),
        of_app: true,
        metadata: &|name| scope.metadata(name),
        object: &|body| scope.object(body),
    };
    let lowering = scope.lowering;
    let own = lowering.routes.of(&scope.app.name.value).iter().copied();
    let made = lowered(lowering, routes, own, &owner, &mut draft.diagnostics);
    draft.objects.extend(made);
}

/// The objects of the project's gateway, and what can only be seen in all routes.
pub(crate) fn shared(lowering: &Lowering<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let project = lowering.project;
    node_port::check(project, diagnostics);
    let Some(routes) = &project.gateway else {
        return Vec::new();
    };
    check::project(project, routes, diagnostics);
    let mut made: Vec<Object> = Vec::new();
    made.extend(gateway::gateway(lowering, routes, diagnostics));
    let first = routes.routes.first().map(|route| route.path.span);
    let named = routes.name.as_ref();
    let origin = Origin {
        span: named.map(|name| name.span).or(first).unwrap_or(Span::NONE),
        label: "the gateway".to_owned(),
    };
    let owner = Owner {
        base: named.map_or("gateway", |name| name.as_str()),
        namespace: crate::aspect::namespace(lowering, None),
        of_app: false,
        metadata: &|name| crate::shared::metadata(lowering, &name),
        object: &|body| Object::new(body, origin.clone()),
    };
    // Where apps have routes of their own, only what leads to no app is left.
    let is_ours = |route: &&Route| {
        let target = &route.target.service.value;
        named.is_some() || gateway::target_entry(project, target).is_none()
    };
    let ours = routes.routes.iter().filter(is_ours);
    made.extend(lowered(lowering, routes, ours, &owner, diagnostics));
    made
}

fn entries(project: &Project) -> impl Iterator<Item = (&App, bool)> {
    project.entries.values().filter_map(|entry| {
        let infrastructure = matches!(entry, kubewright_model::Entry::Infrastructure(_));
        Some((entry.app()?, infrastructure))
    })
}

fn lowered<'a>(
    lowering: &Lowering<'a>,
    gateway: &'a Gateway,
    routes: impl Iterator<Item = &'a Route>,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let home = owner.namespace.as_deref();
    let mut ways = Vec::new();
    for route in routes {
        ways.extend(gateway::find(lowering, gateway, route, home, diagnostics));
    }
    gateway::objects(owner, lowering, &ways, diagnostics)
}

/// The routes of a project by the app that they lead to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes<'a>(BTreeMap<&'a Name, Vec<&'a Route>>);

impl<'a> Routes<'a> {
    pub(crate) fn new(project: &'a Project) -> Self {
        let mut routes: BTreeMap<&Name, Vec<&Route>> = BTreeMap::new();
        for route in project.gateway.iter().flat_map(|gateway| &gateway.routes) {
            if let Some(name) = gateway::target_entry(project, &route.target.service.value) {
                routes.entry(name).or_default().push(route);
            }
        }
        Self(routes)
    }

    /// The routes of a project's gateway into a compose project within it.
    pub(crate) fn into_compose(project: &'a Project, within: &Name) -> Self {
        let mut routes: BTreeMap<&Name, Vec<&Route>> = BTreeMap::new();
        for route in project.gateway.iter().flat_map(|gateway| &gateway.routes) {
            if let TargetService::ComposeService {
                project: of,
                service,
            } = &route.target.service.value
                && of == within
            {
                routes.entry(service).or_default().push(route);
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
