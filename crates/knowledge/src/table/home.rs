//! Applications of the home server: media, files, documents, the house itself.

use crate::family::Family;
use crate::row::*;

/// Images of linuxserver.io start as root and become `PUID` and `PGID`.
const LINUXSERVER: Family = Family {
    data: &[data("/config", "5Gi")],
    variables: &["PUID", "PGID", "TZ", "UMASK"],
    ..APPLICATION
};

pub(super) static ROWS: &[Family] = &[
    Family {
        names: &["linuxserver/*"],
        ..LINUXSERVER
    },
    Family {
        names: &["linuxserver/sonarr", "hotio/sonarr"],
        ports: &[port(8989, "http")],
        probe: http("/ping", 8989),
        ..LINUXSERVER
    },
    Family {
        names: &["linuxserver/radarr", "hotio/radarr"],
        ports: &[port(7878, "http")],
        probe: http("/ping", 7878),
        ..LINUXSERVER
    },
    Family {
        names: &["linuxserver/lidarr", "hotio/lidarr"],
        ports: &[port(8686, "http")],
        probe: http("/ping", 8686),
        ..LINUXSERVER
    },
    Family {
        names: &["linuxserver/prowlarr", "hotio/prowlarr"],
        ports: &[port(9696, "http")],
        probe: http("/ping", 9696),
        ..LINUXSERVER
    },
    Family {
        names: &["linuxserver/bazarr"],
        ports: &[port(6767, "http")],
        probe: tcp(6767),
        ..LINUXSERVER
    },
    Family {
        names: &["linuxserver/transmission"],
        ports: &[
            port(9091, "http"),
            port(51_413, "peer"),
            udp(51_413, "peer-udp"),
        ],
        probe: tcp(9091),
        data: &[data("/config", "5Gi"), data("/downloads", "50Gi")],
        variables: &["PUID", "PGID", "TZ", "USER", "PASS"],
        ..APPLICATION
    },
    Family {
        names: &["linuxserver/qbittorrent", "hotio/qbittorrent"],
        ports: &[
            port(8080, "http"),
            port(6881, "peer"),
            udp(6881, "peer-udp"),
        ],
        probe: tcp(8080),
        data: &[data("/config", "5Gi"), data("/downloads", "50Gi")],
        variables: &["PUID", "PGID", "TZ", "WEBUI_PORT", "TORRENTING_PORT"],
        ..APPLICATION
    },
    Family {
        names: &["linuxserver/jellyfin"],
        ports: &[port(8096, "http")],
        probe: http("/health", 8096),
        ..LINUXSERVER
    },
    Family {
        names: &["linuxserver/plex", "plexinc/pms-docker"],
        ports: &[port(32_400, "http")],
        probe: http("/identity", 32_400),
        data: &[data("/config", "20Gi"), data("/transcode", "20Gi")],
        variables: &["PUID", "PGID", "TZ", "VERSION", "PLEX_CLAIM"],
        secrets: &["PLEX_CLAIM"],
        ..APPLICATION
    },
    Family {
        names: &["linuxserver/mariadb"],
        ports: &[port(3306, "mysql")],
        data: &[data("/config", "10Gi")],
        probe: tcp(3306),
        variables: &[
            "PUID",
            "PGID",
            "TZ",
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_DATABASE",
            "MYSQL_USER",
            "MYSQL_PASSWORD",
        ],
        ..DATABASE
    },
    Family {
        names: &["linuxserver/swag"],
        ports: &[port(443, "https"), port(80, "http")],
        data: &[data("/config", "1Gi")],
        variables: &["PUID", "PGID", "TZ", "URL", "SUBDOMAINS", "VALIDATION"],
        ..PROXY
    },
    Family {
        names: &["linuxserver/wireguard"],
        ports: &[udp(51_820, "wireguard")],
        ..LINUXSERVER
    },
    Family {
        names: &["jellyfin/jellyfin"],
        ports: &[port(8096, "http"), udp(7359, "discovery")],
        data: &[data("/config", "10Gi"), data("/cache", "10Gi")],
        probe: http("/health", 8096),
        variables: &["JELLYFIN_PublishedServerUrl"],
        ..APPLICATION
    },
    Family {
        names: &["emby/embyserver"],
        ports: &[port(8096, "http")],
        data: &[data("/config", "10Gi")],
        probe: tcp(8096),
        ..APPLICATION
    },
    Family {
        names: &["deluan/navidrome"],
        ports: &[port(4533, "http")],
        data: &[data("/data", "5Gi")],
        probe: http("/ping", 4533),
        ..APPLICATION
    },
    Family {
        names: &["advplyr/audiobookshelf"],
        ports: &[port(80, "http")],
        data: &[data("/config", "1Gi"), data("/metadata", "10Gi")],
        probe: http("/healthcheck", 80),
        ..APPLICATION
    },
    Family {
        names: &["immich-app/immich-server"],
        ports: &[port(2283, "http")],
        data: &[data("/usr/src/app/upload", "100Gi"), data("/data", "100Gi")],
        probe: http("/api/server/ping", 2283),
        variables: &[
            "DB_HOSTNAME",
            "DB_USERNAME",
            "DB_PASSWORD",
            "DB_DATABASE_NAME",
            "REDIS_HOSTNAME",
        ],
        file_suffix: Some("_FILE"),
        ..APPLICATION
    },
    Family {
        names: &["immich-app/immich-machine-learning"],
        ports: &[port(3003, "http")],
        data: &[data("/cache", "10Gi")],
        probe: http("/ping", 3003),
        ..APPLICATION
    },
    Family {
        names: &["photoprism/photoprism"],
        ports: &[port(2342, "http")],
        data: &[
            data("/photoprism/storage", "20Gi"),
            data("/photoprism/originals", "100Gi"),
        ],
        probe: http("/api/v1/status", 2342),
        variables: &[
            "PHOTOPRISM_ADMIN_USER",
            "PHOTOPRISM_ADMIN_PASSWORD",
            "PHOTOPRISM_SITE_URL",
        ],
        ..APPLICATION
    },
    Family {
        names: &["vaultwarden/server", "dani-garcia/vaultwarden"],
        ports: &[port(80, "http")],
        data: &[data("/data", "5Gi")],
        probe: http("/alive", 80),
        variables: &["DOMAIN", "ADMIN_TOKEN", "DATABASE_URL", "SIGNUPS_ALLOWED"],
        file_suffix: Some("_FILE"),
        ..APPLICATION
    },
    Family {
        names: &[
            "homeassistant/home-assistant",
            "home-assistant/home-assistant",
        ],
        ports: &[port(8123, "http")],
        data: &[data("/config", "10Gi")],
        probe: tcp(8123),
        ..APPLICATION
    },
    Family {
        names: &["koenkk/zigbee2mqtt", "koenkk/zigbee2mqtt-dev"],
        ports: &[port(8080, "http")],
        data: &[data("/app/data", "1Gi")],
        ..APPLICATION
    },
    Family {
        names: &["paperless-ngx/paperless-ngx", "paperlessngx/paperless-ngx"],
        ports: &[port(8000, "http")],
        data: &[
            data("/usr/src/paperless/media", "50Gi"),
            data("/usr/src/paperless/data", "10Gi"),
            data("/usr/src/paperless/consume", "5Gi"),
            data("/usr/src/paperless/export", "10Gi"),
        ],
        probe: tcp(8000),
        variables: &[
            "PAPERLESS_REDIS",
            "PAPERLESS_DBHOST",
            "PAPERLESS_DBUSER",
            "PAPERLESS_DBPASS",
            "PAPERLESS_SECRET_KEY",
            "PAPERLESS_URL",
            "PAPERLESS_ADMIN_USER",
            "PAPERLESS_ADMIN_PASSWORD",
        ],
        file_suffix: Some("_FILE"),
        ..APPLICATION
    },
    Family {
        names: &["pihole/pihole"],
        ports: &[port(80, "http"), port(53, "dns"), udp(53, "dns-udp")],
        data: &[data("/etc/pihole", "1Gi"), data("/etc/dnsmasq.d", "1Gi")],
        probe: tcp(80),
        variables: &[
            "TZ",
            "WEBPASSWORD",
            "FTLCONF_webserver_api_password",
            "FTLCONF_dns_upstreams",
        ],
        ..TOOL
    },
    Family {
        names: &["adguard/adguardhome"],
        ports: &[
            port(80, "http"),
            port(3000, "setup"),
            port(53, "dns"),
            udp(53, "dns-udp"),
        ],
        data: &[
            data("/opt/adguardhome/work", "5Gi"),
            data("/opt/adguardhome/conf", "1Gi"),
        ],
        ..TOOL
    },
    Family {
        names: &["syncthing/syncthing"],
        ports: &[
            port(8384, "http"),
            port(22_000, "sync"),
            udp(22_000, "sync-quic"),
            udp(21_027, "discovery"),
        ],
        data: &[data("/var/syncthing", "50Gi")],
        probe: http("/rest/noauth/health", 8384),
        variables: &["PUID", "PGID"],
        ..APPLICATION
    },
    Family {
        names: &["filebrowser/filebrowser"],
        ports: &[port(80, "http")],
        probe: http("/health", 80),
        ..APPLICATION
    },
    Family {
        names: &["ollama/ollama"],
        ports: &[port(11_434, "http")],
        data: &[data("/root/.ollama", "50Gi")],
        probe: http("/", 11_434),
        variables: &["OLLAMA_HOST", "OLLAMA_MODELS", "OLLAMA_KEEP_ALIVE"],
        ..APPLICATION
    },
    Family {
        names: &["open-webui/open-webui"],
        ports: &[port(8080, "http")],
        data: &[data("/app/backend/data", "10Gi")],
        probe: http("/health", 8080),
        variables: &["OLLAMA_BASE_URL", "WEBUI_SECRET_KEY", "WEBUI_AUTH"],
        ..APPLICATION
    },
    Family {
        names: &["gethomepage/homepage"],
        ports: &[port(3000, "http")],
        data: &[data("/app/config", "1Gi")],
        probe: http("/api/healthcheck", 3000),
        variables: &["HOMEPAGE_ALLOWED_HOSTS"],
        ..APPLICATION
    },
    Family {
        names: &["freshrss/freshrss"],
        ports: &[port(80, "http")],
        data: &[
            data("/var/www/FreshRSS/data", "5Gi"),
            data("/var/www/FreshRSS/extensions", "1Gi"),
        ],
        probe: tcp(80),
        ..APPLICATION
    },
    Family {
        names: &["miniflux/miniflux"],
        ports: &[port(8080, "http")],
        probe: http("/healthcheck", 8080),
        variables: &[
            "DATABASE_URL",
            "RUN_MIGRATIONS",
            "CREATE_ADMIN",
            "ADMIN_USERNAME",
            "ADMIN_PASSWORD",
        ],
        ..APPLICATION
    },
    Family {
        names: &["binwiederhier/ntfy"],
        ports: &[port(80, "http")],
        data: &[data("/var/cache/ntfy", "1Gi"), data("/etc/ntfy", "1Gi")],
        probe: http("/v1/health", 80),
        ..APPLICATION
    },
    Family {
        names: &["gotify/server"],
        ports: &[port(80, "http")],
        data: &[data("/app/data", "1Gi")],
        probe: http("/health", 80),
        ..APPLICATION
    },
    Family {
        names: &["itzg/minecraft-server"],
        ports: &[port(25_565, "minecraft")],
        data: &[data("/data", "10Gi")],
        probe: exec(&["mc-health"]),
        variables: &["EULA", "TYPE", "VERSION", "MEMORY", "RCON_PASSWORD"],
        ..APPLICATION
    },
];
