//! How many files the manifests are, and lists for programs.

use crate::command::{SHOP, Workplace};

fn documents(text: &str) -> Vec<&str> {
    text.split("---\n").collect()
}

/// Every layout says what the plain one says, in as many documents.
#[test]
fn every_layout_holds_the_same_objects() {
    let shop = Workplace::new(SHOP);
    let plain = shop.run(&["generate", "-q", "-o", "-"]).stdout;
    let mut expected = documents(&plain);
    expected.sort_unstable();
    let rows: [(&str, &[&str]); 3] = [
        (
            "one-file-per-object",
            &[
                "db-headless-service.yaml",
                "db-secrets.yaml",
                "db-service.yaml",
                "db-statefulset.yaml",
                "web-deployment.yaml",
                "web-service.yaml",
            ],
        ),
        (
            "one-file-per-app",
            &["db-secrets.yaml", "db.yaml", "web.yaml"],
        ),
        ("single", &["db-secrets.yaml", "shop.yaml"]),
    ];
    for (layout, files) in rows {
        let run = shop.run(&["generate", "-q", "--layout", layout, "-o", layout]);
        assert_eq!(run.code, 0, "{run:?}");
        let texts: Vec<String> = files
            .iter()
            .map(|file| shop.read(&format!("{layout}/{file}")))
            .collect();
        let mut found: Vec<&str> = texts.iter().flat_map(|text| documents(text)).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{layout}");
        let all = shop.files();
        let written = all
            .iter()
            .filter(|file| file.starts_with(&format!("{layout}/")) && file.ends_with(".yaml"));
        assert_eq!(written.count(), files.len(), "{all:?}");
    }
}

#[test]
fn one_layout_replaces_another_and_edits_stay() {
    let shop = Workplace::new(SHOP);
    let generate = |layout: &str| shop.run(&["generate", "-q", "--prune", "--layout", layout]);
    assert_eq!(generate("one-file-per-object").code, 0);
    assert_eq!(generate("one-file-per-app").code, 0);
    assert!(!shop.path("k8s/web-deployment.yaml").exists());
    let text = shop.read("k8s/web.yaml");
    let edited = text.replacen("spec:\n", "spec:\n  replicas: 4 # for the sale\n", 1);
    shop.put("k8s/web.yaml", &edited);
    let compose = shop.read("compose.yaml").replace("web:1.4.2", "web:1.5.0");
    let more = compose.replace(
        "depends_on: [db]",
        "depends_on: [db]\n    environment: {LEVEL: info}",
    );
    shop.put("compose.yaml", more);
    let run = generate("one-file-per-app");
    assert_eq!(run.code, 0, "{run:?}");
    let merged = shop.read("k8s/web.yaml");
    assert!(merged.contains("replicas: 4 # for the sale"), "{merged}");
    assert!(
        merged.contains("web:1.5.0") && merged.contains("LEVEL: info"),
        "{merged}"
    );
    assert_eq!(
        shop.run(&["diff", "-q", "--layout", "one-file-per-app"])
            .code,
        0
    );
}

#[test]
fn a_line_of_a_gathered_file_is_explained_by_its_object() {
    let shop = Workplace::new(SHOP);
    assert_eq!(shop.run(&["generate", "-q", "--layout", "single"]).code, 0);
    let text = shop.read("k8s/shop.yaml");
    let line = text
        .lines()
        .position(|line| line.contains("image: ghcr.io/acme/web"));
    let target = format!("k8s/shop.yaml:{}", line.expect("it has the image") + 1);
    let run = shop.run(&["explain", &target]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.starts_with(&format!("{target}\nDeployment web")),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("= services.web.image"),
        "{}",
        run.stdout
    );
    // So is a file of a base.
    assert_eq!(shop.run(&["generate", "-q", "-f", "kustomize"]).code, 0);
    let run = shop.run(&["explain", "kustomize/base/web-deployment.yaml:5"]);
    assert!(run.stdout.contains("Deployment web"), "{run:?}");
}

#[test]
fn a_layout_is_printed_or_refused() {
    let shop = Workplace::new(SHOP);
    let printed = shop.run(&["generate", "-q", "--layout", "stdout"]);
    assert_eq!(
        printed.stdout,
        shop.run(&["generate", "-q", "-o", "-"]).stdout
    );
    let run = shop.run(&["generate", "--layout", "stdout", "-o", "out"]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = shop.run(&["generate", "-q", "--layout", "single", "-f", "tilt"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("cannot stand beside the form `tilt`"),
        "{run:?}"
    );
    let run = shop.run(&[
        "generate",
        "-q",
        "--layout",
        "single",
        "-f",
        "manifests",
        "-f",
        "kustomize",
        "-o",
        "o",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(shop.path("o/manifests/shop.yaml").exists());
    assert!(shop.path("o/kustomize/base/web-service.yaml").exists());
}

const APPS: &str = "\
name: shop
environments: {test: {}, production: {}}
apps:
  web: {image: 'acme/web:1', ports: 80:8080, overrides: {production: {image: 'acme/web:2'}}}
";

#[test]
fn lists_hold_the_objects_of_the_manifests() {
    let project = Workplace::new(SHOP);
    let run = project.run(&[
        "generate",
        "-q",
        "-f",
        "json",
        "-f",
        "manifests",
        "-o",
        "out",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let list: serde_json::Value =
        serde_json::from_str(&project.read("out/json/shop.json")).expect("JSON");
    assert_eq!(list["kind"], "List");
    let items = list["items"].as_array().expect("a list");
    let shown = |item: &serde_json::Value| {
        let name = item["metadata"]["name"].as_str().unwrap_or_default();
        let kind = item["kind"].as_str().unwrap_or_default().to_lowercase();
        format!("{name}-{kind}.yaml")
    };
    let names: Vec<String> = items.iter().map(shown).collect();
    let expected = [
        "db-headless-service.yaml",
        "db-secrets-secret.yaml",
        "db-service.yaml",
        "db-statefulset.yaml",
        "web-deployment.yaml",
        "web-service.yaml",
    ];
    let mut sorted = names;
    sorted.sort();
    assert_eq!(sorted, expected);
    // It has the value of a secret, and git does not see it.
    let ignored = project.read("out/.gitignore");
    assert!(ignored.contains("json/shop.json"), "{ignored}");
}

#[test]
fn each_environment_has_its_list_and_keeps_it() {
    let project = Workplace::new(SHOP);
    project.put("apps.yaml", APPS);
    let generate = ["generate", "apps.yaml", "-f", "json", "--prune"];
    let run = project.run(&generate);
    assert!(
        run.stderr
            .ends_with("next: kubectl apply -f json/test/, or the same for `production`\n"),
        "{run:?}"
    );
    assert!(
        project
            .read("json/production/shop.json")
            .contains("acme/web:2")
    );
    project.put("apps.yaml", APPS.replace("web:2", "web:3"));
    let run = project.run(&[&generate[..], &["-e", "production"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        project
            .read("json/production/shop.json")
            .contains("acme/web:3")
    );
    assert!(project.read("json/test/shop.json").contains("acme/web:1"));
}

#[test]
fn a_named_folder_leaves_the_projects_own_alone() {
    let project = Workplace::new(SHOP);
    assert_eq!(project.run(&["generate", "-q", "-f", "kustomize"]).code, 0);
    let run = project.run(&["generate", "-f", "kustomize", "-o", "out", "--prune"]);
    assert_eq!(run.code, 0);
    assert!(
        !run.stderr.contains("stale") && !run.stderr.contains("removed"),
        "{}",
        run.stderr
    );
    assert!(project.path("kustomize/base/kustomization.yaml").exists());
}

#[test]
fn several_environments_are_not_printed_as_one() {
    let project = Workplace::new(SHOP);
    project.put("apps.yaml", APPS);
    for form in ["manifests", "json"] {
        let run = project.run(&["generate", "apps.yaml", "-q", "-f", form, "-o", "-"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(
            run.stderr.contains("`--env`: `production` or `test`"),
            "{}",
            run.stderr
        );
        let one = [
            "generate",
            "apps.yaml",
            "-q",
            "-f",
            form,
            "-o",
            "-",
            "-e",
            "test",
        ];
        assert!(project.run(&one).stdout.contains("acme/web:1"));
    }
    // Files of a chart are named.
    let run = project.run(&["generate", "apps.yaml", "-q", "-f", "helm", "-o", "-"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.contains("# charts/shop/values.yaml\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_form_is_not_pruned_by_a_run_that_does_not_ask_for_it() {
    let project = Workplace::new(SHOP);
    project.put("apps.yaml", APPS);
    for form in ["kustomize", "helm", "json"] {
        let run = project.run(&["generate", "apps.yaml", "-q", "--prune", "-f", form]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    let run = project.run(&["generate", "apps.yaml", "--prune", "-e", "production"]);
    assert!(
        !run.stderr.contains("removed") && !run.stderr.contains("stale"),
        "{}",
        run.stderr
    );
    let run = project.run(&["generate", "apps.yaml", "--prune"]);
    assert!(
        !run.stderr.contains("removed") && !run.stderr.contains("stale"),
        "{}",
        run.stderr
    );
    for file in [
        "kustomize/base/kustomization.yaml",
        "charts/shop/Chart.yaml",
        "json/test/shop.json",
    ] {
        assert!(project.path(file).exists(), "{file}");
    }
    // An input that names its forms means these and no others.
    let named = format!("output: {{formats: [manifests, helm]}}\n{APPS}");
    project.put("apps.yaml", named);
    let run = project.run(&["generate", "apps.yaml", "--prune"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!project.path("kustomize/base/kustomization.yaml").exists());
    assert!(project.path("charts/shop/Chart.yaml").exists());
}
