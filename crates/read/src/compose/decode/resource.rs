//! `deploy.resources`, and the older `cpus`, `mem_limit` and their kin; `gpus`.

use kubewright_model::resource::{Gpu, Limit};
use kubewright_model::value::{LabelKey, PositiveCount};
use kubewright_model::{App, Cpu, Given, Located};
use kubewright_source::Diagnostic;
use kubewright_yaml::Value;

use super::service::Service;
use super::{amount, keys};
use crate::fields::{At, shown};

/// Reads the keys into the app.
pub(super) fn read(service: &Service<'_>, app: &mut App) {
    let fields = &service.fields;
    let resources = &mut app.main.resources;
    let mem_limit = fields.get("mem_limit").and_then(|at| positive_memory(&at));
    let mem_reservation = fields
        .get("mem_reservation")
        .and_then(|at| positive_memory(&at));
    let cpus = fields.get("cpus").and_then(|at| amount::cores(&at));
    let cpu_count = fields.get("cpu_count").and_then(|at| amount::cores(&at));
    let quota = quota(service);
    for (key, other) in [("cpu_count", cpu_count), ("cpu_quota", quota)] {
        let winner = cpus.or(cpu_count.filter(|_| key != "cpu_count"));
        if let (Some(winner), Some(other), Some(at)) = (winner, other, fields.get(key)) {
            at.note(
                "no-limit",
                format!(
                    "`{key}` asks for {} cores, and another key for {}, which counts",
                    other.value, winner.value
                ),
                "leave one of them out",
            );
        }
    }
    let mut limits = Amounts {
        cpus: cpus.or(cpu_count).or(quota),
        memory: mem_limit,
    };
    let mut reservations = Amounts {
        cpus: None,
        memory: mem_reservation,
    };
    let deploy = fields.get("deploy");
    if let Some(deploy) = &deploy
        && let Some(node) = deploy.node.get("resources")
    {
        let at = deploy.down("resources", node);
        if let Some(below) = at.fields("`resources`") {
            if let Some(at) = below.get("limits") {
                limits = limits.over(service, amounts(&at, keys::LIMITS, &mut resources.gpu));
            }
            if let Some(at) = below.get("reservations") {
                let found = amounts(&at, keys::RESERVATIONS, &mut resources.gpu);
                reservations = reservations.over(service, found);
            }
            below.finish();
        }
    }
    if let Some(at) = fields.get("gpus") {
        resources.gpu = gpus(&at).or(resources.gpu.take());
    }
    below(service, "memory", reservations.memory, limits.memory);
    below(service, "cpus", reservations.cpus, limits.cpus);
    resources.memory = reservations.memory;
    resources.cpu = reservations.cpus;
    resources.memory_limit = limits.memory.map(|memory| memory.map(Limit::At));
    resources.cpu_limit = limits.cpus.map(|cpus| cpus.map(Limit::At));
}

#[derive(Default)]
struct Amounts {
    cpus: Given<Cpu>,
    memory: Given<kubewright_model::Memory>,
}

impl Amounts {
    /// What `deploy` says counts; another value beside it is refused.
    fn over(self, service: &Service<'_>, deploy: Self) -> Self {
        differ(service, self.cpus, deploy.cpus);
        differ(service, self.memory, deploy.memory);
        Self {
            cpus: deploy.cpus.or(self.cpus),
            memory: deploy.memory.or(self.memory),
        }
    }
}

fn differ<T: PartialEq + std::fmt::Display>(
    service: &Service<'_>,
    old: Given<T>,
    deploy: Given<T>,
) {
    if let (Some(old), Some(deploy)) = (old, deploy)
        && old.value != deploy.value
    {
        let said = Diagnostic::error(
            "two-alternatives",
            deploy.span,
            format!(
                "service `{}` asks for {} and for {}",
                service.key, old.value, deploy.value
            ),
        );
        let said = said
            .related(old.span, "and here")
            .help("keep one of the two");
        service.fields.at().push(said);
    }
}

fn below<T: PartialOrd + std::fmt::Display>(
    service: &Service<'_>,
    what: &str,
    reservation: Given<T>,
    limit: Given<T>,
) {
    if let (Some(reservation), Some(limit)) = (reservation, limit)
        && reservation.value > limit.value
    {
        let said = Diagnostic::error(
            "bad-value",
            reservation.span,
            format!(
                "the reservation of {what}, {}, is more than the limit, {}",
                reservation.value, limit.value
            ),
        );
        let said = said
            .related(limit.span, "the limit")
            .help("raise the limit, or reserve less");
        service.fields.at().push(said);
    }
}

/// Compose takes 0 for no limit.
fn positive_memory(at: &At<'_>) -> Given<kubewright_model::Memory> {
    let text = at.node.as_scalar().and_then(|scalar| scalar.go_string());
    if text
        .as_deref()
        .is_some_and(|text| amount::bytes(text) == Some(0))
    {
        at.note(
            "no-limit",
            format!(
                "`{}: 0` sets nothing: compose takes 0 for no limit",
                at.name
            ),
            "leave it out",
        );
        return None;
    }
    amount::memory(at)
}

fn amounts(at: &At<'_>, table: &'static [keys::Key], gpu: &mut Option<Gpu>) -> Amounts {
    let Some(fields) = at.fields(format!("`{}`", at.name)) else {
        return Amounts::default();
    };
    keys::settle(&fields, table);
    let found = Amounts {
        cpus: fields.get("cpus").and_then(|at| amount::cores(&at)),
        memory: fields.get("memory").and_then(|at| positive_memory(&at)),
    };
    if keys::verdict(table, "devices").is_some()
        && let Some(at) = fields.get("devices")
    {
        *gpu = devices(&at, false);
    }
    fields.finish();
    found
}

/// `cpu_quota` per `cpu_period` is a number of cores.
fn quota(service: &Service<'_>) -> Given<Cpu> {
    let microseconds = |key| {
        let at = service.fields.get(key)?;
        let text = at.scalar()?;
        let trimmed = text.value.trim_end_matches("us");
        let found: Option<u64> = trimmed.parse().ok();
        if found.is_none() {
            at.bad(
                format!("{} is no number of microseconds", shown(&text.value)),
                "write it like `50000`",
            );
        }
        Some(Located::new(found?, text.span))
    };
    let period = microseconds("cpu_period");
    let quota = microseconds("cpu_quota").filter(|quota| quota.value > 0);
    let Some(quota) = quota else {
        if let Some(at) = service.fields.get("cpu_period") {
            at.note(
                "no-limit",
                "`cpu_period` without `cpu_quota` limits nothing",
                "leave it out",
            );
        }
        return None;
    };
    let period = period.map_or(100_000, |period| period.value.max(1));
    let millis = quota.value.saturating_mul(1000).div_ceil(period);
    let cpu = Cpu::from_millis(millis).ok()?;
    Some(Located::new(cpu, quota.span))
}

fn gpus(at: &At<'_>) -> Option<Gpu> {
    if let Value::Scalar(_) = at.node.value {
        let text = at.text()?;
        if text.value != "all" {
            at.bad(
                format!("{} is no wish for graphics processors", shown(&text.value)),
                "write `all`, or a list",
            );
            return None;
        }
        return one_of_all(at);
    }
    devices(at, true)
}

fn one_of_all(at: &At<'_>) -> Option<Gpu> {
    at.warn(
        "gpu-count",
        "Kubernetes hands out graphics processors by number, never all of a node: one is asked for",
        "write `count` with the number that it needs",
    );
    Some(Gpu {
        count: Located::new(PositiveCount::new(1).ok()?, at.span()),
        kind: None,
        node_selector: std::collections::BTreeMap::new(),
    })
}

/// Device requests; those for graphics processors count.
fn devices(at: &At<'_>, is_gpu: bool) -> Option<Gpu> {
    let mut found: Option<Gpu> = None;
    for item in at.items() {
        let Some(fields) = item.fields("a device request") else {
            continue;
        };
        keys::settle(&fields, keys::DEVICE);
        let capabilities = fields
            .get("capabilities")
            .map(|at| at.texts())
            .unwrap_or_default();
        let wants_gpu = is_gpu || capabilities.iter().any(|word| word.value == "gpu");
        let driver = fields.text("driver");
        let count = fields.get("count").and_then(|at| count(&at));
        let has_count = fields.get("count").is_some();
        let ids = fields.get("device_ids");
        if let Some(at) = ids.as_ref().filter(|_| has_count) {
            at.warn(
                "not-carried",
                "`device_ids` beside `count` has no counterpart in Kubernetes: the plugin chooses",
                "keep `count`",
            );
        }
        let ids = ids.filter(|_| !has_count);
        let count = count.or_else(|| ids.as_ref().and_then(|at| by_ids(at)));
        fields.finish();
        let kind = match driver.as_ref().map_or("nvidia", |driver| &driver.value) {
            _ if !wants_gpu => None,
            "nvidia" | "cdi" | "" => Some("nvidia.com/gpu"),
            "amd" => Some("amd.com/gpu"),
            "intel" => Some("gpu.intel.com/i915"),
            _ => None,
        };
        let Some(kind) = kind else {
            item.warn(
                "not-carried",
                "only requests for graphics processors of nvidia, amd and intel are carried over",
                "let a device plugin count the device, and ask for its resource",
            );
            continue;
        };
        if found.is_some() {
            item.warn(
                "not-carried",
                "a second request for graphics processors is not carried over",
                "ask for all of them in one",
            );
            continue;
        }
        let mut gpu = match (count, has_count) {
            (Some(count), _) => Gpu {
                count,
                kind: None,
                node_selector: std::collections::BTreeMap::new(),
            },
            (None, true) => continue,
            (None, false) => match one_of_all(&item) {
                Some(gpu) => gpu,
                None => continue,
            },
        };
        let span = driver.map_or(item.span(), |driver| driver.span);
        gpu.kind = LabelKey::parse(kind)
            .ok()
            .map(|kind| Located::new(kind, span));
        found = Some(gpu);
    }
    found
}

/// As many as are named; which ones they are the plugin decides.
fn by_ids(at: &At<'_>) -> Given<PositiveCount> {
    let ids = at.texts().len();
    at.warn(
        "gpu-count",
        format!("the plugin chooses the devices of a pod: {ids} of them are asked for"),
        "write `count`; nodes with other models are told apart by `deploy.placement`",
    );
    let count = PositiveCount::new(u64::try_from(ids).ok()?).ok()?;
    Some(Located::new(count, at.span()))
}

fn count(at: &At<'_>) -> Given<PositiveCount> {
    let is_all = at
        .node
        .as_scalar()
        .is_some_and(|scalar| &*scalar.text == "all");
    if is_all {
        return one_of_all(at).map(|gpu| gpu.count);
    }
    let number = at.count()?;
    at.parse(|_| PositiveCount::new(u64::from(number.value)))
}
