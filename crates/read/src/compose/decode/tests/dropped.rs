//! Nothing is silently lost: leaving any key out changes the project or what is
//! said, unless the key says what holds anyway.

use kubewright_files::MemoryFiles;
use kubewright_source::{Diagnostics, Sources};
use kubewright_yaml::{Limits, Mapping, Node, Path, Value, read_document};

use super::super::{DecodeOptions, decode, keys};
use super::document::document;
use crate::Environment;

const RICH: &str = r#"
services:
  web:
    image: ghcr.io/acme/web:1
    build:
      context: ./web
      dockerfile: D
      args: {A: b}
      target: prod
      tags: [x]
      labels: {l: m}
      ssh: [default]
      secrets: [pw, {source: pw, target: other, uid: "1", gid: "2", mode: 0400}]
      additional_contexts: {c: ./d}
      cache_from: [c]
      cache_to: [c]
      no_cache: true
      network: host
      platforms: [linux/amd64]
      extra_hosts: ["a=1.2.3.4"]
    annotations: {n: o}
    blkio_config: {weight: 1}
    cap_add: [NET_ADMIN]
    cap_drop: [ALL]
    command: [a]
    configs: [{source: motd, target: /m, uid: "1", mode: 0440}]
    container_name: boxed
    cpu_shares: 3
    cpuset: "0"
    depends_on: {db: {condition: service_healthy, required: false, restart: true}}
    deploy:
      mode: replicated
      endpoint_mode: dnsrr
      replicas: 2
      labels: {p: q}
      rollback_config: {order: stop-first}
      update_config: {parallelism: 2, delay: 5s, monitor: 3s, failure_action: pause, order: start-first, max_failure_ratio: 0.1}
      resources:
        limits: {cpus: "2", memory: 1g, pids: 5}
        reservations:
          cpus: "1"
          memory: 512m
          generic_resources: [{discrete_resource_spec: {kind: g, value: 1}}]
          devices: [{capabilities: [gpu], count: 2, driver: amd, device_ids: ["0"]}]
      restart_policy: {condition: any, delay: 1s, max_attempts: 3, window: 2s}
      placement: {constraints: ["node.labels.a == b"], preferences: [{spread: node.labels.z}], max_replicas_per_node: 1}
    develop: {watch: [{path: ., action: rebuild}]}
    devices: ["/dev/fuse"]
    dns: [1.1.1.1]
    dns_opt: [ndots:2]
    dns_search: [example.com]
    domainname: sub
    entrypoint: [b]
    environment: {E: f, SECRET_TOKEN: g}
    expose: ["81"]
    external_links: [x]
    extra_hosts: {h: 1.2.3.4}
    group_add: [5]
    healthcheck: {test: curl -f http://localhost, interval: 5s, timeout: 4s, retries: 2, start_period: 9s, start_interval: 1s}
    hostname: here
    init: true
    ipc: host
    labels: {r: s, kubewright.label.t: u}
    links: ["db:database"]
    logging: {driver: syslog, options: {a: b}}
    mac_address: "02:42:ac:11:00:02"
    networks: {front: {aliases: [www], ipv4_address: 10.0.0.2, priority: 1}}
    oom_score_adj: 1
    pid: host
    platform: linux/arm64
    ports: ["8080:80", {target: 443, published: "8443", host_ip: 10.0.0.1, mode: host, name: https, protocol: udp, app_protocol: https}]
    post_start: [{command: [x], user: root, working_dir: /w, environment: {A: b}}]
    pre_stop: [{command: [y]}]
    privileged: true
    pull_policy: always
    read_only: true
    restart: always
    runtime: gvisor
    secrets: [pw]
    security_opt: [no-new-privileges]
    shm_size: 64m
    stdin_open: true
    stop_grace_period: 1m
    stop_signal: SIGINT
    sysctls: {net.core.somaxconn: "1"}
    tmpfs: ["/tmp:size=1m"]
    tty: true
    ulimits: {nofile: 5}
    user: "5:6"
    userns_mode: host
    uts: host
    volumes:
      - data:/data
      - {type: volume, source: more, target: /more, read_only: true, volume: {nocopy: true, subpath: s, labels: {a: b}}}
      - {type: bind, source: ./f.txt, target: /f, bind: {propagation: rslave, create_host_path: false, selinux: z}}
      - {type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 0700}}
      - {type: image, source: alpine, target: /i, image: {subpath: s}}
    working_dir: /w
    x-kubewright: {kind: StatefulSet}
  db:
    image: postgres:17
    volumes: [pg:/var/lib/postgresql/data]
    mem_limit: 1g
    mem_reservation: 1g
    cpus: 1
    scale: 3
    network_mode: host
volumes:
  data: {name: named, labels: {kubewright.size: 5Gi, kubewright.storage-class: fast, l: m}}
  more: {driver: rexray, driver_opts: {foo: bar}}
  pg: {external: true, name: there}
  unused:
networks:
  front: {internal: true, driver: overlay, ipam: {config: [{subnet: 10.0.0.0/8}]}, attachable: true, enable_ipv6: true, labels: {a: b}, name: n}
  away: {external: true}
configs:
  motd: {content: hi, labels: {a: b}}
secrets:
  pw: {environment: PW, labels: {a: b}, name: n}
models: {m: {model: x}}
"#;

fn outcome(root: Node) -> (String, Vec<String>) {
    let environment: Environment = [("PW", "x")].into_iter().collect();
    let document = document(root, environment);
    let files = MemoryFiles::new().with("f.txt", "f");
    let mut diagnostics = Diagnostics::default();
    let project = decode(
        document,
        &files,
        &DecodeOptions::default(),
        &mut diagnostics,
    );
    let said = diagnostics.into_sorted();
    let said = said
        .iter()
        .map(|d| format!("{} {} {} {}", d.code, d.path, d.message, d.help));
    (format!("{project:?}"), said.collect())
}

/// All trees with one key or item less, and what was left out.
fn each_without(root: &Node) -> Vec<(String, bool, Node)> {
    let mut found = Vec::new();
    walk(
        root,
        &Path::ROOT,
        &mut |path, value, steps| {
            let mut copy = root.clone();
            remove(&mut copy, steps);
            found.push((path.to_string(), keys::restates_default(path, value), copy));
        },
        &mut Vec::new(),
    );
    found
}

type Visit<'v> = dyn FnMut(&Path<'_>, &Node, &[usize]) + 'v;

fn walk(node: &Node, path: &Path<'_>, visit: &mut Visit<'_>, steps: &mut Vec<usize>) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                steps.push(at);
                visit(&path.index(at), item, steps);
                walk(item, &path.index(at), visit, steps);
                steps.pop();
            }
        }
        Value::Mapping(members) => {
            for (at, entry) in members.iter().enumerate() {
                steps.push(at);
                visit(&path.key(&entry.key.text), &entry.value, steps);
                walk(&entry.value, &path.key(&entry.key.text), visit, steps);
                steps.pop();
            }
        }
    }
}

fn remove(node: &mut Node, steps: &[usize]) {
    let Some((first, rest)) = steps.split_first() else {
        return;
    };
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) if rest.is_empty() => {
            items.remove(*first);
        }
        Value::Sequence(items) => remove(&mut items[*first], rest),
        Value::Mapping(members) if rest.is_empty() => {
            let mut kept = Mapping::default();
            for (at, entry) in members.iter().enumerate() {
                if at != *first {
                    kept.insert(entry.key.clone(), entry.value.clone());
                }
            }
            *members = kept;
        }
        Value::Mapping(members) => {
            if let Some((_, value)) = members.values_mut().nth(*first) {
                remove(value, rest);
            }
        }
    }
}

/// Below a key that is not carried over as a whole, nothing more is said.
fn lies_below_a_reported_key(path: &str, said: &[String]) -> bool {
    said.iter().any(|line| {
        let mut words = line.split(' ');
        let reported = words.next() == Some("not-carried");
        let above = words.next().unwrap_or_default();
        let whole = ["has no counterpart", "is not carried over yet"];
        let reported = reported && whole.iter().any(|words| line.contains(words));
        let reported = reported && above.matches('.').count() != 1;
        reported && !above.is_empty() && path.starts_with(above) && path != above
    })
}

#[test]
fn every_key_counts() {
    let mut sources = Sources::default();
    let id = sources.add("compose.yaml", RICH);
    let root = read_document(RICH, id, &Limits::default())
        .expect("it is YAML")
        .expect("it is not empty");
    let (project, said) = outcome(root.clone());
    let mut lost = Vec::new();
    for (path, restates, without) in each_without(&root) {
        if restates || lies_below_a_reported_key(&path, &said) {
            continue;
        }
        let (other, others) = outcome(without);
        if other == project && others == said {
            lost.push(path);
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}
