//! What no table of words says: words of version 3 in a file of version 2, words of
//! neither, and what contradicts itself.

use super::super::read;

fn said(text: &str) -> Vec<String> {
    read(text, None, &[]).said()
}

#[test]
fn words_of_version_3_are_noted_once() {
    let text = "version: \"2\"\nenvironments: {a: {image_tag: \"1\"}, b: {image_tag: \"2\"}}\napps:\n  web: {path: web, placement: {node_selector: {a: b}}, resources: {extended: {t/x: 1}}}\n  api: {path: api, placement: {}}";
    let found = read(text, Some("a"), &[]);
    assert_eq!(
        found.said(),
        [
            "newer-key 2:20 `image_tag` is of version 3",
            "newer-key 4:3 a map in `apps` is of version 3",
            "newer-key 4:20 `placement` is of version 3",
            "newer-key 4:68 `extended` is of version 3",
        ]
    );
}

#[test]
fn words_of_neither_version_are_errors() {
    let rows = [
        ("apps: [{name: web, path: web, scalling: {}}]", "`scaling`"),
        (
            "apps: [{name: web, path: web, container: {port: 1}}]",
            "`ports`",
        ),
        (
            "apps: [{name: web, path: web, scaling: {target_pending_request: 1}}]",
            "`target_pending_requests`",
        ),
        (
            "apps: [{name: web, path: web, security: {visiblity: private}}]",
            "`visibility`",
        ),
        (
            "apps: [{name: web, path: web, gcp: {replica: 1}}]",
            "`replicas`",
        ),
        (
            "gateway: {routes: [{path: /, service: web, strip: true}]}\napps: [{name: web, path: web}]",
            "what can stand here",
        ),
        ("defaults: {registy: {}}", "`registry`"),
        ("compos: []", "`compose`"),
    ];
    for (text, meant) in rows {
        let found = read(&format!("version: 2\n{text}"), None, &[]);
        assert_eq!(found.codes(), ["unknown-key"], "{text}: {:?}", found.said());
        let help = &found.diagnostics[0].help;
        assert!(
            format!("{help:?}").contains(meant) || meant == "what can stand here",
            "{text}: {help:?}"
        );
    }
}

/// Each old word is noted once, at its first place.
#[test]
fn old_words_are_noted_once() {
    let text = "apps:\n  a: {path: a, visibility: private}\n  b: {path: b, visibility: private}";
    assert_eq!(
        said(text),
        [
            "old-key 2:7 `path` is a word of version 2",
            "old-key 2:16 `visibility` is a word of version 2",
        ]
    );
}

#[test]
fn what_is_said_twice_and_differently_is_an_error() {
    let rows = [
        "apps: [{name: web, path: web, visibility: private, security: {visibility: internal}}]",
        "apps: [{name: web, path: web, container: {args: [a]}, args: [b]}]",
        "serverless: [{name: a, path: a}]\nfunctions: [{name: b, path: b}]",
        "apps: [{name: web, path: web, security: {network_policy: {allow_from: [{namespace: a, cidr: 10.0.0.0/8}]}}}]",
        "environments: {gcp: {}}\napps: [{name: web, path: web, gcp: {pod_disruption_budget: {min_available: 1, max_unavailable: 1}}}]",
    ];
    for row in rows {
        let found = read(&format!("version: 2\n{row}"), None, &[]);
        let errors: Vec<&str> = found
            .codes()
            .into_iter()
            .filter(|code| *code != "newer-key")
            .collect();
        assert_eq!(errors, ["two-alternatives"], "{row}: {:?}", found.said());
    }
    let same = "version: 2\napps: [{name: web, path: web, visibility: private, security: {visibility: private}}]";
    assert_eq!(said(same), Vec::<String>::new());
}

/// Errors point at what the user wrote.
#[test]
fn places_are_those_of_the_old_words() {
    let rows = [
        (
            "apps: [{name: web, path: web, scaling: {target_pending_requests: many}}]",
            "2:66",
        ),
        (
            "apps: [{name: web, path: web, container: {ports: [{container_port: x}]}}]",
            "2:68",
        ),
        (
            "apps: [{name: web, path: web, security: {service_account: A_B}}]",
            "2:59",
        ),
        (
            "apps: [{name: web, path: web, ingress: {enabled: true, path: /a, timeouts: {connect: soon}}}]",
            "2:86",
        ),
        (
            "gateway: {routes: [{path: /, service: wep}]}\napps: [{name: web, path: web}]",
            "2:39",
        ),
    ];
    for (row, place) in rows {
        let found = read(&format!("version: 2\n{row}"), None, &[]);
        let said = found.faults();
        assert!(
            said.len() == 1 && said[0].contains(&format!(" {place} ")),
            "{row}: {said:?}"
        );
    }
}

#[test]
fn routes_lead_to_entries_and_to_services_elsewhere() {
    let text = |service: &str| {
        format!(
            "version: 2\ngateway: {{routes: [{{path: /, service: {service}}}]}}\napps: [{{name: my_web, path: web}}, {{name: far, path: far, namespace: there}}]\nserverless: [{{name: fn, path: fn}}]"
        )
    };
    let rows = [
        ("my-web", ""),
        ("my-web.apps", ""),
        ("my-web.apps.svc.cluster.local", ""),
        ("far.there", ""),
        ("fn-hello", ""),
        ("fn-hello.apps", ""),
        ("other.elsewhere", ""),
        ("far.apps", "unknown-name"),
        ("other", "unknown-name"),
    ];
    for (service, fault) in rows {
        let found = read(&text(service), None, &[]);
        let faults = found.faults().join("\n");
        assert!(
            faults.starts_with(fault) && faults.is_empty() == fault.is_empty(),
            "{service}: {faults}"
        );
    }
}

#[test]
fn an_ingress_that_is_not_switched_on_is_noted() {
    let text = "version: 2\napps: [{name: web, path: web, ingress: {path: /a}}]";
    let found = read(text, None, &[]);
    assert_eq!(found.codes(), ["unused"]);
    assert!(found.project.gateway.is_none());
}

#[test]
fn environments_that_only_entries_speak_of_are_there() {
    let text =
        "version: 2\napps: [{name: web, path: web, gcp: {replicas: 2}, local: {enabled: false}}]";
    assert_eq!(read(text, Some("gcp"), &[]).faults(), Vec::<String>::new());
}
