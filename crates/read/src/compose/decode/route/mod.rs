//! How a service is reached from outside: `--expose`, a domain, and what labels
//! say.
//!
//! - [`Wish`]: one way in that a label asks for, whoever's label it is;
//! - `own`: our own labels, `kubewright.expose`, `.host`, `.path` and `.port`;
//! - [`kompose`]: its labels that say the same as ours;
//! - [`traefik`]: routers of Traefik;
//! - [`nginx_proxy`]: hosts in the variables of nginx-proxy;
//! - [`caddy`]: sites in the labels of caddy-docker-proxy;
//! - `foreign`: how labels of other programs are found;
//! - `http`: which ports look like HTTP;
//! - `published`: the note on ports that nothing leads to.

pub(super) mod caddy;
mod foreign;
mod http;
pub(super) mod kompose;
pub(super) mod nginx_proxy;
mod own;
mod published;
pub(super) mod traefik;

use std::collections::BTreeMap;

use kubewright_model::compose::Expose;
use kubewright_model::gateway::{
    Controller, PathType, Route, RoutePolicy, RouteTarget, TargetPort, TargetService,
};
use kubewright_model::service::{ExternalTraffic, Port as ModelPort, PublicKind, PublicService};
use kubewright_model::value::{Host, Port};
use kubewright_model::{App, Given, Located, Name, ObjectName, Project, Span};
use kubewright_source::Severity;

use super::label::Labels;
use super::service::Service;
use super::services::Additions;
use http::Likeness;

/// One way in that a label asks for.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// The host; none: the service's own below the domain.
    pub(super) host: Given<Host>,
    /// With a `/` at the front.
    pub(super) path: Located<String>,
    pub(super) path_type: Given<PathType>,
    /// The container's port; none: the first that looks like HTTP.
    pub(super) port: Given<Port>,
    pub(super) class: Given<ObjectName>,
    pub(super) strip_prefix: Given<bool>,
    pub(super) rewrite_to: Given<String>,
    /// What is spoken at the port, where the label says so.
    pub(super) protocol: Given<String>,
    pub(super) policy: RoutePolicy,
    /// Where it is asked for.
    pub(super) span: Span,
}

impl Wish {
    /// All requests to the service's own host, asked for at a place.
    pub(super) fn whole(span: Span) -> Self {
        Self {
            host: None,
            path: Located::new("/".to_owned(), span),
            path_type: None,
            port: None,
            class: None,
            strip_prefix: None,
            rewrite_to: None,
            protocol: None,
            policy: RoutePolicy::default(),
            span,
        }
    }
}

/// How a service is reached from outside.
#[derive(Default)]
pub(super) struct Outside {
    routes: Vec<Route>,
    public: Given<PublicService>,
}

impl Outside {
    /// Gives the project and the app what is theirs.
    pub(super) fn apply(self, app: &mut App, project: &mut Additions) {
        if self.public.is_some() {
            app.service.public = self.public;
        }
        project.routes.extend(self.routes);
    }
}

/// Puts routes in the order of the services that they lead to: those of a file
/// have none.
pub(super) fn sort(project: &mut Project) {
    if let Some(gateway) = &mut project.gateway {
        gateway.routes.sort_by(|a, b| name(a).cmp(&name(b)));
    }
}

fn name(route: &Route) -> Option<&Name> {
    match &route.target.service.value {
        TargetService::Entry(name) => Some(name),
        TargetService::ComposeService { service, .. } | TargetService::Foreign { service, .. } => {
            Some(service)
        }
    }
}

/// Decides how a service is reached. Ports that only labels name are added to
/// those that it listens on.
pub(super) fn read(
    service: &Service<'_>,
    labels: &Labels,
    ports: &mut Option<Vec<ModelPort>>,
) -> Outside {
    let asked = own::form(service, labels);
    let form = asked.as_ref().map(|asked| asked.value);
    let form = form.or(service.scope.options.expose);
    let mut wishes = own::wishes(service, labels);
    let by_label = traefik::ports(service);
    if form == Some(Expose::None) {
        let first = wishes.first().map(|wish| wish.span);
        let first = first.or_else(|| traefik::place(service));
        let first = first.or_else(|| nginx_proxy::place(service));
        let first = first.or_else(|| caddy::place(service));
        report_unused(service, first, asked.is_some());
        for port in by_label {
            listen(port, ports);
        }
        return Outside::default();
    }
    let mut is_closed = false;
    if wishes.is_empty() {
        let by_traefik = traefik::read(service, ports.as_deref(), form);
        is_closed = by_traefik.is_closed;
        wishes = by_traefik.wishes;
        for asked in [nginx_proxy::read(service, form), caddy::read(service, form)] {
            is_closed |= asked.is_closed;
            wishes.extend(asked.wishes);
        }
    } else {
        traefik::report_replaced(service);
        nginx_proxy::report_replaced(service);
        caddy::report_replaced(service);
        if let [only] = by_label.as_slice() {
            for wish in &mut wishes {
                wish.port.get_or_insert(*only);
            }
        }
    }
    for wish in &wishes {
        if let Some(port) = wish.port {
            let spoken = &mut listen(port, ports).app_protocol;
            *spoken = spoken.take().or_else(|| wish.protocol.clone());
        }
    }
    for port in by_label {
        listen(port, ports);
    }
    let ports = ports.as_deref().unwrap_or_default();
    let mut found = Outside::default();
    let mut reached: Vec<Port> = Vec::new();
    match form {
        Some(Expose::None) => {}
        Some(Expose::NodePort | Expose::LoadBalancer) => {
            found.public = public(asked.as_ref(), form, ports);
            reached.extend(outside(ports).map(|port| port.container_port.value));
            found.routes = routes(service, wishes, ports, form, &mut reached);
        }
        Some(Expose::Ingress | Expose::Gateway) | None => {
            let by_itself = wishes.is_empty() && (!is_closed || asked.is_some());
            let wishes = match by_itself {
                true => by_ports(service, asked.as_ref(), ports),
                false => wishes,
            };
            found.routes = routes(service, wishes, ports, form, &mut reached);
        }
    }
    if !service.on_host_network {
        published::note(service, ports, &reached, is_closed);
    }
    found
}

/// A port that a label names is one that the container listens on, although
/// compose needs no word of it.
fn listen(number: Located<Port>, ports: &mut Option<Vec<ModelPort>>) -> &mut ModelPort {
    let ports = ports.get_or_insert_default();
    let known = ports
        .iter()
        .position(|port| port.container_port.value == number.value);
    let at = known.unwrap_or_else(|| {
        ports.push(ModelPort::new(number));
        ports.len() - 1
    });
    &mut ports[at]
}

/// Ports that are meant for the outside and are not the node's own already.
fn outside(ports: &[ModelPort]) -> impl Iterator<Item = &ModelPort> {
    let published = ports.iter().filter(|port| port.is_for_outside());
    published.filter(|port| port.host_port.is_none())
}

/// A public Service: where a label asks for one, or where ports are published.
fn public(
    asked: Option<&Located<Expose>>,
    form: Option<Expose>,
    ports: &[ModelPort],
) -> Given<PublicService> {
    let kind = match form? {
        Expose::NodePort => PublicKind::NodePort,
        Expose::LoadBalancer => PublicKind::LoadBalancer,
        Expose::None | Expose::Ingress | Expose::Gateway => return None,
    };
    let by_port = || {
        let how = outside(ports).next()?.published.as_ref()?;
        Some(how.written.span)
    };
    let span = asked.map(|asked| asked.span).or_else(by_port)?;
    let traffic = ExternalTraffic::default();
    Some(Located::new(PublicService { kind, traffic }, span))
}

/// What is asked for by publishing ports: a host for each that looks like HTTP.
fn by_ports(
    service: &Service<'_>,
    asked: Option<&Located<Expose>>,
    ports: &[ModelPort],
) -> Vec<Wish> {
    let options = service.scope.options;
    let together = ranges(ports);
    let like = |port: &&ModelPort| http::likeness(port, service.family, together(port));
    let at = |least: Likeness| -> Vec<&ModelPort> {
        outside(ports).filter(|port| like(port) >= least).collect()
    };
    let mut chosen = at(Likeness::Http);
    let has_form = asked.is_some() || options.expose.is_some();
    if chosen.is_empty() && has_form {
        chosen = at(Likeness::Unknown);
    }
    if service.on_host_network || (!has_form && options.domain.is_none()) {
        chosen.clear();
    }
    let without_tls = |port: &&ModelPort| !matches!(port.container_port.get(), 443 | 8443 | 9443);
    if chosen.iter().any(without_tls) {
        chosen.retain(without_tls);
    }
    if options.domain.is_none() {
        chosen.truncate(1);
    }
    if chosen.is_empty()
        && let Some(asked) = asked
    {
        return vec![Wish::whole(asked.span)];
    }
    let wish = |(at, port): (usize, &ModelPort)| {
        let span = port
            .published
            .as_ref()
            .map_or(port.container_port.span, |how| how.written.span);
        let mut wish = Wish::whole(asked.map_or(span, |asked| asked.span));
        wish.port = Some(Located::new(port.container_port.value, span));
        if at > 0 {
            wish.host = host(service, Some(port.container_port.value), span);
        }
        wish
    };
    chosen.into_iter().enumerate().map(wish).collect()
}

/// For each published port how many follow on each other around it, with itself.
fn ranges(ports: &[ModelPort]) -> impl Fn(&ModelPort) -> usize + use<> {
    let number = |port: &ModelPort| port.container_port.value.get();
    let published = ports.iter().filter(|port| port.published.is_some());
    let mut numbers: Vec<u16> = published.map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut lengths: BTreeMap<u16, usize> = BTreeMap::new();
    for run in numbers.chunk_by(|one, next| one + 1 == *next) {
        lengths.extend(run.iter().map(|number| (*number, run.len())));
    }
    move |port| lengths.get(&number(port)).copied().unwrap_or(1)
}

/// `{service}.{domain}`, and `{service}-{port}.{domain}` for a further port.
fn host(service: &Service<'_>, port: Option<Port>, span: Span) -> Given<Host> {
    let domain = service.scope.options.domain.as_ref()?;
    let port = port.map(|port| format!("-{port}")).unwrap_or_default();
    let text = format!("{}{port}.{domain}", service.name.value);
    let at = service.fields.at();
    at.checked(&Located::new(text, span), Host::parse)
}

/// The routes of wishes, each once; `reached` gets the ports that they lead to.
fn routes(
    service: &Service<'_>,
    wishes: Vec<Wish>,
    ports: &[ModelPort],
    form: Option<Expose>,
    reached: &mut Vec<Port>,
) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    for wish in wishes {
        let port = wish.port.map(|port| port.value);
        let port = match port {
            Some(number) => ports
                .iter()
                .find(|port| port.container_port.value == number),
            None => usual_port(service, ports),
        };
        reached.extend(port.map(|port| port.container_port.value));
        let route = route(service, wish, port, form);
        let is_known = |other: &Route| {
            other.host.as_ref().map(|host| &host.value)
                == route.host.as_ref().map(|host| &host.value)
                && other.path.value == route.path.value
                && other.path_type.map(|it| it.value) == route.path_type.map(|it| it.value)
                && other.target.port == route.target.port
        };
        if !routes.iter().any(is_known) {
            routes.push(route);
        }
    }
    routes
}

/// The port that requests go to where none is named.
fn usual_port<'p>(service: &Service<'_>, ports: &'p [ModelPort]) -> Option<&'p ModelPort> {
    let best = |ports: &mut dyn Iterator<Item = &'p ModelPort>| {
        // Somebody asks for a way in: one port of a range may be meant.
        let like = |port: &&ModelPort| http::likeness(port, service.family, 1);
        let ports: Vec<&ModelPort> = ports.filter(|port| like(port) != Likeness::None).collect();
        let http = ports.iter().find(|port| like(port) == Likeness::Http);
        http.or(ports.first()).copied()
    };
    best(&mut outside(ports)).or_else(|| best(&mut ports.iter()))
}

fn route(
    service: &Service<'_>,
    wish: Wish,
    port: Option<&ModelPort>,
    form: Option<Expose>,
) -> Route {
    let number = port.and_then(|port| {
        let number = port.service_number()?;
        Some(TargetPort::Number(Located::new(
            number,
            port.container_port.span,
        )))
    });
    let target = RouteTarget {
        service: Located::new(TargetService::Entry(service.name.value.clone()), wish.span),
        port: number,
    };
    let host = wish.host.or_else(|| host(service, None, wish.span));
    Route {
        path_type: wish.path_type,
        controller: controller(service, form, wish.span),
        class: wish.class,
        strip_prefix: wish.strip_prefix,
        rewrite_to: wish.rewrite_to,
        policy: wish.policy,
        ..Route::new(host, wish.path, target)
    }
}

/// Where a service wants another form than the project has.
fn controller(service: &Service<'_>, form: Option<Expose>, span: Span) -> Given<Controller> {
    let of_project = service.scope.options.expose == Some(Expose::Gateway);
    let own = form == Some(Expose::Gateway);
    let controller = match own {
        true => Controller::GatewayApi,
        false => Controller::Generic,
    };
    (own != of_project).then(|| Located::new(controller, span))
}

/// Labels that ask for a way in that is refused.
fn report_unused(service: &Service<'_>, first: Option<Span>, by_label: bool) {
    let Some(first) = first else { return };
    let who = match by_label {
        true => "the label `kubewright.expose: none`",
        false => "`--expose none`",
    };
    service.fields.at().say_at(
        first,
        Severity::Note,
        "no-route",
        format!(
            "`{}` gets no route: {who} keeps it inside",
            service.name.value
        ),
        "leave the label out, or choose a way in for it with `kubewright.expose`".to_owned(),
    );
}
