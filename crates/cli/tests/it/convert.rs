//! `convert`: another language for the same.

use std::collections::BTreeMap;

use crate::command::{SHOP, Workplace};

#[test]
fn an_apps_yaml_says_what_the_compose_file_says() {
    let shop = Workplace::new(SHOP);
    shop.run(&["generate", "-q"]);
    let run = shop.run(&["convert", "-q", "--to", "apps.yaml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r"
    # made by kubewright, from compose.yaml
    # Values that are not in this file; put them into `.env` beside it:
    #   POSTGRES_PASSWORD=
    name: shop

    infrastructure:
      db:
        image: postgres:17
        service: {ordinary: true}
        environment: {POSTGRES_PASSWORD: {secret: POSTGRES_PASSWORD}}

    apps:
      # published-port: port 8080 of `web` is not reachable from outside the cluster
      web:
        image: ghcr.io/acme/web:1.4.2
        ports: 3000
        depends_on: db
    ");

    let other = Workplace::new(SHOP);
    std::fs::remove_file(other.path("compose.yaml")).expect("it is there");
    other.put("apps.yaml", run.stdout);
    other.put(".env", "POSTGRES_PASSWORD=hunter2\n");
    let again = other.run(&["generate", "-q"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(manifests(&shop), manifests(&other));
}

/// All manifests without their first line, which says where they came from.
fn manifests(place: &Workplace) -> BTreeMap<String, String> {
    let names = place.files().into_iter();
    let names = names.filter(|name| name.starts_with("k8s/") && name.ends_with(".yaml"));
    let manifest = |name: String| {
        let text = place.read(&name);
        let rest = text.split_once('\n').map(|(_, rest)| rest.to_owned());
        (name, rest.unwrap_or_default())
    };
    let manifests: BTreeMap<String, String> = names.map(manifest).collect();
    assert!(manifests.len() > 3, "{manifests:?}");
    manifests
}

/// Version 2 becomes version 3 with all its environments; no variable needs a value,
/// and none that stands in clear is printed.
#[test]
fn a_document_stays_a_document() {
    let place = Workplace::new(SHOP);
    place.put(
        "old.yaml",
        "# Ours.\nversion: \"2\"\ndefaults: {namespace: acme, registry: {gcp: \"${REGISTRY}/acme\"}}\n\
         environments: {local: {domain: localhost}, gcp: {domain: acme.test}}\n\
         apps:\n  # Sells.\n  - name: shop\n    path: src/shop\n    scaling: {type: none}\n    \
         environment: {DB_PASSWORD: planted-hunter2}\n    gcp: {replicas: 2}  # for now\n",
    );
    let run = place.run(&["convert", "old.yaml", "--to", "apps.yaml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    insta::assert_snapshot!(run.stdout, @r#"
    # made by kubewright, from old.yaml
    # Values that are not in this file; put them into `.env` beside it:
    #   DB_PASSWORD=
    #
    # Ours.
    environments:
      local: {domain: localhost}
      gcp: {domain: acme.test, registry: "${REGISTRY}/acme"}

    defaults: {namespace: acme, ingress: traefik}

    apps:
      # Sells.
      shop:
        build: src/shop
        ports: {http: "80:8080"}
        environment: {DB_PASSWORD: "${DB_PASSWORD}"}
        resources: {memory: 256Mi, cpu: 100m}
        scaling: none
        access: private
        overrides:
          # for now
          gcp: {replicas: 2}
    "#);
}

#[test]
fn one_environment_is_written() {
    let place = Workplace::new(SHOP);
    place.put(
        "apps.yaml",
        "environments: {a: {}, b: {}}\napps: {web: {image: web:1, overrides: {b: {replicas: 2}}}}\n",
    );
    for asked in [["--resolved", "-q"], ["--namespace", "shop"]] {
        let run = place.run(&[
            "convert",
            "apps.yaml",
            "--to",
            "apps.yaml",
            asked[0],
            asked[1],
        ]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(
            run.stderr.contains("name one with `--env`: `a`, `b`"),
            "{}",
            run.stderr
        );
    }
    let run = place.run(&["convert", "apps.yaml", "-e", "b", "--to", "apps.yaml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout
            .ends_with("apps:\n  web:\n    image: web:1\n    replicas: 2\n"),
        "{}",
        run.stdout
    );
}

/// A secret may be part of a name, in which no variable can stand.
#[test]
fn no_secret_is_printed() {
    let compose = "services:\n  web:\n    image: web:1\n    labels: [\"${API_TOKEN}\"]\n    command: serve --key=${API_TOKEN}\n";
    let place = Workplace::new(compose);
    place.put(".env", "API_TOKEN=planted-hunter2\n");
    let run = place.run(&["convert", "--to", "apps.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.contains("error[secret-in-clear]"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    place.put(
        "compose.yaml",
        compose.replace("    labels: [\"${API_TOKEN}\"]\n", ""),
    );
    let run = place.run(&["convert", "--to", "apps.yaml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("args: [serve, \"--key=${WEB_KEY}\"]"),
        "{}",
        run.stdout
    );
}
