//! Which kind of workload a service is: `deploy.mode`, `restart`, `scale`, and
//! what labels say.

use std::collections::BTreeMap;

use kubewright_model::scaling::Scaling;
use kubewright_model::value::PositiveCount;
use kubewright_model::workload::{
    CronJob, DaemonSet, Deployment, Job, RestartPolicy, StatefulSet, Workload,
};
use kubewright_model::{Cron, Given, Located};

use super::keys;
use super::label::Labels;
use super::service::Service;
use crate::fields::{At, shown};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    /// A Job until it moves into the pod that it prepares.
    Init,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Restart {
    Always,
    OnFailure,
    Never,
}

/// Everything that is said of starting again.
struct Restarts {
    policy: Given<Restart>,
    attempts: Given<u32>,
}

/// The workload, with how many there are of it.
pub(super) fn read(service: &Service<'_>, labels: &Labels, has_ports: bool) -> Workload {
    let restarts = restarts(service);
    let mode = service.fields.get("deploy").and_then(|at| mode(&at));
    let replicas = replicas(service);
    let kind = wished(service, labels)
        .or(mode)
        .unwrap_or_else(|| by_habit(service, &restarts, has_ports));
    if kind == Kind::Init {
        check_init(service, labels, has_ports);
        return Workload::Job(Box::new(job(&restarts, replicas)));
    }
    if let Some(schedule) = schedule(service, labels) {
        let mut cron = CronJob::new(schedule);
        cron.job = job(&restarts, replicas);
        report_attempts(service, &restarts);
        return Workload::CronJob(Box::new(cron));
    }
    match kind {
        Kind::Job | Kind::Init => report_attempts(service, &restarts),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => {
            report_restart(service, &restarts);
        }
    }
    // One is what holds anyway.
    let scaling = Scaling::Fixed(replicas.filter(|count| count.value != 1));
    match kind {
        Kind::Job | Kind::Init => Workload::Job(Box::new(job(&restarts, replicas))),
        Kind::DaemonSet => {
            if let Some(count) = replicas {
                service.fields.at().say_at(
                    count.span,
                    kubewright_source::Severity::Warning,
                    "not-carried",
                    "a pod on every node has no number of replicas".to_owned(),
                    "leave `replicas` out".to_owned(),
                );
            }
            Workload::DaemonSet(DaemonSet::default())
        }
        Kind::StatefulSet => Workload::StatefulSet(StatefulSet {
            scaling,
            ..StatefulSet::default()
        }),
        Kind::Deployment => Workload::Deployment(Deployment {
            scaling,
            ..Deployment::default()
        }),
    }
}

/// What ends before its pod begins is reached by nobody, and has no clock.
fn check_init(service: &Service<'_>, labels: &Labels, has_ports: bool) {
    let Some(wish) = labels.kubewright("kind", service) else {
        return;
    };
    let error = |code, message: String, help: &str| {
        let severity = kubewright_source::Severity::Error;
        let at = service.fields.at();
        at.say_at(wish.span, severity, code, message, help.to_owned());
    };
    let name = service.key;
    if has_ports {
        let message = format!("`{name}` is to be an init container, and has ports");
        error(
            "wrong-kind",
            message,
            "leave `ports` and `expose` out: it ends before anybody could reach it",
        );
    }
    if labels.kubewright("schedule", service).is_some() {
        let message = format!("`{name}` is to be an init container, and has a schedule");
        error("two-alternatives", message, "keep one of the two");
    }
}

/// A data store with a volume of its own is a StatefulSet; what runs to its end
/// for others is a Job.
fn by_habit(service: &Service<'_>, restarts: &Restarts, has_ports: bool) -> Kind {
    let mounts = service.scope.mounts.get(service.key);
    let keeps = mounts.into_iter().flatten().any(|mount| {
        let own = mount.named().is_some_and(|name| {
            let users = service.scope.volume_users.get(&name.value);
            users.is_none_or(|users| users.len() == 1)
        });
        own || service.keeps_data_at(mount.target.value.as_str())
    });
    let is_store = service.family.is_some_and(|family| family.is_data_store());
    if is_store && keeps && !service.replaced {
        return Kind::StatefulSet;
    }
    let ends = restarts
        .policy
        .is_none_or(|restart| restart.value != Restart::Always);
    if ends && !has_ports && service.scope.awaited.contains(service.key) {
        return Kind::Job;
    }
    Kind::Deployment
}

fn job(restarts: &Restarts, replicas: Given<u32>) -> Job {
    let policy = restarts.policy.map(|policy| {
        policy.map(|policy| match policy {
            Restart::OnFailure => RestartPolicy::OnFailure,
            Restart::Always | Restart::Never => RestartPolicy::Never,
        })
    });
    let count = replicas.filter(|count| count.value > 1);
    // Nothing is tried again, however many attempts are written beside it.
    let never = restarts
        .policy
        .filter(|policy| policy.value == Restart::Never);
    let never = never.map(|policy| Located::new(0, policy.span));
    Job {
        restart_policy: policy,
        backoff_limit: never.or(restarts.attempts),
        completions: count.and_then(|count| {
            let wanted = PositiveCount::new(u64::from(count.value)).ok()?;
            Some(Located::new(wanted, count.span))
        }),
        parallelism: count,
        ..Job::default()
    }
}

/// A number of attempts counts for nothing where nothing is tried again.
fn report_attempts(service: &Service<'_>, restarts: &Restarts) {
    let never = restarts
        .policy
        .filter(|policy| policy.value == Restart::Never);
    if let (Some(never), Some(attempts)) = (never, restarts.attempts) {
        let said = kubewright_source::Diagnostic::note(
            "restart-policy",
            attempts.span,
            format!(
                "`{}` is not tried again, whatever number is written",
                service.name.value
            ),
        );
        let said = said.related(never.span, "this says so");
        let help = "leave the number out, or let it be tried again `on-failure`";
        service.fields.at().push(said.help(help));
    }
}

fn report_restart(service: &Service<'_>, restarts: &Restarts) {
    let Some(policy) = restarts
        .policy
        .filter(|policy| policy.value != Restart::Always)
    else {
        if let Some(attempts) = restarts.attempts {
            never_gives_up(service, attempts);
        }
        return;
    };
    if let Some(attempts) = restarts.attempts {
        never_gives_up(service, attempts);
    }
    let word = match policy.value {
        Restart::Never => "no",
        Restart::OnFailure | Restart::Always => "on-failure",
    };
    service.fields.at().say_at(
        policy.span,
        kubewright_source::Severity::Warning,
        "restart-policy",
        format!(
            "Kubernetes starts `{}` again whenever it ends, although `restart` says `{word}`",
            service.name.value
        ),
        "if it shall run to its end, add the label `kubewright.kind: Job`".to_owned(),
    );
}

fn never_gives_up(service: &Service<'_>, attempts: Located<u32>) {
    service.fields.at().say_at(
        attempts.span,
        kubewright_source::Severity::Warning,
        "not-carried",
        "Kubernetes never gives up starting a container again".to_owned(),
        "watch for `CrashLoopBackOff` instead".to_owned(),
    );
}

fn restarts(service: &Service<'_>) -> Restarts {
    let mut found = Restarts {
        policy: None,
        attempts: None,
    };
    if let Some(at) = service.fields.get("restart") {
        restart(&at, &mut found);
    }
    let deploy = service.fields.get("deploy");
    let node = deploy.as_ref().and_then(|at| at.node.get("restart_policy"));
    if let (Some(deploy), Some(node)) = (&deploy, node)
        && let Some(fields) = deploy
            .down("restart_policy", node)
            .fields("`restart_policy`")
    {
        keys::settle(&fields, keys::RESTART_POLICY);
        if let Some(text) = fields.text("condition") {
            let policy = match text.value.as_str() {
                "any" => Some(Restart::Always),
                "on-failure" => Some(Restart::OnFailure),
                "none" => Some(Restart::Never),
                other => {
                    let at = fields.get("condition").unwrap_or(*fields.at());
                    // Compose takes any word here, and swarm's default for what it
                    // does not know.
                    at.warn(
                        "not-carried",
                        format!(
                            "{} is no condition for a restart: `any` is taken",
                            shown(other)
                        ),
                        "write `any`, `on-failure` or `none`",
                    );
                    Some(Restart::Always)
                }
            };
            found.policy = policy
                .map(|policy| Located::new(policy, text.span))
                .or(found.policy);
        }
        found.attempts = fields.count("max_attempts").or(found.attempts);
        fields.finish();
    }
    found
}

fn restart(at: &At<'_>, found: &mut Restarts) {
    // `no` without quotes is a string here, as YAML 1.2 has it; `false` is not.
    let Some(text) = at.scalar() else { return };
    let (word, attempts) = text.value.split_once(':').unwrap_or((&text.value, ""));
    let policy = match word {
        "always" | "unless-stopped" => Restart::Always,
        "on-failure" => Restart::OnFailure,
        "no" | "false" => Restart::Never,
        other => {
            at.bad(
                format!("{} is no restart policy", shown(other)),
                "write `always`, `unless-stopped`, `on-failure` or `\"no\"`",
            );
            return;
        }
    };
    found.policy = Some(Located::new(policy, text.span));
    if attempts.is_empty() {
        return;
    }
    match attempts.parse() {
        Ok(attempts) => found.attempts = Some(Located::new(attempts, text.span)),
        Err(_) => at.bad(
            format!("{} is no number of attempts", shown(attempts)),
            "write it like `on-failure:3`",
        ),
    }
}

fn mode(deploy: &At<'_>) -> Option<Kind> {
    let node = deploy.node.get("mode")?;
    let at = deploy.down("mode", node);
    let text = at.text()?;
    match text.value.as_str() {
        "replicated" => None,
        "global" => Some(Kind::DaemonSet),
        "replicated-job" => Some(Kind::Job),
        "global-job" => {
            at.warn(
                "not-carried",
                "Kubernetes has no Job that runs once on every node: it runs once",
                "use a DaemonSet whose init container does the work",
            );
            Some(Kind::Job)
        }
        other => {
            at.bad(
                format!("{} is no mode", shown(other)),
                "write `replicated`, `global`, `replicated-job` or `global-job`",
            );
            None
        }
    }
}

fn replicas(service: &Service<'_>) -> Given<u32> {
    let scale = service.fields.count("scale");
    let deploy = service.fields.get("deploy");
    let node = deploy.as_ref().and_then(|at| at.node.get("replicas"));
    let replicas = match (&deploy, node) {
        (Some(deploy), Some(node)) => deploy.down("replicas", node).count(),
        _ => None,
    };
    if let (Some(scale), Some(replicas)) = (scale, replicas)
        && scale.value != replicas.value
    {
        let said = kubewright_source::Diagnostic::error(
            "two-alternatives",
            replicas.span,
            format!(
                "`scale` is {} and `deploy.replicas` is {}",
                scale.value, replicas.value
            ),
        );
        let said = said.related(scale.span, "`scale` stands here");
        service.fields.at().push(said.help("keep one of the two"));
    }
    scale.or(replicas)
}

fn wished(service: &Service<'_>, labels: &Labels) -> Option<Kind> {
    let text = labels.kubewright("kind", service)?;
    let kinds: BTreeMap<&str, Kind> = [
        ("deployment", Kind::Deployment),
        ("statefulset", Kind::StatefulSet),
        ("daemonset", Kind::DaemonSet),
        ("job", Kind::Job),
        ("init", Kind::Init),
    ]
    .into();
    let folded = text.value.to_ascii_lowercase();
    let found = kinds.get(folded.as_str()).copied();
    // A CronJob is made by its schedule.
    if found.is_none() && folded != "cronjob" {
        service.fields.at().say_at(
            text.span,
            kubewright_source::Severity::Error,
            "bad-value",
            format!("{} is no kind of workload", shown(&text.value)),
            "write `Deployment`, `StatefulSet`, `DaemonSet`, `Job` or `Init`".to_owned(),
        );
    }
    found
}

fn schedule(service: &Service<'_>, labels: &Labels) -> Option<Located<Cron>> {
    let text = labels.kubewright("schedule", service)?;
    service.fields.at().checked(&text, Cron::parse)
}
