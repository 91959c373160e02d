//! What docs/apps.md shows is what the program takes.

use kubewright_compile::{Input, Outcome, Request, generate};
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
