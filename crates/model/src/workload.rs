//! The kinds of workload, each with the data that only it has.
//!
//! <https://kubernetes.io/docs/concepts/workloads/controllers/>

use crate::scaling::Scaling;
use crate::value::{Cron, Duration, IntOrPercentage, PositiveCount, TimeZone};
use crate::{Given, Located};

/// What kind of workload an app is.
#[derive(Clone, Debug, PartialEq)]
pub enum Workload {
    /// Pods that are alike and replace one another.
    Deployment(Deployment),
    /// Pods with an identity and data of their own.
    StatefulSet(StatefulSet),
    /// A pod on every node.
    DaemonSet(DaemonSet),
    /// Pods that run to their end.
    Job(Box<Job>),
    /// Jobs on a schedule.
    CronJob(Box<CronJob>),
}

impl Workload {
    /// The Kubernetes kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Deployment(_) => "Deployment",
            Self::StatefulSet(_) => "StatefulSet",
            Self::DaemonSet(_) => "DaemonSet",
            Self::Job(_) => "Job",
            Self::CronJob(_) => "CronJob",
        }
    }

    /// How many pods there are, for the kinds that can have several.
    pub fn scaling(&self) -> Option<&Scaling> {
        match self {
            Self::Deployment(deployment) => Some(&deployment.scaling),
            Self::StatefulSet(stateful_set) => Some(&stateful_set.scaling),
            Self::DaemonSet(_) | Self::Job(_) | Self::CronJob(_) => None,
        }
    }

    /// How many of its pods may be there at once; none: one on every node.
    pub fn pods_at_once(&self) -> Option<u32> {
        let of_job = |job: &Job| job.parallelism.as_ref().map_or(1, |count| count.value);
        match self {
            Self::Deployment(deployment) => Some(deployment.scaling.most_pods()),
            Self::StatefulSet(stateful_set) => Some(stateful_set.scaling.most_pods()),
            Self::DaemonSet(_) => None,
            Self::Job(job) => Some(of_job(job)),
            Self::CronJob(cron) => Some(of_job(&cron.job)),
        }
    }

    /// True for the kinds whose pods run to their end.
    pub fn ends(&self) -> bool {
        match self {
            Self::Job(_) | Self::CronJob(_) => true,
            Self::Deployment(_) | Self::StatefulSet(_) | Self::DaemonSet(_) => false,
        }
    }
}

/// What a Deployment has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deployment {
    /// How many pods, fixed or by a scaler.
    pub scaling: Scaling,
    /// How a new version replaces the old; none: Kubernetes' own.
    pub strategy: Given<DeploymentStrategy>,
    /// How long a new pod must be ready before it counts.
    pub min_ready: Given<Duration>,
}

/// How a Deployment replaces its pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeploymentStrategy {
    /// All old pods end before new ones start.
    Recreate,
    /// A few at a time. Both zero is refused by the API server.
    RollingUpdate {
        /// How many more than wanted.
        max_surge: Given<IntOrPercentage>,
        /// How many fewer than wanted.
        max_unavailable: Given<IntOrPercentage>,
    },
}

/// What a StatefulSet has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatefulSet {
    /// How many pods, fixed or by a scaler.
    pub scaling: Scaling,
    /// How a new version replaces the old.
    pub strategy: Given<StatefulSetStrategy>,
    /// How long a new pod must be ready before it counts.
    pub min_ready: Given<Duration>,
    /// In which order pods start and end.
    pub pod_management: Given<PodManagement>,
}

/// How a StatefulSet replaces its pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatefulSetStrategy {
    /// Only when somebody deletes them.
    OnDelete,
    /// One after the other, from the last to the first.
    RollingUpdate {
        /// Pods below this number keep the old version.
        partition: Given<u32>,
        /// How many may be away at once.
        max_unavailable: Given<IntOrPercentage>,
    },
}

/// In which order the pods of a StatefulSet start and end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PodManagement {
    /// One after the other.
    #[default]
    OrderedReady,
    /// All at once.
    Parallel,
}

/// What a DaemonSet has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DaemonSet {
    /// How a new version replaces the old.
    pub strategy: Given<DaemonSetStrategy>,
    /// How long a new pod must be ready before it counts.
    pub min_ready: Given<Duration>,
}

/// How a DaemonSet replaces its pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DaemonSetStrategy {
    /// Only when somebody deletes them.
    OnDelete,
    /// A few nodes at a time.
    RollingUpdate {
        /// How many nodes get a second pod meanwhile.
        max_surge: Given<IntOrPercentage>,
        /// How many nodes may be without.
        max_unavailable: Given<IntOrPercentage>,
    },
}

/// What a Job has.
///
/// <https://kubernetes.io/docs/concepts/workloads/controllers/job/>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    /// What happens when a container fails; none: `Never`.
    pub restart_policy: Given<RestartPolicy>,
    /// How often a failed pod is tried again.
    pub backoff_limit: Given<u32>,
    /// How many pods must end well.
    pub completions: Given<PositiveCount>,
    /// How many run at once.
    pub parallelism: Given<u32>,
    /// How long the whole may take.
    pub active_deadline: Given<Duration>,
    /// How long the finished Job is kept.
    pub ttl_after_finished: Given<Duration>,
}

/// What happens when a container of a Job fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestartPolicy {
    /// A new pod is tried.
    #[default]
    Never,
    /// The container starts again in its pod.
    OnFailure,
}

/// What a CronJob has.
///
/// <https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/>
#[derive(Clone, Debug, PartialEq)]
pub struct CronJob {
    /// When it runs.
    pub schedule: Located<Cron>,
    /// The zone of the schedule; none: the controller's.
    pub time_zone: Given<TimeZone>,
    /// What happens when one run meets the next; none: `Forbid`.
    pub concurrency_policy: Given<ConcurrencyPolicy>,
    /// True while it does not run.
    pub suspend: Given<bool>,
    /// How late a run may start.
    pub starting_deadline: Given<Duration>,
    /// How many finished runs are kept.
    pub successful_jobs_history_limit: Given<u32>,
    /// How many failed runs are kept.
    pub failed_jobs_history_limit: Given<u32>,
    /// Each run.
    pub job: Job,
}

impl CronJob {
    /// A CronJob of which only the schedule is known.
    pub fn new(schedule: Located<Cron>) -> Self {
        Self {
            schedule,
            time_zone: None,
            concurrency_policy: None,
            suspend: None,
            starting_deadline: None,
            successful_jobs_history_limit: None,
            failed_jobs_history_limit: None,
            job: Job::default(),
        }
    }
}

/// What happens when one run of a CronJob meets the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConcurrencyPolicy {
    /// Both run.
    Allow,
    /// The new one is left out.
    #[default]
    Forbid,
    /// The old one ends.
    Replace,
}
