//! What the pages show is what the program takes and gives.

use std::path::Path;

use kubewright_compile::explain::{Answer, Target, explain};
use kubewright_compile::{Format, Input, Outcome, Request, generate};
use kubewright_disk::DiskFiles;
use kubewright_files::MemoryFiles;
use kubewright_read::Environment;

const PAGE: &str = include_str!("../../../../docs/apps.md");

/// The texts between "```yaml" and "```".
fn examples() -> Vec<&'static str> {
    let mut parts = PAGE.split("```yaml\n");
    parts.next();
    parts
        .map(|part| part.split("```").next().unwrap_or_default())
        .collect()
}

fn made(text: &str) -> Outcome {
    let request = Request {
        inputs: vec![Input::Text {
            name: "apps.yaml".to_owned(),
            text: text.to_owned(),
        }],
        working_directory: "/acme".into(),
        ..Request::default()
    };
    let grafana = "services: {grafana: {image: \"grafana/grafana:12\", ports: [\"3000\"]}}";
    let files = MemoryFiles::new()
        .with("web/Dockerfile", "FROM node:22\n")
        .with("stats/compose.yaml", grafana);
    generate(&request, &files, &Environment::default(), &|_, _| {})
}

#[test]
fn every_example_compiles() {
    let examples = examples();
    assert!(examples.len() > 4, "{}", examples.len());
    for text in examples {
        let outcome = made(text);
        let said = outcome.diagnostics.into_sorted();
        let files = outcome.tree.map_or(0, |tree| tree.files().len());
        assert!(files >= 2, "{text}\n{said:?}");
    }
}

#[test]
fn short_and_long_are_the_same() {
    let text = examples()
        .into_iter()
        .find(|text| text.contains("  short:"))
        .expect("the page shows both");
    let tree = made(text).tree.expect("it compiles");
    let of = |name: &str| {
        let files = tree.files().iter();
        let own = files.filter(|file| file.path.as_str().starts_with(name));
        let texts: Vec<String> = own
            .map(|file| format!("{}\n{}", file.path.as_str(), file.text))
            .collect();
        texts.join("\n").replace(name, "app")
    };
    assert!(of("short").len() > 100);
    assert_eq!(of("short"), of("long"));
}

const TODO: &str = include_str!("../../../../docs/todo.md");

/// The cells of the rows that name an object, without their backticks.
fn fields() -> Vec<[&'static str; 3]> {
    let rows = TODO.lines().filter(|line| line.starts_with("| "));
    let rows = rows.map(|line| {
        let mut cells = line.split(" | ").skip(1);
        let mut next = || {
            let cell = cells.next().unwrap_or_default();
            cell.trim_end_matches(" |").trim_matches('`')
        };
        [next(), next(), next()]
    });
    rows.filter(|[object, ..]| object.contains('/')).collect()
}

#[test]
fn the_todo_application_is_what_its_page_says() {
    let rows = fields();
    assert!(rows.len() > 60, "{}", rows.len());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/todo");
    let request = Request {
        inputs: vec![Input::File("apps.yaml".into())],
        environments: vec!["minikube".to_owned()],
        ..Request::default()
    };
    let files = DiskFiles::new(folder);
    for [object, field, expected] in rows {
        let found = field_of(&request, &files, object, field);
        assert_eq!(found.as_deref(), Some(expected), "{object} {field}");
    }
}

/// What a field of an object holds; none where the object has no such field.
fn field_of(request: &Request, files: &DiskFiles, object: &str, field: &str) -> Option<String> {
    let target = Target::Field {
        object: object.to_owned(),
        field: field.to_owned(),
    };
    let found = explain(request, files, &Environment::default(), &target);
    match found.answer {
        Some(Answer::Field(answer)) => answer.value,
        _ => None,
    }
}

#[test]
fn the_cases_are_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect("it is there");
    for (case, example) in [
        ("apps-todo/input/apps.yaml", "apps.yaml"),
        ("apps-todo/input/backend/Dockerfile", "backend/Dockerfile"),
        ("apps-todo/input/frontend/Dockerfile", "frontend/Dockerfile"),
        ("helm-todo/input/apps.yaml", "minikube.yaml"),
        ("helm-todo/input/backend/Dockerfile", "backend/Dockerfile"),
        ("helm-todo/input/frontend/Dockerfile", "frontend/Dockerfile"),
    ] {
        assert_eq!(
            read(&format!("tests/cases/{case}")),
            read(&format!("examples/todo/{example}")),
            "{case}"
        );
    }
}

const CHART: &str = include_str!("../../../../docs/todo-chart.md");

/// The cells behind the first of each row with a file, without their backticks; none
/// where there is a dash.
fn chart_rows() -> Vec<[Option<&'static str>; 4]> {
    let rows = CHART.lines().filter(|line| line.starts_with("| "));
    let rows = rows.map(|line| {
        let mut cells = line.split(" | ").skip(1);
        let mut next = || {
            let cell = cells.next().unwrap_or_default().trim_end_matches(" |");
            cell.strip_prefix('`')?.strip_suffix('`')
        };
        [next(), next(), next(), next()]
    });
    rows.filter(|[file, ..]| file.is_some()).collect()
}

#[test]
fn the_chart_of_the_todo_application_is_what_its_page_says() {
    let rows = chart_rows();
    assert!(rows.len() > 30, "{}", rows.len());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/todo");
    let request = Request {
        inputs: vec![Input::File("minikube.yaml".into())],
        ..Request::default()
    };
    let files = DiskFiles::new(&folder);
    let outcome = generate(&request, &files, &Environment::default(), &|_, _| {});
    let made = outcome.top.files();
    // Rendered, the chart is the manifests: `make forms` says so of the case.
    let request = Request {
        formats: vec![Format::Manifests],
        ..request
    };
    for row in rows {
        let [Some(path), object, field, value] = row else {
            continue;
        };
        let text = match made.iter().find(|file| file.path.as_str() == path) {
            Some(file) => file.text.clone(),
            None => std::fs::read_to_string(folder.join(path)).expect(path),
        };
        match (object, field) {
            (Some(object), Some(field)) => {
                let (kind, name) = object.split_once('/').expect("a kind and a name");
                assert!(is_of(&text, kind, name), "{object} in {path}");
                assert_eq!(
                    field_of(&request, &files, object, field).as_deref(),
                    value,
                    "{row:?}"
                );
            }
            _ => assert!(text.contains(value.expect("a text")), "{row:?}"),
        }
    }
}

/// Whether a template is of an object.
fn is_of(template: &str, kind: &str, name: &str) -> bool {
    let lower = template.to_lowercase();
    let named = format!("name: {{{{ include \"todo-app.prefix\" . }}}}{name}\n");
    lower.contains(&format!("kind: {kind}\n")) && template.contains(&named)
}

const PLATFORM: &str = include_str!("../../../../docs/platform.md");

#[test]
fn every_feature_of_a_platform_has_its_case() {
    let rows = PLATFORM.lines().filter(|line| line.starts_with("| "));
    let cases: Vec<&str> = rows
        .filter_map(|line| line.rsplit('`').nth(1))
        .filter(|case| case.starts_with("apps-"))
        .collect();
    assert!(cases.len() > 50, "{}", cases.len());
    let all = crate::case::all();
    for case in &cases {
        assert!(all.iter().any(|known| known.name == *case), "{case}");
    }
    let elsewhere = [
        "apps-complete",
        "apps-compose",
        "apps-compose-layers",
        "apps-minimal",
        "apps-todo",
        "apps-typical",
    ];
    for known in &all {
        let is_row = known.name.starts_with("apps-") && !known.name.starts_with("apps-v2");
        let is_listed = cases.contains(&known.name.as_str());
        let is_expected = !is_row || is_listed || elsewhere.contains(&known.name.as_str());
        assert!(is_expected, "{} is on no page", known.name);
    }
}
