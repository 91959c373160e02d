//! The kinds of workload, each wrapping the finished pod.
//!
//! <https://kubernetes.io/docs/concepts/workloads/controllers/>

mod cron_job;
mod daemon_set;
mod deployment;
mod job;
mod stateful_set;

use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::Span;
use kubewright_model::value::Duration;
use kubewright_model::{Given, Workload};
use kubewright_objects::{Body, Object};
use kubewright_source::Diagnostic;

use crate::aspect::{Draft, Scope};
use crate::scaling::to_i32;

/// The workload object of an app.
pub(crate) fn object(scope: &Scope<'_>, draft: Draft) -> Object {
    let body: Body = match &scope.app.workload {
        Workload::Deployment(deployment) => deployment::object(scope, deployment, draft).into(),
        Workload::StatefulSet(set) => stateful_set::object(scope, set, draft).into(),
        Workload::DaemonSet(set) => daemon_set::object(scope, set, draft).into(),
        Workload::Job(job) => job::object(scope, job, draft).into(),
        Workload::CronJob(cron_job) => cron_job::object(scope, cron_job, draft).into(),
    };
    scope.object(body)
}

/// Pods that are never replaced.
fn frozen(scope: &Scope<'_>, span: Span) -> Diagnostic {
    let message = format!(
        "there may be neither more pods of `{}` than wanted nor fewer, so none could ever be \
         replaced",
        scope.name()
    );
    Diagnostic::error("bad-value", span, message)
        .help("let `max_surge` or `max_unavailable` be more than 0")
}

/// What the kind of workload does not carry.
pub(crate) fn not_carried(scope: &Scope<'_>) -> Option<Diagnostic> {
    match &scope.app.workload {
        Workload::StatefulSet(set) => stateful_set::one_by_one(scope, set),
        Workload::Deployment(model) => {
            deployment::frozen(scope, model).or_else(|| deployment::stuck(scope, model))
        }
        Workload::DaemonSet(set) => daemon_set::crossed(scope, set),
        Workload::Job(_) | Workload::CronJob(_) => None,
    }
}

/// Metadata of the workload object itself.
fn metadata(scope: &Scope<'_>) -> ObjectMeta {
    let given = &scope.app.annotations;
    let annotations = given
        .iter()
        .map(|(key, value)| (key.as_str().to_owned(), value.value.clone()));
    ObjectMeta {
        annotations: (!given.is_empty()).then(|| annotations.collect()),
        ..scope.metadata(scope.name())
    }
}

/// The pod, with its containers put in: those that wait, init containers, native
/// sidecars, what companions wait for, then all others.
fn template(scope: &Scope<'_>, draft: Draft) -> PodTemplateSpec {
    let mut labels = scope.labels.clone();
    labels.extend(draft.pod_labels);
    let given = &scope.app.pod_annotations;
    let mut annotations = draft.pod_annotations;
    annotations.extend(
        given
            .iter()
            .map(|(key, value)| (key.as_str().to_owned(), value.value.clone())),
    );
    let mut init = draft.waits;
    init.extend(draft.init_containers);
    init.extend(draft.native_sidecars);
    init.extend(draft.companion_waits);
    let mut pod = draft.pod;
    pod.init_containers = (!init.is_empty()).then_some(init);
    pod.containers = draft.containers;
    pod.volumes = pod.volumes.filter(|volumes| !volumes.is_empty());
    PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(labels),
            annotations: (!annotations.is_empty()).then_some(annotations),
            ..ObjectMeta::default()
        }),
        spec: Some(pod),
    }
}

/// Whole seconds, where some are given.
fn seconds(given: &Given<Duration>) -> Option<i32> {
    let seconds = given.as_ref()?.seconds_up();
    (seconds > 0).then(|| to_i32(seconds))
}
