use super::*;

/// The service `a` of two files, merged.
fn service(under: &str, over: &str) -> Loaded {
    let wrap = |text: &str| format!("services: {{a: {{{text}}}}}");
    two(&wrap(under), &wrap(over))
}

#[test]
fn each_key_is_merged_by_its_rule() {
    let rows = [
        // Scalars replace, absent keys stay, null over a value says nothing.
        ("image: a, tty: true", "image: b", "image: b, tty: true"),
        ("image: a", "image: null", "image: a"),
        // Commands are never merged; null takes the place.
        ("command: [a, b]", "command: [c]", "command: [c]"),
        ("command: a", "command: null", "command: null"),
        ("entrypoint: [a]", "entrypoint: b c", "entrypoint: b c"),
        (
            "healthcheck: {test: [CMD, a], retries: 2}",
            "healthcheck: {test: b}",
            "healthcheck: {test: b, retries: 2}",
        ),
        // NAME=value in both forms.
        (
            "environment: [A=1, B=2]",
            "environment: {B: 3, C: 4}",
            "environment: {A: '1', B: 3, C: 4}",
        ),
        (
            "environment: {A: 1}",
            "environment: [A=2, B]",
            "environment: {A: '2', B: null}",
        ),
        (
            "environment: {A: 1}",
            "environment: [A]",
            "environment: {A: null}",
        ),
        (
            "environment: {A: 1}",
            "environment: null",
            "environment: {A: 1}",
        ),
        (
            "labels: [a=b=c]",
            "labels: {d: e}",
            "labels: {a: b=c, d: e}",
        ),
        ("sysctls: {a: 1}", "sysctls: [a=2]", "sysctls: {a: '2'}"),
        (
            "annotations: {a: 1}",
            "annotations: {a: 2}",
            "annotations: {a: 2}",
        ),
        // build
        (
            "build: x",
            "build: {target: t}",
            "build: {context: x, target: t}",
        ),
        (
            "build: {args: [A=1], target: t}",
            "build: {args: {A: 2}}",
            "build: {args: {A: 2}, target: t}",
        ),
        // Lists append, what is known by the same name once.
        (
            "ports: ['80:80']",
            "ports: ['81:81', '80:80']",
            "ports: ['80:80', '81:81']",
        ),
        (
            "ports: ['80:80']",
            "ports: [{published: '80', target: 80, mode: host}]",
            "ports: [{published: '80', target: 80, mode: host}]",
        ),
        ("ports: ['80']", "ports: [80]", "ports: [80]"),
        ("expose: ['80']", "expose: [80, 81]", "expose: [80, 81]"),
        (
            "volumes: ['./a:/d', 'vv:/e']",
            "volumes: ['bb:/d:ro']",
            "volumes: ['bb:/d:ro', 'vv:/e']",
        ),
        (
            "volumes: ['aa:/d']",
            "volumes: [{type: volume, source: b, target: /d/}]",
            "volumes: [{type: volume, source: b, target: /d/}]",
        ),
        (
            "devices: ['/dev/a:/dev/x']",
            "devices: ['/dev/b:/dev/x']",
            "devices: ['/dev/b:/dev/x']",
        ),
        (
            "secrets: [a]",
            "secrets: [{source: a, mode: 256}, b]",
            "secrets: [{source: a, mode: 256}, b]",
        ),
        (
            "configs: [a]",
            "configs: [{source: b, target: /a}]",
            "configs: [{source: b, target: /a}]",
        ),
        ("cap_add: [A, B]", "cap_add: [B, C]", "cap_add: [A, B, C]"),
        (
            "group_add: [1, 1]",
            "group_add: [1, 2]",
            "group_add: [1, 1, 2]",
        ),
        (
            "security_opt: ['a']",
            "security_opt: [a, b]",
            "security_opt: [a, b]",
        ),
        // A string is a list of one.
        (
            "dns: 1.1.1.1",
            "dns: [8.8.8.8, 1.1.1.1]",
            "dns: [1.1.1.1, 8.8.8.8]",
        ),
        ("tmpfs: /a", "tmpfs: /b", "tmpfs: [/a, /b]"),
        (
            "env_file: a",
            "env_file: [{path: a, required: false}, b]",
            "env_file: [{path: a, required: false}, b]",
        ),
        (
            "extra_hosts: {a: 1.1.1.1}",
            "extra_hosts: ['b=2.2.2.2']",
            "extra_hosts: [a=1.1.1.1, b=2.2.2.2]",
        ),
        // Lists of names are mappings.
        (
            "depends_on: [a]",
            "depends_on: {b: {condition: service_healthy}}",
            "depends_on: {a: {condition: service_started, required: true}, b: {condition: service_healthy}}",
        ),
        (
            "networks: [x]",
            "networks: {x: {aliases: [a]}, y: null}",
            "networks: {x: {aliases: [a]}, y: null}",
        ),
        // Options belong to a driver.
        (
            "logging: {driver: x, options: {a: 1}}",
            "logging: {options: {b: 2}}",
            "logging: {driver: x, options: {a: 1, b: 2}}",
        ),
        (
            "logging: {driver: x, options: {a: 1}}",
            "logging: {driver: y}",
            "logging: {driver: y}",
        ),
        (
            "ulimits: {n: {soft: 1, hard: 2}}",
            "ulimits: {n: {soft: 3}}",
            "ulimits: {n: {soft: 3, hard: 2}}",
        ),
        (
            "ulimits: {n: {soft: 1, hard: 2}}",
            "ulimits: {n: 5}",
            "ulimits: {n: 5}",
        ),
        (
            "deploy: {labels: [a=1], replicas: 2}",
            "deploy: {labels: {b: 2}}",
            "deploy: {labels: {a: '1', b: 2}, replicas: 2}",
        ),
    ];
    for (under, over, expected) in rows {
        // `env_file`s need not exist for this.
        let loaded = service(under, over);
        let said: Vec<_> = loaded
            .said()
            .into_iter()
            .filter(|s| !s.starts_with("file "))
            .collect();
        assert_eq!(said, Vec::<String>::new(), "{under} + {over}");
        loaded.looks_like(&format!("services: {{a: {{{expected}}}}}"));
    }
}

#[test]
fn sections_are_merged() {
    let under = "services: {a: {image: x}}\nvolumes: {v: {}}\nnetworks: {n: {ipam: {config: [{subnet: 1, gateway: 2}]}, labels: [a=1]}}";
    let over = "services: {b: {image: y}}\nvolumes: {w: }\nnetworks: {n: {ipam: {config: [{subnet: 1}, {subnet: 3}]}, labels: {b: c}}}\nx-a: 1";
    two(under, over).is("services: {a: {image: x}, b: {image: y}}\nvolumes: {v: {}, w: }\nnetworks: {n: {ipam: {config: [{subnet: 1}, {subnet: 3}]}, labels: {a: '1', b: c}}}\nx-a: 1");
}

#[test]
fn reset_takes_away_and_override_replaces() {
    let rows = [
        ("image: a, ports: ['80']", "ports: !reset []", "image: a"),
        (
            "image: a, ports: ['80']",
            "ports: !override ['81']",
            "image: a, ports: ['81']",
        ),
        (
            "environment: {A: 1, B: 2}",
            "environment: {A: !reset null}",
            "environment: {B: 2}",
        ),
        (
            "environment: [A=1, B=2]",
            "environment: {A: !reset null, C: 3}",
            "environment: {B: '2', C: 3}",
        ),
        (
            "build: {args: {A: 1}, target: t}",
            "build: !override {context: .}",
            "build: {context: .}",
        ),
        (
            "image: a",
            "command: !reset null, tty: !override true",
            "image: a, tty: true",
        ),
        ("cap_add: [A]", "cap_add: [!reset B, C]", "cap_add: [A, C]"),
    ];
    for (under, over, expected) in rows {
        let loaded = service(under, over);
        loaded.is(&format!("services: {{a: {{{expected}}}}}"));
    }
    two(
        "services: {a: {image: x}, b: {image: y}}",
        "services: {a: !reset null}",
    )
    .is("services: {b: {image: y}}");
    one("services: {a: {image: x, ports: !reset [a], tty: !override true}}")
        .is("services: {a: {image: x, tty: true}}");
    one("services: {a: {image: !odd x}}").says(&["unknown-tag compose.yaml:1:23"]);
}

#[test]
fn what_cannot_be_merged_is_said() {
    let loaded = service("ports: ['80']", "ports: {a: b}");
    loaded.says(&["cannot-merge over.yaml:1:23 cannot override `services.a.ports`: it is a mapping here and a list below"]);
    service("group_add: [1]", "group_add: 1").says(&["cannot-merge over.yaml:1:27"]);
}

#[test]
fn items_that_stand_twice_are_noted() {
    let loaded = one(
        "services: {a: {image: x, ports: ['80:80', '80:80'], environment: [P=secret, P=geheim]}}",
    );
    loaded.looks_like("services: {a: {image: x, ports: ['80:80'], environment: [P=geheim]}}");
    loaded.says(&[
        "duplicate-item compose.yaml:1:34 `80:80` stands twice in `services.a.ports`",
        "duplicate-item compose.yaml:1:67 `P` stands twice in `services.a.environment`",
    ]);
}

#[test]
fn several_documents_of_a_file_are_laid_over_each_other() {
    one("services: {a: {image: x, tty: true}}\n---\nservices: {a: {image: y}}\n")
        .is("services: {a: {image: y, tty: true}}");
}

#[test]
fn values_keep_their_places() {
    let loaded = two(
        "services:\n  a:\n    image: x\n    tty: true\n",
        "services:\n  a:\n    image: y\n",
    );
    let service = loaded
        .document()
        .root
        .get("services")
        .and_then(|s| s.get("a"))
        .unwrap();
    let place = |key: &str| loaded.sources.describe(service.get(key).unwrap().span);
    assert_eq!(place("image"), "over.yaml:3:12");
    assert_eq!(place("tty"), "compose.yaml:4:10");
}
