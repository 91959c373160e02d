//! What the command's options say, said in a request.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Answer, Served};

const COMPOSE: &str = "services:\n  web:\n    image: web:1\n    ports: [\"80:8080\"]\n    environment: {DB_PASSWORD: planted-value, MODE: \"${MODE:-usual}\"}\n  debug:\n    image: debug:1\n    profiles: [debug]\n";

fn preview(served: &Served, options: &Value) -> Answer {
    let body = json!({
        "inputs": [{"name": "compose.yaml", "text": COMPOSE}],
        "options": options,
    });
    served.post("/api/v1/preview", &body.to_string())
}

/// The text of a file of an answer; none: there is no such file.
fn text<'a>(answer: &'a Value, path: &str) -> Option<&'a str> {
    let mut files = answer["files"].as_array().into_iter().flatten();
    files.find(|file| file["path"] == path)?["text"].as_str()
}

#[test]
fn each_option_does_what_the_commands_does() {
    let served = Served::new();
    fs::write(served.path("my.env"), "MODE=mine\n").unwrap();
    let route = json!({"expose": "ingress", "domain": "example.com"});
    let with = |more: Value| {
        let mut options = route.clone();
        for (key, value) in more.as_object().into_iter().flatten() {
            options[key] = value.clone();
        }
        options
    };
    let rows = [
        (
            json!({"formats": ["skaffold"]}),
            "../skaffold.yaml",
            "kind: Config",
        ),
        (
            json!({"namespace": "shop"}),
            "web-service.yaml",
            "namespace: shop",
        ),
        (
            json!({"projectName": "shop"}),
            "web-service.yaml",
            "part-of: shop",
        ),
        (
            json!({"profiles": ["debug"]}),
            "debug-deployment.yaml",
            "image: debug:1",
        ),
        (
            json!({"envFiles": ["my.env"]}),
            "web-config.yaml",
            "MODE: mine",
        ),
        (
            json!({"setEnv": {"MODE": "set"}}),
            "web-config.yaml",
            "MODE: set",
        ),
        (
            json!({"securityProfile": "baseline"}),
            "web-deployment.yaml",
            "seccompProfile",
        ),
        (
            json!({"expose": "nodeport"}),
            "web-public-service.yaml",
            "type: NodePort",
        ),
        (
            json!({"expose": "loadbalancer"}),
            "web-public-service.yaml",
            "type: LoadBalancer",
        ),
        (route.clone(), "web-ingress.yaml", "host: web.example.com"),
        (
            with(json!({"ingressClass": "haproxy"})),
            "web-ingress.yaml",
            "ingressClassName: haproxy",
        ),
        (
            with(json!({"tlsSecret": "cert"})),
            "web-ingress.yaml",
            "secretName: cert",
        ),
        (
            with(json!({"clusterIssuer": "le"})),
            "web-ingress.yaml",
            "cert-manager.io/cluster-issuer: le",
        ),
        (
            with(json!({"expose": "gateway", "gateway": "edge/main"})),
            "web-httproute.yaml",
            "namespace: edge",
        ),
        (
            json!({"servicePort": "published"}),
            "web-service.yaml",
            "port: 80\n",
        ),
    ];
    for (options, path, shown) in rows {
        let answer = preview(&served, &options);
        assert_eq!(answer.status, 200, "{options}: {answer:?}");
        let results = answer.json();
        let found = text(&results, path);
        let found = found.unwrap_or_else(|| panic!("{options}: no {path} in {results:#}"));
        assert!(found.contains(shown), "{options}: {found}");
        // Without the option it is otherwise.
        let plain = preview(&served, &json!({})).json();
        let plain = text(&plain, path);
        let shows = path != "web-deployment.yaml" && plain.is_some_and(|text| text.contains(shown));
        assert!(!shows, "{options}: {plain:?}");
    }
}

#[test]
fn options_that_take_something_away_do_so() {
    let served = Served::new();
    let plain = preview(&served, &json!({})).json();
    let hash = "kubewright.dev/config-hash";
    assert!(text(&plain, "web-deployment.yaml").unwrap().contains(hash));
    assert!(text(&plain, "web-secrets.yaml").is_some());
    let bare = preview(&served, &json!({"configHash": false})).json();
    assert!(!text(&bare, "web-deployment.yaml").unwrap().contains(hash));
    let external = preview(&served, &json!({"secrets": "external"})).json();
    assert_eq!(text(&external, "web-secrets.yaml"), None);
    let policies = preview(&served, &json!({"networkPolicies": "compose"})).json();
    let policies = policies["files"].as_array().unwrap();
    let is_policy = |file: &&Value| file["objects"][0]["kind"] == "NetworkPolicy";
    assert!(
        policies.iter().any(|file| is_policy(&file)),
        "{policies:#?}"
    );
    let security = preview(&served, &json!({"securityProfile": "none"})).json();
    let deployment = text(&security, "web-deployment.yaml").unwrap();
    assert!(!deployment.contains("seccompProfile"), "{deployment}");
}

#[test]
fn secrets_leave_as_they_are_told() {
    for (mode, value) in [("local", "planted-value"), ("placeholder", "CHANGE_ME")] {
        let served = Served::new();
        let body = json!({"inputs": [{"text": COMPOSE}], "options": {"secrets": mode}});
        let answer = served.post("/api/v1/generate", &body.to_string());
        assert_eq!(answer.status, 200, "{mode}: {answer:?}");
        let text = served.text("k8s/web-secrets.yaml");
        assert!(text.contains(value), "{mode}: {text}");
    }
}

#[test]
fn the_oldest_version_is_checked_as_the_command_does() {
    let served = Served::new();
    let rows = [
        ("1.34", 200),
        ("v1.36", 200),
        ("1.33", 400),
        ("1.37", 400),
        ("new", 400),
    ];
    for (version, status) in rows {
        let answer = preview(&served, &json!({"kubernetesVersion": version}));
        assert_eq!(answer.status, status, "{version}: {answer:?}");
    }
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let served = Served::new();
    let rows = [
        json!({"kubernetes_version": "1.34"}),
        json!({"other": 1}),
        json!({"formats": ["pdf"]}),
        json!({"expose": "maybe"}),
        json!({"domain": "*.example.com"}),
        json!({"domain": "-"}),
        json!({"ingressClass": "A B"}),
        json!({"tlsSecret": "a", "clusterIssuer": "b"}),
        json!({"gateway": "a/b/c"}),
        json!({"namespace": "Not A Name"}),
        json!({"envFiles": ["../secrets.env"]}),
        json!({"envFiles": ["/etc/environment"]}),
        json!({"setEnv": {"A": 1}}),
        json!({"configHash": "no"}),
        json!("expose"),
    ];
    for options in rows {
        let answer = preview(&served, &options);
        let told = (answer.status, answer.code());
        assert_eq!(told, (400, "bad-request".to_owned()), "{options}");
    }
    let beside = json!({"namespace": "a", "options": {"namespace": "a"}});
    let answer = served.post("/api/v1/preview", &beside.to_string());
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "bad-request")
    );
    assert!(
        answer.body.contains("`namespace` stands in `options`"),
        "{answer:?}"
    );
    assert_eq!(served.everything(), Vec::<String>::new());
}
