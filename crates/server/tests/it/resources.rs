//! `POST /api/k8s/generate/wizard`.

use serde_json::{Value, json};

use crate::client::Served;
use crate::flow::STATE;

const CALL: &str = "/api/k8s/generate/wizard";

/// The body goes to the line as it is; what it is, its content says.
#[test]
fn files_are_shown_and_not_written() {
    let served = Served::new();
    let answer = served.post(CALL, STATE);
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!(body["ok"], true);
    let files = body["files"].as_array().unwrap();
    assert_eq!(files.len(), 8);
    let file = |path: &str| files.iter().find(|file| file["path"] == path).unwrap();
    let deployment = file("deploy/k8s/api-deployment.yaml");
    assert_eq!(deployment["overwrite"], false);
    assert_eq!(deployment["reason"], "Deployment api");
    assert!(
        deployment["content"]
            .as_str()
            .unwrap()
            .contains("kind: Deployment")
    );
    assert_eq!(served.everything(), Vec::<String>::new());
}

#[test]
fn resources_are_shown_as_files() {
    let served = Served::new();
    let body = json!({"resources": [
        {"kind": "Deployment", "name": "api", "spec": {"image": "api:1", "port": 8080}},
        {"kind": "Service", "name": "api", "spec": {"port": 80, "target_port": 8080}},
        {"kind": "Managed", "name": "rds"},
    ]});
    let answer = served.post(CALL, &body.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    let files = answer["files"].as_array().unwrap().iter();
    let mut paths: Vec<&str> = files.filter_map(|file| file["path"].as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["k8s/api-deployment.yaml", "k8s/api-service.yaml"]);
    assert_eq!(served.everything(), Vec::<String>::new());
    let managed = json!({"resources": [{"kind": "Managed", "name": "rds"}]});
    let answer = served.post(CALL, &managed.to_string());
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "not-compiled")
    );
}

#[test]
fn folders_that_are_nobody_s_to_write_are_refused() {
    let served = Served::new();
    for folder in [".git/hooks", ".kubewright"] {
        let body = json!({"resources": [{"kind": "Service", "name": "api", "output_dir": folder,
            "spec": {"port": 80}}], "output_dir": folder});
        let answer = served.post(CALL, &body.to_string());
        assert_eq!(answer.status, 400, "{answer:?}");
    }
}

#[test]
fn what_is_nothing_is_refused() {
    let served = Served::new();
    for body in [json!({}), json!({"resources": []}), json!([]), Value::Null] {
        let answer = served.post(CALL, &body.to_string());
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
        let told = answer.json();
        assert_eq!(told["ok"], false);
        assert!(!told["error"].as_str().unwrap().is_empty());
    }
}
