//! The form for Kustomize: where it lies, what is said of it, and that its files are
//! written like every other file.

use crate::command::{SHOP, Workplace};

const APPS: &str = "\
environments: {test: {}, production: {}}
apps:
  web: {image: 'acme/web:1', ports: 80:8080, overrides: {production: {image: 'acme/web:2'}}}
";

fn project() -> Workplace {
    let project = Workplace::new(SHOP);
    project.put("apps.yaml", APPS);
    project
}

const GENERATE: [&str; 4] = ["generate", "apps.yaml", "-f", "kustomize"];

#[test]
fn it_says_what_was_written_and_what_comes_next() {
    let project = project();
    for statuses in ["created", "unchanged", "unchanged"] {
        let run = project.run(&GENERATE);
        let expected = format!(
            "kustomize/  2 objects in 5 files, all {statuses}\n\
             next: kubectl apply -k kustomize/overlays/test, or the same for `production`\n"
        );
        assert!(run.stderr.ends_with(&expected), "{}", run.stderr);
    }
    let run = project.run(&[&GENERATE[..], &["-f", "manifests", "-o", "out"]].concat());
    let expected = "out/manifests/  4 objects in 4 files, all created\n\
                    out/kustomize/  2 objects in 5 files, all created\n\
                    next: kubectl apply -f out/manifests/production/, or out/manifests/test/\n  \
                    or: kubectl apply -k out/kustomize/overlays/test, or the same for \
                    `production`\n";
    assert!(run.stderr.ends_with(expected), "{}", run.stderr);
}

#[test]
fn edits_by_hand_stay() {
    const OVERLAY: &str = "kustomize/overlays/production/kustomization.yaml";
    let project = project();
    project.run(&GENERATE);
    let text = project.read(OVERLAY);
    let edited = text.replace(
        "    newTag: \"2\"\n",
        "    newTag: \"2\"\nbuildMetadata: [originAnnotations]\n",
    );
    assert_ne!(text, edited);
    project.put(OVERLAY, edited);
    project.put("apps.yaml", APPS.replace("web:2", "web:3"));
    let run = project.run(&GENERATE);
    assert!(
        run.stderr.contains(&format!("merged  {OVERLAY}")),
        "{}",
        run.stderr
    );
    let merged = project.read(OVERLAY);
    assert!(merged.contains("newTag: \"3\""), "{merged}");
    assert!(
        merged.contains("buildMetadata: [originAnnotations]"),
        "{merged}"
    );
}

/// A base of one environment would not be the base of the others.
#[test]
fn one_environment_alone_leaves_it_as_it_is() {
    let project = project();
    project.run(&[&GENERATE[..], &["-o", "out"]].concat());
    let before = project.read("out/kustomize/base/web-deployment.yaml");
    let one = ["-o", "out", "-e", "production", "--prune"];
    let run = project.run(&[&GENERATE[..], &one].concat());
    let said = "of all environments together";
    assert!(run.code == 2 && run.stderr.contains(said), "{run:?}");
    assert!(!project.path("out/production").exists());
    // Beside another form it is left out.
    let both = [&GENERATE[..], &["-f", "manifests"], &one].concat();
    let run = project.run(&both);
    assert!(run.code == 0 && run.stderr.contains(said), "{run:?}");
    assert_eq!(
        project.read("out/kustomize/base/web-deployment.yaml"),
        before
    );
    project.read("out/kustomize/overlays/test/kustomization.yaml");
    project.read("out/production/web-deployment.yaml");
}
