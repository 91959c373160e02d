//! Bitnami's builds, which share a user and folders of their own.

use crate::account::UserRule;
use crate::family::{Family, Workload};
use crate::fresh::Fresh;
use crate::need::Telling::{Filled, Set};
use crate::row::*;

/// Every image of theirs runs as this user in root's group.
const USERS: &[UserRule] = &[always(1001, 0)];

/// What the rows of this file have in common. Their data lies in a folder below
/// the usual mount, so `lost+found` rarely disturbs them.
const BITNAMI: Family = Family {
    file_suffix: Some("_FILE"),
    users: USERS,
    unprivileged: true,
    ..DATABASE
};

const BITNAMI_CACHE: Family = Family {
    kind: CACHE.kind,
    ..BITNAMI
};

const BITNAMI_QUEUE: Family = Family {
    kind: QUEUE.kind,
    ..BITNAMI
};

const BITNAMI_SEARCH: Family = Family {
    kind: SEARCH.kind,
    ..BITNAMI
};

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["bitnami/postgresql", "bitnami/postgresql-repmgr"],
        // The images say so themselves when they end.
        needs: &[need_unless(
            &[
                Filled("POSTGRESQL_PASSWORD"),
                Filled("ALLOW_EMPTY_PASSWORD"),
            ],
            &[
                Filled("POSTGRES_PASSWORD"),
                Set("POSTGRESQL_REPLICATION_MODE"),
            ],
        )],
        ports: &[port(5432, "postgresql")],
        data: &[data("/bitnami/postgresql", "10Gi")],
        probe: exec(&[
            "sh",
            "-c",
            "pg_isready -h 127.0.0.1 -U \"${POSTGRESQL_USERNAME:-${POSTGRES_USER:-postgres}}\"",
        ]),
        variables: &[
            "POSTGRESQL_USERNAME",
            "POSTGRESQL_PASSWORD",
            "POSTGRESQL_DATABASE",
            "POSTGRESQL_POSTGRES_PASSWORD",
            "POSTGRES_USER",
            "POSTGRES_PASSWORD",
            "POSTGRES_DB",
            "ALLOW_EMPTY_PASSWORD",
        ],
        ..BITNAMI
    },
    Family {
        names: &["bitnami/mysql"],
        // The images say so themselves when they end.
        needs: &[need_unless(
            &[
                Filled("MYSQL_ROOT_PASSWORD"),
                Filled("ALLOW_EMPTY_PASSWORD"),
            ],
            &[Set("MYSQL_REPLICATION_MODE")],
        )],
        ports: &[port(3306, "mysql")],
        data: &[data("/bitnami/mysql", "10Gi")],
        fresh: Fresh::SubPath {
            folder: "mysql",
            roots: &["/bitnami/mysql/data"],
        },
        probe: exec(&["mysqladmin", "ping", "-h", "127.0.0.1"]),
        variables: &[
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_DATABASE",
            "MYSQL_USER",
            "MYSQL_PASSWORD",
            "ALLOW_EMPTY_PASSWORD",
        ],
        ..BITNAMI
    },
    Family {
        names: &["bitnami/mariadb", "bitnami/mariadb-galera"],
        // The images say so themselves when they end.
        needs: &[need_unless(
            &[
                Filled("MARIADB_ROOT_PASSWORD"),
                Filled("ALLOW_EMPTY_PASSWORD"),
            ],
            &[
                Set("MARIADB_REPLICATION_MODE"),
                Set("MARIADB_GALERA_CLUSTER_ADDRESS"),
            ],
        )],
        ports: &[port(3306, "mysql")],
        data: &[data("/bitnami/mariadb", "10Gi")],
        probe: exec(&["mariadb-admin", "ping", "-h", "127.0.0.1"]),
        variables: &[
            "MARIADB_ROOT_PASSWORD",
            "MARIADB_DATABASE",
            "MARIADB_USER",
            "MARIADB_PASSWORD",
            "ALLOW_EMPTY_PASSWORD",
        ],
        ..BITNAMI
    },
    Family {
        names: &["bitnami/mongodb", "bitnami/mongodb-sharded"],
        ports: &[port(27_017, "mongodb")],
        data: &[data("/bitnami/mongodb", "10Gi")],
        probe: tcp(27_017),
        variables: &[
            "MONGODB_ROOT_USER",
            "MONGODB_ROOT_PASSWORD",
            "MONGODB_USERNAME",
            "MONGODB_PASSWORD",
            "MONGODB_DATABASE",
            "MONGODB_REPLICA_SET_MODE",
            "MONGODB_REPLICA_SET_KEY",
        ],
        secrets: &["MONGODB_REPLICA_SET_KEY"],
        ..BITNAMI
    },
    Family {
        names: &["bitnami/redis", "bitnami/redis-cluster"],
        // The images say so themselves when they end.
        needs: &[need(&[
            Filled("REDIS_PASSWORD"),
            Filled("ALLOW_EMPTY_PASSWORD"),
        ])],
        ports: &[port(6379, "redis")],
        data: &[
            data("/bitnami/redis/data", "1Gi"),
            data("/bitnami/redis", "1Gi"),
        ],
        probe: exec(&["redis-cli", "ping"]),
        variables: &[
            "REDIS_REPLICATION_MODE",
            "REDIS_PASSWORD",
            "ALLOW_EMPTY_PASSWORD",
        ],
        ..BITNAMI_CACHE
    },
    Family {
        names: &["bitnami/redis-sentinel"],
        ports: &[port(26_379, "sentinel")],
        data: &[data("/bitnami", "1Gi")],
        probe: tcp(26_379),
        variables: &[
            "REDIS_MASTER_HOST",
            "REDIS_MASTER_PASSWORD",
            "REDIS_SENTINEL_PASSWORD",
        ],
        ..BITNAMI_CACHE
    },
    Family {
        names: &["bitnami/valkey", "bitnami/valkey-cluster"],
        ports: &[port(6379, "redis")],
        data: &[
            data("/bitnami/valkey/data", "1Gi"),
            data("/bitnami/valkey", "1Gi"),
        ],
        probe: exec(&["valkey-cli", "ping"]),
        variables: &["VALKEY_PASSWORD", "ALLOW_EMPTY_PASSWORD"],
        ..BITNAMI_CACHE
    },
    Family {
        names: &["bitnami/memcached"],
        workload: Workload::Deployment,
        ports: &[port(11_211, "memcached")],
        probe: tcp(11_211),
        variables: &["MEMCACHED_USERNAME", "MEMCACHED_PASSWORD"],
        ..BITNAMI_CACHE
    },
    Family {
        names: &["bitnami/rabbitmq"],
        ports: &[port(5672, "amqp"), port(15_672, "management")],
        data: &[
            data("/bitnami/rabbitmq/mnesia", "5Gi"),
            data("/bitnami/rabbitmq", "5Gi"),
            data("/bitnami", "5Gi"),
        ],
        probe: tcp(5672),
        variables: &[
            "RABBITMQ_USERNAME",
            "RABBITMQ_PASSWORD",
            "RABBITMQ_VHOST",
            "RABBITMQ_SECURE_PASSWORD",
            "RABBITMQ_ERL_COOKIE",
        ],
        secrets: &["RABBITMQ_ERL_COOKIE"],
        strict_modes: true,
        ..BITNAMI_QUEUE
    },
    Family {
        names: &["bitnami/kafka"],
        ports: &[port(9092, "kafka"), port(9093, "controller")],
        data: &[data("/bitnami/kafka", "20Gi"), data("/bitnami", "20Gi")],
        probe: tcp(9092),
        variables: &[
            "KAFKA_CFG_NODE_ID",
            "KAFKA_CFG_PROCESS_ROLES",
            "KAFKA_CFG_LISTENERS",
            "KAFKA_CFG_ADVERTISED_LISTENERS",
            "KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP",
            "KAFKA_CFG_CONTROLLER_QUORUM_VOTERS",
            "KAFKA_CFG_CONTROLLER_LISTENER_NAMES",
        ],
        ..BITNAMI_QUEUE
    },
    Family {
        names: &["bitnami/zookeeper"],
        ports: &[
            port(2181, "client"),
            port(2888, "follower"),
            port(3888, "election"),
        ],
        data: &[data("/bitnami/zookeeper", "5Gi"), data("/bitnami", "5Gi")],
        probe: tcp(2181),
        variables: &["ALLOW_ANONYMOUS_LOGIN"],
        ..BITNAMI_QUEUE
    },
    Family {
        names: &["bitnami/nats"],
        workload: Workload::Deployment,
        ports: &[
            port(4222, "nats"),
            port(8222, "monitor"),
            port(6222, "cluster"),
        ],
        probe: tcp(4222),
        ..BITNAMI_QUEUE
    },
    Family {
        names: &["bitnami/etcd"],
        ports: &[port(2379, "client"), port(2380, "peer")],
        data: &[data("/bitnami/etcd", "10Gi")],
        probe: tcp(2379),
        variables: &[
            "ALLOW_NONE_AUTHENTICATION",
            "ETCD_ROOT_PASSWORD",
            "ETCD_ADVERTISE_CLIENT_URLS",
        ],
        ..BITNAMI
    },
    Family {
        names: &["bitnami/elasticsearch"],
        ports: &[port(9200, "http"), port(9300, "transport")],
        data: &[
            data("/bitnami/elasticsearch/data", "30Gi"),
            data("/bitnami/elasticsearch", "30Gi"),
        ],
        probe: tcp(9200),
        ..BITNAMI_SEARCH
    },
    Family {
        names: &["bitnami/opensearch"],
        ports: &[port(9200, "http"), port(9300, "transport")],
        data: &[
            data("/bitnami/opensearch/data", "30Gi"),
            data("/bitnami/opensearch", "30Gi"),
        ],
        probe: tcp(9200),
        ..BITNAMI_SEARCH
    },
    Family {
        names: &["bitnami/minio"],
        kind: OBJECT_STORE.kind,
        ports: &[port(9000, "http"), port(9001, "console")],
        data: &[data("/bitnami/minio/data", "50Gi")],
        probe: http("/minio/health/live", 9000),
        variables: &[
            "MINIO_ROOT_USER",
            "MINIO_ROOT_PASSWORD",
            "MINIO_DEFAULT_BUCKETS",
        ],
        ..BITNAMI
    },
    Family {
        names: &["bitnami/nginx"],
        ports: &[port(8080, "http"), port(8443, "https")],
        probe: tcp(8080),
        users: USERS,
        unprivileged: true,
        ..WEB
    },
    Family {
        names: &["bitnami/keycloak"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        variables: &["KEYCLOAK_ADMIN_USER", "KEYCLOAK_ADMIN_PASSWORD"],
        users: USERS,
        unprivileged: true,
        ..TOOL
    },
];
