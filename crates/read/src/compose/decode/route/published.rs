//! One note per service: compose publishes these ports, and nothing in Kubernetes
//! leads to them.

use kubewright_model::Port;
use kubewright_model::service::{Port as ModelPort, Protocol, Published};
use kubewright_source::{Diagnostic, Span};

use super::super::service::Service;
use super::http::{self, Likeness};
use super::{Expose, ranges};

/// Says which ports are published and not among those that are reached, and how
/// they would be.
/// `is_closed`: labels keep it from routes that come by themselves.
pub(super) fn note(service: &Service<'_>, ports: &[ModelPort], reached: &[Port], is_closed: bool) {
    let published: Vec<(&ModelPort, &Published)> = ports
        .iter()
        .filter(|port| port.host_port.is_none())
        .filter(|port| !reached.contains(&port.container_port.value))
        .filter_map(|port| Some((port, port.published.as_ref()?)))
        .collect();
    let Some((first, how)) = published.first() else {
        return;
    };
    let (which, verb) = which(&published);
    let said = Diagnostic::note(
        "published-port",
        how.written.span,
        format!(
            "{which} of `{}` {verb} not reachable from outside the cluster",
            service.name.value
        ),
    );
    let first_place = how.written.span;
    let mut said = said.label("published here").help(help(
        service,
        first,
        ranges(ports)(first),
        how,
        is_closed || !reached.is_empty(),
    ));
    let mut places: Vec<Span> = published[1..]
        .iter()
        .map(|(_, how)| how.written.span)
        .collect();
    // A range is one place.
    places.dedup();
    for place in places.into_iter().filter(|place| *place != first_place) {
        said = said.related(place, "published here");
    }
    service.fields.at().push(said.path(""));
}

fn which(published: &[(&ModelPort, &Published)]) -> (String, &'static str) {
    let number = |(port, how): &(&ModelPort, &Published)| match &how.port {
        Some(number) => number.value.to_string(),
        None => format!("{} (any outside)", port.container_port.value),
    };
    // A range may publish a thousand.
    const LISTED: usize = 10;
    let mut numbers: Vec<String> = published.iter().take(LISTED).map(number).collect();
    if published.len() > LISTED {
        numbers.push(format!("{} more", published.len() - LISTED));
    }
    match numbers.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            (format!("ports {} and {last}", rest.join(", ")), "are")
        }
        Some(_) | None => (format!("port {}", numbers.join("")), "is"),
    }
}

fn help(
    service: &Service<'_>,
    port: &ModelPort,
    together: usize,
    how: &Published,
    has_routes: bool,
) -> String {
    let way = way(service, port, together, has_routes);
    if port.protocol != Protocol::Tcp {
        return way;
    }
    format!(
        "{way}, or try it with `kubectl port-forward service/{} {}:{}`",
        service.name.value,
        how.port.unwrap_or(port.container_port).value,
        port.service_number().unwrap_or(port.container_port.value),
    )
}

/// The way in that suits a port of so many that were published `together`.
fn way(service: &Service<'_>, port: &ModelPort, together: usize, has_routes: bool) -> String {
    let options = service.scope.options;
    if let Some(ip) = port.host_ip.filter(|_| !port.is_for_outside()) {
        return format!(
            "if it is meant for others, publish it without `{}`",
            ip.value
        );
    }
    let is_http = http::likeness(port, service.family, together) != Likeness::None;
    if has_routes || options.expose.is_some() {
        return "choose a way in for this service with the label `kubewright.expose: loadbalancer`"
            .to_owned();
    }
    match (is_http, &options.domain) {
        (false, _) => "choose a way in with `--expose loadbalancer`".to_owned(),
        (true, Some(_)) => format!("choose a way in with `--expose {}`", word(Expose::Ingress)),
        (true, None) => {
            // Made of a secret, the name is not said: spelt anew, nothing hides it.
            let document = service.scope.document;
            let project = match document.secrets.at(document.name.span) {
                true => String::new(),
                false => format!("{}.", service.scope.project),
            };
            format!("choose a way in with `--expose ingress --domain {project}example.com`")
        }
    }
}

fn word(form: Expose) -> &'static str {
    match form {
        Expose::None => "none",
        Expose::NodePort => "nodeport",
        Expose::LoadBalancer => "loadbalancer",
        Expose::Ingress => "ingress",
        Expose::Gateway => "gateway",
    }
}
