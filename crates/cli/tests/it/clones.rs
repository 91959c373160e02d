//! A clone lacks the files that git ignores: nothing to change there.

use std::fs;

use crate::command::{SHOP, Workplace};

/// What a clone of the project has: all but what our `.gitignore` names.
fn clone_of(shop: &Workplace) -> Workplace {
    let clone = Workplace::new(SHOP);
    let ignored = shop.read("k8s/.gitignore");
    let is_ignored = |path: &str| {
        let below = path.strip_prefix("k8s/").unwrap_or_default();
        below.starts_with(".kubewright/cache/")
            || ignored.lines().any(|line| line == format!("/{below}"))
    };
    for path in shop.files().iter().filter(|path| !is_ignored(path)) {
        clone.put(path, fs::read(shop.path(path)).expect("a file"));
    }
    assert!(!clone.path("k8s/db-secrets.yaml").exists());
    assert!(!clone.path("k8s/.kubewright/secrets.json").exists());
    clone
}

fn generated() -> Workplace {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    shop
}

#[test]
fn check_finds_nothing_to_change_in_a_clone() {
    let clone = clone_of(&generated());
    let before = clone.files();
    let run = clone.run(&["generate", "--check"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let said = "k8s/  6 objects in 6 files, 5 unchanged, 1 absent; 1 of them holds secrets and is \
                ignored by git (1 is not in this clone) (nothing was written)";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_eq!(clone.files(), before);

    let run = clone.run(&["generate", "--check", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let results: serde_json::Value = serde_json::from_str(&run.stdout).expect("results");
    let files = results["files"].as_array().expect("files");
    let absent = files.iter().filter(|file| file["status"] == "absent");
    let absent: Vec<_> = absent.map(|file| file["path"].as_str()).collect();
    assert_eq!(absent, [Some("db-secrets.yaml")]);
}

#[test]
fn generate_writes_what_a_clone_lacks() {
    let clone = clone_of(&generated());
    let run = clone.run(&["generate", "--dry-run"]);
    assert!(run.stderr.contains("1 created"), "{}", run.stderr);
    let run = clone.run(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(clone.read("k8s/db-secrets.yaml").contains("hunter2"));
    let run = clone.run(&["generate", "--check"]);
    assert!(run.stderr.contains("all unchanged"), "{}", run.stderr);
}

#[test]
fn diff_leaves_out_what_a_clone_lacks() {
    let clone = clone_of(&generated());
    let run = clone.run(&["diff"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(
        run.stderr.contains(
            "left out: 1 file with secrets that git ignores and that is not in this clone"
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn a_clone_that_is_not_up_to_date_is_told() {
    let shop = generated();
    let changes: [(&str, &str, &str); 3] = [
        ("another image", "web:1.4.2", "web:1.4.3"),
        ("another password", "hunter2", "hunter3"),
        (
            "a secret of another service",
            "    depends_on: [db]\n",
            "    depends_on: [db]\n    environment: {API_TOKEN: s3cret}\n",
        ),
    ];
    for (name, old, new) in changes {
        let clone = clone_of(&shop);
        clone.put("compose.yaml", SHOP.replace(old, new));
        for command in [&["generate", "--check"][..], &["diff"]] {
            let run = clone.run(command);
            assert_eq!(run.code, 1, "{name}: {}", run.stderr);
        }
    }
}

#[test]
fn without_our_rules_a_missing_file_is_a_change() {
    let clone = clone_of(&generated());
    fs::remove_file(clone.path("k8s/.gitignore")).expect("it is there");
    let run = clone.run(&["generate", "--check"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
}

/// A clone lacks the secrets of other forms, too, and their rules of `.gitignore` stay.
#[test]
fn rules_of_other_forms_stay_in_a_clone() {
    let shop = Workplace::new(SHOP);
    let apps = "name: shop\nenvironments: {a: {}, b: {}}\napps:\n  web: {image: 'acme/web:1', env_file: web.env}\n";
    shop.put("apps.yaml", apps);
    shop.put("web.env", "API_TOKEN=planted\n");
    for form in ["manifests", "kustomize", "helm"] {
        let run = shop.run(&["generate", "apps.yaml", "-f", form]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let rules = shop.read(".gitignore");
    for form in ["/charts/", "/kustomize/"] {
        assert!(rules.contains(form), "{rules}");
    }
    for path in shop.files() {
        if path.contains("secrets") {
            std::fs::remove_file(shop.path(&path)).expect("it is there");
        }
    }
    for form in ["manifests", "kustomize", "helm"] {
        let run = shop.run(&["generate", "apps.yaml", "-f", form]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(shop.read(".gitignore"), rules, "{form}");
    }
}
