//! Where a route leads: a Service, where it is, and how it is reached.

use kubewright_model::gateway::{Route, TargetPort, TargetService};
use kubewright_model::scaling::{KedaHttp, Scaling};
use kubewright_model::service::{Port, Protocol, ServiceKind};
use kubewright_model::{App, Entry, Located, Name, Project};
use kubewright_source::{Diagnostic, Diagnostics, suggest};

use crate::scaling::http as interceptor;
use crate::{Lowering, aspect, service};

/// The port of a Service of which nothing is known.
const USUAL_PORT: i32 = 80;

/// A Service that a route leads to.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    /// What it is called where the route names it.
    pub(super) service: &'a str,
    /// Its port there.
    pub(super) port: i32,
    /// The port of the pods behind it, where they are ours.
    pub(super) container_port: Option<i32>,
    /// The pod itself speaks TLS.
    pub(super) to_tls: bool,
    pub(super) place: Place,
}

/// How a Service is reached from the routes' namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is of the same.
    Here,
    /// It is of another.
    Elsewhere { namespace: String },
    /// By the interceptor of KEDA, which knows it by this host.
    Interceptor { host: String },
}

/// The entry that a route leads to, where it leads to one: a Service of another
/// namespace may be an entry that lives there.
pub(crate) fn entry<'a>(project: &'a Project, target: &'a TargetService) -> Option<&'a Name> {
    match target {
        TargetService::Entry(name) => Some(name),
        TargetService::ComposeService { .. } => None,
        TargetService::Foreign { service, namespace } => {
            let app = project.entries.get(service).and_then(Entry::app)?;
            let own = app.namespace.as_ref().map(|own| own.value.as_str());
            let facts = project.facts.namespace.as_ref();
            let of_facts = || facts.map(|facts| facts.name.value.as_str());
            let lives = own.or_else(of_facts).unwrap_or("default");
            (lives == namespace.as_str()).then_some(service)
        }
    }
}

/// The Service of a route, seen from the namespace of the routes' objects; none
/// where there is none, which was or is reported.
pub(super) fn find<'a>(
    lowering: &Lowering<'a>,
    route: &'a Route,
    home: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Option<Target<'a>> {
    let project = lowering.project;
    if let Some(name) = entry(project, &route.target.service.value) {
        let entry = project.entries.get(name)?;
        let infrastructure = matches!(entry, Entry::Infrastructure(_));
        let app = entry.app()?;
        let lives = aspect::namespace(lowering, app.namespace.as_ref());
        return ours(
            lowering,
            app,
            infrastructure,
            lives,
            route,
            home,
            diagnostics,
        );
    }
    match &route.target.service.value {
        // An entry that is not there: reported with all routes at hand.
        TargetService::Entry(_) => None,
        TargetService::ComposeService {
            project: of,
            service,
        } => {
            let Entry::Compose(of) = project.entries.get(of)? else {
                return None;
            };
            let app = of.project.entries.get(service)?.app()?;
            let facts = &of.project.facts;
            let own = app.namespace.as_ref();
            let own = own.or(facts.namespace.as_ref().map(|namespace| &namespace.name));
            let lives = aspect::namespace(lowering, own);
            ours(lowering, app, false, lives, route, home, diagnostics)
        }
        TargetService::Foreign { service, namespace } => {
            let place = place(Some(namespace.as_str()), home);
            let port = foreign_port(route, diagnostics)?;
            Some(Target {
                service: service.as_str(),
                port,
                container_port: None,
                to_tls: port == 443,
                place,
            })
        }
    }
}

/// A namespace that nobody names is `default`.
fn place(lives: Option<&str>, home: Option<&str>) -> Place {
    let lives = lives.unwrap_or("default");
    match lives == home.unwrap_or("default") {
        true => Place::Here,
        false => Place::Elsewhere {
            namespace: lives.to_owned(),
        },
    }
}

fn ours<'a>(
    lowering: &Lowering<'a>,
    app: &'a App,
    infrastructure: bool,
    lives: Option<String>,
    route: &Route,
    home: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Option<Target<'a>> {
    let ports = service::ports(app, infrastructure);
    let port = port(app, &ports, route, diagnostics)?;
    let number = port.service_number().map_or(0, |port| port.get());
    let place = match app.workload.scaling() {
        Some(Scaling::KedaHttp(http)) => {
            diagnostics.extend(other_port(app, http, &ports, port, route));
            Place::Interceptor {
                host: interceptor::host(lowering, app),
            }
        }
        Some(
            Scaling::Fixed(_) | Scaling::Hpa(_) | Scaling::KedaQueue(_) | Scaling::KedaCron(_),
        )
        | None => place(lives.as_deref(), home),
    };
    let direct = !matches!(place, Place::Interceptor { .. });
    Some(Target {
        service: app.name.as_str(),
        port: i32::from(number),
        container_port: Some(i32::from(port.container_port.get())),
        to_tls: direct && speaks_tls(port),
        place,
    })
}

/// The interceptor leads to one port of an app, whatever route a request took.
fn other_port(
    app: &App,
    http: &KedaHttp,
    ports: &[Port],
    wanted: &Port,
    route: &Route,
) -> Option<Diagnostic> {
    let tcp = |port: &&Port| port.protocol == Protocol::Tcp && port.service_number().is_some();
    let mut shown = ports.iter().filter(tcp);
    let scaled = match &http.port {
        Some(name) => {
            shown.find(|port| port.name.as_ref().map(|own| &own.value) == Some(&name.value))
        }
        None => shown.next(),
    };
    let number = scaled?.service_number()?;
    if Some(number) == wanted.service_number() {
        return None;
    }
    let name = app.name.as_str();
    let text = format!(
        "`{name}` is scaled by the requests that come to its port {number}, and KEDA's \
         interceptor leads to no other"
    );
    let said = Diagnostic::error("not-here", route.target.service.span, text);
    Some(said.help("leave the route's port out, or choose another way of scaling"))
}

/// Whether what listens there wants TLS: by its word, or by its number.
fn speaks_tls(port: &Port) -> bool {
    match &port.app_protocol {
        Some(protocol) => matches!(protocol.as_str(), "https" | "kubernetes.io/wss"),
        None => matches!(port.container_port.get(), 443 | 8443 | 9443),
    }
}

/// The port of a Service that is not ours.
fn foreign_port(route: &Route, diagnostics: &mut Diagnostics) -> Option<i32> {
    match &route.target.port {
        None => Some(USUAL_PORT),
        Some(TargetPort::Number(number)) => Some(i32::from(number.value.get())),
        Some(TargetPort::Name(name)) => {
            let text = format!(
                "port `{}` is of a Service outside of the project, whose numbers are not known",
                name.value
            );
            let said = Diagnostic::error("needs-port", name.span, text);
            diagnostics.push(said.help("write the number of the Service's port"));
            None
        }
    }
}

/// The port that a route names, else the app's primary one.
fn port<'p>(
    app: &App,
    ports: &'p [Port],
    route: &Route,
    diagnostics: &mut Diagnostics,
) -> Option<&'p Port> {
    let none = app.service.kind.as_ref().map(|kind| kind.value) == Some(ServiceKind::None);
    let mut shown = ports
        .iter()
        .filter(|port| !none && port.service_number().is_some());
    let found = match &route.target.port {
        None => shown.next(),
        Some(TargetPort::Number(number)) => {
            shown.find(|port| port.service_number() == Some(number.value))
        }
        Some(TargetPort::Name(name)) => {
            shown.find(|port| port.name.as_ref().map(|own| &own.value) == Some(&name.value))
        }
    };
    if found.is_none() {
        diagnostics.push(needs_port(app, ports, route));
    }
    found
}

fn needs_port(app: &App, ports: &[Port], route: &Route) -> Diagnostic {
    let service = &route.target.service;
    let name = app.name.as_str();
    let wanted: Option<(Located<()>, String)> = route.target.port.as_ref().map(|port| match port {
        TargetPort::Number(port) => (port.map(|_| ()), port.value.to_string()),
        TargetPort::Name(port) => (Located::new((), port.span), port.value.to_string()),
    });
    let Some((place, wanted)) = wanted else {
        let text = format!(
            "route `{}` goes to `{name}`, which has no port",
            route.path.value
        );
        return Diagnostic::error("needs-port", service.span, text)
            .help("say which port it listens on");
    };
    let known: Vec<String> = ports
        .iter()
        .filter_map(|port| Some(port.service_number()?.to_string()))
        .collect();
    let known = suggest::list(known.iter().map(String::as_str));
    let text = format!("`{name}` has no port `{wanted}` that a route could go to");
    Diagnostic::error("needs-port", place.span, text).help(match known.is_empty() {
        true => "say which port it listens on".to_owned(),
        false => format!("its ports are {known}"),
    })
}
