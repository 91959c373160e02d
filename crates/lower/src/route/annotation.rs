//! What a route asks of its controller, in that controller's annotations.
//!
//! - HAProxy Ingress: <https://haproxy-ingress.github.io/docs/configuration/keys/>
//! - ingress-nginx: <https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/>
//! - Traefik: <https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/>
//! - cert-manager: <https://cert-manager.io/docs/usage/ingress/>

use std::collections::BTreeMap;

use kubewright_model::gateway::{Controller, PathType, Route, RoutePolicy, Switch, Tls};
use kubewright_model::{Located, Span};
use kubewright_source::{Diagnostic, Diagnostics};

use super::way::Way;

/// The annotations of the Ingress that a way stands in. What cannot be said in
/// them is reported.
pub(super) fn of(way: &Way<'_>, diagnostics: &mut Diagnostics) -> BTreeMap<String, String> {
    let mut made = Made {
        way,
        annotations: BTreeMap::new(),
    };
    made.certificate();
    made.backend(diagnostics);
    made.rewrite(diagnostics);
    made.redirect();
    report_rest(way, diagnostics);
    made.given();
    made.annotations
}

/// What takes the place of the route's path where the controller must see a
/// regular expression to rewrite by.
pub(super) fn pattern(way: &Way<'_>) -> Option<String> {
    let rewritten = rewritten(way.route).is_some() && way.controller == Controller::Nginx;
    if !rewritten || is_exact(way.route) {
        return None;
    }
    let path = way.route.path.value.trim_end_matches('/');
    Some(format!("{}(/|$)(.*)", escaped(path)))
}

fn is_exact(route: &Route) -> bool {
    route.path_type.as_ref().map(|it| it.value) == Some(PathType::Exact)
}

/// A text as a regular expression that matches it and nothing else.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '.' | '+' | '*' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' | '\\'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// What takes the place of the matched path, without a `/` at its end, and who
/// asked for it.
pub(super) fn rewritten(route: &Route) -> Option<Located<&str>> {
    if let Some(to) = &route.rewrite_to {
        return Some(Located::new(to.value.trim_end_matches('/'), to.span));
    }
    let strip = route.strip_prefix.as_ref().filter(|strip| strip.value)?;
    (route.path.value != "/").then(|| Located::new("", strip.span))
}

fn or_root(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

struct Made<'a, 'w> {
    way: &'w Way<'a>,
    annotations: BTreeMap<String, String>,
}

impl Made<'_, '_> {
    fn set(&mut self, key: &str, value: impl Into<String>) {
        self.annotations.insert(key.to_owned(), value.into());
    }

    fn certificate(&mut self) {
        if let Tls::Issuer { cluster, name } = &self.way.tls {
            let key = match cluster {
                true => "cert-manager.io/cluster-issuer",
                false => "cert-manager.io/issuer",
            };
            self.set(key, name.as_str());
        }
    }

    /// A pod that wants TLS is spoken to in TLS.
    fn backend(&mut self, diagnostics: &mut Diagnostics) {
        if !self.way.to_tls {
            return;
        }
        match self.way.controller {
            Controller::Nginx => {
                self.set("nginx.ingress.kubernetes.io/backend-protocol", "HTTPS");
            }
            Controller::Haproxy => {
                self.set("haproxy-ingress.github.io/backend-protocol", "h1-ssl");
            }
            // Traefik goes by the number 443 itself, and by the port's name else.
            Controller::Traefik if self.way.port == 443 => {}
            Controller::Traefik | Controller::Generic | Controller::GatewayApi => {
                let span = self.way.route.target.service.span;
                diagnostics.push(tls_behind(self.way, span));
            }
        }
    }

    fn rewrite(&mut self, diagnostics: &mut Diagnostics) {
        let Some(to) = rewritten(self.way.route) else {
            return;
        };
        match self.way.controller {
            Controller::Nginx if is_exact(self.way.route) => {
                self.set(
                    "nginx.ingress.kubernetes.io/rewrite-target",
                    or_root(to.value),
                );
            }
            Controller::Nginx => {
                self.set(
                    "nginx.ingress.kubernetes.io/rewrite-target",
                    format!("{}/$2", to.value),
                );
                self.set("nginx.ingress.kubernetes.io/use-regex", "true");
            }
            Controller::Haproxy => {
                // What stands behind the matched path is appended as it is, with
                // its `/`; only of `/` alone the controller makes no `//`.
                self.set(
                    "haproxy-ingress.github.io/rewrite-target",
                    or_root(to.value),
                );
            }
            Controller::Generic | Controller::Traefik | Controller::GatewayApi => {
                diagnostics.push(not_here(
                    self.way,
                    to.span,
                    "another path than the one asked for",
                ));
            }
        }
    }

    /// Both controllers send on to TLS by themselves where there is a certificate.
    fn redirect(&mut self) {
        let has_tls = self.way.tls != Tls::Off;
        let (key, wanted) = match self.way.controller {
            Controller::Nginx => (
                "nginx.ingress.kubernetes.io/ssl-redirect",
                self.way.redirect,
            ),
            Controller::Haproxy => ("haproxy-ingress.github.io/ssl-redirect", self.way.redirect),
            Controller::Generic | Controller::Traefik | Controller::GatewayApi => return,
        };
        if has_tls && wanted == Some(false) {
            self.set(key, "false");
        }
    }

    /// Annotations that the input gives win.
    fn given(&mut self) {
        let way = self.way;
        let policies = [&way.general.annotations, &way.route.policy.annotations];
        for (key, value) in policies.into_iter().flatten() {
            self.set(key.as_str(), value.value.clone());
        }
    }
}

fn tls_behind(way: &Way<'_>, span: Span) -> Diagnostic {
    Diagnostic::warning(
        "not-here",
        span,
        format!(
            "port {} of `{}` speaks TLS itself, which a route of this class cannot be told",
            way.port, way.service
        ),
    )
    .help("route to a port without TLS, or choose `--ingress-class nginx` or `haproxy`")
}

fn not_here(way: &Way<'_>, span: Span, what: &str) -> Diagnostic {
    Diagnostic::warning(
        "not-here",
        span,
        format!(
            "an Ingress of this class cannot give `{}` {what}",
            way.service
        ),
    )
    .help(
        "choose `--ingress-class nginx` or `haproxy`, or let the app itself answer below that path",
    )
}

/// Parts of a route that an HTTPRoute does not say.
pub(super) fn report_for_gateway_api(way: &Way<'_>, diagnostics: &mut Diagnostics) {
    report_policies(way, diagnostics);
    if way.to_tls {
        diagnostics.push(tls_behind(way, way.route.target.service.span));
    }
    let policies = [&way.general.annotations, &way.route.policy.annotations];
    if let Some(given) = policies.into_iter().flatten().next() {
        diagnostics.push(not_carried("annotations of a route", given.1.span));
    }
}

fn report_policies(way: &Way<'_>, diagnostics: &mut Diagnostics) {
    for policy in [&way.route.policy, way.general] {
        for (what, span) in rest(policy) {
            diagnostics.push(not_carried(what, span));
        }
    }
}

/// Parts of a route that nothing takes up yet.
fn report_rest(way: &Way<'_>, diagnostics: &mut Diagnostics) {
    let route = way.route;
    report_policies(way, diagnostics);
    if let Some(method) = route.methods.first() {
        diagnostics.push(not_carried("a choice of methods", method.span));
    }
}

fn rest(policy: &RoutePolicy) -> Vec<(&'static str, Span)> {
    fn on<T>(switch: &Switch<T>) -> Option<Span> {
        match switch {
            Switch::On(value) => Some(value.span),
            Switch::Off(_) | Switch::Unsaid => None,
        }
    }
    let timeouts = &policy.timeouts;
    let times = [
        &timeouts.connect,
        &timeouts.server,
        &timeouts.client,
        &timeouts.queue,
    ];
    let parts = [
        (
            "timeouts of a route",
            times.into_iter().flatten().map(|time| time.span).next(),
        ),
        ("a limit of requests", on(&policy.rate_limit)),
        ("rules for other origins (CORS)", on(&policy.cors)),
        ("a firewall for web applications", on(&policy.waf)),
        ("who may ask", on(&policy.auth)),
        (
            "the size of requests",
            policy.body_size.as_ref().map(|size| size.span),
        ),
        ("buffering", policy.buffering.as_ref().map(|word| word.span)),
    ];
    let parts = parts.into_iter();
    parts
        .filter_map(|(what, span)| Some((what, span?)))
        .collect()
}

fn not_carried(what: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        "not-carried",
        span,
        format!("{what} is read, but not written to Kubernetes yet"),
    )
    .help("give the Ingress the annotations of your controller for it")
}

#[cfg(test)]
mod tests {
    use kubewright_model::Located;
    use kubewright_model::gateway::{RouteTarget, TargetService};
    use kubewright_model::value::Name;

    use super::*;

    /// The annotations of a route `/abc` that is rewritten.
    fn rewritten_to(to: &str, controller: Controller) -> BTreeMap<String, String> {
        let web = Name::parse("web").expect("`web` is a name");
        let target = RouteTarget {
            service: Located::nowhere(TargetService::Entry(web)),
            port: None,
        };
        let path = Located::nowhere("/abc".to_owned());
        let mut route = Route::new(None, path, target);
        route.rewrite_to = Some(Located::nowhere(to.to_owned()));
        let way = Way {
            route: &route,
            host: None,
            service: "web",
            port: 80,
            to_tls: false,
            tls: Tls::Off,
            controller,
            class: None,
            gateway_name: "gateway",
            redirect: None,
            general: &RoutePolicy::default(),
        };
        of(&way, &mut Diagnostics::default())
    }

    #[test]
    fn a_rewritten_path_has_no_slash_twice() {
        let rows = [
            (Controller::Haproxy, "/", "/"),
            (Controller::Haproxy, "/y", "/y"),
            (Controller::Haproxy, "/y/", "/y"),
            (Controller::Nginx, "/", "/$2"),
            (Controller::Nginx, "/y/", "/y/$2"),
        ];
        for (controller, to, expected) in rows {
            let made = rewritten_to(to, controller);
            let mut targets = made
                .iter()
                .filter(|(key, _)| key.ends_with("/rewrite-target"));
            let target = targets.next().map(|(_, value)| value.as_str());
            assert_eq!(target, Some(expected), "{controller:?} {to}");
        }
    }
}
