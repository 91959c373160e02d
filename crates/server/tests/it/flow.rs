//! The flow of the wizard's document: collect, send, files on the disk; a second
//! time they are kept.

use std::fs;

use crate::client::{Served, strings};

/// What the collector of the wizard sends, in little.
pub(crate) const STATE: &str = r#"{
  "action": "setup_k8s", "_configMode": "compose", "namespace": "shop", "output_dir": "deploy/k8s/",
  "ingress": "shop.example.test", "skaffold": false,
  "_services": [{"name": "api", "kind": "Deployment", "image": "api:1.2", "port": "8080", "replicas": "2",
    "dependencies": ["pg"], "_compose": {"image": "api:1.2"},
    "envVars": [{"key": "MODE", "type": "hardcoded", "value": "fast"},
                {"key": "TOKEN", "type": "secret", "varName": "${TOKEN}", "createInVault": true, "newValue": "hunter2"}]}],
  "_infraDecisions": [{"name": "pg", "kind": "StatefulSet", "image": "postgres:16", "port": "5432",
    "volumes": [{"type": "pvc-dynamic", "name": "data", "mountPath": "/var/lib/postgresql/data"}]}]
}"#;

const FILES: [&str; 8] = [
    "deploy/k8s/api-config.yaml",
    "deploy/k8s/api-deployment.yaml",
    "deploy/k8s/api-secrets.yaml",
    "deploy/k8s/api-service.yaml",
    "deploy/k8s/ingress-ingress.yaml",
    "deploy/k8s/pg-headless-service.yaml",
    "deploy/k8s/pg-statefulset.yaml",
    "deploy/k8s/shop-namespace.yaml",
];

#[test]
fn a_state_becomes_files_and_a_second_time_they_are_kept() {
    let served = Served::new();
    for call in ["/api/k8s/generate/from-state", "/api/wizard/setup"] {
        fs::remove_dir_all(served.path("deploy")).ok();
        let first = served.post(call, STATE);
        assert_eq!(first.status, 200, "{first:?}");
        let first = first.json();
        assert_eq!(first["ok"], true);
        let mut created = strings(&first["files_created"]);
        created.sort_unstable();
        assert_eq!(created, FILES, "{call}");
        assert_eq!(first["message"], "Kubernetes manifests generated (8 files)");
        assert!(first.get("files_skipped").is_none());
        for file in created {
            assert!(served.text(file).contains("apiVersion"), "{file}");
        }

        fs::write(served.path(FILES[1]), "mine\n").unwrap();
        fs::remove_file(served.path(FILES[3])).unwrap();
        let second = served.post(call, STATE).json();
        assert_eq!(strings(&second["files_created"]), [FILES[3]]);
        let skipped = strings(&second["files_skipped"]);
        assert_eq!(skipped.len(), 7);
        assert!(skipped.contains(&FILES[1]));
        let message = "Kubernetes manifests generated (1 files), 7 skipped (already exist)";
        assert_eq!(second["message"], message);
        assert_eq!(served.text(FILES[1]), "mine\n");
    }
}

#[test]
fn the_answer_has_diagnostics_and_the_plan_for_the_vault() {
    let served = Served::new();
    let answer = served.post("/api/k8s/generate/from-state", STATE);
    let results = &answer.json()["results"];
    assert_eq!(results["vaultPlan"][0]["key"], "TOKEN");
    assert_eq!(results["files"].as_array().map(Vec::len), Some(8));
    assert!(!answer.body.contains("hunter2"));
    for file in served.everything() {
        if served.path(&file).is_file() {
            let bytes = fs::read(served.path(&file)).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("hunter2"), "{file}");
        }
    }
}

#[test]
fn a_state_with_faults_is_refused_with_their_places() {
    let served = Served::new();
    let state = STATE.replace("\"replicas\": \"2\"", "\"replicsa\": \"2\", \"port\": 1");
    for call in ["/api/k8s/generate/from-state", "/api/wizard/setup"] {
        let answer = served.post(call, &state);
        assert_eq!(answer.status, 400, "{answer:?}");
        let body = answer.json();
        assert_eq!(body["ok"], false);
        assert_eq!(body["code"], "not-compiled");
        let found = &body["diagnostics"][0];
        assert_eq!(found["severity"], "error");
        assert_eq!(found["line"], 4, "{found}");
        assert!(body["error"].as_str().unwrap().contains(":4:"), "{body}");
    }
    assert_eq!(served.everything(), Vec::<String>::new());
}

#[test]
fn a_skaffold_file_lies_at_the_top_and_its_status_is_known() {
    let served = Served::new();
    let state = STATE.replace("\"skaffold\": false", "\"skaffold\": true");
    let first = served.post("/api/wizard/setup", &state).json();
    assert!(
        strings(&first["files_created"]).contains(&"skaffold.yaml"),
        "{first}"
    );
    let second = served.post("/api/wizard/setup", &state).json();
    assert!(
        strings(&second["files_skipped"]).contains(&"skaffold.yaml"),
        "{second}"
    );
    let status = served.get("/api/k8s/skaffold/status").json();
    assert_eq!(status["configs"][0]["path"], "skaffold.yaml");
    assert_eq!(
        status["configs"][0]["deploy_strategy"], "kubectl",
        "{status}"
    );
    assert_eq!(status["configs"][0]["tag_policy"], "gitCommit", "{status}");
    let preview = format!("{{\"inputs\":[{{\"document\":{state}}}]}}");
    let preview = served.post("/api/v1/preview", &preview).json();
    let mut files = preview["files"].as_array().unwrap().iter();
    let skaffold = files
        .find(|file| file["path"] == "../../skaffold.yaml")
        .unwrap();
    assert!(
        skaffold["text"].as_str().unwrap().contains("skaffold/v"),
        "{skaffold}"
    );
    let shown = served.post("/api/k8s/generate/wizard", &state).json();
    let mut files = shown["files"].as_array().unwrap().iter();
    assert!(files.any(|file| file["path"] == "skaffold.yaml"));
}

#[test]
fn setup_knows_one_action() {
    let served = Served::new();
    for state in [
        STATE.replace("setup_k8s", "setup_docker"),
        STATE.replace("\"action\": \"setup_k8s\",", ""),
        STATE.replace("\"setup_k8s\"", "5"),
    ] {
        let answer = served.post("/api/wizard/setup", &state);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "unknown-action")
        );
    }
    for body in [
        "{\"action\"",
        "{_services: [], action: other}",
        "[]",
        "null",
    ] {
        let broken = served.post("/api/wizard/setup", body);
        assert_eq!(
            (broken.status, broken.code().as_str()),
            (400, "bad-request"),
            "{body}"
        );
    }
    assert_eq!(served.everything(), Vec::<String>::new());
}
