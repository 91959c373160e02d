//! `Tiltfile`: where it lies, and that edits by hand stay in it.

use crate::command::{SHOP, Workplace};

fn status(stdout: &str) -> String {
    let document: serde_json::Value = serde_json::from_str(stdout).expect("JSON");
    let files = document["files"].as_array().expect("a list").iter();
    let mut own = files.filter(|file| {
        let path = file["path"].as_str().expect("a path");
        path.ends_with("Tiltfile")
    });
    let file = own.next().expect("a Tiltfile");
    file["status"].as_str().expect("a word").to_owned()
}

#[test]
fn edits_stay_and_changes_come() {
    let project = Workplace::new(SHOP);
    let generate = ["generate", "--json", "-f", "tilt"];
    assert_eq!(status(&project.run(&generate).stdout), "created");
    let text = project.read("Tiltfile");
    assert!(text.contains("k8s_yaml(["), "{text}");
    assert_eq!(status(&project.run(&generate).stdout), "unchanged");

    let own = "local_resource('seed', cmd='make seed')\n";
    project.put("Tiltfile", format!("{text}\n{own}"));
    let compose = project.read("compose.yaml");
    let more = "services:\n  aaa:\n    image: redis:8\n    ports: [\"6379:6379\"]\n";
    project.put("compose.yaml", compose.replacen("services:\n", more, 1));
    let run = project.run(&generate);
    assert_eq!(status(&run.stdout), "merged", "{}", run.stderr);
    let text = project.read("Tiltfile");
    assert!(text.contains("'k8s/aaa-deployment.yaml'"), "{text}");
    assert!(text.ends_with(own), "{text}");
}

#[test]
fn a_change_of_the_same_line_is_a_conflict() {
    let project = Workplace::new(SHOP);
    let generate = ["generate", "--json", "-f", "tilt"];
    project.run(&generate);
    let text = project.read("Tiltfile");
    project.put(
        "Tiltfile",
        text.replacen("k8s_yaml([\n", "k8s_yaml(yaml=[\n", 1),
    );
    let compose = project.read("compose.yaml");
    let more = "services:\n  aaa:\n    image: redis:8\n    ports: [\"6379:6379\"]\n";
    project.put("compose.yaml", compose.replacen("services:\n", more, 1));
    let run = project.run(&generate);
    assert_eq!(status(&run.stdout), "conflict", "{}", run.stdout);
    assert!(project.read("Tiltfile").contains("k8s_yaml(yaml=["));
}
