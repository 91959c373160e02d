use kubewright_model::file::{FileContent, FileMount, SecretFrom, SecretSource};
use kubewright_model::infrastructure::{Infrastructure, Managed};
use kubewright_model::project::{Entry, SecretProvider, SecretStore, StoreKind};
use kubewright_model::value::{MountPath, SecretText, VariableName};
use kubewright_model::variable::{SecretVariable, Variable, VariableValue};
use kubewright_model::{App, Located, Name, ObjectName, Project};
use kubewright_objects::Object;
use serde_json::{Value, json};

use crate::tests::{lowered_with, objects_of};
use crate::{Options, Secrets};

fn text(text: &str) -> Located<String> {
    Located::nowhere(text.to_owned())
}

fn variable(name: &str, secret: SecretVariable) -> Variable {
    Variable {
        name: Located::nowhere(VariableName::parse(name).unwrap()),
        value: VariableValue::Secret(Box::new(secret)),
    }
}

fn secret(name: Option<&str>, key: Option<&str>, version: Option<&str>) -> SecretVariable {
    SecretVariable {
        name: name.map(text),
        key: key.map(text),
        version: version.map(text),
        known: None,
    }
}

fn known(name: Option<&str>, value: &str) -> SecretVariable {
    SecretVariable {
        known: Some(Located::nowhere(SecretText::new(value))),
        ..secret(name, None, None)
    }
}

fn store(provider: SecretProvider) -> SecretStore {
    SecretStore {
        provider,
        name: None,
        kind: StoreKind::default(),
    }
}

fn gcp() -> SecretProvider {
    SecretProvider::Gcp {
        project: Some(text("acme")),
    }
}

fn source(from: SecretFrom) -> SecretSource {
    SecretSource {
        declared: Located::nowhere(()),
        from,
        create: None,
        store: None,
    }
}

/// Objects and codes of an app with these variables.
fn made(
    variables: Vec<Variable>,
    around: impl FnOnce(&mut Project),
    secrets: Secrets,
) -> (Vec<Object>, Vec<&'static str>) {
    let options = Options {
        secrets,
        ..Options::default()
    };
    let app = |app: &mut App| app.main.environment = variables;
    let (objects, said) = lowered_with(app, around, options);
    (objects, said.into_iter().map(|said| said.code).collect())
}

/// Where the container finds each variable.
fn references(objects: &[Object]) -> Vec<(String, String)> {
    let deployment = objects_of(objects, "Deployment").remove(0);
    let env = &deployment["spec"]["template"]["spec"]["containers"][0]["env"];
    let found = env.as_array().unwrap().iter().map(|variable| {
        let from = &variable["valueFrom"]["secretKeyRef"];
        let part = |key: &str| from[key].as_str().unwrap().to_owned();
        (part("name"), part("key"))
    });
    found.collect()
}

#[test]
fn every_store_is_asked_in_its_own_words() {
    let url = |text: &str| kubewright_model::value::Url::parse(text).unwrap();
    let rows = [
        (
            gcp(),
            "gcp-secret-manager",
            json!({"key": "pay", "property": "token", "version": "3"}),
        ),
        (
            SecretProvider::Aws {
                region: Some(text("eu-1")),
            },
            "aws-secrets-manager",
            json!({"key": "pay", "property": "token", "version": "3"}),
        ),
        (
            SecretProvider::Azure {
                vault_url: Some(Located::nowhere(url("https://v.test"))),
            },
            "azure-key-vault",
            json!({"key": "pay", "property": "token", "version": "3"}),
        ),
        (
            SecretProvider::Vault {
                server: None,
                path: Some(text("kv")),
            },
            "vault",
            json!({"key": "pay", "property": "token", "version": "3"}),
        ),
        (
            SecretProvider::Kubernetes { namespace: None },
            "kubernetes",
            json!({"key": "pay", "property": "token"}),
        ),
    ];
    for (provider, name, remote) in rows {
        let is_kubernetes = matches!(provider, SecretProvider::Kubernetes { .. });
        let asked = variable("PAY", secret(Some("pay"), Some("token"), Some("3")));
        let facts = |project: &mut Project| project.facts.secret_store = Some(store(provider));
        let (objects, codes) = made(vec![asked], facts, Secrets::External);
        let external = objects_of(&objects, "ExternalSecret").remove(0);
        assert_eq!(external["metadata"]["name"], "web-secrets");
        assert_eq!(external["spec"]["target"]["name"], "web-secrets");
        let reference = json!({"kind": "ClusterSecretStore", "name": name});
        assert_eq!(external["spec"]["secretStoreRef"], reference);
        assert_eq!(
            external["spec"]["data"],
            json!([{"secretKey": "PAY", "remoteRef": remote}])
        );
        assert!(objects_of(&objects, "Secret").is_empty());
        let expected: &[&str] = match is_kubernetes {
            true => &["awaited-store", "not-carried"],
            false => &["awaited-store"],
        };
        assert_eq!(codes, expected, "{name}");
    }
}

#[test]
fn the_newest_version_is_not_written() {
    let asked = variable("PAY", secret(Some("pay"), None, Some("latest")));
    let facts = |project: &mut Project| project.facts.secret_store = Some(store(gcp()));
    let (objects, _) = made(vec![asked], facts, Secrets::Local);
    let external = objects_of(&objects, "ExternalSecret").remove(0);
    assert_eq!(
        external["spec"]["data"][0]["remoteRef"],
        json!({"key": "pay"})
    );
}

#[test]
fn each_source_has_an_object_of_its_own() {
    let variables = vec![
        variable("A", secret(Some("a"), None, None)),
        variable("B", known(None, "hunter2")),
        variable("C", secret(Some("hsm"), Some("pin"), None)),
        variable("D", secret(Some("old"), Some("pw"), None)),
    ];
    let around = |project: &mut Project| {
        project.facts.secret_store = Some(store(gcp()));
        let vault = SecretProvider::Vault {
            server: None,
            path: None,
        };
        let named = SecretStore {
            name: Some(Located::nowhere(ObjectName::parse("hsm").unwrap())),
            kind: StoreKind::SecretStore,
            ..store(vault)
        };
        let hsm = SecretSource {
            store: Some(named),
            ..source(SecretFrom::Store)
        };
        project.secrets.insert("hsm".to_owned(), hsm);
        let old = source(SecretFrom::External { name: None });
        project.secrets.insert("old".to_owned(), old);
    };
    let (objects, codes) = made(variables, around, Secrets::Local);
    let found = references(&objects);
    let expected = [
        ("web-secrets", "A"),
        ("web-local-secrets", "B"),
        ("web-hsm-secrets", "C"),
        ("old", "pw"),
    ];
    let expected = expected.map(|(object, key)| (object.to_owned(), key.to_owned()));
    assert_eq!(found, expected);
    let names = |kind: &str| -> Vec<Value> {
        let found = objects_of(&objects, kind).into_iter();
        found
            .map(|mut object| object["metadata"]["name"].take())
            .collect()
    };
    assert_eq!(names("Secret"), ["web-local-secrets"]);
    assert_eq!(names("ExternalSecret"), ["web-secrets", "web-hsm-secrets"]);
    assert_eq!(codes, ["awaited-store", "awaited-store"]);
    let sensitive = objects.iter().filter(|object| object.sensitive);
    assert_eq!(sensitive.count(), 1);
}

#[test]
fn env_files_give_values_or_nothing() {
    let of_environment = |value: Option<&str>| {
        let known = value.map(|value| Located::nowhere(SecretText::new(value)));
        source(SecretFrom::Environment {
            variable: text("PAY"),
            known,
        })
    };
    let rows = [
        (Secrets::Local, None, Some("x"), "x", true),
        (
            Secrets::Local,
            Some(SecretProvider::EnvFile),
            Some("x"),
            "x",
            true,
        ),
        (
            Secrets::Local,
            Some(SecretProvider::Inline),
            Some("x"),
            "x",
            false,
        ),
        (Secrets::Local, None, None, "CHANGE_ME", false),
        (
            Secrets::Placeholder,
            Some(SecretProvider::Inline),
            Some("x"),
            "CHANGE_ME",
            false,
        ),
    ];
    for (mode, provider, value, expected, sensitive) in rows {
        let asked = variable("PAY", secret(Some("pay"), None, None));
        let around = |project: &mut Project| {
            project
                .secrets
                .insert("pay".to_owned(), of_environment(value));
            project.facts.secret_store = provider.clone().map(store);
        };
        let (objects, _) = made(vec![asked], around, mode);
        let written = objects_of(&objects, "Secret").remove(0);
        assert_eq!(written["stringData"]["PAY"], expected, "{provider:?}");
        assert_eq!(
            objects.iter().any(|object| object.sensitive),
            sensitive,
            "{provider:?}"
        );
    }
}

#[test]
fn a_key_chooses_from_a_json_value() {
    let rows = [
        (r#"{"token": "x", "port": 5}"#, "token", "x"),
        (r#"{"token": "x", "port": 5}"#, "port", "5"),
        ("plain", "token", "plain"),
    ];
    for (value, key, expected) in rows {
        let mut asked = known(Some("pay"), value);
        asked.key = Some(text(key));
        let (objects, _) = made(vec![variable("PAY", asked)], |_| {}, Secrets::Local);
        let written = objects_of(&objects, "Secret").remove(0);
        assert_eq!(written["stringData"]["PAY"], expected, "{key}");
    }
}

#[test]
fn what_a_store_cannot_have_is_said() {
    let vault = SecretProvider::Vault {
        server: None,
        path: None,
    };
    let azure = SecretProvider::Azure { vault_url: None };
    let kubernetes = SecretProvider::Kubernetes { namespace: None };
    let rows = [
        (gcp(), "a/b", None, Some("bad-value")),
        (gcp(), "a_b", None, None),
        (azure.clone(), "a_b", None, Some("bad-value")),
        (azure, "secret/a-b", None, None),
        (vault.clone(), "kv/a b", Some("x"), None),
        (vault, "kv/a", None, Some("whole-secret")),
        (kubernetes, "a", None, Some("whole-secret")),
    ];
    for (provider, name, key, expected) in rows {
        let asked = variable("PAY", secret(Some(name), key, None));
        let facts = |project: &mut Project| project.facts.secret_store = Some(store(provider));
        let (_, codes) = made(vec![asked], facts, Secrets::Local);
        let further = codes.iter().find(|code| **code != "awaited-store").copied();
        assert_eq!(further, expected, "{name}");
    }
}

#[test]
fn an_unversioned_place_says_so() {
    let asked = variable("PAY", secret(Some("pay"), None, Some("3")));
    let (_, codes) = made(vec![asked], |_| {}, Secrets::Local);
    assert_eq!(codes, ["not-carried", "not-carried", "placeholder-secret"]);
}

#[test]
fn files_come_from_stores_too() {
    let app = |app: &mut App| {
        app.namespace = Some(Located::nowhere(Name::parse("lab").unwrap()));
        app.main.files.push(FileMount {
            path: Located::nowhere(MountPath::parse("/run/cert").unwrap()),
            content: FileContent::Secret(text("cert")),
            source: None,
            mode: None,
            read_only: None,
        });
    };
    let facts = |project: &mut Project| project.facts.secret_store = Some(store(gcp()));
    let (objects, _) = lowered_with(app, facts, Options::default());
    let external = objects_of(&objects, "ExternalSecret").remove(0);
    assert_eq!(external["metadata"]["name"], "cert");
    assert_eq!(external["metadata"]["namespace"], "lab", "where the pod is");
    assert_eq!(external["spec"]["data"][0]["secretKey"], "cert");
}

#[test]
fn clients_get_the_variables_of_what_is_run_elsewhere() {
    let app = |app: &mut App| app.dependencies.push(depends_on("pg"));
    let around = |project: &mut Project| {
        project.facts.secret_store = Some(store(gcp()));
        let old = source(SecretFrom::External { name: None });
        project.secrets.insert("old".to_owned(), old);
        let managed = Managed {
            name: Located::nowhere(Name::parse("pg").unwrap()),
            origin: text("infrastructure pg"),
            namespace: None,
            host: None,
            ports: Vec::new(),
            environment: vec![
                variable("PW", secret(Some("pg-pw"), None, None)),
                variable("OLD", secret(Some("old"), None, None)),
            ],
            notes: None,
        };
        let entry = Entry::Infrastructure(Box::new(Infrastructure::Managed(Box::new(managed))));
        project.entries.insert(Name::parse("pg").unwrap(), entry);
    };
    let (objects, _) = lowered_with(app, around, Options::default());
    let external = objects_of(&objects, "ExternalSecret").remove(0);
    assert_eq!(external["metadata"]["name"], "pg-secrets");
    let deployment = objects_of(&objects, "Deployment").remove(0);
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(
        container["envFrom"],
        json!([{"secretRef": {"name": "pg-secrets"}}])
    );
    let env =
        json!([{"name": "OLD", "valueFrom": {"secretKeyRef": {"name": "old", "key": "old"}}}]);
    assert_eq!(container["env"], env);
}

fn depends_on(name: &str) -> kubewright_model::dependency::Dependency {
    kubewright_model::dependency::Dependency {
        on: Located::nowhere(Name::parse(name).unwrap()),
        condition: Located::nowhere(kubewright_model::dependency::Condition::default()),
        port: None,
        required: None,
    }
}
