//! What a compose file says of a service, in plain values.

use std::collections::BTreeMap;

use serde::Serialize;

/// A service as its compose file says it, after overrides, `extends` and
/// `include`. Keys are spelled as compose spells them; what a service does not
/// say is `null`, empty or `false`.
///
/// Ports, the image and paths have their variables filled in. Everything else
/// stands as it is written, `${NAME}` included, so that nothing of an env file is
/// in it. A value that looks secret is `null`, or stars within a longer text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ServiceDetail {
    /// Its key below `services`.
    pub name: String,
    /// The image.
    pub image: Option<String>,
    /// How the image is built.
    pub build: Option<Build>,
    /// Published ports.
    pub ports: Vec<PortMapping>,
    /// Its variables, without those of env files.
    pub environment: BTreeMap<String, Option<String>>,
    /// Mounts in short form, `source:target[:ro]`.
    pub volumes: Vec<String>,
    /// Names of services.
    pub depends_on: Vec<String>,
    /// Words joined by spaces.
    pub command: Option<String>,
    /// Words joined by spaces.
    pub entrypoint: Option<String>,
    /// When it is started again.
    pub restart: Option<String>,
    /// How it is told that it is well.
    pub healthcheck: Option<Healthcheck>,
    /// Number and resources.
    pub deploy: Option<Deploy>,
    /// Names of networks.
    pub networks: Vec<String>,
    /// Its labels.
    pub labels: BTreeMap<String, Option<String>>,
    /// Compose's key of that name.
    pub container_name: Option<String>,
    /// Compose's key of that name.
    pub hostname: Option<String>,
    /// Compose's key of that name.
    pub domainname: Option<String>,
    /// Compose's key of that name.
    pub platform: Option<String>,
    /// Compose's key of that name.
    pub profiles: Vec<String>,
    /// Compose's key of that name.
    pub user: Option<String>,
    /// Compose's key of that name.
    pub working_dir: Option<String>,
    /// Compose's key of that name.
    pub stdin_open: bool,
    /// Compose's key of that name.
    pub tty: bool,
    /// Compose's key of that name.
    pub privileged: bool,
    /// Compose's key of that name.
    pub init: bool,
    /// Compose's key of that name.
    pub read_only: bool,
    /// Compose's key of that name.
    pub pid: Option<String>,
    /// As a Kubernetes quantity.
    pub shm_size: Option<String>,
    /// Compose's key of that name.
    pub network_mode: Option<String>,
    /// Compose's key of that name.
    pub dns: Vec<String>,
    /// Compose's key of that name.
    pub dns_search: Vec<String>,
    /// Compose's key of that name.
    pub extra_hosts: Vec<String>,
    /// Ports for other services. A range counts each of its ports.
    pub expose: Vec<u16>,
    /// Paths of env files; their variables are in `env_file_keys`.
    pub env_file: Vec<String>,
    /// The names of the variables in its env files, never their values.
    pub env_file_keys: Vec<String>,
    /// Names of configs.
    pub configs: Vec<String>,
    /// Names of secrets.
    pub secrets: Vec<String>,
    /// Compose's key of that name.
    pub tmpfs: Vec<String>,
    /// `source:target[:permissions]`.
    pub devices: Vec<String>,
    /// Where its log goes.
    pub logging: Option<Logging>,
    /// Compose's key of that name.
    pub stop_signal: Option<String>,
    /// Compose's key of that name.
    pub stop_grace_period: Option<String>,
    /// Compose's key of that name.
    pub pull_policy: Option<String>,
}

/// How an image is built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Build {
    /// The folder that the build sees, or an address.
    pub context: Option<String>,
    /// The Dockerfile, relative to the context.
    pub dockerfile: Option<String>,
    /// The stage to build.
    pub target: Option<String>,
    /// Arguments, as written.
    pub args: Option<BTreeMap<String, Option<String>>>,
}

/// A published port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PortMapping {
    /// The port of the host; none where any will do.
    pub host: Option<u16>,
    /// The port of the container.
    pub container: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
}

/// How a service is told to be well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Healthcheck {
    /// The command, without `CMD` or `CMD-SHELL`.
    pub test: Option<String>,
    /// As compose writes durations.
    pub interval: Option<String>,
    /// As compose writes durations.
    pub timeout: Option<String>,
    /// How often it may fail.
    pub retries: Option<u64>,
    /// As compose writes durations.
    pub start_period: Option<String>,
}

/// How many there are, and what they may use. Amounts are Kubernetes quantities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Deploy {
    /// `replicated`, `global` or a job.
    pub mode: Option<String>,
    /// How many.
    pub replicas: Option<u64>,
    /// Processors at most.
    pub cpu_limit: Option<String>,
    /// Memory at most.
    pub memory_limit: Option<String>,
    /// Processors at least.
    pub cpu_request: Option<String>,
    /// Memory at least.
    pub memory_request: Option<String>,
}

/// Where a log goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Logging {
    /// The driver.
    pub driver: Option<String>,
    /// Its options, as written.
    pub options: BTreeMap<String, Option<String>>,
}
