//! <https://kubernetes.io/docs/concepts/workloads/controllers/job/>

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use kubewright_model::workload::{self as model, RestartPolicy};

use super::{metadata, template};
use crate::aspect::{Draft, Scope};
use crate::scaling::to_i32;

pub(super) fn object(scope: &Scope<'_>, model: &model::Job, draft: Draft) -> Job {
    Job {
        metadata: metadata(scope),
        spec: Some(spec(scope, model, draft)),
        ..Job::default()
    }
}

/// One run; a CronJob's runs are the same.
pub(super) fn spec(scope: &Scope<'_>, model: &model::Job, mut draft: Draft) -> JobSpec {
    let policy = model
        .restart_policy
        .as_ref()
        .map(|policy| policy.value)
        .unwrap_or_default();
    draft.pod.restart_policy = Some(
        match policy {
            RestartPolicy::Never => "Never",
            RestartPolicy::OnFailure => "OnFailure",
        }
        .to_owned(),
    );
    JobSpec {
        backoff_limit: model
            .backoff_limit
            .as_ref()
            .map(|limit| to_i32(limit.value)),
        completions: model.completions.as_ref().map(|count| to_i32(count.get())),
        parallelism: model.parallelism.as_ref().map(|count| to_i32(count.value)),
        active_deadline_seconds: model
            .active_deadline
            .as_ref()
            .map(|deadline| i64::from(deadline.seconds_up())),
        ttl_seconds_after_finished: model
            .ttl_after_finished
            .as_ref()
            .map(|ttl| to_i32(ttl.seconds_up())),
        template: template(scope, draft),
        ..JobSpec::default()
    }
}
