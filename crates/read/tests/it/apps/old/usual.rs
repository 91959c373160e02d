//! What version 2 takes for granted.

use kubewright_model::scaling::Scaling;
use kubewright_model::variable::VariableValue;
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
fn an_hpa_looks_at_processor_and_memory() {
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
fn another_scaler_for_an_environment() {
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
fn zero_pods_of_an_hpa_are_one() {
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
fn probes_ask_for_health_at_the_primary_port() {
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
fn claims_have_bare_names_and_the_class_standard() {
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
fn two_apps_with_one_claim_are_an_error() {
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
fn a_gateway_admits_pages_of_other_origins() {
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
fn passwords_of_a_route_are_in_a_secret_called_like_it() {
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
fn each_environment_has_the_store_of_its_secrets() {
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
fn values_that_look_secret_go_to_the_secret() {
    let found = read(
        "version: 2\napps: [{name: web, path: web, environment: {DB_PASSWORD: hunter2}}]",
        None,
        &[],
    );
    assert_eq!(found.said(), Vec::<String>::new());
    let variable = &app(&found, "web").main.environment[0];
    assert!(matches!(variable.value, VariableValue::Secret(_)));
}

#[test]
fn the_latest_version_of_a_secret_and_any_of_a_chart() {
    same(
        None,
        "version: 2\nhelm: [{name: bus, chart: ./bus, version: '*'}]\napps: [{name: web, path: web, environment: {A: {secret: a, version: latest}}}]",
        &format!(
            "{NEW}helm: {{bus: ./bus}}\napps: {{web: {{extends: old, build: web, environment: {{A: {{secret: a}}}}}}}}"
        ),
    );
}

#[test]
fn a_registry_of_google_is_asked_with_its_usual_secret() {
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
fn values_of_a_chart_in_an_environment() {
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
