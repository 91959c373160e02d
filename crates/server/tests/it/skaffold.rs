//! What is said of Skaffold's files.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::json;

use crate::client::Served;

const CALL: &str = "/api/k8s/skaffold/status";

#[test]
fn configurations_are_listed() {
    let served = Served::new();
    let nothing = served.get(CALL).json();
    assert_eq!(nothing["has_skaffold"], false);
    assert_eq!(nothing["configs"], json!([]));
    assert!(nothing["available"].is_boolean());
    let text = "apiVersion: skaffold/v4beta11\nkind: Config\nbuild: {local: {}, tagPolicy: {gitCommit: {}}}\n\
        deploy: {kubectl: {}}\nprofiles: [{name: local, portForward: [{port: 1}]}, {name: prod}]\n\
        requires: [{path: ../base}]\n";
    fs::write(served.path("skaffold.yaml"), text).unwrap();
    fs::write(served.path("skaffold.yml"), "a: [").unwrap();
    let there = served.get(CALL).json();
    assert_eq!(there["has_skaffold"], true);
    let expected = json!([
        {"path": "skaffold.yaml", "profiles": ["local", "prod"], "api_version": "skaffold/v4beta11",
         "has_port_forward": true, "build_strategy": "local", "deploy_strategy": "kubectl",
         "required_configs": ["../base"], "tag_policy": "gitCommit"},
        {"path": "skaffold.yml", "profiles": [], "api_version": "", "has_port_forward": false,
         "build_strategy": "", "deploy_strategy": "", "required_configs": [], "tag_policy": ""},
    ]);
    assert_eq!(there["configs"], expected);
}

#[test]
fn files_elsewhere_are_not_read() {
    let served = Served::new();
    let outside = tempfile::tempdir().unwrap();
    let theirs = outside.path().join("skaffold.yaml");
    fs::write(&theirs, "apiVersion: planted\n").unwrap();
    symlink(&theirs, served.path("skaffold.yaml")).unwrap();
    let there = served.get(CALL);
    assert!(!there.body.contains("planted"), "{there:?}");
}
