//! Promise 7 for variables of every form: the value of one that looks secret, written
//! in a wizard's state, a list of resources or an `apps.yaml`, reaches no excerpt and
//! no message, whether the file is right, refused, or no such file at all.
//! `S` is the secret.

use kubewright_compile::{Form, Input, Request, convert, generate};
use kubewright_files::MemoryFiles;
use kubewright_read::Environment;

use crate::planted::said_of;

const SECRET: &str = "Zx9hunterQ7w";

/// Ways to write a variable in a list.
const ROWS: [&str; 12] = [
    r#"{"key": "DB_PASSWORD", "value": "S"}"#,
    r#"{"key": "DB_PASSWORD", "type": "hardcoded", "value": "S"}"#,
    r#"{"value": "S", "key": "DB_PASSWORD"}"#,
    r#"{"name": "DB_PASSWORD", "type": "literal", "value": "S"}"#,
    r#"{"key": "DB_PASSWORD", "type": "variable", "value": "S"}"#,
    r#"{"key": "A", "type": "secret", "value": "S"}"#,
    r#"{"key": "A", "type": "secret", "createInVault": true, "newValue": "S"}"#,
    r#"{"key": "A", "type": "hardcoded", "value": "a", "createInVault": true, "newValue": "S"}"#,
    r#"{"key": "A B", "type": "secret", "value": "S"}"#,
    r#"{"key": "DB_PASSWORD", "type": "hidden", "value": "S"}"#,
    r#"{"key": "DB_PASSWORD", "vlaue": "S"}"#,
    r#"{"key": "A", "type": "hardcoded", "value": "postgres://u:S@db/x"}"#,
];

/// Where rows stand in an entry of a state; `ROW` is the row.
const OF_ENTRIES: [&str; 8] = [
    r#""envVars": [ROW]"#,
    r#""env": [ROW]"#,
    r#""initContainers": [{"name": "i", "image": "a:1", "command": "x", "envVars": [ROW]}]"#,
    r#""sidecars": [{"name": "s", "image": "a:1", "envVars": [ROW]}]"#,
    r#""sidecars": [{"name": "s", "image": "a:1", "env": [ROW]}]"#,
    r#""companions": [{"name": "c", "image": "a:1", "envVars": [ROW]}]"#,
    r#""companions": [{"name": "c", "image": "a:1", "env": [ROW]}]"#,
    r#""_compose": {"environment": {"DB_PASSWORD": "S"}}, "envVars": [ROW]"#,
];

/// Further places for a secret in an entry of a state.
const OTHERS: [&str; 8] = [
    r#""env": {"DB_PASSWORD": "S"}"#,
    r#""envVars": {"DB_PASSWORD": "S"}"#,
    r#""envVars": [{"key": "DB_PASSWORD", "value": ["S"]}]"#,
    r#""envVars": ["DB_PASSWORD=S"]"#,
    r#""buildArgs": {"NPM_TOKEN": "S"}"#,
    r#""buildArgs": [{"key": "NPM_TOKEN", "value": "S"}]"#,
    r#""command": "app --password=S""#,
    r#""args": "app --api-token S""#,
];

/// The same for forms that only the tree knows.
const OF_TREES: [&str; 2] = [
    r#""envVars": [{"key": "DB_PASSWORD", "value": {"a": "S"}}]"#,
    r#""envVars": [["DB_PASSWORD", "S"]]"#,
];

/// Specs of resources.
const SPECS: [(&str, &str); 9] = [
    (
        "Deployment",
        r#"{"image": "a:1", "port": 80, "env": {"DB_PASSWORD": "S"}}"#,
    ),
    (
        "Deployment",
        r#"{"image": "a:1", "port": 80, "env": [{"name": "DB_PASSWORD", "value": "S"}]}"#,
    ),
    (
        "Deployment",
        r#"{"image": "a:1", "port": 80, "env": [{"key": "A", "type": "secret", "value": "S"}]}"#,
    ),
    (
        "Deployment",
        r#"{"image": "a:1", "companions": [{"name": "c", "image": "a:1", "env": [{"name": "DB_PASSWORD", "value": "S"}]}]}"#,
    ),
    ("Secret", r#"{"stringData": {"a": "S"}}"#),
    ("Secret", r#"{"data": {"a": "S"}}"#),
    ("Secert", r#"{"stringData": {"a": "S"}}"#),
    ("ConfigMap", r#"{"data": {"DB_PASSWORD": "S"}}"#),
    ("ConfigMap", r#"{"data": {"app.ini": "password=S"}}"#),
];

/// What may stand below an app.
const OF_APPS: [&str; 25] = [
    "environment: {DB_PASSWORD: S}",
    "environment: {DB_PASSWORD: {value: S}}",
    "environment: {DB_PASSWORD: {value: S, inline: true}}",
    "environment: {DB_PASSWORD: {vlaue: S}}",
    "environment: {DB_PASSWORD: [S]}",
    "environment: [{name: DB_PASSWORD, value: S}]",
    "environment:\n      - name: DB_PASSWORD\n        value: S",
    "environment:\n      - value: S\n        name: DB_PASSWORD",
    "environment:\n      - name: DB_PASSWORD\n        value: |\n          S\n          S",
    "environment:\n      - name: DB_PASSWORD\n        vlaue: S",
    "environment:\n      - name: DB_PASSWORD\n       value: S",
    "environment: [DB_PASSWORD=S]",
    "environment: ['DB_PASSWORD: S']",
    "environment: {DATABASE_URL: {value: 'postgres://u:S@db/x'}}",
    "# - name: DB_PASSWORD\n    #   value: S",
    "init_containers: [{name: i, image: 'a:1', environment: [{name: DB_PASSWORD, value: S}]}]",
    "init_containers: {i: {image: 'a:1', environment: {DB_PASSWORD: {value: S}}}}",
    "sidecars: [{name: s, image: 'a:1', environment: [{name: DB_PASSWORD, value: S}]}]",
    "companions: {c: {image: 'a:1', environment: {DB_PASSWORD: {value: S}}}}",
    "command: [app, --password, S]",
    "command: app --password=S",
    "build: {context: ., args: {NPM_TOKEN: S}}",
    "files: [{path: /a, content: 'password=S'}]",
    "patches: [{target: Deployment, patch: [{op: add, path: /a/DB_PASSWORD, value: S}]}]",
    "patches: [{target: Deployment, patch: {spec: {env: [{name: DB_PASSWORD, value: S}]}}}]",
];

/// What may stand beside the apps.
const OF_FILES: [&str; 9] = [
    "defaults: {environment: {DB_PASSWORD: {value: S}}}",
    "templates: {t: {environment: [{name: DB_PASSWORD, value: S}]}}",
    "environments: {dev: {apps: {web: {environment: [{name: DB_PASSWORD, value: S}]}}}}",
    "infrastructure: {db: {type: postgres, environment: [{name: POSTGRES_PASSWORD, value: S}]}}",
    "charts: {c: {chart: a, repository: 'https://u:S@h/x', values: {auth: {password: S}}}}",
    "charts: {c: {chart: a, values: {env: [{name: DB_PASSWORD, value: S}]}}}",
    "objects: [{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: S}}]",
    "objects: [{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: S}}]",
    "secrets: {a: {value: S}}",
];

/// The same in version 2.
const OF_VERSION_2: [&str; 10] = [
    "environment: {DB_PASSWORD: S}",
    "environment: {DB_PASSWORD: {value: S}}",
    "environment: [{name: DB_PASSWORD, value: S}]",
    "environment:\n      - name: DB_PASSWORD\n        value: S",
    "environment:\n      - name: DB_PASSWORD\n        vlaue: S",
    "environment:\n      - {value: S, name: DB_PASSWORD}",
    "environment:\n      - {name: DB_PASSWORD, value: S, provider: vault}",
    "env_refs: [{name: DB_PASSWORD, value: S}]",
    "build: {context: ., args: {NPM_TOKEN: S}}",
    "environments: {dev: {environment: [{name: DB_PASSWORD, value: S}]}}",
];

/// Values of `--set`.
const SETS: [(&str, &str); 5] = [
    ("apps.web.environment.DB_PASSWORD", "S"),
    ("apps.web.environment.DB_PASSWORD", "{value: S}"),
    ("apps.web.environment.DB_PASSWORD.value", "S"),
    ("apps.web.environment", "[{name: DB_PASSWORD, value: S}]"),
    ("apps.web.evironment", "{DB_PASSWORD: S}"),
];

#[test]
fn in_a_state() {
    let rows = OF_ENTRIES
        .iter()
        .flat_map(|place| ROWS.iter().map(|row| place.replace("ROW", row)));
    let places = rows.chain(OTHERS.map(str::to_owned));
    let texts = places.flat_map(|place| {
        let pretty = place.replace("{\"", "{\n\"").replace(", \"", ",\n  \"");
        [place, pretty]
    });
    let of_trees = OF_TREES.map(|place| {
        format!("{{\"_services\": [{{\"name\": \"web\", \"image\": \"a:1\", {place}}}]}}")
    });
    nothing_leaks(of_trees.into_iter());
    nothing_leaks(texts.flat_map(|place| {
        let service = |more: &str| {
            format!(
                "{{\"_services\": [{{\"name\": \"web\", \"kind\": \"Deployment\", \"image\": \"a:1\", \
                 \"port\": \"80\", {place}{more}}}]}}"
            )
        };
        let decision = format!(
            "{{\"_infraDecisions\": [{{\"name\": \"db\", \"kind\": \"StatefulSet\", \"image\": \
             \"a:1\", \"port\": \"80\", {place}, \"prot\": 1}}]}}"
        );
        let whole = service("");
        let cut = whole[..whole.len() - 3].to_owned();
        let broken = service(", \"prot\": ");
        [whole, service(", \"prot\": 1"), broken, cut, decision]
    }));
}

#[test]
fn in_a_list_of_resources() {
    nothing_leaks(SPECS.iter().flat_map(|(kind, spec)| {
        let whole = format!(
            "{{\"resources\": [{{\"kind\": \"{kind}\", \"name\": \"web\", \"spec\": {spec}}}]}}"
        );
        let unknown = whole.replace("\"spec\": {", "\"spec\": {\"prot\": 1, ");
        let pretty = unknown.replace("{\"", "{\n\"").replace(", \"", ",\n  \"");
        let cut = pretty[..pretty.len() - 3].to_owned();
        [whole, unknown, pretty, cut]
    }));
}

#[test]
fn in_an_apps_file() {
    let apps = OF_APPS.iter().flat_map(|form| {
        FAULTS.map(|fault| format!("apps:\n  web:\n    image: a:1\n    {form}\n{fault}"))
    });
    let files = OF_FILES.iter().flat_map(|form| {
        ["image", "imag"].map(|key| format!("apps:\n  web:\n    {key}: a:1\n{form}\n"))
    });
    nothing_leaks(apps.chain(files));
}

#[test]
fn in_an_apps_file_of_version_2() {
    nothing_leaks(OF_VERSION_2.iter().flat_map(|form| {
        FAULTS.map(|fault| {
            format!("version: \"2\"\napps:\n  - name: web\n    image: a:1\n    {form}\n{fault}")
        })
    }));
}

/// Notes, an unknown key, a broken line.
const FAULTS: [&str; 3] = ["    command: 'a $(B)'\n", "    imag: x\n", "    a: [\n"];

#[test]
fn in_a_value_of_set() {
    for (key, value) in SETS {
        let mut request = request("apps:\n  web:\n    image: a:1\n    imag: x\n", "apps.yaml");
        request.sets = vec![(key.to_owned(), planted(value))];
        assert_eq!(leaked(&request), None, "{key}={value}");
    }
}

/// A compose file's own keys hold what they like.
#[test]
fn in_an_extension_of_a_compose_file() {
    let forms = [
        "x-a:\n  - name: DB_PASSWORD\n    value: S",
        "x-a: [{name: DB_PASSWORD, value: S}]",
    ];
    nothing_leaks(forms.iter().flat_map(|form| {
        ["", "  labels: x\n"].map(|more| {
            format!("services:\n  web: {{image: nginx:latest, container_name: a}}\n{more}{form}\n")
        })
    }));
}

fn nothing_leaks(texts: impl Iterator<Item = String>) {
    let mut leaks = Vec::new();
    for text in texts.map(|text| planted(&text)) {
        let name = if text.starts_with('{') {
            "state.json"
        } else {
            "apps.yaml"
        };
        leaks.extend(leaked(&request(&text, name)).map(|line| format!("{text}\n{line}")));
    }
    let found = leaks[..leaks.len().min(20)].join("\n\n");
    assert!(leaks.is_empty(), "{} leaks:\n{found}", leaks.len());
}

/// The first line of all that is said which shows the secret.
fn leaked(request: &Request) -> Option<String> {
    let (files, environment) = (MemoryFiles::new(), Environment::default());
    let done = generate(request, &files, &environment, &|_, _| {});
    let converted = convert(request, Form::Resolved, &files, &environment);
    let said = [
        said_of(&done.diagnostics, &done.sources),
        said_of(&converted.diagnostics, &converted.sources),
    ];
    let said = said.concat();
    let shows = |line: &&str| line.to_lowercase().contains("hunter");
    said.lines().find(shows).map(str::to_owned)
}

fn request(text: &str, name: &str) -> Request {
    Request {
        inputs: vec![Input::Text {
            name: name.to_owned(),
            text: text.to_owned(),
        }],
        working_directory: "/shop".into(),
        ..Request::default()
    }
}

/// The secret in place of every `S` that is no part of a word.
fn planted(text: &str) -> String {
    let mut planted = text.to_owned();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    for (at, _) in text.rmatch_indices('S') {
        let word = text[..at].ends_with(is_part) || text[at + 1..].starts_with(is_part);
        if !word {
            planted.replace_range(at..=at, SECRET);
        }
    }
    planted
}
