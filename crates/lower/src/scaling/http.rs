//! Scaling by requests: the objects of KEDA's HTTP add-on.
//!
//! Requests pass an interceptor, which knows an app by the host `{app}.{namespace}`
//! that routes write into them. It sees paths as routes leave them.
//!
//! <https://keda.sh/http-add-on/>

use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::gateway::Route;
use kubewright_model::scaling::{Bounds, HttpTarget, KedaHttp, KedaHttpObjects, Scaling};
use kubewright_model::service::{Port, Protocol, ServiceKind};
use kubewright_model::{App, Located};
use kubewright_objects::Object;
use kubewright_objects::keda::{
    HTTPScaledObject, HttpReplicas, HttpScaleTarget, HttpScaledObjectSpec, InterceptorRoute,
    InterceptorRouteSpec, InterceptorRule, InterceptorTarget, MetricTarget, PathValue,
    ScalingMetric, ServicePort, Trigger,
};
use kubewright_source::{Diagnostic, Diagnostics, Span, suggest};

use super::keda::{self, NAMESPACE};
use super::to_i32;
use crate::aspect::{Scope, namespace};
use crate::{Lowering, service};

/// Requests in a second that one pod serves, where nothing is said.
const RATE: u32 = 100;

/// Whether requests to the app have to pass the interceptor.
pub(crate) fn is_intercepted(app: &App) -> bool {
    matches!(app.workload.scaling(), Some(Scaling::KedaHttp(_)))
}

/// The host by which the interceptor knows an app.
pub(crate) fn host(lowering: &Lowering<'_>, app: &App) -> String {
    let namespace = namespace(lowering, app.namespace.as_ref());
    let namespace = namespace.as_deref().unwrap_or("default");
    format!("{}.{namespace}", app.name.value)
}

pub(super) fn objects(
    scope: &Scope<'_>,
    http: &KedaHttp,
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let Some(port) = port(scope, http, diagnostics) else {
        return Vec::new();
    };
    let way = Way {
        name: format!("{}-http", scope.name()),
        host: host(scope.lowering, scope.app),
        paths: paths(scope.lowering.routes.of(&scope.app.name.value)),
        port: ServicePort::Number(port),
        metric: metric(http),
    };
    let made = match scope.lowering.project.facts.keda_http {
        KedaHttpObjects::HttpScaledObject => {
            diagnostics.extend(no_windows(&http.bounds));
            vec![scope.object(http_scaled_object(scope, http, way))]
        }
        KedaHttpObjects::InterceptorRoute => {
            let scaled = pushed(scope, http, &way);
            let route = scope.object(interceptor_route(scope, way));
            vec![route, scope.object(scaled)]
        }
    };
    keda::named(scope, "-http", made, diagnostics)
}

/// How requests reach an app through the interceptor.
struct Way {
    /// The name of the objects.
    name: String,
    host: String,
    paths: Vec<String>,
    port: ServicePort,
    metric: ScalingMetric,
}

fn http_scaled_object(scope: &Scope<'_>, http: &KedaHttp, way: Way) -> HTTPScaledObject {
    HTTPScaledObject {
        metadata: scope.metadata(way.name),
        spec: HttpScaledObjectSpec {
            hosts: vec![way.host],
            path_prefixes: way.paths,
            scale_target_ref: HttpScaleTarget {
                api_version: "apps/v1".to_owned(),
                kind: scope.app.workload.kind().to_owned(),
                name: scope.name().to_owned(),
                service: scope.name().to_owned(),
                port: way.port,
            },
            replicas: HttpReplicas {
                min: keda::fewest(&http.bounds),
                max: to_i32(http.bounds.most_pods()),
            },
            scaledown_period: keda::seconds(&http.cooldown_period),
            scaling_metric: way.metric,
        },
    }
}

fn interceptor_route(scope: &Scope<'_>, way: Way) -> InterceptorRoute {
    let paths = way.paths.into_iter().map(|value| PathValue { value });
    InterceptorRoute {
        metadata: scope.metadata(way.name),
        spec: InterceptorRouteSpec {
            target: InterceptorTarget {
                service: scope.name().to_owned(),
                port: way.port,
            },
            rules: vec![InterceptorRule {
                hosts: vec![way.host],
                paths: paths.collect(),
            }],
            scaling_metric: way.metric,
        },
    }
}

/// The ScaledObject beside an InterceptorRoute: the interceptor tells KEDA.
fn pushed(scope: &Scope<'_>, http: &KedaHttp, way: &Way) -> kubewright_objects::keda::ScaledObject {
    let address = format!("keda-add-ons-http-external-scaler.{NAMESPACE}:9090");
    let trigger = Trigger {
        kind: "external-push".to_owned(),
        metadata: BTreeMap::from([
            ("scalerAddress".to_owned(), address),
            ("interceptorRoute".to_owned(), way.name.clone()),
        ]),
        authentication_ref: None,
    };
    let mut scaled = keda::scaled_object(scope, way.name.clone(), &http.bounds, vec![trigger]);
    scaled.spec.cooldown_period = keda::seconds(&http.cooldown_period);
    scaled
}

fn metric(http: &KedaHttp) -> ScalingMetric {
    let target = |count: u32| MetricTarget {
        target_value: to_i32(count),
    };
    match http.target.as_ref().map(|target| target.value) {
        None => ScalingMetric::RequestRate(target(RATE)),
        Some(HttpTarget::RequestRate(rate)) => ScalingMetric::RequestRate(target(rate.get())),
        Some(HttpTarget::Concurrency(count)) => ScalingMetric::Concurrency(target(count.get())),
    }
}

/// The paths that the interceptor sees, without those below another.
fn paths(routes: &[&Route]) -> Vec<String> {
    let seen: BTreeSet<&str> = routes.iter().map(|route| seen(route)).collect();
    let is_below = |path: &&&str| {
        seen.iter().any(|other| {
            let rest = path.strip_prefix(other.trim_end_matches('/'));
            *other != **path && rest.is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let kept = seen.iter().filter(|path| !is_below(path));
    let paths: Vec<String> = kept.map(|path| (*path).to_owned()).collect();
    match paths.is_empty() {
        true => vec!["/".to_owned()],
        false => paths,
    }
}

/// The path of a route as it leaves the gateway.
fn seen(route: &Route) -> &str {
    let stripped = route.strip_prefix.as_ref().is_some_and(|strip| strip.value);
    match &route.rewrite_to {
        Some(path) if path.value.starts_with('/') => path.as_str(),
        Some(_) => "/",
        None if stripped => "/",
        None => route.path.as_str(),
    }
}

/// The Service's port that gets the requests.
fn port(scope: &Scope<'_>, http: &KedaHttp, diagnostics: &mut Diagnostics) -> Option<i32> {
    let app = scope.app;
    let none = app.service.kind.as_ref().map(|kind| kind.value) == Some(ServiceKind::None);
    let ports = service::ports(app, scope.infrastructure);
    let mut shown = ports
        .iter()
        .filter(|port| !none && port.protocol == Protocol::Tcp && port.service_number().is_some());
    let number = |port: &Port| port.service_number().map(|port| i32::from(port.get()));
    let Some(name) = &http.port else {
        let found = shown.next().and_then(number);
        if found.is_none() {
            diagnostics.push(needs_port(scope, none));
        }
        return found;
    };
    let named = |port: &&Port| port.name.as_ref().map(|own| &own.value) == Some(&name.value);
    let found = shown.find(named).and_then(number);
    if found.is_none() {
        diagnostics.push(unknown_port(scope, name.span, name.as_str(), &ports));
    }
    found
}

fn needs_port(scope: &Scope<'_>, no_service: bool) -> Diagnostic {
    let (why, help) = match no_service {
        true => ("has no Service", "leave `service: none` out"),
        false => ("has no port", "say which port it listens on"),
    };
    let message = format!(
        "`{}` is scaled by the requests that come to it, but it {why}",
        scope.name()
    );
    Diagnostic::error("needs-port", scope.app.name.span, message)
        .help(format!("{help}, or choose another way of scaling"))
}

fn unknown_port(scope: &Scope<'_>, span: Span, name: &str, ports: &[Port]) -> Diagnostic {
    let known: Vec<&str> = ports
        .iter()
        .filter_map(|port| port.name.as_ref())
        .map(|name: &Located<_>| name.as_str())
        .collect();
    let message = format!("`{}` has no port `{name}` that gets requests", scope.name());
    Diagnostic::error("unknown-name", span, message).help(match known.is_empty() {
        true => "name one of its ports, or leave the port out".to_owned(),
        false => format!("its ports are {}", suggest::list(known)),
    })
}

/// An HTTPScaledObject does not carry windows.
fn no_windows(bounds: &Bounds) -> Option<Diagnostic> {
    let up = bounds.scale_up_stabilization.as_ref();
    let window = up.or(bounds.scale_down_stabilization.as_ref())?;
    let message = "an HTTPScaledObject knows no windows in which the number of pods stays";
    let said = Diagnostic::warning("not-carried", window.span, message);
    Some(said.help("choose `keda_http: interceptor-route` for the environment, or leave it out"))
}

#[cfg(test)]
mod tests {
    use kubewright_model::Name;
    use kubewright_model::gateway::{RouteTarget, TargetService};

    use super::*;

    #[test]
    fn the_interceptor_sees_what_routes_leave() {
        let route = |path: &str, strip: bool, rewrite: Option<&str>| {
            let name = Name::parse("web").unwrap();
            let target = RouteTarget {
                service: Located::nowhere(TargetService::Entry(name)),
                port: None,
            };
            let mut route = Route::new(None, Located::nowhere(path.to_owned()), target);
            route.strip_prefix = Some(Located::nowhere(strip));
            route.rewrite_to = rewrite.map(|path| Located::nowhere(path.to_owned()));
            route
        };
        let rows: [(&[Route], &[&str]); 6] = [
            (&[], &["/"]),
            (&[route("/api", false, None)], &["/api"]),
            (&[route("/api", true, None)], &["/"]),
            (&[route("/api", true, Some("/v1"))], &["/v1"]),
            (
                &[route("/api", false, None), route("/apis", false, None)],
                &["/api", "/apis"],
            ),
            (
                &[
                    route("/api/v1", false, None),
                    route("/api/", false, None),
                    route("/x", false, None),
                ],
                &["/api/", "/x"],
            ),
        ];
        for (routes, expected) in rows {
            let routes: Vec<&Route> = routes.iter().collect();
            assert_eq!(paths(&routes), expected);
        }
    }
}
