//! The programs of families whose images say what they do with `command`.

use super::Runs::{self, Arguments, Command};

/// Families by their names, each with what serves. A family that is not here is not
/// known well enough: what replaces its program may serve.
pub(super) static RUNS: &[(&str, Runs)] = &[
    ("apache/kafka", Command(&["run", "kafka-server-start.sh"])),
    ("cassandra", Command(&["cassandra"])),
    (
        "clickhouse/clickhouse-server",
        Arguments(&["clickhouse", "clickhouse-server"]),
    ),
    (
        "confluentinc/cp-kafka",
        Command(&["run", "kafka-server-start", "server-start"]),
    ),
    (
        "confluentinc/cp-zookeeper",
        Command(&["run", "zookeeper-server-start"]),
    ),
    ("elasticsearch", Command(&["elasticsearch", "eswrapper"])),
    (
        "httpd",
        Command(&["httpd", "httpd-foreground", "apachectl"]),
    ),
    ("influxdb", Command(&["influxd", "influxdb3"])),
    (
        "mariadb",
        Command(&["mariadbd", "mysqld", "mariadbd-safe", "mysqld_safe"]),
    ),
    ("memcached", Command(&["memcached"])),
    ("minio/minio", Arguments(&["minio"])),
    ("mongo", Command(&["mongod", "mongos"])),
    ("mysql", Command(&["mysqld", "mysqld_safe"])),
    ("nats", Command(&["nats-server"])),
    ("neo4j", Command(&["neo4j"])),
    (
        "nextcloud",
        Command(&["apache2-foreground", "php-fpm", "apache2", "apachectl"]),
    ),
    ("nginx", Command(&["nginx", "nginx-debug"])),
    ("percona", Command(&["mysqld", "mysqld_safe"])),
    ("postgres", Command(&["postgres", "pg_ctl", "postmaster"])),
    ("prom/alertmanager", Arguments(&["alertmanager"])),
    ("prom/prometheus", Arguments(&["prometheus"])),
    ("rabbitmq", Command(&["rabbitmq-server"])),
    ("redis", Command(&["redis-server", "redis-sentinel"])),
    (
        "timescale/timescaledb",
        Command(&["postgres", "pg_ctl", "postmaster"]),
    ),
    ("traefik", Arguments(&["traefik"])),
    (
        "valkey/valkey",
        Command(&["valkey-server", "valkey-sentinel", "redis-server"]),
    ),
    (
        "wordpress",
        Command(&["apache2-foreground", "php-fpm", "apache2", "apachectl"]),
    ),
    ("zookeeper", Command(&["zkServer.sh"])),
];
