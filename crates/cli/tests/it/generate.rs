//! What `generate` does when all is well.

use crate::command::{SHOP, Workplace};

#[test]
fn it_writes_says_so_and_says_what_comes_next() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["generate"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    insta::assert_snapshot!(run.stderr, @r#"
    note[published-port]: port 8080 of `web` is not reachable from outside the cluster
     --> compose.yaml:5:13
      |
    5 |     ports: ["8080:3000"]
      |             ^^^^^^^^^^^ published here
      |
      = help: choose a way in with `--expose ingress --domain shop.example.com`, or try it with `kubectl port-forward service/web 8080:3000`

    note[moved-to-secret]: `POSTGRES_PASSWORD` of `db` went to Secret `db-secrets`
      --> compose.yaml:10:26

    k8s/  6 objects in 6 files, all created; 1 of them holds secrets and is ignored by git
    next: kubectl apply -f k8s/
    "#);
    let deployment = shop.read("k8s/web-deployment.yaml");
    assert!(
        deployment.starts_with("# from compose.yaml, service web\napiVersion: apps/v1\n"),
        "{deployment}"
    );
    assert!(shop.read("k8s/.gitignore").contains("db-secrets.yaml"));
    assert!(!shop.read("k8s/.kubewright/lock.json").contains("hunter2"));
}

#[test]
fn a_second_run_changes_nothing() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate"]);
    let before = shop.read("k8s/web-deployment.yaml");
    let run = shop.run(&["generate", "--check"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("all unchanged"), "{}", run.stderr);
    assert_eq!(shop.read("k8s/web-deployment.yaml"), before);
}

#[test]
fn check_says_that_something_would_change_and_changes_nothing() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["generate", "--check"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(!shop.path("k8s").exists());
    let run = shop.run(&["generate", "--dry-run"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!shop.path("k8s").exists());
}

#[test]
fn everything_can_be_printed() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["generate", "-o", "-", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let documents: Vec<&str> = run.stdout.split("---\n").collect();
    assert!(
        documents
            .iter()
            .all(|document| document.starts_with("# from compose.yaml, "))
    );
    assert!(run.stdout.contains("kind: StatefulSet"));
    assert_eq!(shop.files(), ["compose.yaml"]);
}

#[test]
fn standard_input_is_read() {
    let shop = Workplace::new(SHOP);
    let named = shop.run(&["generate", "-o", "-", "-q"]);
    let piped = shop.run_with(&["generate", "-", "-o", "-", "-q"], SHOP);
    assert_eq!(piped.code, 0, "{}", piped.stderr);
    let renamed = named
        .stdout
        .replace("# from compose.yaml,", "# from <stdin>,");
    assert_eq!(piped.stdout, renamed);
}

#[test]
fn machines_get_one_document() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["generate", "--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let results: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(results["version"], 1);
    assert_eq!(results["exit"], 0);
    let files = results["files"].as_array().expect("files");
    let web = files
        .iter()
        .find(|file| file["path"] == "web-deployment.yaml")
        .expect("the Deployment");
    assert_eq!(web["status"], "created");
    assert_eq!(web["objects"][0]["kind"], "Deployment");
    let said = results["diagnostics"].as_array().expect("diagnostics");
    let moved = said
        .iter()
        .find(|said| said["code"] == "moved-to-secret")
        .expect("a note");
    assert_eq!(
        (&moved["severity"], &moved["file"], &moved["line"]),
        (&"advice".into(), &"compose.yaml".into(), &10.into())
    );
    assert!(!run.stdout.contains("hunter2"));
}

#[test]
fn machines_get_errors_too() {
    let shop = Workplace::new("services:\n  web:\n    imgae: nginx:1\n");
    let run = shop.run(&["generate", "--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (2, ""));
    let results: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(results["exit"], 2);
    let said = &results["diagnostics"][0];
    assert_eq!(
        (&said["code"], &said["line"], &said["column"]),
        (&"unknown-key".into(), &3.into(), &5.into())
    );
}

#[test]
fn hand_edits_are_kept_and_named() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate"]);
    let edited = shop
        .read("k8s/web-deployment.yaml")
        .replace("acme/web:1.4.2", "acme/web:mine");
    shop.put("k8s/web-deployment.yaml", &edited);
    shop.put("compose.yaml", SHOP.replace("web:1.4.2", "web:1.4.3"));
    let run = shop.run(&["generate"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("conflict  k8s/web-deployment.yaml"),
        "{}",
        run.stderr
    );
    assert_eq!(shop.read("k8s/web-deployment.yaml"), edited);
    assert!(shop.read("k8s/web-service.yaml").contains("1.4.3"));
    let run = shop.run(&["generate", "--policy", "overwrite"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(shop.read("k8s/web-deployment.yaml").contains("web:1.4.3"));
}

#[test]
fn skip_keeps_what_is_there() {
    let shop = Workplace::new(SHOP);
    shop.put("k8s/web-service.yaml", "mine\n");
    let run = shop.run(&["generate", "--policy", "skip"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(shop.read("k8s/web-service.yaml"), "mine\n");
    assert!(run.stderr.contains("1 kept"), "{}", run.stderr);
}

#[test]
fn what_no_longer_belongs_is_named_and_pruned_when_asked() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate"]);
    shop.put("compose.yaml", "name: shop\nservices:\n  web:\n    image: ghcr.io/acme/web:1.4.2\n    ports: [\"8080:3000\"]\n");
    let run = shop.run(&["generate"]);
    assert!(
        run.stderr.contains("stale  k8s/db-statefulset.yaml"),
        "{}",
        run.stderr
    );
    assert!(shop.path("k8s/db-statefulset.yaml").exists());
    let run = shop.run(&["generate", "--prune"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!shop.path("k8s/db-statefulset.yaml").exists());
}

#[test]
fn the_other_commands_answer() {
    let shop = Workplace::new(SHOP);
    let version = shop.run(&["version"]);
    assert_eq!(
        (version.code, version.stdout),
        (0, format!("kubewright {}\n", env!("CARGO_PKG_VERSION")))
    );
    let schema: serde_json::Value =
        serde_json::from_str(&shop.run(&["schema", "results"]).stdout).expect("JSON");
    assert_eq!(schema["type"], "object");
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            shop.run(&["completions", shell])
                .stdout
                .contains("kubewright"),
            "{shell}"
        );
    }
    let help = shop.run(&["generate", "--help"]);
    assert!(help.stdout.contains("Examples:"), "{}", help.stdout);
    assert_eq!(shop.run(&["generate", "--no-such-flag"]).code, 2);
}

#[test]
fn git_sees_no_secret_whatever_stands_behind_our_rules() {
    let shop = Workplace::new(SHOP);
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .args(arguments)
            .current_dir(shop.path(""))
            .output()
            .expect("git runs");
        String::from_utf8(output.stdout).expect("text")
    };
    git(&["init", "-q"]);
    shop.run(&["generate", "-q"]);
    let rules = shop.read("k8s/.gitignore");
    shop.put("k8s/.gitignore", format!("{rules}*.log\n!*.yaml\n"));
    let secret = "k8s/db-secrets.yaml";
    let seen = || git(&["status", "--porcelain", "-uall"]).contains(secret);
    assert!(seen(), "the rule takes the file in");
    let run = shop.run(&["generate"]);
    assert!(!seen(), "{}", shop.read("k8s/.gitignore"));
    assert!(
        run.stderr
            .contains("1 of them holds secrets and is ignored by git")
    );

    git(&["add", "-f", secret]);
    let run = shop.run(&["generate"]);
    assert!(
        run.stderr.contains("warning[tracked-secret]"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("1 of them holds secrets and is tracked by git"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("ignored by git"), "{}", run.stderr);
}

#[test]
fn standard_input_is_read_as_files_are() {
    let place = Workplace::new("");
    let text = "services: {web: {image: \"mine/web:1\"}}\n";
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    let run = place.run_with(&["generate", "-o", "-", "-"], utf16);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("image: mine/web:1"), "{}", run.stdout);
    let run = place.run_with(&["generate", "-o", "-", "-"], b"services:\n  \xe4: {}\n");
    assert_eq!(run.code, 2);
    let said = "`standard input` is not UTF-8: byte 0xe4 at offset 12, in line 2";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

#[test]
fn what_services_share_by_an_alias_is_said_once() {
    let compose = "name: shop\nx-base: &base\n  cgroup_parent: x\n  volumes: [/etc/localtime:/etc/localtime:ro]\n  environment: {A_TOKEN: abc}\nservices:\n  a: {<<: *base, image: acme/a:1}\n  b: {<<: *base, image: acme/b:1}\n  c: {<<: *base, image: acme/c:1, cgroup_parent: y}\n";
    let shop = Workplace::new(compose);
    let run = shop.run(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stderr, @"
    warning[not-carried]: `cgroup_parent` of service `a` has no counterpart in Kubernetes
     --> compose.yaml:3:3
      |
    3 |   cgroup_parent: x
      |   ^^^^^^^^^^^^^
      |
      = help: this is the matter of the node's container runtime; ask whoever runs the nodes; the same goes for `b`, which shares this line

    warning[host-path]: `/etc/localtime` of the machine becomes a path of the node: it comes from whichever node the pod runs on
     --> compose.yaml:4:13
      |
    4 |   volumes: [/etc/localtime:/etc/localtime:ro]
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: set the variable `TZ` instead

    note[moved-to-secret]: `A_TOKEN` of `a` went to Secret `a-secrets`
     --> compose.yaml:5:26
     = help: the same goes for `b`, `c`, which share this line

    warning[not-carried]: `cgroup_parent` of service `c` has no counterpart in Kubernetes
     --> compose.yaml:9:35
      |
    9 |   c: {<<: *base, image: acme/c:1, cgroup_parent: y}
      |                                   ^^^^^^^^^^^^^
      |
      = help: this is the matter of the node's container runtime; ask whoever runs the nodes

    k8s/  6 objects in 6 files, all created; 3 of them hold secrets and are ignored by git
    next: kubectl apply -f k8s/
    ");
}
