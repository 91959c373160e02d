//! Message brokers and what they lean on.

use crate::account::UserRule;
use crate::family::{Family, Workload};
use crate::fresh::Fresh;
use crate::row::*;

const RABBITMQ_USERS: &[UserRule] = &[alpine(100, 101), usual(999, 999)];

/// A folder that is no partition of a topic, such as lost+found, stops Kafka.
const KAFKA_FRESH: Fresh = Fresh::SubPath {
    folder: "kafka",
    roots: &["/var/lib/kafka/data", "/tmp/kraft-combined-logs"],
};

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["rabbitmq"],
        ports: &[port(5672, "amqp"), port(15_672, "management")],
        data: &[data("/var/lib/rabbitmq", "5Gi")],
        probe: tcp(5672),
        variables: &[
            "RABBITMQ_DEFAULT_USER",
            "RABBITMQ_DEFAULT_PASS",
            "RABBITMQ_DEFAULT_VHOST",
            "RABBITMQ_ERLANG_COOKIE",
            "RABBITMQ_NODENAME",
        ],
        secrets: &["RABBITMQ_ERLANG_COOKIE"],
        users: RABBITMQ_USERS,
        accounts: &[account("rabbitmq", RABBITMQ_USERS)],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        // Erlang refuses a cookie file that its group may read.
        strict_modes: true,
        ..QUEUE
    },
    Family {
        names: &["nats"],
        ports: &[
            port(4222, "nats"),
            port(8222, "monitor"),
            port(6222, "cluster"),
        ],
        data: &[data("/data", "5Gi"), data("/tmp/nats/jetstream", "5Gi")],
        probe: tcp(4222),
        ..QUEUE
    },
    Family {
        names: &["apache/kafka", "apache/kafka-native"],
        ports: &[port(9092, "kafka"), port(9093, "controller")],
        data: &[
            data("/var/lib/kafka/data", "20Gi"),
            data("/tmp/kraft-combined-logs", "20Gi"),
        ],
        probe: tcp(9092),
        variables: &[
            "CLUSTER_ID",
            "KAFKA_NODE_ID",
            "KAFKA_PROCESS_ROLES",
            "KAFKA_LISTENERS",
            "KAFKA_ADVERTISED_LISTENERS",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
            "KAFKA_CONTROLLER_LISTENER_NAMES",
            "KAFKA_INTER_BROKER_LISTENER_NAME",
            "KAFKA_CONTROLLER_QUORUM_VOTERS",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR",
            "KAFKA_LOG_DIRS",
        ],
        users: &[always(1000, 1000)],
        accounts: &[account("appuser", &[always(1000, 1000)])],
        unprivileged: true,
        fresh: KAFKA_FRESH,
        ..QUEUE
    },
    Family {
        names: &[
            "confluentinc/cp-kafka",
            "confluentinc/cp-server",
            "*/cp-kafka",
        ],
        ports: &[port(9092, "kafka"), port(9093, "controller")],
        data: &[data("/var/lib/kafka/data", "20Gi")],
        probe: tcp(9092),
        variables: &[
            "CLUSTER_ID",
            "KAFKA_NODE_ID",
            "KAFKA_BROKER_ID",
            "KAFKA_ZOOKEEPER_CONNECT",
            "KAFKA_PROCESS_ROLES",
            "KAFKA_LISTENERS",
            "KAFKA_ADVERTISED_LISTENERS",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
            "KAFKA_CONTROLLER_LISTENER_NAMES",
            "KAFKA_INTER_BROKER_LISTENER_NAME",
            "KAFKA_CONTROLLER_QUORUM_VOTERS",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR",
            "KAFKA_LOG_DIRS",
        ],
        users: &[always(1000, 1000)],
        accounts: &[account("appuser", &[always(1000, 1000)])],
        unprivileged: true,
        fresh: KAFKA_FRESH,
        ..QUEUE
    },
    Family {
        names: &["wurstmeister/kafka"],
        ports: &[port(9092, "kafka")],
        data: &[data("/kafka", "20Gi")],
        probe: tcp(9092),
        ..QUEUE
    },
    Family {
        names: &["redpandadata/redpanda", "vectorized/redpanda"],
        ports: &[
            port(9092, "kafka"),
            port(8081, "schema-registry"),
            port(8082, "proxy"),
            port(9644, "admin"),
            port(33_145, "rpc"),
        ],
        data: &[data("/var/lib/redpanda/data", "20Gi")],
        probe: tcp(9092),
        users: &[always(101, 101)],
        accounts: &[account("redpanda", &[always(101, 101)])],
        ..QUEUE
    },
    Family {
        names: &["confluentinc/cp-schema-registry"],
        workload: Workload::Deployment,
        ports: &[port(8081, "http")],
        probe: tcp(8081),
        ..QUEUE
    },
    Family {
        names: &["zookeeper"],
        ports: &[
            port(2181, "client"),
            port(2888, "follower"),
            port(3888, "election"),
            port(8080, "admin"),
        ],
        data: &[data("/data", "5Gi"), data("/datalog", "5Gi")],
        probe: tcp(2181),
        variables: &["ZOO_MY_ID", "ZOO_SERVERS"],
        users: &[usual(1000, 1000)],
        accounts: &[account("zookeeper", &[usual(1000, 1000)])],
        unprivileged: true,
        ..QUEUE
    },
    Family {
        names: &["confluentinc/cp-zookeeper", "*/cp-zookeeper"],
        ports: &[
            port(2181, "client"),
            port(2888, "follower"),
            port(3888, "election"),
        ],
        data: &[
            data("/var/lib/zookeeper/data", "5Gi"),
            data("/var/lib/zookeeper/log", "5Gi"),
        ],
        probe: tcp(2181),
        variables: &["ZOOKEEPER_CLIENT_PORT", "ZOOKEEPER_TICK_TIME"],
        users: &[always(1000, 1000)],
        accounts: &[account("appuser", &[always(1000, 1000)])],
        unprivileged: true,
        ..QUEUE
    },
    Family {
        names: &["eclipse-mosquitto"],
        ports: &[port(1883, "mqtt"), port(9001, "websocket")],
        data: &[
            data("/mosquitto/data", "1Gi"),
            data("/mosquitto/log", "1Gi"),
        ],
        probe: tcp(1883),
        users: &[always(1883, 1883)],
        accounts: &[account("mosquitto", &[always(1883, 1883)])],
        unprivileged: true,
        ..QUEUE
    },
    Family {
        names: &["emqx", "emqx/emqx"],
        ports: &[
            port(1883, "mqtt"),
            port(8083, "ws"),
            port(8883, "mqtts"),
            port(18_083, "dashboard"),
        ],
        data: &[data("/opt/emqx/data", "5Gi"), data("/opt/emqx/log", "1Gi")],
        probe: tcp(1883),
        users: &[always(1000, 1000)],
        accounts: &[account("emqx", &[always(1000, 1000)])],
        ..QUEUE
    },
    Family {
        names: &["hivemq/hivemq4", "hivemq/hivemq-ce"],
        ports: &[port(1883, "mqtt"), port(8080, "http")],
        data: &[data("/opt/hivemq/data", "5Gi")],
        probe: tcp(1883),
        ..QUEUE
    },
    Family {
        names: &["apache/activemq-classic", "rmohr/activemq"],
        ports: &[
            port(61_616, "openwire"),
            port(8161, "http"),
            port(5672, "amqp"),
        ],
        data: &[
            data("/opt/apache-activemq/data", "5Gi"),
            data("/opt/activemq/data", "5Gi"),
        ],
        probe: tcp(61_616),
        ..QUEUE
    },
    Family {
        names: &["apache/activemq-artemis"],
        ports: &[
            port(61_616, "core"),
            port(8161, "http"),
            port(5672, "amqp"),
            port(1883, "mqtt"),
        ],
        data: &[data("/var/lib/artemis-instance", "5Gi")],
        probe: tcp(61_616),
        variables: &[
            "ARTEMIS_USER",
            "ARTEMIS_PASSWORD",
            "ANONYMOUS_LOGIN",
            "EXTRA_ARGS",
        ],
        ..QUEUE
    },
    Family {
        names: &["apachepulsar/pulsar", "apachepulsar/pulsar-all"],
        ports: &[port(6650, "pulsar"), port(8080, "http")],
        data: &[data("/pulsar/data", "20Gi")],
        probe: tcp(6650),
        ..QUEUE
    },
    Family {
        names: &["nsqio/nsq"],
        ports: &[port(4150, "tcp"), port(4151, "http")],
        data: &[data("/data", "5Gi")],
        ..QUEUE
    },
    Family {
        names: &["beanstalkd", "schickling/beanstalkd"],
        ports: &[port(11_300, "beanstalk")],
        data: &[data("/data", "1Gi")],
        probe: tcp(11_300),
        ..QUEUE
    },
    Family {
        names: &["temporalio/auto-setup", "temporalio/server"],
        workload: Workload::Deployment,
        ports: &[port(7233, "grpc")],
        probe: tcp(7233),
        variables: &[
            "DB",
            "DB_PORT",
            "POSTGRES_USER",
            "POSTGRES_PWD",
            "POSTGRES_SEEDS",
        ],
        ..QUEUE
    },
];
