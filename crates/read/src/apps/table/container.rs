//! What every container has.

use crate::apps::shape::{
    AMOUNT, BOOL, Block, Key, Leaf, MAP, Named, Shape, TEXT, TEXTS, TREES, choice, key,
};
use crate::apps::short;

use super::build::BUILD;
use super::pod::SECURITY;

/// Keys of the app itself, of init containers, sidecars and companions.
pub(super) const CONTAINER: &[Key] = &[
    key("image", TEXT, "The image; of a build, its name."),
    key("build", Shape::Block(&BUILD), "How the image is built."),
    key(
        "pull_policy",
        choice(&["Always", "IfNotPresent", "Never"]),
        "When the image is pulled.",
    ),
    key(
        "container_name",
        TEXT,
        "The container's name; the app's where it is left out.",
    ),
    key(
        "command",
        TEXTS,
        "What runs, in place of the image's entrypoint; a text is a shell line.",
    ),
    key(
        "args",
        TEXTS,
        "Its arguments; a text is split as by a shell.",
    ),
    key("working_dir", TEXT, "The folder in which it runs."),
    key("stdin", BOOL, "Standard input stays open."),
    key("tty", BOOL, "It gets a terminal."),
    key("ports", Shape::Named(&PORTS), "The ports it listens on."),
    key("environment", Shape::Named(&ENVIRONMENT), "Its variables."),
    key(
        "env_from",
        Shape::List(&SOURCE),
        "ConfigMaps and Secrets whose keys become variables.",
    ),
    key(
        "env_file",
        TEXTS,
        "Files of variables, read while generating.",
    ),
    key(
        "files",
        Shape::Named(&FILES),
        "Files and folders by the path at which they are mounted.",
    ),
    key("volumes", Shape::Named(&VOLUMES), "Storage."),
    key(
        "resources",
        Shape::Block(&RESOURCES),
        "What it gets and may use.",
    ),
    key(
        "probes",
        Shape::Block(&PROBES),
        "How Kubernetes learns that it lives.",
    ),
    key(
        "lifecycle",
        Shape::Block(&LIFECYCLE),
        "What runs at its start and before its end.",
    ),
    key("security", Shape::Block(&SECURITY), "Rights and limits."),
];

static PORTS: Named = Named::new("port", Shape::Block(&PORT))
    .scalar(short::listed_port)
    .loose();

static PORT: Block = Block::new(
    "port",
    &[&[
        key("container_port", AMOUNT, "The port in the container."),
        key(
            "service_port",
            AMOUNT,
            "The port of the Service; `none`: not on it.",
        ),
        key("host_port", AMOUNT, "The port on the node."),
        key("host_ip", TEXT, "The address of the node for `host_port`."),
        key(
            "node_port",
            AMOUNT,
            "The port of a NodePort Service on every node.",
        ),
        key("protocol", choice(&["TCP", "UDP", "SCTP"]), "The protocol."),
        key("app_protocol", TEXT, "What is spoken: `http`, `grpc`."),
        key(
            "published",
            Shape::Leaf(Leaf::Either),
            "The number at which a public Service and a developer's machine show it; `true`: any.",
        ),
    ]],
)
.short(short::port);

static ENVIRONMENT: Named = Named::new("variable", Shape::Block(&VARIABLE)).scalar(short::pair);

pub(in crate::apps) static VARIABLE: Block = Block::new(
    "variable",
    &[&[
        key("value", TEXT, "A text."),
        key(
            "inline",
            BOOL,
            "The text stands in the container, not in a ConfigMap; `$(NAME)` works.",
        ),
        key(
            "variable",
            TEXT,
            "A variable that whoever deploys fills in.",
        ),
        key("secret", TEXT, "The secret's name in the store."),
        key("key", TEXT, "The key within the secret."),
        key("version", TEXT, "The version of the secret."),
        key(
            "secret_key_ref",
            TEXT,
            "`name/key` of a Secret that exists.",
        ),
        key(
            "configmap_key_ref",
            TEXT,
            "`name/key` of a ConfigMap that exists.",
        ),
        key("optional", BOOL, "The container starts without it, too."),
        key("field_ref", TEXT, "A field of the pod: `status.podIP`."),
        key(
            "resource_field_ref",
            TEXT,
            "A resource of the container: `limits.memory`.",
        ),
        key(
            "container",
            TEXT,
            "Of `resource_field_ref`: another container of the pod.",
        ),
    ]],
)
.main("value")
.alternatives(&[
    &["value", "inline"],
    &["variable"],
    &["secret", "key", "version"],
    &["secret_key_ref"],
    &["configmap_key_ref"],
    &["field_ref"],
    &["resource_field_ref", "container"],
]);

static SOURCE: Shape = Shape::Block(&ENV_FROM);

static ENV_FROM: Block = Block::new(
    "source",
    &[&[
        key("configmap", TEXT, "A ConfigMap."),
        key("secret", TEXT, "A Secret."),
        key("prefix", TEXT, "What goes in front of every key."),
        key("optional", BOOL, "The container starts without it, too."),
    ]],
)
.alternatives(&[&["configmap"], &["secret"]]);

static FILES: Named = Named::new("file", Shape::Block(&FILE)).keyed("path");

static FILE: Block = Block::new(
    "file",
    &[&[
        key("source", TEXT, "A file or folder of the project."),
        key("content", TEXT, "The text itself."),
        key("binary", TEXT, "What is no text, in base64."),
        key(
            "folder",
            Shape::Named(&FOLDER),
            "The files of a folder by their paths in it.",
        ),
        key("secret", TEXT, "The secret whose value is the file."),
        key(
            "configmap_ref",
            TEXT,
            "`name` or `name/key` of a ConfigMap that exists.",
        ),
        key(
            "secret_ref",
            TEXT,
            "`name` or `name/key` of a Secret that exists.",
        ),
        key("mode", TEXT, "Its rights: `\"0440\"`."),
        key(
            "read_only",
            BOOL,
            "It cannot be written to, which is so anyway.",
        ),
    ]],
)
.main("source")
.alternatives(&[
    &["source"],
    &["content"],
    &["binary"],
    &["folder"],
    &["secret"],
    &["configmap_ref"],
    &["secret_ref"],
]);

static FOLDER: Named = Named::new("file", Shape::Block(&FOLDER_FILE)).keyed("path");

static FOLDER_FILE: Block = Block::new(
    "file",
    &[&[
        key("content", TEXT, "The text itself."),
        key("binary", TEXT, "What is no text, in base64."),
    ]],
)
.main("content")
.alternatives(&[&["content"], &["binary"]]);

static VOLUMES: Named = Named::new("volume", Shape::Block(&VOLUME)).shared();

static VOLUME: Block = Block::new(
    "volume",
    &[
        &[
            key(
                "mount_path",
                TEXT,
                "Where it is mounted; `none`: here it is only described.",
            ),
            key("read_only", BOOL, "It cannot be written to."),
            key("sub_path", TEXT, "The part of it that is mounted."),
            key(
                "propagation",
                choice(&["None", "HostToContainer", "Bidirectional"]),
                "Which mounts made later are seen on the other side.",
            ),
            key(
                "type",
                choice(&[
                    "pvc",
                    "emptyDir",
                    "configmap",
                    "secret",
                    "hostPath",
                    "image",
                ]),
                "What it is.",
            ),
            key("claim", TEXT, "One of the claims at the top."),
            key("existing_claim", TEXT, "A claim that exists."),
        ],
        CLAIM,
        &[
            key(
                "medium",
                choice(&["Memory"]),
                "Of an `emptyDir`: kept in memory.",
            ),
            key(
                "size_limit",
                AMOUNT,
                "Of an `emptyDir`: the most it may hold.",
            ),
            key("configmap_name", TEXT, "The ConfigMap."),
            key("secret_name", TEXT, "The Secret."),
            key("key", TEXT, "One key, mounted as a file."),
            key(
                "items",
                Shape::List(&Shape::Block(&ITEM)),
                "Keys, and the paths at which they are seen.",
            ),
            key("mode", TEXT, "The rights of its files: `\"0400\"`."),
            key("optional", BOOL, "The pod starts without it, too."),
            key("host_path", TEXT, "The path on the node."),
            key(
                "host_type",
                choice(&[
                    "DirectoryOrCreate",
                    "Directory",
                    "FileOrCreate",
                    "File",
                    "Socket",
                    "CharDevice",
                    "BlockDevice",
                ]),
                "What must be there.",
            ),
            key("image", TEXT, "The image whose content it shows."),
            key(
                "source",
                Shape::Verbatim,
                "Any other source, in Kubernetes' words.",
            ),
        ],
    ],
)
.short(short::volume)
.types(&[
    (
        "pvc",
        &[
            "claim",
            "existing_claim",
            "size",
            "access_modes",
            "storage_class",
            "claim_name",
            "volume_name",
            "longhorn",
        ],
    ),
    ("emptydir", &["medium", "size_limit"]),
    (
        "configmap",
        &["configmap_name", "key", "items", "mode", "optional"],
    ),
    (
        "secret",
        &["secret_name", "key", "items", "mode", "optional"],
    ),
    ("hostpath", &["host_path", "host_type"]),
    ("image", &["image"]),
]);

/// A wish for storage.
pub(super) const CLAIM: &[Key] = &[
    key("size", AMOUNT, "How much."),
    key("access_modes", TEXTS, "Who may mount it at once."),
    key("storage_class", TEXT, "The class."),
    key(
        "claim_name",
        TEXT,
        "The claim's name; `{app}-{name}` where it is left out.",
    ),
    key("volume_name", TEXT, "The volume that it binds to."),
    key(
        "longhorn",
        Shape::Block(&LONGHORN),
        "What Longhorn is told.",
    ),
    key("labels", MAP, "Labels of the claim."),
    key("annotations", MAP, "Annotations of the claim."),
];

static LONGHORN: Block = Block::new(
    "longhorn",
    &[&[
        key("replicas", Shape::Leaf(Leaf::Whole), "Copies."),
        key(
            "data_locality",
            choice(&["disabled", "best-effort", "strict-local"]),
            "Whether a copy lies on the pod's node.",
        ),
    ]],
);

static ITEM: Block = Block::new(
    "item",
    &[&[
        key("key", TEXT, "The key."),
        key("path", TEXT, "The path below the mount."),
        key("mode", TEXT, "Its rights."),
    ]],
);

/// What a container gets; a mesh's proxy, too.
pub(super) static RESOURCES: Block = Block::new(
    "resources",
    &[&[
        key(
            "memory",
            AMOUNT,
            "Memory that it gets; its limit, too, where none is given.",
        ),
        key(
            "memory_limit",
            AMOUNT,
            "The most memory it may use; `none`: no limit.",
        ),
        key("cpu", AMOUNT, "Processor time that it gets."),
        key(
            "cpu_limit",
            AMOUNT,
            "The most processor time it may use; `none`: no limit.",
        ),
        key(
            "ephemeral_storage",
            AMOUNT,
            "Space on the node's disk; its limit, too, where none is given.",
        ),
        key(
            "ephemeral_storage_limit",
            AMOUNT,
            "The most of the node's disk; `none`: no limit.",
        ),
        key("gpu", Shape::Block(&GPU), "Graphics processors."),
        key("extended", MAP, "Other resources by their names."),
    ]],
);

static GPU: Block = Block::new(
    "gpu",
    &[&[
        key("count", Shape::Leaf(Leaf::Whole), "How many."),
        key(
            "type",
            TEXT,
            "The resource; `nvidia.com/gpu` where it is left out.",
        ),
        key("node_selector", MAP, "Labels of the nodes that have them."),
    ]],
)
.main("count");

static PROBES: Block = Block::new(
    "probes",
    &[&[
        key("startup", Shape::Block(&PROBE), "It has started."),
        key("readiness", Shape::Block(&PROBE), "It can take requests."),
        key(
            "liveness",
            Shape::Block(&PROBE),
            "It need not be restarted.",
        ),
    ]],
);

static HEADERS: Named = Named::new("header", TEXT).scalar(short::pair).shared();

static PROBE: Block = Block::new(
    "probe",
    &[&[
        key(
            "type",
            choice(&["http", "tcp", "exec", "grpc"]),
            "What is tried.",
        ),
        key("path", TEXT, "The path that is asked for."),
        key(
            "port",
            AMOUNT,
            "The port; the primary one where it is left out.",
        ),
        key("scheme", choice(&["HTTP", "HTTPS"]), "Whether over TLS."),
        key("host", TEXT, "The `Host` that is asked for."),
        key("headers", Shape::Named(&HEADERS), "Headers of the request."),
        key("service", TEXT, "Of gRPC: the service."),
        key("command", TEXTS, "The command that must succeed."),
        key("initial_delay", AMOUNT, "How long after the start."),
        key("period", AMOUNT, "How often."),
        key("timeout", AMOUNT, "How long it may take."),
        key(
            "success_threshold",
            Shape::Leaf(Leaf::Whole),
            "So many successes in a row.",
        ),
        key(
            "failure_threshold",
            Shape::Leaf(Leaf::Whole),
            "So many failures in a row.",
        ),
    ]],
)
.short(short::probe)
.switch()
.types(&[
    ("http", &["path", "scheme", "host", "headers", "port"]),
    ("tcp", &["port"]),
    ("grpc", &["service", "port"]),
    ("exec", &["command"]),
])
.alternatives(&[
    &["path", "scheme", "host", "headers"],
    &["command"],
    &["service"],
]);

static LIFECYCLE: Block = Block::new(
    "lifecycle",
    &[&[
        key("post_start", Shape::Block(&HOOK), "Runs beside the start."),
        key("pre_stop", Shape::Block(&HOOK), "Runs before the end."),
        key("stop_signal", TEXT, "The signal that ends it."),
        key("grace_period", AMOUNT, "How long it may take to end."),
    ]],
);

static HOOK: Block = Block::new(
    "hook",
    &[&[
        key("command", TEXTS, "A command; a text is a shell line."),
        key("http", Shape::Block(&HTTP), "A request."),
        key("sleep", AMOUNT, "Nothing happens for so long."),
    ]],
)
.short(short::hook)
.alternatives(&[&["command"], &["http"], &["sleep"]]);

static HTTP: Block = Block::new(
    "request",
    &[&[
        key("path", TEXT, "The path."),
        key(
            "port",
            AMOUNT,
            "The port; the primary one where it is left out.",
        ),
    ]],
)
.main("path");

/// Trees in Kubernetes' words.
pub(super) const KUBERNETES: Shape = TREES;
