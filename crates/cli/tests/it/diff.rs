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

const APPS: &str = "\
name: shop
environments:
  staging: {namespace: staging}
  production: {namespace: shop}
apps:
  web:
    image: acme/web:1
    ports: 80:8080
    environment: {LEVEL: debug, ONLY: staging, SAME: x}
    labels: {acme.org/tier: front}
    overrides:
      production:
        image: acme/web:2
        replicas: 3
        environment: {LEVEL: info, ONLY: null, MORE: 'a: b'}
        volumes: {tmp: {mount_path: /tmp, type: emptyDir}}
  worker: {image: 'acme/worker:1', overrides: {production: {enabled: false}}}
";

#[test]
fn two_environments_differ_field_by_field() {
    let project = Workplace::new(SHOP);
    project.put("apps.yaml", APPS);
    let diff = ["diff", "apps.yaml", "-e", "staging", "-e", "production"];
    let run = project.run(&diff);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    --- /dev/null
    +++ production/shop-namespace.yaml
    +apiVersion: v1
    +kind: Namespace
    +metadata:
    +  name: shop
    +  labels:
    +    app.kubernetes.io/part-of: shop
    +    app.kubernetes.io/managed-by: kubewright
    --- staging/staging-namespace.yaml
    +++ /dev/null
    -apiVersion: v1
    -kind: Namespace
    -metadata:
    -  name: staging
    -  labels:
    -    app.kubernetes.io/part-of: shop
    -    app.kubernetes.io/managed-by: kubewright
    --- staging/web-config.yaml
    +++ production/web-config.yaml
    @@ data.LEVEL @@
    -debug
    +info
    @@ data.ONLY @@
    -staging
    @@ data.MORE @@
    +"a: b"
    @@ metadata.labels[app.kubernetes.io/version] @@
    -"1"
    +"2"
    @@ metadata.namespace @@
    -staging
    +shop
    --- staging/web-deployment.yaml
    +++ production/web-deployment.yaml
    @@ metadata.labels[app.kubernetes.io/version] @@
    -"1"
    +"2"
    @@ metadata.namespace @@
    -staging
    +shop
    @@ spec.template.metadata.annotations[kubewright.dev/config-hash] @@
    -de81c8f5
    +c16c3adf
    @@ spec.template.metadata.labels[app.kubernetes.io/version] @@
    -"1"
    +"2"
    @@ spec.template.spec.containers[web].env[ONLY] @@
    -name: ONLY
    -valueFrom:
    -  configMapKeyRef:
    -    name: web-config
    -    key: ONLY
    @@ spec.template.spec.containers[web].env[MORE] @@
    +name: MORE
    +valueFrom:
    +  configMapKeyRef:
    +    name: web-config
    +    key: MORE
    @@ spec.template.spec.containers[web].image @@
    -acme/web:1
    +acme/web:2
    @@ spec.template.spec.containers[web].volumeMounts @@
    +- name: tmp
    +  mountPath: /tmp
    @@ spec.template.spec.topologySpreadConstraints @@
    +- labelSelector:
    +    matchLabels:
    +      app: web
    +  maxSkew: 1
    +  topologyKey: kubernetes.io/hostname
    +  whenUnsatisfiable: ScheduleAnyway
    @@ spec.template.spec.volumes @@
    +- name: tmp
    +  emptyDir: {}
    @@ spec.replicas @@
    +3
    --- /dev/null
    +++ production/web-poddisruptionbudget.yaml
    +apiVersion: policy/v1
    +kind: PodDisruptionBudget
    +metadata:
    +  name: web
    +  namespace: shop
    +  labels:
    +    app: web
    +    app.kubernetes.io/name: web
    +    app.kubernetes.io/part-of: shop
    +    app.kubernetes.io/version: "2"
    +    app.kubernetes.io/managed-by: kubewright
    +    acme.org/tier: front
    +spec:
    +  maxUnavailable: 1
    +  selector:
    +    matchLabels:
    +      app: web
    --- staging/web-service.yaml
    +++ production/web-service.yaml
    @@ metadata.labels[app.kubernetes.io/version] @@
    -"1"
    +"2"
    @@ metadata.namespace @@
    -staging
    +shop
    --- staging/worker-deployment.yaml
    +++ /dev/null
    -apiVersion: apps/v1
    -kind: Deployment
    -metadata:
    -  name: worker
    -  namespace: staging
    -  labels:
    -    app: worker
    -    app.kubernetes.io/name: worker
    -    app.kubernetes.io/part-of: shop
    -    app.kubernetes.io/version: "1"
    -    app.kubernetes.io/managed-by: kubewright
    -spec:
    -  selector:
    -    matchLabels:
    -      app: worker
    -  template:
    -    metadata:
    -      labels:
    -        app: worker
    -        app.kubernetes.io/name: worker
    -        app.kubernetes.io/part-of: shop
    -        app.kubernetes.io/version: "1"
    -        app.kubernetes.io/managed-by: kubewright
    -    spec:
    -      automountServiceAccountToken: false
    -      securityContext:
    -        seccompProfile:
    -          type: RuntimeDefault
    -      containers:
    -        - name: worker
    -          image: acme/worker:1
    -          securityContext:
    -            allowPrivilegeEscalation: false
    "#);
    // The same, for machines.
    let run = project.run(&[&diff[..], &["--json"]].concat());
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let files = document["files"].as_array().expect("a list");
    let web = files
        .iter()
        .find(|file| file["path"] == "web-deployment.yaml");
    let fields = web.expect("it differs")["fields"]
        .as_array()
        .expect("a list");
    let image = fields
        .iter()
        .find(|field| field["path"] == "spec.template.spec.containers[web].image");
    let image = image.expect("it differs");
    assert_eq!(
        (&image["before"], &image["after"]),
        (&"acme/web:1\n".into(), &"acme/web:2\n".into())
    );
    // Nothing differs from itself.
    let run = project.run(&["diff", "apps.yaml", "-e", "staging", "-e", "staging"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
}

#[test]
fn the_difference_of_secrets_shows_no_value() {
    let project = Workplace::new(SHOP);
    let apps = "name: shop\nenvironments: {a: {}, b: {}}\napps:\n  web:\n    image: acme/web:1\n    env_file: common.env\n    overrides: {b: {env_file: b.env}}\n";
    project.put("apps.yaml", apps);
    project.put("common.env", "API_TOKEN=planted-one\n");
    project.put("b.env", "API_TOKEN=planted-two\n");
    for more in [&[][..], &["--json"]] {
        let run = project.run(&[&["diff", "apps.yaml", "-e", "a", "-e", "b"], more].concat());
        assert_eq!(run.code, 1, "{run:?}");
        let all = format!("{}{}", run.stdout, run.stderr);
        assert!(!all.contains("planted") && all.contains("secrets"), "{all}");
    }
}
