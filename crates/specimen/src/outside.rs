//! Routes, databases and objects of people's own.

use proptest::strategy::Strategy;
use serde_json::json;

use crate::choice::{Choice, Side, any_of, block, just, list, one_of};
use crate::pod::annotations;
use crate::text::text;

/// Routes to the first app, and what environments change of them.
pub(crate) fn gateway(first: &'static str, environments: &[&'static str]) -> Choice {
    let over = || {
        block(vec![
            ("https_redirect", 0.2, one_of([true, false])),
            (
                "hosts",
                0.3,
                one_of([
                    json!(["www.acme.test"]),
                    json!(["a.acme.test", "b.acme.test"]),
                ]),
            ),
            ("annotations", 0.3, annotations(Side::Base)),
            ("routes", 0.5, routes(first, Side::Override)),
        ])
    };
    let overrides = environments
        .iter()
        .map(|name| (*name, 0.5, over()))
        .collect();
    block(vec![
        ("name", 0.3, one_of(["front", "acme"])),
        ("routes", 1.0, routes(first, Side::Base)),
        ("annotations", 0.2, annotations(Side::Base)),
        ("overrides", 0.8, block(overrides)),
    ])
}

fn routes(first: &'static str, side: Side) -> Choice {
    let route = || {
        block(vec![
            ("service", 1.0, just(first)),
            ("port", 1.0, just(3000)),
            ("path_type", 0.2, one_of(["Exact", "Prefix"])),
        ])
    };
    block(vec![
        ("/", if side == Side::Base { 1.0 } else { 0.0 }, route()),
        ("/api", 0.5, side.member(route())),
        ("/docs", 0.4, side.member(route())),
        ("api.acme.test/v1", 0.4, side.member(route())),
    ])
}

/// A database, which can be somebody else's in some environments.
pub(crate) fn database(environments: &[&'static str]) -> Choice {
    let over = || {
        any_of(vec![
            one_of([json!({"kind": "Managed", "host": "db.acme.test", "ports": 5432})]),
            block(vec![
                ("image", 0.5, one_of(["postgres:17.2"])),
                (
                    "volumes",
                    0.5,
                    one_of([
                        json!({"data": {"size": "20Gi"}}),
                        json!({"data": {"size": "20Gi", "storage_class": "fast"}}),
                    ]),
                ),
                ("enabled", 0.1, one_of([false])),
            ]),
        ])
    };
    let overrides = environments
        .iter()
        .map(|name| (*name, 0.5, over()))
        .collect();
    block(vec![
        ("image", 1.0, one_of(["postgres:17", "postgres:16-alpine"])),
        (
            "environment",
            1.0,
            one_of([json!({"POSTGRES_PASSWORD": {"secret": "s-db"}})]),
        ),
        ("overrides", 0.8, block(overrides)),
    ])
}

/// Objects that only their owner understands.
pub(crate) fn objects() -> Choice {
    let widget = |name: &'static str| {
        let spec = block(vec![
            (
                "count",
                0.5,
                one_of([
                    json!(1),
                    json!(9_007_199_254_740_993_u64),
                    json!(1.5),
                    json!(-3),
                ]),
            ),
            (
                "host",
                0.7,
                one_of(["${environment.domain}", "x", "{{ .Values.x }}"]),
            ),
            (
                "list",
                0.5,
                list(
                    one_of([
                        json!("a"),
                        json!(1),
                        json!(null),
                        json!({"name": "a"}),
                        json!([]),
                    ]),
                    0..4,
                ),
            ),
            ("text", 0.5, text()),
            (
                "empty",
                0.3,
                one_of([json!({}), json!([]), json!(null), json!("")]),
            ),
            (
                "env",
                0.3,
                one_of([json!([{"name": "A", "value": "${environment.name}"}])]),
            ),
        ]);
        (spec, annotations(Side::Base)).prop_map(move |(spec, annotations)| {
            json!({
                "apiVersion": "acme.test/v1",
                "kind": "Widget",
                "metadata": {"name": name, "annotations": annotations},
                "spec": spec,
            })
        })
    };
    (widget("left"), proptest::option::of(widget("right")))
        .prop_map(|(left, right)| {
            std::iter::once(left)
                .chain(right)
                .collect::<Vec<_>>()
                .into()
        })
        .boxed()
}
