//! What stands around the containers of a pod.

use crate::apps::shape::{
    AMOUNT, BOOL, Block, Key, MAP, Named, Shape, TEXT, TEXTS, WHOLE, choice, key,
};
use crate::apps::short;

use super::container::{KUBERNETES, RESOURCES};

/// Rights and limits, of the pod where that is possible.
pub(super) static SECURITY: Block = Block::new(
    "security",
    &[
        RIGHTS,
        &[
            key(
                "container",
                Shape::Block(&CONTAINER_SECURITY),
                "On the container, where it differs from the pod.",
            ),
            key(
                "profile",
                choice(&["restricted", "baseline", "none"]),
                "The standard that the pod keeps.",
            ),
            key("fs_group", WHOLE, "The group of its volumes."),
            key(
                "supplemental_groups",
                Shape::List(&WHOLE),
                "Further groups.",
            ),
            key("sysctls", MAP, "Kernel parameters."),
            key("host_users", BOOL, "Without a user namespace of its own."),
            key("host_network", BOOL, "In the network of the node."),
            key("host_pid", BOOL, "Sees the node's processes."),
            key("host_ipc", BOOL, "Shares the node's memory segments."),
            key(
                "share_process_namespace",
                BOOL,
                "Its containers see each other's processes.",
            ),
        ],
    ],
);

const RIGHTS: &[Key] = &[
    key("run_as_non_root", BOOL, "It may not be root."),
    key("run_as_user", WHOLE, "The user's number."),
    key("run_as_group", WHOLE, "The group's number."),
    key(
        "seccomp",
        TEXT,
        "`RuntimeDefault`, `Unconfined`, or a profile of the node.",
    ),
    key(
        "apparmor",
        TEXT,
        "`RuntimeDefault`, `Unconfined`, or a profile of the node.",
    ),
    key("selinux", Shape::Verbatim, "Options of SELinux."),
    key("privileged", BOOL, "With all rights of the node."),
    key(
        "allow_privilege_escalation",
        BOOL,
        "A process may get more rights than its parent.",
    ),
    key(
        "read_only_root_filesystem",
        BOOL,
        "Only volumes can be written to.",
    ),
    key(
        "capabilities",
        Shape::Block(&CAPABILITIES),
        "Rights of root.",
    ),
];

static CONTAINER_SECURITY: Block = Block::new("container", &[RIGHTS]);

static CAPABILITIES: Block = Block::new(
    "capabilities",
    &[&[
        key("drop", TEXTS, "Taken away."),
        key("add", TEXTS, "Given."),
    ]],
);

pub(super) static IDENTITY: Block = Block::new(
    "identity",
    &[&[
        key("service_account", TEXT, "The service account."),
        key("create", BOOL, "It is ours to make."),
        key(
            "annotations",
            MAP,
            "Its annotations: the identity in a cloud.",
        ),
        key("automount_token", BOOL, "Pods get its token."),
        key(
            "rules",
            KUBERNETES,
            "What it may do, in the words of a Role.",
        ),
    ]],
)
.main("service_account");

/// Added where a text refers to an entry.
pub(super) const REFERS_TO: Key = key(
    "refers_to",
    TEXTS,
    "Entries whose addresses it has, as `${ENTRY.host}` gives them: it talks to them.",
);

pub(super) static ACCESS: Block = Block::new(
    "access",
    &[&[
        key(
            "visibility",
            choice(&["open", "public", "internal", "private", "restricted"]),
            "Who may reach it.",
        ),
        key(
            "allow_from",
            Shape::List(&Shape::Block(&PEER)),
            "Who else may reach it.",
        ),
        key(
            "allow_to",
            Shape::List(&Shape::Block(&PEER)),
            "Whom it may reach.",
        ),
        REFERS_TO,
        key("egress", choice(&["any", "declared"]), "What may leave it."),
        key("networks", TEXTS, "Networks that it is on."),
        key("isolated", BOOL, "It is on no network at all."),
    ]],
)
.main("visibility");

static PEER: Block = Block::new(
    "peer",
    &[&[
        key("app", TEXT, "An entry."),
        key("namespace", TEXT, "A namespace."),
        key("pod_labels", MAP, "Labels of pods."),
        key("cidr", TEXT, "Addresses."),
        key("except", TEXTS, "Addresses that are left out."),
        key("internet", BOOL, "Everything outside of the cluster."),
        key("ports", Shape::List(&WHOLE), "Only these ports."),
    ]],
)
.short(short::peer)
.alternatives(&[
    &["app"],
    &["namespace", "pod_labels"],
    &["cidr", "except"],
    &["internet"],
]);

pub(super) static PLACEMENT: Block = Block::new(
    "placement",
    &[&[
        key("platform", TEXT, "`os/architecture`."),
        key("node_selector", MAP, "Labels of nodes."),
        key(
            "node_rules",
            Shape::List(&Shape::Block(&NODE_RULE)),
            "Labels with values that nodes may not have.",
        ),
        key(
            "control_plane",
            BOOL,
            "On nodes of the control plane only, or on none of them.",
        ),
        key("tolerations", KUBERNETES, "Taints that it bears."),
        key(
            "affinity",
            Shape::Verbatim,
            "Affinity in Kubernetes' words.",
        ),
        key(
            "anti_affinity",
            Shape::Block(&ANTI_AFFINITY),
            "Its pods keep away from each other.",
        ),
        key(
            "spread",
            Shape::List(&Shape::Block(&SPREAD)),
            "Its pods are spread evenly: `zone`, `host`.",
        ),
        key(
            "priority_class",
            TEXT,
            "Who goes first where there is no room.",
        ),
        key("runtime_class", TEXT, "What runs the containers."),
    ]],
);

static NODE_RULE: Block = Block::new(
    "rule",
    &[&[
        key("key", TEXT, "The label."),
        key("not", TEXT, "The value that it may not have."),
    ]],
);

static ANTI_AFFINITY: Block = Block::new(
    "anti_affinity",
    &[&[
        key(
            "preferred",
            Shape::List(&Shape::Block(&TOPOLOGY)),
            "Where it can be done.",
        ),
        key("required", Shape::List(&Shape::Block(&TOPOLOGY)), "Always."),
    ]],
);

static TOPOLOGY: Block = Block::new(
    "topology",
    &[&[
        key("topology_key", TEXT, "The label that tells places apart."),
        key("weight", WHOLE, "How much it counts, 1–100."),
    ]],
)
.short(short::spread);

static SPREAD: Block = Block::new(
    "spread",
    &[&[
        key("topology_key", TEXT, "The label that tells places apart."),
        key("max_skew", WHOLE, "The largest difference."),
        key(
            "when_unsatisfiable",
            choice(&["DoNotSchedule", "ScheduleAnyway"]),
            "What happens where it cannot be done.",
        ),
    ]],
)
.short(short::spread);

pub(super) static DNS: Block = Block::new(
    "dns",
    &[&[
        key(
            "policy",
            choice(&["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
            "Who is asked.",
        ),
        key("nameservers", TEXTS, "Servers."),
        key("searches", TEXTS, "Domains that are tried."),
        key("options", MAP, "Options of the resolver."),
        key("hostname", TEXT, "What the pod is called."),
        key("subdomain", TEXT, "The domain of its pods."),
        key(
            "host_aliases",
            Shape::Named(&HOST_ALIASES),
            "Names with addresses.",
        ),
    ]],
);

static HOST_ALIASES: Named = Named::new("alias", TEXT).scalar(short::pair).shared();

pub(super) static MESH: Block = Block::new(
    "mesh",
    &[&[
        key(
            "provider",
            choice(&["istio", "linkerd", "consul", "kuma"]),
            "The mesh.",
        ),
        key("proxy", Shape::Block(&RESOURCES), "What its proxy gets."),
        key(
            "exclude_inbound",
            Shape::List(&WHOLE),
            "Ports that it leaves alone on the way in.",
        ),
        key(
            "exclude_outbound",
            Shape::List(&WHOLE),
            "Ports that it leaves alone on the way out.",
        ),
        key(
            "log_level",
            choice(&["trace", "debug", "info", "warning", "warn", "error"]),
            "How much the proxy says.",
        ),
    ]],
)
.main("provider");

pub(super) static SERVICE: Block = Block::new(
    "service",
    &[&[
        key(
            "type",
            choice(&["ClusterIP", "NodePort", "LoadBalancer", "none"]),
            "What kind of Service.",
        ),
        key(
            "headless",
            Shape::Leaf(crate::apps::shape::Leaf::Either),
            "With a headless Service; its name.",
        ),
        key(
            "ordinary",
            BOOL,
            "Of a StatefulSet: an ordinary Service beside the headless one, too.",
        ),
        key("aliases", TEXTS, "Further names."),
        key("annotations", MAP, "Annotations of the Service."),
        key(
            "public",
            Shape::Block(&PUBLIC),
            "A second Service, `{app}-public`, for those outside.",
        ),
    ]],
)
.main("type");

static PUBLIC: Block = Block::new(
    "public",
    &[&[
        key(
            "type",
            choice(&["NodePort", "LoadBalancer"]),
            "What kind of Service.",
        ),
        key(
            "traffic",
            choice(&["Cluster", "Local"]),
            "Which pods get what arrives at a node: any, or those of the node.",
        ),
    ]],
)
.main("type");

pub(super) static DEPENDENCIES: Named = Named::new("dependency", Shape::Block(&DEPENDENCY))
    .scalar(short::bare)
    .shared();

static DEPENDENCY: Block = Block::new(
    "dependency",
    &[&[
        key(
            "condition",
            choice(&["started", "healthy", "completed", "none"]),
            "What it must have reached.",
        ),
        key("port", AMOUNT, "The port that must answer."),
        key("required", BOOL, "It may not be missing."),
    ]],
)
.main("condition");

pub(super) static DEVELOP: Block = Block::new(
    "develop",
    &[&[
        key("port", WHOLE, "The port on the developer's machine."),
        key(
            "port_base",
            WHOLE,
            "Of functions: the first port of local serving.",
        ),
        key(
            "watch",
            Shape::List(&Shape::Block(&WATCH)),
            "Files that are followed: `src:dest`.",
        ),
    ]],
);

static WATCH: Block = Block::new(
    "watch",
    &[&[
        key("path", TEXT, "What is followed."),
        key(
            "action",
            choice(&["sync", "sync+restart", "sync+exec", "rebuild", "restart"]),
            "What happens.",
        ),
        key("target", TEXT, "Where files go in the container."),
        key("ignore", TEXTS, "Not these."),
        key("include", TEXTS, "Only these."),
        key("initial_sync", BOOL, "Once at the start, too."),
        key("exec", TEXTS, "What runs then."),
    ]],
)
.short(short::watch);
