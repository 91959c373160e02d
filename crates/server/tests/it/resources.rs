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
