//! Web servers and proxies.

use crate::family::Family;
use crate::row::*;

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["nginx"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        variables: &["NGINX_HOST", "NGINX_PORT", "NGINX_ENVSUBST_TEMPLATE_DIR"],
        accounts: &[account("nginx", &[always(101, 101)])],
        root_capabilities: Some(&["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"]),
        ..WEB
    },
    Family {
        names: &[
            "nginxinc/nginx-unprivileged",
            "nginx/nginx-unprivileged",
            "*/nginx-unprivileged",
        ],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        users: &[always(101, 101)],
        accounts: &[account("nginx", &[always(101, 101)])],
        unprivileged: true,
        ..WEB
    },
    Family {
        names: &["openresty/openresty"],
        ports: &[port(80, "http"), port(443, "https")],
        probe: tcp(80),
        ..WEB
    },
    Family {
        names: &["httpd"],
        ports: &[port(80, "http")],
        probe: tcp(80),
        data: &[data("/usr/local/apache2/htdocs", "1Gi")],
        ..WEB
    },
    Family {
        names: &["caddy"],
        ports: &[port(80, "http"), port(443, "https")],
        data: &[data("/data", "1Gi"), data("/config", "1Gi")],
        probe: tcp(80),
        root_capabilities: Some(&["NET_BIND_SERVICE"]),
        ..WEB
    },
    Family {
        names: &["tomcat"],
        ports: &[port(8080, "http")],
        probe: tcp(8080),
        variables: &["CATALINA_OPTS", "JAVA_OPTS"],
        ..WEB
    },
    Family {
        names: &["traefik", "traefik/traefik"],
        ports: &[
            port(80, "http"),
            port(443, "https"),
            port(8080, "dashboard"),
        ],
        data: &[data("/letsencrypt", "1Gi"), data("/acme", "1Gi")],
        probe: tcp(80),
        root_capabilities: Some(&["NET_BIND_SERVICE"]),
        ..PROXY
    },
    Family {
        names: &["traefik/whoami", "containous/whoami"],
        ports: &[port(80, "http")],
        probe: http("/health", 80),
        ..WEB
    },
    Family {
        names: &[
            "haproxy",
            "haproxytech/haproxy-alpine",
            "haproxytech/haproxy-debian",
        ],
        ports: &[port(80, "http"), port(443, "https")],
        ..PROXY
    },
    Family {
        names: &["envoyproxy/envoy"],
        ports: &[port(10_000, "http"), port(9901, "admin")],
        variables: &["ENVOY_UID", "ENVOY_GID"],
        ..PROXY
    },
    Family {
        names: &["varnish"],
        ports: &[port(80, "http"), port(8443, "proxy")],
        probe: tcp(80),
        variables: &["VARNISH_SIZE"],
        ..PROXY
    },
    Family {
        names: &["jc21/nginx-proxy-manager"],
        ports: &[port(80, "http"), port(443, "https"), port(81, "admin")],
        data: &[data("/data", "1Gi"), data("/etc/letsencrypt", "1Gi")],
        probe: tcp(81),
        ..PROXY
    },
    Family {
        names: &["nginxproxy/nginx-proxy", "jwilder/nginx-proxy"],
        ports: &[port(80, "http"), port(443, "https")],
        probe: tcp(80),
        ..PROXY
    },
    Family {
        names: &["kong", "kong/kong-gateway"],
        ports: &[port(8000, "http"), port(8443, "https"), port(8001, "admin")],
        probe: tcp(8000),
        variables: &[
            "KONG_DATABASE",
            "KONG_PG_HOST",
            "KONG_PG_USER",
            "KONG_PG_PASSWORD",
            "KONG_PROXY_LISTEN",
            "KONG_ADMIN_LISTEN",
        ],
        ..PROXY
    },
    Family {
        names: &["apache/apisix"],
        ports: &[port(9080, "http"), port(9443, "https"), port(9180, "admin")],
        probe: tcp(9080),
        ..PROXY
    },
    Family {
        names: &["cloudflare/cloudflared"],
        variables: &["TUNNEL_TOKEN"],
        users: &[always(65_532, 65_532)],
        accounts: &[account("nonroot", &[always(65_532, 65_532)])],
        unprivileged: true,
        ..PROXY
    },
    Family {
        names: &["edoburu/pgbouncer", "bitnami/pgbouncer"],
        ports: &[port(5432, "postgresql")],
        probe: tcp(5432),
        variables: &[
            "DATABASE_URL",
            "DB_HOST",
            "DB_USER",
            "DB_PASSWORD",
            "POOL_MODE",
            "AUTH_TYPE",
        ],
        ..PROXY
    },
    Family {
        names: &["oauth2-proxy/oauth2-proxy"],
        ports: &[port(4180, "http")],
        probe: http("/ping", 4180),
        variables: &[
            "OAUTH2_PROXY_PROVIDER",
            "OAUTH2_PROXY_CLIENT_ID",
            "OAUTH2_PROXY_CLIENT_SECRET",
            "OAUTH2_PROXY_COOKIE_SECRET",
        ],
        ..PROXY
    },
    Family {
        names: &["imgproxy/imgproxy", "darthsim/imgproxy"],
        ports: &[port(8080, "http")],
        probe: http("/health", 8080),
        variables: &["IMGPROXY_KEY", "IMGPROXY_SALT"],
        secrets: &["IMGPROXY_KEY"],
        ..PROXY
    },
];
