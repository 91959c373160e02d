//! What is known of each environment.

use serde_json::json;

use crate::choice::{Choice, Side, any_of, block, one_of};
use crate::pod::{annotations, labels};

/// One environment.
pub(crate) fn environment(name: &str) -> Choice {
    let namespace = any_of(vec![
        one_of(["acme", "other"]),
        one_of([format!("acme-{name}")]),
        one_of([
            json!({"name": "acme", "create": true, "labels": {"a": "b"}}),
            json!({"name": format!("acme-{name}"), "create": true}),
            json!({"name": "acme", "create": false}),
        ]),
    ]);
    block(vec![
        (
            "domain",
            1.0,
            one_of([format!("{name}.acme.test"), "acme.test".to_owned()]),
        ),
        ("namespace", 0.4, namespace),
        (
            "registry",
            0.3,
            one_of(["reg.test/acme", "other.test:5000"]),
        ),
        ("image_tag", 0.3, one_of(["1.4.0", "2.0.0-rc.1"])),
        (
            "pull_secrets",
            0.2,
            one_of([json!("regcred"), json!(["regcred", "more"])]),
        ),
        (
            "secret_store",
            0.3,
            one_of([
                json!({"provider": "gcp", "project": "acme"}),
                json!({"provider": "aws", "region": "eu-west-1"}),
            ]),
        ),
        ("storage_class", 0.2, one_of(["fast", "slow"])),
        (
            "network_policy",
            0.4,
            one_of(["none", "permissive", "strict"]),
        ),
        (
            "tls",
            0.4,
            one_of([
                json!({"secret": "acme-tls"}),
                json!({"issuer": "letsencrypt"}),
                json!(false),
            ]),
        ),
        (
            "ingress",
            0.5,
            one_of(["generic", "haproxy", "traefik", "gateway-api"]),
        ),
        ("kubernetes_version", 0.1, one_of(["1.34", "1.36"])),
        ("defaults", 0.3, defaults()),
    ])
}

/// What holds for all apps.
pub(crate) fn defaults() -> Choice {
    block(vec![
        ("labels", 0.4, labels(Side::Base)),
        ("annotations", 0.3, annotations(Side::Base)),
        ("pod_annotations", 0.3, annotations(Side::Base)),
        ("pull_policy", 0.3, one_of(["Always", "IfNotPresent"])),
        (
            "resources",
            0.3,
            one_of([
                json!({"memory": "64Mi"}),
                json!({"memory": "96Mi", "memory_limit": "300Mi"}),
            ]),
        ),
    ])
}
