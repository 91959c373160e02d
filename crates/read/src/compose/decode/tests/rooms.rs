//! Tables: one service key a row.

use kubewright_files::MemoryFiles;
use kubewright_model::container::{Command, ImageSource};
use kubewright_model::file::FileContent;
use kubewright_model::variable::VariableValue;
use kubewright_model::volume::VolumeSource;

use super::{decoded, decoded_with, web};

/// Rows of what is said of `web` and the lines that come of it.
fn table(rows: &[(&str, &[&str])]) {
    for (body, expected) in rows {
        let found = web(&format!("image: a\n{body}"));
        let said: Vec<&str> = found.said.iter().map(String::as_str).collect();
        assert_eq!(said, *expected, "{body}");
    }
}

#[test]
fn every_key_is_honoured_or_reported() {
    table(&[
        (
            "prots: [80]",
            &["error 5:5 [unknown-key] unknown key `prots` in service `web`"],
        ),
        (
            "cpuset: \"0\"",
            &[
                "warning 5:5 [not-carried] `cpuset` of service `web` has no counterpart in Kubernetes",
            ],
        ),
        (
            "volumes_from: [db]",
            &["error 5:20 [unknown-name] there is no service `db` in this project"],
        ),
        ("restart: unless-stopped", &[]),
        (
            "restart: \"no\"",
            &[
                "warning 5:14 [restart-policy] Kubernetes starts `web` again whenever it ends, although `restart` says `no`",
            ],
        ),
        (
            "restart: maybe",
            &["error 5:14 [bad-value] `maybe` is no restart policy"],
        ),
        ("init: false", &[]),
        (
            "init: true",
            &[
                "note 5:11 [init-process] a pod has no init process of its own: the image's first process has to take in processes that others leave behind",
            ],
        ),
        ("logging: {driver: json-file}", &[]),
        ("x-mine: 1", &[]),
        (
            "x-kubewright: {knid: Job}",
            &["error 5:20 [unknown-key] unknown key `knid` in `x-kubewright`"],
        ),
        (
            "deploy: {replicas: two}",
            &["error 5:24 [wrong-type] `replicas` wants a whole number, found `two`"],
        ),
        (
            "deploy: {placment: {}}",
            &["error 5:14 [unknown-key] unknown key `placment` in `deploy` of service `web`"],
        ),
        (
            "ports: [\"80:x\"]",
            &["error 5:13 [bad-value] `80:x` is no port: `x` is no whole number"],
        ),
        ("user: nobody", &[]),
        (
            "user: someone",
            &[
                "warning 5:11 [unknown-user] the number of the user `someone` is not known: the image's own user runs",
            ],
        ),
        (
            "depends_on: [wbe]",
            &["error 5:18 [unknown-name] there is no service `wbe` in this project"],
        ),
        (
            "depends_on: [web]",
            &["error 5:18 [cycle] services wait for each other: `web` → `web`"],
        ),
        (
            "mem_limit: 1q",
            &[
                "error 5:16 [bad-value] `1q` of `mem_limit` is no amount of memory: it is no number with a unit",
            ],
        ),
        (
            "network_mode: host",
            &[
                "warning 5:19 [host-network] `web` gets the network of its node: its ports are the node's, and two pods cannot share one",
            ],
        ),
        (
            "volumes: [data:/d]",
            &["error 5:15 [unknown-name] there is no volume `data` in this project"],
        ),
        (
            "volumes: [/var/run/docker.sock:/s]",
            &[
                "warning 5:15 [host-path] `/var/run/docker.sock` of the machine becomes a path of the node: whoever has Docker's socket rules the node, and many clusters have no Docker",
            ],
        ),
        (
            "environment: [NOT_SET]",
            &[
                "warning 5:19 [unset-variable] `NOT_SET` of `web` has no value, neither here nor in the environment, and is left out",
            ],
        ),
        (
            "labels: {\"a b\": c}",
            &[
                "warning 5:14 [not-carried] the label `a b` is no key of an annotation and is left out: it has a blank",
            ],
        ),
    ]);
}

#[test]
fn a_service_needs_an_image() {
    assert_eq!(
        web("tty: true").said,
        ["error 4:5 [missing-key] service `web` has neither `image` nor `build`"]
    );
}

#[test]
fn commands_are_split_and_escaped() {
    let found = web(
        "image: a\nentrypoint: sh -c 'echo $$$$ $$(A) $$(B)'\ncommand: [\"x\", \"8000\"]\nenvironment: {A: b}",
    );
    let app = found.app("web");
    let Some(Command::Exec(argv)) = app.main.command.as_ref().map(|command| &command.value) else {
        panic!("a command");
    };
    assert_eq!(argv, &["sh", "-c", "echo $$$$ $$(A) $(B)"]);
    let reset = web("image: a\nentrypoint: []\ncommand: run me");
    let app = reset.app("web");
    assert_eq!(app.main.args, None);
    assert!(app.main.command.is_some());
}

#[test]
fn variables_come_in_order() {
    let names = |body: &str| -> Vec<String> {
        let found = web(&format!("image: a\n{body}"));
        let variables = found.app("web").main.environment.iter();
        variables
            .map(|variable| variable.name.value.to_string())
            .collect()
    };
    assert_eq!(names("environment: {B: 1, A: 2}"), ["A", "B"]);
    assert_eq!(names("environment: [B=1, A=2]"), ["B", "A"]);
    let found = web("image: a\nenvironment: {FROM_SHELL: , V: 1.10, TOKEN: }");
    let variables = &found.app("web").main.environment;
    assert_eq!(variables.len(), 2);
    let VariableValue::Text(shell) = &variables[0].value else {
        panic!("a text");
    };
    assert_eq!(shell.value, "shell");
    let VariableValue::Text(number) = &variables[1].value else {
        panic!("a text");
    };
    assert_eq!(number.value, "1.1");
}

#[test]
fn ports_of_all_forms() {
    let found = web(
        "image: a\nports: [\"127.0.0.1:8080:80\", \"8081:80\", {target: 443, published: \"8443\", name: https}]\nexpose: [\"53/udp\", 80]",
    );
    let ports = found.app("web").main.ports.as_ref().expect("ports");
    let numbers: Vec<u16> = ports
        .iter()
        .map(|port| port.container_port.value.get())
        .collect();
    assert_eq!(numbers, [80, 443, 53]);
    assert_eq!(found.of("duplicate-port").len(), 1);
    assert_eq!(found.of("host-ip").len(), 1);
    assert_eq!(found.of("published-port").len(), 1);
    assert!(found.of("published-port")[0].contains("ports 8080 and 8443 of `web` are not"));
    assert_eq!(found.errors(), Vec::<&str>::new());
}

#[test]
fn a_known_image_brings_its_ports() {
    let found = web("image: nginx:1.29");
    let ports = found.app("web").main.ports.as_ref().expect("ports");
    assert_eq!(ports[0].container_port.value.get(), 80);
    assert_eq!(
        web("image: acme/web").app("web").main.ports,
        Some(Vec::new())
    );
}

#[test]
fn folders_with_folders_are_files_as_long_as_they_fit() {
    let deep = format!("config/{}x", "a/".repeat(17));
    let rows: [(&str, &str, &str); 6] = [
        ("config/a/b/x", "", ""),
        ("config/.git/HEAD", "", "`.git` in it is what git keeps"),
        (
            "config/a/logs/x",
            "",
            "`a/logs` in it holds what the service writes",
        ),
        ("config/a/logs/x", ":ro", ""),
        ("config/a/..x", ":ro", ""),
        (&deep, "", "lies too deep"),
    ];
    for (path, mode, why) in rows {
        let files = MemoryFiles::new().with(path, "x");
        let text =
            format!("services: {{web: {{image: a, volumes: [\"./config:/etc/web{mode}\"]}}}}\n");
        let found = decoded_with(&text, files);
        let warned = found.said.iter().filter(|said| said.starts_with("warning"));
        let said: Vec<&String> = warned.collect();
        assert_eq!(said.is_empty(), why.is_empty(), "{path}{mode}: {said:?}");
        assert!(said.iter().all(|said| said.contains(why)), "{said:?}");
        let is_folder = |content: &FileContent| matches!(content, FileContent::Folder(_));
        let mounted = &found.app("web").main.files;
        assert_eq!(
            mounted.iter().any(|file| is_folder(&file.content)),
            why.is_empty(),
            "{path}"
        );
    }
}

#[test]
fn many_files_are_no_configuration() {
    let files = (0..501).fold(MemoryFiles::new(), |files, number| {
        files.with(format!("config/{number}/x"), "x")
    });
    let text = "services: {web: {image: a, volumes: [\"./config:/etc/web:ro\"]}}\n";
    let found = decoded_with(text, files);
    let is_said = |said: &String| said.contains("more than 500 files");
    assert!(found.said.iter().any(is_said), "{:?}", found.said);
}

#[test]
fn volumes_become_what_they_are_for() {
    let files = MemoryFiles::new()
        .with("conf.d/a.conf", "a")
        .with("conf.d/b.conf", "b")
        .with("tree/logs/x", "x")
        .with("tls/server.key", "-----BEGIN PRIVATE KEY-----")
        .with("src/main.js", "1")
        .with("Dockerfile", "FROM node");
    let text = "services:
  web:
    build: .
    volumes:
      - .:/app
      - /app/node_modules
      - shared:/shared
  other:
    image: nginx
    volumes:
      - ./conf.d:/etc/conf.d:ro
      - ./tree:/tree
      - ./tls/server.key:/key
      - ./none:/none
      - shared:/shared
      - outside:/out
      - memory:/memory
  db:
    image: postgres:17
    volumes: [\"./pg:/var/lib/postgresql/data\"]
volumes:
  shared:
  outside: {external: true, name: there}
  memory: {driver_opts: {type: tmpfs, device: tmpfs, o: \"size=64m\"}}
  unused:
";
    let found = decoded_with(text, files);
    assert_eq!(found.errors(), Vec::<&str>::new());
    let web = found.app("web");
    assert!(matches!(web.main.image, Some(ImageSource::Build(_))));
    assert_eq!(web.volumes.len(), 1);
    assert!(matches!(web.volumes[0].source, VolumeSource::Shared(_)));
    let other = found.app("other");
    assert!(matches!(
        other.main.files[0].content,
        FileContent::Folder(_)
    ));
    assert!(matches!(
        other.main.files[1].content,
        FileContent::Secret(_)
    ));
    let kinds: Vec<&str> = other
        .volumes
        .iter()
        .map(|volume| match volume.source {
            VolumeSource::Claim(_) => "claim",
            VolumeSource::Shared(_) => "shared",
            VolumeSource::ExistingClaim(_) => "existing",
            VolumeSource::EmptyDir { .. } => "memory",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["claim", "claim", "shared", "existing", "memory"]);
    assert_eq!(found.app("db").workload.kind(), "StatefulSet");
    for code in [
        "bind-source",
        "anonymous-volume",
        "bind-folder",
        "bind-missing",
        "claim-shared",
        "unused",
    ] {
        assert_eq!(found.of(code).len(), 1, "{code}: {:#?}", found.said);
    }
}

#[test]
fn names_are_sanitised_and_may_meet() {
    let found =
        decoded("services:\n  my_app: {image: a, depends_on: [My.App]}\n  My.App: {image: a}\n");
    assert_eq!(found.of("renamed").len(), 2);
    assert_eq!(found.of("name-taken").len(), 1);
    let found = decoded("services:\n  my_app: {image: a}\n  b: {image: a, depends_on: [my_app]}\n");
    assert_eq!(found.app("b").dependencies[0].on.value.as_str(), "my-app");
}

#[test]
fn who_is_awaited_is_a_job() {
    let found = decoded(
        "services:
  migrate: {image: a, restart: on-failure}
  web: {image: a, depends_on: {migrate: {condition: service_completed_successfully}}}
  agent: {image: a, deploy: {mode: global}}
  nightly: {image: a, labels: {kubewright.schedule: \"0 3 * * *\"}}
  stored: {image: a, labels: {kubewright.kind: StatefulSet}}
",
    );
    let kinds: Vec<&str> = found
        .project
        .apps()
        .map(|app| app.workload.kind())
        .collect();
    assert_eq!(
        kinds,
        ["DaemonSet", "Job", "CronJob", "StatefulSet", "Deployment"]
    );
    assert_eq!(found.said, Vec::<String>::new());
}

#[test]
fn cycles_are_listed_once() {
    let found = decoded(
        "services:\n  a: {image: i, depends_on: [b]}\n  b: {image: i, depends_on: [c]}\n  c: {image: i, depends_on: [a]}\n",
    );
    assert_eq!(
        found.said,
        ["error 4:30 [cycle] services wait for each other: `a` → `b` → `c` → `a`"]
    );
}

#[test]
fn configs_and_secrets_are_mounted() {
    let files = MemoryFiles::new().with("pw.txt", "hunter2");
    let found = decoded_with(
        "services:
  web:
    image: a
    configs: [motd, {source: motd, target: /etc/motd, mode: 0440}]
    secrets: [pw]
configs:
  motd: {content: hello}
secrets:
  pw: {file: ./pw.txt}
",
        files,
    );
    assert_eq!(found.said, Vec::<String>::new());
    let files = &found.app("web").main.files;
    let paths: Vec<&str> = files.iter().map(|file| file.path.value.as_str()).collect();
    assert_eq!(paths, ["/motd", "/etc/motd", "/run/secrets/pw"]);
    assert_eq!(files[1].mode.map(|mode| mode.value.bits()), Some(0o440));
    assert!(found.project.secrets.contains_key("pw"));
}

#[test]
fn secrets_are_said_once_per_service() {
    let found = web("image: a\nenvironment: {API_TOKEN: x, DB_PASSWORD: y, EMPTY_PASSWORD: \"\"}");
    assert_eq!(
        found.said,
        [
            "note 5:30 [moved-to-secret] `API_TOKEN` and `DB_PASSWORD` of `web` went to Secret `web-secrets`"
        ]
    );
    assert!(found.said.iter().all(|line| !line.contains("hunter2")));
}
