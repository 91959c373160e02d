//! What is done to the requests of a route, in this order: questions of other
//! origins are answered, too many turned away, attacks, then strangers; what is
//! let in gets its path and host.

use std::collections::BTreeMap;

use kubewright_model::gateway::{Cors, PathType};
use kubewright_objects::traefik::{
    Buffering, Headers, MiddlewareRef, MiddlewareSpec, RateLimit, ReplacePath, ReplacePathRegex,
    StripPrefix,
};
use kubewright_source::Diagnostics;

use super::super::name::slug;
use super::super::nginx::escaped;
use super::super::target::Place;
use super::super::way::{Way, or_root};
use super::super::{Owner, cors, lack};
use super::gathered::Gathered;
use super::guard;

/// One step on the way: what it is called, what it does, and whether the route
/// itself asks for it.
struct Step {
    what: &'static str,
    spec: MiddlewareSpec,
    own: bool,
}

/// The Middlewares of a route, added to those of others.
pub(super) fn of(
    owner: &Owner<'_>,
    way: &Way<'_>,
    gathered: &mut Gathered<MiddlewareSpec>,
    diagnostics: &mut Diagnostics,
) -> Vec<MiddlewareRef> {
    let steps = steps(way, diagnostics).into_iter();
    let names = steps.map(|step| {
        let wishes = wishes(owner, way, step.own, step.what);
        gathered.name(wishes, step.spec)
    });
    names.map(|name| MiddlewareRef { name }).collect()
}

/// Names for something of a route: the gateway's, the route's, with its host,
/// then numbered.
pub(super) fn wishes(
    owner: &Owner<'_>,
    way: &Way<'_>,
    own: bool,
    what: &str,
) -> impl Iterator<Item = String> {
    let base = owner.base;
    let path = slug(way.path());
    let of_gateway = (!own).then(|| format!("{base}-{what}"));
    let of_route = format!("{base}-{path}-{what}");
    let of_host = way
        .host
        .map(|host| format!("{base}-{path}-{}-{what}", slug(host)));
    let numbered = (2..).map(move |at| format!("{of_route}-{at}"));
    let of_route = format!("{base}-{path}-{what}");
    of_gateway
        .into_iter()
        .chain([of_route])
        .chain(of_host)
        .chain(numbered)
}

fn steps(way: &Way<'_>, diagnostics: &mut Diagnostics) -> Vec<Step> {
    let policy = &way.policy;
    let mut steps = Vec::new();
    let mut add = |what, own, spec: Option<MiddlewareSpec>| {
        steps.extend(spec.map(|spec| Step { what, spec, own }));
    };
    if let Some(said) = policy.cors {
        add("cors", said.own, Some(headers(&said.value.value)));
    }
    if let Some(said) = policy.rate_limit {
        add("rate-limit", said.own, Some(rate_limit(&said.value.value)));
    }
    if let Some(said) = policy.waf {
        add("waf", said.own, Some(guard::firewall(said, diagnostics)));
    }
    if let Some(said) = policy.auth {
        add("auth", said.own, guard::auth(way, said, diagnostics));
    }
    let of_body = [
        policy.body_size.map(|said| said.own),
        policy.buffering.map(|said| said.own),
    ];
    let own = of_body.contains(&Some(true));
    add("body", own, buffering(way, diagnostics));
    add("path", true, path(way, diagnostics));
    if let Place::Interceptor { host } = &way.target.place {
        add("host", true, Some(host_header(host)));
    }
    steps
}

fn headers(cors: &Cors) -> MiddlewareSpec {
    let origins = cors::origins(cors);
    let patterns = origins.patterns.iter().map(|origin| cors::pattern(origin));
    let exact = origins.exact.iter().map(|origin| (*origin).to_owned());
    let methods = cors::methods(cors).into_iter().map(str::to_owned);
    MiddlewareSpec::Headers(Box::new(Headers {
        access_control_allow_origin_list: exact.collect(),
        access_control_allow_origin_list_regex: patterns.collect(),
        access_control_allow_methods: methods.collect(),
        access_control_allow_headers: cors::texts(&cors.allow_headers),
        access_control_expose_headers: cors::texts(&cors.expose_headers),
        access_control_max_age: cors.max_age.as_ref().map(|age| age.value.seconds_up()),
        access_control_allow_credentials: Some(cors::credentials(cors)),
        add_vary_header: Some(true),
        ..Headers::default()
    }))
}

/// Traefik's own burst is 1, which would turn away every second request that
/// comes at once; so the rate is written where nothing is said.
fn rate_limit(limit: &kubewright_model::scaling::RateLimit) -> MiddlewareSpec {
    let rate = limit.rate.value;
    let burst = limit.burst.as_ref().map(|burst| burst.value);
    MiddlewareSpec::RateLimit(RateLimit {
        average: rate.count(),
        period: match rate.seconds() {
            1 => None,
            60 => Some("1m".to_owned()),
            _ => Some("1h".to_owned()),
        },
        burst: Some(burst.unwrap_or(rate.count())),
    })
}

/// Only what is taken in whole has a size that is known.
fn buffering(way: &Way<'_>, diagnostics: &mut Diagnostics) -> Option<MiddlewareSpec> {
    let (size, word) = (way.policy.body_size, way.policy.buffering);
    let refused = word.filter(|word| !word.value.value);
    if let Some(word) = refused.filter(|_| size.is_some()) {
        diagnostics.push(lack::UNBUFFERED_LIMIT.of(way, word.value.span));
    }
    let asked = word.is_some_and(|word| word.value.value);
    (asked || size.is_some()).then(|| {
        MiddlewareSpec::Buffering(Buffering {
            max_request_body_bytes: size.map(|size| size.value.value.bytes()),
        })
    })
}

fn path(way: &Way<'_>, diagnostics: &mut Diagnostics) -> Option<MiddlewareSpec> {
    let to = way.rewritten()?;
    let from = way.path().trim_end_matches('/');
    if way.is_exact() {
        let path = or_root(to.value).to_owned();
        return Some(MiddlewareSpec::ReplacePath(ReplacePath { path }));
    }
    if to.value.is_empty() {
        let prefixes = vec![from.to_owned()];
        let strip = MiddlewareSpec::StripPrefix(StripPrefix { prefixes });
        return (!from.is_empty()).then_some(strip);
    }
    if way.path_type() == PathType::ImplementationSpecific {
        diagnostics.push(lack::REWRITE_OF_PATTERN.of(way, to.span));
        return None;
    }
    Some(MiddlewareSpec::ReplacePathRegex(ReplacePathRegex {
        regex: format!("^{}(/.*)?$", escaped(from)),
        replacement: format!("{}$1", to.value.replace('$', "$$")),
    }))
}

fn host_header(host: &str) -> MiddlewareSpec {
    let set = BTreeMap::from([("Host".to_owned(), host.to_owned())]);
    MiddlewareSpec::Headers(Box::new(Headers {
        custom_request_headers: set,
        ..Headers::default()
    }))
}
