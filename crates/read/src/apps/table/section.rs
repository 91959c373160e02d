//! The other sections at the top.

use crate::apps::shape::{
    AMOUNT, BOOL, Block, Key, Leaf, Named, Shape, TEXT, TEXTS, TREES, WHOLE, choice, key,
};
use crate::apps::short;
use kubewright_source::Span;
use kubewright_yaml::{Entry, Key as NodeKey, Mapping, Node};

use super::app::{HINTS, WORKLOAD};
use super::container::{CLAIM, CONTAINER};
use super::facts::{FACTS, SECRET_STORE};
use super::gateway::{CORS, RATE_LIMIT};
use super::pod::{DEPENDENCIES, REFERS_TO};

/// A section whose members are entries of the project.
#[derive(Debug)]
pub(in crate::apps) struct Section {
    /// Its key at the top.
    pub(in crate::apps) key: &'static str,
    /// Its members.
    pub(in crate::apps) named: &'static Named,
    /// Which of the keys of all apps lie under its members.
    pub(in crate::apps) defaults: Defaults,
}

/// Which of the keys of all apps lie under the members of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apps) enum Defaults {
    /// All.
    All,
    /// Labels and annotations: a default number of replicas must not scale
    /// databases.
    Metadata,
    /// Below each of its services, by a key that no file has.
    Below,
    /// None.
    None,
}

impl Section {
    /// The shape of a member.
    pub(in crate::apps) fn shape(&self) -> Shape {
        self.named.item
    }

    /// What lies under a member that stands at `span`.
    pub(in crate::apps) fn under(&self, base: &Node, span: Span) -> Node {
        let picked = |keep: fn(&str) -> bool| {
            let mut node = crate::apps::layer::picked(base, keep);
            node.span = span;
            node
        };
        match self.defaults {
            Defaults::All => picked(|_| true),
            Defaults::Metadata => {
                picked(|key| matches!(key, "labels" | "annotations" | "pod_annotations"))
            }
            Defaults::None => picked(|_| false),
            Defaults::Below => {
                let entry = Entry {
                    key: NodeKey::new("inherited", base.span),
                    value: base.clone(),
                };
                Node::new(span, std::iter::once(entry).collect::<Mapping>())
            }
        }
    }
}

/// The sections whose members are entries; a name means one thing only in all
/// of them.
pub(in crate::apps) static ENTRY_SECTIONS: &[Section] = &[
    Section {
        key: "infrastructure",
        named: &INFRASTRUCTURE,
        defaults: Defaults::Metadata,
    },
    Section {
        key: "apps",
        named: &super::app::APPS,
        defaults: Defaults::All,
    },
    Section {
        key: "functions",
        named: &FUNCTIONS,
        defaults: Defaults::All,
    },
    Section {
        key: "compose",
        named: &COMPOSE,
        defaults: Defaults::Below,
    },
    Section {
        key: "helm",
        named: &HELM,
        defaults: Defaults::None,
    },
    Section {
        key: "kustomize",
        named: &KUSTOMIZE,
        defaults: Defaults::None,
    },
];

/// `defaults` at the top: facts, and keys of apps.
pub(super) static DEFAULTS: Block =
    Block::new("defaults", &[FACTS, CONTAINER, WORKLOAD]).hints(HINTS);

/// `defaults` of an environment or a compose project: keys of apps.
pub(super) static APP_DEFAULTS: Block =
    Block::new("defaults", &[CONTAINER, WORKLOAD, &[NAMESPACE]]).hints(HINTS);

const NAMESPACE: Key = key(
    "namespace",
    TEXT,
    "Another namespace than the environment's.",
);
const ENABLED: Key = key("enabled", BOOL, "Whether it is there at all.");
const DEPENDS_ON: Key = key(
    "depends_on",
    Shape::Named(&DEPENDENCIES),
    "What must be there before it.",
);

pub(super) static SECRETS: Named = Named::new("secret", Shape::Block(&SECRET));

static SECRET: Block = Block::new(
    "secret",
    &[
        SOURCE,
        &[key(
            "overrides",
            Shape::Named(&SECRET_OVERRIDES),
            "What environments change.",
        )],
    ],
)
.alternatives(SOURCES);

static SECRET_OVERRIDES: Named = Named::new("environment", Shape::Block(&SECRET_OVERRIDE));
static SECRET_OVERRIDE: Block = Block::new("override", &[SOURCE]).alternatives(SOURCES);

/// Of the keys of a secret that say where it comes from only one counts.
const SOURCES: &[&[&str]] = &[&["environment"], &["file"], &["external"]];

const SOURCE: &[Key] = &[
    key("environment", TEXT, "The variable that holds it."),
    key("file", TEXT, "The file that holds it."),
    key(
        "external",
        Shape::Leaf(Leaf::Either),
        "It exists already; its name.",
    ),
    key(
        "store",
        Shape::Block(&SECRET_STORE),
        "Another store than the environment's.",
    ),
    key("create", BOOL, "`secrets push` makes it."),
];

pub(super) static VOLUMES: Named = Named::new("volume", Shape::Block(&SHARED)).scalar(short::bare);

static SHARED: Block = Block::new(
    "volume",
    &[
        CLAIM,
        &[key(
            "external",
            Shape::Leaf(Leaf::Either),
            "The claim exists already; its name.",
        )],
    ],
);

pub(super) static NETWORKS: Named =
    Named::new("network", Shape::Block(&NETWORK)).scalar(short::bare);

static NETWORK: Block = Block::new(
    "network",
    &[&[
        key("internal", BOOL, "Nothing leaves it."),
        key(
            "shared",
            TEXT,
            "What it is called where other projects are on it, too.",
        ),
    ]],
);

pub(super) static INFRASTRUCTURE: Named =
    Named::new("infrastructure", Shape::Block(&INFRASTRUCTURE_ENTRY));

static INFRASTRUCTURE_ENTRY: Block = Block::new(
    "infrastructure",
    &[
        CONTAINER,
        WORKLOAD,
        MANAGED,
        &[
            NAMESPACE,
            ENABLED,
            key("extends", TEXT, "A template."),
            key(
                "overrides",
                Shape::Named(&INFRASTRUCTURE_OVERRIDES),
                "What environments change.",
            ),
        ],
    ],
)
.main("image")
.hints(HINTS);

static INFRASTRUCTURE_OVERRIDES: Named =
    Named::new("environment", Shape::Block(&INFRASTRUCTURE_OVERRIDE));
static INFRASTRUCTURE_OVERRIDE: Block = Block::new(
    "override",
    &[CONTAINER, WORKLOAD, MANAGED, &[NAMESPACE, ENABLED]],
)
.hints(HINTS);

const MANAGED: &[Key] = &[
    key("host", TEXT, "Of managed infrastructure: where it is."),
    key(
        "provider_notes",
        TEXT,
        "Of managed infrastructure: what people should know.",
    ),
];

pub(super) static FUNCTIONS: Named = Named::new("functions", Shape::Block(&FUNCTION_PROJECT));

static FUNCTION_PROJECT: Block = Block::new(
    "functions",
    &[
        FUNCTION,
        CONTAINER,
        WORKLOAD,
        &[
            NAMESPACE,
            ENABLED,
            key("extends", TEXT, "A template."),
            key(
                "overrides",
                Shape::Named(&FUNCTION_OVERRIDES),
                "What environments change.",
            ),
        ],
    ],
)
.main("path")
.hints(HINTS);

static FUNCTION_OVERRIDES: Named = Named::new("environment", Shape::Block(&FUNCTION_OVERRIDE));
static FUNCTION_OVERRIDE: Block = Block::new(
    "override",
    &[FUNCTION, CONTAINER, WORKLOAD, &[NAMESPACE, ENABLED]],
)
.hints(HINTS);

const FUNCTION: &[Key] = &[
    key("path", TEXT, "The folder with the sources."),
    key(
        "secrets",
        TEXTS,
        "Secrets of all handlers: a variable, and a file below `/secrets`.",
    ),
    key(
        "handlers",
        Shape::Named(&HANDLERS),
        "The functions, where no decorators say it.",
    ),
];

static HANDLERS: Named = Named::new("handler", Shape::Block(&HANDLER));

static HANDLER: Block = Block::new(
    "handler",
    &[
        CONTAINER,
        WORKLOAD,
        &[
            key("timeout", AMOUNT, "How long a call may take."),
            key("trigger", Shape::Block(&TRIGGER), "What calls it."),
        ],
    ],
);

static TRIGGER: Block = Block::new(
    "trigger",
    &[&[
        key("http", Shape::Block(&HTTP), "A request."),
        key("queue", Shape::Block(&QUEUE), "A message."),
        key("schedule", Shape::Block(&SCHEDULE), "The time."),
    ]],
)
.alternatives(&[&["http"], &["queue"], &["schedule"]]);

static HTTP: Block = Block::new(
    "http",
    &[&[
        key("path", TEXT, "The path."),
        key("methods", TEXTS, "Only these methods."),
        key(
            "auth",
            Shape::Verbatim,
            "Who may ask: `api_key`, `jwt`, or as in the gateway.",
        ),
        key(
            "cors",
            Shape::Block(&CORS),
            "Which pages of other origins may ask.",
        ),
        key(
            "rate_limit",
            Shape::Block(&RATE_LIMIT),
            "How many requests are admitted.",
        ),
    ]],
)
.main("path");

static QUEUE: Block = Block::new(
    "queue",
    &[&[
        key("name", TEXT, "The queue."),
        key("batch_size", WHOLE, "How many messages at once."),
        key(
            "visibility_timeout",
            AMOUNT,
            "How long a message stays hidden.",
        ),
    ]],
)
.main("name");

static SCHEDULE: Block = Block::new(
    "schedule",
    &[&[
        key("cron", TEXT, "Five fields."),
        key("timezone", TEXT, "The zone."),
    ]],
)
.main("cron");

pub(super) static COMPOSE: Named = Named::new("compose project", Shape::Block(&COMPOSE_PROJECT));

static COMPOSE_PROJECT: Block = Block::new(
    "compose project",
    &[
        PROJECT,
        &[
            NAMESPACE,
            ENABLED,
            DEPENDS_ON,
            key(
                "overrides",
                Shape::Named(&PROJECT_OVERRIDES),
                "What environments change.",
            ),
        ],
    ],
)
.main("path");

static PROJECT_OVERRIDES: Named = Named::new("environment", Shape::Block(&PROJECT_OVERRIDE));
static PROJECT_OVERRIDE: Block =
    Block::new("override", &[PROJECT, &[NAMESPACE, ENABLED, DEPENDS_ON]]);

const PROJECT: &[Key] = &[
    key("path", TEXT, "The folder."),
    key("file", TEXTS, "The compose file in it."),
    key("profiles", TEXTS, "Profiles whose services take part."),
    key(
        "expose",
        choice(&["none", "nodeport", "loadbalancer", "ingress", "gateway"]),
        "How published ports are reached.",
    ),
    key(
        "service_port",
        choice(&["container", "published", "target"]),
        "Which number a Service has.",
    ),
    key(
        "network_policy",
        choice(&["none", "permissive", "strict", "networks"]),
        "Which traffic is admitted.",
    ),
    key(
        "defaults",
        Shape::Block(&APP_DEFAULTS),
        "Keys for all its services.",
    ),
    key(
        "services",
        Shape::Named(&SERVICES),
        "Keys for single services, over the translation.",
    ),
    REFERS_TO,
];

static SERVICES: Named = Named::new("service", Shape::Block(&SERVICE));
pub(in crate::apps) static SERVICE: Block =
    Block::new("service", &[CONTAINER, WORKLOAD, &[ENABLED]]).hints(HINTS);

pub(super) static HELM: Named = Named::new("chart", Shape::Block(&CHART));

static CHART: Block = Block::new(
    "chart",
    &[
        RELEASE,
        &[
            NAMESPACE,
            ENABLED,
            DEPENDS_ON,
            key(
                "overrides",
                Shape::Named(&CHART_OVERRIDES),
                "What environments change.",
            ),
        ],
    ],
)
.main("chart");

static CHART_OVERRIDES: Named = Named::new("environment", Shape::Block(&CHART_OVERRIDE));
static CHART_OVERRIDE: Block =
    Block::new("override", &[RELEASE, &[NAMESPACE, ENABLED, DEPENDS_ON]]);

const RELEASE: &[Key] = &[
    key("chart", TEXT, "`repository/name`, `oci://…`, or a folder."),
    key("version", TEXT, "The chart's version."),
    key(
        "values",
        TREES,
        "Files of values, and values written here; later ones win.",
    ),
    REFERS_TO,
];

pub(super) static KUSTOMIZE: Named = Named::new("kustomize folder", Shape::Block(&FOLDER));

static FOLDER: Block = Block::new(
    "kustomize folder",
    &[&[
        key("path", TEXT, "The folder."),
        NAMESPACE,
        ENABLED,
        DEPENDS_ON,
        key(
            "overrides",
            Shape::Named(&FOLDER_OVERRIDES),
            "What environments change.",
        ),
    ]],
)
.main("path");

static FOLDER_OVERRIDES: Named = Named::new("environment", Shape::Block(&FOLDER_OVERRIDE));
static FOLDER_OVERRIDE: Block = Block::new(
    "override",
    &[&[
        key("path", TEXT, "The folder."),
        NAMESPACE,
        ENABLED,
        DEPENDS_ON,
    ]],
);
