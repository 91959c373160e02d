//! Our own labels: `kubewright.expose`, `kubewright.host`, `kubewright.path` and
//! `kubewright.port`.

use kubewright_model::value::{Host, Port};
use kubewright_model::{Given, Located};
use kubewright_source::Severity;

use super::super::label::Labels;
use super::super::service::Service;
use super::{Expose, Wish};
use crate::fields::{At, did_you_mean, shown};

/// The forms by the words that people choose them with.
const FORMS: [(&str, Expose); 5] = [
    ("none", Expose::None),
    ("nodeport", Expose::NodePort),
    ("loadbalancer", Expose::LoadBalancer),
    ("ingress", Expose::Ingress),
    ("gateway", Expose::Gateway),
];

/// The form that the service asks for.
pub(super) fn form(service: &Service<'_>, labels: &Labels) -> Given<Expose> {
    let text = labels.kubewright("expose", service)?;
    let folded = text.value.to_ascii_lowercase();
    let found = FORMS.iter().find(|(word, _)| *word == folded);
    if found.is_none() {
        service.fields.at().say_at(
            text.span,
            Severity::Error,
            "bad-value",
            format!("{} is no way in from outside", shown(&text.value)),
            did_you_mean(&folded, || FORMS.iter().map(|(word, _)| *word)),
        );
    }
    found.map(|(_, form)| Located::new(*form, text.span))
}

/// The routes that the service asks for.
pub(super) fn wishes(service: &Service<'_>, labels: &Labels) -> Vec<Wish> {
    let at = service.fields.at();
    let hosts = labels.kubewright("host", service);
    let path = labels.kubewright("path", service);
    let port = labels.kubewright("port", service);
    let Some(span) = [&hosts, &path, &port]
        .into_iter()
        .flatten()
        .map(|text| text.span)
        .next()
    else {
        return Vec::new();
    };
    let port = port.and_then(|text| at.checked(&text, Port::parse));
    let path = path.and_then(|text| route_path(at, &text));
    let given = hosts.iter().flat_map(|hosts| places(at, hosts));
    let mut wishes: Vec<Wish> = given.collect();
    if hosts.is_none() {
        wishes.push(Wish::whole(span));
    }
    for wish in &mut wishes {
        wish.port = port;
        if let Some(path) = &path {
            wish.path = path.clone();
        }
    }
    wishes
}

/// `a.example.com, b.example.com/shop`: hosts, each with a path if it has one.
pub(super) fn places(at: &At<'_>, text: &Located<String>) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for place in text
        .value
        .split(',')
        .map(str::trim)
        .filter(|place| !place.is_empty())
    {
        let (host, path) = match place.find('/') {
            Some(slash) => place.split_at(slash),
            None => (place, "/"),
        };
        let mut wish = Wish::whole(text.span);
        let host = at.checked(&Located::new(host.to_owned(), text.span), Host::parse);
        let path = route_path(at, &Located::new(path.to_owned(), text.span));
        if let (Some(host), Some(path)) = (host, path) {
            wish.host = Some(host);
            wish.path = path;
            wishes.push(wish);
        }
    }
    wishes
}

/// A path of a route.
fn route_path(at: &At<'_>, text: &Located<String>) -> Option<Located<String>> {
    if is_path(&text.value) {
        return Some(text.clone());
    }
    at.say_at(
        text.span,
        Severity::Error,
        "bad-value",
        format!("{} is no path of a route", shown(&text.value)),
        "write it like `/api`, with a `/` at the front and neither blanks nor `?` in it".to_owned(),
    );
    None
}

/// Whether the API server takes it as a path:
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types>
pub(super) fn is_path(text: &str) -> bool {
    let refused = ["//", "/./", "/../", "%2f", "%2F"];
    text.starts_with('/')
        && text
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '"' | '`' | '\\'))
        && !refused.iter().any(|part| text.contains(part))
        && !text.ends_with("/..")
        && !text.ends_with("/.")
}
