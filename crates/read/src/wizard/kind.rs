//! What only one kind of workload has.

use kubewright_model::scaling::Scaling;
use kubewright_model::value::{Cron, Duration, IntOrPercentage, PositiveCount, TimeZone};
use kubewright_model::workload::{
    ConcurrencyPolicy, CronJob, DaemonSet, DaemonSetStrategy, Deployment, DeploymentStrategy, Job,
    PodManagement, RestartPolicy, StatefulSet, StatefulSetStrategy,
};
use kubewright_model::{Given, Located, Workload};

use super::given::{alias, choice, chosen, count, flag, given};
use crate::fields::{At, Fields};

/// A Deployment; `replicas` counts only without an autoscaler.
pub(super) fn deployment(fields: &Fields<'_>) -> Workload {
    Workload::Deployment(Deployment {
        scaling: Scaling::Fixed(replicas(fields)),
        strategy: deployment_strategy(fields),
        min_ready: None,
    })
}

/// How many pods, unless an autoscaler decides.
fn replicas(fields: &Fields<'_>) -> Given<u32> {
    match super::scaling::is_on(fields) {
        true => None,
        false => count(fields, "replicas"),
    }
}

fn deployment_strategy(fields: &Fields<'_>) -> Given<DeploymentStrategy> {
    #[derive(Clone, Copy, PartialEq)]
    enum Word {
        RollingUpdate,
        Recreate,
    }
    let words = [
        ("RollingUpdate", Word::RollingUpdate),
        ("Recreate", Word::Recreate),
    ];
    let word = chosen(fields, "strategy", &words);
    if let Some(word) = word.as_ref().filter(|word| word.value == Word::Recreate) {
        return Some(Located::new(DeploymentStrategy::Recreate, word.span));
    }
    let max_surge = share(fields, "maxSurge");
    let max_unavailable = share(fields, "maxUnavailable");
    if let (Some(surge), Some(away)) = (&max_surge, &max_unavailable)
        && surge.is_zero()
        && away.is_zero()
        && let Some(at) = given(fields, "maxUnavailable")
    {
        at.bad(
            "`maxSurge` and `maxUnavailable` are both 0: no pod could ever be replaced",
            "raise one of them to 1",
        );
    }
    let first = max_surge.as_ref().or(max_unavailable.as_ref());
    let span = word
        .map(|word| word.span)
        .or(first.map(|first| first.span))?;
    let strategy = DeploymentStrategy::RollingUpdate {
        max_surge,
        max_unavailable,
    };
    Some(Located::new(strategy, span))
}

/// A number of pods, or a share of them.
fn share(fields: &Fields<'_>, key: &'static str) -> Given<IntOrPercentage> {
    given(fields, key)?.parse(IntOrPercentage::parse)
}

/// A StatefulSet.
pub(super) fn stateful_set(fields: &Fields<'_>) -> Workload {
    let pod_management = [
        ("OrderedReady", PodManagement::OrderedReady),
        ("Parallel", PodManagement::Parallel),
    ];
    Workload::StatefulSet(StatefulSet {
        scaling: Scaling::Fixed(replicas(fields)),
        strategy: stateful_set_strategy(fields),
        min_ready: None,
        pod_management: chosen(fields, "podManagementPolicy", &pod_management),
    })
}

/// Whether pods are replaced, or only when somebody deletes them.
const REPLACED: &[(&str, bool)] = &[("RollingUpdate", true), ("OnDelete", false)];

fn stateful_set_strategy(fields: &Fields<'_>) -> Given<StatefulSetStrategy> {
    let word = chosen(fields, "strategy", REPLACED);
    if let Some(word) = word.as_ref().filter(|word| !word.value) {
        return Some(Located::new(StatefulSetStrategy::OnDelete, word.span));
    }
    let partition = count(fields, "partition");
    let span = word.map(|word| word.span);
    let span = span.or(partition.as_ref().map(|partition| partition.span))?;
    let strategy = StatefulSetStrategy::RollingUpdate {
        partition,
        max_unavailable: None,
    };
    Some(Located::new(strategy, span))
}

/// A DaemonSet.
pub(super) fn daemon_set(fields: &Fields<'_>) -> Workload {
    Workload::DaemonSet(DaemonSet {
        strategy: daemon_set_strategy(fields),
        min_ready: None,
    })
}

fn daemon_set_strategy(fields: &Fields<'_>) -> Given<DaemonSetStrategy> {
    let word = chosen(fields, "strategy", REPLACED);
    if let Some(word) = word.as_ref().filter(|word| !word.value) {
        return Some(Located::new(DaemonSetStrategy::OnDelete, word.span));
    }
    let max_unavailable = share(fields, "maxUnavailable");
    if let Some(at) = given(fields, "maxUnavailable")
        && max_unavailable.as_ref().is_some_and(|away| away.is_zero())
    {
        at.bad(
            "`maxUnavailable` is 0: no pod could ever be replaced",
            "raise it to 1",
        );
    }
    let first = max_unavailable.as_ref();
    let span = word
        .map(|word| word.span)
        .or(first.map(|first| first.span))?;
    let strategy = DaemonSetStrategy::RollingUpdate {
        max_surge: None,
        max_unavailable,
    };
    Some(Located::new(strategy, span))
}

/// A Job.
pub(super) fn job(fields: &Fields<'_>) -> Workload {
    Workload::Job(Box::new(run(fields)))
}

fn run(fields: &Fields<'_>) -> Job {
    let policies = [
        ("Never", RestartPolicy::Never),
        ("OnFailure", RestartPolicy::OnFailure),
    ];
    Job {
        restart_policy: chosen(fields, "restartPolicy", &policies),
        backoff_limit: count(fields, "backoffLimit"),
        completions: given(fields, "completions").and_then(|at| positive(&at)),
        parallelism: count(fields, "parallelism"),
        active_deadline: seconds(fields, "activeDeadlineSeconds"),
        ttl_after_finished: seconds(fields, "ttlSecondsAfterFinished"),
    }
}

/// A CronJob; none where its schedule is missing, which is reported.
pub(super) fn cron_job(fields: &Fields<'_>) -> Option<Workload> {
    let Some(schedule) = given(fields, "schedule") else {
        fields.at().error(
            "missing-key",
            format!("{} has no `schedule`", fields.what()),
            "write when it runs, like `*/5 * * * *`",
        );
        return None;
    };
    let mut cron_job = CronJob::new(schedule.parse(Cron::parse)?);
    let policies = [
        ("Forbid", ConcurrencyPolicy::Forbid),
        ("Allow", ConcurrencyPolicy::Allow),
        ("Replace", ConcurrencyPolicy::Replace),
    ];
    cron_job.time_zone = given(fields, "timeZone").and_then(|at| at.parse(TimeZone::parse));
    cron_job.concurrency_policy =
        given(fields, "concurrencyPolicy").and_then(|at| choice(&at, &policies));
    cron_job.suspend = flag(fields, "suspend");
    cron_job.starting_deadline = seconds(fields, "startingDeadlineSeconds");
    cron_job.successful_jobs_history_limit = count(fields, "successfulJobsHistoryLimit");
    cron_job.failed_jobs_history_limit = count(fields, "failedJobsHistoryLimit");
    cron_job.job = run(fields);
    Some(Workload::CronJob(Box::new(cron_job)))
}

/// A number of seconds.
pub(super) fn seconds(fields: &Fields<'_>, key: &'static str) -> Given<Duration> {
    Some(count(fields, key)?.map(Duration::from_seconds))
}

/// A number of 1 and more.
pub(super) fn positive(at: &At<'_>) -> Given<PositiveCount> {
    let number = at.count()?;
    match PositiveCount::new(u64::from(number.value)) {
        Ok(count) => Some(Located::new(count, number.span)),
        Err(invalid) => {
            at.bad_value(number.span, &number.value.to_string(), invalid);
            None
        }
    }
}

/// The text under one of several names, trimmed.
pub(super) fn alias_text(fields: &Fields<'_>, keys: &[&'static str]) -> Option<Located<String>> {
    let (_, at) = alias(fields, keys)?;
    Some(at.scalar()?.map(|text| text.trim().to_owned()))
}
