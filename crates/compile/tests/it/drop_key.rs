//! Promise 1: nothing is silently lost. Dropping any key of any input changes
//! the output or what is said.

use std::path::Path;

use kubewright_read::compose::decode::keys::restates_default;
use kubewright_read::wizard;
use kubewright_yaml::{Mapping, Node, Path as KeyPath, Value};

use crate::case::{self, Case, Product, Replaced};

/// Values that another file of the case lays its own over: by case and way.
pub(crate) const OVERRIDDEN: &[(&str, &str)] = &[
    ("extends", "services.defaults.environment.LOG_LEVEL"),
    ("multi-file-override", "services.web.command"),
    ("multi-file-override", "services.web.environment.MODE"),
    ("multi-file-override", "services.web.environment.OLD"),
    ("multi-file-override", "services.web.volumes"),
    ("multi-file-override", "services.api.image"),
    ("multi-file-override", "services.api.expose"),
    ("multi-file-override", "services.api.depends_on"),
    // The folder of the included file is the same.
    ("include", "include.[1].project_directory"),
    // `cpu_count` counts more, and what loses is reported by `cpu_quota`.
    ("unknown-keys-reported", "services.everything.cpu_period"),
    // A device comes under its own name, and a model gives its usual variables.
    (
        "unknown-keys-reported",
        "services.everything.devices.[1].target",
    ),
    (
        "unknown-keys-reported",
        "services.everything.models.llm.endpoint_var",
    ),
    (
        "unknown-keys-reported",
        "services.everything.models.llm.model_var",
    ),
    // A step has its service's image.
    ("lifecycle-hooks", "services.app.pre_start.[0].image"),
    // The profile is asked for.
    ("profile-active", "services.debugger.profiles"),
    // The image is known to listen there.
    ("large-realistic", "services.objects.expose"),
    // The node's port is the container's where nothing else is said.
    (
        "kind-daemon-set",
        "services.node-metrics.ports.[0].published",
    ),
    // Traefik's service names the port, too.
    ("labels", "services.routed.expose"),
    // Traefik shows what has labels; by which network is nothing to Kubernetes.
    ("traefik", "services.web.labels.traefik.enable"),
    ("traefik", "services.web.labels.traefik.docker.network"),
    // The resolver asks for TLS as well.
    (
        "traefik",
        "services.web.labels.traefik.http.routers.web.entrypoints",
    ),
    // A router that only sends on to TLS becomes nothing of its own.
    (
        "traefik",
        "services.web.labels.traefik.http.routers.web-plain.rule",
    ),
    (
        "traefik",
        "services.web.labels.traefik.http.routers.web-plain.entrypoints",
    ),
    // What is not enabled, led elsewhere, guarded or replaced has no route anyway.
    (
        "traefik",
        "services.hidden.labels.traefik.http.routers.hidden.rule",
    ),
    (
        "traefik-guarded",
        "services.proxy.labels.traefik.http.routers.dashboard.rule",
    ),
    (
        "traefik-guarded",
        "services.asked.labels.traefik.http.routers.asked.rule",
    ),
    (
        "traefik-guarded",
        "services.asked.labels.traefik.http.routers.asked.middlewares",
    ),
    ("traefik-older", "services.tools.labels.traefik.closed.port"),
    (
        "traefik-reported",
        "services.ruleless.labels.traefik.http.services.ruleless.loadbalancer.server.port",
    ),
    // Said once, at the other option of the same matter.
    (
        "traefik-reported",
        "services.web.labels.traefik.http.middlewares.slow.ratelimit.burst",
    ),
    (
        "traefik-reported",
        "services.web.labels.traefik.http.services.web.loadbalancer.healthcheck.path",
    ),
    // An empty name is none.
    ("port-names", "services.web.ports.[4].name"),
    // It is the first port of what is waited for anyway.
    (
        "wizard-everything",
        "_services.[0].companions.[0].dependsOnPort",
    ),
    (
        "wizard-companions",
        "_services.[0].companions.[0].dependsOnPort",
    ),
    // The image is known to need that much.
    (
        "wizard-infrastructure",
        "_infraDecisions.[1].volumes.[0].size",
    ),
    // A row of the form in which nothing else stands.
    ("wizard-volumes", "_services.[0].volumes.[11].type"),
    ("ports-long", "services.dns.ports.[0].published"),
];

/// Keys of the complete `apps.yaml` that say what holds without them: it has every
/// key there is, also with its default.
const COMPLETE: &[&str] = &[
    // What Skaffold does anyway.
    "output.skaffold.tag_policy",
    "output.skaffold.port_forward",
    "output.skaffold.helm_secrets_plugin",
    "output.skaffold.profiles.prod.patches",
    // What charts have anyway.
    "output.helm.name",
    "output.helm.dir",
    "output.helm.env_values",
    "output.helm.helmignore",
    // Only tools for developers are told.
    "environments.prod.kube_context",
    "environments.prod.debug",
    "apps.shop.build.dockerfile",
    "apps.shop.build.dockerfile_dev",
    "apps.shop.build.target",
    "apps.shop.build.args",
    "apps.shop.build.args.V",
    "apps.shop.build.language",
    "apps.shop.develop",
    "apps.shop.develop.port",
    "apps.shop.develop.watch",
    // Nobody refers to them, or something nearer says the same.
    "environments.test.tls",
    "environments.test.tls.issuer",
    "environments.prod.extends",
    "environments.prod.namespace.create",
    "environments.prod.domain",
    "environments.prod.redis",
    "environments.prod.redis.address",
    "environments.prod.redis.sentinel_master",
    "environments.prod.redis.secret",
    "secrets.pay.environment",
    "secrets.cert",
    "secrets.cert.file",
    "secrets.old",
    "secrets.old.external",
    "secrets.hsm",
    "secrets.hsm.store",
    "secrets.hsm.store.name",
    "volumes.archive",
    "infrastructure.postgres.overrides.prod.ports",
    "infrastructure.postgres.overrides.prod.provider_notes",
    "gateway.tls",
    "gateway.routes.api.test/v1.strip_prefix",
    "compose.stats.profiles",
    "output.argocd.path",
    // What holds anyway.
    "apps.shop.kind",
    "apps.shop.enabled",
    "apps.shop.image",
    "apps.shop.stdin",
    "apps.shop.tty",
    "apps.shop.ports.http.protocol",
    "apps.shop.environment.SELF.inline",
    "apps.shop.volumes.tmp.type",
    "apps.shop.volumes.conf.type",
    "apps.shop.volumes.tls.type",
    "apps.shop.volumes.log.type",
    "apps.shop.volumes.model.type",
    "apps.shop.resources.gpu.type",
    "apps.shop.probes.startup.scheme",
    "apps.shop.probes.startup.success_threshold",
    "apps.shop.probes.readiness.type",
    "apps.shop.replicas",
    "apps.shop.scaling.type",
    "apps.shop.strategy.type",
    "apps.shop.sidecars.tail.native",
    "apps.shop.lifecycle.stop_signal",
    "apps.shop.security.run_as_non_root",
    "apps.shop.security.fs_group",
    "apps.shop.security.seccomp",
    "apps.shop.security.privileged",
    "apps.shop.security.allow_privilege_escalation",
    "apps.shop.security.capabilities.drop",
    "apps.shop.security.host_network",
    "apps.shop.security.host_pid",
    "apps.shop.security.host_ipc",
    "apps.shop.security.share_process_namespace",
    "apps.shop.identity.service_account",
    "apps.shop.access.visibility",
    "apps.shop.access.egress",
    "apps.shop.placement.anti_affinity.preferred.[0].weight",
    "apps.shop.placement.anti_affinity.required",
    "apps.shop.placement.spread.[0].max_skew",
    "apps.shop.depends_on.postgres.condition",
    "apps.shop.depends_on.postgres.port",
    "apps.shop.depends_on.postgres.required",
    "apps.work.scaling.queue_length",
    "apps.page.scaling.target_request_rate",
    "apps.desk.scaling.cron_schedules.[0].timezone",
    "gateway.cors.allow_origins",
    "gateway.waf.mode",
    "gateway.routes.api.test/v1.port",
    "compose.stats.file",
    "compose.stats.expose",
    "compose.stats.service_port",
    "compose.stats.defaults",
    "compose.stats.defaults.replicas",
];

#[test]
fn dropping_any_key_is_noticed() {
    let mut tried = 0;
    let mut lost = Vec::new();
    for case in case::all().into_iter().filter(|case| !case.is_bad()) {
        // Each word of version 2 is compared with version 3's by tests of its own.
        if case.name.starts_with("apps-v2-") {
            continue;
        }
        for (path, tree) in case.documents() {
            let Some(files) = Replaced::new(&case, &path, &tree) else {
                continue;
            };
            let whole = case.compile_with(&files);
            let mut trail = Vec::new();
            visit(&tree, &mut trail, &mut |trail| {
                tried += 1;
                if !is_noticed(&case, &path, &tree, trail, &whole) {
                    lost.push(format!(
                        "{}/{}: {}",
                        case.name,
                        path.display(),
                        trail.join(".")
                    ));
                }
            });
        }
    }
    assert!(tried > 500, "only {tried} keys were tried");
    assert!(
        lost.is_empty(),
        "{} of {tried} keys are silently lost:\n{}",
        lost.len(),
        lost.join("\n")
    );
}

/// Calls with the way to every entry of every map: keys, and `[n]` for items.
pub(crate) fn visit(node: &Node, trail: &mut Vec<String>, call: &mut impl FnMut(&[String])) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                trail.push(format!("[{at}]"));
                visit(item, trail, call);
                trail.pop();
            }
        }
        Value::Mapping(mapping) => {
            for entry in mapping.iter() {
                trail.push(entry.key.text.to_string());
                call(trail);
                visit(&entry.value, trail, call);
                trail.pop();
            }
        }
    }
}

fn is_noticed(case: &Case, path: &Path, tree: &Node, trail: &[String], whole: &Product) -> bool {
    let mut dropped = tree.clone();
    let removed = remove(&mut dropped, trail);
    let is_extension = trail.iter().any(|key| key.starts_with("x-"));
    let way = trail.join(".");
    let is_overridden = OVERRIDDEN.contains(&(case.name.as_str(), way.as_str()))
        || case.name == "apps-complete" && COMPLETE.contains(&way.as_str());
    if is_extension
        || is_reported(whole, trail, trail.len() - 1)
        || is_overridden
        || is_restated(case, tree, trail, &removed)
    {
        return true;
    }
    let Some(files) = Replaced::new(case, path, &dropped) else {
        return true;
    };
    let without = case.compile_with(&files);
    without.files != whole.files || without.said != whole.said
}

/// Whether something above is reported as a whole, within so many steps from the top.
pub(crate) fn is_reported(whole: &Product, trail: &[String], steps: usize) -> bool {
    (1..=steps).any(|length| {
        let above = key_path(&trail[..length], KeyPath::ROOT);
        whole.whole.contains(&above)
    })
}

/// Whether the key asks for nothing that does not hold anyway.
fn is_restated(case: &Case, tree: &Node, trail: &[String], removed: &Node) -> bool {
    if !case.is_state() {
        return restates(trail, KeyPath::ROOT, removed);
    }
    let (key, above) = trail.split_last().expect("a way has at least one step");
    let mut beside = tree;
    for step in above {
        let below = match item(step) {
            Some(at) => beside.as_sequence().and_then(|items| items.get(at)),
            None => beside.get(step),
        };
        beside = below.expect("the way leads somewhere");
    }
    let is_transient = |step: &String| wizard::keys::TRANSIENT.contains(&step.as_str());
    let is_the_browsers =
        trail.first().is_some_and(is_transient) || above.iter().any(|step| step == "_compose");
    is_the_browsers || wizard::keys::restates_default(beside, key, removed)
}

/// A way as diagnostics print it.
fn key_path(trail: &[String], path: KeyPath<'_>) -> String {
    let Some((first, rest)) = trail.split_first() else {
        return path.to_string();
    };
    match item(first) {
        Some(at) => key_path(rest, path.index(at)),
        None => key_path(rest, path.key(first)),
    }
}

/// The number of a list's item: `[3]`.
pub(crate) fn item(step: &str) -> Option<usize> {
    step.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

fn restates(trail: &[String], path: KeyPath<'_>, removed: &Node) -> bool {
    let Some((first, rest)) = trail.split_first() else {
        return restates_default(&path, removed);
    };
    match item(first) {
        Some(at) => restates(rest, path.index(at), removed),
        None => restates(rest, path.key(first), removed),
    }
}

fn remove(node: &mut Node, trail: &[String]) -> Node {
    let (first, rest) = trail.split_first().expect("a way has at least one step");
    let value = std::mem::replace(&mut node.value, Value::Sequence(Vec::new()));
    match value {
        Value::Mapping(mapping) => {
            let mut removed = None;
            let mut kept = Vec::new();
            for entry in mapping.iter() {
                let mut entry = entry.clone();
                if *entry.key.text == **first {
                    if rest.is_empty() {
                        removed = Some(entry.value);
                        continue;
                    }
                    removed = Some(remove(&mut entry.value, rest));
                }
                kept.push(entry);
            }
            node.value = Value::Mapping(Mapping::from_iter(kept));
            removed.expect("the way leads somewhere")
        }
        Value::Sequence(mut items) => {
            let at: usize = first
                .trim_matches(['[', ']'])
                .parse()
                .expect("an item's number");
            let removed = remove(&mut items[at], rest);
            node.value = Value::Sequence(items);
            removed
        }
        Value::Scalar(_) => unreachable!("a way leads through maps and lists"),
    }
}
