//! Apps of every kind, and what environments change of them.

use proptest::prelude::*;
use proptest::{option, sample};
use serde_json::{Map, Value, json};

use crate::choice::{Choice, Side, any_of, block, list, members, one_of};
use crate::{container, pod, storage};

/// A kind of workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
        }
    }

    /// Its pods are there until somebody takes them away.
    fn lasts(self) -> bool {
        match self {
            Self::Deployment | Self::StatefulSet | Self::DaemonSet => true,
            Self::Job | Self::CronJob => false,
        }
    }

    /// It has a number of pods.
    fn counts(self) -> bool {
        match self {
            Self::Deployment | Self::StatefulSet => true,
            Self::DaemonSet | Self::Job | Self::CronJob => false,
        }
    }
}

/// Something that an app can say, by itself or where an environment changes it.
struct Matter {
    key: &'static str,
    base: Choice,
    over: Choice,
}

fn matter(key: &'static str, choice: impl Fn(Side) -> Choice) -> Matter {
    Matter {
        key,
        base: choice(Side::Base),
        over: Side::Override.member(choice(Side::Override)),
    }
}

fn matters(kind: Kind, name: &str) -> Vec<Matter> {
    let mut found = vec![
        matter("pull_policy", |_| container::pull_policy()),
        matter("command", |_| container::words()),
        matter("args", |_| container::words()),
        matter("working_dir", |_| one_of(["/srv", "/srv/{{ a }}"])),
        matter("tty", |_| container::flag()),
        matter("environment", container::environment),
        matter("environment", container::environment),
        matter("env_from", |_| container::env_from()),
        matter("files", storage::files),
        matter("volumes", storage::volumes),
        matter("resources", container::resources),
        matter("lifecycle", container::lifecycle),
        matter("security", pod::security),
        matter("init_containers", pod::init_containers),
        matter("sidecars", pod::sidecars),
        matter("identity", |_| pod::identity(name)),
        matter("access", |_| pod::access()),
        matter("placement", pod::placement),
        matter("dns", pod::dns),
        matter("labels", pod::labels),
        matter("annotations", pod::annotations),
        matter("pod_annotations", pod::annotations),
        matter("mesh", |_| pod::mesh()),
        matter("patches", |_| pod::patches(kind.word())),
    ];
    if kind.lasts() {
        found.extend([
            matter("ports", container::ports),
            matter("service", pod::service),
            matter("probes", container::probes),
            matter("companions", pod::companions),
            matter("strategy", |_| strategy(kind)),
        ]);
    } else {
        found.push(matter("job", job));
    }
    if kind.counts() {
        found.extend([
            matter("replicas", |_| one_of([0, 1, 2, 5])),
            matter("scaling", |_| scaling()),
            matter("pod_disruption_budget", |_| {
                one_of([
                    json!(1),
                    json!("50%"),
                    json!({"max_unavailable": 1}),
                    json!(false),
                ])
            }),
        ]);
    }
    if kind == Kind::CronJob {
        found.push(Matter {
            key: "schedule",
            base: schedule(),
            over: schedule(),
        });
    }
    found
}

fn strategy(kind: Kind) -> Choice {
    match kind {
        Kind::Deployment => any_of(vec![
            one_of([json!("Recreate")]),
            block(vec![
                ("max_surge", 0.6, one_of([json!(1), json!("25%")])),
                ("max_unavailable", 0.6, one_of([json!(1), json!("50%")])),
                ("min_ready", 0.4, one_of(["5s", "1m"])),
            ]),
        ]),
        Kind::StatefulSet => any_of(vec![
            one_of([json!("OnDelete")]),
            block(vec![
                ("partition", 0.5, one_of([1, 2])),
                ("min_ready", 0.4, one_of(["5s", "1m"])),
            ]),
        ]),
        _ => any_of(vec![
            one_of([json!("OnDelete")]),
            block(vec![(
                "max_unavailable",
                0.7,
                one_of([json!(1), json!("20%")]),
            )]),
        ]),
    }
}

fn scaling() -> Choice {
    any_of(vec![
        block(vec![
            ("type", 1.0, one_of(["hpa"])),
            ("min_instances", 0.7, one_of([1, 2])),
            ("max_instances", 1.0, one_of([6, 9])),
            ("target_cpu_percent", 0.7, one_of([60, 80])),
            ("target_memory_percent", 0.4, one_of([70, 90])),
            ("scale_down_stabilization", 0.3, one_of(["1m", "5m"])),
        ]),
        block(vec![
            ("type", 1.0, one_of(["keda-cron"])),
            ("max_instances", 1.0, one_of([6, 9])),
            (
                "cron_schedules",
                1.0,
                list(
                    one_of([
                        json!({"timezone": "UTC", "start": "0 7 * * 1-5", "end": "0 9 * * 1-5", "replicas": 2}),
                        json!({"timezone": "Europe/Berlin", "start": "0 17 * * *", "end": "0 19 * * *", "replicas": 3}),
                    ]),
                    1..2,
                ),
            ),
        ]),
    ])
}

fn job(side: Side) -> Choice {
    members(
        side,
        vec![
            ("restart_policy", one_of(["Never", "OnFailure"])),
            ("backoff_limit", one_of([0, 4])),
            ("completions", one_of([3, 4])),
            ("parallelism", one_of([1, 2])),
            ("active_deadline", one_of(["2m", "1h"])),
            ("ttl_after_finished", one_of(["1h", "1d"])),
        ],
    )
}

fn schedule() -> Choice {
    block(vec![
        ("cron", 1.0, one_of(["15 3 * * *", "*/5 * * * 1-5"])),
        ("timezone", 0.4, one_of(["UTC", "Europe/Berlin"])),
        ("concurrency_policy", 0.4, one_of(["Forbid", "Replace"])),
        ("suspend", 0.3, container::flag()),
        ("successful_jobs_history_limit", 0.3, one_of([0, 2])),
    ])
}

/// An app of any kind. `first` is one that lasts and has the port that routes lead to.
pub(crate) fn app(name: &'static str, environments: &[&'static str], is_first: bool) -> Choice {
    let kinds = match is_first {
        true => vec![Kind::Deployment, Kind::Deployment, Kind::StatefulSet],
        false => vec![
            Kind::Deployment,
            Kind::Deployment,
            Kind::Deployment,
            Kind::StatefulSet,
            Kind::DaemonSet,
            Kind::Job,
            Kind::CronJob,
        ],
    };
    let environments = environments.to_vec();
    sample::select(kinds)
        .prop_flat_map(move |kind| of_kind(kind, name, &environments, is_first))
        .boxed()
}

fn of_kind(
    kind: Kind,
    name: &'static str,
    environments: &[&'static str],
    is_first: bool,
) -> Choice {
    let environments = environments.to_vec();
    let all = matters(kind, name).len();
    sample::subsequence((0..all).collect::<Vec<_>>(), 1..9)
        .prop_flat_map(move |chosen| {
            let all = matters(kind, name);
            let chosen: Vec<&Matter> = chosen.iter().map(|at| &all[*at]).collect();
            let base = chosen
                .iter()
                .map(|matter| (matter.key, 0.75, matter.base.clone()))
                .collect();
            let over = || over(name, &chosen, is_first);
            let overrides: Vec<_> = environments
                .iter()
                .map(|name| (*name, 0.8, over()))
                .collect();
            (
                container::image(name),
                block(base),
                block(overrides),
                option::weighted(0.1, Just(())),
            )
        })
        .prop_map(move |(image, mut app, mut overrides, is_built)| {
            if is_built.is_some() {
                app["build"] = "web".into();
                app["image"] = format!("acme/{name}").into();
                each_without(&mut overrides, "image");
            } else {
                app["image"] = image;
            }
            if is_first {
                each_without_null(&mut overrides, "ports");
            }
            complete(kind, &mut app, is_first);
            app["overrides"] = overrides;
            app
        })
        .boxed()
}

/// What an environment changes.
fn over(name: &str, chosen: &[&Matter], is_first: bool) -> Choice {
    let mut keys: Vec<_> = chosen
        .iter()
        .map(|matter| (matter.key, 0.5, matter.over.clone()))
        .collect();
    keys.push(("image", 0.3, container::image(name)));
    if !is_first {
        keys.push(("enabled", 0.15, one_of([false])));
    }
    block(keys)
}

/// Keeps environments from taking something away as a whole.
fn each_without_null(overrides: &mut Value, key: &str) {
    let each = overrides
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut);
    for one in each.filter(|one| one[key].is_null()) {
        if let Some(one) = one.as_object_mut() {
            one.remove(key);
        }
    }
}

fn each_without(overrides: &mut Value, key: &str) {
    let each = overrides
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut);
    for one in each {
        if let Some(one) = one.as_object_mut() {
            one.remove(key);
        }
    }
}

/// What its kind wants in any case.
fn complete(kind: Kind, app: &mut Value, is_first: bool) {
    match kind {
        Kind::Deployment => {}
        Kind::CronJob => {
            if app.get("schedule").is_none() {
                app["schedule"] = "0 4 * * *".into();
            }
        }
        Kind::StatefulSet | Kind::DaemonSet | Kind::Job => app["kind"] = kind.word().into(),
    }
    if is_first {
        app["ports"]["web"] = json!({"container_port": 3000, "service_port": 3000});
    }
}
