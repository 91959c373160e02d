//! Apps and templates.

use crate::apps::shape::{AMOUNT, BOOL, Block, Key, MAP, Named, Shape, TEXT, WHOLE, choice, key};

use super::container::CONTAINER;
use super::pod::{ACCESS, DEPENDENCIES, DEVELOP, DNS, IDENTITY, MESH, PLACEMENT, SERVICE};

/// Apps by name.
pub(super) static APPS: Named = Named::new("app", Shape::Block(&APP));

/// Templates by name.
pub(super) static TEMPLATES: Named = Named::new("template", Shape::Block(&TEMPLATE));

/// Words of compose and Kubernetes.
pub(super) const HINTS: &[(&str, &str)] = &[
    ("entrypoint", "`command`"),
    ("healthcheck", "`probes`"),
    ("env", "`environment`"),
    ("envFrom", "`env_from`"),
    (
        "deploy",
        "`replicas`, `resources`, `strategy` and `placement`",
    ),
    (
        "restart",
        "`kind: Job` with `job.restart_policy`, or nothing",
    ),
    ("expose", "`ports`"),
    ("links", "`depends_on`"),
    ("ingress", "a route of `gateway`"),
    ("user", "`security.run_as_user`"),
    ("namespaces", "`namespace`"),
    ("secrets", "`environment` with `{secret: NAME}`, or `files`"),
    ("configs", "`files`"),
    ("networks", "`access.networks`"),
    ("autoscaling", "`scaling`"),
    ("hostname", "`dns.hostname`"),
    ("cap_add", "`security.capabilities.add`"),
    ("cap_drop", "`security.capabilities.drop`"),
    ("privileged", "`security.privileged`"),
    ("min_instances", "`scaling.min_instances`"),
    ("max_instances", "`scaling.max_instances`"),
];

/// An app.
pub(in crate::apps) static APP: Block = Block::new("app", &[CONTAINER, WORKLOAD, ENTRY])
    .main("image")
    .hints(HINTS);

static TEMPLATE: Block = Block::new("template", &[CONTAINER, WORKLOAD, ENTRY]).hints(HINTS);

static OVERRIDES: Named = Named::new("environment", Shape::Block(&OVERRIDE));

/// What an environment changes of an app.
static OVERRIDE: Block = Block::new("override", &[CONTAINER, WORKLOAD, UNNAMED]).hints(HINTS);

/// What every entry has.
const ENTRY: &[Key] = &[
    key(
        "namespace",
        TEXT,
        "Another namespace than the environment's.",
    ),
    key("enabled", BOOL, "Whether it is there at all."),
    key("extends", TEXT, "A template."),
    key(
        "overrides",
        Shape::Named(&OVERRIDES),
        "What environments change.",
    ),
];

/// What an override of every entry has.
const UNNAMED: &[Key] = &[
    key(
        "namespace",
        TEXT,
        "Another namespace than the environment's.",
    ),
    key("enabled", BOOL, "Whether it is there at all."),
    key("host", TEXT, "Of managed infrastructure: where it is."),
    key(
        "provider_notes",
        TEXT,
        "Of managed infrastructure: what people should know.",
    ),
];

/// What only a whole workload has.
pub(super) const WORKLOAD: &[Key] = &[
    key(
        "kind",
        choice(&[
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "Job",
            "CronJob",
            "Managed",
        ]),
        "The kind of workload.",
    ),
    key(
        "service",
        Shape::Block(&SERVICE),
        "How it is reached in the cluster.",
    ),
    key(
        "scaling",
        Shape::Block(&SCALING),
        "What changes the number of its pods.",
    ),
    key("replicas", WHOLE, "How many pods."),
    key(
        "strategy",
        Shape::Block(&STRATEGY),
        "How pods are replaced.",
    ),
    key("schedule", Shape::Block(&SCHEDULE), "When a CronJob runs."),
    key("job", Shape::Block(&JOB), "How a Job runs."),
    key(
        "pod_disruption_budget",
        Shape::Block(&BUDGET),
        "How many pods may be away.",
    ),
    key(
        "init_containers",
        Shape::Named(&INIT_CONTAINERS),
        "Containers that run before, in order.",
    ),
    key("sidecars", Shape::Named(&SIDECARS), "Helpers beside it."),
    key(
        "companions",
        Shape::Named(&COMPANIONS),
        "Services in the same pod.",
    ),
    key(
        "identity",
        Shape::Block(&IDENTITY),
        "Who it is towards the cluster.",
    ),
    key(
        "access",
        Shape::Block(&ACCESS),
        "Who may reach it, and whom it reaches.",
    ),
    key(
        "placement",
        Shape::Block(&PLACEMENT),
        "On which nodes it runs.",
    ),
    key("dns", Shape::Block(&DNS), "Names."),
    key("mesh", Shape::Block(&MESH), "Membership in a service mesh."),
    key(
        "depends_on",
        Shape::Named(&DEPENDENCIES),
        "What must be there before it.",
    ),
    key("labels", MAP, "Labels of all its objects and pods."),
    key("annotations", MAP, "Annotations of the workload."),
    key("pod_annotations", MAP, "Annotations of its pods."),
    key(
        "develop",
        Shape::Block(&DEVELOP),
        "What developers' tools are told.",
    ),
    key(
        "check",
        MAP,
        "Rules of the checker that do not hold here, with the reason.",
    ),
    key(
        "patches",
        Shape::List(&A_PATCH),
        "Changes to the finished objects.",
    ),
];

static SCALING: Block = Block::new(
    "scaling",
    &[&[
        key(
            "type",
            choice(&["hpa", "keda-http", "keda-queue", "keda-cron", "none"]),
            "What scales it.",
        ),
        key("min_instances", WHOLE, "The fewest pods."),
        key("max_instances", WHOLE, "The most pods."),
        key(
            "target_cpu_percent",
            WHOLE,
            "Mean use of the processor, 1–100.",
        ),
        key("target_memory_percent", WHOLE, "Mean use of memory, 1–100."),
        key(
            "scale_up_stabilization",
            AMOUNT,
            "How long a higher wish must last.",
        ),
        key(
            "scale_down_stabilization",
            AMOUNT,
            "How long a lower wish must last.",
        ),
        key(
            "target_request_rate",
            WHOLE,
            "Requests in a second that one pod serves.",
        ),
        key(
            "target_concurrency",
            WHOLE,
            "Requests at once that one pod serves.",
        ),
        key("port", TEXT, "Of keda-http: the port that gets requests."),
        key(
            "cooldown_period",
            AMOUNT,
            "How long before the last pod goes.",
        ),
        key("queue_name", TEXT, "The list or stream."),
        key("queue_length", WHOLE, "Messages that one pod works off."),
        key(
            "queue_kind",
            choice(&["list", "stream"]),
            "What the queue is.",
        ),
        key(
            "redis",
            Shape::Block(&REDIS),
            "The server, where it is another than the environment's.",
        ),
        key(
            "cron_schedules",
            Shape::List(&Shape::Block(&CRON)),
            "Times, and how many pods then.",
        ),
    ]],
)
.main("type")
.types(&[
    (
        "hpa",
        &[
            "target_cpu_percent",
            "target_memory_percent",
            "scale_up_stabilization",
            "scale_down_stabilization",
            "min_instances",
            "max_instances",
        ],
    ),
    (
        "keda-http",
        &[
            "target_request_rate",
            "target_concurrency",
            "port",
            "cooldown_period",
            "scale_up_stabilization",
            "scale_down_stabilization",
            "min_instances",
            "max_instances",
        ],
    ),
    (
        "keda-queue",
        &[
            "queue_name",
            "queue_length",
            "queue_kind",
            "redis",
            "cooldown_period",
            "scale_up_stabilization",
            "scale_down_stabilization",
            "min_instances",
            "max_instances",
        ],
    ),
    (
        "keda-cron",
        &[
            "cron_schedules",
            "scale_up_stabilization",
            "scale_down_stabilization",
            "min_instances",
            "max_instances",
        ],
    ),
]);

/// The server behind queues.
pub(super) static REDIS: Block = Block::new(
    "redis",
    &[&[
        key("address", TEXT, "`host:port`, a URL, or an entry."),
        key("sentinel_master", TEXT, "The master that Sentinel knows."),
        key("secret", TEXT, "`name/key` of the password."),
    ]],
)
.main("address");

static CRON: Block = Block::new(
    "schedule",
    &[&[
        key("timezone", TEXT, "The zone of both times."),
        key("start", TEXT, "When it begins."),
        key("end", TEXT, "When it ends."),
        key("replicas", WHOLE, "How many pods meanwhile."),
    ]],
);

static STRATEGY: Block = Block::new(
    "strategy",
    &[&[
        key(
            "type",
            choice(&["RollingUpdate", "Recreate", "OnDelete"]),
            "How.",
        ),
        key("max_surge", AMOUNT, "How many more than wanted."),
        key("max_unavailable", AMOUNT, "How many fewer than wanted."),
        key(
            "partition",
            WHOLE,
            "Of a StatefulSet: pods below keep the old version.",
        ),
        key(
            "pod_management_policy",
            choice(&["OrderedReady", "Parallel"]),
            "Of a StatefulSet: one after the other, or all at once.",
        ),
        key("min_ready", AMOUNT, "How long a pod must be ready."),
    ]],
)
.main("type")
.types(&[(
    "rollingupdate",
    &["max_surge", "max_unavailable", "partition"],
)]);

static SCHEDULE: Block = Block::new(
    "schedule",
    &[&[
        key("cron", TEXT, "Five fields."),
        key("timezone", TEXT, "The zone."),
        key(
            "concurrency_policy",
            choice(&["Allow", "Forbid", "Replace"]),
            "What happens when two runs meet.",
        ),
        key("suspend", BOOL, "It does not run."),
        key("starting_deadline", AMOUNT, "How late it may start."),
        key(
            "successful_jobs_history_limit",
            WHOLE,
            "Good runs that are kept.",
        ),
        key(
            "failed_jobs_history_limit",
            WHOLE,
            "Bad runs that are kept.",
        ),
    ]],
)
.main("cron");

static JOB: Block = Block::new(
    "job",
    &[&[
        key(
            "restart_policy",
            choice(&["Never", "OnFailure"]),
            "What happens when it fails.",
        ),
        key("backoff_limit", WHOLE, "How often it is tried again."),
        key("completions", WHOLE, "How many runs must succeed."),
        key("parallelism", WHOLE, "How many run at once."),
        key("active_deadline", AMOUNT, "How long it may take."),
        key("ttl_after_finished", AMOUNT, "How long it is kept."),
    ]],
);

static BUDGET: Block = Block::new(
    "pod_disruption_budget",
    &[&[
        key("min_available", AMOUNT, "So many must stay."),
        key("max_unavailable", AMOUNT, "So many may be away."),
    ]],
)
.main("min_available")
.switch()
.alternatives(&[&["min_available"], &["max_unavailable"]]);

static INIT_CONTAINERS: Named = Named::new("init container", Shape::Block(&INIT_CONTAINER));

static INIT_CONTAINER: Block = Block::new(
    "init container",
    &[
        CONTAINER,
        &[key(
            "inherit",
            BOOL,
            "It gets the app's variables and mounts.",
        )],
    ],
)
.main("image")
.hints(HINTS);

static SIDECARS: Named = Named::new("sidecar", Shape::Block(&SIDECAR));

static SIDECAR: Block = Block::new(
    "sidecar",
    &[
        CONTAINER,
        &[
            key(
                "native",
                BOOL,
                "It starts before the app and ends after it.",
            ),
            key(
                "shared",
                MAP,
                "Empty folders in both containers, with their paths.",
            ),
        ],
    ],
)
.main("image")
.hints(HINTS);

static COMPANIONS: Named = Named::new("companion", Shape::Block(&COMPANION));

static COMPANION: Block = Block::new(
    "companion",
    &[
        CONTAINER,
        &[
            key(
                "depends_on",
                Shape::Named(&DEPENDENCIES),
                "What must be there before it.",
            ),
            key(
                "on_service",
                BOOL,
                "Its ports are on the app's Services, too.",
            ),
        ],
    ],
)
.main("image")
.hints(HINTS);

static A_PATCH: Shape = Shape::Block(&PATCH);

static PATCH: Block = Block::new(
    "patch",
    &[&[
        key("kind", TEXT, "The kind of the object."),
        key(
            "name",
            TEXT,
            "Its name; all of that kind where it is left out.",
        ),
        key("merge", Shape::Verbatim, "A strategic merge."),
        key("json", Shape::Verbatim, "Operations of RFC 6902."),
    ]],
)
.alternatives(&[&["merge"], &["json"]]);
