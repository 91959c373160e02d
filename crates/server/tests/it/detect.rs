//! What lies in the folder, by HTTP.

use std::fs;
use std::os::unix::fs::symlink;

use crate::client::Served;

const COMPOSE: &str = "services:\n  api: {build: ., ports: ['8080:80'], environment: {API_TOKEN: planted-value}}\n  db: {image: 'postgres:16'}\n";

#[test]
fn both_shapes_say_what_is_there() {
    let served = Served::new();
    let nothing = served.get("/api/wizard/detect?bust=1").json();
    assert_eq!(nothing["status_probes"]["k8s"]["manifest_count"], 0);
    assert_eq!(nothing["status_probes"]["docker"]["has_compose"], false);
    fs::write(served.path("compose.yaml"), COMPOSE).unwrap();
    fs::write(served.path("Dockerfile"), "FROM scratch\n").unwrap();
    fs::create_dir_all(served.path("k8s/overlays/prod")).unwrap();
    fs::write(
        served.path("k8s/app.yaml"),
        "apiVersion: v1\nkind: Service\nmetadata: {name: app}\n",
    )
    .unwrap();
    fs::write(
        served.path("k8s/overlays/prod/kustomization.yaml"),
        "resources: [../../app.yaml]\n",
    )
    .unwrap();
    // The next call sees it, with or without being told to look anew.
    let found = served.get("/api/wizard/detect").json();
    assert_eq!(found["status_probes"]["docker"]["has_compose"], true);
    assert!(found["_cache"]["computed_at"].as_u64() > Some(0));
    let status = served.get("/api/k8s/status").json();
    assert_eq!(status["has_k8s"], true);
    assert_eq!(status["resource_summary"]["Service"], 1);
    let environments = served.get("/api/k8s/env-namespaces").json();
    assert_eq!(environments["environments"][0]["name"], "prod");
    let own = served.get("/api/v1/detect");
    let services = &own.json()["compose"][0]["services"];
    assert_eq!(services.as_array().map(Vec::len), Some(2), "{own:?}");
    assert!(!own.body.contains("planted-value"), "{own:?}");
    let schema = served.get("/api/v1/schema/detection").body;
    assert_eq!(schema, kubewright_detect::SCHEMA);
}

#[test]
fn what_lies_elsewhere_is_not_seen() {
    let served = Served::new();
    let outside = tempfile::tempdir().unwrap();
    let text = "services: {planted: {image: 'a:1'}}\n";
    fs::write(outside.path().join("compose.yaml"), text).unwrap();
    symlink(outside.path(), served.path("deploy")).unwrap();
    symlink(
        outside.path().join("compose.yaml"),
        served.path("compose.yaml"),
    )
    .unwrap();
    for path in ["/api/wizard/detect", "/api/v1/detect", "/api/k8s/status"] {
        let found = served.get(path);
        assert!(!found.body.contains("planted"), "{found:?}");
    }
}
