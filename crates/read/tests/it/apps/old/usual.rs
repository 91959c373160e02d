//! What version 2 takes for granted.

use kubewright_model::scaling::Scaling;
use kubewright_model::variable::{Variable, VariableValue};
use kubewright_model::{App, Name};

use super::super::{Read, read};

fn app<'r>(read: &'r Read, name: &str) -> &'r App {
    let name = Name::parse(name).expect("a name");
    let entry = read.project.entries.get(&name);
    entry
        .and_then(|entry| entry.app())
        .unwrap_or_else(|| panic!("no app: {:?}", read.said()))
}

/// Version 2 and version 3 give the same project.
fn same(environment: Option<&str>, old: &str, new: &str) {
    let (old, new) = (read(old, environment, &[]), read(new, environment, &[]));
    assert_eq!(new.faults(), Vec::<String>::new());
    assert_eq!(old.faults(), Vec::<String>::new());
    assert_eq!(old.project, new.project);
}

const NEW: &str = "\
defaults: {namespace: apps, ingress: traefik}
templates:
  old:
    resources: {memory: 256Mi, cpu: 100m}
    scaling: keda-http
    access: private
    ports: {http: {container_port: 8080, service_port: 80}}
";

#[test]
pub(super) fn an_hpa_looks_at_processor_and_memory() {
    same(
        None,
        "version: 2\napps: [{name: web, path: web, scaling: {type: hpa, max_instances: 4}}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web, scaling: {{type: hpa, max_instances: 4, \
             target_cpu_percent: 80, target_memory_percent: 80}}}}}}"
        ),
    );
}

/// What an environment changes is laid over the block, not in its place; an HPA
/// over a scaler that may stop all pods keeps one.
#[test]
pub(super) fn another_scaler_for_an_environment() {
    same(
        Some("dev"),
        "version: 2\nenvironments: {dev: {}}\napps: [{name: web, path: web, scaling: {min_instances: 0, max_instances: 6}, dev: {scaling: {type: hpa, target_cpu_percent: 60}}}]",
        &format!(
            "{NEW}environments: {{dev: {{}}}}\napps: {{web: {{extends: old, build: web, scaling: {{type: hpa, min_instances: 1, max_instances: 6, \
             target_cpu_percent: 60, target_memory_percent: 80}}}}}}"
        ),
    );
}

#[test]
pub(super) fn zero_pods_of_an_hpa_are_one() {
    let found = read(
        "version: 2\napps: [{name: web, path: web, scaling: {type: hpa, min_instances: 0}}]",
        None,
        &[],
    );
    assert_eq!(found.codes(), ["not-carried"]);
    let Some(Scaling::Hpa(hpa)) = app(&found, "web").workload.scaling() else {
        panic!("no HPA");
    };
    assert_eq!(
        hpa.bounds.min_instances.as_ref().map(|least| least.value),
        Some(1)
    );
}

#[test]
pub(super) fn probes_ask_for_health_at_the_primary_port() {
    same(
        None,
        "version: 2\napps: [{name: web, path: web, container: {ports: [{container_port: 3000}]}, probes: {readiness: {}, liveness: {type: tcp}, startup: {type: exec, command: [x]}}}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web, ports: {{http: {{container_port: 3000, service_port: 80}}}}, \
             probes: {{readiness: /health, liveness: tcp, startup: [x]}}}}}}"
        ),
    );
}

/// The class of the environment comes before version 2's.
#[test]
pub(super) fn claims_have_bare_names_and_the_class_standard() {
    let old = "version: 2\nenvironments: {local: {}, gcp: {storage_class: fast}}\napps: [{name: web, path: web, volumes: [{name: data, type: pvc, mount_path: /d}, {name: tmp, type: emptyDir, mount_path: /t}]}]";
    for (environment, class) in [("local", ", storage_class: standard"), ("gcp", "")] {
        same(
            Some(environment),
            old,
            &format!(
                "{NEW}environments: {{local: {{}}, gcp: {{storage_class: fast}}}}\napps: {{web: {{extends: old, build: web, volumes: {{\
                 data: {{type: pvc, mount_path: /d, size: 1Gi, claim_name: data{class}}}, tmp: {{type: emptyDir, mount_path: /t}}}}}}}}"
            ),
        );
    }
}

#[test]
pub(super) fn two_apps_with_one_claim_are_an_error() {
    let claim = "volumes: [{name: data, type: pvc, mount_path: /d}]";
    let text = format!(
        "version: 2\napps:\n- {{name: a, path: a, {claim}}}\n- {{name: b, path: b, {claim}}}\n- {{name: c, path: c, namespace: other, {claim}}}"
    );
    let found = read(&text, None, &[]);
    assert_eq!(
        found.said(),
        ["name-taken 4:39 `a` and `b` both have a claim `data`"]
    );
}

#[test]
pub(super) fn a_gateway_admits_pages_of_other_origins() {
    same(
        None,
        "version: 2\ngateway: {routes: [{path: /, service: web.apps, port: 80}]}\napps: [{name: web, path: web}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web}}}}\ngateway: {{cors: {{allow_origins: ['*'], allow_methods: [GET, POST, PUT, DELETE, OPTIONS], \
             allow_headers: ['*'], allow_credentials: false}}, routes: {{/: {{service: web, port: 80}}}}}}"
        ),
    );
}

#[test]
pub(super) fn passwords_of_a_route_are_in_a_secret_called_like_it() {
    same(
        None,
        "version: 2\ngateway: {cors: {enabled: false}, routes: [{path: /a/b, service: web, rate_limit: {}, auth: {enabled: true, type: basic}}]}\napps: [{name: web, path: web}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web}}}}\ngateway: {{cors: false, routes: {{/a/b: {{service: web, \
             rate_limit: {{requests_per_second: 100, burst: 200}}, auth: {{type: basic, secret: gateway-a-b-auth}}}}}}}}"
        ),
    );
}

/// `local` and `dev` take secrets from env files, other environments from the
/// store that variables name.
#[test]
pub(super) fn each_environment_has_the_store_of_its_secrets() {
    let old = "version: 2\nenvironments: {local: {}, dev: {}, gcp: {}}\napps: [{name: web, path: web, environment: {A: {secret: a}, B: {secret: b, provider: vault}}}]";
    let new = |environments: &str, secrets: &str| {
        format!(
            "{NEW}environments: {environments}\n{secrets}apps: {{web: {{extends: old, build: web, environment: {{A: {{secret: a}}, B: {{secret: b}}}}}}}}"
        )
    };
    for environment in ["local", "dev"] {
        same(
            Some(environment),
            old,
            &new("{local: {}, dev: {}, gcp: {}}", ""),
        );
    }
    same(
        Some("gcp"),
        old,
        &new(
            "{gcp: {secret_store: {provider: gcp, name: gcp-secret-manager}}}",
            "secrets: {b: {store: {provider: vault, name: vault}}}\n",
        ),
    );
}

#[test]
pub(super) fn values_that_look_secret_go_to_the_secret() {
    let found = read(
        "version: 2\napps: [{name: web, path: web, environment: {DB_PASSWORD: hunter2, API_TOKEN: t0ken, PIN_TOKEN: '${PIN}', MODE: b}}]",
        None,
        &[(".env", "PIN=a")],
    );
    assert_eq!(
        found.said(),
        ["moved-to-secret 2:67 `API_TOKEN`, `DB_PASSWORD` of app `web` go to its Secret"]
    );
    let is_secret = |variable: &Variable| matches!(variable.value, VariableValue::Secret(_));
    let variables = app(&found, "web").main.environment.iter();
    let secrets: Vec<&str> = variables
        .filter(|variable| is_secret(variable))
        .map(|variable| variable.name.as_str())
        .collect();
    assert_eq!(secrets, ["API_TOKEN", "DB_PASSWORD", "PIN_TOKEN"]);
}

#[test]
pub(super) fn the_latest_version_of_a_secret_and_any_of_a_chart() {
    same(
        None,
        "version: 2\nhelm: [{name: bus, chart: ./bus, version: '*'}]\napps: [{name: web, path: web, environment: {A: {secret: a, version: latest}}}]",
        &format!(
            "{NEW}helm: {{bus: ./bus}}\napps: {{web: {{extends: old, build: web, environment: {{A: {{secret: a}}}}}}}}"
        ),
    );
}

#[test]
pub(super) fn a_registry_of_google_is_asked_with_its_usual_secret() {
    same(
        Some("gcp"),
        "version: 2\ndefaults: {registry: {gcp: eu-docker.pkg.dev/p/r}}\napps: [{name: web, path: web}]",
        &format!(
            "{NEW}environments: {{gcp: {{registry: eu-docker.pkg.dev/p/r, pull_secrets: artifact-registry}}}}\napps: {{web: {{extends: old, build: web}}}}"
        ),
    );
}

/// Values of an environment lie over those of the entry.
#[test]
pub(super) fn values_of_a_chart_in_an_environment() {
    let files = [("a.yaml", "a: 1"), ("b.yaml", "a: 2")];
    let old = read(
        "version: 2\nhelm: [{name: bus, chart: ./bus, values: a.yaml, gcp: {values: b.yaml}}]",
        Some("gcp"),
        &files,
    );
    let new = read(
        "defaults: {namespace: apps, ingress: traefik}\nenvironments: {gcp: {}}\nhelm: {bus: {chart: ./bus, values: [a.yaml, b.yaml]}}",
        Some("gcp"),
        &files,
    );
    assert_eq!(old.faults(), Vec::<String>::new());
    assert_eq!(old.project, new.project);
}

#[test]
pub(super) fn the_namespace_and_the_controller() {
    same(
        None,
        "version: 2\nhelm: [{name: bus, chart: ./bus}]",
        "defaults: {namespace: apps, ingress: traefik}\nhelm: {bus: ./bus}",
    );
    same(
        None,
        "version: 2\ndefaults: {namespace: shop, ingress: nginx}\nhelm: [{name: bus, chart: ./bus}]",
        "defaults: {namespace: shop, ingress: nginx}\nhelm: {bus: ./bus}",
    );
}

#[test]
pub(super) fn each_provider_has_a_store() {
    let stores = [
        ("gcp", "gcp-secret-manager"),
        ("aws", "aws-secrets-manager"),
        ("azure", "azure-key-vault"),
        ("vault", "vault"),
    ];
    for (provider, store) in stores {
        same(
            Some("prod"),
            &format!(
                "version: 2\nenvironments: {{prod: {{}}}}\napps: [{{name: web, path: web, environment: {{A: {{secret: a, provider: {provider}}}}}}}]"
            ),
            &format!(
                "{NEW}environments: {{prod: {{secret_store: {{provider: {provider}, name: {store}}}}}}}\napps: {{web: {{extends: old, build: web, environment: {{A: {{secret: a}}}}}}}}"
            ),
        );
    }
}

#[test]
pub(super) fn size_and_visibility() {
    same(
        None,
        "version: 2\napps: [{name: web, path: web, resources: {memory: 1Gi}}]\nserverless: [{name: fn, path: fn, visibility: internal}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web, resources: {{memory: 1Gi, cpu: 100m}}}}}}\n\
             functions: {{fn: {{path: fn, resources: {{memory: 256Mi, cpu: 100m}}, access: internal}}}}"
        ),
    );
}

#[test]
pub(super) fn scaling_and_ports() {
    same(
        None,
        "version: 2\napps: [{name: web, path: web}, {name: two, path: two, replicas: 2, container: {ports: [{container_port: 1}, {container_port: 2, service_port: 3}]}}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web}}, two: {{build: two, replicas: 2, access: private, resources: {{memory: 256Mi, cpu: 100m}}, \
             ports: [{{name: http, container_port: 1, service_port: 80}}, {{container_port: 2, service_port: 3}}]}}}}"
        ),
    );
}

#[test]
pub(super) fn a_target_of_zero_is_none() {
    same(
        None,
        "version: 2\napps: [{name: web, path: web, scaling: {type: hpa, target_memory_percent: 0}}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web, scaling: {{type: hpa, target_cpu_percent: 80}}}}}}"
        ),
    );
}

#[test]
pub(super) fn a_pods_context_is_no_root() {
    same(
        None,
        "version: 2\napps: [{name: web, path: web, security: {pod_security_context: {fs_group: 5}}}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web, security: {{fs_group: 5, run_as_non_root: true}}}}}}"
        ),
    );
}

#[test]
fn words_of_other_scalers_say_nothing() {
    let rows = [
        ("{type: none, min_instances: 2}", "none", 1),
        (
            "{type: hpa, target_pending_requests: 9, cooldown_period: 5, max_instances: 4}",
            "{type: hpa, max_instances: 4, target_cpu_percent: 80, target_memory_percent: 80}",
            2,
        ),
        (
            "{target_cpu_percent: 70, min_instances: 1}",
            "{type: keda-http, min_instances: 1}",
            1,
        ),
        (
            "{type: keda-queue, queue_name: q, target_memory_percent: 0}",
            "{type: keda-queue, queue_name: q}",
            1,
        ),
    ];
    for (old, new, notes) in rows {
        let old = read(
            &format!("version: 2\napps: [{{name: web, path: web, scaling: {old}}}]"),
            None,
            &[],
        );
        let new = read(
            &format!("{NEW}apps: {{web: {{extends: old, build: web, scaling: {new}}}}}"),
            None,
            &[],
        );
        assert_eq!(old.codes(), vec!["not-carried"; notes], "{:?}", old.said());
        assert_eq!(new.said(), Vec::<String>::new());
        assert_eq!(old.project, new.project);
    }
}

#[test]
fn a_medium_that_is_not_named_is_none() {
    same(
        None,
        "version: 2\napps: [{name: web, path: web, volumes: [{name: t, type: emptyDir, mount_path: /t, medium: ''}]}]",
        &format!(
            "{NEW}apps: {{web: {{extends: old, build: web, volumes: {{t: {{type: emptyDir, mount_path: /t}}}}}}}}"
        ),
    );
}
