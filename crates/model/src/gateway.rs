//! How the outside gets in.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/ingress/>,
//! <https://gateway-api.sigs.k8s.io/>

use std::collections::BTreeMap;

use crate::scaling::RateLimit;
use crate::value::{
    Duration, Host, LabelKey, Memory, Name, ObjectName, PortName, PositiveCount, QualifiedName, Url,
};
use crate::{Given, Located, Port};

/// Routes from outside, and what holds for all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gateway {
    /// The name of the one object that holds all routes; none: each app has an
    /// object of its own for its routes, called like the app.
    pub name: Given<Name>,
    /// Hosts of routes that name none; empty: the environment's domain.
    pub hosts: Vec<Located<Host>>,
    /// Requests without TLS are sent on to TLS; none: where there is TLS.
    pub https_redirect: Given<bool>,
    /// What holds for all routes that do not say otherwise.
    pub policy: RoutePolicy,
    /// In the order of the input.
    pub routes: Vec<Route>,
}

/// One path of one host, and where it leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The host; none: the gateway's.
    pub host: Given<Host>,
    /// The path, with a `/` at the front.
    pub path: Located<String>,
    /// How much of a request's path it must be.
    pub path_type: Given<PathType>,
    /// Where it leads.
    pub target: RouteTarget,
    /// Another controller than the environment's.
    pub controller: Given<Controller>,
    /// Another ingress class than the environment's.
    pub class: Given<ObjectName>,
    /// The matched path is taken away.
    pub strip_prefix: Given<bool>,
    /// The matched path is replaced by this one.
    pub rewrite_to: Given<String>,
    /// Only these methods; empty: all.
    pub methods: Vec<Located<Method>>,
    /// What holds for this route.
    pub policy: RoutePolicy,
}

impl Route {
    /// A route for all that lies below a path, with nothing else said.
    pub fn new(host: Given<Host>, path: Located<String>, target: RouteTarget) -> Self {
        Self {
            host,
            path,
            path_type: None,
            target,
            controller: None,
            class: None,
            strip_prefix: None,
            rewrite_to: None,
            methods: Vec::new(),
            policy: RoutePolicy::default(),
        }
    }
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteTarget {
    /// What it names.
    pub service: Located<TargetService>,
    /// Which of its ports; none: the primary one.
    pub port: Option<TargetPort>,
}

/// What a route names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetService {
    /// An entry of the project.
    Entry(Name),
    /// A service of a compose project.
    ComposeService {
        /// The entry.
        project: Name,
        /// Its service.
        service: Name,
    },
    /// A Service of another namespace.
    Foreign {
        /// The Service.
        service: Name,
        /// Its namespace.
        namespace: Name,
    },
}

/// A port by number or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetPort {
    /// Its number at the Service.
    Number(Located<Port>),
    /// Its name.
    Name(Located<PortName>),
}

/// How much of a request's path a route's must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathType {
    /// Whole parts at its front.
    #[default]
    Prefix,
    /// All of it.
    Exact,
    /// What the controller makes of it.
    ImplementationSpecific,
}

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    Connect,
    Trace,
}

impl Method {
    /// How HTTP spells it
    /// (<https://www.rfc-editor.org/rfc/rfc9110#name-method-definitions>).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Connect => "CONNECT",
            Self::Trace => "TRACE",
        }
    }
}

/// What holds for requests on their way in. In a route, [`Switch::Unsaid`] takes
/// over what the gateway says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoutePolicy {
    /// Transport encryption.
    pub tls: Switch<Tls>,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// How many requests are admitted.
    pub rate_limit: Switch<RateLimit>,
    /// Which pages of other origins may ask.
    pub cors: Switch<Cors>,
    /// A firewall for web applications.
    pub waf: Switch<Waf>,
    /// Who may ask.
    pub auth: Switch<Auth>,
    /// The most that a request may carry.
    pub body_size: Given<Memory>,
    /// Whether requests are taken in whole before they are passed on.
    pub buffering: Given<bool>,
    /// Annotations for the controller.
    pub annotations: BTreeMap<LabelKey, Located<String>>,
}

/// A block that can be given, switched off, or left unsaid.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Switch<T> {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// Switched off, by this word.
    Off(Located<()>),
    /// On, so.
    On(Located<T>),
}

/// Transport encryption at the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// None.
    Off,
    /// With the controller's own certificate.
    Default,
    /// With the certificate of a Secret.
    Secret(Located<ObjectName>),
    /// With a certificate that cert-manager gets from an issuer.
    Issuer {
        /// `Issuer` or `ClusterIssuer`.
        cluster: bool,
        /// The issuer.
        name: Located<ObjectName>,
    },
}

/// How long things may take on their way in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeouts {
    /// Connecting to a pod.
    pub connect: Given<Duration>,
    /// The pod's answer.
    pub server: Given<Duration>,
    /// The client's request.
    pub client: Given<Duration>,
    /// Waiting for a free connection.
    pub queue: Given<Duration>,
}

/// Which pages of other origins may ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cors {
    /// Origins; empty: all.
    pub allow_origins: Vec<Located<String>>,
    /// Methods.
    pub allow_methods: Vec<Located<Method>>,
    /// Headers that may be sent.
    pub allow_headers: Vec<Located<String>>,
    /// Headers that may be read.
    pub expose_headers: Vec<Located<String>>,
    /// How long the answer may be kept.
    pub max_age: Given<Duration>,
    /// With cookies.
    pub allow_credentials: Given<bool>,
}

/// A firewall for web applications with OWASP's core rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waf {
    /// Whether a hit is turned away or only logged.
    pub mode: Given<WafMode>,
    /// How suspicious it is, 1–4.
    pub level: Given<WafLevel>,
    /// Groups of rules; empty: all.
    pub rules: Vec<Located<String>>,
    /// Numbers of rules that are left out.
    pub exclude: Vec<Located<PositiveCount>>,
}

/// What a firewall does with a hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WafMode {
    /// Turned away.
    #[default]
    Block,
    /// Logged.
    Detect,
}

/// How suspicious a firewall is: OWASP's paranoia level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the levels have numbers for names")]
pub enum WafLevel {
    One,
    Two,
    Three,
    Four,
}

/// Who may ask.
#[derive(Clone, Debug, PartialEq)]
pub enum Auth {
    /// A name and a password, kept as htpasswd in a Secret.
    Basic {
        /// The Secret.
        secret: Located<QualifiedName>,
        /// What the browser shows.
        realm: Given<String>,
    },
    /// A token in the `Authorization` header, checked as a JWT.
    Jwt {
        /// Who issues it.
        issuer: Located<Url>,
        /// Where its keys are.
        jwks: Given<Url>,
        /// For whom it is.
        audiences: Vec<Located<String>>,
    },
    /// A fixed token in the `Authorization` header.
    Bearer {
        /// The Secret that holds it.
        secret: Located<QualifiedName>,
    },
    /// A key in a header.
    ApiKey {
        /// The Secret that holds the keys.
        secret: Located<QualifiedName>,
        /// The header; none: `X-API-Key`.
        header: Given<String>,
    },
    /// Another service is asked.
    Forward {
        /// Its address.
        url: Located<Url>,
        /// Headers of its answer that are passed on.
        headers: Vec<Located<String>>,
    },
}

/// What brings requests in, and whose words it understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Controller {
    /// Any: plain Ingress only.
    #[default]
    Generic,
    /// HAProxy Ingress.
    Haproxy,
    /// Traefik.
    Traefik,
    /// ingress-nginx.
    Nginx,
    /// The Gateway API.
    GatewayApi,
}

impl Controller {
    /// The controller that a class is usually called after: a word of the name
    /// is the controller's, as in `nginx-internal`.
    pub fn of_class(class: &str) -> Self {
        let words = class.split(|c: char| !c.is_ascii_alphanumeric());
        words
            .map(|word| match word {
                "haproxy" => Self::Haproxy,
                "traefik" => Self::Traefik,
                "nginx" => Self::Nginx,
                _ => Self::Generic,
            })
            .find(|controller| *controller != Self::Generic)
            .unwrap_or_default()
    }
}

/// An existing Gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayObject {
    /// Its name, with its namespace.
    pub name: QualifiedName,
    /// Which of its listeners.
    pub section: Given<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_called_after_controllers() {
        let rows = [
            ("nginx", Controller::Nginx),
            ("nginx-internal", Controller::Nginx),
            ("public.traefik", Controller::Traefik),
            ("haproxy", Controller::Haproxy),
            ("nginxinc", Controller::Generic),
            ("alb", Controller::Generic),
        ];
        for (class, expected) in rows {
            assert_eq!(Controller::of_class(class), expected, "{class}");
        }
    }
}
