//! Whom an app talks to, as the references in its texts say.

use kubewright_model::project::Entry;

use super::read;

const AROUND: &str = "\
gateway: {hosts: [shop.test], routes: {/api: api}}
infrastructure:
 redis: redis:7
 pg: {image: postgres:17, environment: {POSTGRES_PASSWORD: {secret: pw}, POSTGRES_USER: shop}}
apps:
 api: {image: api:1, ports: 80, environment: {DB: \"postgres://${pg.host}/\", MODE: live}}
";

/// What `web` with these keys refers to.
fn referred(keys: &str) -> Vec<String> {
    let text = format!("{AROUND} web: {{image: web:1, ports: 80, {keys}}}\n");
    let read = read(&text, None, &[]);
    assert_eq!(read.faults(), [""; 0], "{keys}");
    let mut apps = read.project.apps();
    let web = apps.find(|app| app.name.as_str() == "web").expect("an app");
    let names = web.access.refers_to.iter();
    names.map(|name| name.value.to_string()).collect()
}

#[test]
fn addresses_and_secrets_of_others_are_references() {
    let rows: &[(&str, &[&str])] = &[
        ("environment: {A: b}", &[]),
        ("environment: {A: \"${redis.url}\"}", &["redis"]),
        (
            "environment: {A: \"${redis.host}:${redis.port}\", B: \"${api.url}\"}",
            &["api", "redis"],
        ),
        ("args: [--db, \"${pg.host}\"]", &["pg"]),
        (
            "probes: {readiness: {command: [ping, \"${redis.host}\"]}}",
            &["redis"],
        ),
        (
            "init_containers: [{name: a, image: b:1, environment: {A: \"${redis.host}\"}}]",
            &["redis"],
        ),
        // A secret of another, alone or in a text.
        ("environment: {A: \"${pg.POSTGRES_PASSWORD}\"}", &["pg"]),
        ("environment: {A: \"x:${pg.POSTGRES_PASSWORD}@y\"}", &["pg"]),
        // What another's variable refers to.
        ("environment: {A: \"${api.DB}\"}", &["pg"]),
        // Neither an address nor a secret; the way from outside; itself.
        (
            "environment: {A: \"${pg.POSTGRES_USER}\", B: \"${api.MODE}\"}",
            &[],
        ),
        ("environment: {A: \"${api.public_url}\"}", &[]),
        ("environment: {A: \"${web.host}\"}", &[]),
        // What is said counts, too, each once.
        (
            "environment: {A: \"${redis.url}\"}, access: {refers_to: [redis, pg]}",
            &["redis", "pg"],
        ),
        (
            "environment: {A: \"${redis.url}\"}, access: private",
            &["redis"],
        ),
    ];
    for (keys, expected) in rows {
        assert_eq!(referred(keys), *expected, "{keys}");
    }
}

#[test]
fn charts_and_compose_projects_refer_to_others() {
    let text = format!(
        "{AROUND}helm: {{bus: {{chart: oci://a.test/bus, version: 1.0.0, values: {{redis: \"${{redis.host}}\"}}}}}}\n\
         compose: {{stats: {{path: stats, services: {{web: {{environment: {{A: \"${{redis.url}}\"}}}}}}}}}}\n"
    );
    let files = [("stats/compose.yaml", "services: {web: {image: a:1}}\n")];
    let read = read(&text, None, &files);
    assert_eq!(read.faults(), [""; 0]);
    let mut found = Vec::new();
    for entry in read.project.entries.values() {
        let names = match entry {
            Entry::Helm(release) => &release.refers_to,
            Entry::Compose(compose) => &compose.refers_to,
            _ => continue,
        };
        found.push(names.iter().map(|name| name.as_str()).collect::<Vec<_>>());
    }
    assert_eq!(found, [["redis"], ["redis"]]);
}
