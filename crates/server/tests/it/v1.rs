//! The API as it should be.

use std::fs;

use serde_json::{Value, json};

use crate::client::Served;
use crate::flow::STATE;

const COMPOSE: &str = "services:\n  web:\n    image: web:1\n    ports: [\"80:8080\"]\n    environment: {DB_PASSWORD: planted-value}\n";

fn asked(more: &Value) -> String {
    let mut body = json!({"inputs": [{"name": "compose.yaml", "text": COMPOSE}]});
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    body.to_string()
}

fn statuses(answer: &Value) -> Vec<(&str, &str)> {
    let files = answer["files"].as_array().into_iter().flatten();
    files
        .map(|file| {
            let text = |key: &str| file[key].as_str().unwrap_or_default();
            (text("path"), text("status"))
        })
        .collect()
}

#[test]
fn a_preview_says_what_would_be_and_writes_nothing() {
    let served = Served::new();
    let answer = served.post("/api/v1/preview", &asked(&json!({})));
    assert_eq!(answer.status, 200, "{answer:?}");
    let results = answer.json();
    assert_eq!(results["exit"], 0);
    assert!(statuses(&results).contains(&("web-deployment.yaml", "created")));
    for file in results["files"].as_array().unwrap() {
        let objects = file["objects"].as_array().map_or(0, Vec::len);
        assert_eq!(file["text"].is_string(), objects > 0, "{file}");
    }
    assert_eq!(served.everything(), Vec::<String>::new());
}

#[test]
fn a_preview_hides_values_of_secrets() {
    let served = Served::new();
    let answer = served.post("/api/v1/preview", &asked(&json!({})));
    assert!(!answer.body.contains("planted-value"), "{answer:?}");
    let results = answer.json();
    let files = results["files"].as_array().unwrap().iter();
    let mut secret = files.filter(|file| file["path"] == "web-secrets.yaml");
    let text = secret.next().unwrap()["text"].as_str().unwrap();
    assert!(text.contains("DB_PASSWORD"), "{text}");
}

#[test]
fn generating_writes_and_keeps_edits_as_the_command_does() {
    let served = Served::new();
    let first = served.post("/api/v1/generate", &asked(&json!({"namespace": "shop"})));
    assert_eq!(first.status, 200, "{first:?}");
    let file = "k8s/web-deployment.yaml";
    let text = served.text(file);
    assert!(text.contains("namespace: shop"), "{text}");
    fs::write(
        served.path(file),
        text.replace("  name: web\n", "  name: web # mine\n"),
    )
    .unwrap();
    let second = served
        .post("/api/v1/generate", &asked(&json!({"namespace": "shop"})))
        .json();
    assert!(statuses(&second).contains(&("web-service.yaml", "unchanged")));
    assert!(served.text(file).contains("# mine"));
    let third = asked(&json!({"namespace": "shop", "policy": "overwrite"}));
    let third = served.post("/api/v1/generate", &third).json();
    assert!(statuses(&third).contains(&("web-deployment.yaml", "updated")));
    assert!(!served.text(file).contains("# mine"));
}

#[test]
fn conflicts_are_findings() {
    let served = Served::new();
    fs::create_dir(served.path("out")).unwrap();
    fs::write(served.path("out/web-deployment.yaml"), "mine\n").unwrap();
    let body = asked(&json!({"outputDir": "out"}));
    let answer = served.post("/api/v1/generate", &body).json();
    assert_eq!(answer["exit"], 1);
    assert!(statuses(&answer).contains(&("web-deployment.yaml", "conflict")));
    assert!(
        answer["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .any(|found| found["code"] == "foreign-file")
    );
    assert_eq!(served.text("out/web-deployment.yaml"), "mine\n");
}

#[test]
fn an_input_may_be_a_document_a_text_or_a_file() {
    let served = Served::new();
    fs::write(served.path("compose.yaml"), COMPOSE).unwrap();
    let bodies = [
        format!("{{\"inputs\":[{{\"document\":{STATE}}}]}}"),
        json!({"inputs": [{"text": STATE}]}).to_string(),
        json!({"inputs": [{"path": "compose.yaml"}]}).to_string(),
        json!({}).to_string(),
    ];
    for body in bodies {
        let answer = served.post("/api/v1/preview", &body);
        assert_eq!(answer.status, 200, "{body}: {answer:?}");
        assert!(!statuses(&answer.json()).is_empty());
    }
}

#[test]
fn errors_have_codes_and_places() {
    let served = Served::new();
    let body = json!({"inputs": [{"name": "c.yaml", "text": "services:\n  a:\n    imgae: a\n"}]});
    let answer = served.post("/api/v1/generate", &body.to_string());
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (422, "not-compiled")
    );
    let found = &answer.json()["diagnostics"][0];
    assert_eq!(found["code"], "unknown-key");
    assert_eq!(
        (&found["file"], &found["line"]),
        (&json!("c.yaml"), &json!(3))
    );
    assert!(found["help"].as_str().unwrap().contains("image"));
    assert_eq!(served.everything(), Vec::<String>::new());
}

#[test]
fn requests_that_mean_nothing_are_refused() {
    let served = Served::new();
    let rows = [
        "",
        "[]",
        "{\"inptus\": []}",
        "{\"inputs\": [{}]}",
        "{\"inputs\": [{\"text\": \"a\", \"path\": \"b\"}]}",
        "{\"inputs\": [{\"text\": \"a\", \"other\": 1}]}",
        "{\"namespace\": \"Not A Name\"}",
        "{\"policy\": \"maybe\"}",
        "{\"secrets\": \"shown\"}",
        "{\"inputs\": [], \"inputs\": []}",
    ];
    for body in rows {
        let answer = served.post("/api/v1/generate", body);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "bad-request"),
            "{body}"
        );
    }
    assert_eq!(served.everything(), Vec::<String>::new());
}
