//! Finding the row of an image.

use std::sync::LazyLock;

use crate::family::Family;
use crate::table::TABLES;
use crate::variant;

/// An image that the table knows.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its row.
    pub family: &'static Family,
    /// Its tag: `latest` where the reference has neither tag nor digest, nothing
    /// where it has only a digest, so that the build is unknown.
    pub tag: Option<&'a str>,
}

/// What is known of an image reference such as `docker.io/library/postgres:17`: the
/// row of that build, where it differs from the family's.
pub fn known(reference: &str) -> Option<Known<'_>> {
    let (name, digest) = match reference.split_once('@') {
        Some((name, _)) => (name, true),
        None => (reference, false),
    };
    let (repository, tag) = match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    };
    let untagged = (!digest).then_some("latest");
    let tag = tag.or(untagged);
    Some(Known {
        family: variant::of(family(repository)?, tag),
        tag,
    })
}

/// The family of a repository such as `docker.io/library/postgres`, that is of an
/// image reference without tag and digest.
///
/// Registry, `library` and the folders of a mirror count for nothing; owner and
/// name have to be exactly those of the table: `acme/postgres`,
/// `postgres-backup` and `mongo-express` are no databases.
pub fn family(repository: &str) -> Option<&'static Family> {
    let (rest, name) = repository.rsplit_once('/').unwrap_or(("", repository));
    let owner = owner(rest);
    find(owner, name)
        .or_else(|| find("*", name))
        .or_else(|| find(owner, "*"))
}

/// All families, in the order of the table.
pub fn families() -> impl Iterator<Item = &'static Family> {
    TABLES.iter().copied().flatten()
}

/// The last component of what stands before an image's name, none for a registry
/// and for the owners under which the official images are published.
fn owner(rest: &str) -> &str {
    let (is_first, owner) = match rest.rsplit_once('/') {
        Some((_, owner)) => (false, owner),
        None => (true, rest),
    };
    let is_registry = is_first && (owner.contains(['.', ':']) || owner == "localhost");
    match owner {
        _ if is_registry => "",
        "library" | "amd64" | "arm32v5" | "arm32v6" | "arm32v7" | "arm64v8" | "i386"
        | "ppc64le" | "riscv64" | "s390x" => "",
        "bitnamilegacy" | "bitnamisecure" => "bitnami",
        other => other,
    }
}

type Entry = (&'static str, &'static str, &'static Family);

/// Every name as owner and last component, sorted.
static INDEX: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut index: Vec<Entry> = families()
        .flat_map(|family| family.names.iter().map(move |name| entry(name, family)))
        .collect();
    index.sort_unstable_by_key(|(owner, name, _)| (*name, *owner));
    index
});

fn entry(name: &'static str, family: &'static Family) -> Entry {
    let (owner, name) = name.split_once('/').unwrap_or(("", name));
    (owner, name, family)
}

fn find(owner: &str, name: &str) -> Option<&'static Family> {
    let found = INDEX.binary_search_by_key(&(name, owner), |(owner, name, _)| (*name, *owner));
    found.ok().map(|index| INDEX[index].2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_that_are_known() {
        let table = [
            ("postgres", "postgres"),
            ("library/postgres", "postgres"),
            ("docker.io/postgres", "postgres"),
            ("docker.io/library/postgres", "postgres"),
            ("localhost:5000/postgres", "postgres"),
            ("localhost/postgres", "postgres"),
            ("arm64v8/postgres", "postgres"),
            ("public.ecr.aws/docker/library/postgres", "postgres"),
            ("mirror.example/foo/library/redis", "redis"),
            ("postgis/postgis", "postgres"),
            ("pgvector/pgvector", "postgres"),
            ("timescale/timescaledb", "timescale/timescaledb"),
            (
                "harbor.example/hub/bitnami/postgresql",
                "bitnami/postgresql",
            ),
            ("bitnamilegacy/redis", "bitnami/redis"),
            (
                "docker.elastic.co/elasticsearch/elasticsearch",
                "elasticsearch",
            ),
            ("clickhouse/clickhouse-server", "clickhouse"),
            ("mirror.example/cache/clickhouse-server", "clickhouse"),
            ("mcr.microsoft.com/mssql/server", "mcr/mssql-server"),
            ("quay.io/prometheus/prometheus", "prom/prometheus"),
            ("lscr.io/linuxserver/sonarr", "linuxserver/sonarr"),
            ("lscr.io/linuxserver/calibre-web", "linuxserver/*"),
            ("cockroachdb/cockroach", "cockroachdb/cockroach"),
            ("docker.n8n.io/n8nio/n8n", "n8nio/n8n"),
        ];
        for (repository, expected) in table {
            let name = family(repository).map(Family::name);
            let expected = match expected {
                "clickhouse" => "clickhouse/clickhouse-server",
                "mcr/mssql-server" => "mssql/server",
                other => other,
            };
            assert_eq!(name, Some(expected), "{repository}");
        }
    }

    #[test]
    fn images_that_only_look_alike() {
        let table = [
            "",
            "/",
            "acme/",
            "//",
            "*",
            "*/*",
            "acme/*",
            "index",
            "acme/index",
            "codex",
            "dexterity",
            "sequence",
            "acme/sequence",
            "sequelize",
            "signatures",
            "acme/signatures",
            "my-vault-app",
            "acme/vault",
            "vault-ui",
            "ghcr.io/acme/postgres-backup",
            "prodrigestivill/postgres-backup-local",
            "redis-commander",
            "rediscommander/redis-commander",
            "my-postgres-app",
            "mongo-express",
            "ghcr.io/acme/postgres",
            "acme/redis",
            "acme/nginx",
            "nginx-frontend",
            "acme/shop-web",
            "ghcr.io/acme/shop-api",
            "postgresx",
            "xpostgres",
            "Postgres",
            "postgres/acme",
            "redis/acme",
            "kafka-ui",
            "provectuslabs/kafka-ui",
            "prometheus-config",
            "acme/grafana-dashboards",
            "mysql-client",
            "acme/traefik-demo",
            "minio-setup",
            "acme/library",
            "library",
        ];
        for repository in table {
            let found = family(repository);
            let is_data = found.is_some_and(Family::is_data_store);
            let tool = ["mongo-express", "redis-commander"].contains(&repository)
                || repository == "rediscommander/redis-commander"
                || repository == "provectuslabs/kafka-ui";
            assert!(!is_data, "{repository} is no data store");
            assert!(tool || found.is_none(), "{repository} is {found:?}");
        }
    }

    #[test]
    fn tags_of_references() {
        let table = [
            ("postgres", Some("latest")),
            ("postgres:17", Some("17")),
            ("localhost:5000/postgres", Some("latest")),
            ("localhost:5000/postgres:17-alpine", Some("17-alpine")),
            ("postgres@sha256:0123", None),
            ("postgres:17@sha256:0123", Some("17")),
        ];
        for (reference, expected) in table {
            let known = known(reference).expect("PostgreSQL is known");
            assert_eq!(known.family.name(), "postgres", "{reference}");
            assert_eq!(known.tag, expected, "{reference}");
        }
    }
}
