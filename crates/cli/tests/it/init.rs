//! What `init --print` says.

use serde_json::Value;

use crate::command::{SHOP, Workplace};

fn shop() -> Workplace {
    let shop = Workplace::new(SHOP);
    shop.put("compose.prod.yaml", "services: {web: {restart: always}}\n");
    shop.put(
        "web/package.json",
        r#"{"name": "web", "dependencies": {"next": "15"}}"#,
    );
    shop.put("web/package-lock.json", "{}");
    shop.put("web/Dockerfile", "FROM node:22\nUSER node\nEXPOSE 3000\n");
    shop.put(".env", "API_TOKEN=hunter2-of-env\n");
    shop.put(
        ".git/config",
        "[remote \"origin\"]\n\turl = https://me:hunter2@github.com/acme/shop.git\n",
    );
    shop.put(
        "k8s/web.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
    );
    shop
}

#[test]
fn very_long_names_are_cut_off() {
    let place = Workplace::new("services: {}\n");
    place.put("Dockerfile", format!("FROM {}\n", "x".repeat(70_000)));
    let run = place.run(&["init", "--print"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.lines().all(|line| line.chars().count() < 400));
}

#[test]
fn a_page_for_people() {
    let run = shop().run(&["init", "--print"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @"
    shop

    compose: compose.yaml
      db   infrastructure  StatefulSet  :5432  postgres:17
      web  application     Deployment   :3000  ghcr.io/acme/web:1.4.2
      beside it: compose.prod.yaml

    modules
      web/  web  node-nextjs  runs  22, npm

    Dockerfiles
      web/Dockerfile  from node:22  1 stage  :3000  user node

    Kubernetes
      manifests  1 object in 1 file

    around it
      environments  prod (default)
      variables     .env (1 name)
      repository    github.com/acme/shop
      registry      ghcr.io/acme

    next: kubewright generate
    ");
}

#[test]
fn a_document_for_programs() {
    let shop = shop();
    let run = shop.run(&["init", "--print", "--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(!run.stdout.contains("hunter2"), "{}", run.stdout);
    let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(document["version"], 1);
    assert_eq!(document["exit"], 0);
    let found = &document["detection"];
    assert_eq!(found["mode"], "compose");
    assert_eq!(found["git"]["registry"], "ghcr.io/acme");
    assert_eq!(found["variableFiles"][0]["names"][0], "API_TOKEN");
    let again = shop.run(&["init", "--print", "--json", "."]);
    assert_eq!(again.stdout, run.stdout);
    let schema = shop.run(&["schema", "detection"]);
    let schema: Value = serde_json::from_str(&schema.stdout).expect("JSON");
    for key in found.as_object().expect("an object").keys() {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
    let results = shop.run(&["schema", "results"]).stdout;
    let results: Value = serde_json::from_str(&results).expect("JSON");
    for key in document.as_object().expect("an object").keys() {
        assert!(results["properties"][key].is_object(), "{key}");
    }
}

#[test]
fn nothing_is_written() {
    let shop = shop();
    let before = shop.files();
    shop.run(&["init", "--print"]);
    shop.run(&["init"]);
    assert_eq!(shop.files(), before);
}

#[test]
fn without_print_it_says_what_it_can() {
    let run = shop().run(&["init"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr, @"
    error[usage]: `init` without `--print` is not there yet: it writes no `apps.yaml`
     |
     = help: add `--print` to see what it finds: `kubewright init --print`; `kubewright generate` makes manifests of a compose file

    nothing was written: 1 error
    ");
}

#[test]
fn a_folder_that_is_none() {
    let shop = shop();
    for folder in ["nowhere", "compose.yaml"] {
        let run = shop.run(&["init", "--print", folder]);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(
            run.stderr.contains("error[file]") && run.stderr.contains(folder),
            "{}",
            run.stderr
        );
        let run = shop.run(&["init", "--print", "--json", folder]);
        let document: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(document["diagnostics"][0]["code"], "file");
        assert_eq!(run.code, 2);
    }
}

#[test]
fn names_that_would_steer_the_terminal_are_shown_plain() {
    let place = Workplace::new("services: {\"a\": {image: \"b\\e[31mc\"}}\n");
    let run = place.run(&["init", "--print"]);
    assert!(!run.stdout.contains('\u{1b}'), "{:?}", run.stdout);
}

#[test]
fn a_kept_state_is_what_comes_next() {
    let place = Workplace::new("");
    place.put(
        "shop/.kubewright/wizard-state.json",
        r#"{"_services":[{"name":"a","image":"a:1"}]}"#,
    );
    let run = place.run(&["init", "--print", "shop"]);
    let command = "kubewright generate shop/.kubewright/wizard-state.json";
    let next = format!("next: {command}\n");
    assert!(run.stdout.ends_with(&next), "{}", run.stdout);
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert_eq!(place.run(&words).code, 0);
}

#[test]
fn an_empty_folder_has_nothing_to_start_from() {
    let place = Workplace::new("");
    place.put("empty/.keep", "");
    let run = place.run(&["init", "--print", "empty"]);
    assert_eq!(run.code, 0);
    assert!(
        run.stdout.contains("nothing to start from"),
        "{}",
        run.stdout
    );
}
