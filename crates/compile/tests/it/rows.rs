//! docs/compose.md names every key of a service, and a case that shows it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kubewright_read::compose::decode::keys::{self, Verdict};

/// One line of a table of the page.
struct Row {
    first: String,
    says: String,
    case: String,
}

fn page() -> (Vec<Row>, Vec<Row>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compose.md");
    let text = std::fs::read_to_string(path).expect("docs/compose.md is there");
    let (service, parts) = text
        .split_once("## Parts with several forms")
        .expect("the page has its second table");
    (rows(service), rows(parts))
}

fn rows(text: &str) -> Vec<Row> {
    let lines = text.lines().filter(|line| line.starts_with("| "));
    let rows = lines.map(|line| {
        let mut cells = line.trim_matches('|').rsplitn(2, " | ");
        let case = cells.next().unwrap_or_default().trim().trim_matches('`');
        let rest = cells.next().unwrap_or_default().trim();
        let (first, says) = rest.split_once(" | ").unwrap_or((rest, ""));
        Row {
            first: first.trim_matches('`').to_owned(),
            says: says.to_owned(),
            case: case.to_owned(),
        }
    });
    rows.filter(|row| row.case != "case").collect()
}

fn input(case: &str) -> PathBuf {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    cases.join(case).join("input")
}

#[test]
fn every_key_of_a_service_is_on_the_page() {
    let (service, _) = page();
    let said: BTreeMap<&str, &str> = service
        .iter()
        .map(|row| (row.first.as_str(), row.says.as_str()))
        .collect();
    let known: Vec<&str> = keys::SERVICE.iter().map(|key| key.name).collect();
    assert_eq!(said.keys().copied().collect::<Vec<_>>(), known);
    for key in keys::SERVICE {
        let reported = said[key.name].starts_with("reported: ");
        let expected = !matches!(key.verdict, Verdict::Decoded(_));
        assert_eq!(reported, expected, "{}", key.name);
    }
}

#[test]
fn every_case_of_the_page_shows_its_key() {
    let (service, parts) = page();
    assert!(parts.len() > 20);
    for row in &parts {
        assert!(input(&row.case).is_dir(), "{}: {}", row.first, row.case);
    }
    for row in &service {
        let key = format!("{}:", row.first);
        let shows = texts(&input(&row.case)).any(|text| text.contains(&key));
        assert!(shows, "case {} does not have `{key}`", row.case);
    }
}

/// The YAML texts of a case.
fn texts(folder: &Path) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let yaml = entries.map(|entry| entry.path()).filter(|path| {
        path.extension()
            .is_some_and(|end| end == "yaml" || end == "yml")
    });
    yaml.filter_map(|path| std::fs::read_to_string(path).ok())
}
