//! How fast manifests are written and read.

use std::fmt::Write;

use divan::Bencher;
use divan::counter::BytesCount;
use k8s_openapi::api::apps::v1::Deployment;
use kubewright_source::SourceId;
use kubewright_yaml::{AsGiven, Limits, read_document, to_string, write_into};
use serde_json::json;

fn main() {
    divan::main();
}

/// Typical objects, many of them.
fn deployments() -> Vec<Deployment> {
    let deployment = |n: usize| {
        let name = format!("service-{n}");
        let labels = json!({"app": name, "app.kubernetes.io/name": name, "app.kubernetes.io/version": "1.4.2"});
        let env = |k: usize| json!({"name": format!("KEY_{k}"), "value": format!("http://host-{k}:8080/path")});
        serde_json::from_value(json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "labels": labels},
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": {"app": name}},
                "template": {"metadata": {"labels": labels}, "spec": {
                    "containers": [{
                        "name": name,
                        "image": format!("ghcr.io/acme/{name}:1.4.2"),
                        "args": ["serve", "--port", "8000"],
                        "env": (0..8).map(env).collect::<Vec<_>>(),
                        "ports": [{"containerPort": 3000, "name": "http"}],
                        "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}},
                        "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}},
                    }],
                }},
            },
        }))
        .expect("the object is a deployment")
    };
    (0..500).map(deployment).collect()
}

/// A small table that sorts, as the real one does.
fn expert(_: &str, key: &str) -> u32 {
    match key {
        "apiVersion" => 0,
        "kind" => 1,
        "metadata" | "name" => 2,
        "image" => 3,
        "args" => 4,
        "ports" => 5,
        "env" => 6,
        _ => 10,
    }
}

#[divan::bench]
fn write_as_given(bencher: Bencher<'_, '_>) {
    let objects = deployments();
    let length = to_string(&objects, &AsGiven).expect("writable").len();
    let mut text = String::with_capacity(length);
    bencher.counter(BytesCount::new(length)).bench_local(|| {
        text.clear();
        write_into(&mut text, &objects, &AsGiven)
    });
}

#[divan::bench]
fn write_in_order(bencher: Bencher<'_, '_>) {
    let objects = deployments();
    let length = to_string(&objects, &expert).expect("writable").len();
    let mut text = String::with_capacity(length);
    bencher.counter(BytesCount::new(length)).bench_local(|| {
        text.clear();
        for object in &objects {
            write_into(&mut text, object, &expert)?;
        }
        Ok::<_, kubewright_yaml::WriteError>(text.len())
    });
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let text = to_string(&deployments(), &AsGiven).expect("writable");
    bench_read(bencher, &text);
}

#[divan::bench]
fn read_compose(bencher: Bencher<'_, '_>) {
    let mut text = "services:\n".to_owned();
    for n in 0..2000 {
        let service = format!(
            "  web{n}:\n    image: ghcr.io/acme/web:{n} # größer\n    ports: [\"80{n}:3000\", '90:90']\n    environment:\n      API_URL: http://api:8000\n      NODE_ENV: production\n    depends_on:\n      api: {{condition: service_healthy}}\n    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost:3000/healthz\"]\n      interval: 10s\n"
        );
        text.write_str(&service).expect("strings grow");
    }
    bench_read(bencher, &text);
}

fn bench_read(bencher: Bencher<'_, '_>, text: &str) {
    bencher
        .counter(BytesCount::of_str(text))
        .bench_local(|| read_document(text, SourceId::NONE, &Limits::default()).ok());
}
