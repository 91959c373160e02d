//! No value of an env file is in a detection, and no secret that an input holds.

use std::fs;

use kubewright_detect::wizard::wizard;
use kubewright_detect::{Detection, Tools, detect};
use tempfile::TempDir;

use crate::golden::{folder, of_case};

fn place(files: &[(&str, &str)]) -> TempDir {
    let place = TempDir::new().expect("a folder");
    for (path, text) in files {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().expect("below")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    place
}

fn texts(found: &Detection) -> [String; 3] {
    let json = serde_json::to_string(found).expect("plain data");
    let answer = wizard(found, &Tools::default()).to_string();
    [json, answer, format!("{found:?}")]
}

#[test]
fn no_secret_of_the_case_is_told() {
    let found = of_case(&folder().join("shop"));
    let secrets = [
        "change-me-please",
        "value-of-production",
        "value-of-api-env",
        "value-of-a-secret",
        "sk-written-here",
        "not-for-you",
    ];
    for text in texts(&found) {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret}");
        }
        assert!(text.contains("SENTRY_DSN") && text.contains("DB_PASSWORD"));
    }
}

#[test]
fn values_of_env_files_stay_in_them() {
    let place = place(&[
        (
            "compose.yaml",
            "services:\n  a:\n    image: acme/a:${TAG}\n    container_name: x-${PLAIN}\n    hostname: ${PLAIN}\n\
             \x20   command: [\"run\", \"--name\", \"${PLAIN}\"]\n    labels: [\"l=${PLAIN}\"]\n    user: ${PLAIN}\n\
             \x20   environment:\n      - BARE\n      - \"A=${PLAIN}\"\n      - B=$PLAIN\n      - C=${PASSWORD:-x}\n\
             \x20     - 'D=pre ${PLAIN} post'\n    env_file: [more.env]\n    healthcheck: {test: \"ping ${PLAIN}\"}\n\
             \x20   build: {context: ., args: {X: \"${PLAIN}\"}}\n    logging: {driver: d, options: {o: \"${PLAIN}\"}}\n\
             \x20   extra_hosts: [\"h:${PASSWORD}\"]\n    volumes: [\"./${PASSWORD}:/x\"]\n",
        ),
        (
            ".env",
            "TAG=7\nPLAIN=plain-value\nBARE=bare-value\nPASSWORD=secret-value\n",
        ),
        ("more.env", "MORE=more-value\nREF=${PLAIN}\n"),
        (".env.prod", "PLAIN=prod-value\n"),
    ]);
    let found = detect(place.path());
    let service = &found.services()[0];
    assert_eq!(service.compose.image.as_deref(), Some("acme/a:7"));
    assert_eq!(service.compose.env_file_keys, ["MORE", "REF"]);
    let variables = &service.compose.environment;
    assert_eq!(variables["A"].as_deref(), Some("${PLAIN}"));
    assert_eq!(variables["B"].as_deref(), Some("$PLAIN"));
    assert_eq!(variables["D"].as_deref(), Some("pre ${PLAIN} post"));
    assert_eq!(variables["BARE"], None);
    for text in texts(&found) {
        for value in [
            "plain-value",
            "bare-value",
            "secret-value",
            "more-value",
            "prod-value",
        ] {
            assert!(!text.contains(value), "{value}: {text}");
        }
    }
}

/// Faults name the variable, not what an env file gives it.
#[test]
fn faults_tell_no_values() {
    let place = place(&[
        (
            "compose.yaml",
            "services:\n  a:\n    image: \"${PASSWORD}\"\n    ports: [\"${PASSWORD}\"]\n    network_mode: \"service:${TOKEN}\"\n",
        ),
        (
            ".env",
            "PASSWORD=Not A Port\nTOKEN=token-value\nbroken-line-value\n",
        ),
    ]);
    let found = detect(place.path());
    assert!(!found.compose[0].problems.is_empty());
    for text in texts(&found) {
        for value in ["Not A Port", "token-value", "broken-line-value"] {
            assert!(!text.contains(value), "{value}: {text}");
        }
    }
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let place = place(&[
        ("outside/secret.env", "FAR=far-value\n"),
        (
            "outside/compose.yaml",
            "services: {far: {image: far-image}}\n",
        ),
        (
            "in/compose.yaml",
            "include: [../outside/compose.yaml]\nservices:\n  a:\n    image: a\n    env_file: ../outside/secret.env\n",
        ),
        (
            "in/sub/compose.yaml",
            "services: {b: {image: b, env_file: linked.env}}\n",
        ),
    ]);
    let root = place.path();
    std::os::unix::fs::symlink(
        root.join("outside/secret.env"),
        root.join("in/sub/linked.env"),
    )
    .expect("a link");
    std::os::unix::fs::symlink(root.join("outside"), root.join("in/linked")).expect("a link");
    std::os::unix::fs::symlink(root.join("outside/secret.env"), root.join("in/.env"))
        .expect("a link");
    let found = detect(&root.join("in"));
    for text in texts(&found) {
        assert!(
            !text.contains("FAR") && !text.contains("far-image"),
            "{text}"
        );
    }
    assert_eq!(found.compose.len(), 2);
    assert!(!found.compose[0].problems.is_empty());
}
