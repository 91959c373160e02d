//! <https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/>

use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec, JobTemplateSpec};
use kubewright_model::workload::{self as model, ConcurrencyPolicy};

use super::{job, metadata};
use crate::aspect::{Draft, Scope};
use crate::scaling::to_i32;

pub(super) fn object(scope: &Scope<'_>, model: &model::CronJob, draft: Draft) -> CronJob {
    let policy = model
        .concurrency_policy
        .as_ref()
        .map(|policy| policy.value)
        .unwrap_or_default();
    CronJob {
        metadata: metadata(scope),
        spec: CronJobSpec {
            schedule: model.schedule.as_str().to_owned(),
            time_zone: model
                .time_zone
                .as_ref()
                .map(|zone| zone.as_str().to_owned()),
            concurrency_policy: match policy {
                ConcurrencyPolicy::Allow => None,
                ConcurrencyPolicy::Forbid => Some("Forbid".to_owned()),
                ConcurrencyPolicy::Replace => Some("Replace".to_owned()),
            },
            suspend: model
                .suspend
                .as_ref()
                .map(|suspend| suspend.value)
                .filter(|suspend| *suspend),
            starting_deadline_seconds: model
                .starting_deadline
                .as_ref()
                .map(|deadline| i64::from(deadline.seconds_up())),
            successful_jobs_history_limit: model
                .successful_jobs_history_limit
                .as_ref()
                .map(|limit| to_i32(limit.value)),
            failed_jobs_history_limit: model
                .failed_jobs_history_limit
                .as_ref()
                .map(|limit| to_i32(limit.value)),
            job_template: JobTemplateSpec {
                metadata: None,
                spec: Some(job::spec(scope, &model.job, draft)),
            },
        },
        ..CronJob::default()
    }
}
