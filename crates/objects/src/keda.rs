//! Kinds of KEDA and of its HTTP add-on that kubewright writes, with the fields
//! that it writes. The real custom resource definitions judge them in the
//! conformance suite, strictly: a field that they do not have fails it.
//!
//! <https://keda.sh/docs/latest/reference/scaledobject-spec/>,
//! <https://keda.sh/http-add-on/>

use std::collections::BTreeMap;

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerBehavior;
use serde::Serialize;

use crate::custom::custom_kind;

custom_kind!(
    /// A workload, and what says how many pods it has.
    ScaledObject,
    ScaledObjectSpec,
    "keda.sh" / "v1alpha1",
    "scaledobjects"
);
custom_kind!(
    /// What a trigger proves itself with.
    TriggerAuthentication,
    TriggerAuthenticationSpec,
    "keda.sh" / "v1alpha1",
    "triggerauthentications"
);
custom_kind!(
    /// A workload that is scaled by requests, and which requests are its own.
    HTTPScaledObject,
    HttpScaledObjectSpec,
    "http.keda.sh" / "v1alpha1",
    "httpscaledobjects"
);
custom_kind!(
    /// Which requests the interceptor passes on to which Service, and counts.
    InterceptorRoute,
    InterceptorRouteSpec,
    "http.keda.sh" / "v1beta1",
    "interceptorroutes"
);

/// What a ScaledObject wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScaledObjectSpec {
    /// What is scaled.
    pub scale_target_ref: ScaleTarget,
    /// The fewest pods; none: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_replica_count: Option<i32>,
    /// The most pods.
    pub max_replica_count: i32,
    /// How often the trigger is asked, in seconds; none: 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polling_interval: Option<i32>,
    /// Seconds without work before the last pod goes; none: 300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooldown_period: Option<i32>,
    /// How the autoscaler behind it behaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advanced: Option<Advanced>,
    /// At least one.
    pub triggers: Vec<Trigger>,
}

/// What is scaled.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScaleTarget {
    /// Its kind; none: a Deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its name.
    pub name: String,
}

/// How a ScaledObject scales.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Advanced {
    /// The HorizontalPodAutoscaler that KEDA makes.
    pub horizontal_pod_autoscaler_config: AutoscalerConfig,
}

/// What KEDA writes into the HorizontalPodAutoscaler.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AutoscalerConfig {
    /// How quickly it reacts.
    pub behavior: HorizontalPodAutoscalerBehavior,
}

/// Something that asks for pods.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trigger {
    /// `redis`, `cron`, `external-push`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is told; every value is a text.
    pub metadata: BTreeMap<String, String>,
    /// What it proves itself with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication_ref: Option<AuthenticationRef>,
}

/// A TriggerAuthentication by its name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AuthenticationRef {
    /// The name.
    pub name: String,
}

/// What a TriggerAuthentication holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerAuthenticationSpec {
    /// Parameters that Secrets of its namespace hold.
    pub secret_target_ref: Vec<SecretTargetRef>,
}

/// A parameter that a Secret holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SecretTargetRef {
    /// The parameter of the trigger.
    pub parameter: String,
    /// The Secret.
    pub name: String,
    /// Its key.
    pub key: String,
}

/// What an HTTPScaledObject wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpScaledObjectSpec {
    /// Hosts as the interceptor sees them.
    pub hosts: Vec<String>,
    /// Paths as the interceptor sees them, and all below them.
    pub path_prefixes: Vec<String>,
    /// What is scaled, and the Service that gets the requests.
    pub scale_target_ref: HttpScaleTarget,
    /// How many pods.
    pub replicas: HttpReplicas,
    /// Seconds without requests before the last pod goes; none: 300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scaledown_period: Option<i32>,
    /// What one pod serves.
    pub scaling_metric: ScalingMetric,
}

/// What is scaled by requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpScaleTarget {
    /// `apps/v1`.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The Service.
    pub service: String,
    /// The Service's port by number, or else by name.
    #[serde(flatten)]
    pub port: ServicePort,
}

/// A port of a Service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ServicePort {
    /// By its number.
    #[serde(rename = "port")]
    Number(i32),
    /// By its name.
    #[serde(rename = "portName")]
    Name(String),
}

impl Default for ServicePort {
    fn default() -> Self {
        Self::Number(80)
    }
}

/// How many pods.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct HttpReplicas {
    /// The fewest; none: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i32>,
    /// The most.
    pub max: i32,
}

/// What one pod serves.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ScalingMetric {
    /// Requests at once.
    Concurrency(MetricTarget),
    /// Requests in a second.
    RequestRate(MetricTarget),
}

impl Default for ScalingMetric {
    fn default() -> Self {
        Self::RequestRate(MetricTarget::default())
    }
}

/// So many for each pod.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricTarget {
    /// At least 1.
    pub target_value: i32,
}

/// What an InterceptorRoute wants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InterceptorRouteSpec {
    /// The Service that gets the requests.
    pub target: InterceptorTarget,
    /// Which requests.
    pub rules: Vec<InterceptorRule>,
    /// What one pod serves.
    pub scaling_metric: ScalingMetric,
}

/// The Service that gets requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct InterceptorTarget {
    /// The Service.
    pub service: String,
    /// Its port.
    #[serde(flatten)]
    pub port: ServicePort,
}

/// Some requests: one of the hosts, and below one of the paths.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct InterceptorRule {
    /// Hosts as the interceptor sees them.
    pub hosts: Vec<String>,
    /// Paths as the interceptor sees them, and all below them.
    pub paths: Vec<PathValue>,
}

/// A path and all below it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PathValue {
    /// With a `/` at the front.
    pub value: String,
}
