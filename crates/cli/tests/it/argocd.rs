//! The form for Argo CD: where it lies, what is said of it, and that edits by hand stay.

use crate::command::{SHOP, Workplace};

const APPS: &str = "\
environments: {test: {}, production: {}}
apps:
  web: {image: 'acme/web:1', ports: 80:8080}
output: {argocd: {repo: 'https://git.acme.test/shop.git'}}
";

fn project() -> Workplace {
    let project = Workplace::new(SHOP);
    project.put("apps.yaml", APPS);
    project
}

const GENERATE: [&str; 4] = ["generate", "apps.yaml", "-f", "argocd"];

#[test]
fn it_says_what_comes_next() {
    let project = project();
    let next = |arguments: &[&str]| {
        let run = project.run(arguments);
        let last = run.stderr.lines().last().unwrap_or_default();
        last.to_owned()
    };
    let apply = "next: commit and push, then kubectl apply -f";
    let others = "or the same for `production`";
    let of_each = format!("{apply} argocd/test/root.yaml, {others}");
    assert_eq!(next(&GENERATE), of_each);
    assert_eq!(next(&GENERATE), of_each);
    let out = [&GENERATE[..], &["-o", "out"]].concat();
    let of_each = format!("{apply} out/argocd/test/root.yaml, {others}");
    assert_eq!(next(&out), of_each);
    assert_eq!(next(&out), of_each);
    let set = [&GENERATE[..], &["--application-set", "-o", "set"]].concat();
    assert_eq!(next(&set), format!("{apply} set/argocd/root.yaml"));
    assert_eq!(
        next(&["generate", "compose.yaml", "-f", "argocd", "-o", "nameless"]),
        format!("{apply} nameless/argocd/root.yaml")
    );
}

#[test]
fn edits_by_hand_stay() {
    const APPLICATION: &str = "argocd/production/web-application.yaml";
    let project = project();
    project.run(&GENERATE);
    let text = project.read(APPLICATION);
    let edited = text.replace("limit: 5", "limit: 9");
    assert_ne!(text, edited);
    project.put(APPLICATION, edited);
    let more = "apps:\n  web: {volumes: {data: /data}, ";
    project.put("apps.yaml", APPS.replace("apps:\n  web: {", more));
    let run = project.run(&GENERATE);
    assert!(
        run.stderr.contains(&format!("merged  {APPLICATION}")),
        "{}",
        run.stderr
    );
    let merged = project.read(APPLICATION);
    assert!(merged.contains("limit: 9"), "{merged}");
    assert!(merged.contains("-pvc.yaml"), "{merged}");
}

/// What stands for the repository is put in once, by hand.
#[test]
fn a_repository_that_was_put_in_stays() {
    let project = project();
    let generate = ["generate", "compose.yaml", "-f", "argocd"];
    let run = project.run(&generate);
    assert!(run.stderr.contains("no-repository"), "{}", run.stderr);
    let files = ["argocd/web-application.yaml", "argocd/root.yaml"];
    for file in files {
        let text = project
            .read(file)
            .replace("CHANGE_ME", "https://git.test/shop");
        project.put(file, text);
    }
    project.put("compose.yaml", SHOP.replace("8080:3000", "8081:3000"));
    project.run(&generate);
    for file in files {
        let text = project.read(file);
        assert!(text.contains("repoURL: https://git.test/shop"), "{text}");
    }
}

#[test]
fn another_environment_stays() {
    let project = project();
    project.run(&GENERATE);
    let run = project.run(&[&GENERATE[..], &["-e", "test"]].concat());
    assert!(!run.stderr.contains("stale"), "{}", run.stderr);
    assert!(!project.read("argocd/production/root.yaml").is_empty());
}
