//! What stands around the containers of a pod.

use serde_json::json;

use crate::choice::{Choice, Side, any_of, block, just, list, members, one_of};
use crate::container::{environment, flag, image, resources, words};
use crate::text::{text, word};

/// Users and groups are none of root's, so that no two rules meet.
pub(crate) fn security(side: Side) -> Choice {
    let rights = || {
        vec![
            ("run_as_user", one_of([1000, 1001])),
            ("run_as_group", one_of([1000, 3000])),
            ("read_only_root_filesystem", flag()),
            ("allow_privilege_escalation", just(false)),
            (
                "capabilities",
                one_of([
                    json!({"drop": ["ALL"]}),
                    json!({"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}),
                    json!({"drop": ["CHOWN", "SETUID"]}),
                ]),
            ),
            ("seccomp", one_of(["RuntimeDefault", "Unconfined"])),
        ]
    };
    let mut keys = rights();
    keys.push(("container", members(Side::Base, rights())));
    keys.push(("fs_group", one_of([1000, 2000])));
    keys.push((
        "supplemental_groups",
        one_of([json!([4000]), json!([4000, 5000])]),
    ));
    keys.push(("sysctls", one_of([json!({"net.core.somaxconn": 1024})])));
    keys.push(("share_process_namespace", flag()));
    members(side, keys)
}

pub(crate) fn identity(name: &str) -> Choice {
    let account = format!("{name}-account");
    block(vec![
        ("service_account", 1.0, just(account)),
        ("create", 0.9, just(true)),
        (
            "annotations",
            0.4,
            block(vec![("iam.test/role", 1.0, text())]),
        ),
        ("automount_token", 0.4, flag()),
        (
            "rules",
            0.4,
            one_of([
                json!([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]),
                json!([{"apiGroups": [""], "resources": ["pods", "services"], "verbs": ["get", "list"]}]),
            ]),
        ),
    ])
}

pub(crate) fn access() -> Choice {
    block(vec![
        (
            "visibility",
            0.6,
            one_of(["open", "internal", "private", "restricted"]),
        ),
        (
            "allow_from",
            0.5,
            list(
                one_of([
                    json!({"cidr": "10.0.0.0/8"}),
                    json!({"cidr": "10.0.0.0/8", "except": ["10.9.0.0/16"]}),
                    json!({"namespace": "ops"}),
                    json!({"namespace": "ops", "pod_labels": {"role": "x"}}),
                ]),
                1..3,
            ),
        ),
        (
            "allow_to",
            0.5,
            one_of([json!(["internet"]), json!([{"cidr": "192.0.2.0/24"}])]),
        ),
    ])
}

pub(crate) fn placement(side: Side) -> Choice {
    members(
        side,
        vec![
            (
                "node_selector",
                one_of([
                    json!({"pool": "web"}),
                    json!({"pool": "big", "disk": "ssd"}),
                ]),
            ),
            (
                "tolerations",
                one_of([
                    json!([{"operator": "Exists"}]),
                    json!([{"key": "gpu", "operator": "Equal", "value": "x", "effect": "NoSchedule"}]),
                ]),
            ),
            (
                "anti_affinity",
                one_of([
                    json!({"preferred": [{"topology_key": "rack", "weight": 50}]}),
                    json!({"required": ["host"]}),
                    json!({"preferred": ["zone"], "required": ["host"]}),
                ]),
            ),
            (
                "spread",
                one_of([
                    json!(["zone"]),
                    json!(["zone", "host"]),
                    json!([{"topology_key": "rack", "max_skew": 2, "when_unsatisfiable": "ScheduleAnyway"}]),
                    json!([]),
                ]),
            ),
            ("priority_class", one_of(["high", "low"])),
            ("runtime_class", one_of(["kata", "gvisor"])),
        ],
    )
}

pub(crate) fn dns(side: Side) -> Choice {
    members(
        side,
        vec![
            (
                "nameservers",
                one_of([json!(["192.0.2.53"]), json!(["192.0.2.53", "192.0.2.54"])]),
            ),
            ("searches", one_of([json!(["acme.test"])])),
            (
                "options",
                one_of([json!({"ndots": "2"}), json!({"ndots": "2", "edns0": ""})]),
            ),
            ("hostname", one_of(["left", "right"])),
            (
                "host_aliases",
                one_of([
                    json!({"old": "192.0.2.1"}),
                    json!({"old": "192.0.2.2", "older": "192.0.2.1"}),
                ]),
            ),
        ],
    )
}

/// Labels, whose values are words.
pub(crate) fn labels(side: Side) -> Choice {
    let names = ["tier", "acme.test/team", "release", "version"];
    members(side, names.into_iter().map(|name| (name, word())).collect())
}

/// Annotations, whose values are any texts.
pub(crate) fn annotations(side: Side) -> Choice {
    let names = [
        "acme.test/note",
        "prometheus.io/scrape",
        "a",
        "checksum/config",
    ];
    members(side, names.into_iter().map(|name| (name, text())).collect())
}

pub(crate) fn service(side: Side) -> Choice {
    members(
        side,
        vec![
            ("type", one_of(["ClusterIP", "NodePort", "LoadBalancer"])),
            ("annotations", annotations(Side::Base)),
        ],
    )
}

/// Helpers beside the app, each with a port of its own if it has one.
pub(crate) fn helper(name: &'static str, more: Vec<(&'static str, f64, Choice)>) -> Choice {
    let mut keys = vec![
        ("image", 1.0, image(name)),
        ("command", 0.5, words()),
        ("environment", 0.4, environment(Side::Base)),
        ("resources", 0.3, resources(Side::Base)),
    ];
    keys.extend(more);
    block(keys)
}

pub(crate) fn init_containers(side: Side) -> Choice {
    let one = |name| helper(name, vec![("inherit", 0.3, flag())]);
    members(
        side,
        vec![("prepare", one("prepare")), ("warm", one("warm"))],
    )
}

pub(crate) fn sidecars(side: Side) -> Choice {
    let shared = one_of([json!({"logs": "/logs"}), json!({"logs": "/var/log/app"})]);
    let one = |name| {
        helper(
            name,
            vec![("native", 0.5, flag()), ("shared", 0.3, shared.clone())],
        )
    };
    members(side, vec![("tail", one("tail")), ("proxy", one("proxy"))])
}

pub(crate) fn companions(side: Side) -> Choice {
    let port = one_of([json!(11211)]);
    members(
        side,
        vec![("memo", helper("memo", vec![("ports", 0.6, port)]))],
    )
}

pub(crate) fn mesh() -> Choice {
    one_of([
        json!("istio"),
        json!("linkerd"),
        json!({"provider": "istio", "log_level": "debug", "exclude_inbound": [9090]}),
    ])
}

/// A change of the finished object, of the app's own kind.
pub(crate) fn patches(kind: &'static str) -> Choice {
    let merge = any_of(vec![
        block(vec![(
            "metadata",
            1.0,
            block(vec![("annotations", 1.0, annotations(Side::Base))]),
        )]),
        block(vec![(
            "metadata",
            1.0,
            block(vec![("labels", 1.0, labels(Side::Base))]),
        )]),
    ]);
    list(
        block(vec![("kind", 1.0, just(kind)), ("merge", 1.0, merge)]),
        1..2,
    )
}
