//! kompose's labels that no word of ours stands for: what the model can say is
//! said there, the rest is reported.
//!
//! <https://kompose.io/user-guide/#labels>

mod labels;
mod probe;
mod words;

pub(super) use labels::Labels;

use kubewright_model::container::{Command, Container, ImageSource, InitContainer, PullPolicy};
use kubewright_model::gateway::{Route, Switch, Tls};
use kubewright_model::scaling::{Bounds, Hpa, Scaling};
use kubewright_model::service::{ExternalTraffic, Headless, Port as ModelPort, PublicKind};
use kubewright_model::value::{Percentage, PositiveCount};
use kubewright_model::workload::{ConcurrencyPolicy, Workload};
use kubewright_model::{App, Given, Image, Located, Name, ObjectName, Port};
use kubewright_source::{Diagnostic, Severity};

use super::service::Service;
use crate::fields::{At, shown};
use words::words;

fn wrong(at: &At<'_>, text: &Located<String>, what: &str, help: &str) {
    at.say_at(
        text.span,
        Severity::Error,
        "bad-value",
        format!("{} is not {what}", shown(&text.value)),
        help.to_owned(),
    );
}

/// Gives the app and its routes what the labels say.
pub(super) fn apply(service: &Service<'_>, said: &Labels, app: &mut App, routes: &mut [Route]) {
    if said.is_empty() {
        return;
    }
    let at = service.fields.at();
    said.report_not_carried(at.report);
    pull_policy(at, said, app);
    if let Some(group) = said.number(at, "security-context.fsgroup") {
        app.security.fs_group = Some(Located::new(i64::from(group.value), group.span));
    }
    if let Some(kind) = said.get("service.type") {
        app.service.headless = Headless::Given(Located::new(true, kind.text.span));
    }
    cron(at, said, app);
    scaling(at, said, app);
    helper(at, said, app);
    outside(at, said, app);
    of_routes(at, said, routes);
    probe::apply(at, said, app);
}

/// Compose's own word counts more.
fn pull_policy(at: &At<'_>, said: &Labels, app: &mut App) {
    let Some(label) = said.get("image-pull-policy") else {
        return;
    };
    let policy = match label.text.value.to_ascii_lowercase().as_str() {
        "always" => PullPolicy::Always,
        "ifnotpresent" => PullPolicy::IfNotPresent,
        "never" => PullPolicy::Never,
        _ => {
            let help = "write `Always`, `IfNotPresent` or `Never`";
            return wrong(at, &label.text, "a policy for pulling", help);
        }
    };
    match app.main.pull_policy {
        Some(_) => label.lost(
            at.report,
            "`pull_policy` counts more",
            "keep one of the two",
        ),
        None => app.main.pull_policy = Some(Located::new(policy, label.text.span)),
    }
}

fn cron(at: &At<'_>, said: &Labels, app: &mut App) {
    let Workload::CronJob(cron) = &mut app.workload else {
        let help = "say when it runs with `kompose.cronjob.schedule`";
        return said.lost(at.report, "cronjob.", "the service is no CronJob", help);
    };
    if let Some(limit) = said.number(at, "cronjob.backoff_limit") {
        cron.job.backoff_limit = Some(limit);
    }
    let Some(label) = said.get("cronjob.concurrency_policy") else {
        return;
    };
    let policy = match label.text.value.to_ascii_lowercase().as_str() {
        "allow" => ConcurrencyPolicy::Allow,
        "forbid" => ConcurrencyPolicy::Forbid,
        "replace" => ConcurrencyPolicy::Replace,
        _ => {
            let help = "write `Allow`, `Forbid` or `Replace`";
            return wrong(at, &label.text, "a policy for runs that meet", help);
        }
    };
    cron.concurrency_policy = Some(Located::new(policy, label.text.span));
}

fn scaling(at: &At<'_>, said: &Labels, app: &mut App) {
    if said.all("hpa.").next().is_none() {
        return;
    }
    let scaling = match &mut app.workload {
        Workload::Deployment(deployment) => &mut deployment.scaling,
        Workload::StatefulSet(set) => &mut set.scaling,
        Workload::DaemonSet(_) | Workload::Job(_) | Workload::CronJob(_) => {
            let why = "only Deployments and StatefulSets are scaled";
            return said.lost(at.report, "hpa.", why, "leave it out");
        }
    };
    let hpa = Hpa {
        bounds: bounds(at, said),
        target_cpu: share(at, said, "hpa.cpu"),
        target_memory: share(at, said, "hpa.memory"),
    };
    if hpa == Hpa::default() {
        return;
    }
    if let Scaling::Fixed(Some(count)) = scaling {
        report_count(at, count);
    }
    *scaling = Scaling::Hpa(Box::new(hpa));
}

/// The fewest and the most pods.
fn bounds(at: &At<'_>, said: &Labels) -> Bounds {
    let count = |name: &str| positive(at, said.number(at, name)?);
    let (min, max) = (count("hpa.replicas.min"), count("hpa.replicas.max"));
    let most = max.as_ref().map_or(MOST, |max| max.get());
    if let Some(min) = min.as_ref().filter(|min| min.get() > most) {
        let text = Located::new(min.get().to_string(), min.span);
        let help = "raise `kompose.hpa.replicas.max`, or lower this";
        wrong(at, &text, &format!("{most} at most"), help);
    }
    Bounds {
        min_instances: min.map(|min| min.map(PositiveCount::get)),
        max_instances: max,
        ..Bounds::default()
    }
}

/// The most pods of an autoscaler that does not say it.
const MOST: u32 = 10;

/// An autoscaler decides how many pods there are, not the service.
fn report_count(at: &At<'_>, count: &Located<u32>) {
    let text = "the number of replicas is not carried: an autoscaler chooses it";
    let said = Diagnostic::warning("not-carried", count.span, text);
    at.push(said.help("say the fewest with `kompose.hpa.replicas.min`"));
}

fn positive(at: &At<'_>, count: Located<u32>) -> Given<PositiveCount> {
    let text = Located::new(count.value.to_string(), count.span);
    at.checked(&text, |_| PositiveCount::new(u64::from(count.value)))
}

/// A percentage; an amount of memory is none.
fn share(at: &At<'_>, said: &Labels, name: &str) -> Given<Percentage> {
    let label = said.get(name)?;
    let number = label.text.value.trim().trim_end_matches('%').parse().ok();
    let Some(number) = number else {
        let why = "the use of a resource is a share of what is requested";
        label.lost(at.report, why, "write a percentage, such as `80`");
        return None;
    };
    at.checked(&label.text, |_| Percentage::new(number))
}

/// One container that runs before.
fn helper(at: &At<'_>, said: &Labels, app: &mut App) {
    let Some(image) = said.get("init.containers.image") else {
        let help = "name its image with `kompose.init.containers.image`";
        return said.lost(at.report, "init.containers.", "it has no image", help);
    };
    let name = match said.get("init.containers.name") {
        Some(label) => at.checked(&label.text, Name::sanitised),
        None => Name::parse("init-service")
            .ok()
            .map(|name| Located::new(name, image.text.span)),
    };
    let image = said.parsed(at, "init.containers.image", Image::parse);
    let command = said.get("init.containers.command").map(|label| {
        let argv = Command::Exec(words(&label.text.value));
        Located::new(argv, label.text.span)
    });
    let Some(name) = name else { return };
    let container = Container {
        image: image.map(ImageSource::Image),
        command,
        ..Container::default()
    };
    app.init_containers.push(InitContainer {
        name,
        container,
        inherit: None,
    });
}

/// What is said of the Service for those who come from outside.
fn outside(at: &At<'_>, said: &Labels, app: &mut App) {
    let kind = app.service.public.as_ref().map(|public| public.kind);
    if let Some(label) = said.get("service.external-traffic-policy") {
        let traffic = match label.text.value.to_ascii_lowercase().as_str() {
            "local" => Some(ExternalTraffic::Local),
            "cluster" => Some(ExternalTraffic::Cluster),
            _ => None,
        };
        match (traffic, &mut app.service.public) {
            (None, _) => wrong(at, &label.text, "a policy", "write `cluster` or `local`"),
            (Some(traffic), Some(public)) => public.value.traffic = traffic,
            (Some(_), None) => label.lost(at.report, INSIDE, REACH),
        }
    }
    let Some(label) = said.get("service.nodeport.port") else {
        return;
    };
    let number = at.checked(&label.text, Port::parse);
    let ports = app.main.ports.iter_mut().flatten();
    let mut ports: Vec<&mut ModelPort> = ports.collect();
    let at_first = ports.iter().position(|port| port.is_for_outside());
    match (kind, ports.get_mut(at_first.unwrap_or(0))) {
        (Some(PublicKind::NodePort), Some(port)) => {
            let is_far = |number: &Located<Port>| !NODE_PORTS.contains(&number.value.get());
            if number.as_ref().is_some_and(is_far) {
                let why =
                    "nodes publish ports from 30000 to 32767 only, so the cluster chooses one";
                let help = "write a number of that range, or leave the label out";
                return label.lost(at.report, why, help);
            }
            port.node_port = number;
        }
        _ => label.lost(at.report, INSIDE, REACH),
    }
}

/// What nodes publish unless a cluster is set up otherwise.
/// <https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport>
const NODE_PORTS: std::ops::RangeInclusive<u16> = 30_000..=32_767;

const INSIDE: &str = "no port of the nodes leads to the service";
const REACH: &str = "add the label `kompose.service.type: nodeport`";

fn of_routes(at: &At<'_>, said: &Labels, routes: &mut [Route]) {
    let secret = said.parsed(at, "service.expose.tls-secret", ObjectName::parse);
    let class = said.parsed(at, "service.expose.ingress-class-name", ObjectName::parse);
    if routes.is_empty() {
        let help = "add the label `kompose.service.expose` with the host";
        let why = "no route leads to the service";
        return said.lost(at.report, "service.expose.", why, help);
    }
    for route in routes {
        if let Some(secret) = &secret {
            let span = secret.span;
            route.policy.tls = Switch::On(Located::new(Tls::Secret(secret.clone()), span));
        }
        route.class = class.clone().or_else(|| route.class.clone());
    }
}
