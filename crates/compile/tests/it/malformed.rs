//! Promise 7 for files that are wrong: a secret that stands in the clear in any
//! malformed form reaches no message, neither for people nor for machines.

use kubewright_compile::{Input, Request, ResolveOptions, generate, resolve};
use kubewright_files::MemoryFiles;
use kubewright_read::Environment;

use crate::planted::said_of;

const SECRET: &str = "Zx9hunterQ7w";

/// What may stand below a service; `S` is the secret.
const OF_SERVICES: [&str; 58] = [
    "environment: [DB_PASSWORD=S, DB_PASSWORD=S]",
    "environment: [DB_PASSWORD=Sb, DB_PASSWORD=S]",
    "environment: ['A=postgres://u:S@h/db', 'A=postgres://u:S@h/db2']",
    "environment: DB_PASSWORD=S",
    "environment: DB_PASSWORD=S API_KEY=Sb",
    "environment: 'DB_PASSWORD: S'",
    "environment: |\n      A=1\n      DB_PASSWORD=S\n",
    "environment: [DB_PASSWORD: S]",
    "environment: [[DB_PASSWORD, S]]",
    "environment: ['DB_PASSWORD:S']",
    "environment: ['DB_PASSWORD: S']",
    "environment: ['DB_PASSWORD =S']",
    "environment: ['=S']",
    "environment: ['postgres://u:S@h/db']",
    "environment: {DB_PASSWORD: [S]}",
    "environment: {DB_PASSWORD: {value: S}}",
    "environment: {DB_PASSWORD: {S: 1}}",
    "environment: {DB_PASSWORD: 'S${'}",
    "environment: {DB_PASSWORD: '${S!}'}",
    "environment: ['DB_PASSWORD=${S!}']",
    "environment: {DB_PASSWORD: S, DB_PASSWORD: Sb}",
    "environment: {DB_PASSWORD: !S x}",
    "environment: {DB_PASSWORD: \"S}",
    "environment:\n      DB_PASSWORD: S: x",
    "environment:\n      DB_PASSWORD: @S",
    "environment:\n      DB_PASSWORD: *S",
    "environment:\n     DB_PASSWORD: S\n      B: x",
    "environment: [!reset DB_PASSWORD=S]",
    "build: https://u:S@github.com/a/b.git",
    "build: {context: 'https://u:S@github.com/a/b.git#main'}",
    "build: {context: 'https://S0123@github.com/a/b.git'}",
    "build: {context: ., additional_contexts: {a: 'https://u:S@h/x.git'}}",
    "build: {context: ., args: [TOKEN=S, TOKEN=S]}",
    "build: {context: ., args: TOKEN=S}",
    "build: {context: ., cache_from: ['type=s3,secret_access_key=S']}",
    "labels: [a.password=S, a.password=Sb]",
    "labels: a.password=S",
    "labels: ['traefik.http.middlewares.a.basicauth.users=u:S', 'traefik.http.middlewares.a.basicauth.users=u:S']",
    "annotations: [a.password=S, a.password=Sb]",
    "command: {password: S}",
    "command: [app, --password, [S]]",
    "command: app --password 'S",
    "entrypoint: app --token=\"S",
    "healthcheck: {test: [curl, -u, 'u:S', 'http://localhost']}",
    "healthcheck: {test: {CMD: 'curl -u u:S http://localhost'}}",
    "healthcheck: {test: [X, -H, 'Authorization: Bearer S']}",
    "healthcheck: {test: 'curl -H \"X-Api-Key: S\" http://localhost/', interval: x}",
    "logging: {driver: splunk, options: [splunk-token=S]}",
    "post_start: [{command: x, environment: [DB_PASSWORD=S, DB_PASSWORD=Sb]}]",
    "post_start: [{command: x, environment: DB_PASSWORD=S}]",
    "env_file: https://u:S@h/x",
    "label_file: ['https://u:S@h/x']",
    "extends: {file: 'https://u:S@h/x.git', service: a}",
    "dns: ['https://u:S@h/x']",
    "extra_hosts: ['a=https://u:S@h/x']",
    "hostname: https://u:S@h/x",
    "secrets: [{source: a, content: S}]",
    "credential_spec: {file: 'https://u:S@h'}",
];

/// What may stand beside the services.
const OF_PROJECTS: [&str; 19] = [
    "secrets: {a: {content: S, file: ./x}}",
    "secrets: {a: {content: S, imag: x}}",
    "secrets:\n  a:\n    content: |\n      S\n    bad: 1",
    "secrets:\n  a:\n    content: >-\n      S\n      S\n    environment: X",
    "secrets: {a: {content: [S]}}",
    "secrets: {a: S}",
    "secrets: [S]",
    "configs: {a: {content: 'password=S ${'}}",
    "include: ['https://u:S@github.com/a/b.git']",
    "include: [{path: 'https://u:S@github.com/a/b.git', env_file: 'https://u:S@h/x'}]",
    "include: ['oci://u:S@h/b']",
    "volumes: {d: {driver_opts: {type: cifs, o: 'username=u,password=S', device: //h/x, a: 1}}}",
    "volumes: {d: {driver_opts: ['o=password=S', 'o=password=S']}}",
    "networks: {n: {driver_opts: {token: [S]}}}",
    "networks: {n: {labels: [a.token=S, a.token=S]}}",
    "name: https://u:S@h/x",
    "models: {m: {model: 'https://u:S@h/x', runtime_flags: [--token, [S]]}}",
    "# DB_PASSWORD=S\nx: [",
    "services:\n  web: {environment: {DB_PASSWORD: S}}",
];

#[test]
fn a_secret_in_a_malformed_file_reaches_no_message() {
    let mut leaks = Vec::new();
    for text in texts() {
        for said in [generated(&text), resolved(&text)] {
            let shows = |line: &&str| line.to_lowercase().contains("hunter");
            leaks.extend(
                said.lines()
                    .find(shows)
                    .map(|line| format!("{text}\n{line}")),
            );
        }
    }
    let found = leaks.join("\n\n");
    assert!(leaks.is_empty(), "{} leaks:\n{found}", leaks.len());
}

/// Each form in a file that is right but for it, and in one that is refused anyway.
fn texts() -> Vec<String> {
    let services = OF_SERVICES.iter().flat_map(|form| {
        ["", "    imag: x\n    depends_on: [zz]\n"]
            .map(|fault| format!("services:\n  web:\n    image: nginx:1\n    {form}\n{fault}"))
    });
    let projects = OF_PROJECTS.iter().flat_map(|form| {
        ["image", "imag"].map(|key| format!("services:\n  app:\n    {key}: nginx:1\n{form}\n"))
    });
    services
        .chain(projects)
        .map(|text| planted(&text))
        .collect()
}

/// The secret in place of every `S` that is no letter of a word.
fn planted(text: &str) -> String {
    let mut planted = String::new();
    let mut before = ' ';
    for c in text.chars() {
        match c == 'S' && !before.is_alphanumeric() && before != '_' {
            true => planted.push_str(SECRET),
            false => planted.push(c),
        }
        before = c;
    }
    planted
}

fn request(text: &str) -> Request {
    Request {
        inputs: vec![Input::Text {
            name: "compose.yaml".to_owned(),
            text: text.to_owned(),
        }],
        working_directory: "/shop".into(),
        ..Request::default()
    }
}

fn generated(text: &str) -> String {
    let environment = Environment::default();
    let done = generate(
        &request(text),
        &MemoryFiles::new(),
        &environment,
        &|_, _| {},
    );
    said_of(&done.diagnostics, &done.sources)
}

fn resolved(text: &str) -> String {
    let options = ResolveOptions {
        absolute_paths: true,
    };
    let environment = Environment::default();
    let done = resolve(&request(text), &MemoryFiles::new(), &environment, options);
    said_of(&done.diagnostics, &done.sources)
}
