//! Kinds of the Gateway API that kubewright writes, with the fields that it
//! writes. The real custom resource definitions judge them in the conformance
//! suite, strictly: a field that they do not have fails it.
//!
//! <https://gateway-api.sigs.k8s.io/reference/spec/>

use serde::Serialize;

use crate::custom::custom_kind;

custom_kind!(
    /// Where requests arrive: ports, protocols and certificates.
    Gateway,
    GatewaySpec,
    "gateway.networking.k8s.io" / "v1",
    "gateways"
);
custom_kind!(
    /// Which requests go where.
    HTTPRoute,
    HttpRouteSpec,
    "gateway.networking.k8s.io" / "v1",
    "httproutes"
);
custom_kind!(
    /// Leave for routes of another namespace to lead to Services of this one.
    ReferenceGrant,
    ReferenceGrantSpec,
    "gateway.networking.k8s.io" / "v1",
    "referencegrants"
);

/// What a Gateway wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewaySpec {
    /// The GatewayClass: who makes it real.
    pub gateway_class_name: String,
    /// 1 to 64 of them, each with a name of its own.
    pub listeners: Vec<Listener>,
}

/// A port on which requests arrive.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listener {
    /// Its name, by which routes choose it.
    pub name: String,
    /// The host that it is for; none: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// 1 to 65535.
    pub port: i32,
    /// `HTTP` or `HTTPS`.
    pub protocol: String,
    /// Certificates, for `HTTPS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<ListenerTls>,
}

/// The certificates of a listener.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListenerTls {
    /// Secrets of the Gateway's namespace.
    pub certificate_refs: Vec<SecretRef>,
}

/// A Secret by its name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SecretRef {
    /// The name.
    pub name: String,
}

/// What an HTTPRoute wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRouteSpec {
    /// The Gateways that it wants to belong to.
    pub parent_refs: Vec<ParentRef>,
    /// Hosts; empty: any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hostnames: Vec<String>,
    /// At most 16 of them.
    pub rules: Vec<HttpRouteRule>,
}

/// A Gateway that a route wants to belong to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentRef {
    /// Its name.
    pub name: String,
    /// Its namespace; none: the route's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Which of its listeners; none: all that fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_name: Option<String>,
}

/// Some requests, and what becomes of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRouteRule {
    /// Which requests; empty: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<HttpRouteMatch>,
    /// What is done to them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<HttpRouteFilter>,
    /// Where they go; empty where a filter answers them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub backend_refs: Vec<BackendRef>,
    /// How long they may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<RouteTimeouts>,
}

/// How long things may take.
///
/// <https://gateway-api.sigs.k8s.io/guides/http-timeouts/>
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteTimeouts {
    /// A request from the Gateway to a pod and its answer, `1m30s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend_request: Option<String>,
}

/// A description of requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct HttpRouteMatch {
    /// Their path; none: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathMatch>,
    /// Their method; none: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

/// A description of paths.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PathMatch {
    /// `PathPrefix` or `Exact`.
    #[serde(rename = "type")]
    pub kind: String,
    /// With a `/` at the front.
    pub value: String,
}

/// Something that is done to requests.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type")]
pub enum HttpRouteFilter {
    /// They are sent on to another address.
    RequestRedirect {
        /// The address.
        #[serde(rename = "requestRedirect")]
        redirect: Redirect,
    },
    /// Their path is changed.
    #[serde(rename = "URLRewrite")]
    UrlRewrite {
        /// How.
        #[serde(rename = "urlRewrite")]
        rewrite: Rewrite,
    },
    /// Questions of other origins are answered.
    #[serde(rename = "CORS")]
    Cors {
        /// How.
        cors: Box<CorsFilter>,
    },
}

/// Answers to questions of other origins.
///
/// <https://gateway-api.sigs.k8s.io/guides/http-cors/>
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CorsFilter {
    /// Origins; `*` for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_origins: Vec<String>,
    /// Methods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_methods: Vec<String>,
    /// Headers that may be sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_headers: Vec<String>,
    /// Headers that may be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expose_headers: Vec<String>,
    /// How long the answer holds, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// With cookies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_credentials: Option<bool>,
}

/// Where requests are sent on to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redirect {
    /// `http` or `https`.
    pub scheme: String,
    /// 301 or 302.
    pub status_code: i32,
}

/// How host and path are changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rewrite {
    /// The new host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// The new path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathRewrite>,
}

/// A new path.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type")]
pub enum PathRewrite {
    /// In the place of the whole.
    ReplaceFullPath {
        /// With a `/` at the front.
        #[serde(rename = "replaceFullPath")]
        path: String,
    },
    /// In the place of what was matched.
    ReplacePrefixMatch {
        /// With a `/` at the front.
        #[serde(rename = "replacePrefixMatch")]
        path: String,
    },
}

/// A port of a Service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BackendRef {
    /// The Service.
    pub name: String,
    /// Its namespace; none: the route's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The Service's port.
    pub port: i32,
}

/// Who may refer to what.
///
/// <https://gateway-api.sigs.k8s.io/api-types/referencegrant/>
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReferenceGrantSpec {
    /// Who.
    pub from: Vec<GrantFrom>,
    /// To what.
    pub to: Vec<GrantTo>,
}

/// Objects of a kind in a namespace.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GrantFrom {
    /// The group of the kind.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace.
    pub namespace: String,
}

/// An object of a kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GrantTo {
    /// The group of the kind; empty for Services.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// Its name.
    pub name: String,
}
