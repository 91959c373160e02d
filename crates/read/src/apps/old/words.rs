//! Every key of version 2.

/// What can stand at a place of version 2.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words {
    /// Whatever version 3 takes there: scalars, maps of the user's own names.
    Any,
    /// Known keys.
    Block(&'static Block),
    /// Items.
    List(&'static Words),
    /// Items with a name in this key; version 3 has a map there, too.
    Named(&'static str, &'static Words),
    /// Names of the user's own with the same below each.
    Map(&'static Words),
}

/// Keys, and what they are called together.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) what: &'static str,
    pub(super) keys: &'static [&'static [(&'static str, Words)]],
}

impl Block {
    const fn new(what: &'static str, keys: &'static [&'static [(&'static str, Words)]]) -> Self {
        Self { what, keys }
    }

    /// What stands at a key.
    pub(super) fn key(&self, name: &str) -> Option<Words> {
        let mut all = self.keys.iter().flat_map(|keys| keys.iter());
        all.find(|(key, _)| *key == name).map(|(_, words)| *words)
    }

    /// All keys.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys
            .iter()
            .flat_map(|keys| keys.iter())
            .map(|(key, _)| *key)
    }
}

use Words::{Any, List, Map, Named};

const fn block(block: &'static Block) -> Words {
    Words::Block(block)
}

/// The top of a file.
pub(super) static ROOT: Block = Block::new(
    "file",
    &[&[
        ("version", Any),
        ("defaults", block(&DEFAULTS)),
        ("environments", Map(&block(&ENVIRONMENT))),
        ("helm", Named("name", &block(&CHART))),
        ("serverless", Named("name", &block(&FUNCTIONS))),
        ("apps", Named("name", &block(&APP))),
        ("gateway", block(&GATEWAY)),
        ("compose", Named("name", &block(&PROJECT))),
        ("kustomize", Named("name", &block(&FOLDER))),
        ("repositories", Any),
    ]],
);

static DEFAULTS: Block = Block::new(
    "defaults",
    &[&[("namespace", Any), ("registry", Any), ("ingress", Any)]],
);

static ENVIRONMENT: Block = Block::new(
    "environment",
    &[&[
        ("domain", Any),
        ("tls", Any),
        ("tls_secret", Any),
        ("debug", Any),
    ]],
);

/// What every entry has.
const ENTRY: &[(&str, Words)] = &[
    ("name", Any),
    ("path", Any),
    ("namespace", Any),
    ("enabled", Any),
    ("depends_on", Named("name", &block(&DEPENDENCY))),
];

/// What workloads have.
const WORKLOAD: &[(&str, Words)] = &[
    ("resources", block(&RESOURCES)),
    ("scaling", block(&SCALING)),
    ("security", block(&SECURITY)),
    ("visibility", Any),
    ("network_policy", Any),
    ("environment", Map(&block(&VARIABLE))),
];

const BUILT: &[(&str, Words)] = &[
    ("build", block(&BUILD)),
    ("dockerfile", Any),
    ("dockerfile_dev", Any),
];

/// What an environment changes.
const CHANGED: &[(&str, Words)] = &[
    ("port", Any),
    ("port_base", Any),
    ("live_update", Any),
    ("replicas", Any),
    ("sync", List(&block(&SYNC))),
    ("pod_disruption_budget", block(&BUDGET)),
    ("anti_affinity", block(&ANTI_AFFINITY)),
    ("ingress_annotations", Any),
    ("ingress_path", Any),
];

static APP: Block = Block::new("app", &[ENTRY, BUILT, WORKLOAD, OWN]);

const OWN: &[(&str, Words)] = &[
    ("container", block(&CONTAINER)),
    ("probes", block(&PROBES)),
    ("ingress", block(&INGRESS)),
    ("env_from", List(&block(&ENV_FROM))),
    ("env_refs", List(&block(&ENV_REF))),
    ("volumes", Named("name", &block(&VOLUME))),
];

/// What any entry may say for an environment.
pub(super) static OVERRIDE: Block =
    Block::new("override", &[ENTRY, BUILT, WORKLOAD, OWN, CHANGED, RELEASE]);

const RELEASE: &[(&str, Words)] = &[("chart", Any), ("version", Any), ("values", Any)];

static CHART: Block = Block::new("chart", &[ENTRY, RELEASE]);

static FOLDER: Block = Block::new("kustomize folder", &[ENTRY]);

static FUNCTIONS: Block = Block::new(
    "functions",
    &[
        ENTRY,
        &[
            ("build", block(&BUILD)),
            ("secrets", List(&block(&MOUNTED))),
        ],
        WORKLOAD,
    ],
);

static MOUNTED: Block = Block::new("secret", &[&[("name", Any), ("mount_path", Any)]]);

static PROJECT: Block = Block::new(
    "compose project",
    &[
        ENTRY,
        &[
            ("compose_file", Any),
            ("file", Any),
            ("security", block(&SECURITY)),
            ("visibility", Any),
            ("network_policy", Any),
            ("defaults", block(&OF_SERVICES)),
            ("services", Map(&block(&SERVICE))),
            ("network", block(&NETWORK)),
        ],
    ],
);

static OF_SERVICES: Block = Block::new(
    "defaults",
    &[&[
        ("resources", block(&RESOURCES)),
        ("security", block(&SECURITY)),
    ]],
);

static SERVICE: Block = Block::new(
    "service",
    &[
        WORKLOAD,
        &[
            ("ingress", block(&INGRESS)),
            ("volumes", Named("name", &block(&VOLUME))),
        ],
    ],
);

static NETWORK: Block = Block::new("network", &[&[("policy", Any), ("allow_external", Any)]]);

static DEPENDENCY: Block = Block::new("dependency", &[&[("name", Any), ("type", Any)]]);

static BUILD: Block = Block::new(
    "build",
    &[&[
        ("dockerfile", Any),
        ("dockerfile_dev", Any),
        ("context", Any),
        ("target", Any),
        ("args", Any),
    ]],
);

static CONTAINER: Block = Block::new(
    "container",
    &[&[
        ("command", Any),
        ("args", Any),
        ("working_dir", Any),
        ("ports", Named("name", &block(&PORT))),
    ]],
);

static PORT: Block = Block::new(
    "port",
    &[&[
        ("name", Any),
        ("container_port", Any),
        ("service_port", Any),
        ("protocol", Any),
    ]],
);

static RESOURCES: Block = Block::new(
    "resources",
    &[&[
        ("memory", Any),
        ("cpu", Any),
        ("memory_limit", Any),
        ("cpu_limit", Any),
        ("ephemeral_storage", Any),
        ("gpu", block(&GPU)),
    ]],
);

static GPU: Block = Block::new("gpu", &[&[("type", Any), ("count", Any)]]);

static SCALING: Block = Block::new(
    "scaling",
    &[&[
        ("type", Any),
        ("min_instances", Any),
        ("max_instances", Any),
        ("target_pending_requests", Any),
        ("queue_name", Any),
        ("queue_length", Any),
        ("target_cpu_percent", Any),
        ("target_memory_percent", Any),
        ("cooldown_period", Any),
        ("scale_up_stabilization", Any),
        ("scale_down_stabilization", Any),
        ("cron_schedules", List(&block(&CRON))),
    ]],
);

static CRON: Block = Block::new(
    "schedule",
    &[&[
        ("timezone", Any),
        ("start", Any),
        ("end", Any),
        ("replicas", Any),
    ]],
);

static PROBES: Block = Block::new(
    "probes",
    &[&[
        ("startup", block(&PROBE)),
        ("readiness", block(&PROBE)),
        ("liveness", block(&PROBE)),
    ]],
);

static PROBE: Block = Block::new(
    "probe",
    &[&[
        ("type", Any),
        ("path", Any),
        ("port", Any),
        ("command", Any),
        ("initial_delay", Any),
        ("period", Any),
        ("timeout", Any),
        ("success_threshold", Any),
        ("failure_threshold", Any),
    ]],
);

static INGRESS: Block = Block::new(
    "ingress",
    &[&[
        ("enabled", Any),
        ("class", Any),
        ("path", Any),
        ("path_type", Any),
        ("strip_prefix", Any),
        ("rewrite_target", Any),
        ("hosts", Any),
        ("tls", block(&TLS)),
        ("timeouts", block(&TIMEOUTS)),
        ("rate_limit", block(&RATE_LIMIT)),
        ("cors", block(&CORS)),
        ("annotations", Any),
    ]],
);

static TLS: Block = Block::new(
    "tls",
    &[&[("enabled", Any), ("secret", Any), ("hosts", Any)]],
);

static TIMEOUTS: Block = Block::new(
    "timeouts",
    &[&[
        ("connect", Any),
        ("server", Any),
        ("client", Any),
        ("queue", Any),
    ]],
);

static RATE_LIMIT: Block = Block::new(
    "rate_limit",
    &[&[
        ("enabled", Any),
        ("requests_per_second", Any),
        ("burst", Any),
    ]],
);

static CORS: Block = Block::new(
    "cors",
    &[&[
        ("enabled", Any),
        ("allow_origins", Any),
        ("allow_methods", Any),
        ("allow_headers", Any),
        ("expose_headers", Any),
        ("max_age", Any),
        ("allow_credentials", Any),
    ]],
);

static SECURITY: Block = Block::new(
    "security",
    &[&[
        ("visibility", Any),
        ("allowed_sources", List(&block(&RULE))),
        ("network_policy", Any),
        ("service_account", Any),
        ("create_service_account", Any),
        ("service_account_annotations", Any),
        ("pod_security_context", block(&POD)),
        ("container_security_context", block(&OWN_CONTEXT)),
    ]],
);

static RULE: Block = Block::new(
    "rule",
    &[&[("namespace", Any), ("pod_labels", Any), ("cidr", Any)]],
);

static POD: Block = Block::new(
    "pod_security_context",
    &[&[
        ("run_as_non_root", Any),
        ("run_as_user", Any),
        ("run_as_group", Any),
        ("fs_group", Any),
        ("seccomp_profile", Any),
    ]],
);

static OWN_CONTEXT: Block = Block::new(
    "container_security_context",
    &[&[
        ("allow_privilege_escalation", Any),
        ("read_only_root_filesystem", Any),
        ("capabilities", Any),
    ]],
);

static VARIABLE: Block = Block::new(
    "variable",
    &[&[
        ("secret", Any),
        ("provider", Any),
        ("version", Any),
        ("key", Any),
    ]],
);

static ENV_FROM: Block = Block::new(
    "source",
    &[&[
        ("type", Any),
        ("name", Any),
        ("secret", Any),
        ("configmap", Any),
        ("prefix", Any),
        ("optional", Any),
    ]],
);

static ENV_REF: Block = Block::new(
    "reference",
    &[&[
        ("name", Any),
        ("from", Any),
        ("secret_name", Any),
        ("configmap_name", Any),
        ("key", Any),
        ("optional", Any),
    ]],
);

static VOLUME: Block = Block::new(
    "volume",
    &[&[
        ("name", Any),
        ("type", Any),
        ("mount_path", Any),
        ("read_only", Any),
        ("medium", Any),
        ("size_limit", Any),
        ("size", Any),
        ("storage_class", Any),
        ("access_modes", Any),
        ("secret_name", Any),
        ("configmap_name", Any),
        ("items", Any),
    ]],
);

static SYNC: Block = Block::new("sync", &[&[("src", Any), ("dest", Any)]]);

static BUDGET: Block = Block::new(
    "pod_disruption_budget",
    &[&[("min_available", Any), ("max_unavailable", Any)]],
);

static ANTI_AFFINITY: Block =
    Block::new("anti_affinity", &[&[("preferred", Any), ("required", Any)]]);

static GATEWAY: Block = Block::new(
    "gateway",
    &[&[
        ("routes", Named("path", &block(&ROUTE))),
        ("rate_limit", block(&RATE_LIMIT)),
        ("cors", block(&CORS)),
        ("waf", block(&WAF)),
    ]],
);

static WAF: Block = Block::new("waf", &[&[("enabled", Any), ("rules", Any)]]);

static ROUTE: Block = Block::new(
    "route",
    &[&[
        ("path", Any),
        ("service", Any),
        ("port", Any),
        ("strip_prefix", Any),
        ("rewrite_to", Any),
        ("methods", Any),
        ("timeouts", block(&TIMEOUTS)),
        ("rate_limit", block(&RATE_LIMIT)),
        ("auth", block(&AUTH)),
    ]],
);

static AUTH: Block = Block::new("auth", &[&[("enabled", Any), ("type", Any)]]);
