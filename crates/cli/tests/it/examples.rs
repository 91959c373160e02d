//! What README and the examples tell people to type works, and shows what they
//! show.

use std::path::Path;

use crate::command::{SHOP, Workplace};

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The examples, in a place of their own.
fn examples() -> Workplace {
    let place = Workplace::new("services: {}\n");
    std::fs::remove_file(place.path("compose.yaml")).expect("it is there");
    copy(&place, "examples");
    place
}

fn copy(place: &Workplace, folder: &str) {
    for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
        let entry = entry.expect("a folder can be read");
        let below = format!("{folder}/{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true if below.ends_with("/k8s") => {}
            true => copy(place, &below),
            false => place.put(&below, std::fs::read(entry.path()).expect("a file")),
        }
    }
}

/// Lines that begin with `kubewright`, perhaps behind `$ `.
fn commands(text: &str) -> Vec<Vec<String>> {
    let lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches("$ "));
    let typed = lines.filter_map(|line| line.strip_prefix("kubewright "));
    let words = |line: &str| {
        let line = line.split(" #").next().unwrap_or_default();
        let words = line.split_whitespace();
        words
            .map(|word| word.trim_matches('\'').to_owned())
            .collect()
    };
    typed.map(words).collect()
}

#[test]
fn the_commands_of_the_examples_work() {
    for name in ["", "/shop", "/blog", "/jobs"] {
        let found = commands(&page(&format!("examples{name}/README.md")));
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        let arguments: Vec<&str> = found[0].iter().map(String::as_str).collect();
        let run = examples().run(&arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn the_first_page_shows_what_comes_out() {
    let text = page("README.md");
    let place = examples();
    let run = place.run(&["generate", "examples/shop"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let manifest = place.read("examples/shop/k8s/api-deployment.yaml");
    let shown = |text: &str| text.replace("examples/shop/", "");
    assert!(text.contains(&format!("```yaml\n{}```\n", shown(&manifest))));
    assert!(text.contains(&format!("```console\n{}```\n", shown(&run.stderr))));
    let compose = page("examples/shop/compose.yaml");
    let api = compose.lines().skip_while(|line| *line != "  api:");
    let api = api.take_while(|line| *line != "  db:").count();
    assert!(
        text.contains(&format!("from the {api} lines of `api`")),
        "{api}"
    );
}

#[test]
fn the_field_that_help_and_readme_ask_about_is_there() {
    let place = examples();
    let typed = "deployment/api 'spec.template.spec.containers[0].image'";
    let help = place.run(&["explain", "--help"]).stdout;
    assert!(
        page("README.md").contains(typed) && help.contains(typed),
        "{help}"
    );
    let field = "spec.template.spec.containers[0].image";
    let run = place.run(&["explain", "deployment/api", field, "-i", "examples/shop"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let first = "examples/shop/k8s/api-deployment.yaml:";
    assert!(run.stdout.starts_with(first), "{}", run.stdout);
}

#[test]
fn a_folder_is_its_compose_file() {
    let place = Workplace::new(SHOP);
    place.put("shop/compose.yaml", SHOP);
    place.put(
        "shop/compose.override.yaml",
        "services: {web: {image: \"ghcr.io/acme/web:${TAG}\"}}\n",
    );
    place.put("shop/.env", "TAG=9.9.9\n");
    for arguments in [
        &["generate", "shop", "-o", "-"][..],
        &["convert", "shop/", "--to", "compose"],
        &["explain", "deployment/web", "-i", "shop"],
    ] {
        let run = place.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
    }
    let printed = place.run(&["generate", "shop", "-o", "-"]).stdout;
    assert!(printed.contains("web:9.9.9"), "{printed}");
    let run = place.run(&["generate", "shop"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(place.path("shop/k8s/web-deployment.yaml").exists());
    let run = place.run(&["diff", "shop"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
}

#[test]
fn a_folder_without_a_compose_file_is_an_error() {
    let place = Workplace::new(SHOP);
    place.put("empty/readme.txt", "");
    let run = place.run(&["generate", "empty"]);
    assert_eq!(run.code, 2);
    let words = "there is no compose file in `empty`";
    assert!(run.stderr.contains(words), "{}", run.stderr);
}
