//! Helpers of developers and operators, identity and vaults.

use crate::family::{Family, Workload};
use crate::row::*;
use crate::tag::Tags;

const GIT_FORGE: Family = Family {
    ports: &[port(3000, "http"), port(22, "ssh")],
    data: &[
        data_of(Tags::Word("rootless"), "/var/lib/gitea", "20Gi"),
        data("/data", "20Gi"),
        data_of(Tags::Word("rootless"), "/etc/gitea", "1Gi"),
    ],
    probe: http("/api/healthz", 3000),
    file_suffix: Some("__FILE"),
    users: &[user_of(Tags::Word("rootless"), 1000, 1000)],
    accounts: &[account("git", &[always(1000, 1000)])],
    // The keys of its SSH server.
    strict_modes: true,
    ..TOOL
};

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["adminer"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        variables: &[
            "ADMINER_DEFAULT_SERVER",
            "ADMINER_DESIGN",
            "ADMINER_PLUGINS",
        ],
        ..TOOL
    },
    Family {
        names: &["phpmyadmin", "phpmyadmin/phpmyadmin"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        variables: &[
            "PMA_HOST",
            "PMA_HOSTS",
            "PMA_PORT",
            "PMA_USER",
            "PMA_PASSWORD",
            "PMA_ARBITRARY",
        ],
        file_suffix: Some("_FILE"),
        ..TOOL
    },
    Family {
        names: &["dpage/pgadmin4"],
        ports: &[port(80, "http")],
        data: &[data("/var/lib/pgadmin", "1Gi")],
        probe: http("/misc/ping", 80),
        variables: &[
            "PGADMIN_DEFAULT_EMAIL",
            "PGADMIN_DEFAULT_PASSWORD",
            "PGADMIN_LISTEN_PORT",
        ],
        file_suffix: Some("_FILE"),
        users: &[user_of(Tags::Since(6), 5050, 0)],
        accounts: &[account("pgadmin", &[user_of(Tags::Since(6), 5050, 0)])],
        ..TOOL
    },
    Family {
        names: &["mongo-express"],
        ports: &[port(8081, "http")],
        probe: tcp(8081),
        variables: &[
            "ME_CONFIG_MONGODB_URL",
            "ME_CONFIG_MONGODB_SERVER",
            "ME_CONFIG_MONGODB_ADMINUSERNAME",
            "ME_CONFIG_MONGODB_ADMINPASSWORD",
            "ME_CONFIG_BASICAUTH_USERNAME",
            "ME_CONFIG_BASICAUTH_PASSWORD",
        ],
        ..TOOL
    },
    Family {
        names: &["rediscommander/redis-commander"],
        ports: &[port(8081, "http")],
        probe: tcp(8081),
        variables: &["REDIS_HOSTS", "HTTP_USER", "HTTP_PASSWORD"],
        ..TOOL
    },
    Family {
        names: &["redis/redisinsight", "redislabs/redisinsight"],
        ports: &[port(5540, "http")],
        data: &[data("/data", "1Gi")],
        probe: tcp(5540),
        ..TOOL
    },
    Family {
        names: &["provectuslabs/kafka-ui", "kafbat/kafka-ui"],
        ports: &[port(8080, "http")],
        probe: http("/actuator/health", 8080),
        variables: &[
            "KAFKA_CLUSTERS_0_NAME",
            "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS",
            "DYNAMIC_CONFIG_ENABLED",
        ],
        ..TOOL
    },
    Family {
        names: &["mailhog/mailhog"],
        ports: &[port(8025, "http"), port(1025, "smtp")],
        probe: tcp(8025),
        ..TOOL
    },
    Family {
        names: &["axllent/mailpit"],
        ports: &[port(8025, "http"), port(1025, "smtp")],
        data: &[data("/data", "1Gi")],
        probe: http("/readyz", 8025),
        variables: &["MP_DATABASE", "MP_MAX_MESSAGES", "MP_SMTP_AUTH_ACCEPT_ANY"],
        ..TOOL
    },
    Family {
        names: &["maildev/maildev"],
        ports: &[port(1080, "http"), port(1025, "smtp")],
        probe: tcp(1080),
        ..TOOL
    },
    Family {
        names: &["boky/postfix", "juanluisbaptiste/postfix"],
        ports: &[port(587, "submission")],
        probe: tcp(587),
        ..TOOL
    },
    Family {
        names: &[
            "portainer/portainer-ce",
            "portainer/portainer-ee",
            "portainer/portainer",
        ],
        ports: &[
            port(9000, "http"),
            port(9443, "https"),
            port(8000, "tunnel"),
        ],
        data: &[data("/data", "1Gi")],
        probe: tcp(9000),
        ..TOOL
    },
    Family {
        names: &["localstack/localstack", "localstack/localstack-pro"],
        ports: &[port(4566, "http")],
        data: &[data("/var/lib/localstack", "5Gi")],
        probe: http("/_localstack/health", 4566),
        variables: &["SERVICES", "LOCALSTACK_AUTH_TOKEN", "DEBUG", "PERSISTENCE"],
        ..TOOL
    },
    Family {
        names: &["wiremock/wiremock"],
        ports: &[port(8080, "http")],
        probe: http("/__admin/health", 8080),
        ..TOOL
    },
    Family {
        names: &["gitea/gitea"],
        variables: &[
            "USER_UID",
            "USER_GID",
            "GITEA__database__DB_TYPE",
            "GITEA__database__HOST",
            "GITEA__database__NAME",
            "GITEA__database__USER",
            "GITEA__database__PASSWD",
        ],
        ..GIT_FORGE
    },
    Family {
        names: &["forgejo/forgejo"],
        variables: &[
            "USER_UID",
            "USER_GID",
            "FORGEJO__database__DB_TYPE",
            "FORGEJO__database__HOST",
            "FORGEJO__database__NAME",
            "FORGEJO__database__USER",
            "FORGEJO__database__PASSWD",
        ],
        ..GIT_FORGE
    },
    Family {
        names: &["gitlab/gitlab-ce", "gitlab/gitlab-ee"],
        ports: &[port(80, "http"), port(443, "https"), port(22, "ssh")],
        data: &[
            data("/var/opt/gitlab", "50Gi"),
            data("/etc/gitlab", "1Gi"),
            data("/var/log/gitlab", "10Gi"),
        ],
        probe: tcp(80),
        variables: &["GITLAB_ROOT_PASSWORD", "GITLAB_OMNIBUS_CONFIG"],
        secrets: &["GITLAB_OMNIBUS_CONFIG"],
        strict_modes: true,
        ..TOOL
    },
    Family {
        names: &["gitlab/gitlab-runner"],
        data: &[data("/etc/gitlab-runner", "1Gi")],
        ..TOOL
    },
    Family {
        names: &["jenkins/jenkins"],
        ports: &[port(8080, "http"), port(50_000, "agent")],
        data: &[data("/var/jenkins_home", "20Gi")],
        probe: http("/login", 8080),
        variables: &["JENKINS_OPTS", "JAVA_OPTS"],
        users: &[always(1000, 1000)],
        accounts: &[account("jenkins", &[always(1000, 1000)])],
        unprivileged: true,
        ..TOOL
    },
    Family {
        names: &["sonarqube"],
        ports: &[port(9000, "http")],
        data: &[
            data("/opt/sonarqube/data", "10Gi"),
            data("/opt/sonarqube/extensions", "5Gi"),
            data("/opt/sonarqube/logs", "1Gi"),
        ],
        probe: tcp(9000),
        variables: &[
            "SONAR_JDBC_URL",
            "SONAR_JDBC_USERNAME",
            "SONAR_JDBC_PASSWORD",
        ],
        users: &[user_of(Tags::Since(10), 1000, 0)],
        unprivileged: true,
        ..TOOL
    },
    Family {
        names: &["sonatype/nexus3"],
        ports: &[port(8081, "http")],
        data: &[data("/nexus-data", "50Gi")],
        probe: http("/service/rest/v1/status", 8081),
        variables: &["INSTALL4J_ADD_VM_PARAMS", "NEXUS_SECURITY_RANDOMPASSWORD"],
        users: &[always(200, 200)],
        accounts: &[account("nexus", &[always(200, 200)])],
        unprivileged: true,
        ..TOOL
    },
    Family {
        names: &["registry", "distribution/distribution"],
        ports: &[port(5000, "http")],
        data: &[data("/var/lib/registry", "50Gi")],
        probe: tcp(5000),
        variables: &[
            "REGISTRY_AUTH",
            "REGISTRY_HTTP_ADDR",
            "REGISTRY_HTTP_SECRET",
            "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY",
        ],
        ..TOOL
    },
    Family {
        names: &["keycloak/keycloak"],
        ports: &[port(8080, "http"), port(9000, "management")],
        data: &[data("/opt/keycloak/data", "5Gi")],
        probe: tcp(8080),
        variables: &[
            "KC_BOOTSTRAP_ADMIN_USERNAME",
            "KC_BOOTSTRAP_ADMIN_PASSWORD",
            "KEYCLOAK_ADMIN",
            "KEYCLOAK_ADMIN_PASSWORD",
            "KC_DB",
            "KC_DB_URL",
            "KC_DB_USERNAME",
            "KC_DB_PASSWORD",
            "KC_HOSTNAME",
            "KC_HTTP_ENABLED",
            "KC_PROXY_HEADERS",
            "KC_HEALTH_ENABLED",
        ],
        users: &[always(1000, 0)],
        accounts: &[account("keycloak", &[always(1000, 0)])],
        unprivileged: true,
        ..TOOL
    },
    Family {
        names: &["goauthentik/server"],
        ports: &[port(9000, "http"), port(9443, "https")],
        data: &[data("/media", "5Gi")],
        probe: http("/-/health/live/", 9000),
        variables: &[
            "AUTHENTIK_SECRET_KEY",
            "AUTHENTIK_REDIS__HOST",
            "AUTHENTIK_POSTGRESQL__HOST",
            "AUTHENTIK_POSTGRESQL__NAME",
            "AUTHENTIK_POSTGRESQL__USER",
            "AUTHENTIK_POSTGRESQL__PASSWORD",
        ],
        users: &[always(1000, 1000)],
        accounts: &[account("authentik", &[always(1000, 1000)])],
        ..TOOL
    },
    Family {
        names: &["authelia/authelia"],
        ports: &[port(9091, "http")],
        data: &[data("/config", "1Gi")],
        probe: http("/api/health", 9091),
        file_suffix: Some("_FILE"),
        ..TOOL
    },
    Family {
        names: &["dexidp/dex", "coreos/dex"],
        ports: &[
            port(5556, "http"),
            port(5557, "grpc"),
            port(5558, "telemetry"),
        ],
        data: &[data("/var/dex", "1Gi")],
        probe: tcp(5556),
        users: &[always(1001, 1001)],
        accounts: &[account("dex", &[always(1001, 1001)])],
        ..TOOL
    },
    Family {
        names: &["oryd/hydra"],
        ports: &[port(4444, "public"), port(4445, "admin")],
        probe: http("/health/alive", 4444),
        variables: &["DSN", "URLS_SELF_ISSUER", "SECRETS_SYSTEM"],
        ..TOOL
    },
    Family {
        names: &["oryd/kratos"],
        ports: &[port(4433, "public"), port(4434, "admin")],
        probe: http("/health/alive", 4433),
        variables: &["DSN", "SECRETS_COOKIE", "SECRETS_CIPHER"],
        ..TOOL
    },
    Family {
        names: &["zitadel/zitadel"],
        ports: &[port(8080, "http")],
        probe: http("/debug/healthz", 8080),
        variables: &[
            "ZITADEL_MASTERKEY",
            "ZITADEL_EXTERNALDOMAIN",
            "ZITADEL_DATABASE_POSTGRES_HOST",
        ],
        ..TOOL
    },
    Family {
        names: &["osixia/openldap"],
        workload: Workload::StatefulSet,
        ports: &[port(389, "ldap"), port(636, "ldaps")],
        data: &[
            data("/var/lib/ldap", "5Gi"),
            data("/etc/ldap/slapd.d", "1Gi"),
        ],
        probe: tcp(389),
        variables: &[
            "LDAP_ORGANISATION",
            "LDAP_DOMAIN",
            "LDAP_ADMIN_PASSWORD",
            "LDAP_CONFIG_PASSWORD",
        ],
        file_suffix: Some("_FILE"),
        ..TOOL
    },
    // Its binary may lock memory, which a container without that right cannot
    // start; hence no word about users and capabilities.
    Family {
        names: &["hashicorp/vault", "vault", "openbao/openbao"],
        workload: Workload::StatefulSet,
        ports: &[port(8200, "http"), port(8201, "cluster")],
        data: &[
            data("/vault/file", "10Gi"),
            data("/vault/data", "10Gi"),
            data("/openbao/file", "10Gi"),
        ],
        probe: tcp(8200),
        variables: &[
            "VAULT_ADDR",
            "VAULT_DEV_ROOT_TOKEN_ID",
            "VAULT_LOCAL_CONFIG",
            "VAULT_TOKEN",
        ],
        secrets: &["VAULT_DEV_ROOT_TOKEN_ID"],
        ..TOOL
    },
    Family {
        names: &["hashicorp/consul", "consul"],
        workload: Workload::StatefulSet,
        ports: &[
            port(8500, "http"),
            udp(8600, "dns"),
            port(8300, "server"),
            port(8301, "serf"),
        ],
        data: &[data("/consul/data", "10Gi")],
        probe: http("/v1/status/leader", 8500),
        variables: &["CONSUL_BIND_INTERFACE", "CONSUL_LOCAL_CONFIG"],
        ..TOOL
    },
    Family {
        names: &["minio/mc"],
        ..TOOL
    },
    Family {
        names: &["watchtower", "containrrr/watchtower"],
        ..TOOL
    },
    Family {
        names: &["hasura/graphql-engine"],
        ports: &[port(8080, "http")],
        probe: http("/healthz", 8080),
        variables: &[
            "HASURA_GRAPHQL_DATABASE_URL",
            "HASURA_GRAPHQL_METADATA_DATABASE_URL",
            "HASURA_GRAPHQL_ADMIN_SECRET",
            "HASURA_GRAPHQL_ENABLE_CONSOLE",
        ],
        ..TOOL
    },
    Family {
        names: &["postgrest/postgrest"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        variables: &[
            "PGRST_DB_URI",
            "PGRST_DB_SCHEMAS",
            "PGRST_DB_ANON_ROLE",
            "PGRST_JWT_SECRET",
        ],
        ..TOOL
    },
    Family {
        names: &["gotenberg/gotenberg"],
        ports: &[port(3000, "http")],
        probe: http("/health", 3000),
        users: &[user_of(Tags::Since(7), 1001, 1001)],
        ..TOOL
    },
    Family {
        names: &["apache/tika"],
        ports: &[port(9998, "http")],
        probe: tcp(9998),
        ..TOOL
    },
    Family {
        names: &["browserless/chrome", "browserless/chromium"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        ..TOOL
    },
    Family {
        names: &[
            "selenium/standalone-chrome",
            "selenium/standalone-firefox",
            "selenium/hub",
        ],
        ports: &[port(4444, "http")],
        probe: http("/status", 4444),
        ..TOOL
    },
    Family {
        names: &["verdaccio/verdaccio"],
        ports: &[port(4873, "http")],
        data: &[data("/verdaccio/storage", "10Gi")],
        probe: http("/-/ping", 4873),
        ..TOOL
    },
    Family {
        names: &["coturn/coturn"],
        ports: &[
            port(3478, "turn"),
            udp(3478, "turn-udp"),
            port(5349, "turns"),
        ],
        probe: tcp(3478),
        ..TOOL
    },
    Family {
        names: &["unbound", "mvance/unbound"],
        ports: &[port(53, "dns"), udp(53, "dns-udp")],
        ..TOOL
    },
    Family {
        names: &["coredns/coredns"],
        ports: &[port(53, "dns"), udp(53, "dns-udp")],
        ..TOOL
    },
];
