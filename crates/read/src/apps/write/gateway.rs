//! How the outside gets in.

use kubewright_model::Located;
use kubewright_model::gateway::{
    Auth, Controller, Cors, Gateway, Method, PathType, Route, RoutePolicy, Switch, TargetPort,
    TargetService, Timeouts, Tls, Waf, WafLevel, WafMode,
};
use kubewright_model::project::Facts;
use kubewright_model::scaling::RateLimit;
use kubewright_yaml::Node;

use crate::apps::decode::USUAL_NAME;

use super::tree::{Map, amount, flag, named, raw, some_list, text};

/// The section `gateway`.
pub(super) fn gateway(gateway: &Gateway, facts: &Facts) -> Option<Node> {
    let mut block = Map::default();
    block.texts("hosts", &gateway.hosts);
    block.flag("https_redirect", &gateway.https_redirect);
    policy(&mut block, &gateway.policy);
    // The host of routes that name none.
    let usual_host = match gateway.hosts.as_slice() {
        [] => facts.domain.as_ref().map(|domain| &domain.value),
        [only] => Some(&only.value),
        _ => None,
    };
    let routes = gateway.routes.iter().map(|route| {
        let host = route
            .host
            .as_ref()
            .filter(|host| usual_host != Some(&host.value));
        let host = host.map_or("", |host| host.value.as_str());
        (format!("{host}{}", route.path.value), self::route(route))
    });
    block.put("routes", named("path", routes.collect()));
    let name = gateway.name.as_ref().map(|name| name.as_str());
    match name {
        // It makes nothing, whatever it is called.
        _ if block.is_empty() => return None,
        Some(USUAL_NAME) => {}
        Some(name) => block.put("name", raw(name)),
        None => block.put("name", raw("none")),
    }
    block.some()
}

fn route(route: &Route) -> Node {
    let service = match &route.target.service.value {
        TargetService::Entry(name) => name.to_string(),
        TargetService::ComposeService { project, service } => format!("{project}.{service}"),
        TargetService::Foreign { service, namespace } => format!("{service}.{namespace}"),
    };
    let mut block = Map::with("service", text(&service));
    block.put(
        "port",
        route.target.port.as_ref().map(|port| match port {
            TargetPort::Number(number) => amount(number.value),
            TargetPort::Name(name) => raw(name.value.as_str()),
        }),
    );
    block.word("path_type", &route.path_type, |kind| match kind {
        PathType::Prefix => "Prefix",
        PathType::Exact => "Exact",
        PathType::ImplementationSpecific => "ImplementationSpecific",
    });
    block.word("controller", &route.controller, controller);
    block.text("class", &route.class);
    block.flag("strip_prefix", &route.strip_prefix);
    block.text("rewrite_to", &route.rewrite_to);
    block.put("methods", methods(&route.methods));
    policy(&mut block, &route.policy);
    block.node()
}

/// A controller by its word.
pub(super) fn controller(controller: Controller) -> &'static str {
    match controller {
        Controller::Generic => "generic",
        Controller::Haproxy => "haproxy",
        Controller::Traefik => "traefik",
        Controller::Nginx => "nginx",
        Controller::GatewayApi => "gateway-api",
    }
}

/// Methods by their words.
pub(super) fn methods(methods: &[Located<Method>]) -> Option<Node> {
    let word = |method: &Located<Method>| raw(method.value.as_str());
    some_list(methods.iter().map(word).collect())
}

fn policy(block: &mut Map, policy: &RoutePolicy) {
    block.put("tls", switch(&policy.tls, tls));
    block.put("timeouts", timeouts(&policy.timeouts));
    block.put("rate_limit", switch(&policy.rate_limit, rate_limit));
    block.put("cors", switch(&policy.cors, cors));
    block.put("waf", switch(&policy.waf, waf));
    block.put("auth", switch(&policy.auth, auth));
    block.amount("body_size", &policy.body_size);
    block.flag("buffering", &policy.buffering);
    block.pairs("annotations", &policy.annotations);
}

/// A block that can be switched off.
pub(super) fn switch<T>(switch: &Switch<T>, on: impl FnOnce(&T) -> Node) -> Option<Node> {
    match switch {
        Switch::Unsaid => None,
        Switch::Off(_) => Some(flag(false)),
        Switch::On(value) => Some(on(&value.value)),
    }
}

/// Transport encryption.
pub(super) fn tls(tls: &Tls) -> Node {
    match tls {
        Tls::Off => flag(false),
        Tls::Default => flag(true),
        Tls::Secret(name) => Map::with("secret", raw(name.value.as_str())).node(),
        Tls::Issuer { cluster, name } => {
            let written = match cluster {
                true => name.value.to_string(),
                false => format!("Issuer/{}", name.value),
            };
            Map::with("issuer", raw(&written)).node()
        }
    }
}

fn timeouts(timeouts: &Timeouts) -> Option<Node> {
    let mut block = Map::default();
    block.amount("connect", &timeouts.connect);
    block.amount("server", &timeouts.server);
    block.amount("client", &timeouts.client);
    block.amount("queue", &timeouts.queue);
    block.some()
}

/// A rate, with a burst.
pub(super) fn rate_limit(limit: &RateLimit) -> Node {
    let mut block = Map::with("requests_per_second", amount(limit.rate.value));
    block.amount("burst", &limit.burst);
    block.node()
}

/// Cross-origin requests; an empty block admits all origins.
pub(super) fn cors(cors: &Cors) -> Node {
    let mut block = Map::default();
    block.texts("allow_origins", &cors.allow_origins);
    block.put("allow_methods", methods(&cors.allow_methods));
    block.texts("allow_headers", &cors.allow_headers);
    block.texts("expose_headers", &cors.expose_headers);
    block.amount("max_age", &cors.max_age);
    block.flag("allow_credentials", &cors.allow_credentials);
    block.node()
}

fn waf(waf: &Waf) -> Node {
    let mut block = Map::default();
    block.word("mode", &waf.mode, |mode| match mode {
        WafMode::Block => "block",
        WafMode::Detect => "detect",
    });
    block.put(
        "level",
        waf.level.as_ref().map(|level| {
            amount(match level.value {
                WafLevel::One => 1,
                WafLevel::Two => 2,
                WafLevel::Three => 3,
                WafLevel::Four => 4,
            })
        }),
    );
    block.texts("rules", &waf.rules);
    let exclude = waf.exclude.iter().map(|number| amount(number.value.get()));
    block.put("exclude", some_list(exclude.collect()));
    match block.is_empty() {
        true => flag(true),
        false => block.node(),
    }
}

/// Who may ask.
pub(super) fn auth(auth: &Auth) -> Node {
    let mut block = Map::default();
    match auth {
        Auth::Basic { secret, realm } => {
            block.put("type", raw("basic"));
            block.put("secret", raw(&secret.value.to_string()));
            block.text("realm", realm);
        }
        Auth::Jwt {
            issuer,
            jwks,
            audiences,
        } => {
            block.put("type", raw("jwt"));
            block.put("issuer", text(issuer.value.as_str()));
            block.text("jwks", jwks);
            block.texts("audiences", audiences);
        }
        Auth::Bearer { secret } => {
            block.put("type", raw("bearer"));
            block.put("secret", raw(&secret.value.to_string()));
        }
        Auth::ApiKey { secret, header } => {
            block.put("type", raw("api_key"));
            block.put("secret", raw(&secret.value.to_string()));
            block.text("header", header);
        }
        Auth::Forward { url, headers } => {
            block.put("type", raw("forward"));
            block.put("url", text(url.value.as_str()));
            block.texts("headers", headers);
        }
    }
    block.node()
}
