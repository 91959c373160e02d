//! The project's own worked example.

use kubewright_files::MemoryFiles;
use kubewright_model::container::Command;
use kubewright_model::dependency::Condition;
use kubewright_model::file::FileContent;
use kubewright_model::probe::{ProbeCheck, Setting};
use kubewright_model::variable::VariableValue;
use kubewright_model::volume::VolumeSource;

use super::{Decoded, decoded_with};

const COMPOSE: &str = r#"name: shop
services:
  web:
    image: ghcr.io/acme/shop-web:1.4.2
    ports: ["8080:3000"]
    environment:
      API_URL: http://api:8000
      NODE_ENV: production
    depends_on:
      api: {condition: service_healthy}
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:3000/healthz"]
      interval: 10s
      timeout: 3s
      retries: 3
      start_period: 30s
    deploy:
      replicas: 2
      resources:
        limits: {cpus: "0.50", memory: 256M}
        reservations: {memory: 128M}
    restart: unless-stopped
  api:
    image: ghcr.io/acme/shop-api:1.4.2
    command: ["serve", "--port", "8000"]
    expose: ["8000"]
    user: "1000:1000"
    read_only: true
    tmpfs: ["/tmp"]
    environment:
      DATABASE_URL: postgres://shop:hunter2@db:5432/shop
      LOG_LEVEL: "on"
    volumes:
      - ./config/api.toml:/etc/shop/api.toml:ro
    depends_on:
      db: {condition: service_healthy}
  db:
    image: postgres:17
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: hunter2
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U shop"]
      interval: 5s
      retries: 5
    stop_grace_period: 1m
volumes:
  data: {}
"#;

fn example() -> Decoded {
    decoded_with(
        COMPOSE,
        MemoryFiles::new().with("config/api.toml", "log = \"info\"\n"),
    )
}

#[test]
fn it_says_what_the_terminal_shows() {
    assert_eq!(
        example().said,
        [
            "note 5:13 [published-port] port 8080 of `web` is not reachable from outside the cluster",
            "note 31:21 [moved-to-secret] `DATABASE_URL` of `api` holds a password and went to Secret `api-secrets`",
            "note 41:26 [moved-to-secret] `POSTGRES_PASSWORD` of `db` went to Secret `db-secrets`",
        ]
    );
}

#[test]
fn the_web_server_is_a_deployment_with_probes() {
    let example = example();
    let web = example.app("web");
    assert_eq!(web.workload.kind(), "Deployment");
    let Setting::On(startup) = &web.main.probes.startup else {
        panic!("a startup probe");
    };
    assert_eq!(
        startup.failure_threshold.map(|count| count.value.get()),
        Some(6)
    );
    assert_eq!(startup.period.map(|time| time.value.millis()), Some(10_000));
    let Setting::On(readiness) = &web.main.probes.readiness else {
        panic!("a readiness probe");
    };
    assert!(matches!(&readiness.check.value, ProbeCheck::Http { path, .. } if path == "/healthz"));
    assert_eq!(web.dependencies[0].condition.value, Condition::Healthy);
    let resources = format!("{:?}", web.main.resources);
    assert!(resources.contains("Cpu(500)"), "{resources}");
    assert!(resources.contains("Memory(268435456)"), "{resources}");
}

#[test]
fn the_server_gets_its_file_and_memory() {
    let example = example();
    let api = example.app("api");
    assert_eq!(api.main.args.as_ref().map(|args| args.len()), Some(3));
    assert!(matches!(api.main.files[0].content, FileContent::File(_)));
    assert_eq!(api.volumes[0].name.value.as_str(), "tmp");
    assert!(matches!(
        api.volumes[0].source,
        VolumeSource::EmptyDir { memory: true, .. }
    ));
    assert!(matches!(
        api.main.environment[0].value,
        VariableValue::Secret(_)
    ));
    let VariableValue::Text(level) = &api.main.environment[1].value else {
        panic!("a text");
    };
    assert_eq!(level.value, "on");
}

#[test]
fn the_database_is_infrastructure_with_a_claim() {
    let example = example();
    assert!(example.is_infrastructure("db"));
    let db = example.app("db");
    assert_eq!(db.workload.kind(), "StatefulSet");
    assert_eq!(db.main.ports, None);
    assert!(matches!(db.volumes[0].source, VolumeSource::Claim(_)));
    assert_eq!(db.volumes[0].name.value.as_str(), "data");
    let names: Vec<&str> = db
        .main
        .environment
        .iter()
        .map(|v| v.name.value.as_str())
        .collect();
    assert_eq!(names, ["POSTGRES_USER", "POSTGRES_PASSWORD"]);
    assert!(matches!(db.main.probes.startup, Setting::Unsaid));
    let Setting::On(liveness) = &db.main.probes.liveness else {
        panic!("a liveness probe");
    };
    assert_eq!(
        liveness.timeout.map(|time| time.value.millis()),
        Some(30_000)
    );
    let ProbeCheck::Exec(Command::Shell(line)) = &liveness.check.value else {
        panic!("a command");
    };
    assert_eq!(line, "pg_isready -U shop");
    assert_eq!(
        db.grace_period.map(|time| time.value.millis()),
        Some(60_000)
    );
}
