//! A route for one host with all that holds for it: what it leads to, and what
//! the gateway and the environment say where the route says nothing.

use std::collections::BTreeSet;

use kubewright_model::gateway::{Controller, Gateway, Method, PathType, Route, Switch, Tls};
use kubewright_model::{Located, Project};
use kubewright_source::Diagnostics;

use super::policy::Policy;
use super::target::{self, Target};
use crate::Lowering;

/// A route for one host whose target is found.
#[derive(Clone, Debug)]
pub(crate) struct Way<'a> {
    pub(super) route: &'a Route,
    /// None: any.
    pub(super) host: Option<&'a str>,
    /// The host is one that routes have which name none.
    pub(super) is_usual_host: bool,
    pub(super) target: Target<'a>,
    pub(super) tls: Tls,
    pub(super) controller: Controller,
    pub(super) class: Option<&'a str>,
    /// The name of the project's own Gateway.
    pub(super) gateway_name: &'a str,
    /// The namespace of the routes' objects.
    pub(super) home: String,
    /// Each app has a way in of its own, made of what another program was told:
    /// what cannot be carried is left out and said.
    pub(super) of_app: bool,
    /// The gateway's word on sending on to TLS.
    pub(super) redirect: Option<&'a Located<bool>>,
    pub(super) policy: Policy<'a>,
}

impl Way<'_> {
    pub(super) fn path(&self) -> &str {
        &self.route.path.value
    }

    pub(super) fn path_type(&self) -> PathType {
        let given = self.route.path_type.as_ref();
        given.map_or(PathType::Prefix, |given| given.value)
    }

    pub(super) fn is_exact(&self) -> bool {
        self.path_type() == PathType::Exact
    }

    pub(super) fn has_tls(&self) -> bool {
        self.tls != Tls::Off
    }

    /// Whether requests without TLS are sent on to TLS.
    pub(super) fn redirects(&self) -> bool {
        self.has_tls() && self.redirect.is_none_or(|word| word.value)
    }

    /// What takes the place of the matched path, without a `/` at its end, and
    /// who asked for it.
    pub(super) fn rewritten(&self) -> Option<Located<&str>> {
        let route = self.route;
        if let Some(to) = &route.rewrite_to {
            return Some(Located::new(to.value.trim_end_matches('/'), to.span));
        }
        let strip = route.strip_prefix.as_ref().filter(|strip| strip.value)?;
        (self.path() != "/").then(|| Located::new("", strip.span))
    }

    /// The methods that are let through; empty: all. Questions of other origins
    /// come by OPTIONS, so it is among them where such are answered.
    pub(super) fn methods(&self) -> BTreeSet<Method> {
        let mut methods: BTreeSet<Method> = self
            .route
            .methods
            .iter()
            .map(|method| method.value)
            .collect();
        if !methods.is_empty() && self.policy.cors.is_some() {
            methods.insert(Method::Options);
        }
        methods
    }

    /// Whether the route says nothing but path and target, so that it stands
    /// with others of its kind.
    pub(super) fn is_plain(&self) -> bool {
        let route = self.route;
        let own = &route.policy;
        let is_direct = !matches!(self.target.place, target::Place::Interceptor { .. });
        is_direct
            && !self.target.to_tls
            && route.class.is_none()
            && route.controller.is_none()
            && route.strip_prefix.is_none()
            && route.rewrite_to.is_none()
            && route.methods.is_empty()
            && *own == kubewright_model::gateway::RoutePolicy::default()
    }
}

/// A path where one is needed.
pub(super) fn or_root(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

/// The ways of a route, one for each host, for objects of that namespace.
pub(crate) fn find<'a>(
    lowering: &Lowering<'a>,
    gateway: &'a Gateway,
    route: &'a Route,
    home: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Vec<Way<'a>> {
    let project = lowering.project;
    let Some(target) = target::find(lowering, route, home, diagnostics) else {
        return Vec::new();
    };
    let of_facts = project.facts.ingress.as_ref();
    let of_facts = of_facts.and_then(|ingress| ingress.class.as_ref());
    let class = route.class.as_ref().or(of_facts);
    let usual = usual_hosts(project, gateway);
    let controller = controller(project, gateway, route);
    let ways = hosts(project, gateway, route).into_iter().map(|host| Way {
        route,
        host,
        is_usual_host: usual.contains(&host),
        target: target.clone(),
        tls: tls(project, gateway, route),
        controller,
        class: class.map(|class| class.as_str()),
        gateway_name: super::gateway_object::name(gateway),
        home: home.unwrap_or("default").to_owned(),
        of_app: gateway.name.is_none(),
        redirect: gateway.https_redirect.as_ref(),
        policy: Policy::of(&route.policy, &gateway.policy),
    });
    ways.collect()
}

/// Whose matter a route is: its own word, else its class's, else the
/// environment's. A class of a name of its own (`internal`) is the environment's
/// controller's, except where each app has a way in of its own: there nobody
/// said that all are one controller's.
pub(super) fn controller(project: &Project, gateway: &Gateway, route: &Route) -> Controller {
    if let Some(own) = &route.controller {
        return own.value;
    }
    let of_facts = project.facts.ingress.as_ref();
    let of_facts = of_facts.map(|ingress| ingress.controller.value);
    let of_class = route.class.as_ref();
    let of_class = of_class.map(|class| Controller::of_class(class.as_str()));
    match of_class {
        Some(Controller::Generic) if gateway.name.is_some() => of_facts.unwrap_or_default(),
        Some(of_class) => of_class,
        None => of_facts.unwrap_or_default(),
    }
}

/// Whether a route is a matter of the Gateway API.
pub(super) fn is_of_gateway_api(project: &Project, gateway: &Gateway, route: &Route) -> bool {
    controller(project, gateway, route) == Controller::GatewayApi
}

/// Whether a route's controller can tell requests of one path apart by method.
pub(crate) fn admits_methods(project: &Project, gateway: &Gateway, route: &Route) -> bool {
    match controller(project, gateway, route) {
        Controller::GatewayApi => true,
        Controller::Traefik => gateway.name.is_some(),
        Controller::Generic | Controller::Haproxy | Controller::Nginx => false,
    }
}

/// The hosts that a route is for: its own, else the gateway's, else the
/// environment's domain; none stands for any host.
pub(crate) fn hosts<'a>(
    project: &'a Project,
    gateway: &'a Gateway,
    route: &'a Route,
) -> Vec<Option<&'a str>> {
    match &route.host {
        Some(host) => vec![Some(host.as_str())],
        None => usual_hosts(project, gateway),
    }
}

fn usual_hosts<'a>(project: &'a Project, gateway: &'a Gateway) -> Vec<Option<&'a str>> {
    if !gateway.hosts.is_empty() {
        let hosts = gateway.hosts.iter();
        return hosts.map(|host| Some(host.as_str())).collect();
    }
    let domain = project.facts.domain.as_ref();
    vec![domain.map(|domain| domain.as_str())]
}

/// Transport encryption of a route.
pub(super) fn tls(project: &Project, gateway: &Gateway, route: &Route) -> Tls {
    let said = [&route.policy.tls, &gateway.policy.tls];
    let said = said.into_iter().find_map(|switch| match switch {
        Switch::Unsaid => None,
        Switch::Off(_) => Some(Tls::Off),
        Switch::On(tls) => Some(tls.value.clone()),
    });
    let of_environment = || project.facts.tls.clone().filter(|tls| *tls != Tls::Off);
    match said {
        // Switched on: with what the environment has for it.
        Some(Tls::Default) => of_environment().unwrap_or(Tls::Default),
        Some(said) => said,
        None => of_environment().unwrap_or(Tls::Off),
    }
}
