//! What `explain` says.

use crate::command::{SHOP, Workplace};

#[test]
fn a_field_has_its_keys_and_its_rule() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&[
        "explain",
        "deployment/web",
        "spec.template.spec.containers[0].image",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    k8s/web-deployment.yaml:52
    Deployment web, asked for at compose.yaml:3:3
    spec.template.spec.containers[web].image = ghcr.io/acme/web:1.4.2

    rule: image
      the image, when it is pulled, and the command that runs in it

    decided by
     --> compose.yaml:4:5
      |
    4 |     image: ghcr.io/acme/web:1.4.2
      |     ^^^^^
       = services.web.image
    "#);
}

#[test]
fn a_line_of_an_edited_file_is_the_line_that_people_see() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate"]);
    let text = shop.read("k8s/web-deployment.yaml");
    shop.put("k8s/web-deployment.yaml", format!("# mine\n# too\n{text}"));
    let line = text
        .lines()
        .position(|line| line.contains("image: ghcr"))
        .expect("an image")
        + 3;
    let run = shop.run(&["explain", &format!("k8s/web-deployment.yaml:{line}")]);
    assert!(
        run.stdout.contains("= services.web.image"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    let run = shop.run(&["explain", "./k8s/web-deployment.yaml:1"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn a_key_shows_what_became_of_it() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["explain", "compose.yaml:5"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r#"
     --> compose.yaml:5:5
      |
    5 |     ports: ["8080:3000"]
      |     ^^^^^
       = services.web.ports

    in the output
      k8s/web-deployment.yaml:53
        spec.template.spec.containers[web].ports
      k8s/web-service.yaml
        the whole object, Service web

    note[published-port]: port 8080 of `web` is not reachable from outside the cluster
     --> compose.yaml:5:13
      |
    5 |     ports: ["8080:3000"]
      |             ^^^^^^^^^^^ published here
      |
      = help: choose a way in with `--expose ingress --domain shop.example.com`, or try it with `kubectl port-forward service/web 8080:3000`
    "#);
    let run = shop.run(&["explain", "compose.yaml:10"]);
    assert!(!run.stdout.contains("hunter2"), "{}", run.stdout);
}

#[test]
fn machines_get_a_document() {
    let shop = Workplace::new(SHOP);
    let run = shop.run(&["explain", "--json", "compose.yaml:4"]);
    let found: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        found["explanation"]["inputs"][0]["path"],
        "services.web.image"
    );
    assert_eq!(found["explanation"]["required"], true);
    assert!(
        !found["explanation"]["outputs"]
            .as_array()
            .expect("a list")
            .is_empty()
    );
}

#[test]
fn wrong_questions_are_told_so() {
    let shop = Workplace::new(SHOP);
    let rows = [
        (&["explain", "compose.yaml"][..], "which line of it?"),
        (&["explain", "compose.yaml:99"], "line 99"),
        (&["explain", "nothing.yaml:3"], "neither an input"),
        (
            &["explain", "charts/shop/values.yaml:3"],
            "a file of a form",
        ),
        (
            &["explain", "deployment/wep"],
            "did you mean `deployment/web`?",
        ),
        (&["explain", "deployment/web", "spec.repicas"], "`spec` has"),
    ];
    for (arguments, words) in rows {
        let run = shop.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let shop = Workplace::new(SHOP);
    let pipe = shop.path("k8s/pipe");
    std::fs::create_dir(shop.path("k8s")).expect("a folder");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    for file in ["/dev/zero", "k8s/pipe", "k8s"] {
        let run = shop.run(&["explain", &format!("{file}:1")]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{file}");
        let said = format!("no line of `{file}` can be explained: not a regular file");
        assert!(run.stderr.contains(&said), "{}", run.stderr);
    }
    let long = std::fs::File::create(shop.path("k8s/long")).expect("a file");
    long.set_len(1 << 40).expect("a hole");
    let run = shop.run(&["explain", "k8s/long:1"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("bytes, at most"), "{}", run.stderr);
}

#[test]
fn keys_that_share_a_field_are_told_as_such() {
    let shop = Workplace::new(
        "name: shop\nservices:\n  web:\n    image: ghcr.io/acme/web:1.4.2\n    expose: [\"3000\"]\n    ports: [\"8080:3000\"]\n",
    );
    let asked = [
        "explain",
        "deployment/web",
        "spec.template.spec.containers[web].ports",
    ];
    let run = shop.run(&asked);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.stdout
            .contains("\nshared by these: each would be enough alone\n --> compose.yaml:5:14\n"),
        "{}",
        run.stdout
    );
    let run = shop.run(&[&asked[..], &["--json"]].concat());
    let found: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(found["explanation"]["shared"], true);
}
