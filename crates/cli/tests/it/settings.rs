//! `kubewright.toml` and `KUBEWRIGHT_*`: what they set, what counts first, and what
//! is said of wrong ones.

use crate::command::{SHOP, Workplace};

fn workplace(settings: &str) -> Workplace {
    let shop = Workplace::new(SHOP);
    shop.put("kubewright.toml", settings);
    shop
}

#[test]
fn a_setting_stands_for_an_option() {
    let shop = workplace("format = [\"kustomize\"]\noutput = \"out\"\nnamespace = \"acme\"\n");
    let run = shop.run(&["generate", "-q"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        shop.read("out/kustomize/base/web-service.yaml")
            .contains("namespace: acme")
    );
    assert!(!shop.path("k8s").exists());
    // Commands that look at what `generate` wrote look at the same.
    assert_eq!(shop.run(&["diff", "-q"]).code, 0);
    let explained = shop.run(&["explain", "service/web", "metadata.namespace"]);
    assert_eq!(explained.code, 0, "{explained:?}");
}

#[test]
fn an_option_counts_before_a_variable_and_that_before_the_file() {
    let shop = workplace("namespace = \"file\"\n");
    let printed = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["generate", "-q", "-o", "-"], arguments].concat();
        shop.run_in(&arguments, variables, "").stdout
    };
    let variable = [("KUBEWRIGHT_NAMESPACE", "variable")];
    assert!(printed(&[], &[]).contains("namespace: file"));
    assert!(printed(&[], &variable).contains("namespace: variable"));
    let told = printed(&["--namespace", "option"], &variable);
    assert!(told.contains("namespace: option") && !told.contains("variable"));
}

#[test]
fn a_setting_counts_before_what_the_input_says() {
    let apps = "name: shop\noutput: {formats: [helm]}\napps:\n  web: {image: acme/web:1}\n";
    let shop = workplace("format = [\"manifests\"]\n");
    shop.put("apps.yaml", apps);
    assert_eq!(shop.run(&["generate", "-q", "apps.yaml"]).code, 0);
    assert!(shop.path("k8s/web-deployment.yaml").exists());
    assert!(!shop.path("charts").exists());
}

#[test]
fn a_variable_has_commas_between_values() {
    let shop = Workplace::new(SHOP);
    let variables = [
        ("KUBEWRIGHT_FORMAT", "manifests, helm"),
        ("KUBEWRIGHT_OUTPUT", "out"),
    ];
    let run = shop.run_in(&["generate", "-q"], &variables, "");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(shop.path("out/manifests/web-service.yaml").exists());
    assert!(shop.path("out/charts/shop/Chart.yaml").exists());
}

#[test]
fn the_nearest_file_above_counts_and_its_paths_start_from_its_folder() {
    let shop = workplace("output = \"out\"\nprune = true\n");
    shop.put("deep/down/compose.yaml", SHOP);
    let run = shop.run_below("deep/down", &["generate", "-q"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(shop.path("out/web-service.yaml").exists());
    shop.put("deep/kubewright.toml", "output = \"near\"\n");
    assert_eq!(shop.run_below("deep/down", &["generate", "-q"]).code, 0);
    assert!(shop.path("deep/near/web-service.yaml").exists());
}

#[test]
fn what_rules_a_setting_out_counts_before_it() {
    let shop = workplace("tls-secret = \"tls\"\nexpose = \"ingress\"\ndomain = \"acme.org\"\n");
    let run = shop.run(&["generate", "-q", "-o", "-", "--cluster-issuer", "acme"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("cert-manager.io/cluster-issuer: acme"));
    assert!(!run.stdout.contains("secretName: tls\n"));
}

#[test]
fn wrong_settings_are_said_with_their_places() {
    let shop = workplace(
        "formt = \"x\"\npolicy = \"upd\"\nformat = true\nprune = \"yes\"\ntls-secret = \"a\"\n\
         cluster-issuer = \"b\"\ncheck = true\nnamespace = \"A_b\"\n",
    );
    let run = shop.run(&["generate"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr, @r#"
    error[unknown-key]: there is no setting `formt`
     --> kubewright.toml:1:1
      |
    1 | formt = "x"
      | ^^^^^
      |
      = help: did you mean `format`?

    error[bad-setting]: the setting `policy` counts for nothing: it cannot be `upd`: it is one of `skip`, `update`, `overwrite`
     --> kubewright.toml:2:10
      |
    2 | policy = "upd"
      |          ^^^^^
      |
      = help: it means what `--policy` means: `kubewright generate --help`

    error[wrong-type]: the setting `format` has to be a string or a list of strings
     --> kubewright.toml:3:10
      |
    3 | format = true
      |          ^^^^
      |
      = help: write `format = ["manifests"]`

    error[wrong-type]: the setting `prune` has to be `true` or `false`
     --> kubewright.toml:4:9
      |
    4 | prune = "yes"
      |         ^^^^^
      |
      = help: write `prune = true`

    error[bad-setting]: the setting `tls-secret` counts for nothing: `cluster-issuer` is set as well, and only one can be
     --> kubewright.toml:5:14
      |
    5 | tls-secret = "a"
      |              ^^^
      |
      = help: it means what `--tls-secret` means: `kubewright generate --help`

    error[bad-setting]: the setting `cluster-issuer` counts for nothing: `tls-secret` is set as well, and only one can be
     --> kubewright.toml:6:18
      |
    6 | cluster-issuer = "b"
      |                  ^^^
      |
      = help: it means what `--cluster-issuer` means: `kubewright generate --help`

    error[unknown-key]: `check` is about one run alone and cannot be set
     --> kubewright.toml:7:1
      |
    7 | check = true
      | ^^^^^
      |
      = help: give it to the command: `--check`

    error[bad-setting]: the setting `namespace` counts for nothing: it cannot be `A_b`: it has `A`; use lower-case letters, digits and `-`, with a letter or digit at both ends
     --> kubewright.toml:8:13
      |
    8 | namespace = "A_b"
      |             ^^^^^
      |
      = help: it means what `--namespace` means: `kubewright generate --help`

    nothing was written: 8 errors
    "#);
    assert!(!shop.path("k8s").exists());
    // What has nothing to do with them works.
    assert_eq!(shop.run(&["version"]).code, 0);
    assert_eq!(shop.run(&["config"]).stderr, run.stderr);
}

#[test]
fn wrong_files_and_variables_are_said() {
    let shop = workplace("a =\n");
    let variables = [("KUBEWRIGHT_PRUNE", "x"), ("KUBEWRIGHT_POLICY", "y")];
    let run = shop.run_in(&["diff"], &variables, "");
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr, @r#"
    error[toml-syntax]: this is no TOML: string values must be quoted, expected literal string
     --> kubewright.toml:1:4
      |
    1 | a =
      |    ^
      |
      = help: a setting is a line such as `format = ["helm"]`

    error[bad-setting]: the variable `KUBEWRIGHT_PRUNE` counts for nothing: it cannot be `x`, only `true` or `false`
     |
     = help: it means what `--prune` means: `kubewright generate --help`

    error[bad-setting]: the variable `KUBEWRIGHT_POLICY` counts for nothing: it cannot be `y`: it is one of `skip`, `update`, `overwrite`
     |
     = help: it means what `--policy` means: `kubewright generate --help`

    nothing was written: 3 errors
    "#);
}

#[test]
fn all_settings_are_shown_with_where_they_are_said() {
    let shop = workplace("format = [\"kustomize\", \"helm\"]\nkubernetes-version = 1.35\n");
    let variables = [("KUBEWRIGHT_SECRETS", "external")];
    let run = shop.run_in(&["config"], &variables, "");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    application-set     -
    cluster-issuer      -
    color               auto                 default
    domain              -
    env                 -
    env-file            -
    expose              -
    format              kustomize, helm      kubewright.toml:1:10
    gateway             -
    ingress-class       -
    kubernetes-version  1.35                 kubewright.toml:2:22
    layout              one-file-per-object  default
    namespace           -
    network-policies    none                 default
    no-config-hash      -
    no-progress         -
    output              -
    policy              update               default
    profile             -
    project-directory   -
    project-name        -
    prune               -
    secrets             external             KUBEWRIGHT_SECRETS
    security-profile    -
    service-port        container            default
    tls-secret          -
    "#);
    let run = shop.run_in(&["config", "--json"], &variables, "");
    let shown: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let rows = shown["settings"].as_array().expect("a list");
    let of = |name: &str| {
        rows.iter()
            .find(|row| row["name"] == name)
            .expect("it is there")
    };
    assert_eq!(of("format")["from"], "kubewright.toml:1:10");
    assert_eq!(of("secrets")["from"], "KUBEWRIGHT_SECRETS");
    assert_eq!(of("policy")["values"][0], "update");
    assert_eq!(of("policy")["from"], "default");
}

#[test]
fn the_schema_has_every_setting() {
    let shop = Workplace::new(SHOP);
    let schema = shop.run(&["schema", "config"]).stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    let keys = schema["properties"].as_object().expect("keys");
    let shown = shop.run(&["config"]).stdout;
    let names = shown
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    assert!(keys.keys().map(String::as_str).eq(names), "{shown}");
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(keys["prune"]["type"], "boolean");
    assert_eq!(keys["policy"]["enum"][1], "update");
}
