//! A converted document stands for its input: the same files come of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kubewright_compile::{Input, ResolveOptions, generate, resolve};

use crate::case::{self, Case};

/// Compose sorts what a mapping holds: only the order of lines differs.
const REORDERED: [&str; 8] = [
    "env-file",
    "env-file-raw",
    "environment",
    "include",
    "large-realistic",
    "names-sanitised",
    "secrets-moved",
    "shared-pod-vpn",
];

/// Cases whose converted form gives other files, and why.
const EXCEPTIONS: [(&str, &str); 8] = [
    (
        "aliases-shared",
        "links are written as dependencies, as Compose does it, and waited for",
    ),
    (
        "shared-pod-fields",
        "shared namespaces are written as dependencies, and waited for",
    ),
    ("gpu", "`count: all` is written as -1, as Compose does it"),
    (
        "pre-start",
        "the service's variables are written into its hooks, too",
    ),
    (
        "secret-names",
        "a file mode above 0777 is said in octal, and refused then",
    ),
    (
        "secret-variables",
        "values stand in the converted form: which variables they came from is gone",
    ),
    (
        "unknown-keys-reported",
        "keys of no effect are written in forms that are refused",
    ),
    (
        "windows-path",
        "a drive's letter is written as a mount's source, and refused then",
    ),
];

#[test]
fn the_converted_form_gives_the_same_files() {
    let cases = case::all();
    let good = cases
        .iter()
        .filter(|case| !case.is_bad() && case.is_compose());
    let mut wrong = Vec::new();
    let mut compared = 0;
    for case in good {
        let in_order = !REORDERED.contains(&&*case.name);
        let differing = differing(case, in_order);
        let excused = EXCEPTIONS.iter().any(|(name, _)| *name == case.name);
        if excused == differing.is_empty() {
            wrong.push(format!("{}: {}", case.name, differing.join("\n")));
        }
        compared += 1;
    }
    assert!(compared > 100, "only {compared} cases were compared");
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The names of volumes do not depend on whether a document was converted.
#[test]
fn a_name_that_convert_wrote_is_none_of_the_user() {
    let text = "name: p\nservices:\n  a: {image: a, volumes: [data:/x], \
                labels: {kubewright.kind: Deployment}}\nvolumes:\n  data: {name: p_data}\n";
    let said = |text: &str| {
        let request = kubewright_compile::Request {
            inputs: vec![Input::Text {
                name: "compose.yaml".into(),
                text: text.into(),
            }],
            working_directory: "/p".into(),
            ..Default::default()
        };
        let files = kubewright_files::MemoryFiles::default();
        let made = generate(&request, &files, &Default::default(), &|_, _| {});
        contents(made).into_values().collect::<String>()
    };
    assert!(said(text).contains("claimName: data"), "{}", said(text));
    let own = text.replace("{name: p_data}", "{name: q_data}");
    assert!(said(&own).contains("claimName: q-data"), "{}", said(&own));
}

/// The files that differ, each with the first line that does.
fn differing(case: &Case, in_order: bool) -> Vec<String> {
    let (request, files, environment) = case.asked();
    let contents = |outcome| {
        let mut contents = contents(outcome);
        for text in contents.values_mut().filter(|_| !in_order) {
            let mut lines: Vec<&str> = text.lines().map(unlisted).collect();
            lines.sort_unstable();
            *text = lines.join("\n");
        }
        contents
    };
    let direct = contents(case.outcome_with(&files));
    let options = ResolveOptions {
        absolute_paths: false,
    };
    let mut resolution = resolve(&request, &files, &environment, options);
    let Some(text) = resolution.print() else {
        return vec![format!("not converted: {:?}", resolution.diagnostics)];
    };
    let mut again = request;
    again.inputs = vec![Input::Text {
        name: "converted.yaml".into(),
        text,
    }];
    again.project_directory = Some(PathBuf::from(""));
    let converted = contents(generate(&again, &files, &environment, &|_, _| {}));
    let mut paths: Vec<&String> = direct.keys().chain(converted.keys()).collect();
    paths.sort();
    paths.dedup();
    paths
        .into_iter()
        .filter_map(|path| difference(path, direct.get(path), converted.get(path)))
        .collect()
}

/// A line without the dash of a list: which entry is first does not count.
fn unlisted(line: &str) -> &str {
    line.trim_start_matches([' ', '-'])
}

fn difference(path: &str, direct: Option<&String>, converted: Option<&String>) -> Option<String> {
    let (Some(direct), Some(converted)) = (direct, converted) else {
        let made = if direct.is_some() {
            "only direct"
        } else {
            "only converted"
        };
        return Some(format!(
            "  {path}: {made}{}",
            converted.map_or("", |text| text)
        ));
    };
    let mut lines = direct.lines().zip(converted.lines());
    let (old, new) = lines
        .find(|(old, new)| old != new)
        .or_else(|| (direct.len() != converted.len()).then_some(("", "longer or shorter")))?;
    Some(format!("  {path}:\n    {old}\n    {new}"))
}

/// Files without the comments that name the places of the input.
fn contents(outcome: kubewright_compile::Outcome) -> BTreeMap<String, String> {
    let said = outcome.diagnostics.has_errors().then(|| {
        let said = outcome.diagnostics.into_sorted();
        let said = said
            .iter()
            .map(|one| format!("{}: {} ({})\n", one.code, one.message, one.path));
        ("errors".to_owned(), said.collect::<String>())
    });
    let files = outcome.tree.map(kubewright_files::Tree::into_files);
    let files = files.unwrap_or_default().into_iter().map(|file| {
        let kept = file
            .text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        let text = kept.map(|line| format!("{line}\n")).collect();
        (file.path.as_str().to_owned(), text)
    });
    files.chain(said).collect()
}
