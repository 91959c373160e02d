//! The kind of workload, and what only that kind has.

use kubewright_model::app::DisruptionBudget;
use kubewright_model::scaling::{
    Bounds, CronWindow, Hpa, HttpTarget, KedaCron, KedaHttp, KedaQueue, QueueKind, QueueServer,
    Scaling,
};
use kubewright_model::value::{
    Cron, IntOrPercentage, Percentage, PortName, PositiveCount, TimeZone,
};
use kubewright_model::workload::{
    ConcurrencyPolicy, CronJob, DaemonSet, DaemonSetStrategy, Deployment, DeploymentStrategy, Job,
    PodManagement, RestartPolicy, StatefulSet, StatefulSetStrategy, Workload,
};
use kubewright_model::{Given, Located};
use kubewright_source::{Diagnostic, Span};

use super::given::{chosen, duration, number, parsed, text};
use crate::fields::{At, Fields};

/// The kinds that an entry may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    Managed,
}

impl Kind {
    /// As Kubernetes writes it.
    pub(super) fn word(self) -> &'static str {
        let found = KINDS.iter().find(|(_, kind)| *kind == self);
        found.map_or("Deployment", |(word, _)| word)
    }
}

const KINDS: &[(&str, Kind)] = &[
    ("Deployment", Kind::Deployment),
    ("StatefulSet", Kind::StatefulSet),
    ("DaemonSet", Kind::DaemonSet),
    ("Job", Kind::Job),
    ("CronJob", Kind::CronJob),
    ("Managed", Kind::Managed),
];

/// The kind that an entry says; with a `schedule` it is a CronJob.
pub(super) fn kind(fields: &Fields<'_>) -> Given<Kind> {
    let implied = || {
        fields
            .has("schedule")
            .then(|| Located::new(Kind::CronJob, fields.key_span("schedule")))
    };
    chosen(fields, "kind", KINDS).or_else(implied)
}

/// The workload of that kind; keys of other kinds are the error `wrong-kind`.
pub(super) fn read(fields: &Fields<'_>, kind: Kind) -> Option<Workload> {
    let workload = match kind {
        Kind::Deployment | Kind::Managed => Workload::Deployment(deployment(fields)),
        Kind::StatefulSet => Workload::StatefulSet(stateful_set(fields)),
        Kind::DaemonSet => Workload::DaemonSet(daemon_set(fields)),
        Kind::Job => Workload::Job(Box::new(job(fields))),
        Kind::CronJob => Workload::CronJob(Box::new(cron_job(fields)?)),
    };
    let rows: [(&'static str, &[Kind], &str); 5] = [
        ("schedule", &[Kind::CronJob], "a CronJob"),
        ("job", &[Kind::Job, Kind::CronJob], "a Job or CronJob"),
        (
            "replicas",
            &[Kind::Deployment, Kind::StatefulSet],
            "a Deployment or StatefulSet",
        ),
        (
            "scaling",
            &[Kind::Deployment, Kind::StatefulSet],
            "a Deployment or StatefulSet",
        ),
        (
            "strategy",
            &[Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet],
            "a Deployment, StatefulSet or DaemonSet",
        ),
    ];
    for (key, owners, words) in rows {
        if fields.has(key) && !owners.contains(&kind) {
            wrong_kind(fields, key, words, workload.kind());
        }
    }
    Some(workload)
}

fn wrong_kind(fields: &Fields<'_>, key: &'static str, owners: &str, kind: &str) {
    let Some(at) = fields.get(key) else { return };
    let message = format!("`{key}` belongs to {owners}, {} is a {kind}", fields.what());
    let mut said = Diagnostic::error("wrong-kind", fields.key_span(key), message);
    if fields.has("kind") {
        said = said.related(fields.key_span("kind"), "the kind is said here");
    }
    at.push(said.help(format!("change `kind`, or leave `{key}` out")));
}

fn scaling(fields: &Fields<'_>) -> Scaling {
    let replicas = fields.count("replicas");
    let Some(block) = fields.get("scaling").and_then(|at| at.fields("`scaling`")) else {
        return Scaling::Fixed(replicas);
    };
    let scaling = scaler(&block, fields.key_span("scaling"), replicas);
    block.finish();
    scaled_anyway(fields, &scaling, replicas);
    scaling
}

/// A scaler decides how many pods there are: a number that it does not begin with
/// is written nowhere.
fn scaled_anyway(fields: &Fields<'_>, scaling: &Scaling, replicas: Given<u32>) {
    let (bounds, least) = match scaling {
        Scaling::Fixed(_) => return,
        Scaling::Hpa(hpa) => (&hpa.bounds, 1),
        Scaling::KedaHttp(http) => (&http.bounds, 0),
        Scaling::KedaQueue(queue) => (&queue.bounds, 0),
        Scaling::KedaCron(cron) => (&cron.bounds, 0),
    };
    let least = bounds
        .min_instances
        .as_ref()
        .map_or(least, |least| least.value);
    let (Some(replicas), Some(at)) = (replicas, fields.get("replicas")) else {
        return;
    };
    if replicas.value == least {
        return;
    }
    at.note(
        "not-carried",
        format!(
            "`replicas: {}` counts for nothing: {} is scaled, from {least} on",
            replicas.value,
            fields.what()
        ),
        "write the number as `scaling.min_instances`, or `scaling: none`",
    );
}

#[derive(Clone, Copy)]
enum Type {
    Hpa,
    Http,
    Queue,
    Cron,
    None,
}

const TYPES: &[(&str, Type)] = &[
    ("hpa", Type::Hpa),
    ("keda-http", Type::Http),
    ("keda-queue", Type::Queue),
    ("keda-cron", Type::Cron),
    ("none", Type::None),
];

fn scaler(fields: &Fields<'_>, span: Span, replicas: Given<u32>) -> Scaling {
    let kind = chosen(fields, "type", TYPES).map_or(Type::Hpa, |kind| kind.value);
    if matches!(kind, Type::None) {
        fields.knows(["min_instances", "max_instances"]);
        return Scaling::Fixed(replicas);
    }
    let bounds = bounds(fields);
    match kind {
        Type::None => Scaling::Fixed(replicas),
        Type::Hpa => {
            if let Some(at) = fields.get("min_instances")
                && bounds
                    .min_instances
                    .as_ref()
                    .is_some_and(|least| least.value == 0)
            {
                at.error(
                    "wrong-kind",
                    "`min_instances: 0` needs keda: an HPA keeps one pod at least",
                    "write `min_instances: 1`, or choose `keda-http`, `keda-queue` or `keda-cron`",
                );
            }
            Scaling::Hpa(Box::new(Hpa {
                bounds,
                target_cpu: number(fields, "target_cpu_percent", Percentage::new),
                target_memory: number(fields, "target_memory_percent", Percentage::new),
            }))
        }
        Type::Http => Scaling::KedaHttp(Box::new(KedaHttp {
            bounds,
            target: target(fields),
            cooldown_period: duration(fields, "cooldown_period"),
            port: parsed(fields, "port", PortName::parse),
        })),
        Type::Queue => {
            fields.need("queue_name");
            let queue_name = parsed(fields, "queue_name", queue_name)
                .unwrap_or_else(|| Located::new(String::new(), span));
            Scaling::KedaQueue(Box::new(KedaQueue {
                bounds,
                queue_name,
                queue_length: number(fields, "queue_length", PositiveCount::new),
                queue_kind: chosen(
                    fields,
                    "queue_kind",
                    &[("list", QueueKind::List), ("stream", QueueKind::Stream)],
                ),
                server: fields.get("redis").and_then(server),
                cooldown_period: duration(fields, "cooldown_period"),
            }))
        }
        Type::Cron => {
            fields.need("cron_schedules");
            let at = fields.get("cron_schedules");
            let items = at.as_ref().map(At::items).unwrap_or_default();
            Scaling::KedaCron(Box::new(KedaCron {
                bounds,
                schedules: items.into_iter().filter_map(window).collect(),
            }))
        }
    }
}

fn queue_name(text: &str) -> Result<String, kubewright_model::Invalid> {
    match text {
        "" => Err(kubewright_model::Invalid::new(
            "the name of a queue",
            "it is empty",
            "write the key of the list or stream",
        )),
        _ => Ok(text.to_owned()),
    }
}

fn bounds(fields: &Fields<'_>) -> Bounds {
    Bounds {
        min_instances: fields.count("min_instances"),
        max_instances: number(fields, "max_instances", PositiveCount::new),
        scale_up_stabilization: duration(fields, "scale_up_stabilization"),
        scale_down_stabilization: duration(fields, "scale_down_stabilization"),
    }
}

fn target(fields: &Fields<'_>) -> Given<HttpTarget> {
    fields.either("target_request_rate", "target_concurrency");
    let rate = number(fields, "target_request_rate", PositiveCount::new);
    let concurrency = number(fields, "target_concurrency", PositiveCount::new);
    rate.map(|rate| rate.map(HttpTarget::RequestRate))
        .or(concurrency.map(|most| most.map(HttpTarget::Concurrency)))
}

/// A server behind queues.
pub(super) fn server(at: At<'_>) -> Option<QueueServer> {
    let fields = at.fields("`redis`")?;
    let server = QueueServer {
        address: text(&fields, "address"),
        sentinel_master: text(&fields, "sentinel_master"),
        secret: text(&fields, "secret"),
    };
    fields.finish();
    Some(server)
}

fn window(at: At<'_>) -> Option<CronWindow> {
    let fields = at.fields("a schedule")?;
    for key in ["start", "end", "replicas"] {
        fields.need(key);
    }
    let utc = || {
        TimeZone::parse("UTC")
            .ok()
            .map(|zone| Located::new(zone, fields.at().span()))
    };
    let window = CronWindow {
        time_zone: parsed(&fields, "timezone", TimeZone::parse).or_else(utc)?,
        start: parsed(&fields, "start", Cron::parse)?,
        end: parsed(&fields, "end", Cron::parse)?,
        replicas: fields.count("replicas")?,
    };
    fields.finish();
    Some(window)
}

/// The block `strategy`, whichever kind it is of.
struct Strategy {
    word: Given<Word>,
    max_surge: Given<IntOrPercentage>,
    max_unavailable: Given<IntOrPercentage>,
    partition: Given<u32>,
    pod_management: Given<PodManagement>,
    min_ready: Given<kubewright_model::Duration>,
    span: Span,
    given: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    RollingUpdate,
    Recreate,
    OnDelete,
}

const WORDS: &[(&str, Word)] = &[
    ("RollingUpdate", Word::RollingUpdate),
    ("Recreate", Word::Recreate),
    ("OnDelete", Word::OnDelete),
];

/// Reads the block; `foreign` are keys and words that this kind does not have.
fn strategy(fields: &Fields<'_>, kind: &str, foreign: &[&'static str], no: &[Word]) -> Strategy {
    let span = fields.key_span("strategy");
    let Some(block) = fields
        .get("strategy")
        .and_then(|at| at.fields("`strategy`"))
    else {
        return Strategy {
            word: None,
            max_surge: None,
            max_unavailable: None,
            partition: None,
            pod_management: None,
            min_ready: None,
            span,
            given: false,
        };
    };
    for key in foreign {
        if let Some(at) = block.get(key) {
            at.error(
                "wrong-kind",
                format!("`strategy.{key}` has no meaning for a {kind}"),
                "leave it out",
            );
        }
    }
    let word = chosen(&block, "type", WORDS);
    if let Some(at) = block.get("type")
        && word.as_ref().is_some_and(|word| no.contains(&word.value))
    {
        at.error(
            "wrong-kind",
            format!("a {kind} has no such strategy"),
            "write `RollingUpdate`, or leave `strategy` out",
        );
    }
    let read = Strategy {
        word,
        max_surge: parsed(&block, "max_surge", IntOrPercentage::parse),
        max_unavailable: parsed(&block, "max_unavailable", IntOrPercentage::parse),
        partition: block.count("partition"),
        pod_management: chosen(
            &block,
            "pod_management_policy",
            &[
                ("OrderedReady", PodManagement::OrderedReady),
                ("Parallel", PodManagement::Parallel),
            ],
        ),
        min_ready: duration(&block, "min_ready"),
        span,
        given: true,
    };
    block.finish();
    read
}

fn deployment(fields: &Fields<'_>) -> Deployment {
    let foreign = ["partition", "pod_management_policy"];
    let read = strategy(fields, "Deployment", &foreign, &[Word::OnDelete]);
    let says = read.word.is_some() || read.max_surge.is_some() || read.max_unavailable.is_some();
    let strategy = match read.word.as_ref().map(|word| word.value) {
        Some(Word::Recreate) => DeploymentStrategy::Recreate,
        Some(Word::RollingUpdate | Word::OnDelete) | None => DeploymentStrategy::RollingUpdate {
            max_surge: read.max_surge,
            max_unavailable: read.max_unavailable,
        },
    };
    Deployment {
        scaling: scaling(fields),
        strategy: (read.given && says).then(|| Located::new(strategy, read.span)),
        min_ready: read.min_ready,
    }
}

fn stateful_set(fields: &Fields<'_>) -> StatefulSet {
    let read = strategy(fields, "StatefulSet", &["max_surge"], &[Word::Recreate]);
    let says = read.word.is_some() || read.partition.is_some() || read.max_unavailable.is_some();
    let strategy = match read.word.as_ref().map(|word| word.value) {
        Some(Word::OnDelete) => StatefulSetStrategy::OnDelete,
        Some(Word::RollingUpdate | Word::Recreate) | None => StatefulSetStrategy::RollingUpdate {
            partition: read.partition,
            max_unavailable: read.max_unavailable,
        },
    };
    StatefulSet {
        scaling: scaling(fields),
        strategy: (read.given && says).then(|| Located::new(strategy, read.span)),
        min_ready: read.min_ready,
        pod_management: read.pod_management,
    }
}

fn daemon_set(fields: &Fields<'_>) -> DaemonSet {
    let foreign = ["partition", "pod_management_policy"];
    let read = strategy(fields, "DaemonSet", &foreign, &[Word::Recreate]);
    let says = read.word.is_some() || read.max_surge.is_some() || read.max_unavailable.is_some();
    let strategy = match read.word.as_ref().map(|word| word.value) {
        Some(Word::OnDelete) => DaemonSetStrategy::OnDelete,
        Some(Word::RollingUpdate | Word::Recreate) | None => DaemonSetStrategy::RollingUpdate {
            max_surge: read.max_surge,
            max_unavailable: read.max_unavailable,
        },
    };
    DaemonSet {
        strategy: (read.given && says).then(|| Located::new(strategy, read.span)),
        min_ready: read.min_ready,
    }
}

fn job(fields: &Fields<'_>) -> Job {
    let Some(block) = fields.get("job").and_then(|at| at.fields("`job`")) else {
        return Job::default();
    };
    let policies = [
        ("Never", RestartPolicy::Never),
        ("OnFailure", RestartPolicy::OnFailure),
    ];
    let job = Job {
        restart_policy: chosen(&block, "restart_policy", &policies),
        backoff_limit: block.count("backoff_limit"),
        completions: number(&block, "completions", PositiveCount::new),
        parallelism: block.count("parallelism"),
        active_deadline: duration(&block, "active_deadline"),
        ttl_after_finished: duration(&block, "ttl_after_finished"),
    };
    block.finish();
    job
}

fn cron_job(fields: &Fields<'_>) -> Option<CronJob> {
    let block = fields.need("schedule")?.fields("`schedule`")?;
    block.need("cron");
    let policies = [
        ("Allow", ConcurrencyPolicy::Allow),
        ("Forbid", ConcurrencyPolicy::Forbid),
        ("Replace", ConcurrencyPolicy::Replace),
    ];
    let mut cron_job = CronJob::new(parsed(&block, "cron", Cron::parse)?);
    cron_job.time_zone = parsed(&block, "timezone", TimeZone::parse);
    cron_job.concurrency_policy = chosen(&block, "concurrency_policy", &policies);
    cron_job.suspend = block.bool("suspend");
    cron_job.starting_deadline = duration(&block, "starting_deadline");
    cron_job.successful_jobs_history_limit = block.count("successful_jobs_history_limit");
    cron_job.failed_jobs_history_limit = block.count("failed_jobs_history_limit");
    block.finish();
    cron_job.job = job(fields);
    Some(cron_job)
}

/// The block `pod_disruption_budget`.
pub(super) fn budget(fields: &Fields<'_>) -> Option<DisruptionBudget> {
    let at = fields.get("pod_disruption_budget")?;
    if at.node.as_scalar().is_some() {
        let off = at.bool()?;
        return (!off.value).then(|| DisruptionBudget::Off(Located::new((), off.span)));
    }
    let block = at.fields("`pod_disruption_budget`")?;
    let least = parsed(&block, "min_available", IntOrPercentage::parse);
    let most = parsed(&block, "max_unavailable", IntOrPercentage::parse);
    block.finish();
    least
        .map(DisruptionBudget::MinAvailable)
        .or(most.map(DisruptionBudget::MaxUnavailable))
}
