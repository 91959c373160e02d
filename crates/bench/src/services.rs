//! The services that synthetic projects are made of: ten kinds, one compose
//! fragment each.
//!
//! A project repeats the ten with a running number in place of `NUM`. A fragment
//! names only services and volumes of its own number that stand before it, so that
//! a project may end after any of them.

/// One kind of service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Service {
    /// The service itself, below `services:`.
    pub(crate) text: &'static str,
    /// Its entry below `volumes:`, or nothing.
    pub(crate) volume: &'static str,
    /// Its entry below `configs:`, or nothing.
    pub(crate) config: &'static str,
    /// Whether every tenth of them binds the file `config/site-NUM.toml`.
    pub(crate) binds_file: bool,
}

/// Where a running number belongs.
pub(crate) const NUMBER: &str = "NUM";

/// The one line that binds a file of the project, at the end of a fragment.
pub(crate) const BOUND_FILE: &str = "    volumes:
      - ./config/site-NUM.toml:/etc/site/site.toml:ro
";

/// The ten, in the order in which they may refer to one another.
pub(crate) const SERVICES: [Service; 10] = [
    with_volume(DATABASE, "  db-NUM-data: {}\n"),
    with_volume(CACHE, "  cache-NUM-data: {}\n"),
    plain(MIGRATION),
    plain(API),
    plain(CONSUMER),
    plain(SHOP),
    plain(ADMIN),
    SITE,
    plain(AGENT),
    plain(MAILER),
];

const fn plain(text: &'static str) -> Service {
    with_volume(text, "")
}

const fn with_volume(text: &'static str, volume: &'static str) -> Service {
    Service {
        text,
        volume,
        config: "",
        binds_file: false,
    }
}

const SITE: Service = Service {
    text: "  site-NUM:
    image: nginxinc/nginx-unprivileged:1.29.3-alpine
    restart: always
    ports:
      - \"8080\"
    environment:
      SITE_NAME: site-NUM
      SITE_PASSWORD: leaf-NUM-pass
    configs:
      - source: site-NUM
        target: /etc/nginx/conf.d/site.conf
    deploy:
      replicas: 2
",
    volume: "",
    config: "  site-NUM:
    content: |
      server {
        listen 8080;
        server_name site-NUM.example.com;
        location / { root /usr/share/nginx/html; }
      }
",
    binds_file: true,
};

const DATABASE: &str = "  db-NUM:
    image: postgres:17.2
    restart: unless-stopped
    environment:
      POSTGRES_DB: orders
      POSTGRES_USER: orders
      POSTGRES_PASSWORD: winter-NUM-sea
    volumes:
      - db-NUM-data:/var/lib/postgresql/data
    healthcheck:
      test: [\"CMD-SHELL\", \"pg_isready -U orders -d orders\"]
      interval: 10s
      timeout: 5s
      retries: 5
    stop_grace_period: 1m
";

const CACHE: &str = "  cache-NUM:
    image: redis:8.2-alpine
    restart: unless-stopped
    command: [\"redis-server\", \"--appendonly\", \"yes\"]
    volumes:
      - cache-NUM-data:/data
    healthcheck:
      test: [\"CMD\", \"redis-cli\", \"ping\"]
      interval: 10s
    deploy:
      resources:
        limits: {cpus: \"0.50\", memory: 256M}
";

const MIGRATION: &str = "  migrate-NUM:
    image: ghcr.io/acme/orders:2.7.NUM
    command: [\"orders\", \"migrate\", \"--all\"]
    restart: \"no\"
    environment:
      DATABASE_URL: postgres://orders:winter-NUM-sea@db-NUM:5432/orders
      LOG_LEVEL: info
    depends_on:
      db-NUM:
        condition: service_healthy
";

const API: &str = "  api-NUM:
    image: ghcr.io/acme/orders:2.7.NUM
    command: [\"orders\", \"serve\", \"--port\", \"8000\"]
    restart: unless-stopped
    user: \"1000:1000\"
    read_only: true
    tmpfs:
      - /tmp
    ports:
      - target: 8000
        published: \"8000\"
        name: http
    environment:
      DATABASE_URL: postgres://orders:winter-NUM-sea@db-NUM:5432/orders
      CACHE_URL: redis://cache-NUM:6379/0
      LOG_LEVEL: info
      FEATURE_EXPORT: \"on\"
    depends_on:
      db-NUM:
        condition: service_healthy
      migrate-NUM:
        condition: service_completed_successfully
    healthcheck:
      test: [\"CMD\", \"curl\", \"-fsS\", \"http://localhost:8000/healthz\"]
      interval: 10s
      timeout: 3s
      retries: 3
      start_period: 30s
    deploy:
      replicas: 2
      resources:
        limits: {cpus: \"1.0\", memory: 512M}
        reservations: {cpus: \"0.25\", memory: 256M}
";

const CONSUMER: &str = "  consumer-NUM:
    image: ghcr.io/acme/orders:2.7.NUM
    command: orders consume --queue invoices
    restart: unless-stopped
    environment:
      - DATABASE_URL=postgres://orders:winter-NUM-sea@db-NUM:5432/orders
      - QUEUE=invoices-NUM
      - CONCURRENCY=4
    depends_on:
      migrate-NUM:
        condition: service_completed_successfully
    deploy:
      replicas: 3
";

const SHOP: &str = "  shop-NUM:
    image: ghcr.io/acme/shop:5.1.NUM
    restart: unless-stopped
    ports:
      - \"3000:3000\"
    environment:
      NODE_ENV: production
      API_URL: http://api-NUM:8000
      SESSION_SECRET: amber-NUM-kite
    depends_on:
      api-NUM:
        condition: service_healthy
    healthcheck:
      test: curl -f http://localhost:3000/ || exit 1
      interval: 15s
    cap_drop:
      - ALL
    deploy:
      replicas: 2
";

const ADMIN: &str = "  admin-NUM:
    image: ghcr.io/acme/admin:0.9.4
    restart: unless-stopped
    ports:
      - \"9000:9000\"
    environment:
      API_URL: http://api-NUM:8000
      ADMIN_PASSWORD: cedar-NUM-owl
      THEME: dark
    healthcheck:
      test: [\"CMD\", \"wget\", \"-q\", \"--spider\", \"http://127.0.0.1:9000/ready\"]
      interval: 30s
      timeout: 5s
    deploy:
      replicas: 2
";

const AGENT: &str = "  agent-NUM:
    image: ghcr.io/acme/agent:1.3.0
    restart: unless-stopped
    expose:
      - \"9100\"
    environment:
      AGENT_NAME: agent-NUM
      AGENT_TOKEN: quartz-NUM-fern
    deploy:
      mode: global
      resources:
        limits: {cpus: \"0.10\", memory: 64M}
";

const MAILER: &str = "  mailer-NUM:
    image: ghcr.io/acme/mailer:3.0.2
    restart: unless-stopped
    expose:
      - \"2525\"
    environment:
      SMTP_HOST: smtp.example.com
      SMTP_PORT: \"587\"
      SMTP_PASSWORD: birch-NUM-loom
    stop_grace_period: 45s
    deploy:
      replicas: 2
";
