//! What is not let in: nothing of it is written.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use kubewright_server::Limits;

use crate::client::{Served, TOKEN};
use crate::flow::STATE;

const CALLS: [&str; 6] = [
    "/api/k8s/generate/from-state",
    "/api/k8s/generate/wizard",
    "/api/k8s/wizard-state",
    "/api/wizard/setup",
    "/api/v1/generate",
    "/api/v1/preview",
];

#[test]
fn who_shows_no_token_or_another_is_not_let_in() {
    let served = Served::new();
    let rows: [(&[(&str, &str)], &str); 8] = [
        (&[], "token-missing"),
        (&[("Authorization", "Basic abc")], "token-missing"),
        (&[("Authorization", TOKEN)], "token-missing"),
        (&[("Cookie", "other=a-token-of-the-tests")], "token-missing"),
        (
            &[("Authorization", "Bearer another-token-of-tests")],
            "token-wrong",
        ),
        (&[("Authorization", "Bearer ")], "token-missing"),
        (
            &[("Authorization", "Bearer a-token-of-the-test")],
            "token-wrong",
        ),
        (
            &[("Authorization", "Bearer a-token-of-the-testsx")],
            "token-wrong",
        ),
    ];
    for call in CALLS {
        for (headers, code) in rows {
            let answer = served.ask_with("POST", call, headers, STATE.as_bytes());
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (401, code),
                "{call} {headers:?}"
            );
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
    }
    for path in [
        "/",
        "/nothing",
        "/api/v1/version",
        "/api/v1/version?token=a-token-of-the-tests",
    ] {
        let answer = served.ask_with("GET", path, &[], b"");
        assert_eq!(answer.status, 401, "{path}");
    }
    assert_eq!(served.everything(), Vec::<String>::new());
}

#[test]
fn pages_of_others_are_not_let_in() {
    let served = Served::new();
    let port = served.address.port();
    let ours = [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
    ];
    let foreign: [(&str, &str); 8] = [
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
        ("Origin", "https://127.0.0.1"),
        ("Origin", "http://127.0.0.1:1"),
        ("Origin", "http://localhost.evil.example"),
        ("Origin", "ü"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ];
    for call in CALLS {
        for header in foreign {
            let answer = served.ask("POST", call, &[header], STATE.as_bytes());
            let told = (answer.status, answer.code());
            assert_eq!(
                told,
                (403, "foreign-origin".to_owned()),
                "{call} {header:?}"
            );
        }
    }
    assert_eq!(served.everything(), Vec::<String>::new());
    for origin in &ours {
        let answer = served.ask("GET", "/api/v1/version", &[("Origin", origin)], b"");
        assert_eq!(answer.status, 200, "{origin}");
    }
    let page = [("Sec-Fetch-Site", "same-origin")];
    assert_eq!(served.ask("GET", "/api/v1/version", &page, b"").status, 200);
}

#[test]
fn what_a_browser_says_twice_or_at_odds_is_not_let_in() {
    let served = Served::new();
    let own = format!("http://{}", served.address);
    let rows = [
        (vec![("origin", own.as_str())], 200),
        (
            vec![("origin", &own), ("sec-fetch-site", "same-origin")],
            200,
        ),
        (vec![("origin", &own), ("origin", &own)], 403),
        (
            vec![("origin", &own), ("origin", "http://evil.example")],
            403,
        ),
        (
            vec![("origin", &own), ("sec-fetch-site", "cross-site")],
            403,
        ),
        (vec![("origin", &own), ("sec-fetch-site", "same-site")], 403),
        (
            vec![
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-site", "cross-site"),
            ],
            403,
        ),
    ];
    for (headers, status) in rows {
        let lines = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!(
            "GET /api/v1/version HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\
             {}connection: close\r\n\r\n",
            served.address,
            lines.collect::<String>()
        );
        let answer = served.raw(head.as_bytes(), b"");
        assert_eq!(answer.status, status, "{headers:?}");
        if status == 403 {
            assert_eq!(answer.code(), "foreign-origin", "{headers:?}");
        }
    }
}

/// Only `/api/v1` takes compose files, and says so.
#[test]
fn calls_of_the_wizard_take_what_the_wizard_makes() {
    let served = Served::new();
    fs::write(
        served.path("compose.yaml"),
        "services: {a: {image: 'a:1'}}\n",
    )
    .unwrap();
    let rows = [
        ("services:\n  a: {image: 'a:1'}\n", "not-a-state", "no JSON"),
        ("{services: {a: {image: 'a:1'}}}", "json-syntax", "1:2: "),
        (
            r#"{"action": "setup_k8s", "services": {"a": {"image": "a:1"}}}"#,
            "not-a-state",
            "a compose file",
        ),
        ("", "not-a-state", "empty"),
        (" \n", "not-a-state", "empty"),
        ("null", "not-a-state", "no object"),
        ("[]", "not-a-state", "no object"),
        ("{}", "not-a-state", "none of their keys"),
        (r#"{"apps": []}"#, "not-a-state", "none of their keys"),
        (r#"{"a": 1,}"#, "json-syntax", "1:"),
    ];
    for (body, code, part) in rows {
        for call in ["/api/k8s/generate/from-state", "/api/k8s/generate/wizard"] {
            let answer = served.post(call, body);
            let told = (answer.status, answer.code());
            assert_eq!(told, (400, "not-compiled".to_owned()), "{call} {body}");
            let said = answer.json();
            assert_eq!(said["diagnostics"][0]["code"], code, "{call} {body}");
            let error = said["error"].as_str().unwrap();
            assert!(error.contains(part), "{call} {body}: {error}");
            let help = said["help"].as_str().unwrap();
            assert!(
                code == "json-syntax" || help.contains("`_services`"),
                "{help}"
            );
        }
    }
    assert_eq!(served.everything(), ["compose.yaml"]);
}

#[test]
fn other_names_for_this_machine_are_not_taken() {
    let served = Served::new();
    let port = served.address.port();
    let rows = [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        ("127.0.0.1".to_owned(), 403),
        ("127.0.0.1:1".to_owned(), 403),
        (format!("evil.example:{port}"), 403),
        (format!("localhost.evil.example:{port}"), 403),
        (format!("0.0.0.0:{port}"), 403),
        (format!("127.0.0.1:+{port}"), 403),
        (format!("127.0.0.1:0{port}"), 403),
        (format!("[127.0.0.1]:{port}"), 403),
        (format!("[[::1]]:{port}"), 403),
        // No `Host` at all.
        (String::new(), 403),
    ];
    for (host, status) in rows {
        for path in ["/api/v1/version", "/", "/nothing"] {
            let answer = served.ask("GET", path, &[("Host", &host)], b"");
            let expected = if path == "/nothing" && status == 200 {
                404
            } else {
                status
            };
            assert_eq!(answer.status, expected, "{host} {path}");
        }
    }
    let two = format!(
        "GET /api/v1/version HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nhost: evil.example\r\n\
         authorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n"
    );
    assert!(matches!(served.raw(two.as_bytes(), b"").status, 400 | 403));
    let absolute = format!(
        "GET http://evil.example/api/v1/version HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\
         authorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(served.raw(absolute.as_bytes(), b"").status, 403);
}

#[test]
fn the_printed_url_gives_a_cookie_that_lets_in() {
    let served = Served::new();
    let answer = served.ask_with("GET", &format!("/?token={TOKEN}"), &[], b"");
    assert_eq!(answer.status, 303);
    assert_eq!(answer.headers["location"], "/");
    let cookie = &answer.headers["set-cookie"];
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let pair = cookie.split(';').next().unwrap();
    let header = [("Cookie", pair)];
    assert_eq!(
        served
            .ask_with("GET", "/api/v1/version", &header, b"")
            .status,
        200
    );
    assert_eq!(served.ask_with("GET", "/", &header, b"").status, 200);
    let wrong = served.ask_with("GET", "/?token=another-token-of-tests", &[], b"");
    assert_eq!(wrong.status, 401);
    assert!(!wrong.headers.contains_key("set-cookie"));
}

#[test]
fn no_path_leads_out_of_the_project() {
    let served = Served::new();
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), served.path("link")).unwrap();
    fs::create_dir(served.path("there")).unwrap();
    symlink(outside.path(), served.path("there/link")).unwrap();
    symlink(served.path("gone"), served.path("dangling")).unwrap();
    let before = served.everything();
    let absolute = outside.path().display().to_string();
    let folders = [
        "../..",
        "..",
        "a/../../b",
        "/etc",
        &absolute,
        "~/x",
        "C:\\\\x",
        "link",
        "link/k8s",
        "there/link",
        "dangling",
        ".git",
        ".kubewright",
        "a\\u0000b",
        "./../x",
    ];
    for folder in folders {
        let state = STATE.replace("deploy/k8s/", folder);
        for call in ["/api/k8s/generate/from-state", "/api/wizard/setup"] {
            let answer = served.post(call, &state);
            assert_eq!(answer.status, 400, "{folder}: {answer:?}");
        }
        let asked = [
            format!("{{\"inputs\":[{{\"document\":{state}}}]}}"),
            format!("{{\"inputs\":[{{\"document\":{STATE}}}],\"outputDir\":\"{folder}\"}}"),
        ];
        for body in asked {
            for call in ["/api/v1/generate", "/api/v1/preview"] {
                let answer = served.post(call, &body);
                assert_eq!(answer.status, 422, "{folder}: {answer:?}");
            }
        }
    }
    assert_eq!(served.everything(), before);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn files_in_the_output_folder_that_are_links_are_not_followed() {
    let served = Served::new();
    let outside = tempfile::tempdir().unwrap();
    let theirs = outside.path().join("theirs");
    fs::write(&theirs, "theirs\n").unwrap();
    fs::create_dir_all(served.path("deploy/k8s")).unwrap();
    symlink(&theirs, served.path("deploy/k8s/api-deployment.yaml")).unwrap();
    let before = served.everything();
    let answer = served.post("/api/k8s/generate/from-state", STATE);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "output-leads-out")
    );
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs\n");
    assert_eq!(served.everything(), before);
}

#[test]
fn inputs_reach_no_file_outside_the_project() {
    let served = Served::new();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("env"), "A=planted-value\n").unwrap();
    fs::write(outside.path().join("c.yaml"), "services: {}\n").unwrap();
    symlink(outside.path(), served.path("link")).unwrap();
    let before = served.everything();
    let far = outside.path().display();
    for path in [format!("{far}/env"), "link/env".to_owned()] {
        let compose = format!("services: {{a: {{image: a:1, env_file: ['{path}']}}}}");
        let body = serde_json::json!({"inputs": [{"name": "compose.yaml", "text": compose}]});
        let answer = served.post("/api/v1/generate", &body.to_string());
        assert_eq!(answer.status, 422, "{path}: {answer:?}");
        assert!(!answer.body.contains("planted-value"), "{answer:?}");
    }
    for path in [
        format!("{far}/c.yaml"),
        "../c.yaml".to_owned(),
        String::new(),
    ] {
        let body = serde_json::json!({"inputs": [{"path": path}]});
        let answer = served.post("/api/v1/generate", &body.to_string());
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "bad-request"),
            "{path}"
        );
    }
    let body = serde_json::json!({"inputs": [{"path": "link/c.yaml"}]});
    assert_eq!(
        served.post("/api/v1/generate", &body.to_string()).status,
        422
    );
    assert_eq!(served.everything(), before);
}

#[test]
fn large_bodies_are_refused() {
    let served = Served::new();
    let large = vec![b' '; 100 << 20];
    for call in ["/api/k8s/generate/from-state", "/api/k8s/wizard-state"] {
        let answer = served.ask("POST", call, &[], &large);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (413, "body-too-large"),
            "{call}"
        );
    }
    // Whoever asks before sending need not send.
    let headers = [("Expect", "100-continue"), ("Content-Length", "104857600")];
    let answer = served.ask("POST", "/api/v1/preview", &headers, b"");
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (413, "body-too-large")
    );
    // In pieces, without a length.
    let headers = [("Transfer-Encoding", "chunked"), ("Content-Length", "")];
    let mut chunks = Vec::new();
    for _ in 0..20 {
        chunks.extend_from_slice(b"100000\r\n");
        chunks.extend(vec![b' '; 1 << 20]);
        chunks.extend_from_slice(b"\r\n");
    }
    chunks.extend_from_slice(b"0\r\n\r\n");
    let answer = served.ask("POST", "/api/v1/preview", &headers, &chunks);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (413, "body-too-large")
    );
    assert_eq!(served.everything(), Vec::<String>::new());
}

#[test]
fn deep_json_is_refused() {
    let served = Served::new();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let state = format!("{{\"_services\": {deep}}}");
    let asked = format!("{{\"inputs\": [{{\"document\": {state}}}]}}");
    let unknown = format!("{{\"other\": {deep}}}");
    let rows = [
        ("/api/k8s/generate/from-state", &state, 400),
        ("/api/k8s/wizard-state", &state, 400),
        ("/api/wizard/setup", &state, 400),
        ("/api/k8s/generate/wizard", &state, 400),
        ("/api/v1/generate", &asked, 422),
        ("/api/v1/preview", &asked, 422),
        ("/api/v1/preview", &unknown, 400),
        ("/api/v1/preview", &deep, 400),
    ];
    for (call, body, status) in rows {
        assert_eq!(served.post(call, body).status, status, "{call}");
    }
    assert_eq!(served.everything(), Vec::<String>::new());
    assert_eq!(served.get("/api/v1/version").status, 200);
}

#[test]
fn bodies_are_json_in_utf_8() {
    let served = Served::new();
    let call = "/api/k8s/generate/from-state";
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let answer = served.ask("POST", call, &[("Content-Type", kind)], STATE.as_bytes());
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (415, "body-not-json"),
            "{kind}"
        );
    }
    let answer = served.ask("POST", call, &[], b"{\"a\": \"\xff\"}");
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "body-not-utf-8")
    );
    assert_eq!(served.everything(), Vec::<String>::new());
    let kind = [("Content-Type", "Application/JSON; charset=utf-8")];
    assert_eq!(
        served.ask("POST", call, &kind, STATE.as_bytes()).status,
        200
    );
}

#[test]
fn bodies_that_do_not_arrive_are_not_waited_for() {
    let served = Served::with(Limits {
        arrival: Duration::from_millis(100),
        ..Limits::default()
    });
    let headers = [("Content-Length", "1000")];
    let answer = served.ask("POST", "/api/v1/preview", &headers, b"{");
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (408, "body-too-slow")
    );
}

#[test]
fn requests_that_take_too_long_are_answered_and_write_nothing() {
    let served = Served::with(Limits {
        time: Duration::ZERO,
        ..Limits::default()
    });
    let answer = served.post("/api/k8s/generate/from-state", STATE);
    assert_eq!((answer.status, answer.code().as_str()), (503, "time-limit"));
}

#[test]
fn what_is_not_there_is_told() {
    let served = Served::new();
    let answer = served.get("/api/v2/x");
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (404, "no-such-path")
    );
    let answer = served.get("/api/v1/generate");
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (405, "method-not-allowed")
    );
    for answer in [served.get("/api/v1/version"), answer] {
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
}
