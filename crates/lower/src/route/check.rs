//! What only the whole project shows: routes that lead nowhere, and requests or
//! ports that two apps want.

use std::collections::BTreeMap;

use kubewright_model::gateway::{Controller, Gateway, PathType, Route, TargetService};
use kubewright_model::{Entry, Located, Project, Span};
use kubewright_source::{Diagnostic, Diagnostics};

use super::way;

/// Checks all routes.
pub(super) fn project(project: &Project, gateway: &Gateway, diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<(Option<&str>, &str, PathType), &Route> = BTreeMap::new();
    let mut without_host: Vec<&Route> = Vec::new();
    for route in &gateway.routes {
        diagnostics.extend(leads_nowhere(project, route));
        let path_type = route
            .path_type
            .as_ref()
            .map_or(PathType::Prefix, |it| it.value);
        for host in way::hosts(project, gateway, route) {
            if host.is_none() {
                without_host.push(route);
            }
            let key = (host, route.path.value.as_str(), path_type);
            match taken.get(&key) {
                Some(first) if !same_target(first, route) => {
                    diagnostics.push(meet(first, route, host));
                }
                Some(_) => {}
                None => {
                    taken.insert(key, route);
                }
            }
        }
    }
    diagnostics.extend(any_host(&without_host));
    diagnostics.extend(retired(project, gateway));
}

/// <https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/>
fn retired(project: &Project, gateway: &Gateway) -> Option<Diagnostic> {
    let of_facts = project
        .facts
        .ingress
        .as_ref()
        .map(|ingress| ingress.controller);
    let of_facts = of_facts.filter(|_| !gateway.routes.is_empty());
    let of_routes = gateway.routes.iter().filter_map(|route| {
        let class = route.class.as_ref()?;
        Some(Located::new(
            Controller::of_class(class.as_str()),
            class.span,
        ))
    });
    let mut all = of_facts.into_iter().chain(of_routes);
    let found = all.find(|controller| controller.value == Controller::Nginx)?;
    Some(
        Diagnostic::warning(
            "retired-controller",
            found.span,
            "ingress-nginx is retired: it gets no fixes any more, not even of security",
        )
        .help("choose another controller, for example with `--ingress-class haproxy`, or `--expose gateway`"),
    )
}

fn same_target(a: &Route, b: &Route) -> bool {
    a.target.service.value == b.target.service.value && a.target.port == b.target.port
}

fn target(route: &Route) -> String {
    match &route.target.service.value {
        TargetService::Entry(name) => name.to_string(),
        TargetService::ComposeService { project, service } => format!("{project}.{service}"),
        TargetService::Foreign { service, namespace } => format!("{service}.{namespace}"),
    }
}

/// Where the route's wish stands.
fn place(route: &Route) -> Span {
    match &route.host {
        Some(host) => host.span,
        None => route.path.span,
    }
}

fn meet(first: &Route, second: &Route, host: Option<&str>) -> Diagnostic {
    let address = format!("{}{}", host.unwrap_or_default(), second.path.value);
    let (one, two) = (target(first), target(second));
    let text = match one == two {
        true => format!("`{address}` is routed to two ports of `{one}`"),
        false => format!("`{address}` is routed to `{one}` and to `{two}`"),
    };
    let said = Diagnostic::error("name-taken", place(second), text)
        .related(place(first), format!("`{one}` takes it here"));
    match host {
        Some(_) => said.help("give one of the two another host or another path"),
        None => said.help("name a domain, so that each of the two has a host of its own"),
    }
}

/// A target that is no app of the project.
fn leads_nowhere(project: &Project, route: &Route) -> Option<Diagnostic> {
    let service = &route.target.service;
    let TargetService::Entry(name) = &service.value else {
        return Some(
            Diagnostic::warning(
                "not-carried",
                service.span,
                format!(
                    "a route to `{}`, outside of the project, is not written yet",
                    target(route)
                ),
            )
            .help("add it to the manifests by hand"),
        );
    };
    match project.entries.get(name) {
        Some(entry) if entry.app().is_some() => None,
        Some(Entry::Disabled(_)) => Some(
            Diagnostic::warning(
                "not-carried",
                service.span,
                format!("a route leads to `{name}`, which is switched off here, and is left out"),
            )
            .help("switch it on, or remove the route"),
        ),
        Some(_) => Some(
            Diagnostic::warning(
                "not-carried",
                service.span,
                format!("a route to `{name}`, which is no app, is not written yet"),
            )
            .help("add it to the manifests by hand"),
        ),
        None => {
            let names = project.entries.keys().map(|name| name.as_str());
            let help = match kubewright_source::suggest::nearest(name.as_str(), names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name an app of the project".to_owned(),
            };
            let text = format!("a route leads to `{name}`, which is not there");
            Some(Diagnostic::error("unknown-name", service.span, text).help(help))
        }
    }
}

/// One note for all routes that answer to any host.
fn any_host(routes: &[&Route]) -> Option<Diagnostic> {
    let first = routes.first()?;
    let said = Diagnostic::note(
        "no-domain",
        place(first),
        format!(
            "`{}` answers to any host: no domain is known",
            target(first)
        ),
    );
    Some(said.help("name a domain with `--domain example.com`, so that it has a host of its own"))
}
