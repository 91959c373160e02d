//! Folders with what is found in them, side by side. `KUBEWRIGHT_RENEW=1` writes
//! anew; every line that changed is to be read.

use std::fs;
use std::path::{Path, PathBuf};

use kubewright_detect::compose::Service;
use kubewright_detect::wizard::{env_namespaces, wizard};
use kubewright_detect::{Class, Detection, Kind, Tools, detect};
use serde_json::Value;

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/detect")
}

/// The cases, by name.
pub(crate) fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("a case").path()).collect();
    cases.sort();
    cases
}

pub(crate) fn of_case(case: &Path) -> Detection {
    let mut found = detect(&case.join("input"));
    // Every case's folder is called `input`.
    assert!(!found.name.is_empty());
    found.git = None;
    found
}

#[test]
fn what_is_found_is_what_was_read() {
    assert!(cases().len() >= 3);
    for case in cases() {
        let found = of_case(&case);
        let json = serde_json::to_value(&found).expect("plain data");
        compare(&case.join("detection.json"), &json);
        let mut answer = wizard(&found, &Tools::default());
        answer["env-namespaces"] = env_namespaces(&found);
        compare(&case.join("wizard.json"), &answer);
    }
}

fn compare(path: &Path, value: &Value) {
    let text = format!("{value:#}\n");
    if std::env::var_os("KUBEWRIGHT_RENEW").is_some() {
        fs::write(path, &text).expect("the expected text can be written");
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, expected, "{}", path.display());
}

#[test]
fn services_are_known_by_components_of_their_images() {
    let found = of_case(&folder().join("look-alikes"));
    let named = |name: &str| -> &Service {
        let mut all = found.services().iter();
        all.find(|service| service.name == name)
            .expect("it is in the file")
    };
    for name in [
        "index",
        "codex",
        "sequence",
        "signatures",
        "vault-app",
        "web",
        "backup",
        "own-redis",
        "seedbox",
    ] {
        let service = named(name);
        assert_eq!(
            (service.class, service.kind),
            (Class::Application, Kind::Deployment),
            "{name}"
        );
    }
    for name in ["roach", "events", "pg", "series"] {
        let service = named(name);
        assert_eq!(
            (service.class, service.kind),
            (Class::Infrastructure, Kind::StatefulSet),
            "{name}"
        );
    }
    assert_eq!(named("db-migrate").kind, Kind::Job);
    assert_eq!(named("everywhere").kind, Kind::DaemonSet);
}

/// The keys that pages of the original wizard read.
#[test]
fn the_wizards_answer_has_the_originals_keys() {
    let found = of_case(&folder().join("shop"));
    let answer = wizard(&found, &Tools::default());
    let pointers = "
        /status_probes/k8s/status /status_probes/k8s/has_kubectl /status_probes/k8s/has_helm
        /status_probes/k8s/manifest_count /status_probes/k8s/has_chart /status_probes/k8s/has_kustomize
        /status_probes/k8s/has_skaffold /status_probes/k8s/cluster_connected
        /status_probes/docker/has_compose /status_probes/docker/has_dockerfile
        /docker_status/compose_services /docker_status/services_count /docker_status/dockerfile_details/0/base_images
        /config_data/modules/0/name /config_data/modules/0/path /config_data/modules/0/stack
        /config_data/modules/0/domain /config_data/modules/0/description
        /config_data/environments/0/name /config_data/environments/0/default
        /integrations/int:git/detected /integrations/int:docker/setup_actions /integrations/int:k8s/suggest
        /devops_cards/k8s/tools_needed /devops_cards/terraform/status /stack_defaults/primary_stack
        /stack_defaults/docker/base_image /stack_defaults/ci/language_version
        /gh_repo_info/available /_project_name /detected_stacks /git_remotes/remotes /env_status/total_vars
        /k8s_status/has_k8s /k8s_status/kubectl/available /k8s_status/manifest_dirs /k8s_status/manifests/0/path
        /k8s_status/manifests/0/count /k8s_status/manifests/0/resources/0/apiVersion /k8s_status/resource_summary
        /k8s_status/total_resources /k8s_status/helm_charts/0/env_values_files /k8s_status/kustomize/exists
        /k8s_status/kustomize/overlay_details/0/patch_count /k8s_status/deployment_strategy
        /k8s_status/strategies_detected /k8s_status/environments/0/source /k8s_status/tool_availability/kubectl/available
        /k8s_status/secret_safety/has_raw_secrets /k8s_status/deployment_readiness
        /k8s_status/infra_services/0/detected_via /k8s_status/missing_tools";
    for pointer in pointers.split_whitespace() {
        assert!(answer.pointer(pointer).is_some(), "{pointer}");
    }
    let details = &answer["docker_status"]["compose_service_details"];
    let keys = "name image build ports environment volumes depends_on command entrypoint restart healthcheck deploy
        networks labels container_name hostname domainname platform profiles user working_dir stdin_open tty
        privileged init read_only pid shm_size network_mode dns dns_search extra_hosts expose env_file configs
        secrets tmpfs devices logging stop_signal stop_grace_period pull_policy";
    let keys: Vec<&str> = keys.split_whitespace().collect();
    assert_eq!(keys.len(), 42);
    for detail in details.as_array().expect("services") {
        for key in &keys {
            assert!(detail.get(key).is_some(), "{key} of {}", detail["name"]);
        }
    }
}
