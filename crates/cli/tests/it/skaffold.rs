//! `skaffold.yaml`: where it lies, and that it is written like every other file.

use crate::command::{Run, SHOP, Workplace};

const STATE: &str = r#"{
  "namespace": "shop",
  "output_dir": "deploy/k8s",
  "skaffold": true,
  "_services": [
    {"name": "web", "image": "acme/web:1.2", "port": 8080, "dockerfile": "web/Dockerfile"}
  ]
}
"#;

fn project() -> Workplace {
    let project = Workplace::new(SHOP);
    project.put("state.json", STATE);
    project
}

/// What became of `skaffold.yaml`, with its path.
fn outcome(run: &Run) -> (String, String) {
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let files = document["files"].as_array().expect("a list").iter();
    let word = |value: &serde_json::Value| value.as_str().expect("a word").to_owned();
    let mut files = files.map(|file| (word(&file["path"]), word(&file["status"])));
    let found = files.find(|(path, _)| path.ends_with("skaffold.yaml"));
    found.unwrap_or_else(|| panic!("no skaffold.yaml: {}", run.stdout))
}

fn outcome_is(run: &Run, path: &str, status: &str) {
    assert_eq!(outcome(run), (path.to_owned(), status.to_owned()));
}

#[test]
fn it_lies_at_the_top_and_keeps_edits() {
    const PATH: &str = "../../skaffold.yaml";
    let project = project();
    let generate = ["generate", "state.json", "--json"];
    outcome_is(&project.run(&generate), PATH, "created");
    let text = project.read("skaffold.yaml");
    assert!(
        text.contains("    - deploy/k8s/web-deployment.yaml\n"),
        "{text}"
    );
    assert!(text.contains("      context: .\n"), "{text}");
    outcome_is(&project.run(&generate), PATH, "unchanged");

    project.put(
        "skaffold.yaml",
        text.replace("concurrency: 1", "concurrency: 3"),
    );
    let changed = STATE.replace(
        "\"skaffold\": true",
        "\"skaffold\": true, \"serverSideApply\": true",
    );
    project.put("state.json", changed);
    let run = project.run(&["diff", "-q", "state.json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.contains("+++ skaffold.yaml\n"), "{}", run.stdout);
    let check = project.run(&["generate", "state.json", "-q", "--check"]);
    assert_eq!(check.code, 1, "{}", check.stderr);
    outcome_is(&project.run(&generate), PATH, "merged");
    let text = project.read("skaffold.yaml");
    assert!(
        text.contains("concurrency: 3") && text.contains("--server-side"),
        "{text}"
    );
}

#[test]
fn it_is_stale_when_it_is_wanted_no_more() {
    const PATH: &str = "../../skaffold.yaml";
    let project = project();
    project.run(&["generate", "state.json", "-q"]);
    project.put("state.json", STATE.replace("\"skaffold\": true,", ""));
    for _ in 0..2 {
        let run = project.run(&["generate", "state.json", "--json"]);
        outcome_is(&run, PATH, "stale");
    }
    assert!(project.path("skaffold.yaml").exists());
    let run = project.run(&["generate", "state.json", "--json", "--prune"]);
    outcome_is(&run, PATH, "removed");
    assert!(!project.path("skaffold.yaml").exists());
}

#[test]
fn a_file_of_somebody_else_stays() {
    let project = project();
    project.put(
        "skaffold.yaml",
        "apiVersion: skaffold/v4beta13\nkind: Config\n",
    );
    let run = project.run(&["generate", "state.json", "--json"]);
    outcome_is(&run, "../../skaffold.yaml", "conflict");
    assert_eq!(run.code, 1, "{}", run.stderr);
    let run = project.run(&["generate", "state.json", "--json", "--policy", "skip"]);
    outcome_is(&run, "../../skaffold.yaml", "kept");
    assert_eq!(
        project.read("skaffold.yaml"),
        "apiVersion: skaffold/v4beta13\nkind: Config\n"
    );
}

#[test]
fn a_named_folder_holds_everything() {
    let project = project();
    let run = project.run(&["generate", "state.json", "--json", "-o", "out/here"]);
    outcome_is(&run, "skaffold.yaml", "created");
    let text = project.read("out/here/skaffold.yaml");
    assert!(text.contains("    - web-deployment.yaml\n"), "{text}");
    assert!(text.contains("      context: ../..\n"), "{text}");
    assert!(!project.files().contains(&"skaffold.yaml".to_owned()));
}

#[test]
fn options_count_more_than_the_state() {
    let project = project();
    let run = project.run(&["generate", "state.json", "-q", "-f", "manifests"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!project.files().contains(&"skaffold.yaml".to_owned()));

    let run = project.run(&["generate", "state.json", "-o", "-"]);
    assert!(!run.stdout.contains("skaffold/v"), "{}", run.stdout);
    let run = project.run(&[
        "generate",
        "state.json",
        "-o",
        "-",
        "-f",
        "manifests",
        "-f",
        "skaffold",
    ]);
    assert!(
        run.stdout
            .contains("---\n# skaffold.yaml\n# from state.json\napiVersion: skaffold/v")
    );

    // Of compose files, too, which cannot ask for it themselves.
    let run = project.run(&["generate", "--json", "-f", "skaffold"]);
    outcome_is(&run, "../skaffold.yaml", "created");
}
