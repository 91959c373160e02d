//! The kind of workload, and what only that kind has.

use kubewright_model::app::DisruptionBudget;
use kubewright_model::scaling::{Bounds, CronWindow, HttpTarget, QueueKind, QueueServer, Scaling};
use kubewright_model::workload::{
    ConcurrencyPolicy, CronJob, DaemonSet, DaemonSetStrategy, Deployment, DeploymentStrategy, Job,
    PodManagement, RestartPolicy, StatefulSet, StatefulSetStrategy, Workload,
};
use kubewright_model::{Duration, Given};
use kubewright_yaml::Node;

use super::tree::{Map, amount, flag, raw, some_list, text};

/// Puts what only this kind of workload has into its app's block.
pub(super) fn put(block: &mut Map, workload: &Workload) {
    match workload {
        Workload::Deployment(deployment) => {
            scaling(block, &deployment.scaling);
            block.put("strategy", self::deployment(deployment));
        }
        Workload::StatefulSet(stateful_set) => {
            scaling(block, &stateful_set.scaling);
            block.put("strategy", self::stateful_set(stateful_set));
        }
        Workload::DaemonSet(daemon_set) => block.put("strategy", self::daemon_set(daemon_set)),
        Workload::Job(job) => block.put("job", self::job(job)),
        Workload::CronJob(cron_job) => {
            block.put("schedule", schedule(cron_job));
            block.put("job", job(&cron_job.job));
        }
    }
}

fn scaling(block: &mut Map, scaling: &Scaling) {
    let mut own = Map::default();
    match scaling {
        Scaling::Fixed(replicas) => {
            block.amount("replicas", replicas);
            return;
        }
        Scaling::Hpa(hpa) => {
            own.put("type", raw("hpa"));
            bounds(&mut own, &hpa.bounds);
            own.put(
                "target_cpu_percent",
                hpa.target_cpu
                    .as_ref()
                    .map(|share| amount(share.value.get())),
            );
            own.put(
                "target_memory_percent",
                hpa.target_memory
                    .as_ref()
                    .map(|share| amount(share.value.get())),
            );
        }
        Scaling::KedaHttp(http) => {
            own.put("type", raw("keda-http"));
            bounds(&mut own, &http.bounds);
            match http.target.as_ref().map(|target| target.value) {
                Some(HttpTarget::RequestRate(rate)) => {
                    own.put("target_request_rate", amount(rate.get()));
                }
                Some(HttpTarget::Concurrency(most)) => {
                    own.put("target_concurrency", amount(most.get()));
                }
                None => {}
            }
            own.text("port", &http.port);
            own.amount("cooldown_period", &http.cooldown_period);
        }
        Scaling::KedaQueue(queue) => {
            own.put("type", raw("keda-queue"));
            bounds(&mut own, &queue.bounds);
            own.put("queue_name", text(&queue.queue_name.value));
            own.put(
                "queue_length",
                queue
                    .queue_length
                    .as_ref()
                    .map(|count| amount(count.value.get())),
            );
            own.word("queue_kind", &queue.queue_kind, |kind| match kind {
                QueueKind::List => "list",
                QueueKind::Stream => "stream",
            });
            own.put("redis", queue.server.as_ref().map(server));
            own.amount("cooldown_period", &queue.cooldown_period);
        }
        Scaling::KedaCron(cron) => {
            own.put("type", raw("keda-cron"));
            bounds(&mut own, &cron.bounds);
            own.put(
                "cron_schedules",
                some_list(cron.schedules.iter().map(window).collect()),
            );
        }
    }
    block.put("scaling", own.node());
}

fn bounds(block: &mut Map, bounds: &Bounds) {
    block.amount("min_instances", &bounds.min_instances);
    block.put(
        "max_instances",
        bounds
            .max_instances
            .as_ref()
            .map(|count| amount(count.value.get())),
    );
    block.amount("scale_up_stabilization", &bounds.scale_up_stabilization);
    block.amount("scale_down_stabilization", &bounds.scale_down_stabilization);
}

/// A server behind queues.
pub(super) fn server(server: &QueueServer) -> Node {
    let mut block = Map::default();
    block.text("address", &server.address);
    block.text("sentinel_master", &server.sentinel_master);
    block.text("secret", &server.secret);
    block.node()
}

fn window(window: &CronWindow) -> Node {
    let zone = window.time_zone.value.as_str();
    let mut block = Map::with("timezone", (zone != "UTC").then(|| text(zone)));
    block.put("start", text(window.start.value.as_str()));
    block.put("end", text(window.end.value.as_str()));
    block.put("replicas", amount(window.replicas.value));
    block.node()
}

fn deployment(deployment: &Deployment) -> Option<Node> {
    let mut block = Map::default();
    match deployment.strategy.as_ref().map(|strategy| &strategy.value) {
        None => {}
        Some(DeploymentStrategy::Recreate) => block.put("type", raw("Recreate")),
        Some(DeploymentStrategy::RollingUpdate {
            max_surge,
            max_unavailable,
        }) => {
            block.put("type", raw("RollingUpdate"));
            block.amount("max_surge", max_surge);
            block.amount("max_unavailable", max_unavailable);
        }
    }
    min_ready(block, &deployment.min_ready)
}

fn stateful_set(stateful_set: &StatefulSet) -> Option<Node> {
    let mut block = Map::default();
    match stateful_set
        .strategy
        .as_ref()
        .map(|strategy| &strategy.value)
    {
        None => {}
        Some(StatefulSetStrategy::OnDelete) => block.put("type", raw("OnDelete")),
        Some(StatefulSetStrategy::RollingUpdate {
            partition,
            max_unavailable,
        }) => {
            block.put("type", raw("RollingUpdate"));
            block.amount("max_unavailable", max_unavailable);
            block.amount("partition", partition);
        }
    }
    block.word(
        "pod_management_policy",
        &stateful_set.pod_management,
        |order| match order {
            PodManagement::OrderedReady => "OrderedReady",
            PodManagement::Parallel => "Parallel",
        },
    );
    min_ready(block, &stateful_set.min_ready)
}

fn daemon_set(daemon_set: &DaemonSet) -> Option<Node> {
    let mut block = Map::default();
    match daemon_set.strategy.as_ref().map(|strategy| &strategy.value) {
        None => {}
        Some(DaemonSetStrategy::OnDelete) => block.put("type", raw("OnDelete")),
        Some(DaemonSetStrategy::RollingUpdate {
            max_surge,
            max_unavailable,
        }) => {
            block.put("type", raw("RollingUpdate"));
            block.amount("max_surge", max_surge);
            block.amount("max_unavailable", max_unavailable);
        }
    }
    min_ready(block, &daemon_set.min_ready)
}

fn min_ready(mut block: Map, min_ready: &Given<Duration>) -> Option<Node> {
    block.amount("min_ready", min_ready);
    block.some()
}

fn job(job: &Job) -> Option<Node> {
    let mut block = Map::default();
    block.word(
        "restart_policy",
        &job.restart_policy,
        |policy| match policy {
            RestartPolicy::Never => "Never",
            RestartPolicy::OnFailure => "OnFailure",
        },
    );
    block.amount("backoff_limit", &job.backoff_limit);
    block.put(
        "completions",
        job.completions
            .as_ref()
            .map(|count| amount(count.value.get())),
    );
    block.amount("parallelism", &job.parallelism);
    block.amount("active_deadline", &job.active_deadline);
    block.amount("ttl_after_finished", &job.ttl_after_finished);
    block.some()
}

fn schedule(cron_job: &CronJob) -> Node {
    let mut block = Map::with("cron", text(cron_job.schedule.value.as_str()));
    block.text("timezone", &cron_job.time_zone);
    block.word(
        "concurrency_policy",
        &cron_job.concurrency_policy,
        |policy| match policy {
            ConcurrencyPolicy::Allow => "Allow",
            ConcurrencyPolicy::Forbid => "Forbid",
            ConcurrencyPolicy::Replace => "Replace",
        },
    );
    block.flag("suspend", &cron_job.suspend);
    block.amount("starting_deadline", &cron_job.starting_deadline);
    block.amount(
        "successful_jobs_history_limit",
        &cron_job.successful_jobs_history_limit,
    );
    block.amount(
        "failed_jobs_history_limit",
        &cron_job.failed_jobs_history_limit,
    );
    block.node()
}

/// The block `pod_disruption_budget`.
pub(super) fn budget(budget: &DisruptionBudget) -> Node {
    match budget {
        DisruptionBudget::MinAvailable(least) => {
            Map::with("min_available", amount(least.value)).node()
        }
        DisruptionBudget::MaxUnavailable(most) => {
            Map::with("max_unavailable", amount(most.value)).node()
        }
        DisruptionBudget::Off(_) => flag(false),
    }
}
