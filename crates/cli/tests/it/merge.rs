//! Files edited by hand, and a compose file that changes meanwhile.

use crate::command::{Run, SHOP, Workplace};

const WEB: &str = "k8s/web-deployment.yaml";

/// A project that was generated once.
fn shop() -> Workplace {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    shop
}

/// Replaces a part of a file that is there once.
fn edit(shop: &Workplace, file: &str, old: &str, new: &str) {
    let text = shop.read(file);
    assert_eq!(text.matches(old).count(), 1, "`{old}` in\n{text}");
    shop.put(file, text.replace(old, new));
}

fn statuses(run: &Run) -> Vec<(String, String)> {
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let files = document["files"].as_array().expect("a list").iter();
    let word = |value: &serde_json::Value| value.as_str().expect("a word").to_owned();
    files
        .map(|file| (word(&file["path"]), word(&file["status"])))
        .filter(|(_, status)| status != "unchanged")
        .collect()
}

fn status(path: &str, status: &str) -> (String, String) {
    (path.to_owned(), status.to_owned())
}

#[test]
fn edits_by_hand_survive_a_regeneration() {
    let shop = shop();
    edit(
        &shop,
        WEB,
        "spec:\n  selector:",
        "spec:\n  replicas: 4 # for the sale\n  selector:",
    );
    let run = shop.run(&["generate", "--json"]);
    assert_eq!(
        (run.code, statuses(&run)),
        (0, vec![status("web-deployment.yaml", "kept")])
    );

    edit(&shop, "compose.yaml", "web:1.4.2", "web:1.5.0");
    let run = shop.run(&["generate", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let found = statuses(&run);
    assert!(
        found.contains(&status("web-deployment.yaml", "merged")),
        "{found:?}"
    );
    let text = shop.read(WEB);
    assert!(text.contains("  replicas: 4 # for the sale\n"), "{text}");
    assert!(text.contains("image: ghcr.io/acme/web:1.5.0\n"), "{text}");

    let run = shop.run(&["generate", "--json"]);
    assert_eq!(
        (run.code, statuses(&run)),
        (0, vec![status("web-deployment.yaml", "kept")])
    );
    assert_eq!(shop.read(WEB), text, "merging twice is merging once");
}

#[test]
fn a_conflict_keeps_the_file_and_tells_both_sides() {
    let shop = shop();
    edit(
        &shop,
        WEB,
        "image: ghcr.io/acme/web:1.4.2",
        "image: mine/web:1",
    );
    edit(&shop, "compose.yaml", "web:1.4.2", "web:1.5.0");
    let before = shop.read(WEB);
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 1);
    assert_eq!(shop.read(WEB), before);
    insta::assert_snapshot!(run.stderr, @"
    warning[edit-conflict]: `spec.template.spec.containers[web].image` of `k8s/web-deployment.yaml` was edited by hand and is generated differently now; the file was kept, and 2 other changes of it were not taken either
      --> k8s/web-deployment.yaml:52:18
       |
    52 |           image: mine/web:1
       |                  ^^^^^^^^^^ you have `mine/web:1`, kubewright would write `ghcr.io/acme/web:1.5.0`, it was `ghcr.io/acme/web:1.4.2`
       |
       = help: to take ours, write `ghcr.io/acme/web:1.5.0`; to keep yours, put `# kubewright: keep` behind it; `--policy overwrite` replaces the file
    ");
    // It stays a conflict until somebody decides.
    assert_eq!(shop.run(&["generate", "-q"]).code, 1);
    edit(
        &shop,
        WEB,
        "image: mine/web:1",
        "image: mine/web:1 # kubewright: keep",
    );
    let run = shop.run(&["generate", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let text = shop.read(WEB);
    assert!(
        text.contains("image: mine/web:1 # kubewright: keep\n"),
        "{text}"
    );
    assert!(text.contains("app.kubernetes.io/version: 1.5.0"), "{text}");
}

#[test]
fn what_a_kept_file_lacks_is_told_of_those_that_want_it() {
    let compose = "name: shop\nservices:\n  web:\n    image: ghcr.io/acme/web:1.4.2\n    environment: {LEVEL: info}\n";
    let shop = Workplace::new(compose);
    assert_eq!(shop.run(&["generate", "-q"]).code, 0);
    let config = "k8s/web-config.yaml";
    edit(&shop, config, "LEVEL: info", "LEVEL: debug");
    edit(
        &shop,
        "compose.yaml",
        "{LEVEL: info}",
        "{LEVEL: warn, COLOUR: blue, SIZE: large}",
    );
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stderr, @"
    warning[edit-conflict]: `data.LEVEL` of `k8s/web-config.yaml` was edited by hand and is generated differently now; the file was kept, and 2 other changes of it were not taken either
      --> k8s/web-config.yaml:13:10
       |
    13 |   LEVEL: debug
       |          ^^^^^ you have `debug`, kubewright would write `warn`, it was `info`
       |
       = help: to take ours, write `warn`; to keep yours, put `# kubewright: keep` behind it; `--policy overwrite` replaces the file

    warning[dangling-reference]: `k8s/web-deployment.yaml` refers to `COLOUR`, `SIZE` of ConfigMap `web-config`, but `k8s/web-config.yaml` was kept and has no such thing
      --> k8s/web-deployment.yaml:39:24
     = help: settle the conflict of `k8s/web-config.yaml` and run again, or write `COLOUR`, `SIZE` into it
    ");
    // As long as it is so.
    let again = shop.run(&["generate", "-q"]);
    assert_eq!((again.code, again.stderr), (1, run.stderr));
    edit(&shop, config, "LEVEL: debug", "LEVEL: warn");
    let run = shop.run(&["generate", "-q"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    assert!(shop.read(config).contains("COLOUR: blue"));
}

#[test]
fn what_an_edited_file_without_a_conflict_lacks_is_told_on_every_run() {
    let compose = "name: shop\nservices:\n  web:\n    image: ghcr.io/acme/web:1.4.2\n    environment: {LEVEL: info, COLOUR: blue}\n";
    let shop = Workplace::new(compose);
    assert_eq!(shop.run(&["generate", "-q"]).code, 0);
    edit(&shop, "k8s/web-config.yaml", "  COLOUR: blue\n", "");
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.stderr, @"
    warning[dangling-reference]: `k8s/web-deployment.yaml` refers to `COLOUR` of ConfigMap `web-config`, but `k8s/web-config.yaml` was edited and has no such thing
      --> k8s/web-deployment.yaml:39:24
     = help: write `COLOUR` into `k8s/web-config.yaml`
    ");
    let again = shop.run(&["generate", "-q"]);
    assert_eq!((again.code, again.stderr), (0, run.stderr));
    // The container does not want it any more: that is the user's word, too.
    edit(
        &shop,
        WEB,
        "            - name: COLOUR\n              valueFrom:\n                configMapKeyRef:\n                  name: web-config\n                  key: COLOUR\n",
        "",
    );
    let run = shop.run(&["generate", "-q"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
}

#[test]
fn a_kept_file_that_wants_what_is_gone_is_told() {
    let compose = "name: shop\nservices:\n  web:\n    image: ghcr.io/acme/web:1.4.2\n    environment: {LEVEL: info, COLOUR: blue}\n";
    let shop = Workplace::new(compose);
    assert_eq!(shop.run(&["generate", "-q"]).code, 0);
    edit(&shop, WEB, "acme/web:1.4.2", "acme/web:1.4.3");
    edit(&shop, "compose.yaml", "web:1.4.2", "web:1.5.0");
    edit(&shop, "compose.yaml", ", COLOUR: blue", "");
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr.matches("dangling-reference").count(), 1);
    let said = "`k8s/web-deployment.yaml` was kept and refers to `COLOUR` of ConfigMap `web-config`, but `k8s/web-config.yaml` has no such thing any more";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

#[test]
fn a_port_that_both_changed_is_not_taken_twice() {
    let shop = Workplace::new(
        "name: shop\nservices:\n  web:\n    image: ghcr.io/acme/web:1.4.2\n    ports: [\"8000:8000\"]\n",
    );
    assert_eq!(shop.run(&["generate", "-q"]).code, 0);
    let service = "k8s/web-service.yaml";
    edit(
        &shop,
        service,
        "- port: 8000\n",
        "- port: 80\n      targetPort: 8000\n",
    );
    edit(&shop, "compose.yaml", "8000:8000", "9000:9000");
    let before = shop.read(service);
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(shop.read(service), before);
    insta::assert_snapshot!(run.stderr, @"
    warning[edit-conflict]: `spec.ports[8000]` of `k8s/web-service.yaml` was edited by hand and is generated differently now; the file was kept
      --> k8s/web-service.yaml:16:7
       |
    16 |     - port: 80
       |       ^^^^^^^^ you have `port: 80…`, kubewright would write `port: 9000`, it was `port: 8000`
       |
       = help: to take ours, write `port: 9000`; to keep yours, put `# kubewright: keep` behind it; `--policy overwrite` replaces the file
    ");
    // The user's own stays for good where it is marked.
    edit(
        &shop,
        service,
        "- port: 80\n      targetPort: 8000\n",
        "- port: 80 # kubewright: keep\n      targetPort: 9000\n",
    );
    let kept = shop.read(service);
    let run = shop.run(&["generate", "-q"]);
    assert_eq!((run.code, shop.read(service)), (0, kept), "{}", run.stderr);
}

#[test]
fn what_looks_secret_in_a_conflict_is_not_shown() {
    let compose = "name: shop\nservices:\n  web:\n    image: ghcr.io/acme/web:1.4.2\n    command: [serve, --port=80]\n";
    let rows = [
        (
            "- --port=80",
            "- --password=by-hand-0123",
            "to take ours, delete the file and generate again",
            "--> k8s/web-deployment.yaml:",
        ),
        (
            "- --port=80",
            "- --port=81",
            "to take ours, write `[serve, --port=90]`",
            "you have `[serve, --port=81]`, kubewright would write `[serve, --port=90]`, it was `[serve, --port=80]`",
        ),
    ];
    for (old, edited, expected, place) in rows {
        let shop = Workplace::new(compose);
        assert_eq!(shop.run(&["generate", "-q"]).code, 0);
        edit(&shop, WEB, old, edited);
        edit(&shop, "compose.yaml", "--port=80", "--port=90");
        let text = shop.run(&["generate", "-q"]);
        let json = shop.run(&["generate", "--json"]);
        assert_eq!(text.code, 1, "{}", text.stderr);
        assert!(text.stderr.contains(place), "{}", text.stderr);
        for said in [&text.stderr, &json.stdout] {
            assert!(said.contains("edit-conflict"), "{said}");
            assert!(said.contains(expected), "{said}");
            assert!(!said.contains("by-hand"), "{said}");
        }
    }
}

#[test]
fn values_of_secrets_are_never_shown_and_never_remembered() {
    let shop = shop();
    let secret = "k8s/db-secrets.yaml";
    edit(&shop, secret, "hunter2", "by-hand-0123");
    edit(&shop, "compose.yaml", "hunter2", "changed-4567");
    let run = shop.run(&["generate", "--verbose"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("edit-conflict"), "{}", run.stderr);
    let json = shop.run(&["generate", "--json"]);
    let diff = shop.run(&["diff"]);
    for text in [
        &run.stderr,
        &run.stdout,
        &json.stdout,
        &json.stderr,
        &diff.stdout,
        &diff.stderr,
    ] {
        for value in ["hunter2", "by-hand-0123", "changed-4567"] {
            assert!(!text.contains(value), "{value} in\n{text}");
        }
    }
    for file in shop
        .files()
        .iter()
        .filter(|file| file.contains(".kubewright"))
    {
        let bytes = std::fs::read(shop.path(file)).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("hunter") && !text.contains("changed-4567"),
            "{file}"
        );
    }
    assert!(
        shop.read("k8s/.gitignore")
            .contains("/.kubewright/secrets.lz4\n")
    );
}

#[test]
fn other_edits_of_a_secret_are_merged() {
    let shop = shop();
    let secret = "k8s/db-secrets.yaml";
    edit(
        &shop,
        secret,
        "stringData:",
        "# rotated in May\nstringData:",
    );
    edit(&shop, "compose.yaml", "hunter2", "changed-4567");
    let run = shop.run(&["generate", "--json"]);
    assert!(
        statuses(&run).contains(&status("db-secrets.yaml", "merged")),
        "{}",
        run.stdout
    );
    let text = shop.read(secret);
    assert!(
        text.contains("# rotated in May\n") && text.contains("changed-4567"),
        "{text}"
    );
}

#[test]
fn foreign_files_and_forgotten_texts() {
    let shop = Workplace::new(SHOP);
    shop.put(WEB, "mine: true\n");
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("foreign-file"), "{}", run.stderr);
    assert_eq!(shop.read(WEB), "mine: true\n");

    let shop = self::shop();
    edit(
        &shop,
        WEB,
        "kind: Deployment\n",
        "kind: Deployment # mine\n",
    );
    edit(&shop, "compose.yaml", "web:1.4.2", "web:1.5.0");
    shop.put("k8s/.kubewright/texts.lz4", "damaged");
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("not-mergeable"), "{}", run.stderr);
    assert!(shop.read(WEB).contains("# mine"));
}

#[test]
fn what_the_user_removed() {
    let shop = shop();
    std::fs::remove_file(shop.path(WEB)).expect("it is there");
    let run = shop.run(&["generate", "--json"]);
    assert_eq!(statuses(&run), [status("web-deployment.yaml", "created")]);
}

#[test]
fn pruning_leaves_what_was_edited() {
    let shop = shop();
    let text = SHOP.replace("  web:\n", "  front:\n");
    edit(
        &shop,
        "k8s/web-service.yaml",
        "kind: Service\n",
        "kind: Service # mine\n",
    );
    shop.put("compose.yaml", text);
    let run = shop.run(&["generate", "--prune", "--json"]);
    let found = statuses(&run);
    assert!(
        found.contains(&status("web-deployment.yaml", "removed")),
        "{found:?}"
    );
    assert!(
        found.contains(&status("web-service.yaml", "stale")),
        "{found:?}"
    );
    assert!(shop.read("k8s/web-service.yaml").contains("# mine"));
}

#[test]
fn the_remedy_for_a_value_of_a_secret_can_be_followed() {
    let shop = shop();
    let secret = "k8s/db-secrets.yaml";
    edit(&shop, secret, "hunter2", "by-hand-0123");
    edit(&shop, "compose.yaml", "hunter2", "changed-4567");
    let run = shop.run(&["generate", "-q"]);
    let help = "help: to take ours, delete the file and generate again; to keep yours";
    assert!(run.stderr.contains(help), "{}", run.stderr);
    assert!(!run.stderr.contains("write `***`"), "{}", run.stderr);
    std::fs::remove_file(shop.path(secret)).expect("a file");
    assert_eq!(shop.run(&["generate", "-q"]).code, 0);
    assert!(shop.read(secret).contains("changed-4567"));
}
