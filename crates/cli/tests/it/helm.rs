//! The form for Helm, and what all forms have in common: files that people edited stay
//! theirs.

use crate::command::{SHOP, Workplace};

const APPS: &str = "\
name: shop
environments: {test: {}, production: {}}
apps:
  web:
    image: acme/web:1
    ports: 80:8080
    probes: {liveness: /health}
    environment: {LEVEL: info, API_TOKEN: {secret: api-token}}
    overrides: {production: {replicas: 3}}
  db: {image: 'postgres:17', ports: 5432, kind: StatefulSet, volumes: {data: {mount_path: /data, size: 1Gi}}}
";

fn project() -> Workplace {
    let project = Workplace::new(SHOP);
    project.put("apps.yaml", APPS);
    project
}

const GENERATE: [&str; 4] = ["generate", "apps.yaml", "-f", "helm"];

#[test]
fn edits_of_templates_stay_and_changes_come() {
    const TEMPLATE: &str = "charts/shop/templates/web/deployment.yaml";
    let project = project();
    assert_eq!(project.run(&GENERATE).code, 0);
    let text = project.read(TEMPLATE);
    assert!(text.contains("path: /health\n"), "{text}");
    let own = "    {{- with .Values.web.canary }}\n    canary: {{ . | quote }}\n    {{- end }}\n";
    let labels = text.find("  labels:\n").expect("it has labels") + "  labels:\n".len();
    project.put(
        TEMPLATE,
        format!("{}{own}{}", &text[..labels], &text[labels..]),
    );
    project.put("apps.yaml", APPS.replace("/health", "/alive"));
    let run = project.run(&GENERATE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains(&format!("merged  {TEMPLATE}")),
        "{}",
        run.stderr
    );
    let merged = project.read(TEMPLATE);
    assert!(
        merged.contains(own) && merged.contains("path: /alive\n"),
        "{merged}"
    );

    // The same line changed by both is a conflict, and the user's file stays.
    let mine = merged.replace("path: /alive\n", "path: {{ .Values.web.path }}\n");
    project.put(TEMPLATE, &mine);
    project.put("apps.yaml", APPS.replace("/health", "/ready"));
    let run = project.run(&GENERATE);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("edit-conflict"), "{}", run.stderr);
    assert_eq!(project.read(TEMPLATE), mine);
}

/// Every file of every form: what the user wrote into it is there after the input has
/// changed, and nothing is in conflict.
#[test]
fn edits_stay_in_every_file_of_every_form() {
    let forms = [
        "manifests",
        "kustomize",
        "helm",
        "argocd",
        "skaffold",
        "tilt",
    ];
    let mut generate = vec!["generate", "apps.yaml", "-o", "out"];
    generate.extend(forms.iter().flat_map(|form| ["-f", *form]));
    let project = project();
    let run = project.run(&generate);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let files = project
        .files()
        .into_iter()
        .filter(|file| file.starts_with("out/"));
    let files: Vec<String> = files
        .filter(|file| !file.contains("/.kubewright/") && !file.ends_with(".gitignore"))
        .collect();
    assert!(files.len() > 30, "{files:?}");
    for file in &files {
        let text = project.read(file);
        let edited = match file.ends_with(".json") {
            true => text.replacen('{', "{\n  \"$comment\": \"of mine\",", 1),
            false => format!("{text}# of mine\n"),
        };
        project.put(file, edited);
    }
    let changed = APPS
        .replace("/health", "/alive")
        .replace("LEVEL: info", "LEVEL: debug");
    project.put("apps.yaml", changed.replace("web:1", "web:2"));
    let run = project.run(&generate);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lost: Vec<&String> = files
        .iter()
        .filter(|file| !project.read(file).contains("of mine"))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(
        project
            .read("out/charts/shop/values.yaml")
            .contains("LEVEL: debug")
    );
    assert!(
        project
            .read("out/charts/shop/templates/web/deployment.yaml")
            .contains("/alive")
    );
    // And once more: merging twice is merging once.
    let texts: Vec<String> = files.iter().map(|file| project.read(file)).collect();
    assert_eq!(project.run(&generate).code, 0);
    let again: Vec<String> = files.iter().map(|file| project.read(file)).collect();
    assert_eq!(texts, again);
}

/// What is merged of a schema is JSON, or nothing is.
#[test]
fn edits_of_a_schema_leave_it_json() {
    const SCHEMA: &str = "charts/shop/values.schema.json";
    let project = project();
    assert_eq!(project.run(&GENERATE).code, 0);
    let schema = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let text = project.read(SCHEMA);
    let edited = text.replacen("A registry that all images come from", "Ours", 1);
    assert_ne!(text, edited);
    project.put(SCHEMA, &edited);
    let more = format!("{APPS}  more: {{image: 'acme/more:1', ports: 81}}\n");
    project.put("apps.yaml", more);
    let run = project.run(&GENERATE);
    assert_eq!(run.code, 0, "{run:?}");
    let merged = schema(&project.read(SCHEMA));
    assert_eq!(
        merged["properties"]["global"]["properties"]["imageRegistry"]["description"],
        "Ours"
    );
    assert!(merged["properties"]["more"].is_object(), "{merged}");
}

/// Helm renders all templates that lie there, so those that no longer belong go, and
/// those that somebody edited stay and are told of.
#[test]
fn templates_that_no_longer_belong_go() {
    let project = project();
    assert_eq!(project.run(&GENERATE).code, 0);
    let mine = "charts/shop/templates/web/poddisruptionbudget.yaml";
    let text = project.read(mine);
    project.put(mine, format!("{text}# of mine\n"));
    project.put(
        "apps.yaml",
        APPS.replace("{production: {replicas: 3}}", "{}")
            .replace("  db:", "  other:"),
    );
    let run = project.run(&GENERATE);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        !project
            .path("charts/shop/templates/db/statefulset.yaml")
            .exists()
    );
    assert!(
        project
            .path("charts/shop/templates/other/statefulset.yaml")
            .exists()
    );
    assert!(project.path(mine).exists());
    for expected in [&format!("stale  {mine}"), "stale-template"] {
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

/// Own entries of lists, and lines at the end, stay where they are when apps come.
#[test]
fn own_entries_stay_when_others_come() {
    let project = project();
    let mut generate = vec!["generate", "apps.yaml"];
    generate.extend(["-f", "kustomize", "-f", "skaffold", "-f", "tilt"]);
    assert_eq!(project.run(&generate).code, 0);
    let edits = [
        (
            "kustomize/base/kustomization.yaml",
            "resources:",
            "  - mine.yaml",
        ),
        ("skaffold.yaml", "profiles:", "  - name: mine"),
    ];
    for (file, key, own) in edits {
        let text = project.read(file);
        project.put(file, text.replacen(key, &format!("{key}\n{own}"), 1));
    }
    project.put(
        "Tiltfile",
        format!("{}local('x')\n", project.read("Tiltfile")),
    );
    let more = format!("{APPS}  more: {{image: 'acme/more:1', ports: 8081}}\n");
    project.put("apps.yaml", more);
    let run = project.run(&generate);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for (file, _, own) in edits {
        let text = project.read(file);
        assert!(
            text.contains(own) && text.contains("more"),
            "{file}: {text}"
        );
    }
    let text = project.read("Tiltfile");
    assert!(
        text.contains("'more'") && text.ends_with("local('x')\n"),
        "{text}"
    );
}

/// What comes next can be run as it is said, of several environments for the first.
#[test]
fn what_comes_next_is_a_whole_command() {
    let project = project();
    let apps = APPS.replace(
        "{test: {}, production: {}}",
        "{test: {namespace: shop-test}, production: {namespace: shop}}",
    );
    project.put("apps.yaml", apps);
    let run = project.run(&[&GENERATE[..], &["-f", "manifests"]].concat());
    let last: Vec<&str> = run.stderr.lines().rev().take(2).collect();
    assert_eq!(
        last,
        [
            "  or: helm upgrade --install shop charts/shop --values charts/shop/values-test.yaml \
             --values charts/shop/secrets-test.yaml --namespace shop-test --create-namespace, or \
             the same for `production`",
            // `kubectl` takes files by their names, and others come before the Namespace.
            "next: kubectl apply -f k8s/production/shop-namespace.yaml -f k8s/production/, or \
             k8s/test/shop-test-namespace.yaml -f k8s/test/",
        ]
    );
}

/// A form that another run wrote is not this one's, also where it is a single file.
#[test]
fn forms_of_other_runs_stay() {
    let project = project();
    let files = ["Tiltfile", "skaffold.yaml", "charts/shop/Chart.yaml"];
    project.run(&[
        "generate",
        "apps.yaml",
        "-f",
        "tilt",
        "-f",
        "skaffold",
        "-f",
        "helm",
    ]);
    for more in [&[][..], &["--prune"], &["-f", "kustomize", "--prune"]] {
        let run = project.run(&[&["generate", "apps.yaml"], more].concat());
        assert!(run.code == 0 && !run.stderr.contains("stale"), "{run:?}");
    }
    let out = ["generate", "apps.yaml", "--prune", "-o", "out"];
    project.run(&[&out[..], &["-f", "argocd"]].concat());
    project.run(&[&out[..], &["-f", "helm"]].concat());
    let of_argocd = [
        "out/argocd/test/root.yaml",
        "out/manifests/test/web-deployment.yaml",
    ];
    for file in files.iter().chain(&of_argocd) {
        assert!(project.path(file).exists(), "{file}");
    }
}

/// A patch that is a list has no keys to go by, and is merged by its lines.
#[test]
fn edits_of_json_patches_stay() {
    const PATCH: &str = "kustomize/overlays/prod/patches/web-deployment.yaml";
    let project = project();
    let apps = |level: &str| {
        format!(
            "environments: {{dev: {{}}, prod: {{}}}}\napps:\n  web:\n    image: acme/web:1\n    \
             environment: {{LOG: info, N: 5, ABOVE: a, INL: {{value: in, inline: true}}}}\n    \
             overrides: {{prod: {{environment: {{LOG: {level}, EXTRA: e, MORE: {{value: m, inline: true}}}}, \
             pod_annotations: {{x: y}}}}}}\n"
        )
    };
    project.put("apps.yaml", apps("warn"));
    let kustomize = ["generate", "apps.yaml", "-f", "kustomize"];
    assert_eq!(project.run(&kustomize).code, 0);
    let text = project.read(PATCH);
    assert!(text.contains("- op: "), "{text}");
    project.put(PATCH, format!("{text}# of mine\n"));
    project.put("apps.yaml", apps("fatal"));
    let run = project.run(&kustomize);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let merged = project.read(PATCH);
    assert!(
        merged != text && merged.ends_with("# of mine\n"),
        "{merged}"
    );
}

#[test]
fn values_of_secrets_stay_out_of_conflicts() {
    let project = Workplace::new(SHOP);
    let apps = "name: shop\nenvironments: {a: {}, b: {}}\napps:\n  web: {image: 'acme/web:1', env_file: web.env}\n";
    project.put("apps.yaml", apps);
    project.put("web.env", "API_TOKEN=planted-one\n");
    assert_eq!(project.run(&GENERATE).code, 0);
    let file = "charts/shop/secrets-a.yaml";
    let text = project.read(file);
    project.put(file, text.replace("planted-one", "planted-mine"));
    project.put("web.env", "API_TOKEN=planted-two\n");
    for more in [&[][..], &["--json"], &["--check"]] {
        let run = project.run(&[&GENERATE[..], more].concat());
        let all = format!("{}{}", run.stdout, run.stderr);
        assert!(!all.contains("planted"), "{all}");
        assert!(run.code == 1 && all.contains("not-mergeable"), "{all}");
    }
    let remembered = project
        .files()
        .into_iter()
        .filter(|file| file.contains(".kubewright/"));
    for file in remembered {
        let bytes = std::fs::read(project.path(&file)).expect("a file");
        let holds = bytes.windows(7).any(|window| window == b"planted");
        assert!(!holds, "{file}");
    }
}

/// A digest is one environment's, and does not count where another has a tag.
#[test]
fn an_environment_with_a_tag_takes_no_digest_of_others() {
    let project = Workplace::new(SHOP);
    let digest = "a".repeat(64);
    let apps = format!(
        "name: shop\nenvironments: {{dev: {{}}, prod: {{}}, stage: {{}}}}\napps:\n  web:\n    image: nginx@sha256:{digest}\n    overrides: {{prod: {{kind: StatefulSet, image: 'nginx:1'}}}}\n"
    );
    project.put("apps.yaml", apps);
    assert_eq!(project.run(&GENERATE).code, 0);
    let values = project.read("charts/shop/values-prod.yaml");
    assert!(
        values.contains("digest: \"\"") && values.contains("tag: \"1\""),
        "{values}"
    );
}
