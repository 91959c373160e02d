//! What holds for the wizard's states beyond what each case shows.

use std::collections::BTreeSet;
use std::path::Path;

use kubewright_source::render::{Style, render};
use kubewright_source::report::report;

use crate::case::{self, Case};

fn cases() -> Vec<Case> {
    let is_wizard = |case: &Case| case.name.contains("wizard-");
    case::all().into_iter().filter(is_wizard).collect()
}

/// Every row of the wizard's documents has its case, and every case its row.
#[test]
fn the_page_names_every_case_and_no_other() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/wizard.md");
    let page = std::fs::read_to_string(page).expect("docs/wizard.md is there");
    let is_case = |word: &&str| {
        let word = word.strip_prefix("bad-").unwrap_or(word);
        word.starts_with("wizard-") && !word.contains('.')
    };
    let named: BTreeSet<&str> = quoted(&page).filter(is_case).collect();
    let cases = cases();
    let there: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(named, there);
    for table in 'A'..='P' {
        assert!(
            page.contains(&format!("(2{table})")),
            "2{table} has no part"
        );
    }
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let is_head = row.ends_with("| case |");
        assert!(is_head || row.contains("`wizard-"), "no case: {row}");
    }
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`')
        .enumerate()
        .filter(|(at, _)| at % 2 == 1)
        .map(|(_, word)| word)
}

/// The words of a row that are keys of the state: those in its first cell, which are
/// no words of another key (`type: variable`) or choices.
fn keys(cell: &str) -> Vec<String> {
    let keys = quoted(cell).map(|word| word.split(':').next().unwrap_or_default().trim());
    keys.map(str::to_owned).collect()
}

/// The rows of the documents' tables, by their numbers.
const ROWS: &[(&str, &[&str])] = &[
    ("2A", &["namespace", "output_dir", "ingress", "skaffold"]),
    (
        "2B",
        &[
            "name",
            "kind",
            "image",
            "envVars",
            "resources",
            "_compose",
            "companions",
            "dependencies",
        ],
    ),
    (
        "2C",
        &[
            "port",
            "replicas",
            "serviceType",
            "strategy",
            "maxSurge",
            "maxUnavailable",
            "readinessProbe",
            "livenessProbe",
            "volumes",
        ],
    ),
    (
        "2D",
        &[
            "port",
            "replicas",
            "headlessServiceName",
            "podManagementPolicy",
            "alsoCreateClusterIP",
            "strategy",
            "partition",
            "readinessProbe",
            "livenessProbe",
            "volumeClaimTemplates",
        ],
    ),
    (
        "2E",
        &[
            "port",
            "strategy",
            "maxUnavailable",
            "nodeSelector",
            "tolerations",
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "readinessProbe",
            "livenessProbe",
            "volumes",
        ],
    ),
    (
        "2F",
        &[
            "command",
            "args",
            "restartPolicy",
            "backoffLimit",
            "completions",
            "parallelism",
            "activeDeadlineSeconds",
            "ttlSecondsAfterFinished",
        ],
    ),
    (
        "2G",
        &[
            "schedule",
            "concurrencyPolicy",
            "suspend",
            "successfulJobsHistoryLimit",
            "failedJobsHistoryLimit",
            "startingDeadlineSeconds",
        ],
    ),
    (
        "2H",
        &[
            "type",
            "initialDelaySeconds",
            "periodSeconds",
            "path",
            "port",
            "command",
            "extra",
        ],
    ),
    (
        "2I",
        &["type", "value", "varName", "createInVault", "newValue"],
    ),
    (
        "2J",
        &[
            "pvc-dynamic",
            "mountPath",
            "name",
            "size",
            "accessMode",
            "storageClass",
            "longhornConfig",
            "pvc-static",
            "pvName",
            "emptyDir",
            "medium",
            "sizeLimit",
            "configMap",
            "configMapName",
            "key",
            "secret",
            "secretName",
            "hostPath",
            "hostType",
        ],
    ),
    ("2K", &["name", "image", "command"]),
    (
        "2L",
        &[
            "name",
            "image",
            "command",
            "nativeSidecar",
            "sharedVolume",
            "sharedMount",
        ],
    ),
    (
        "2M",
        &[
            "name",
            "image",
            "port",
            "env",
            "resources",
            "volumes",
            "dependsOn",
            "dependsOnPort",
        ],
    ),
    (
        "2N",
        &[
            "provider",
            "proxyCpuRequest",
            "proxyCpuLimit",
            "proxyMemRequest",
            "proxyMemLimit",
            "excludeInbound",
            "excludeOutbound",
            "logLevel",
        ],
    ),
    ("2O", &["dependencies"]),
    ("2P", &["kind", "providerNotes"]),
];

#[test]
fn every_row_of_the_documents_is_on_the_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/wizard.md");
    let page = std::fs::read_to_string(page).expect("docs/wizard.md is there");
    let mut missing = Vec::new();
    for (table, rows) in ROWS {
        let parts = page.split("\n## ");
        let parts = parts.filter(|part| {
            part.lines()
                .next()
                .is_some_and(|head| head.contains(*table))
        });
        let cells = parts
            .flat_map(str::lines)
            .filter(|line| line.starts_with("| `"));
        let said: Vec<String> = cells
            .flat_map(|row| words(row.split(" | ").next().unwrap_or_default()))
            .collect();
        let is_missing = |row: &&&str| !said.iter().any(|word| word == **row);
        missing.extend(
            rows.iter()
                .filter(is_missing)
                .map(|row| format!("{table} {row}")),
        );
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// All words of a cell: keys, and what stands behind their colons.
fn words(cell: &str) -> Vec<String> {
    let words = quoted(cell).flat_map(|words| words.split([':', ' ']));
    words.map(str::to_owned).collect()
}

/// Each key of a row stands in the input of one of the row's cases.
#[test]
fn the_cases_of_a_row_have_its_keys() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/wizard.md");
    let page = std::fs::read_to_string(page).expect("docs/wizard.md is there");
    let (mut table, mut seen, mut missing) = (String::new(), 0, Vec::new());
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut table);
        }
        let Some(row) = line
            .strip_prefix("| ")
            .filter(|row| row.contains("`wizard-"))
        else {
            continue;
        };
        let (first, last) = (row.split(" | ").next(), row.rsplit(" | ").next());
        let inputs: Vec<String> = keys(last.unwrap_or_default())
            .iter()
            .map(|case| {
                let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
                let input = cases.join(case).join("input/state.json");
                std::fs::read_to_string(input).expect("the case has a state")
            })
            .collect();
        for key in keys(first.unwrap_or_default()) {
            seen += 1;
            let (named, chosen) = (format!("\"{key}\":"), format!("\"{key}\""));
            let shows = |input: &String| input.contains(&named) || input.contains(&chosen);
            if !inputs.iter().any(shows) {
                missing.push(format!("{table}: `{key}`"));
            }
        }
    }
    assert!(seen > 150, "only {seen} keys");
    assert!(missing.is_empty(), "no case has\n{}", missing.join("\n"));
}

/// Values for the vault and values of secrets reach no file and no message.
#[test]
fn values_of_secrets_are_never_shown() {
    let planted = ["correct-horse-battery", "hidden-value-1", "planted-value"];
    let mut seen = 0;
    for case in cases() {
        let (_, files, _) = case.asked();
        let outcome = case.outcome_with(&files);
        let input = std::fs::read_to_string(case.input().join("state.json")).expect("a state");
        seen += planted
            .iter()
            .filter(|value| input.contains(**value))
            .count();
        let plan = format!("{:?}", outcome.vault);
        let sources = outcome.sources;
        let said = outcome.diagnostics.into_sorted();
        let said = said.iter().flat_map(|diagnostic| {
            let machine = format!("{:?}", report(diagnostic, &sources));
            [render(diagnostic, &sources, Style::default()), machine]
        });
        let files = outcome.tree.map(kubewright_files::Tree::into_files);
        let texts = files.into_iter().flatten().map(|file| file.text);
        for text in said.chain(texts).chain([plan]) {
            for value in planted {
                assert!(!text.contains(value), "{}: {text}", case.name);
            }
        }
    }
    assert_eq!(seen, planted.len());
}

#[test]
fn secrets_for_the_vault_are_planned() {
    let planned = |name: &str| -> Vec<String> {
        let all = case::all();
        let case = all
            .iter()
            .find(|case| case.name == name)
            .expect("the case is there");
        let (_, files, _) = case.asked();
        let line = |secret: &kubewright_model::vault::PlannedSecret| {
            let service = secret.service.as_str();
            let variable = secret.variable.as_str();
            format!("{service} {variable} {} {}", secret.secret, secret.key)
        };
        case.outcome_with(&files).vault.iter().map(line).collect()
    };
    assert_eq!(
        planned("wizard-variables"),
        [
            "web API_TOKEN web-secrets API_TOKEN",
            "web DB_PASS web-secrets DB_PASS"
        ]
    );
    assert_eq!(
        planned("wizard-companions"),
        ["web TOKEN web-worker-secrets TOKEN"]
    );
}
