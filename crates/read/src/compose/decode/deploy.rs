//! What else `deploy` says: updates, placement, names without a virtual address.

use kubewright_model::placement::{
    AntiAffinity, AntiAffinityStrength, NodeRule, Spread, WhenUnsatisfiable,
};
use kubewright_model::service::Headless;
use kubewright_model::value::{IntOrPercentage, LabelKey, LabelValue, PositiveCount};
use kubewright_model::workload::{
    DaemonSetStrategy, DeploymentStrategy, StatefulSetStrategy, Workload,
};
use kubewright_model::{App, Duration, Given, Located};

use super::keys;
use super::service::Service;
use crate::fields::{At, shown};

/// Reads the key into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let Some(at) = service.fields.get("deploy").filter(|at| !at.is_null()) else {
        return;
    };
    let Some(fields) = at.fields(format!("`deploy` of service `{}`", service.key)) else {
        return;
    };
    keys::settle(&fields, keys::DEPLOY);
    // Read by other rooms.
    for key in ["mode", "replicas", "labels", "resources", "restart_policy"] {
        fields.get(key);
    }
    if let Some(at) = fields.get("endpoint_mode") {
        endpoint_mode(&at, app);
    }
    if let Some(at) = fields.get("update_config") {
        update(&at, app);
    }
    if let Some(at) = fields.get("placement") {
        placement(&at, app);
    }
    fields.finish();
}

fn endpoint_mode(at: &At<'_>, app: &mut App) {
    let Some(text) = at.text() else { return };
    match text.value.as_str() {
        "vip" => {}
        "dnsrr" => app.service.headless = Headless::Given(Located::new(true, text.span)),
        other => at.bad(
            format!("{} is no endpoint mode", shown(other)),
            "write `vip` or `dnsrr`",
        ),
    }
}

fn update(at: &At<'_>, app: &mut App) {
    let Some(fields) = at.fields("`update_config`") else {
        return;
    };
    keys::settle(&fields, keys::UPDATE);
    let parallelism = fields.count("parallelism");
    let order = fields.text("order");
    let (delay, monitor) = (fields.duration("delay"), fields.duration("monitor"));
    if let (Some(delay), Some(monitor)) = (delay, monitor) {
        at.note(
            "update-wait",
            format!(
                "of `delay` ({}) and `monitor` ({}) the longer is how long a new pod must be ready",
                delay.value, monitor.value
            ),
            "keep one of the two",
        );
    }
    let wait = longer(delay, monitor);
    let starts_first = match order.as_ref().map(|order| order.value.as_str()) {
        Some("start-first") => true,
        Some("stop-first") | None => false,
        Some(other) => {
            let at = fields.get("order").unwrap_or(*fields.at());
            at.bad(
                format!("{} is no order", shown(other)),
                "write `start-first` or `stop-first`",
            );
            false
        }
    };
    fields.finish();
    if parallelism.is_none() && order.is_none() && wait.is_none() {
        return;
    }
    // Compose takes 0 for all at once.
    let span = parallelism.map_or(at.span(), |count| count.span);
    let count = match parallelism.map_or(1, |count| count.value) {
        0 => IntOrPercentage::Percentage(100),
        count => IntOrPercentage::Int(count),
    };
    let (count, none) = (
        Located::new(count, span),
        Located::new(IntOrPercentage::Int(0), span),
    );
    let rolls = parallelism.is_some() || order.is_some();
    let (surge, away) = if starts_first {
        (count, none)
    } else {
        (none, count)
    };
    match &mut app.workload {
        Workload::Deployment(deployment) => {
            deployment.min_ready = wait;
            deployment.strategy = rolls.then(|| {
                let strategy = DeploymentStrategy::RollingUpdate {
                    max_surge: Some(surge),
                    max_unavailable: Some(away),
                };
                Located::new(strategy, span)
            });
        }
        Workload::DaemonSet(daemon_set) => {
            daemon_set.min_ready = wait;
            daemon_set.strategy = rolls.then(|| {
                let strategy = DaemonSetStrategy::RollingUpdate {
                    max_surge: starts_first.then_some(surge),
                    max_unavailable: Some(away),
                };
                Located::new(strategy, span)
            });
        }
        Workload::StatefulSet(stateful_set) => {
            stateful_set.min_ready = wait;
            if starts_first {
                at.warn(
                    "not-carried",
                    "a StatefulSet replaces its pods one by one: the old one ends first",
                    "write `order: stop-first`",
                );
            }
            if parallelism.is_some_and(|count| count.value != 1) {
                let strategy = StatefulSetStrategy::RollingUpdate {
                    partition: None,
                    max_unavailable: Some(away),
                };
                stateful_set.strategy = Some(Located::new(strategy, span));
            }
        }
        Workload::Job(_) | Workload::CronJob(_) => at.warn(
            "not-carried",
            "what runs to its end is not updated while it runs",
            "leave `update_config` out",
        ),
    }
}

fn longer(a: Given<Duration>, b: Given<Duration>) -> Given<Duration> {
    match (a, b) {
        (Some(a), Some(b)) if b.value > a.value => Some(b),
        (a, b) => a.or(b),
    }
}

fn placement(at: &At<'_>, app: &mut App) {
    let Some(fields) = at.fields("`placement`") else {
        return;
    };
    keys::settle(&fields, keys::PLACEMENT);
    for item in fields.get("constraints").iter().flat_map(At::items) {
        constraint(&item, app);
    }
    for item in fields.get("preferences").iter().flat_map(At::items) {
        preference(&item, app);
    }
    if let Some(at) = fields.get("max_replicas_per_node")
        && let Some(count) = at.count().filter(|count| count.value > 0)
    {
        let Ok(key) = LabelKey::parse("kubernetes.io/hostname") else {
            return;
        };
        let topology_key = Located::new(key, count.span);
        if count.value == 1 {
            app.placement.anti_affinity.push(AntiAffinity {
                topology_key,
                strength: AntiAffinityStrength::Required,
            });
            fields.finish();
            return;
        }
        app.placement.spread.push(Spread {
            topology_key,
            max_skew: at.parse(|_| PositiveCount::new(u64::from(count.value))),
            when_unsatisfiable: Some(Located::new(WhenUnsatisfiable::DoNotSchedule, count.span)),
        });
        at.note(
            "spread",
            format!(
                "Kubernetes spreads the pods so that nodes differ by at most {}",
                count.value
            ),
            "it does not count pods per node as Swarm does",
        );
    }
    fields.finish();
}

/// `node.labels.disk == ssd`.
fn constraint(at: &At<'_>, app: &mut App) {
    let Some(text) = at.text() else { return };
    let lost = |why: &str, help: &str| {
        at.warn(
            "not-carried",
            format!("{} is not carried over: {why}", shown(&text.value)),
            help,
        );
    };
    let parts = text.value.split_once("==").map(|parts| (parts, true));
    let parts = parts.or_else(|| Some((text.value.split_once("!=")?, false)));
    let Some(((key, value), equal)) = parts else {
        return lost(
            "it has neither `==` nor `!=`",
            "write it like `node.labels.disk == ssd`",
        );
    };
    let (key, value) = (key.trim(), value.trim());
    let label = match key {
        "node.hostname" => "kubernetes.io/hostname",
        "node.platform.os" => "kubernetes.io/os",
        "node.platform.arch" => "kubernetes.io/arch",
        "node.role" => return role(at, &text, value, equal, app),
        "node.id" => {
            return lost(
                "it is a number of Swarm's own",
                "choose the node by its name: `node.hostname == …`",
            );
        }
        _ => match key.strip_prefix("node.labels.") {
            Some(label) => label,
            None => {
                return lost(
                    "Kubernetes knows no such fact of a node",
                    "label the nodes, and use `node.labels`",
                );
            }
        },
    };
    // Docker says `x86_64`, Kubernetes `amd64`.
    let value = match (key, value) {
        ("node.platform.arch", "x86_64") => "amd64",
        ("node.platform.arch", "aarch64") => "arm64",
        (_, value) => value,
    };
    let label = at.checked(&Located::new(label.to_owned(), text.span), LabelKey::parse);
    let value = at.checked(
        &Located::new(value.to_owned(), text.span),
        LabelValue::parse,
    );
    let (Some(label), Some(value)) = (label, value) else {
        return;
    };
    if equal {
        app.placement.node_selector.insert(label.value, value);
    } else {
        app.placement.node_rules.push(NodeRule {
            key: label,
            not: value,
        });
    }
}

/// Swarm's managers are Kubernetes' control plane.
fn role(at: &At<'_>, text: &Located<String>, value: &str, equal: bool, app: &mut App) {
    let is_manager = match value {
        "manager" => equal,
        "worker" => !equal,
        _ => {
            return at.bad(
                format!("{} names no role of nodes", shown(&text.value)),
                "write `node.role == manager` or `node.role == worker`",
            );
        }
    };
    if is_manager {
        at.warn(
            "control-plane",
            "the pods wait for a node of the control plane, which managed clusters do not show",
            "choose the nodes by a label of your own, `node.labels.disk == ssd`, or leave the \
             constraint out",
        );
    }
    app.placement.control_plane = Some(Located::new(is_manager, text.span));
}

/// `spread: node.labels.zone`.
fn preference(at: &At<'_>, app: &mut App) {
    let Some(fields) = at.fields("a preference") else {
        return;
    };
    let spread = fields.text("spread");
    fields.finish();
    let Some(text) = spread else { return };
    let label = match text.value.strip_prefix("node.labels.") {
        Some(label) => label,
        None if text.value == "node.hostname" => "kubernetes.io/hostname",
        None => {
            return at.warn(
                "not-carried",
                format!("{} is no label of nodes", shown(&text.value)),
                "write it like `spread: node.labels.zone`",
            );
        }
    };
    if let Some(key) = at.checked(&Located::new(label.to_owned(), text.span), LabelKey::parse) {
        app.placement.spread.push(Spread {
            topology_key: key,
            max_skew: None,
            when_unsatisfiable: None,
        });
    }
}
