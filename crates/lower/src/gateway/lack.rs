//! What a controller cannot do: how grave that is, and what can do it.
//!
//! Left out, some things would open what shall be closed or lead elsewhere: those
//! are errors, unless the route can be made to answer nobody. Without the others a
//! route does less well what it does.

use kubewright_model::Span;
use kubewright_model::gateway::Controller;
use kubewright_source::Diagnostic;

use super::way::Way;

/// Something that not every controller does.
#[derive(Debug)]
pub(super) struct Lack {
    /// Behind `cannot`.
    what: &'static str,
    /// What does it, or does as well.
    instead: &'static str,
    weight: Weight,
}

/// How grave it is to leave something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// What shall be closed is open, or requests go astray.
    Grave,
    /// A route does less well what it does.
    Light,
}

const fn grave(what: &'static str, instead: &'static str) -> Lack {
    Lack {
        what,
        instead,
        weight: Weight::Grave,
    }
}

const fn light(what: &'static str, instead: &'static str) -> Lack {
    Lack {
        what,
        instead,
        weight: Weight::Light,
    }
}

pub(super) const REWRITE: Lack = light(
    "give an app another path than the one asked for",
    "choose the controller `haproxy`, `nginx`, `traefik` or `gateway-api`, or let the app itself \
     answer below that path",
);
pub(super) const REWRITE_OF_PATTERN: Lack = grave(
    "put another path in the place of one that is `ImplementationSpecific`",
    "leave `path_type` out, or write `Exact`",
);
pub(super) const METHODS: Lack = grave(
    "let some methods through only",
    "choose the controller `haproxy`, `traefik` or `gateway-api`, or let the app refuse the others",
);
pub(super) const HOST: Lack = grave(
    "write the host into requests by which the interceptor of KEDA knows an app",
    "choose the controller `haproxy`, `nginx`, `traefik` or `gateway-api`, or another way of \
     scaling than `keda-http`",
);
pub(super) const BASIC: Lack = grave(
    "ask for a name and a password",
    "choose the controller `haproxy`, `nginx` or `traefik`, or let the app ask",
);
pub(super) const TOKEN: Lack = grave(
    "check tokens and keys itself",
    "let a service of yours check them with `auth: {type: forward, url: …}` on `haproxy`, `nginx` \
     or `traefik`",
);
pub(super) const FORWARD: Lack = grave(
    "ask another service who may come in",
    "choose the controller `haproxy`, `nginx` or `traefik`, or let the app ask",
);
pub(super) const SECRET_ELSEWHERE: Lack = grave(
    "be counted on to read a Secret of another namespace",
    "keep a copy of the Secret in the namespace of the routes, and name it alone",
);
pub(super) const WAF: Lack = light(
    "put a firewall for web applications in front",
    "choose the controller `haproxy`, `nginx` or `traefik`, or write `waf: false`",
);
pub(super) const WAF_DETECT: Lack = light(
    "let a firewall for web applications watch",
    "choose the controller `haproxy`, `nginx` or `traefik`, or write `waf: false`",
);
pub(super) const WAF_OF_ROUTE: Lack = grave(
    "give routes different `level`, `rules` or `exclude` of the firewall",
    "write the same for all routes, at the gateway, or choose the controller `nginx` or `traefik`",
);
pub(super) const CONNECT: Lack = light(
    "be told how long connecting to a pod may take",
    "choose the controller `haproxy`, `nginx` or `traefik`, or leave `connect` out",
);
pub(super) const SERVER: Lack = light(
    "be told how long a pod's answer may take",
    "choose the controller `haproxy`, `nginx`, `traefik` or `gateway-api`, or leave `server` out",
);
pub(super) const CLIENT: Lack = light(
    "be told how long a client's request may take, route by route",
    "set it for the whole controller, or leave `client` out",
);
pub(super) const QUEUE: Lack = light(
    "be told how long requests may wait for a free connection",
    "choose the controller `haproxy`, or leave `queue` out",
);
pub(super) const RATE: Lack = light(
    "limit how often somebody asks",
    "choose the controller `haproxy`, `nginx` or `traefik`, or let the app count",
);
pub(super) const RATE_OF_HOUR: Lack = light(
    "count by the hour, unless it comes to a whole number a minute",
    "write the rate with `/m` or `/s`",
);
pub(super) const BURST: Lack = light(
    "admit more at once than the rate says",
    "choose the controller `nginx` or `traefik`, or leave `burst` out",
);
pub(super) const BURST_IN_PARTS: Lack = light(
    "admit a burst that is no multiple of the rate; the next smaller one is taken",
    "write a multiple of the rate",
);
pub(super) const CORS: Lack = light(
    "answer the questions of other origins (CORS)",
    "choose the controller `haproxy`, `nginx`, `traefik` or `gateway-api`, or let the app answer",
);
pub(super) const ANY_HEADER: Lack = light(
    "allow all headers at once",
    "name the headers in `allow_headers`; a usual list is taken until then",
);
pub(super) const BODY: Lack = light(
    "limit the size of requests",
    "choose the controller `haproxy`, `nginx` or `traefik`, or let the app refuse what is too large",
);
pub(super) const BUFFERING: Lack = light(
    "be told whether to take requests in whole",
    "choose the controller `haproxy`, `nginx` or `traefik`, or leave `buffering` out",
);
pub(super) const UNBUFFERED_LIMIT: Lack = light(
    "limit the size of requests without taking them in whole",
    "leave out `buffering` or `body_size`, or choose the controller `haproxy` or `nginx`",
);
pub(super) const REDIRECT: Lack = light(
    "be told whether to send on to TLS",
    "choose the controller `haproxy`, `nginx` or `traefik`, or leave `https_redirect` out",
);
pub(super) const REDIRECT_TO_NOTHING: Lack = light(
    "send on to TLS where a route has none",
    "add `tls`, or leave `https_redirect` out",
);
pub(super) const REDIRECT_OF_OTHERS: Lack = light(
    "send on to TLS at a Gateway that is not the project's own",
    "let whoever owns the Gateway send on, or leave `https_redirect` out",
);
pub(super) const CLASS: Lack = light(
    "choose a class for one route",
    "name the Gateway's class, or a Gateway that is there, with the environment's `ingress`",
);
pub(super) const PATTERN: Lack = light(
    "read more into an `ImplementationSpecific` path than its beginning",
    "leave `path_type` out, or write `Exact`",
);

impl Lack {
    /// That the controller of a route cannot do it.
    pub(super) fn of(&self, way: &Way<'_>, span: Span) -> Diagnostic {
        let text = self.said(way);
        let said = match self.weight {
            Weight::Grave => Diagnostic::error("not-here", span, text),
            Weight::Light => Diagnostic::warning("not-here", span, text),
        };
        self.helped(said, way)
    }

    /// The same, where the route answers nobody instead.
    pub(super) fn closes(&self, way: &Way<'_>, span: Span) -> Diagnostic {
        let text = format!(
            "{}: `{}` answers nobody (500)",
            self.said(way),
            way.route.path.value
        );
        self.helped(Diagnostic::warning("not-here", span, text), way)
    }

    fn said(&self, way: &Way<'_>) -> String {
        format!("{} cannot {}", called(way), self.what)
    }

    fn helped(&self, said: Diagnostic, way: &Way<'_>) -> Diagnostic {
        // Where no file says which controller there is, an option does.
        said.help(match way.of_app {
            true => format!("{} (`--ingress-class` names a controller)", self.instead),
            false => self.instead.to_owned(),
        })
    }
}

/// How people call what a route is written for.
fn called(way: &Way<'_>) -> &'static str {
    match way.controller {
        Controller::Generic => "an Ingress of no known controller",
        Controller::Haproxy => "HAProxy Ingress",
        Controller::Traefik if way.of_app => "an Ingress of Traefik",
        Controller::Traefik => "Traefik",
        Controller::Nginx => "ingress-nginx",
        Controller::GatewayApi => "the Gateway API",
    }
}

/// A pod that wants TLS and cannot get it.
pub(super) fn tls_behind(way: &Way<'_>) -> Diagnostic {
    let text = format!(
        "port {} of `{}` speaks TLS itself, which a route of this class cannot be told",
        way.target.port, way.target.service
    );
    Diagnostic::warning("not-here", way.route.target.service.span, text)
        .help("route to a port without TLS, or choose `--ingress-class nginx` or `haproxy`")
}

/// What has to be set in the controller, once, for a route to work.
pub(super) fn wants_setting(span: Span, what: &str, help: &str) -> Diagnostic {
    Diagnostic::warning("controller-setting", span, what).help(help)
}
