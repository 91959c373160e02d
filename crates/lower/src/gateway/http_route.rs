//! HTTPRoutes, and leave for those that lead into other namespaces.
//!
//! <https://gateway-api.sigs.k8s.io/api-types/httproute/>

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::gateway::{Cors, PathType};
use kubewright_model::value::RoutePath;
use kubewright_model::{Duration, Project};
use kubewright_objects::Object;
use kubewright_objects::gateway_api::{
    BackendRef, CorsFilter, GrantFrom, GrantTo, HTTPRoute, HttpRouteFilter, HttpRouteMatch,
    HttpRouteRule, HttpRouteSpec, ParentRef, PathMatch, PathRewrite, Redirect, ReferenceGrant,
    ReferenceGrantSpec, Rewrite, RouteTimeouts,
};
use kubewright_source::{Diagnostic, Diagnostics};

use super::backend::INTERCEPTOR;
use super::gateway_object::{PLAIN, encrypted, existing, parent};
use super::name::Names;
use super::target::Place;
use super::way::{Way, or_root};
use super::{Owner, cors, ingress, lack, plain};

/// The most rules, hosts and descriptions of requests in all rules that an
/// HTTPRoute can have.
const MOST_RULES: usize = 16;
const MOST_HOSTS: usize = 16;
const MOST_MATCHES: usize = 128;

/// Hosts with the same rules and annotations.
struct Group<'w, 'a> {
    has_tls: bool,
    rules: Vec<HttpRouteRule>,
    annotations: BTreeMap<String, String>,
    /// A way for each host.
    ways: Vec<&'w Way<'a>>,
}

/// The HTTPRoutes of some ways, and what they lean on.
pub(super) fn objects(
    owner: &Owner<'_>,
    project: &Project,
    ways: &[Way<'_>],
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    let mut names = Names::new(owner);
    let mut made = Vec::new();
    for group in groups(ways, diagnostics) {
        let first = group.ways[0];
        let name = names.group(first, first.is_usual_host);
        let own = existing(project).is_none();
        let asked = first.redirect.filter(|word| word.value && !own);
        if let Some(word) = asked.filter(|_| group.has_tls) {
            diagnostics.push(lack::REDIRECT_OF_OTHERS.of(first, word.span));
        }
        let sends_on = group.has_tls && first.redirects() && own;
        if sends_on {
            let parents = vec![parent(project, first, Some(PLAIN.to_owned()))];
            let name = format!("{name}-redirect");
            made.extend(routes(owner, &name, &group, &parents, &[redirect()]));
        }
        let parents = match sends_on {
            true => encrypted(project, &group.ways),
            false => vec![parent(project, first, None)],
        };
        made.extend(routes(owner, &name, &group, &parents, &group.rules));
    }
    made.extend(grants(owner, ways));
    made
}

/// Ways of the Gateway API, those of one host together, hosts with equal rules
/// together, in the order of the routes.
fn groups<'w, 'a>(ways: &'w [Way<'a>], diagnostics: &mut Diagnostics) -> Vec<Group<'w, 'a>> {
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    let mut groups: Vec<Group<'w, 'a>> = Vec::new();
    for (annotations, ways) in by_host(ways) {
        let rules = rules(&ways, diagnostics);
        let has_tls = ways.iter().any(|way| way.has_tls());
        let key = (has_tls, annotations.clone(), identity(&rules));
        let at = *known.entry(key).or_insert_with(|| {
            groups.push(Group {
                has_tls,
                rules,
                annotations,
                ways: Vec::new(),
            });
            groups.len() - 1
        });
        groups[at].ways.push(ways[0]);
    }
    groups
}

/// A text that only equal rules have: they have no order of their own.
fn identity(rules: &[HttpRouteRule]) -> String {
    serde_json::to_string(rules).expect("rules are texts and numbers")
}

/// Annotations, and the ways of a host that have them.
type OfHost<'w, 'a> = (BTreeMap<String, String>, Vec<&'w Way<'a>>);

fn by_host<'w, 'a>(ways: &'w [Way<'a>]) -> Vec<OfHost<'w, 'a>> {
    let mut places: BTreeMap<(Option<&str>, BTreeMap<String, String>), usize> = BTreeMap::new();
    let mut hosts: Vec<OfHost<'w, 'a>> = Vec::new();
    for way in ways.iter().filter(|way| ingress::is_of_gateway_api(way)) {
        let given = way.policy.annotations.iter();
        let annotations: BTreeMap<String, String> = given
            .map(|(key, value)| ((*key).to_owned(), value.value.clone()))
            .collect();
        let at = *places
            .entry((way.host, annotations.clone()))
            .or_insert_with(|| {
                hosts.push((annotations, Vec::new()));
                hosts.len() - 1
            });
        hosts[at].1.push(way);
    }
    hosts
}

/// The rules for some hosts: one HTTPRoute, or as many as its limits want.
fn routes(
    owner: &Owner<'_>,
    name: &str,
    group: &Group<'_, '_>,
    parents: &[ParentRef],
    rules: &[HttpRouteRule],
) -> Vec<Object> {
    let hosts = group
        .ways
        .iter()
        .filter_map(|way| way.host.map(str::to_owned));
    let hosts: Vec<String> = hosts.collect();
    let parts: Vec<&[String]> = match hosts.is_empty() {
        true => vec![&[]],
        false => hosts.chunks(MOST_HOSTS).collect(),
    };
    let mut made = Vec::new();
    for hostnames in parts {
        for rules in in_parts(rules) {
            let name = match made.len() {
                0 => name.to_owned(),
                at => format!("{name}-part-{}", at + 1),
            };
            let annotations = &group.annotations;
            let route = HTTPRoute {
                metadata: ObjectMeta {
                    annotations: (!annotations.is_empty()).then(|| annotations.clone()),
                    ..(owner.metadata)(name)
                },
                spec: HttpRouteSpec {
                    parent_refs: parents.to_vec(),
                    hostnames: hostnames.to_vec(),
                    rules: rules.to_vec(),
                },
            };
            made.push((owner.object)(route.into()));
        }
    }
    made
}

fn in_parts(rules: &[HttpRouteRule]) -> Vec<&[HttpRouteRule]> {
    let mut parts = Vec::new();
    let (mut from, mut matches) = (0, 0);
    for (at, rule) in rules.iter().enumerate() {
        matches += rule.matches.len();
        if at - from == MOST_RULES || matches > MOST_MATCHES {
            parts.push(&rules[from..at]);
            (from, matches) = (at, rule.matches.len());
        }
    }
    parts.push(&rules[from..]);
    parts
}

fn rules(ways: &[&Way<'_>], diagnostics: &mut Diagnostics) -> Vec<HttpRouteRule> {
    let mut rules: Vec<HttpRouteRule> = Vec::new();
    let mut seen = BTreeSet::new();
    for way in ways {
        report(way, diagnostics);
        let rule = rule(way, diagnostics);
        if seen.insert(identity(std::slice::from_ref(&rule))) {
            rules.push(rule);
        }
    }
    rules
}

fn rule(way: &Way<'_>, diagnostics: &mut Diagnostics) -> HttpRouteRule {
    let path = PathMatch {
        kind: if way.is_exact() {
            "Exact"
        } else {
            "PathPrefix"
        }
        .to_owned(),
        value: way.path().to_owned(),
    };
    let one = |method: Option<String>| HttpRouteMatch {
        path: Some(path.clone()),
        method,
    };
    let methods = way.methods();
    let matches = match methods.is_empty() {
        true => vec![one(None)],
        false => methods
            .into_iter()
            .map(|method| one(Some(method.as_str().to_owned())))
            .collect(),
    };
    if way.path_type() == PathType::ImplementationSpecific {
        let span = way.route.path_type.as_ref().map(|given| given.span);
        diagnostics.push(lack::PATTERN.of(way, span.unwrap_or(way.route.path.span)));
        diagnostics.extend(no_path(way));
    }
    // A rule without back ends answers 500: nobody comes in unasked, nor by the
    // rule of a shorter path.
    if plain::doorkeeper(way).is_some() {
        return HttpRouteRule {
            matches,
            ..HttpRouteRule::default()
        };
    }
    HttpRouteRule {
        matches,
        filters: filters(way),
        backend_refs: vec![backend(way)],
        timeouts: way.policy.server.map(|time| RouteTimeouts {
            backend_request: Some(duration(time.value.value)),
        }),
    }
}

fn filters(way: &Way<'_>) -> Vec<HttpRouteFilter> {
    let cors = way.policy.cors.map(|said| HttpRouteFilter::Cors {
        cors: Box::new(cors_filter(&said.value.value)),
    });
    cors.into_iter().chain(rewrite(way)).collect()
}

/// A changed path, and the host by which the interceptor knows the app.
fn rewrite(way: &Way<'_>) -> Option<HttpRouteFilter> {
    let path = way.rewritten().map(|to| {
        let path = or_root(to.value).to_owned();
        match way.is_exact() {
            true => PathRewrite::ReplaceFullPath { path },
            false => PathRewrite::ReplacePrefixMatch { path },
        }
    });
    let hostname = match &way.target.place {
        Place::Interceptor { host } => Some(host.clone()),
        Place::Here | Place::Elsewhere { .. } => None,
    };
    let rewrite = Rewrite { hostname, path };
    (rewrite != Rewrite::default()).then_some(HttpRouteFilter::UrlRewrite { rewrite })
}

/// A pattern that is no path either: the Gateway API takes no others.
fn no_path(way: &Way<'_>) -> Option<Diagnostic> {
    let invalid = RoutePath::parse(way.path()).err()?;
    let message = format!(
        "`{}` is not {}, and nothing else is taken here: {}",
        way.path(),
        invalid.what,
        invalid.why
    );
    let said = Diagnostic::error("bad-value", way.route.path.span, message);
    Some(said.help(invalid.help))
}

fn cors_filter(cors: &Cors) -> CorsFilter {
    let origins = cors::origins(cors);
    let all = origins.exact.iter().chain(&origins.patterns);
    let methods = cors::methods(cors).into_iter().map(str::to_owned).collect();
    CorsFilter {
        allow_origins: all.map(|origin| (*origin).to_owned()).collect(),
        allow_methods: methods,
        allow_headers: cors::texts(&cors.allow_headers),
        expose_headers: cors::texts(&cors.expose_headers),
        // A second is the least that the Gateway API knows.
        max_age: cors
            .max_age
            .as_ref()
            .map(|age| age.value.seconds_up().max(1)),
        allow_credentials: cors::credentials(cors).then_some(true),
    }
}

fn backend(way: &Way<'_>) -> BackendRef {
    match &way.target.place {
        Place::Here => BackendRef {
            name: way.target.service.to_owned(),
            namespace: None,
            port: way.target.port,
        },
        Place::Elsewhere { namespace } => BackendRef {
            name: way.target.service.to_owned(),
            namespace: Some(namespace.clone()),
            port: way.target.port,
        },
        Place::Interceptor { .. } => BackendRef {
            name: INTERCEPTOR.0.to_owned(),
            namespace: Some(INTERCEPTOR.1.to_owned()),
            port: INTERCEPTOR.2,
        },
    }
}

/// Hours, minutes, seconds and milliseconds, as in `1m30s`; days are not known.
///
/// <https://gateway-api.sigs.k8s.io/geps/gep-2257/>
pub(super) fn duration(time: Duration) -> String {
    let mut rest = time.millis();
    let mut text = String::new();
    for (length, unit) in [(3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")] {
        if rest >= length {
            text.push_str(&format!("{}{unit}", rest / length));
            rest %= length;
        }
    }
    match text.is_empty() {
        true => "0s".to_owned(),
        false => text,
    }
}

fn redirect() -> HttpRouteRule {
    HttpRouteRule {
        filters: vec![HttpRouteFilter::RequestRedirect {
            redirect: Redirect {
                scheme: "https".to_owned(),
                status_code: 301,
            },
        }],
        ..HttpRouteRule::default()
    }
}

/// Parts of a route that an HTTPRoute does not say.
fn report(way: &Way<'_>, diagnostics: &mut Diagnostics) {
    let policy = &way.policy;
    let said = [
        policy
            .connect
            .map(|it| lack::CONNECT.of(way, it.value.span)),
        policy.client.map(|it| lack::CLIENT.of(way, it.value.span)),
        policy.queue.map(|it| lack::QUEUE.of(way, it.value.span)),
        policy
            .rate_limit
            .map(|it| lack::RATE.of(way, it.value.span)),
        policy.body_size.map(|it| lack::BODY.of(way, it.value.span)),
        policy
            .buffering
            .map(|it| lack::BUFFERING.of(way, it.value.span)),
        way.target.to_tls.then(|| lack::tls_behind(way)),
        redirect_to_nothing(way).map(|span| lack::REDIRECT_TO_NOTHING.of(way, span)),
        own_class(way).map(|span| lack::CLASS.of(way, span)),
    ];
    diagnostics.extend(said.into_iter().flatten());
    plain::firewall(way, diagnostics);
    if let Some((span, lack)) = plain::doorkeeper(way) {
        diagnostics.push(lack.closes(way, span));
    }
}

fn redirect_to_nothing(way: &Way<'_>) -> Option<kubewright_source::Span> {
    let word = way.redirect.filter(|word| word.value && !way.has_tls());
    word.filter(|_| !way.of_app).map(|word| word.span)
}

/// An app's own routes may have a class of an Ingress beside their controller.
fn own_class(way: &Way<'_>) -> Option<kubewright_source::Span> {
    let class = way.route.class.as_ref().filter(|_| !way.of_app)?;
    Some(class.span)
}

/// Leave to lead into other namespaces, one for each.
///
/// <https://gateway-api.sigs.k8s.io/api-types/referencegrant/>
fn grants(owner: &Owner<'_>, ways: &[Way<'_>]) -> Vec<Object> {
    let mut services: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for way in ways.iter().filter(|way| ingress::is_of_gateway_api(way)) {
        let backend = backend(way);
        if let Some(namespace) = backend.namespace {
            services.entry(namespace).or_default().insert(backend.name);
        }
    }
    let made = services.into_iter().map(|(namespace, names)| {
        let home = owner.namespace.as_deref().unwrap_or("default");
        let grant = ReferenceGrant {
            metadata: ObjectMeta {
                namespace: Some(namespace),
                ..(owner.metadata)(format!("{}-from-{home}", owner.base))
            },
            spec: ReferenceGrantSpec {
                from: vec![GrantFrom {
                    group: "gateway.networking.k8s.io".to_owned(),
                    kind: "HTTPRoute".to_owned(),
                    namespace: home.to_owned(),
                }],
                to: names.into_iter().map(to_service).collect(),
            },
        };
        (owner.object)(grant.into())
    });
    made.collect()
}

fn to_service(name: String) -> GrantTo {
    GrantTo {
        group: String::new(),
        kind: "Service".to_owned(),
        name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_no_days() {
        let rows = [
            (90_000, "1m30s"),
            (86_400_000, "24h"),
            (1500, "1s500ms"),
            (0, "0s"),
        ];
        for (millis, expected) in rows {
            assert_eq!(duration(Duration::from_millis(millis)), expected);
        }
    }

    #[test]
    fn an_http_route_has_its_limits() {
        let rule = |matches: usize| HttpRouteRule {
            matches: vec![HttpRouteMatch::default(); matches],
            ..HttpRouteRule::default()
        };
        let rows: [(Vec<HttpRouteRule>, &[usize]); 4] = [
            (vec![rule(1); 3], &[3]),
            (vec![rule(1); 16], &[16]),
            (vec![rule(1); 33], &[16, 16, 1]),
            (vec![rule(9); 15], &[14, 1]),
        ];
        for (rules, expected) in rows {
            let parts: Vec<usize> = in_parts(&rules).iter().map(|part| part.len()).collect();
            assert_eq!(parts, expected);
        }
    }
}
