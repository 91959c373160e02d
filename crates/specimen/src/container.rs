//! What a container can say.

use serde_json::json;

use crate::choice::{Choice, Side, any_of, block, just, list, members, one_of};
use crate::text::text;

/// An image of other people, by tag, by digest, with and without a registry.
pub(crate) fn image(name: &str) -> Choice {
    let digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    one_of([
        format!("acme/{name}:1.0.0"),
        format!("acme/{name}:1.1.0"),
        format!("acme/{name}:2"),
        format!("acme/{name}"),
        format!("reg.test:5000/acme/{name}:1.0.0"),
        format!("reg.test/{name}:1.0.0@{digest}"),
        format!("acme/{name}@{digest}"),
        format!("{name}:edge"),
    ])
}

pub(crate) fn pull_policy() -> Choice {
    one_of(["Always", "IfNotPresent", "Never"])
}

/// A command or its arguments.
pub(crate) fn words() -> Choice {
    list(text(), 1..4)
}

pub(crate) fn flag() -> Choice {
    one_of([true, false])
}

/// Ports by their names; a name has one number in the container, so that no two meet.
pub(crate) fn ports(side: Side) -> Choice {
    let port = |container: u16, service: [u16; 2], protocol: &'static str| {
        let keys = vec![
            ("container_port", 1.0, just(container)),
            ("service_port", 0.7, one_of(service)),
            (
                "protocol",
                if protocol == "TCP" { 0.2 } else { 1.0 },
                just(protocol),
            ),
            ("app_protocol", 0.2, one_of(["http", "grpc"])),
        ];
        block(keys)
    };
    members(
        side,
        vec![
            ("http", port(8080, [80, 8080], "TCP")),
            ("metrics", port(9090, [9090, 9100], "TCP")),
            ("dns", port(53, [53, 5353], "UDP")),
            ("dns-tcp", port(53, [53, 5353], "TCP")),
            ("rpc", port(50051, [50051, 5000], "TCP")),
        ],
    )
}

/// Variables of every kind.
pub(crate) fn environment(side: Side) -> Choice {
    let variable = || {
        let inline = block(vec![("value", 1.0, text()), ("inline", 1.0, just(true))]);
        any_of(vec![
            text(),
            text(),
            inline.clone(),
            inline,
            one_of([
                json!({"secret": "s-one"}),
                json!({"secret": "s-two"}),
                json!({"secret_key_ref": "given/one"}),
                json!({"secret_key_ref": "given/two"}),
                json!({"configmap_key_ref": "flags/flag"}),
                json!({"field_ref": "status.podIP"}),
                json!({"field_ref": "metadata.name"}),
                json!(7),
                json!(true),
            ]),
        ])
    };
    members(
        side,
        [
            "A_B",
            "FEATURE",
            "GREETING",
            "LOG_LEVEL",
            "MODE",
            "PATRONI_SCOPE",
            "X",
            "_Z",
        ]
        .into_iter()
        .map(|name| (name, variable()))
        .collect(),
    )
}

pub(crate) fn env_from() -> Choice {
    let source = one_of([
        json!({"configmap": "flags"}),
        json!({"configmap": "flags", "prefix": "F_"}),
        json!({"secret": "given"}),
        json!({"secret": "given", "optional": true}),
    ]);
    list(source, 1..3)
}

/// Requests below limits, whoever says which of them.
pub(crate) fn resources(side: Side) -> Choice {
    let keys = vec![
        ("memory", one_of(["64Mi", "128Mi"])),
        ("memory_limit", one_of(["256Mi", "1Gi", "none"])),
        ("cpu", one_of(["50m", "100m"])),
        ("cpu_limit", one_of(["500m", "2", "none"])),
        ("ephemeral_storage", one_of(["100Mi", "200Mi"])),
        ("gpu", one_of([1, 2])),
        (
            "extended",
            one_of([json!({"acme.test/fpga": 1}), json!({"acme.test/fpga": 2})]),
        ),
    ];
    members(side, keys)
}

pub(crate) fn probes(side: Side) -> Choice {
    let headers = one_of([json!({"X-A": "{{ b }}"}), json!({"X-B": "1", "X-A": "c"})]);
    let times = |mut keys: Vec<(&'static str, f64, Choice)>| {
        keys.push(("initial_delay", 0.3, one_of(["2s", "10s"])));
        keys.push(("period", 0.3, one_of(["3s", "30s"])));
        keys.push(("timeout", 0.3, one_of(["2s", "5s"])));
        keys.push(("failure_threshold", 0.3, one_of([2, 30])));
        block(keys)
    };
    let probe = || {
        any_of(vec![
            times(vec![
                ("type", 1.0, just("http")),
                ("path", 1.0, one_of(["/", "/ready", "/live?x={{ a }}"])),
                ("port", 1.0, one_of([8080, 9090])),
                ("scheme", 0.2, just("HTTPS")),
                ("headers", 0.3, headers.clone()),
            ]),
            times(vec![
                ("type", 1.0, just("tcp")),
                ("port", 1.0, one_of([8080, 9090])),
            ]),
            times(vec![
                ("type", 1.0, just("grpc")),
                ("port", 1.0, just(50051)),
                ("service", 0.5, just("Health")),
            ]),
            times(vec![("type", 1.0, just("exec")), ("command", 1.0, words())]),
        ])
    };
    members(
        side,
        vec![
            ("startup", probe()),
            ("readiness", probe()),
            ("liveness", probe()),
        ],
    )
}

pub(crate) fn lifecycle(side: Side) -> Choice {
    let hook = || {
        any_of(vec![
            block(vec![("command", 1.0, words())]),
            one_of([
                json!({"http": {"path": "/stop", "port": 8080}}),
                json!({"sleep": "5s"}),
            ]),
        ])
    };
    members(
        side,
        vec![
            ("post_start", hook()),
            ("pre_stop", hook()),
            ("grace_period", one_of(["45s", "2m"])),
        ],
    )
}
