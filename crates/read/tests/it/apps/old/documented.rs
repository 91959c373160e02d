//! The page on `apps.yaml` has two tables on version 2: each row of them is shown
//! by tests, and what tests show stands there.

use super::rows::ROWS;
use super::usual;

/// Rows of the first table, with the names of those in [`ROWS`] that show them.
const WORDS: &[(&str, &[&str])] = &[
    (
        "`defaults.registry.E`, `defaults.ingress.E`",
        &["defaults.registry.E and defaults.ingress.E"],
    ),
    (
        "`environments.E.tls_secret`",
        &["tls_secret", "tls_secret, switched off"],
    ),
    ("`serverless`", &["serverless"]),
    (
        "`local`, `dev`, `gcp` and other environments of the file, in an entry",
        &["an entry's environments"],
    ),
    (
        "`path` of an app with `build.context` below it; `dockerfile`, `dockerfile_dev`",
        &["path and context", "dockerfile"],
    ),
    (
        "`container.command`, `args`, `working_dir`, `ports`",
        &["container"],
    ),
    (
        "`scaling.target_pending_requests`",
        &["scaling.target_pending_requests"],
    ),
    ("`environment.K.provider`", &["environment.K.provider, one"]),
    ("`env_refs`", &["env_refs"]),
    ("`env_from` with `type` and `name`", &["env_from.type"]),
    (
        "`visibility`, `security.visibility`",
        &["visibility", "security.visibility", "public"],
    ),
    (
        "`network_policy: false`, `network_policy.enabled: false`",
        &["network_policy: false", "network_policy.enabled"],
    ),
    (
        "`network_policy.allow_from`, `allow_to`; `allowed_sources`",
        &["network_policy rules", "allowed_sources"],
    ),
    (
        "`network_policy.ingress`, `egress` with `from`, `to`, `ports`",
        &["network_policy.ingress and egress"],
    ),
    (
        "`security.service_account`, `create_service_account`, `service_account_annotations`",
        &["service_account"],
    ),
    (
        "`security.pod_security_context`, `container_security_context`, `seccomp_profile.type`",
        &["pod_security_context and container_security_context"],
    ),
    ("`ingress` of an app", &["ingress", "ingress that is off"]),
    (
        "`ingress_annotations`, `ingress_path` of an environment",
        &["ingress_annotations", "ingress_path"],
    ),
    ("`anti_affinity`", &["anti_affinity"]),
    (
        "`port`, `port_base`",
        &["port, sync and live_update", "functions for developers"],
    ),
    (
        "`sync` with `src` and `dest`, `live_update`",
        &["port, sync and live_update", "live_update alone"],
    ),
    ("`depends_on[].type`", &["depends_on[].type"]),
    (
        "`secrets` of functions with `name` and `mount_path`",
        &["serverless"],
    ),
    ("`compose_file`", &["compose_file"]),
    (
        "`network.policy`, `network.allow_external` of a compose project",
        &["network.policy", "network.allow_external"],
    ),
    (
        "`security`, `visibility`, `resources`, `replicas`, `scaling`, `environment` of a \
         compose project, or of an environment of it",
        &["what is about all services of a project"],
    ),
    (
        "`services.S.ingress` of a compose project",
        &["services.S.ingress"],
    ),
    (
        "`enabled` of `rate_limit`, `cors`, `waf`, `auth`",
        &["enabled of the gateway's blocks"],
    ),
    (
        "a route to `NAME.NAMESPACE`",
        &["a route to NAME.NAMESPACE"],
    ),
];

/// A row of the second table, with what shows it.
type Shown = (&'static str, &'static [fn()]);

/// Rows of the second table, with what shows them.
const USUAL: &[Shown] = &[
    ("the file", &[usual::the_namespace_and_the_controller]),
    (
        "an environment whose registry is at `docker.pkg.dev`",
        &[usual::a_registry_of_google_is_asked_with_its_usual_secret],
    ),
    (
        "an environment with secrets from a store",
        &[
            usual::each_environment_has_the_store_of_its_secrets,
            usual::each_provider_has_a_store,
        ],
    ),
    ("apps and functions", &[usual::size_and_visibility]),
    ("apps", &[usual::scaling_and_ports]),
    (
        "an HPA",
        &[
            usual::an_hpa_looks_at_processor_and_memory,
            usual::another_scaler_for_an_environment,
            usual::zero_pods_of_an_hpa_are_one,
            usual::a_target_of_zero_is_none,
        ],
    ),
    (
        "probes by HTTP",
        &[usual::probes_ask_for_health_at_the_primary_port],
    ),
    (
        "claims",
        &[
            usual::claims_have_bare_names_and_the_class_standard,
            usual::two_apps_with_one_claim_are_an_error,
        ],
    ),
    (
        "a pod's security context",
        &[usual::a_pods_context_is_no_root],
    ),
    (
        "the gateway",
        &[
            usual::a_gateway_admits_pages_of_other_origins,
            usual::passwords_of_a_route_are_in_a_secret_called_like_it,
        ],
    ),
];

/// The first cells of the tables below the heading on version 2.
fn tables() -> Vec<Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/apps.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let section = page
        .split("\n## ")
        .find(|part| part.starts_with("Version 2\n"));
    let mut tables: Vec<Vec<String>> = Vec::new();
    let mut is_within = false;
    for line in section.expect("the section is there").lines() {
        let cell = line
            .strip_prefix("| ")
            .and_then(|line| line.split(" | ").next());
        match cell {
            Some(cell) if is_within => {
                let table = tables.last_mut().expect("a table has begun");
                table.push(cell.to_owned());
            }
            Some(_) => tables.push(Vec::new()),
            None => {}
        }
        is_within = line.starts_with('|');
    }
    tables
}

#[test]
fn each_row_of_the_page_is_shown() {
    let tables = tables();
    let [words, usual] = tables.as_slice() else {
        panic!("{} tables", tables.len());
    };
    let shown: Vec<&str> = WORDS.iter().map(|(cell, _)| *cell).collect();
    assert_eq!(*words, shown);
    let shown: Vec<&str> = USUAL.iter().map(|(cell, _)| *cell).collect();
    assert_eq!(*usual, shown);
    for (_, tests) in USUAL {
        tests.iter().for_each(|test| test());
    }
}

#[test]
fn each_word_that_is_shown_stands_on_the_page() {
    let named: Vec<&str> = WORDS
        .iter()
        .flat_map(|(_, names)| names.iter().copied())
        .collect();
    for name in &named {
        assert!(ROWS.iter().any(|row| row.name == *name), "no row `{name}`");
    }
    for row in ROWS.iter().filter(|row| row.is_word) {
        assert!(named.contains(&row.name), "`{}` stands nowhere", row.name);
    }
}
