//! Applications of teams and companies.

use crate::family::Family;
use crate::row::*;
use crate::tag::Tags;

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["nextcloud"],
        ports: &[port(80, "http")],
        data: &[
            data("/var/www/html", "50Gi"),
            data("/var/www/html/data", "50Gi"),
            data("/var/www/html/config", "1Gi"),
            data("/var/www/html/custom_apps", "5Gi"),
        ],
        probe: tcp(80),
        variables: &[
            "POSTGRES_HOST",
            "POSTGRES_DB",
            "POSTGRES_USER",
            "POSTGRES_PASSWORD",
            "MYSQL_HOST",
            "MYSQL_DATABASE",
            "MYSQL_USER",
            "MYSQL_PASSWORD",
            "NEXTCLOUD_ADMIN_USER",
            "NEXTCLOUD_ADMIN_PASSWORD",
            "NEXTCLOUD_TRUSTED_DOMAINS",
            "REDIS_HOST",
            "REDIS_HOST_PASSWORD",
        ],
        file_suffix: Some("_FILE"),
        ..APPLICATION
    },
    Family {
        names: &["owncloud/server"],
        ports: &[port(8080, "http")],
        data: &[data("/mnt/data", "50Gi")],
        probe: tcp(8080),
        ..APPLICATION
    },
    Family {
        names: &["wordpress"],
        ports: &[port(80, "http")],
        data: &[
            data("/var/www/html", "10Gi"),
            data("/var/www/html/wp-content", "10Gi"),
        ],
        probe: tcp(80),
        variables: &[
            "WORDPRESS_DB_HOST",
            "WORDPRESS_DB_USER",
            "WORDPRESS_DB_PASSWORD",
            "WORDPRESS_DB_NAME",
            "WORDPRESS_TABLE_PREFIX",
            "WORDPRESS_DEBUG",
            "WORDPRESS_CONFIG_EXTRA",
        ],
        secrets: &["WORDPRESS_LOGGED_IN_KEY", "WORDPRESS_NONCE_KEY"],
        file_suffix: Some("_FILE"),
        ..APPLICATION
    },
    Family {
        names: &["ghost"],
        ports: &[port(2368, "http")],
        data: &[data("/var/lib/ghost/content", "10Gi")],
        probe: tcp(2368),
        variables: &[
            "url",
            "database__client",
            "database__connection__host",
            "database__connection__user",
            "database__connection__password",
            "database__connection__database",
            "NODE_ENV",
        ],
        users: &[always(1000, 1000)],
        accounts: &[account("node", &[always(1000, 1000)])],
        unprivileged: true,
        root_capabilities: BECOMES_ITS_USER,
        ..APPLICATION
    },
    Family {
        names: &["drupal"],
        ports: &[port(80, "http")],
        data: &[
            data("/var/www/html/sites", "10Gi"),
            data("/var/www/html/modules", "1Gi"),
            data("/var/www/html/profiles", "1Gi"),
            data("/var/www/html/themes", "1Gi"),
        ],
        probe: tcp(80),
        ..APPLICATION
    },
    Family {
        names: &["joomla"],
        ports: &[port(80, "http")],
        data: &[data("/var/www/html", "10Gi")],
        probe: tcp(80),
        variables: &[
            "JOOMLA_DB_HOST",
            "JOOMLA_DB_USER",
            "JOOMLA_DB_PASSWORD",
            "JOOMLA_DB_NAME",
        ],
        ..APPLICATION
    },
    Family {
        names: &["mediawiki"],
        ports: &[port(80, "http")],
        data: &[data("/var/www/html/images", "10Gi")],
        probe: tcp(80),
        ..APPLICATION
    },
    Family {
        names: &["matomo"],
        ports: &[port(80, "http")],
        data: &[data("/var/www/html", "10Gi")],
        probe: tcp(80),
        variables: &[
            "MATOMO_DATABASE_HOST",
            "MATOMO_DATABASE_ADAPTER",
            "MATOMO_DATABASE_TABLES_PREFIX",
            "MATOMO_DATABASE_USERNAME",
            "MATOMO_DATABASE_PASSWORD",
            "MATOMO_DATABASE_DBNAME",
        ],
        ..APPLICATION
    },
    Family {
        names: &["odoo"],
        ports: &[port(8069, "http"), port(8072, "longpolling")],
        data: &[
            data("/var/lib/odoo", "10Gi"),
            data("/mnt/extra-addons", "1Gi"),
            data("/etc/odoo", "1Gi"),
        ],
        probe: http("/web/health", 8069),
        variables: &["HOST", "PORT", "USER", "PASSWORD"],
        ..APPLICATION
    },
    Family {
        names: &[
            "mattermost/mattermost-team-edition",
            "mattermost/mattermost-enterprise-edition",
        ],
        ports: &[port(8065, "http")],
        data: &[
            data("/mattermost/data", "20Gi"),
            data("/mattermost/config", "1Gi"),
            data("/mattermost/logs", "1Gi"),
            data("/mattermost/plugins", "1Gi"),
        ],
        probe: http("/api/v4/system/ping", 8065),
        variables: &[
            "MM_SQLSETTINGS_DRIVERNAME",
            "MM_SQLSETTINGS_DATASOURCE",
            "MM_SERVICESETTINGS_SITEURL",
        ],
        users: &[always(2000, 2000)],
        accounts: &[account("mattermost", &[always(2000, 2000)])],
        unprivileged: true,
        ..APPLICATION
    },
    Family {
        names: &["rocket.chat", "rocketchat/rocket.chat"],
        ports: &[port(3000, "http")],
        probe: tcp(3000),
        variables: &["ROOT_URL", "PORT", "MONGO_URL", "MONGO_OPLOG_URL"],
        ..APPLICATION
    },
    Family {
        names: &["discourse/discourse", "bitnami/discourse"],
        ports: &[port(3000, "http")],
        data: &[data("/bitnami/discourse", "20Gi")],
        probe: tcp(3000),
        ..APPLICATION
    },
    Family {
        names: &["nodebb/docker", "nodebb/nodebb"],
        ports: &[port(4567, "http")],
        probe: tcp(4567),
        ..APPLICATION
    },
    Family {
        names: &["n8nio/n8n", "n8n-io/n8n"],
        ports: &[port(5678, "http")],
        data: &[data("/home/node/.n8n", "5Gi")],
        probe: http("/healthz", 5678),
        variables: &[
            "N8N_HOST",
            "N8N_PORT",
            "N8N_PROTOCOL",
            "N8N_ENCRYPTION_KEY",
            "WEBHOOK_URL",
            "DB_TYPE",
            "DB_POSTGRESDB_HOST",
            "DB_POSTGRESDB_DATABASE",
            "DB_POSTGRESDB_USER",
            "DB_POSTGRESDB_PASSWORD",
            "GENERIC_TIMEZONE",
        ],
        file_suffix: Some("_FILE"),
        users: &[always(1000, 1000)],
        accounts: &[account("node", &[always(1000, 1000)])],
        unprivileged: true,
        ..APPLICATION
    },
    Family {
        names: &["nodered/node-red"],
        ports: &[port(1880, "http")],
        data: &[data("/data", "5Gi")],
        probe: tcp(1880),
        users: &[always(1000, 1000)],
        accounts: &[account("node-red", &[always(1000, 1000)])],
        unprivileged: true,
        ..APPLICATION
    },
    Family {
        names: &["metabase/metabase"],
        ports: &[port(3000, "http")],
        probe: http("/api/health", 3000),
        variables: &[
            "MB_DB_TYPE",
            "MB_DB_HOST",
            "MB_DB_PORT",
            "MB_DB_DBNAME",
            "MB_DB_USER",
            "MB_DB_PASS",
            "MB_ENCRYPTION_SECRET_KEY",
            "MB_SITE_URL",
        ],
        file_suffix: Some("_FILE"),
        ..APPLICATION
    },
    Family {
        names: &["apache/superset"],
        ports: &[port(8088, "http")],
        data: &[data("/app/superset_home", "5Gi")],
        probe: http("/health", 8088),
        variables: &["SUPERSET_SECRET_KEY", "SUPERSET_CONFIG_PATH"],
        ..APPLICATION
    },
    Family {
        names: &["apache/airflow"],
        ports: &[port(8080, "http")],
        data: &[
            data("/opt/airflow/dags", "5Gi"),
            data("/opt/airflow/logs", "10Gi"),
            data("/opt/airflow/plugins", "1Gi"),
        ],
        variables: &[
            "AIRFLOW__CORE__EXECUTOR",
            "AIRFLOW__CORE__FERNET_KEY",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
            "AIRFLOW__CELERY__BROKER_URL",
            "AIRFLOW__CELERY__RESULT_BACKEND",
            "AIRFLOW__WEBSERVER__SECRET_KEY",
        ],
        users: &[user_of(Tags::Since(2), 50_000, 0)],
        accounts: &[account("airflow", &[user_of(Tags::Since(2), 50_000, 0)])],
        unprivileged: true,
        ..APPLICATION
    },
    Family {
        names: &["redash/redash"],
        ports: &[port(5000, "http")],
        probe: tcp(5000),
        variables: &[
            "REDASH_DATABASE_URL",
            "REDASH_REDIS_URL",
            "REDASH_COOKIE_SECRET",
            "REDASH_SECRET_KEY",
        ],
        ..APPLICATION
    },
    Family {
        names: &["umami-software/umami", "umamisoftware/umami"],
        ports: &[port(3000, "http")],
        probe: http("/api/heartbeat", 3000),
        variables: &["DATABASE_URL", "DATABASE_TYPE", "APP_SECRET", "HASH_SALT"],
        ..APPLICATION
    },
    Family {
        names: &["plausible/community-edition", "plausible/analytics"],
        ports: &[port(8000, "http")],
        probe: http("/api/health", 8000),
        variables: &[
            "BASE_URL",
            "SECRET_KEY_BASE",
            "TOTP_VAULT_KEY",
            "DATABASE_URL",
            "CLICKHOUSE_DATABASE_URL",
        ],
        secrets: &["TOTP_VAULT_KEY"],
        ..APPLICATION
    },
    Family {
        names: &["posthog/posthog"],
        ports: &[port(8000, "http")],
        probe: http("/_health", 8000),
        variables: &[
            "SECRET_KEY",
            "SITE_URL",
            "DATABASE_URL",
            "REDIS_URL",
            "CLICKHOUSE_HOST",
        ],
        ..APPLICATION
    },
    Family {
        names: &["getsentry/sentry", "sentry"],
        ports: &[port(9000, "http")],
        probe: http("/_health/", 9000),
        variables: &[
            "SENTRY_SECRET_KEY",
            "SENTRY_POSTGRES_HOST",
            "SENTRY_DB_PASSWORD",
            "SENTRY_REDIS_HOST",
        ],
        ..APPLICATION
    },
    Family {
        names: &["directus/directus"],
        ports: &[port(8055, "http")],
        data: &[
            data("/directus/uploads", "10Gi"),
            data("/directus/extensions", "1Gi"),
            data("/directus/database", "5Gi"),
        ],
        probe: http("/server/ping", 8055),
        variables: &[
            "KEY",
            "SECRET",
            "ADMIN_EMAIL",
            "ADMIN_PASSWORD",
            "DB_CLIENT",
            "DB_HOST",
            "DB_PORT",
            "DB_DATABASE",
            "DB_USER",
            "DB_PASSWORD",
            "PUBLIC_URL",
        ],
        secrets: &["KEY"],
        users: &[always(1000, 1000)],
        accounts: &[account("node", &[always(1000, 1000)])],
        unprivileged: true,
        ..APPLICATION
    },
    Family {
        names: &["nocodb/nocodb"],
        ports: &[port(8080, "http")],
        data: &[data("/usr/app/data", "5Gi")],
        probe: http("/api/v1/health", 8080),
        variables: &["NC_DB", "NC_AUTH_JWT_SECRET"],
        secrets: &["NC_DB"],
        ..APPLICATION
    },
    Family {
        names: &["baserow/baserow"],
        ports: &[port(80, "http")],
        data: &[data("/baserow/data", "10Gi")],
        probe: tcp(80),
        ..APPLICATION
    },
    Family {
        names: &["outlinewiki/outline"],
        ports: &[port(3000, "http")],
        data: &[data("/var/lib/outline/data", "10Gi")],
        probe: http("/_health", 3000),
        variables: &[
            "SECRET_KEY",
            "UTILS_SECRET",
            "DATABASE_URL",
            "REDIS_URL",
            "URL",
        ],
        ..APPLICATION
    },
    Family {
        names: &["requarks/wiki"],
        ports: &[port(3000, "http")],
        probe: http("/healthz", 3000),
        variables: &[
            "DB_TYPE", "DB_HOST", "DB_PORT", "DB_USER", "DB_PASS", "DB_NAME",
        ],
        ..APPLICATION
    },
    Family {
        names: &["etherpad/etherpad"],
        ports: &[port(9001, "http")],
        probe: tcp(9001),
        ..APPLICATION
    },
    Family {
        names: &["mastodon/mastodon", "tootsuite/mastodon"],
        ports: &[port(3000, "http"), port(4000, "streaming")],
        data: &[
            data("/mastodon/public/system", "50Gi"),
            data("/opt/mastodon/public/system", "50Gi"),
        ],
        variables: &[
            "LOCAL_DOMAIN",
            "SECRET_KEY_BASE",
            "OTP_SECRET",
            "VAPID_PRIVATE_KEY",
            "VAPID_PUBLIC_KEY",
        ],
        ..APPLICATION
    },
    Family {
        names: &["matrixdotorg/synapse", "element-hq/synapse"],
        ports: &[port(8008, "http")],
        data: &[data("/data", "20Gi")],
        probe: http("/health", 8008),
        variables: &["SYNAPSE_SERVER_NAME", "SYNAPSE_REPORT_STATS"],
        ..APPLICATION
    },
    Family {
        names: &["collabora/code"],
        ports: &[port(9980, "http")],
        probe: tcp(9980),
        ..APPLICATION
    },
    Family {
        names: &["onlyoffice/documentserver"],
        ports: &[port(80, "http")],
        data: &[data("/var/www/onlyoffice/Data", "10Gi")],
        probe: http("/healthcheck", 80),
        variables: &["JWT_ENABLED", "JWT_SECRET"],
        ..APPLICATION
    },
    Family {
        names: &["langgenius/dify-api"],
        ports: &[port(5001, "http")],
        data: &[data("/app/api/storage", "10Gi")],
        probe: http("/health", 5001),
        ..APPLICATION
    },
    Family {
        names: &[
            "jupyter/base-notebook",
            "jupyter/scipy-notebook",
            "jupyter/datascience-notebook",
            "*/jupyterhub",
        ],
        ports: &[port(8888, "http")],
        data: &[data("/home/jovyan/work", "10Gi")],
        probe: tcp(8888),
        variables: &["JUPYTER_TOKEN", "JUPYTER_ENABLE_LAB"],
        ..APPLICATION
    },
    Family {
        names: &["codercom/code-server"],
        ports: &[port(8080, "http")],
        data: &[data("/home/coder", "10Gi")],
        probe: http("/healthz", 8080),
        variables: &["PASSWORD", "HASHED_PASSWORD"],
        ..APPLICATION
    },
];
