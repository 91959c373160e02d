//! `diff`: what `generate` would change.

use crate::command::{SHOP, Workplace};

#[test]
fn it_shows_what_generate_would_change_and_changes_nothing() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate", "-q"]);
    let run = shop.run(&["diff", "-q"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "")
    );

    let changed = SHOP
        .replace("web:1.4.2", "web:1.5.0")
        .replace("hunter2", "meadow");
    shop.put("compose.yaml", changed);
    let deployment = shop.read("k8s/web-deployment.yaml");
    shop.put(
        "k8s/web-deployment.yaml",
        deployment.replace("kind: Deployment\n", "kind: Deployment # mine\n"),
    );
    let before: Vec<_> = shop
        .files()
        .iter()
        .map(|file| std::fs::read(shop.path(file)).ok())
        .collect();
    let run = shop.run(&["diff", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let parts: Vec<&str> = run.stdout.split("--- ").collect();
    let names: Vec<&str> = parts
        .iter()
        .filter_map(|part| part.lines().next())
        .collect();
    assert_eq!(
        names,
        [
            "k8s/db-statefulset.yaml",
            "k8s/db-secrets.yaml",
            "k8s/web-deployment.yaml",
            "k8s/web-service.yaml"
        ]
    );
    let secret = "  stringData:\n-  POSTGRES_PASSWORD: ***\n+  POSTGRES_PASSWORD: ***\n";
    assert!(
        parts[2].ends_with(&secret.replacen("  ", " ", 1)),
        "{}",
        parts[2]
    );
    insta::assert_snapshot!(parts[4], @r"
    k8s/web-service.yaml
    +++ k8s/web-service.yaml
    @@ -7,7 +7,7 @@
         app: web
         app.kubernetes.io/name: web
         app.kubernetes.io/part-of: shop
    -    app.kubernetes.io/version: 1.4.2
    +    app.kubernetes.io/version: 1.5.0
         app.kubernetes.io/managed-by: kubewright
     spec:
       selector:
    ");
    let after: Vec<_> = shop
        .files()
        .iter()
        .map(|file| std::fs::read(shop.path(file)).ok())
        .collect();
    assert_eq!(before, after);
    assert!(!run.stdout.contains("hunter2") && !run.stdout.contains("meadow"));

    // What it shows is what comes.
    shop.run(&["generate", "-q"]);
    let run = shop.run(&["diff", "-q"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
}

#[test]
fn colours_are_asked_for() {
    let shop = Workplace::new(SHOP);
    let plain = shop.run(&["diff", "-q"]);
    assert_eq!(plain.code, 1);
    assert!(
        plain.stdout.starts_with("--- /dev/null\n+++ k8s/"),
        "{}",
        plain.stdout
    );
    assert!(!plain.stdout.contains('\u{1b}'));
    let coloured = shop.run(&["diff", "-q", "--color", "always"]);
    assert!(
        coloured
            .stdout
            .contains("\u{1b}[32m+kind: Deployment\u{1b}[0m\n")
    );
    assert!(!shop.path("k8s").exists());
}

#[test]
fn machines_get_diffs_too() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate", "-q"]);
    shop.put("compose.yaml", SHOP.replace("web:1.4.2", "web:1.5.0"));
    let run = shop.run(&["diff", "--json"]);
    assert_eq!(run.code, 1);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(document["exit"], 1);
    let files = document["files"].as_array().expect("a list");
    let changed: Vec<_> = files
        .iter()
        .filter(|file| file["status"] == "updated")
        .collect();
    assert_eq!(changed.len(), 2, "{files:?}");
    for file in changed {
        let diff = file["diff"].as_str().expect("a text");
        assert!(diff.contains("1.5.0"), "{diff}");
    }
}

#[test]
fn removed_files_and_stale_ones() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate", "-q"]);
    shop.put("compose.yaml", SHOP.replace("  web:\n", "  front:\n"));
    let run = shop.run(&["diff"]);
    assert!(
        run.stderr.contains("stale  k8s/web-service.yaml"),
        "{}",
        run.stderr
    );
    assert!(!run.stdout.contains("--- k8s/web-service.yaml"));
    let run = shop.run(&["diff", "--prune"]);
    assert!(
        run.stdout
            .contains("--- k8s/web-service.yaml\n+++ /dev/null\n"),
        "{}",
        run.stdout
    );
}

/// Texts with the value `hunter9` in a place where no reader of lines finds it.
#[test]
fn no_text_that_may_hold_a_secret_is_shown() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n";
    let rows = [
        (
            "k8s/db-secrets.yaml",
            "+# POSTGRES_PASSWORD: hunter9\n".to_owned(),
        ),
        ("k8s/db-secrets.yaml", "+oops: [hunter9\n".to_owned()),
        (
            "k8s/web-service.yaml",
            format!("+---\n{secret}stringData: {{P: hunter9}}\n"),
        ),
        (
            "k8s/web-service.yaml",
            format!("{secret}stringData:\n  P: hunter9\n"),
        ),
        (
            "k8s/web-service.yaml",
            format!("{secret}data: {{P: [hunter9}}\n"),
        ),
        (
            "k8s/web-service.yaml",
            "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  data: {P: hunter9}\n".to_owned(),
        ),
        (
            "k8s/web-service.yaml",
            "+# kind: Secret\n# data: {P: hunter9}\n".to_owned(),
        ),
        ("k8s/web-service.yaml", "data:\n  P: hunter9\n".to_owned()),
    ];
    for (file, text) in rows {
        let shop = Workplace::new(SHOP);
        shop.run(&["generate", "-q"]);
        let text = match text.strip_prefix('+') {
            Some(more) => shop.read(file) + more,
            None => text,
        };
        shop.put(file, &text);
        let changed = SHOP
            .replace("web:1.4.2", "web:1.5.0")
            .replace("8080:3000", "8081:3001")
            .replace("hunter2", "meadow");
        shop.put("compose.yaml", changed);
        let mut shown = false;
        for arguments in [
            &["diff", "--policy", "overwrite"][..],
            &["diff", "--policy", "overwrite", "--json"],
            &["diff", "--prune"],
            &["diff", "--json"],
            &["generate", "--verbose", "--dry-run"],
            &["generate", "--json"],
        ] {
            let run = shop.run(arguments);
            let all = run.stdout + &run.stderr;
            for value in ["hunter", "meadow"] {
                assert!(
                    !all.contains(value),
                    "{arguments:?} shows {value} of\n{text}\n{all}"
                );
            }
            shown |= arguments.len() == 3 && all.contains(&format!("--- {file}\n+++ {file}\n"));
        }
        assert!(shown, "the diff names {file} of\n{text}");
    }
}

#[test]
fn what_may_hold_a_secret_and_is_no_yaml_has_its_lines_counted() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate", "-q"]);
    shop.put("k8s/db-secrets.yaml", "one: [\ntwo\n");
    let run = shop.run(&["diff", "-q", "--policy", "overwrite"]);
    assert_eq!(
        run.stdout,
        "--- k8s/db-secrets.yaml\n+++ k8s/db-secrets.yaml\n\
         # differs; not shown, it may hold a secret: 2 lines before, 13 after\n"
    );
}
