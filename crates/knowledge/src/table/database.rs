//! Databases, caches, search engines and object stores.

use crate::account::UserRule;
use crate::family::{Family, Workload};
use crate::fresh::Fresh;
use crate::need::Need;
use crate::need::Telling::{Filled, Is, Set};
use crate::row::*;
use crate::tag::Tags;

const POSTGRES_USERS: &[UserRule] = &[alpine(70, 70), usual(999, 999)];
const REDIS_USERS: &[UserRule] = &[alpine(999, 1000), usual(999, 999)];

// Since early 2020 no build takes an empty volume without:
// https://github.com/docker-library/docs/blob/master/postgres/README.md#postgres_password
const POSTGRES_NEEDS: &[Need] = &[need_of(
    Tags::Since(13),
    &[
        Filled("POSTGRES_PASSWORD"),
        Is("POSTGRES_HOST_AUTH_METHOD", "trust"),
    ],
)];

// https://github.com/docker-library/docs/blob/master/mysql/README.md#environment-variables
const MYSQL_NEEDS: &[Need] = &[need(&[
    Filled("MYSQL_ROOT_PASSWORD"),
    Filled("MYSQL_ALLOW_EMPTY_PASSWORD"),
    Filled("MYSQL_RANDOM_ROOT_PASSWORD"),
])];

const POSTGRES: Family = Family {
    ports: &[port(5432, "postgresql")],
    // By TCP, because the server that runs the initial scripts listens on its
    // socket alone and must not pass for ready.
    probe: exec(&[
        "sh",
        "-c",
        "pg_isready -h 127.0.0.1 -U \"${POSTGRES_USER:-postgres}\" \
         -d \"${POSTGRES_DB:-${POSTGRES_USER:-postgres}}\"",
    ]),
    variables: &[
        "PGDATA",
        "POSTGRES_USER",
        "POSTGRES_PASSWORD",
        "POSTGRES_DB",
        "POSTGRES_INITDB_ARGS",
        "POSTGRES_INITDB_WALDIR",
        "POSTGRES_HOST_AUTH_METHOD",
    ],
    file_suffix: Some("_FILE"),
    unprivileged: true,
    root_capabilities: BECOMES_ITS_USER,
    // Since 18 the volume belongs one folder higher, above a folder per version:
    // https://github.com/docker-library/postgres/pull/1259
    data: &[
        data_of(Tags::Since(18), "/var/lib/postgresql", "10Gi"),
        data_of(Tags::Before(18), "/var/lib/postgresql/data", "10Gi"),
    ],
    fresh: Fresh::FolderBelow {
        variable: "PGDATA",
        folder: "pgdata",
        roots: &["/var/lib/postgresql/data", "/var/lib/postgresql"],
        roomy: Some(("/var/lib/postgresql", Tags::Since(18))),
    },
    ..DATABASE
};

const MYSQL: Family = Family {
    ports: &[port(3306, "mysql")],
    data: &[data("/var/lib/mysql", "10Gi")],
    file_suffix: Some("_FILE"),
    fresh: Fresh::SubPath {
        folder: "mysql",
        roots: &["/var/lib/mysql"],
    },
    ..DATABASE
};

const REDIS: Family = Family {
    ports: &[port(6379, "redis")],
    data: &[data("/data", "1Gi")],
    probe: exec(&["redis-cli", "ping"]),
    ..CACHE
};

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["postgres", "postgis/postgis", "pgvector/pgvector"],
        needs: POSTGRES_NEEDS,
        users: POSTGRES_USERS,
        accounts: &[account("postgres", POSTGRES_USERS)],
        ..POSTGRES
    },
    // Built on PostgreSQL's image for Alpine, whatever the tag says.
    Family {
        names: &["timescale/timescaledb"],
        needs: POSTGRES_NEEDS,
        users: &[always(70, 70)],
        accounts: &[account("postgres", &[always(70, 70)])],
        ..POSTGRES
    },
    Family {
        names: &["timescale/timescaledb-ha", "*/timescaledb-ha"],
        users: &[always(1000, 1000)],
        accounts: &[account("postgres", &[always(1000, 1000)])],
        data: &[data("/home/postgres/pgdata/data", "10Gi")],
        root_capabilities: None,
        fresh: Fresh::FolderBelow {
            variable: "PGDATA",
            folder: "pgdata",
            roots: &["/home/postgres/pgdata/data"],
            roomy: None,
        },
        ..POSTGRES
    },
    // Other builds upon PostgreSQL's image; their base and user differ by version.
    Family {
        names: &[
            "supabase/postgres",
            "tensorchord/pgvecto-rs",
            "immich-app/postgres",
            "citusdata/citus",
            "paradedb/paradedb",
            "apache/age",
            "imresamu/postgis",
            "ankane/pgvector",
        ],
        unprivileged: false,
        root_capabilities: None,
        ..POSTGRES
    },
    Family {
        names: &["mysql"],
        needs: MYSQL_NEEDS,
        probe: exec(&["mysqladmin", "ping", "-h", "127.0.0.1"]),
        variables: &[
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "MYSQL_ROOT_HOST",
            "MYSQL_DATABASE",
            "MYSQL_USER",
            "MYSQL_PASSWORD",
        ],
        users: &[usual(999, 999)],
        accounts: &[account("mysql", &[usual(999, 999)])],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        ..MYSQL
    },
    Family {
        names: &["mariadb"],
        // https://mariadb.com/kb/en/mariadb-server-docker-official-image-environment-variables/
        needs: &[need_unless(
            &[
                Filled("MARIADB_ROOT_PASSWORD"),
                Filled("MARIADB_ROOT_PASSWORD_HASH"),
                Filled("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD"),
                Filled("MARIADB_RANDOM_ROOT_PASSWORD"),
            ],
            &[
                Filled("MYSQL_ROOT_PASSWORD"),
                Filled("MYSQL_ALLOW_EMPTY_PASSWORD"),
                Filled("MYSQL_RANDOM_ROOT_PASSWORD"),
            ],
        )],
        probe: exec(&["mariadb-admin", "ping", "-h", "127.0.0.1"]),
        variables: &[
            "MARIADB_ROOT_PASSWORD",
            "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
            "MARIADB_RANDOM_ROOT_PASSWORD",
            "MARIADB_ROOT_HOST",
            "MARIADB_DATABASE",
            "MARIADB_USER",
            "MARIADB_PASSWORD",
            "MARIADB_AUTO_UPGRADE",
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "MYSQL_ROOT_HOST",
            "MYSQL_DATABASE",
            "MYSQL_USER",
            "MYSQL_PASSWORD",
        ],
        users: &[usual(999, 999)],
        accounts: &[account("mysql", &[usual(999, 999)])],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        ..MYSQL
    },
    Family {
        names: &["percona", "percona/percona-server"],
        needs: MYSQL_NEEDS,
        probe: exec(&["mysqladmin", "ping", "-h", "127.0.0.1"]),
        variables: &[
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_DATABASE",
            "MYSQL_USER",
            "MYSQL_PASSWORD",
        ],
        ..MYSQL
    },
    Family {
        names: &["mongo"],
        // It starts without either, but not with one alone:
        // https://github.com/docker-library/docs/blob/master/mongo/README.md
        needs: &[
            need_with(
                "MONGO_INITDB_ROOT_USERNAME",
                &[Filled("MONGO_INITDB_ROOT_PASSWORD")],
            ),
            need_with(
                "MONGO_INITDB_ROOT_PASSWORD",
                &[Filled("MONGO_INITDB_ROOT_USERNAME")],
            ),
        ],
        ports: &[port(27_017, "mongodb")],
        data: &[data("/data/db", "10Gi"), data("/data/configdb", "1Gi")],
        // The server that runs the initial scripts listens on the loopback alone.
        probe: tcp(27_017),
        variables: &[
            "MONGO_INITDB_ROOT_USERNAME",
            "MONGO_INITDB_ROOT_PASSWORD",
            "MONGO_INITDB_DATABASE",
        ],
        file_suffix: Some("_FILE"),
        users: &[usual(999, 999)],
        accounts: &[account("mongodb", &[usual(999, 999)])],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        ..DATABASE
    },
    Family {
        names: &[
            "mongodb/mongodb-community-server",
            "mongodb/mongodb-enterprise-server",
        ],
        ports: &[port(27_017, "mongodb")],
        data: &[data("/data/db", "10Gi")],
        probe: tcp(27_017),
        variables: &[
            "MONGODB_INITDB_ROOT_USERNAME",
            "MONGODB_INITDB_ROOT_PASSWORD",
        ],
        ..DATABASE
    },
    Family {
        names: &["ferretdb/ferretdb"],
        workload: Workload::Deployment,
        ports: &[port(27_017, "mongodb")],
        probe: tcp(27_017),
        variables: &["FERRETDB_HANDLER", "FERRETDB_POSTGRESQL_URL"],
        ..DATABASE
    },
    Family {
        names: &["redis"],
        users: REDIS_USERS,
        accounts: &[account("redis", REDIS_USERS)],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        ..REDIS
    },
    Family {
        names: &["redis/redis-stack-server", "*/redis-stack-server"],
        variables: &["REDIS_ARGS"],
        ..REDIS
    },
    Family {
        names: &["redis/redis-stack", "*/redis-stack"],
        ports: &[port(6379, "redis"), port(8001, "http")],
        variables: &["REDIS_ARGS"],
        ..REDIS
    },
    Family {
        names: &["valkey/valkey", "valkey"],
        probe: exec(&["valkey-cli", "ping"]),
        users: REDIS_USERS,
        accounts: &[account("valkey", REDIS_USERS)],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        ..REDIS
    },
    Family {
        names: &["dragonflydb/dragonfly", "dragonfly"],
        probe: tcp(6379),
        ..REDIS
    },
    Family {
        names: &["eqalpha/keydb", "snapchat/keydb", "keydb"],
        probe: exec(&["keydb-cli", "ping"]),
        ..REDIS
    },
    Family {
        names: &["apache/kvrocks"],
        ports: &[port(6666, "redis")],
        data: &[data("/var/lib/kvrocks", "10Gi")],
        probe: tcp(6666),
        ..DATABASE
    },
    Family {
        names: &["memcached"],
        workload: Workload::Deployment,
        ports: &[port(11_211, "memcached")],
        probe: tcp(11_211),
        users: &[always(11_211, 11_211)],
        accounts: &[account("memcache", &[always(11_211, 11_211)])],
        unprivileged: true,
        read_only_root: true,
        ..CACHE
    },
    Family {
        names: &[
            "elasticsearch",
            "elasticsearch/elasticsearch",
            "*/elasticsearch-oss",
        ],
        ports: &[port(9200, "http"), port(9300, "transport")],
        data: &[data("/usr/share/elasticsearch/data", "30Gi")],
        probe: tcp(9200),
        variables: &[
            "node.name",
            "cluster.name",
            "discovery.type",
            "discovery.seed_hosts",
            "cluster.initial_master_nodes",
            "bootstrap.memory_lock",
            "xpack.security.enabled",
            "ES_JAVA_OPTS",
            "ELASTIC_PASSWORD",
        ],
        file_suffix: Some("_FILE"),
        users: &[always(1000, 0)],
        accounts: &[account("elasticsearch", &[always(1000, 0)])],
        unprivileged: true,
        ..SEARCH
    },
    Family {
        names: &["opensearchproject/opensearch", "opensearch"],
        ports: &[
            port(9200, "http"),
            port(9300, "transport"),
            port(9600, "analyzer"),
        ],
        data: &[data("/usr/share/opensearch/data", "30Gi")],
        probe: tcp(9200),
        variables: &[
            "node.name",
            "cluster.name",
            "discovery.type",
            "discovery.seed_hosts",
            "cluster.initial_cluster_manager_nodes",
            "bootstrap.memory_lock",
            "DISABLE_SECURITY_PLUGIN",
            "DISABLE_INSTALL_DEMO_CONFIG",
            "OPENSEARCH_JAVA_OPTS",
            "OPENSEARCH_INITIAL_ADMIN_PASSWORD",
        ],
        users: &[always(1000, 1000)],
        accounts: &[account("opensearch", &[always(1000, 1000)])],
        unprivileged: true,
        ..SEARCH
    },
    Family {
        names: &["cassandra"],
        ports: &[
            port(9042, "cql"),
            port(7000, "intra-node"),
            port(7199, "jmx"),
        ],
        data: &[data("/var/lib/cassandra", "20Gi")],
        probe: tcp(9042),
        variables: &[
            "CASSANDRA_CLUSTER_NAME",
            "CASSANDRA_DC",
            "CASSANDRA_RACK",
            "CASSANDRA_ENDPOINT_SNITCH",
            "CASSANDRA_SEEDS",
            "MAX_HEAP_SIZE",
            "HEAP_NEWSIZE",
        ],
        users: &[usual(999, 999)],
        accounts: &[account("cassandra", &[usual(999, 999)])],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        ..DATABASE
    },
    Family {
        names: &["scylladb/scylla"],
        ports: &[
            port(9042, "cql"),
            port(7000, "intra-node"),
            port(9180, "metrics"),
        ],
        data: &[data("/var/lib/scylla", "20Gi")],
        probe: tcp(9042),
        ..DATABASE
    },
    // No word about dropped capabilities: its binary carries some of its own.
    Family {
        names: &[
            "clickhouse/clickhouse-server",
            "clickhouse",
            "*/clickhouse-server",
        ],
        ports: &[port(8123, "http"), port(9000, "native")],
        data: &[
            data("/var/lib/clickhouse", "20Gi"),
            data("/var/log/clickhouse-server", "5Gi"),
        ],
        probe: http("/ping", 8123),
        variables: &[
            "CLICKHOUSE_DB",
            "CLICKHOUSE_USER",
            "CLICKHOUSE_PASSWORD",
            "CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT",
        ],
        file_suffix: Some("_FILE"),
        users: &[always(101, 101)],
        accounts: &[account("clickhouse", &[always(101, 101)])],
        ..DATABASE
    },
    Family {
        names: &["cockroachdb/cockroach"],
        ports: &[port(26_257, "sql"), port(8080, "http")],
        data: &[data("/cockroach/cockroach-data", "20Gi")],
        probe: tcp(26_257),
        variables: &["COCKROACH_DATABASE", "COCKROACH_USER", "COCKROACH_PASSWORD"],
        ..DATABASE
    },
    Family {
        names: &["influxdb"],
        ports: &[port(8086, "http")],
        data: &[
            data_of(Tags::Major(1), "/var/lib/influxdb", "10Gi"),
            data_of(Tags::Major(3), "/var/lib/influxdb3", "10Gi"),
            data("/var/lib/influxdb2", "10Gi"),
            data("/etc/influxdb2", "1Gi"),
        ],
        variables: &[
            "DOCKER_INFLUXDB_INIT_MODE",
            "DOCKER_INFLUXDB_INIT_USERNAME",
            "DOCKER_INFLUXDB_INIT_PASSWORD",
            "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN",
            "DOCKER_INFLUXDB_INIT_ORG",
            "DOCKER_INFLUXDB_INIT_BUCKET",
            "DOCKER_INFLUXDB_INIT_RETENTION",
            "INFLUXDB_DB",
            "INFLUXDB_ADMIN_USER",
            "INFLUXDB_ADMIN_PASSWORD",
            "INFLUXDB_USER",
            "INFLUXDB_USER_PASSWORD",
        ],
        file_suffix: Some("_FILE"),
        users: &[user_of(Tags::Major(2), 1000, 1000)],
        accounts: &[account("influxdb", &[user_of(Tags::Major(2), 1000, 1000)])],
        unprivileged: true,
        ..DATABASE
    },
    Family {
        names: &["victoriametrics/victoria-metrics", "*/victoria-metrics"],
        ports: &[port(8428, "http")],
        data: &[
            data("/victoria-metrics-data", "20Gi"),
            data("/storage", "20Gi"),
        ],
        probe: http("/health", 8428),
        ..DATABASE
    },
    Family {
        names: &["questdb/questdb"],
        ports: &[
            port(9000, "http"),
            port(8812, "postgresql"),
            port(9009, "ilp"),
        ],
        data: &[data("/var/lib/questdb", "20Gi")],
        probe: tcp(9000),
        ..DATABASE
    },
    Family {
        names: &["neo4j"],
        ports: &[port(7687, "bolt"), port(7474, "http")],
        data: &[
            data("/data", "10Gi"),
            data("/logs", "1Gi"),
            data("/plugins", "1Gi"),
        ],
        probe: tcp(7687),
        variables: &["NEO4J_AUTH", "NEO4J_PLUGINS"],
        secrets: &["NEO4J_AUTH"],
        users: &[always(7474, 7474)],
        accounts: &[account("neo4j", &[always(7474, 7474)])],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        ..DATABASE
    },
    Family {
        names: &["couchdb", "apache/couchdb"],
        ports: &[port(5984, "http")],
        data: &[data("/opt/couchdb/data", "10Gi")],
        probe: tcp(5984),
        variables: &[
            "COUCHDB_USER",
            "COUCHDB_PASSWORD",
            "COUCHDB_SECRET",
            "NODENAME",
        ],
        users: &[always(5984, 5984)],
        accounts: &[account("couchdb", &[always(5984, 5984)])],
        ..DATABASE
    },
    Family {
        names: &["etcd-development/etcd", "coreos/etcd", "etcd"],
        ports: &[port(2379, "client"), port(2380, "peer")],
        data: &[data("/etcd-data", "10Gi"), data("/var/lib/etcd", "10Gi")],
        probe: tcp(2379),
        variables: &[
            "ETCD_NAME",
            "ETCD_DATA_DIR",
            "ETCD_LISTEN_CLIENT_URLS",
            "ETCD_ADVERTISE_CLIENT_URLS",
            "ETCD_LISTEN_PEER_URLS",
            "ETCD_INITIAL_ADVERTISE_PEER_URLS",
            "ETCD_INITIAL_CLUSTER",
        ],
        ..DATABASE
    },
    Family {
        names: &["mssql/server", "*/mssql-server-linux"],
        // https://learn.microsoft.com/en-us/sql/linux/sql-server-linux-configure-environment-variables
        needs: &[
            need(&[Filled("ACCEPT_EULA")]),
            need(&[Filled("MSSQL_SA_PASSWORD"), Filled("SA_PASSWORD")]),
        ],
        ports: &[port(1433, "mssql")],
        data: &[
            data("/var/opt/mssql", "20Gi"),
            data("/var/opt/mssql/data", "20Gi"),
        ],
        probe: tcp(1433),
        variables: &[
            "ACCEPT_EULA",
            "MSSQL_PID",
            "MSSQL_SA_PASSWORD",
            "SA_PASSWORD",
            "MSSQL_COLLATION",
        ],
        users: &[always(10_001, 0)],
        accounts: &[account("mssql", &[always(10_001, 0)])],
        ..DATABASE
    },
    Family {
        names: &["gvenzl/oracle-free", "gvenzl/oracle-xe"],
        // https://github.com/gvenzl/oci-oracle-free/blob/main/README.md#environment-variables
        needs: &[need(&[
            Filled("ORACLE_PASSWORD"),
            Filled("ORACLE_RANDOM_PASSWORD"),
        ])],
        file_suffix: Some("_FILE"),
        ports: &[port(1521, "oracle")],
        data: &[data("/opt/oracle/oradata", "20Gi")],
        probe: exec(&["healthcheck.sh"]),
        variables: &[
            "ORACLE_PASSWORD",
            "ORACLE_DATABASE",
            "APP_USER",
            "APP_USER_PASSWORD",
        ],
        ..DATABASE
    },
    Family {
        names: &["rethinkdb"],
        ports: &[
            port(28_015, "driver"),
            port(8080, "http"),
            port(29_015, "cluster"),
        ],
        data: &[data("/data", "10Gi")],
        probe: tcp(28_015),
        ..DATABASE
    },
    Family {
        names: &["arangodb", "arangodb/arangodb"],
        // https://github.com/docker-library/docs/blob/master/arangodb/README.md
        needs: &[need(&[
            Set("ARANGO_ROOT_PASSWORD"),
            Filled("ARANGO_NO_AUTH"),
            Filled("ARANGO_RANDOM_ROOT_PASSWORD"),
        ])],
        file_suffix: Some("_FILE"),
        ports: &[port(8529, "http")],
        data: &[
            data("/var/lib/arangodb3", "10Gi"),
            data("/var/lib/arangodb3-apps", "1Gi"),
        ],
        probe: tcp(8529),
        variables: &[
            "ARANGO_ROOT_PASSWORD",
            "ARANGO_NO_AUTH",
            "ARANGO_RANDOM_ROOT_PASSWORD",
        ],
        ..DATABASE
    },
    // Where it keeps its data is said on its command line.
    Family {
        names: &["surrealdb/surrealdb"],
        ports: &[port(8000, "http")],
        data: &[data("/data", "10Gi")],
        probe: http("/health", 8000),
        variables: &["SURREAL_USER", "SURREAL_PASS", "SURREAL_PATH"],
        ..DATABASE
    },
    Family {
        names: &[
            "amazon/dynamodb-local",
            "aws-dynamodb-local/aws-dynamodb-local",
        ],
        ports: &[port(8000, "http")],
        data: &[data("/home/dynamodblocal/data", "5Gi")],
        probe: tcp(8000),
        ..DATABASE
    },
    Family {
        names: &["pingcap/tidb"],
        workload: Workload::Deployment,
        ports: &[port(4000, "mysql"), port(10_080, "status")],
        probe: tcp(4000),
        ..DATABASE
    },
    Family {
        names: &["solr"],
        ports: &[port(8983, "http")],
        data: &[data("/var/solr", "10Gi")],
        probe: tcp(8983),
        variables: &["SOLR_HEAP", "SOLR_JAVA_MEM", "ZK_HOST"],
        users: &[always(8983, 8983)],
        accounts: &[account("solr", &[always(8983, 8983)])],
        unprivileged: true,
        ..SEARCH
    },
    Family {
        names: &["getmeili/meilisearch"],
        ports: &[port(7700, "http")],
        data: &[data("/meili_data", "10Gi")],
        probe: http("/health", 7700),
        variables: &["MEILI_ENV", "MEILI_MASTER_KEY", "MEILI_NO_ANALYTICS"],
        ..SEARCH
    },
    Family {
        names: &["typesense/typesense"],
        ports: &[port(8108, "http")],
        data: &[data("/data", "10Gi")],
        probe: http("/health", 8108),
        variables: &["TYPESENSE_API_KEY", "TYPESENSE_DATA_DIR"],
        ..SEARCH
    },
    Family {
        names: &["manticoresearch/manticore"],
        ports: &[port(9306, "mysql"), port(9308, "http")],
        data: &[data("/var/lib/manticore", "10Gi")],
        probe: tcp(9306),
        ..SEARCH
    },
    Family {
        names: &["qdrant/qdrant"],
        ports: &[port(6333, "http"), port(6334, "grpc")],
        data: &[
            data("/qdrant/storage", "10Gi"),
            data("/qdrant/snapshots", "10Gi"),
        ],
        probe: http("/readyz", 6333),
        variables: &["QDRANT__SERVICE__API_KEY"],
        ..SEARCH
    },
    Family {
        names: &["semitechnologies/weaviate", "weaviate/weaviate"],
        ports: &[port(8080, "http"), port(50_051, "grpc")],
        data: &[data("/var/lib/weaviate", "10Gi")],
        probe: http("/v1/.well-known/ready", 8080),
        variables: &[
            "QUERY_DEFAULTS_LIMIT",
            "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED",
            "AUTHENTICATION_APIKEY_ALLOWED_KEYS",
            "PERSISTENCE_DATA_PATH",
            "DEFAULT_VECTORIZER_MODULE",
            "ENABLE_MODULES",
            "CLUSTER_HOSTNAME",
        ],
        secrets: &["AUTHENTICATION_APIKEY_ALLOWED_KEYS"],
        ..SEARCH
    },
    Family {
        names: &["milvusdb/milvus"],
        ports: &[port(19_530, "grpc"), port(9091, "metrics")],
        data: &[data("/var/lib/milvus", "20Gi")],
        probe: http("/healthz", 9091),
        variables: &["ETCD_ENDPOINTS", "MINIO_ADDRESS"],
        ..SEARCH
    },
    Family {
        names: &["chromadb/chroma", "chroma-core/chroma"],
        ports: &[port(8000, "http")],
        data: &[data("/data", "10Gi"), data("/chroma/chroma", "10Gi")],
        probe: tcp(8000),
        ..SEARCH
    },
    Family {
        names: &["minio/minio"],
        ports: &[port(9000, "http"), port(9001, "console")],
        data: &[data("/data", "50Gi")],
        probe: http("/minio/health/live", 9000),
        variables: &[
            "MINIO_ROOT_USER",
            "MINIO_ROOT_PASSWORD",
            "MINIO_ACCESS_KEY",
            "MINIO_SECRET_KEY",
            "MINIO_VOLUMES",
            "MINIO_SERVER_URL",
            "MINIO_BROWSER_REDIRECT_URL",
        ],
        file_suffix: Some("_FILE"),
        ..OBJECT_STORE
    },
    Family {
        names: &["chrislusf/seaweedfs"],
        ports: &[
            port(9333, "master"),
            port(8080, "volume"),
            port(8888, "filer"),
            port(8333, "s3"),
        ],
        data: &[data("/data", "50Gi")],
        ..OBJECT_STORE
    },
    Family {
        names: &["dxflrs/garage"],
        ports: &[
            port(3900, "s3"),
            port(3901, "rpc"),
            port(3902, "web"),
            port(3903, "admin"),
        ],
        data: &[
            data("/var/lib/garage/data", "50Gi"),
            data("/var/lib/garage/meta", "5Gi"),
        ],
        probe: tcp(3900),
        ..OBJECT_STORE
    },
    Family {
        names: &["azure-storage/azurite"],
        ports: &[
            port(10_000, "blob"),
            port(10_001, "queue"),
            port(10_002, "table"),
        ],
        data: &[data("/data", "10Gi")],
        probe: tcp(10_000),
        ..OBJECT_STORE
    },
];
