//! How the outside gets in.

use kubewright_model::access::Visibility;
use kubewright_model::gateway::{
    Auth, Cors, Gateway, Method, PathType, Route, RoutePolicy, RouteTarget, Switch, TargetPort,
    TargetService, Timeouts, Tls, Waf, WafLevel, WafMode,
};
use kubewright_model::scaling::RateLimit;
use kubewright_model::value::{
    HeaderName, Host, LabelKey, Memory, Origin, PortName, PositiveCount, QualifiedName, Rate,
    RoutePath, Url,
};
use kubewright_model::{Given, Invalid, Located, Name, ObjectName, Port, Project, Span};

use super::facts::{self, CONTROLLERS};
use super::given::{
    any, choice, chosen, duration, list_of, members, numbered, pairs, parsed, text, texts, word,
};
use super::scope::Scope;
use crate::fields::{At, Fields};

/// Methods by their words.
pub(super) const METHODS: &[(&str, Method)] = &[
    (Method::Get.as_str(), Method::Get),
    (Method::Head.as_str(), Method::Head),
    (Method::Post.as_str(), Method::Post),
    (Method::Put.as_str(), Method::Put),
    (Method::Patch.as_str(), Method::Patch),
    (Method::Delete.as_str(), Method::Delete),
    (Method::Options.as_str(), Method::Options),
    (Method::Connect.as_str(), Method::Connect),
    (Method::Trace.as_str(), Method::Trace),
];

/// The section `gateway`.
pub(super) fn read(at: At<'_>, scope: &Scope<'_>) -> Option<Gateway> {
    let fields = at.fields("`gateway`")?;
    let routes = fields.get("routes");
    let routes = routes.as_ref().map(members).unwrap_or_default();
    let gateway = Gateway {
        name: own_name(&fields),
        hosts: list_of(&fields, "hosts", Host::of_route),
        https_redirect: fields.bool("https_redirect"),
        policy: policy(&fields),
        routes: routes
            .into_iter()
            .filter_map(|(path, at)| route(path?, at, scope))
            .collect(),
    };
    fields.finish();
    Some(gateway)
}

/// What the objects of all routes are called: `gateway` where nothing is said.
/// With `none` each app has objects of its own for the routes that lead to it.
fn own_name(fields: &Fields<'_>) -> Given<Name> {
    match fields.get("name") {
        None => Some(usual_name(fields.at().span())),
        Some(at) if word(&at)?.value.eq_ignore_ascii_case("none") => None,
        Some(_) => parsed(fields, "name", Name::parse),
    }
}

/// What the objects of all routes are called where nothing is said.
pub(in crate::apps) const USUAL_NAME: &str = "gateway";

fn usual_name(span: Span) -> Located<Name> {
    Located::new(Name::parse(USUAL_NAME).expect("a name"), span)
}

fn route(key: Located<&str>, at: At<'_>, scope: &Scope<'_>) -> Option<Route> {
    let fields = at.fields(format!("route `{}`", key.value))?;
    let (host, path) = key
        .value
        .split_at(key.value.find('/').unwrap_or(key.value.len()));
    if path.is_empty() && !host.contains('.') {
        fields.at().error(
            "bad-value",
            format!("route `{host}` is neither a path nor a host"),
            format!(
                "write the path with a slash, `/{host}`, or the whole host, `{host}.example.com`"
            ),
        );
    }
    let host = (!host.is_empty()).then(|| Located::new(host.to_owned(), key.span));
    let host = host.and_then(|host| fields.at().checked(&host, Host::of_route));
    let path = if path.is_empty() { "/" } else { path };
    let path = Located::new(path.to_owned(), key.span);
    fields.need("service");
    let service = fields.get("service").and_then(|at| service(&at, scope));
    let path_types = [
        ("Prefix", PathType::Prefix),
        ("Exact", PathType::Exact),
        ("ImplementationSpecific", PathType::ImplementationSpecific),
    ];
    let port = fields.get("port").and_then(|at| port(&at));
    let path_type = chosen(&fields, "path_type", &path_types);
    let as_it_is = path_type.is_some_and(|given| given.value == PathType::ImplementationSpecific);
    if !as_it_is {
        fields.at().checked(&path, RoutePath::parse);
    }
    let rewrite_to = parsed(&fields, "rewrite_to", RoutePath::parse);
    let route = |service| Route {
        path_type,
        controller: chosen(&fields, "controller", CONTROLLERS),
        class: parsed(&fields, "class", ObjectName::parse),
        strip_prefix: fields.bool("strip_prefix"),
        rewrite_to: rewrite_to.map(|path| path.map(String::from)),
        methods: methods(&fields, "methods"),
        policy: policy(&fields),
        ..Route::new(host, path, RouteTarget { service, port })
    };
    let route = service.map(route);
    if route.is_some() {
        fields.finish();
    }
    route
}

/// An entry, `project.service`, or `service.namespace`.
fn service(at: &At<'_>, scope: &Scope<'_>) -> Option<Located<TargetService>> {
    let text = word(at)?;
    if let Some(name) = scope.named(&text) {
        return Some(Located::new(TargetService::Entry(name.value), text.span));
    }
    let Some((first, second)) = text.value.split_once('.') else {
        let message = format!("the route leads to `{}`, which there is not", text.value);
        at.error("unknown-name", message, scope.proposal(&text));
        return None;
    };
    let part = |part: &str| at.checked(&Located::new(part.to_owned(), text.span), Name::parse);
    let (one, two) = (part(first)?.value, part(second)?.value);
    let target = match scope.named(first) {
        Some(project) => TargetService::ComposeService {
            project: project.value,
            service: two,
        },
        None => TargetService::Foreign {
            service: one,
            namespace: two,
        },
    };
    Some(Located::new(target, text.span))
}

fn port(at: &At<'_>) -> Option<TargetPort> {
    let text = word(at)?;
    match text.value.parse::<u32>() {
        Ok(_) => at.checked(&text, Port::parse).map(TargetPort::Number),
        Err(_) => at.checked(&text, PortName::parse).map(TargetPort::Name),
    }
}

/// What holds for all routes, or for one.
fn policy(fields: &Fields<'_>) -> RoutePolicy {
    RoutePolicy {
        tls: tls(fields),
        timeouts: fields
            .get("timeouts")
            .and_then(timeouts)
            .unwrap_or_default(),
        rate_limit: switch(fields, "rate_limit", None, rate_limit),
        cors: cors(fields),
        waf: switch(fields, "waf", Some(Waf::default()), waf),
        auth: switch(fields, "auth", None, auth),
        body_size: parsed(fields, "body_size", Memory::parse),
        buffering: fields.bool("buffering"),
        annotations: pairs(fields, "annotations", LabelKey::parse, any),
    }
}

fn tls(fields: &Fields<'_>) -> Switch<Tls> {
    let Some(at) = fields.get("tls") else {
        return Switch::Unsaid;
    };
    let span = at.span();
    match facts::tls(at) {
        Some(Tls::Off) => Switch::Off(Located::new((), span)),
        Some(tls) => Switch::On(Located::new(tls, span)),
        None => Switch::Unsaid,
    }
}

/// A block that is switched off by `false`, and on by `true` where that says
/// enough.
pub(super) fn switch<T>(
    fields: &Fields<'_>,
    key: &'static str,
    plain: Option<T>,
    read: impl FnOnce(At<'_>) -> Option<T>,
) -> Switch<T> {
    let Some(at) = fields.get(key) else {
        return Switch::Unsaid;
    };
    let span = at.span();
    if at.node.as_scalar().is_none() {
        return read(at).map_or(Switch::Unsaid, |value| {
            Switch::On(Located::new(value, span))
        });
    }
    match (at.bool(), plain) {
        (Some(word), _) if !word.value => Switch::Off(Located::new((), span)),
        (Some(_), Some(plain)) => Switch::On(Located::new(plain, span)),
        (Some(_), None) => {
            at.bad(
                format!("`{key}: true` does not say how"),
                "write a block, or `false`",
            );
            Switch::Unsaid
        }
        (None, _) => Switch::Unsaid,
    }
}

/// Cross-origin requests; `true` admits all origins.
pub(super) fn cors(fields: &Fields<'_>) -> Switch<Cors> {
    let anyone = fields.get("cors").map(|at| Cors {
        allow_origins: vec![Located::new("*".to_owned(), at.span())],
        ..Cors::default()
    });
    switch(fields, "cors", anyone, |at| {
        let fields = at.fields("`cors`")?;
        let cors = Cors {
            allow_origins: plain(&fields, "allow_origins", Origin::parse),
            allow_methods: methods(&fields, "allow_methods"),
            allow_headers: plain(&fields, "allow_headers", header),
            expose_headers: plain(&fields, "expose_headers", header),
            max_age: duration(&fields, "max_age"),
            allow_credentials: fields.bool("allow_credentials"),
        };
        fields.finish();
        Some(cors)
    })
}

/// Texts of a list that a constructor takes.
fn plain<T: Into<String>>(
    fields: &Fields<'_>,
    key: &'static str,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Vec<Located<String>> {
    let found = list_of(fields, key, parse).into_iter();
    found.map(|text| text.map(Into::into)).collect()
}

/// The name of a header, or `*` for all.
fn header(text: &str) -> Result<String, Invalid> {
    match text {
        "*" => Ok(text.to_owned()),
        _ => HeaderName::parse(text).map(String::from),
    }
}

pub(super) fn methods(fields: &Fields<'_>, key: &'static str) -> Vec<Located<Method>> {
    let at = fields.get(key);
    let items = at.as_ref().map(At::items).unwrap_or_default();
    items.iter().filter_map(|at| choice(at, METHODS)).collect()
}

fn timeouts(at: At<'_>) -> Option<Timeouts> {
    let fields = at.fields("`timeouts`")?;
    let timeouts = Timeouts {
        connect: duration(&fields, "connect"),
        server: duration(&fields, "server"),
        client: duration(&fields, "client"),
        queue: duration(&fields, "queue"),
    };
    fields.finish();
    Some(timeouts)
}

pub(super) fn rate_limit(at: At<'_>) -> Option<RateLimit> {
    let fields = at.fields("`rate_limit`")?;
    fields.need("requests_per_second");
    let limit = RateLimit {
        rate: parsed(&fields, "requests_per_second", Rate::parse)?,
        burst: fields.count("burst"),
    };
    fields.finish();
    Some(limit)
}

fn waf(at: At<'_>) -> Option<Waf> {
    let fields = at.fields("`waf`")?;
    let levels = [
        ("1", WafLevel::One),
        ("2", WafLevel::Two),
        ("3", WafLevel::Three),
        ("4", WafLevel::Four),
    ];
    let exclude = fields.get("exclude");
    let exclude = exclude.as_ref().map(At::items).unwrap_or_default();
    let waf = Waf {
        mode: chosen(
            &fields,
            "mode",
            &[("block", WafMode::Block), ("detect", WafMode::Detect)],
        ),
        level: chosen(&fields, "level", &levels),
        rules: texts(&fields, "rules"),
        exclude: exclude
            .iter()
            .filter_map(|at| numbered(at, PositiveCount::new))
            .collect(),
    };
    fields.finish();
    Some(waf)
}

#[derive(Clone, Copy)]
enum AuthKind {
    Basic,
    Bearer,
    Jwt,
    ApiKey,
    Forward,
}

const AUTH_KINDS: &[(&str, AuthKind)] = &[
    ("basic", AuthKind::Basic),
    ("bearer", AuthKind::Bearer),
    ("jwt", AuthKind::Jwt),
    ("api_key", AuthKind::ApiKey),
    ("forward", AuthKind::Forward),
];

pub(super) fn auth(at: At<'_>) -> Option<Auth> {
    let fields = at.fields("`auth`")?;
    fields.need("type");
    let kind = chosen(&fields, "type", AUTH_KINDS)?.value;
    let secret = || -> Given<QualifiedName> {
        fields.need("secret");
        parsed(&fields, "secret", QualifiedName::parse)
    };
    let url = |key| {
        fields.need(key);
        parsed(&fields, key, Url::parse)
    };
    let auth = match kind {
        AuthKind::Basic => Auth::Basic {
            secret: secret()?,
            realm: text(&fields, "realm"),
        },
        AuthKind::Bearer => Auth::Bearer { secret: secret()? },
        AuthKind::Jwt => Auth::Jwt {
            issuer: url("issuer")?,
            jwks: parsed(&fields, "jwks", Url::parse),
            audiences: texts(&fields, "audiences"),
        },
        AuthKind::ApiKey => Auth::ApiKey {
            secret: secret()?,
            header: text(&fields, "header"),
        },
        AuthKind::Forward => Auth::Forward {
            url: url("url")?,
            headers: texts(&fields, "headers"),
        },
    };
    fields.finish();
    Some(auth)
}

/// Entries with the visibility `public` that no route leads to get one at
/// `/{entry}`.
pub(super) fn public(project: &mut Project) {
    let is_public = |app: &&kubewright_model::App| {
        let visibility = app.access.visibility.as_ref();
        visibility.is_some_and(|visibility| visibility.value == Visibility::Public)
    };
    let wanted: Vec<Located<Name>> = project
        .apps()
        .filter(is_public)
        .map(|app| {
            let span = app
                .access
                .visibility
                .as_ref()
                .map_or(app.name.span, |word| word.span);
            Located::new(app.name.value.clone(), span)
        })
        .collect();
    for name in wanted {
        let gateway = project.gateway.get_or_insert_with(|| Gateway {
            name: Some(usual_name(name.span)),
            ..Gateway::default()
        });
        let leads_here = |route: &Route| matches!(&route.target.service.value, TargetService::Entry(entry) if *entry == name.value);
        if gateway.routes.iter().any(leads_here) {
            continue;
        }
        let path = Located::new(format!("/{}", name.value), name.span);
        let service = Located::new(TargetService::Entry(name.value), name.span);
        let target = RouteTarget {
            service,
            port: None,
        };
        gateway.routes.push(Route::new(None, path, target));
    }
}
