//! What only the whole project shows: routes that lead nowhere, and requests or
//! ports that two apps want.

use std::collections::BTreeMap;

use kubewright_model::compose::ComposeProject;
use kubewright_model::gateway::{Controller, Gateway, PathType, Route, TargetService};
use kubewright_model::{Entry, Located, Name, Project, Span};
use kubewright_source::{Diagnostic, Diagnostics};

use crate::gateway::{admits_methods, hosts};

/// Checks all routes.
pub(super) fn project(project: &Project, gateway: &Gateway, diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<(Option<&str>, &str, PathType), Vec<&Route>> = BTreeMap::new();
    let mut without_host: Vec<&Route> = Vec::new();
    for route in &gateway.routes {
        diagnostics.extend(leads_nowhere(project, route));
        let path_type = route
            .path_type
            .as_ref()
            .map_or(PathType::Prefix, |it| it.value);
        for host in hosts(project, gateway, route) {
            if host.is_none() {
                without_host.push(route);
            }
            let key = (host, route.path.value.as_str(), path_type);
            let others = taken.entry(key).or_default();
            let first = others
                .iter()
                .find(|first| clash(project, gateway, first, route));
            match first {
                Some(first) => diagnostics.push(meet(first, route, host)),
                None => others.push(route),
            }
        }
    }
    diagnostics.extend(any_host(&without_host));
    diagnostics.extend(retired(project, gateway));
}

/// Whether two routes of one path want the same requests for different things.
fn clash(project: &Project, gateway: &Gateway, first: &Route, second: &Route) -> bool {
    let of_apps = gateway.name.is_none();
    if same_target(first, second) && (of_apps || same_words(first, second)) {
        return false;
    }
    let told_apart = [first, second]
        .iter()
        .all(|route| admits_methods(project, gateway, route));
    !(told_apart && have_own_methods(first, second))
}

/// Whether two routes do the same to their requests.
fn same_words(a: &Route, b: &Route) -> bool {
    a.strip_prefix == b.strip_prefix
        && a.rewrite_to == b.rewrite_to
        && a.methods == b.methods
        && a.class == b.class
        && a.controller == b.controller
        && a.policy == b.policy
}

/// Whether no method is of both; one may be for all that the other leaves.
fn have_own_methods(a: &Route, b: &Route) -> bool {
    if a.methods.is_empty() || b.methods.is_empty() {
        return a.methods.is_empty() != b.methods.is_empty();
    }
    !a.methods.iter().any(|method| b.methods.contains(method))
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
    let text = match (one == two, same_target(first, second)) {
        (true, true) => format!("`{address}` is routed to `{one}` in two ways"),
        (true, false) => format!("`{address}` is routed to two ports of `{one}`"),
        (false, _) => format!("`{address}` is routed to `{one}` and to `{two}`"),
    };
    let said = Diagnostic::error("name-taken", place(second), text)
        .related(place(first), format!("`{one}` takes it here"));
    match host {
        Some(_) => said.help("give one of the two another host or another path"),
        None => said.help("name a domain, so that each of the two has a host of its own"),
    }
}

/// A target that is not there, or no app.
fn leads_nowhere(project: &Project, route: &Route) -> Option<Diagnostic> {
    let service = &route.target.service;
    match &service.value {
        TargetService::Foreign { .. } => None,
        TargetService::Entry(name) => match project.entries.get(name) {
            Some(entry) if entry.app().is_some() => None,
            Some(Entry::Disabled(_)) => Some(switched_off(name, service.span)),
            Some(Entry::Compose(of)) => Some(no_service(name, of, service.span)),
            Some(_) => Some(no_app(name, service.span)),
            None => {
                let names = project.entries.keys().map(|name| name.as_str());
                Some(unknown(
                    name.as_str(),
                    service.span,
                    names,
                    "an app of the project",
                ))
            }
        },
        TargetService::ComposeService {
            project: of,
            service: name,
        } => match project.entries.get(of) {
            Some(Entry::Compose(compose)) if compose.project.entries.contains_key(name) => None,
            Some(Entry::Compose(compose)) => {
                let names = compose.project.entries.keys().map(|name| name.as_str());
                let what = target(route);
                Some(unknown(&what, service.span, names, "a service of it"))
            }
            Some(Entry::Disabled(_)) => Some(switched_off(of, service.span)),
            Some(_) => Some(no_app(of, service.span)),
            None => {
                let names = project.entries.keys().map(|name| name.as_str());
                Some(unknown(
                    of.as_str(),
                    service.span,
                    names,
                    "a compose project",
                ))
            }
        },
    }
}

fn switched_off(name: &Name, span: Span) -> Diagnostic {
    let text = format!("a route leads to `{name}`, which is switched off here, and is left out");
    Diagnostic::warning("not-carried", span, text).help("switch it on, or remove the route")
}

fn no_app(name: &Name, span: Span) -> Diagnostic {
    let text = format!("a route to `{name}`, which is no app, is not written yet");
    Diagnostic::warning("not-carried", span, text).help("add it to the manifests by hand")
}

fn no_service(name: &Name, of: &ComposeProject, span: Span) -> Diagnostic {
    let first = of.project.entries.keys().next();
    let first = first.map_or("web", |name| name.as_str());
    let text =
        format!("a route leads to `{name}`, which is a compose project and has many services");
    Diagnostic::error("unknown-name", span, text)
        .help(format!("name one of them, like `{name}.{first}`"))
}

fn unknown<'a>(
    name: &str,
    span: Span,
    known: impl Iterator<Item = &'a str>,
    what: &str,
) -> Diagnostic {
    let last = name.rsplit('.').next().unwrap_or(name);
    let help = match kubewright_source::suggest::nearest(last, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("name {what}"),
    };
    let text = format!("a route leads to `{name}`, which is not there");
    Diagnostic::error("unknown-name", span, text).help(help)
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
