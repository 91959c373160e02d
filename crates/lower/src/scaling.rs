//! How many pods there are, and the HorizontalPodAutoscaler.
//!
//! - here: the number, and Kubernetes' own autoscaler;
//! - `keda`: what all of KEDA's scalers have in common;
//! - `http`, `queue` and its `server`, `cron`: scaling by KEDA.
//!
//! <https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/>

mod cron;
pub(crate) mod http;
mod keda;
mod queue;
mod server;

pub(crate) use http::is_intercepted;
pub(crate) use keda::NAMESPACE as KEDA_NAMESPACE;
pub(crate) use server::names as queue_hosts;

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
    ResourceMetricSource,
};
use kubewright_model::scaling::{Bounds, Hpa, Scaling};
use kubewright_model::value::{Duration, Percentage};
use kubewright_model::{Given, Workload};
use kubewright_objects::Object;
use kubewright_source::{Diagnostic, Diagnostics};

use crate::aspect::Scope;

/// The number of pods that a manifest names: none where a scaler owns it, or
/// where nothing is said.
pub(crate) fn replicas(scaling: &Scaling) -> Option<i32> {
    match scaling {
        Scaling::Fixed(Some(count)) => Some(to_i32(count.value)),
        Scaling::Fixed(None)
        | Scaling::Hpa(_)
        | Scaling::KedaHttp(_)
        | Scaling::KedaQueue(_)
        | Scaling::KedaCron(_) => None,
    }
}

/// The fewest pods that are there at any time.
pub(crate) fn fewest_pods(workload: &Workload) -> u32 {
    let fewest = |bounds: &Bounds, unsaid| {
        bounds
            .min_instances
            .as_ref()
            .map_or(unsaid, |min| min.value)
    };
    match workload.scaling() {
        None => 0,
        Some(Scaling::Fixed(count)) => count.as_ref().map_or(1, |count| count.value),
        Some(Scaling::Hpa(hpa)) => fewest(&hpa.bounds, 1),
        Some(Scaling::KedaHttp(http)) => fewest(&http.bounds, 0),
        Some(Scaling::KedaQueue(queue)) => fewest(&queue.bounds, 0),
        Some(Scaling::KedaCron(cron)) => fewest(&cron.bounds, 0),
    }
}

/// Whatever changes the number of an app's pods.
pub(crate) fn objects(scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let Some(scaling) = scope.app.workload.scaling() else {
        return Vec::new();
    };
    let bounds = scaling.bounds();
    if let Some(bounds) = bounds {
        diagnostics.extend(crossed(scope, bounds));
        diagnostics.extend(slow(scope, bounds));
    }
    match scaling {
        Scaling::Fixed(_) => Vec::new(),
        Scaling::Hpa(hpa) => vec![autoscaler(scope, hpa)],
        Scaling::KedaHttp(http) => http::objects(scope, http, diagnostics),
        Scaling::KedaQueue(queue) => queue::objects(scope, queue, diagnostics),
        Scaling::KedaCron(cron) => cron::objects(scope, cron, diagnostics),
    }
}

/// More pods at least than at most.
fn crossed(scope: &Scope<'_>, bounds: &Bounds) -> Option<Diagnostic> {
    let min = bounds.min_instances.as_ref()?;
    let most = bounds.most_pods();
    let said = Diagnostic::error(
        "bad-value",
        min.span,
        format!(
            "`{}` has {} pods at least, and {most} at most",
            scope.name(),
            min.value
        ),
    );
    (min.value > most).then(|| said.help("raise the upper bound, or lower this one"))
}

/// The longest time that an autoscaler looks back, in seconds; KEDA's are ones, too.
const LONGEST: u32 = 3600;

/// Times that no autoscaler looks back for.
fn slow(scope: &Scope<'_>, bounds: &Bounds) -> Vec<Diagnostic> {
    let windows = [
        &bounds.scale_up_stabilization,
        &bounds.scale_down_stabilization,
    ];
    let windows = windows.into_iter().flatten();
    let windows = windows.filter(|window| window.seconds_up() > LONGEST);
    let say = |window: &kubewright_model::Located<Duration>| {
        let message = format!(
            "`{}` is to wait for {} before it is scaled, and an autoscaler waits for an hour at most",
            scope.name(),
            window.value
        );
        Diagnostic::error("bad-value", window.span, message).help("write `1h` or less")
    };
    windows.map(say).collect()
}

/// The autoscaler of Kubernetes' own.
fn autoscaler(scope: &Scope<'_>, hpa: &Hpa) -> Object {
    scope.object(HorizontalPodAutoscaler {
        metadata: scope.metadata(format!("{}-hpa", scope.name())),
        spec: HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some("apps/v1".to_owned()),
                kind: scope.app.workload.kind().to_owned(),
                name: scope.name().to_owned(),
            },
            min_replicas: hpa
                .bounds
                .min_instances
                .as_ref()
                .map(|min| to_i32(min.value))
                .filter(|min| *min != 1),
            max_replicas: to_i32(hpa.bounds.most_pods()),
            metrics: Some(metrics(hpa)),
            behavior: behavior(&hpa.bounds),
        },
        ..HorizontalPodAutoscaler::default()
    })
}

fn metrics(hpa: &Hpa) -> Vec<MetricSpec> {
    let cpu = match (&hpa.target_cpu, &hpa.target_memory) {
        (Some(cpu), _) => Some(cpu.get()),
        (None, None) => Some(80),
        (None, Some(_)) => None,
    };
    let memory = hpa
        .target_memory
        .as_ref()
        .map(|memory: &kubewright_model::Located<Percentage>| memory.get());
    [("cpu", cpu), ("memory", memory)]
        .into_iter()
        .filter_map(|(resource, share)| {
            Some(MetricSpec {
                type_: "Resource".to_owned(),
                resource: Some(ResourceMetricSource {
                    name: resource.to_owned(),
                    target: MetricTarget {
                        type_: "Utilization".to_owned(),
                        average_utilization: Some(i32::from(share?)),
                        ..MetricTarget::default()
                    },
                }),
                ..MetricSpec::default()
            })
        })
        .collect()
}

fn behavior(bounds: &Bounds) -> Option<HorizontalPodAutoscalerBehavior> {
    let rules = |window: &Given<Duration>| {
        window.as_ref().map(|window| HPAScalingRules {
            stabilization_window_seconds: Some(to_i32(window.seconds_up())),
            ..HPAScalingRules::default()
        })
    };
    let up = rules(&bounds.scale_up_stabilization);
    let down = rules(&bounds.scale_down_stabilization);
    (up.is_some() || down.is_some()).then_some(HorizontalPodAutoscalerBehavior {
        scale_up: up,
        scale_down: down,
    })
}

/// A count as Kubernetes holds it.
pub(crate) fn to_i32(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
