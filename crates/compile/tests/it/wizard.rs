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
    let words = page.split('`').skip(1).step_by(2);
    let is_case = |word: &&str| {
        let word = word.strip_prefix("bad-").unwrap_or(word);
        word.starts_with("wizard-") && !word.contains('.')
    };
    let named: BTreeSet<&str> = words.filter(is_case).collect();
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
