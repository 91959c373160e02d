//! The table: one row per family of images, by what they are for.

mod application;
mod base;
mod bitnami;
mod database;
mod home;
mod observability;
mod queue;
mod selfhosted;
mod tool;
mod web;

use crate::family::Family;

/// All parts of the table.
pub(crate) static TABLES: [&[Family]; 10] = [
    database::ROWS,
    queue::ROWS,
    bitnami::ROWS,
    web::ROWS,
    observability::ROWS,
    tool::ROWS,
    application::ROWS,
    home::ROWS,
    selfhosted::ROWS,
    base::ROWS,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{
        Family, Fix, Kind, Known, Probe, Protocol, Role, User, Workload, families, family, known,
    };

    fn each(check: impl Fn(&Family) -> bool, what: &str) {
        for family in families() {
            assert!(check(family), "{}: {what}", family.name());
        }
    }

    #[test]
    fn names_are_unique_and_well_formed() {
        let mut seen = BTreeSet::new();
        for name in families().flat_map(|family| family.names) {
            assert!(seen.insert(name), "`{name}` stands twice");
            let parts: Vec<&str> = name.split('/').collect();
            assert!(parts.len() <= 2, "`{name}` has too many components");
            for part in parts {
                let allowed =
                    |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
                let component = !part.is_empty() && part.chars().all(allowed);
                assert!(component || part == "*", "`{name}` is no repository path");
            }
        }
        each(|family| !family.names.is_empty(), "has no name");
        assert!(families().count() >= 90);
    }

    #[test]
    fn every_name_finds_its_row() {
        for row in families() {
            for name in row.names {
                let asked = name.replace('*', "someone");
                let found = family(&asked).map(Family::name);
                let by_owner = name.ends_with("/*");
                assert_eq!(found, Some(row.name()), "{asked}, {by_owner}");
                let mirrored = format!("mirror.example:5000/{asked}");
                assert_eq!(family(&mirrored).map(Family::name), found, "{mirrored}");
            }
        }
    }

    #[test]
    fn ports_are_valid_in_kubernetes() {
        for row in families() {
            let mut names = BTreeSet::new();
            let mut numbers = BTreeSet::new();
            for port in row.ports {
                let name = port.name;
                let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                assert!((1..=15).contains(&name.len()), "{}: {name}", row.name());
                assert!(name.chars().all(allowed), "{}: {name}", row.name());
                assert!(
                    name.chars().any(|c| c.is_ascii_lowercase()),
                    "{}: {name}",
                    row.name()
                );
                assert!(!name.starts_with('-') && !name.ends_with('-'), "{name}");
                assert!(port.number > 0, "{}", row.name());
                assert!(names.insert(name), "{}: {name} twice", row.name());
                let udp = port.protocol == Protocol::Udp;
                assert!(
                    numbers.insert((port.number, udp)),
                    "{}: {} twice",
                    row.name(),
                    port.number
                );
            }
        }
    }

    #[test]
    fn probes_ask_ports_of_the_row() {
        let has = |family: &Family, wanted: u16| {
            let tcp = |port: &&crate::Port| port.protocol == Protocol::Tcp;
            family
                .ports
                .iter()
                .filter(tcp)
                .any(|port| port.number == wanted)
        };
        each(
            |family| match family.probe {
                None => true,
                Some(Probe::Exec(command)) => !command.is_empty(),
                Some(Probe::Tcp(port)) => has(family, port),
                Some(Probe::Http { path, port }) => path.starts_with('/') && has(family, port),
            },
            "its probe asks a port that it does not have",
        );
    }

    #[test]
    fn data_stores_keep_data() {
        each(
            |family| !family.is_data_store() || family.data_paths(Some("latest")).next().is_some(),
            "a data store without a data path",
        );
        each(
            |family| !family.is_data_store() || !family.ports.is_empty(),
            "a data store without a port",
        );
        each(
            |family| !family.is_data_store() || family.role == Role::Infrastructure,
            "a data store is infrastructure",
        );
        for data in families().flat_map(|family| family.data) {
            assert!(
                data.path.starts_with('/') && !data.path.ends_with('/'),
                "{}",
                data.path
            );
            let number = data.size.strip_suffix("Gi").expect("sizes are in Gi");
            assert!(
                number.parse::<u32>().is_ok_and(|size| size > 0),
                "{}",
                data.size
            );
        }
    }

    #[test]
    fn users_are_never_root_and_variables_are_unique() {
        each(
            |family| family.users.iter().all(|rule| rule.user.uid != 0),
            "a known user is meant to be another than root",
        );
        for row in families() {
            let unique: BTreeSet<_> = row.variables.iter().collect();
            assert_eq!(unique.len(), row.variables.len(), "{}", row.name());
            for secret in row.secrets {
                let plain = !crate::secret::looks_secret(secret);
                assert!(plain, "{}: `{secret}` looks secret by itself", row.name());
            }
        }
    }

    /// The worked example of the specification: `postgres:17` with a claim.
    #[test]
    fn the_database_of_the_example() {
        let Known { family, tag } = known("postgres:17").expect("PostgreSQL is known");
        assert_eq!(
            (family.kind, family.role),
            (Kind::Database, Role::Infrastructure)
        );
        assert_eq!(family.workload, Workload::StatefulSet);
        assert_eq!(family.user(tag), Some(User { uid: 999, gid: 999 }));
        assert_eq!(family.user(tag).map(User::fs_group), Some(999));
        assert_eq!(family.capabilities(999), Some(&[] as &[&str]));
        assert_eq!(family.ports[0].number, 5432);
        assert_eq!(family.claim_size("/var/lib/postgresql/data"), Some("10Gi"));
        let fix = Fix::Variable {
            name: "PGDATA",
            value: "/var/lib/postgresql/data/pgdata".to_owned(),
        };
        let mount = "/var/lib/postgresql/data";
        assert_eq!(family.fresh_file_system(tag, mount), Some(fix));
        let mut names = ["POSTGRES_PASSWORD", "PGDATA", "POSTGRES_USER"];
        names.sort_by_key(|name| family.variable_rank(name));
        assert_eq!(names, ["PGDATA", "POSTGRES_USER", "POSTGRES_PASSWORD"]);
        assert!(family.keeps_secret("POSTGRES_PASSWORD"));
        assert!(!family.keeps_secret("POSTGRES_USER"));
    }

    #[test]
    fn users_by_build() {
        let table = [
            ("postgres:17-alpine", Some((70, 70))),
            ("postgres", Some((999, 999))),
            ("postgres@sha256:0", None),
            ("timescale/timescaledb:2.17.2-pg16", Some((70, 70))),
            ("redis:7", Some((999, 999))),
            ("redis:7-alpine", Some((999, 1000))),
            ("mongo:8", Some((999, 999))),
            ("mongo:8-windowsservercore", None),
            ("mysql:8.4", Some((999, 999))),
            ("mariadb:11", Some((999, 999))),
            ("nginx:1.27", None),
            ("nginxinc/nginx-unprivileged:alpine", Some((101, 101))),
            ("grafana/grafana", Some((472, 0))),
            ("prom/prometheus:v3.0.0", Some((65_534, 65_534))),
            (
                "docker.elastic.co/elasticsearch/elasticsearch:9.1.0",
                Some((1000, 0)),
            ),
            ("rabbitmq:4-management-alpine", Some((100, 101))),
            ("rabbitmq:4", Some((999, 999))),
            ("influxdb:2.7", Some((1000, 1000))),
            ("influxdb:1.8", None),
            ("bitnami/postgresql:16", Some((1001, 0))),
            ("gitea/gitea:1.22", None),
            ("gitea/gitea:1.22-rootless", Some((1000, 1000))),
        ];
        for (reference, expected) in table {
            let Known { family, tag } = known(reference).expect("the image is known");
            let user = family.user(tag).map(|user| (user.uid, user.gid));
            assert_eq!(user, expected, "{reference}");
        }
    }

    #[test]
    fn capabilities_by_user() {
        let asked =
            |repository: &str, uid| family(repository).and_then(|family| family.capabilities(uid));
        assert_eq!(asked("caddy", 0), Some(&["NET_BIND_SERVICE"] as &[&str]));
        assert!(asked("postgres", 0).is_some_and(|added| added.contains(&"SETUID")));
        assert_eq!(asked("vault", 100), None);
        assert_eq!(asked("nextcloud", 0), None);
    }

    /// The services of formats 1.15.3, by the images that people use for them.
    #[test]
    fn infrastructure_is_known() {
        let images = "postgres mysql mariadb mongo redis valkey/valkey memcached rabbitmq \
             apache/kafka nats eclipse-mosquitto elasticsearch opensearchproject/opensearch traefik haproxy \
             envoyproxy/envoy grafana/grafana prom/prometheus jaegertracing/all-in-one \
             openzipkin/zipkin grafana/loki minio/minio hashicorp/vault hashicorp/consul \
             quay.io/coreos/etcd zookeeper axllent/mailpit adminer dpage/pgadmin4 neo4j cassandra \
             cockroachdb/cockroach couchdb influxdb clickhouse/clickhouse-server \
             timescale/timescaledb redpandadata/redpanda apache/activemq-classic \
             apachepulsar/pulsar gitea/gitea portainer/portainer-ce datalust/seq timberio/vector \
             fluent/fluentd logstash quay.io/keycloak/keycloak dexidp/dex oryd/hydra \
             localstack/localstack amazon/dynamodb-local \
             mcr.microsoft.com/azure-storage/azurite dragonflydb/dragonfly eqalpha/keydb arangodb \
             surrealdb/surrealdb";
        for image in images.split_whitespace() {
            let role = family(image).map(|family| family.role);
            assert_eq!(role, Some(Role::Infrastructure), "{image}");
        }
    }

    #[test]
    fn claim_sizes() {
        let size = |repository: &str, mount| {
            family(repository).and_then(|family| family.claim_size(mount))
        };
        assert_eq!(size("postgres", "/var/lib/postgresql/data/"), Some("10Gi"));
        assert_eq!(size("influxdb", "/var/lib/influxdb2"), Some("10Gi"));
        assert_eq!(size("mongo", "/data"), Some("10Gi"));
        assert_eq!(size("redis", "/data/sub"), Some("1Gi"));
        assert_eq!(size("redis", "/database"), None);
        assert_eq!(size("redis", "/"), None);
    }
}
