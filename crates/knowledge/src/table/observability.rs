//! Metrics, logs, traces and what shows them.

use crate::account::{Account, UserRule};
use crate::family::{Family, Workload};
use crate::row::*;

const NOBODY: &[UserRule] = &[always(65_534, 65_534)];

/// Images of the Prometheus project start as `nobody` and write nowhere.
const EXPORTER: Family = Family {
    users: NOBODY,
    unprivileged: true,
    read_only_root: true,
    ..OBSERVABILITY
};

const LOGSTASH_USER: &[Account] = &[account("logstash", &[always(1000, 1000)])];

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["prom/prometheus", "prometheus/prometheus"],
        workload: Workload::StatefulSet,
        ports: &[port(9090, "http")],
        data: &[data("/prometheus", "20Gi")],
        probe: http("/-/ready", 9090),
        users: NOBODY,
        unprivileged: true,
        ..OBSERVABILITY
    },
    Family {
        names: &["prom/alertmanager", "prometheus/alertmanager"],
        workload: Workload::StatefulSet,
        ports: &[port(9093, "http"), port(9094, "cluster")],
        data: &[data("/alertmanager", "1Gi")],
        probe: http("/-/ready", 9093),
        users: NOBODY,
        unprivileged: true,
        ..OBSERVABILITY
    },
    Family {
        names: &["prom/pushgateway"],
        ports: &[port(9091, "http")],
        probe: http("/-/healthy", 9091),
        ..EXPORTER
    },
    Family {
        names: &["prom/blackbox-exporter", "prometheus/blackbox-exporter"],
        ports: &[port(9115, "http")],
        probe: http("/-/healthy", 9115),
        users: &[],
        unprivileged: false,
        ..EXPORTER
    },
    Family {
        names: &[
            "prom/node-exporter",
            "prometheus/node-exporter",
            "*/node-exporter",
        ],
        workload: Workload::DaemonSet,
        ports: &[port(9100, "http")],
        probe: tcp(9100),
        ..EXPORTER
    },
    Family {
        names: &["prom/statsd-exporter"],
        ports: &[
            port(9102, "http"),
            port(9125, "statsd"),
            udp(9125, "statsd-udp"),
        ],
        probe: tcp(9102),
        ..EXPORTER
    },
    Family {
        names: &["prom/mysqld-exporter"],
        ports: &[port(9104, "http")],
        probe: tcp(9104),
        ..EXPORTER
    },
    Family {
        names: &["prometheuscommunity/postgres-exporter"],
        ports: &[port(9187, "http")],
        probe: tcp(9187),
        variables: &[
            "DATA_SOURCE_NAME",
            "DATA_SOURCE_URI",
            "DATA_SOURCE_USER",
            "DATA_SOURCE_PASS",
        ],
        ..EXPORTER
    },
    Family {
        names: &["oliver006/redis_exporter"],
        ports: &[port(9121, "http")],
        probe: tcp(9121),
        variables: &["REDIS_ADDR", "REDIS_USER", "REDIS_PASSWORD"],
        ..OBSERVABILITY
    },
    Family {
        names: &[
            "cadvisor/cadvisor",
            "google-containers/cadvisor",
            "google/cadvisor",
        ],
        ports: &[port(8080, "http")],
        probe: http("/healthz", 8080),
        ..AGENT
    },
    Family {
        names: &[
            "grafana/grafana",
            "grafana/grafana-oss",
            "grafana/grafana-enterprise",
        ],
        ports: &[port(3000, "http")],
        data: &[data("/var/lib/grafana", "5Gi")],
        probe: http("/api/health", 3000),
        variables: &[
            "GF_SERVER_ROOT_URL",
            "GF_SECURITY_ADMIN_USER",
            "GF_SECURITY_ADMIN_PASSWORD",
            "GF_SECURITY_SECRET_KEY",
            "GF_USERS_ALLOW_SIGN_UP",
            "GF_INSTALL_PLUGINS",
        ],
        file_suffix: Some("__FILE"),
        users: &[always(472, 0)],
        accounts: &[account("grafana", &[always(472, 0)])],
        unprivileged: true,
        ..OBSERVABILITY
    },
    Family {
        names: &["grafana/loki"],
        workload: Workload::StatefulSet,
        ports: &[port(3100, "http"), port(9095, "grpc")],
        data: &[data("/loki", "20Gi")],
        probe: http("/ready", 3100),
        users: &[always(10_001, 10_001)],
        accounts: &[account("loki", &[always(10_001, 10_001)])],
        unprivileged: true,
        ..OBSERVABILITY
    },
    Family {
        names: &["grafana/tempo"],
        workload: Workload::StatefulSet,
        ports: &[
            port(3200, "http"),
            port(4317, "otlp-grpc"),
            port(4318, "otlp-http"),
        ],
        data: &[data("/var/tempo", "20Gi"), data("/tmp/tempo", "20Gi")],
        probe: http("/ready", 3200),
        ..OBSERVABILITY
    },
    Family {
        names: &["grafana/mimir"],
        workload: Workload::StatefulSet,
        ports: &[port(8080, "http"), port(9095, "grpc")],
        data: &[data("/data", "20Gi")],
        probe: tcp(8080),
        ..OBSERVABILITY
    },
    Family {
        names: &["grafana/promtail"],
        ports: &[port(9080, "http")],
        ..AGENT
    },
    Family {
        names: &["grafana/alloy"],
        ports: &[port(12_345, "http")],
        data: &[data("/var/lib/alloy/data", "5Gi")],
        ..AGENT
    },
    Family {
        names: &["jaegertracing/all-in-one", "jaegertracing/jaeger"],
        ports: &[
            port(16_686, "http"),
            port(4317, "otlp-grpc"),
            port(4318, "otlp-http"),
            port(14_268, "collector"),
            udp(6831, "agent"),
        ],
        probe: tcp(16_686),
        variables: &["COLLECTOR_OTLP_ENABLED", "SPAN_STORAGE_TYPE"],
        ..OBSERVABILITY
    },
    Family {
        names: &["openzipkin/zipkin", "openzipkin/zipkin-slim"],
        ports: &[port(9411, "http")],
        probe: http("/health", 9411),
        variables: &["STORAGE_TYPE"],
        ..OBSERVABILITY
    },
    Family {
        names: &[
            "otel/opentelemetry-collector",
            "otel/opentelemetry-collector-contrib",
            "*/opentelemetry-collector",
            "*/opentelemetry-collector-contrib",
        ],
        ports: &[port(4317, "otlp-grpc"), port(4318, "otlp-http")],
        probe: tcp(4317),
        users: &[always(10_001, 10_001)],
        unprivileged: true,
        ..OBSERVABILITY
    },
    Family {
        names: &["kibana", "kibana/kibana"],
        ports: &[port(5601, "http")],
        probe: tcp(5601),
        variables: &[
            "SERVER_NAME",
            "ELASTICSEARCH_HOSTS",
            "ELASTICSEARCH_USERNAME",
            "ELASTICSEARCH_PASSWORD",
            "XPACK_ENCRYPTEDSAVEDOBJECTS_ENCRYPTIONKEY",
        ],
        users: &[always(1000, 1000)],
        accounts: &[account("kibana", &[always(1000, 1000)])],
        unprivileged: true,
        ..OBSERVABILITY
    },
    Family {
        names: &["opensearchproject/opensearch-dashboards"],
        ports: &[port(5601, "http")],
        probe: tcp(5601),
        variables: &["OPENSEARCH_HOSTS", "DISABLE_SECURITY_DASHBOARDS_PLUGIN"],
        users: &[always(1000, 1000)],
        unprivileged: true,
        ..OBSERVABILITY
    },
    Family {
        names: &["logstash", "logstash/logstash", "*/logstash-oss"],
        ports: &[port(5044, "beats"), port(9600, "http")],
        data: &[data("/usr/share/logstash/data", "5Gi")],
        variables: &["LS_JAVA_OPTS", "XPACK_MONITORING_ENABLED"],
        accounts: LOGSTASH_USER,
        ..AGENT
    },
    Family {
        names: &[
            "beats/filebeat",
            "elastic/filebeat",
            "beats/metricbeat",
            "elastic/metricbeat",
        ],
        ..AGENT
    },
    Family {
        names: &["fluent/fluentd", "fluentd"],
        ports: &[port(24_224, "forward")],
        ..AGENT
    },
    Family {
        names: &["fluent/fluent-bit", "*/fluent-bit"],
        ports: &[port(2020, "http"), port(24_224, "forward")],
        ..AGENT
    },
    Family {
        names: &["timberio/vector"],
        ports: &[port(8686, "http")],
        data: &[data("/var/lib/vector", "1Gi")],
        ..AGENT
    },
    Family {
        names: &["datadog/agent", "datadog/docker-dd-agent"],
        ports: &[udp(8125, "dogstatsd"), port(8126, "traces")],
        variables: &["DD_API_KEY", "DD_SITE", "DD_LOGS_ENABLED", "DD_APM_ENABLED"],
        ..AGENT
    },
    Family {
        names: &["newrelic/infrastructure", "newrelic/infrastructure-bundle"],
        variables: &["NRIA_LICENSE_KEY"],
        ..AGENT
    },
    Family {
        names: &["falcosecurity/falco", "falcosecurity/falco-no-driver"],
        ..AGENT
    },
    Family {
        names: &["telegraf"],
        ports: &[udp(8125, "statsd"), udp(8092, "udp"), port(8094, "tcp")],
        ..OBSERVABILITY
    },
    Family {
        names: &["chronograf"],
        ports: &[port(8888, "http")],
        data: &[data("/var/lib/chronograf", "1Gi")],
        probe: tcp(8888),
        ..OBSERVABILITY
    },
    Family {
        names: &["statsd/statsd"],
        ports: &[udp(8125, "statsd"), port(8126, "admin")],
        ..OBSERVABILITY
    },
    Family {
        names: &["graphiteapp/graphite-statsd"],
        ports: &[
            port(80, "http"),
            port(2003, "carbon"),
            udp(8125, "statsd"),
            port(8126, "admin"),
        ],
        data: &[
            data("/opt/graphite/storage", "10Gi"),
            data("/opt/graphite/conf", "1Gi"),
        ],
        probe: tcp(80),
        ..OBSERVABILITY
    },
    Family {
        names: &["datalust/seq"],
        workload: Workload::StatefulSet,
        ports: &[port(80, "http"), port(5341, "ingestion")],
        data: &[data("/data", "10Gi")],
        probe: tcp(80),
        variables: &[
            "ACCEPT_EULA",
            "SEQ_FIRSTRUN_ADMINPASSWORD",
            "SEQ_FIRSTRUN_ADMINPASSWORDHASH",
        ],
        secrets: &["SEQ_FIRSTRUN_ADMINPASSWORDHASH"],
        ..OBSERVABILITY
    },
    Family {
        names: &["graylog/graylog"],
        ports: &[
            port(9000, "http"),
            port(12_201, "gelf"),
            udp(12_201, "gelf-udp"),
        ],
        data: &[data("/usr/share/graylog/data", "10Gi")],
        probe: tcp(9000),
        variables: &[
            "GRAYLOG_PASSWORD_SECRET",
            "GRAYLOG_ROOT_PASSWORD_SHA2",
            "GRAYLOG_HTTP_EXTERNAL_URI",
        ],
        file_suffix: Some("__FILE"),
        users: &[always(1100, 1100)],
        accounts: &[account("graylog", &[always(1100, 1100)])],
        ..OBSERVABILITY
    },
    Family {
        names: &["netdata/netdata", "netdata"],
        ports: &[port(19_999, "http")],
        data: &[
            data("/var/lib/netdata", "5Gi"),
            data("/var/cache/netdata", "5Gi"),
        ],
        probe: tcp(19_999),
        ..AGENT
    },
    Family {
        names: &["louislam/uptime-kuma"],
        ports: &[port(3001, "http")],
        data: &[data("/app/data", "2Gi")],
        probe: tcp(3001),
        ..OBSERVABILITY
    },
    Family {
        names: &["signoz/signoz", "signoz/query-service"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        ..OBSERVABILITY
    },
];
