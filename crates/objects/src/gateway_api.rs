//! Kinds of the Gateway API that kubewright writes, with the fields that it
//! writes. The real custom resource definitions judge them in the conformance
//! suite, strictly: a field that they do not have fails it.
//!
//! <https://gateway-api.sigs.k8s.io/reference/spec/>

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A kind with metadata and a spec.
macro_rules! kind {
    ($(#[$doc:meta])* $kind:ident, $spec:ty, $plural:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $kind {
            /// Name, namespace, labels and annotations.
            pub metadata: ObjectMeta,
            /// What is wanted.
            pub spec: $spec,
        }

        impl k8s_openapi::Resource for $kind {
            const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
            const GROUP: &'static str = "gateway.networking.k8s.io";
            const KIND: &'static str = stringify!($kind);
            const VERSION: &'static str = "v1";
            const URL_PATH_SEGMENT: &'static str = $plural;
            type Scope = NamespaceResourceScope;
        }

        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut state = serializer.serialize_struct(stringify!($kind), 4)?;
                state.serialize_field("apiVersion", <Self as k8s_openapi::Resource>::API_VERSION)?;
                state.serialize_field("kind", <Self as k8s_openapi::Resource>::KIND)?;
                state.serialize_field("metadata", &self.metadata)?;
                state.serialize_field("spec", &self.spec)?;
                state.end()
            }
        }
    };
}

kind!(
    /// Where requests arrive: ports, protocols and certificates.
    Gateway,
    GatewaySpec,
    "gateways"
);
kind!(
    /// Which requests go where.
    HTTPRoute,
    HttpRouteSpec,
    "httproutes"
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

/// How a path is changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rewrite {
    /// The new path.
    pub path: PathRewrite,
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
    /// The Service's port.
    pub port: i32,
}
