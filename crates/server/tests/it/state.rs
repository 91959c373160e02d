//! The state that is kept between two visits.

use std::fs;

use serde_json::json;

use crate::client::Served;
use crate::flow::STATE;

const CALL: &str = "/api/k8s/wizard-state";
const FILE: &str = ".kubewright/wizard-state.json";

#[test]
fn a_state_is_kept_shown_and_forgotten() {
    let served = Served::new();
    let nothing = json!({"ok": false, "reason": "not_found"});
    assert_eq!(served.get(CALL).json(), nothing);
    let kept = served.post(CALL, STATE);
    assert_eq!(kept.json(), json!({"ok": true, "path": FILE}));
    let first = served.text(FILE);
    let shown = served.get(CALL).json();
    assert_eq!(shown["ok"], true);
    assert_eq!(shown["namespace"], "shop");
    assert_eq!(shown["_services"][0]["name"], "api");
    assert_eq!(shown["_services"][0]["envVars"][1]["createInVault"], true);
    for gone in ["action", "_configMode", "_savedAt"] {
        assert!(shown.get(gone).is_none(), "{gone}");
    }
    for gone in ["hunter2", "_compose", "setup_k8s"] {
        assert!(!first.contains(gone), "{gone}");
    }
    // What was shown can be sent again, and makes the same file.
    assert_eq!(served.post(CALL, STATE).status, 200);
    assert_eq!(served.text(FILE), first);
    for _ in 0..2 {
        let forgotten = served.ask("DELETE", CALL, &[], b"");
        assert_eq!(forgotten.json(), json!({"ok": true}));
    }
    assert_eq!(served.get(CALL).json(), nothing);
}

#[test]
fn the_time_is_kept_only_where_it_is_asked_for() {
    let served = Served::new();
    assert_eq!(
        served.post(&format!("{CALL}?saved_at=true"), STATE).status,
        200
    );
    let shown = served.get(CALL).json();
    let time = shown["_savedAt"].as_str().unwrap();
    assert!(time.starts_with("20") && time.ends_with('Z'), "{time}");
    let answer = served.post(&format!("{CALL}?savedAt=true"), STATE);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "bad-request")
    );
}

#[test]
fn a_kept_state_makes_the_same_files() {
    let served = Served::new();
    served.post(CALL, STATE);
    served.post("/api/k8s/generate/from-state", STATE);
    let first = served.text("deploy/k8s/api-deployment.yaml");
    fs::remove_dir_all(served.path("deploy")).unwrap();
    let body = json!({"inputs": [{"path": FILE}]}).to_string();
    let answer = served.post("/api/v1/generate", &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(served.text("deploy/k8s/api-deployment.yaml"), first);
}

#[test]
fn states_that_say_nothing_or_cannot_be_read_are_refused() {
    let served = Served::new();
    let rows = [
        (
            r#"{"_services": [], "_infraDecisions": []}"#,
            "nothing-to-keep",
        ),
        (r#"{"namespace": "a"}"#, "nothing-to-keep"),
        ("[]", "wrong-type"),
        ("{", "json-syntax"),
    ];
    for (state, code) in rows {
        let answer = served.post(CALL, state);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, code),
            "{state}"
        );
    }
    assert_eq!(served.everything(), Vec::<String>::new());
}

#[test]
fn files_that_are_no_state_are_invalid() {
    let served = Served::new();
    served.post(CALL, STATE);
    for text in ["{", "[]", r#"{"_version": 99, "_services": []}"#] {
        fs::write(served.path(FILE), text).unwrap();
        let shown = served.get(CALL);
        assert_eq!(shown.status, 200);
        assert_eq!(shown.json()["reason"], "invalid", "{text}");
    }
}

#[test]
fn the_original_wizard_s_file_is_read() {
    let served = Served::new();
    fs::create_dir(served.path("k8s")).unwrap();
    let theirs = served.path("k8s/.wizard-state.json");
    fs::write(
        &theirs,
        r#"{"_services": [{"name": "old"}], "_version": 1}"#,
    )
    .unwrap();
    assert_eq!(served.get(CALL).json()["_services"][0]["name"], "old");
    served.post(CALL, STATE);
    assert_eq!(served.get(CALL).json()["_services"][0]["name"], "api");
}

#[test]
fn many_keep_at_once() {
    let served = Served::new();
    std::thread::scope(|scope| {
        for client in 0..4 {
            let served = &served;
            scope.spawn(move || {
                for turn in 0..25 {
                    let state = STATE.replace("\"shop\"", &format!("\"shop-{client}-{turn}\""));
                    let kept = served.post(CALL, &state);
                    assert_eq!(kept.status, 200, "{kept:?}");
                    let shown = served.get(CALL);
                    assert!(shown.json()["_services"].is_array(), "{shown:?}");
                }
            });
        }
    });
    let left: Vec<String> = served.everything();
    assert_eq!(left, [".kubewright", FILE]);
}
