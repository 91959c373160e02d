//! Every case comes out as it stands in its folder.
//!
//! `KUBEWRIGHT_RENEW=1` writes what comes out instead; read every changed line.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::case::{self, Case, Product};

#[test]
fn every_case_comes_out_as_expected() {
    let renew = std::env::var_os("KUBEWRIGHT_RENEW").is_some();
    let mut wrong = Vec::new();
    for case in case::all() {
        let product = case.compile();
        if renew {
            write(&case, &product);
        }
        wrong.extend(compare(&case, &product));
    }
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Cases that show an error are refused, all others are accepted.
#[test]
fn bad_cases_are_refused_and_good_ones_accepted() {
    let mut wrong = Vec::new();
    for case in case::all() {
        let product = case.compile();
        let says_why = product.rendered.contains("error[") && product.rendered.contains("help: ");
        if product.accepted == case.is_bad() || (case.is_bad() && !says_why) {
            wrong.push(format!("{}: {}", case.name, product.rendered));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn compare(case: &Case, product: &Product) -> Vec<String> {
    let mut wrong = Vec::new();
    let expected = expected(case);
    let mut paths: Vec<&String> = expected.keys().chain(product.files.keys()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        match (expected.get(path), product.files.get(path)) {
            (Some(_), None) => wrong.push(format!("{}: {path} is missing", case.name)),
            (None, _) => wrong.push(format!("{}: {path} was not expected", case.name)),
            (Some(old), Some(new)) if old != new => {
                wrong.push(format!(
                    "{}: {path}{}",
                    case.name,
                    first_difference(old, new)
                ));
            }
            (Some(_), Some(_)) => {}
        }
    }
    let said = fs::read_to_string(case.folder.join("diagnostics.txt")).unwrap_or_default();
    if said != product.rendered {
        wrong.push(format!(
            "{}: diagnostics{}",
            case.name,
            first_difference(&said, &product.rendered)
        ));
    }
    wrong
}

fn first_difference(old: &str, new: &str) -> String {
    let at = old
        .lines()
        .zip(new.lines())
        .position(|(old, new)| old != new);
    let at = at.unwrap_or_else(|| old.lines().count().min(new.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("(end)").to_owned();
    format!(
        ":{}\n  expected  {}\n  came      {}",
        at + 1,
        line(old),
        line(new)
    )
}

fn expected(case: &Case) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(&case.folder.join("expected"), "", &mut found);
    found
}

fn collect(folder: &Path, below: &str, found: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let entry = entry.expect("expected/ can be read");
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), found);
            continue;
        }
        let text = fs::read_to_string(entry.path()).expect("expected files are text");
        found.insert(name, text);
    }
}

fn write(case: &Case, product: &Product) {
    let folder = case.folder.join("expected");
    let _ = fs::remove_dir_all(&folder);
    for (path, text) in &product.files {
        let file = folder.join(path);
        let above = file.parent().expect("a file lies in a folder");
        fs::create_dir_all(above).expect("expected/ can be made");
        fs::write(file, text).expect("expected/ can be written");
    }
    let said = case.folder.join("diagnostics.txt");
    if product.rendered.is_empty() {
        let _ = fs::remove_file(said);
    } else {
        fs::write(said, &product.rendered).expect("diagnostics.txt can be written");
    }
}
