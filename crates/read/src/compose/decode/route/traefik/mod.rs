//! Traefik's labels: a route for each router, and none where one was guarded.
//!
//! <https://doc.traefik.io/traefik/reference/routing-configuration/other-providers/docker/>
//!
//! - `label`: the labels of one service, sorted; `older`: those of Traefik 1;
//! - `project`: what labels and commands say to all services: middlewares,
//!   settings, and services that routers of others lead to;
//! - `rule`: rules of routers, taken apart;
//! - `middleware`: what middlewares do to requests, and which of it is carried;
//! - `balancer`: what is said of the services behind;
//! - `router`: one router, whether it may be opened, and the wishes it becomes.

mod balancer;
mod label;
mod middleware;
mod older;
mod project;
mod router;
mod rule;

use kubewright_model::gateway::{PathType, Switch};
use kubewright_model::service::Port as ModelPort;
use kubewright_model::value::Port;
use kubewright_model::{Located, Span};
use kubewright_source::Severity;

use super::super::service::Service;
use super::foreign::{self, ASK};
use super::{Expose, Wish};
use label::Labels;
pub(in super::super) use label::is_ours;
pub(in super::super) use project::{Traefik, gather};
use router::Outcome;
use rule::Clause;

/// What Traefik's labels of a service ask for.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) wishes: Vec<Wish>,
    /// What it publishes gets no route by itself: labels keep it from the outside,
    /// or let it be seen by some only.
    pub(super) is_closed: bool,
}

/// What the labels ask for. `form` is the way in that is asked for beside them.
pub(super) fn read(
    service: &Service<'_>,
    ports: Option<&[ModelPort]>,
    form: Option<Expose>,
) -> Asked {
    let all = &service.scope.traefik;
    let Some(labels) = all.of(service.key) else {
        return Asked::default();
    };
    if labels
        .enable
        .as_ref()
        .is_some_and(|enable| !enable.is_true())
    {
        return Asked {
            wishes: Vec::new(),
            is_closed: true,
        };
    }
    report_rest(service, labels);
    middleware::report_unused(service, labels);
    balancer::report(service, labels);
    if labels.enable.is_none() && !all.settings.exposed_by_default {
        return not_enabled(service, labels);
    }
    let mut asked = Asked::default();
    let mut shut: Vec<Clause> = Vec::new();
    for router in router::all(labels) {
        match router.outcome(service, ports, form) {
            Outcome::Open(wishes) => asked.wishes.extend(wishes),
            Outcome::Shut(clauses) => shut.extend(clauses),
            Outcome::Nothing => {}
        }
    }
    asked.is_closed = !shut.is_empty() || !labels.routers.is_empty();
    let wishes = std::mem::take(&mut asked.wishes);
    for wish in wishes {
        match shut.iter().any(|clause| leads_into(&wish, clause)) {
            true => foreign::guarded(
                service,
                wish.span,
                " here: it would lead around the guard of another router",
            ),
            false => add(&mut asked.wishes, wish),
        }
    }
    asked
}

/// The ports that labels name, also where no router is opened: the service
/// listens on them, whatever leads there.
pub(super) fn ports(service: &Service<'_>) -> Vec<Located<Port>> {
    let labels = service.scope.traefik.of(service.key);
    labels.map_or_else(Vec::new, |labels| balancer::ports(service, labels))
}

/// Where the first router stands, if the labels ask for any.
pub(super) fn place(service: &Service<'_>) -> Option<Span> {
    Some(asks(service)?.span)
}

fn asks<'a>(service: &'a Service<'_>) -> Option<&'a label::Said> {
    let labels = service.scope.traefik.of(service.key)?;
    let is_off = labels
        .enable
        .as_ref()
        .is_some_and(|enable| !enable.is_true());
    let mut routers = labels.routers.values();
    let first = routers.find_map(|options| router::first(options));
    let first = first.or(labels.enable.as_ref());
    first.filter(|_| !is_off)
}

/// Our own labels say where, so routers of Traefik are left out.
pub(super) fn report_replaced(service: &Service<'_>) {
    let Some(said) = asks(service) else { return };
    said.say(
        service.fields.at().report,
        Severity::Note,
        "unused",
        format!(
            "what Traefik's labels of `{}` ask for is left out: labels of kubewright or kompose \
             say how it is reached",
            service.name.value
        ),
        "leave out one of the two",
    );
}

/// Each place once; what one router wants in TLS is in TLS.
fn add(wishes: &mut Vec<Wish>, wish: Wish) {
    let same = |other: &&mut Wish| {
        other.host.as_ref().map(|host| &host.value) == wish.host.as_ref().map(|host| &host.value)
            && other.path.value == wish.path.value
            && other.path_type.map(|it| it.value) == wish.path_type.map(|it| it.value)
            && other.port.map(|it| it.value) == wish.port.map(|it| it.value)
    };
    match wishes.iter_mut().find(same) {
        Some(known) if known.policy.tls == Switch::Unsaid => {
            known.policy.tls = wish.policy.tls;
        }
        Some(_) => {}
        None => wishes.push(wish),
    }
}

/// Whether a route also leads to what was guarded.
fn leads_into(wish: &Wish, shut: &Clause) -> bool {
    let same_host = match (&wish.host, &shut.host) {
        (Some(host), Some(guarded)) => router::covers(host.as_str(), guarded),
        (None, _) | (_, None) => true,
    };
    let guarded = shut.path.as_ref().map_or("/", |(path, _)| path);
    let path = wish.path.value.as_str();
    let leads = match wish.path_type.map(|it| it.value).unwrap_or_default() {
        PathType::Exact => path == guarded,
        PathType::Prefix | PathType::ImplementationSpecific => rule::is_below(guarded, path),
    };
    same_host && leads
}

/// Traefik is told to leave services alone that do not ask for it.
fn not_enabled(service: &Service<'_>, labels: &Labels) -> Asked {
    let first = labels
        .routers
        .values()
        .flat_map(|options| options.values())
        .next();
    if let Some(first) = first {
        first.say(
            service.fields.at().report,
            Severity::Note,
            "no-route",
            format!(
                "`{}` gets no route: Traefik is told to show only what is enabled",
                service.name.value
            ),
            "add the label `traefik.enable: \"true\"`",
        );
    }
    Asked {
        wishes: Vec::new(),
        is_closed: true,
    }
}

/// Labels that no route can say.
fn report_rest(service: &Service<'_>, labels: &Labels) {
    let report = service.fields.at().report;
    for said in &labels.unknown {
        said.lost(
            report,
            format!(
                "the label `{}` is none of Traefik's that is understood",
                said.key
            ),
            "leave it out, or give the Ingress your controller's annotations for it",
        );
    }
    if let Some(first) = labels.streams.first() {
        first.lost(
            report,
            format!(
                "routers of TCP and UDP are no routes of Kubernetes: nothing leads to `{}` by them",
                service.name.value
            ),
            "publish the port and choose the label `kubewright.expose: loadbalancer`",
        );
    }
}
