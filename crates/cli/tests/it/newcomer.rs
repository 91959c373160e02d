//! What people try who know `docker compose` and `kubectl`, and what they are told.

use crate::command::{Run, SHOP, Workplace};

fn says(run: &Run, words: &[&str]) {
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` in\n{}", run.stderr);
    }
}

fn is_silent_about(run: &Run, word: &str) {
    assert!(!run.stderr.contains(word), "`{word}` in\n{}", run.stderr);
}

#[test]
fn an_input_behind_f_is_told_from_a_form() {
    let shop = Workplace::new(SHOP);
    for file in ["compose.yaml", "missing.yml", "-"] {
        let run = shop.run(&["generate", "-f", file]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        let help = format!("name the file without `-f`: `kubewright generate {file}`");
        says(&run, &[&help]);
    }
    let run = shop.run(&["generate", "-f", "helmm"]);
    assert_eq!(run.code, 2);
    says(&run, &["possible values: manifests"]);
}

#[test]
fn options_without_effect_are_said() {
    let rows: [(&[&str], &[&str]); 6] = [
        (
            &["--tls-secret", "tls"],
            &["`--tls-secret tls` has no effect"],
        ),
        (
            &["--ingress-class", "traefik"],
            &["`--ingress-class traefik`"],
        ),
        (&["--cluster-issuer", "acme"], &["`--cluster-issuer acme`"]),
        (
            &["--gateway", "infra/main"],
            &["`--gateway main` has no effect"],
        ),
        (
            &[
                "--expose",
                "nodeport",
                "--domain",
                "example.com",
                "--tls-secret",
                "tls",
            ],
            &["`--domain example.com`", "`--tls-secret tls`"],
        ),
        (
            &[
                "--expose",
                "ingress",
                "--domain",
                "example.com",
                "--gateway",
                "infra/main",
            ],
            &["`--gateway main`"],
        ),
    ];
    for (options, words) in rows {
        let run = Workplace::new(SHOP).run(&[&["generate"], options].concat());
        assert_eq!(run.code, 0, "{options:?}: {}", run.stderr);
        says(&run, words);
        let count = run.stderr.matches("warning[unused-option]").count();
        assert_eq!(count, words.len(), "{options:?}: {}", run.stderr);
    }
    let used: [&[&str]; 4] = [
        &[
            "--domain",
            "example.com",
            "--tls-secret",
            "tls",
            "--ingress-class",
            "traefik",
        ],
        &["--domain", "example.com", "--cluster-issuer", "acme"],
        &[
            "--domain",
            "example.com",
            "--expose",
            "gateway",
            "--gateway",
            "infra/main",
        ],
        &[
            "--domain",
            "example.com",
            "--expose",
            "gateway",
            "--ingress-class",
            "eg",
        ],
    ];
    for options in used {
        let run = Workplace::new(SHOP).run(&[&["generate"], options].concat());
        assert_eq!(run.code, 0, "{options:?}: {}", run.stderr);
        is_silent_about(&run, "unused-option");
    }
}

#[test]
fn the_summary_says_what_becomes_of_stale_files() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate"]);
    shop.put("compose.yaml", SHOP.replace("  web:\n", "  front:\n"));
    let first = shop.run(&["generate"]);
    says(
        &first,
        &[
            "stale: 2 files no longer belong: `--prune` removes those that nobody edited",
            "objects that no other file holds stay in the cluster until `kubectl delete KIND NAME`",
            "next: run again with `--prune`, for they would be applied again; then kubectl apply -f k8s/",
        ],
    );
    // A run that compiles nothing says the same.
    let second = shop.run(&["generate"]);
    says(
        &second,
        &["stale: 2 files no longer belong", "all unchanged"],
    );
    let text = shop.read("k8s/web-service.yaml");
    shop.put("k8s/web-service.yaml", text + "# mine\n");
    let run = shop.run(&["generate", "--prune"]);
    says(
        &run,
        &[
            "stale: 1 file no longer belongs: it was edited, and `--prune` keeps what was edited",
            "removed: objects that no other file holds stay in the cluster",
            "next: remove the stale files above, for they \
             would be applied again; then kubectl apply -f k8s/",
        ],
    );
}

#[test]
fn a_conflict_says_what_else_was_not_taken() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate"]);
    let path = "k8s/web-deployment.yaml";
    let edited = shop.read(path).replace("acme/web:1.4.2", "acme/web:mine");
    shop.put(path, edited);
    shop.put("compose.yaml", SHOP.replace("web:1.4.2", "web:1.4.3"));
    let run = shop.run(&["generate"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    // The version stands in the labels of the Deployment and of its pods.
    says(
        &run,
        &[
            "the file was kept, and 2 other changes of it were not taken either",
            "next: settle the conflict above and run again",
        ],
    );
    is_silent_about(&run, "kubectl apply");
}

#[test]
fn objects_have_the_short_names_of_kubectl() {
    let shop = Workplace::new(SHOP);
    let rows = [
        ("deploy/web", "Deployment web"),
        ("po/web", "Deployment web"),
        ("svc/web", "Service web"),
        ("sts/db", "StatefulSet db"),
        ("secrets/db-secrets", "Secret db-secrets"),
    ];
    for (asked, object) in rows {
        let run = shop.run(&["explain", asked]);
        assert_eq!(run.code, 0, "{asked}: {}", run.stderr);
        assert!(run.stdout.contains(object), "{asked}: {}", run.stdout);
    }
}

#[test]
fn explain_from_another_folder_names_the_option() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["explain", "other/compose.yaml:3"]);
    says(&run, &["error[no-such-target]", "--input"]);
    std::fs::remove_file(shop.path("compose.yaml")).expect("it is there");
    let run = shop.run(&["explain", "deployment/web"]);
    says(&run, &["there is no compose file", "--input"]);
}

#[test]
fn a_key_that_is_reported_restates_no_default() {
    let shop =
        Workplace::new("services:\n  web:\n    image: nginx:1\n    logging: {driver: syslog}\n");
    let run = shop.run(&["explain", "compose.yaml:4"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("[not-carried]"), "{}", run.stdout);
    assert!(!run.stdout.contains("restates"), "{}", run.stdout);
}

#[test]
fn a_required_variable_is_never_an_empty_string() {
    let shop = Workplace::new(
        "services:\n  web:\n    image: \"nginx:${MODE:?}\"\n    hostname: \"a${MODE}\"\n",
    );
    let run = shop.run(&["generate"]);
    assert_eq!(run.code, 2);
    says(&run, &["required variable `MODE` is missing a value"]);
    is_silent_about(&run, "empty string");
}

#[test]
fn help_can_be_typed_as_it_stands() {
    let rows = [
        (
            "    labels: {kubewright.expse: ingress}\n",
            "did you mean `kubewright.expose`?",
        ),
        (
            "    healthcheck: {test: [CMD, \"true\"], interval: 10}\n",
            "help: write `10s` for seconds",
        ),
    ];
    for (line, help) in rows {
        let text = format!("services:\n  web:\n    image: nginx:1\n{line}");
        says(&Workplace::new(&text).run(&["generate"]), &[help]);
    }
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n";
    let run = Workplace::new(manifest).run(&["generate", "compose.yaml"]);
    assert_eq!(run.code, 2);
    says(&run, &["this is a Kubernetes object already"]);
}
