//! What is known of environments.

use crate::apps::shape::{BOOL, Block, Key, MAP, Named, Shape, TEXT, TEXTS, choice, key};

use super::app::REDIS;
use super::section;

/// Environments by name.
pub(super) static ENVIRONMENTS: Named = Named::new("environment", Shape::Block(&ENVIRONMENT));

static ENVIRONMENT: Block = Block::new(
    "environment",
    &[
        FACTS,
        &[
            key(
                "extends",
                TEXT,
                "Another environment: its facts and overrides come first.",
            ),
            key(
                "defaults",
                Shape::Block(&section::APP_DEFAULTS),
                "Keys for all apps.",
            ),
        ],
    ],
);

/// Facts; they may stand in `defaults`, too.
pub(super) const FACTS: &[Key] = &[
    key(
        "namespace",
        Shape::Block(&NAMESPACE),
        "Where the objects live.",
    ),
    key("domain", TEXT, "The domain of the routes."),
    key(
        "tls",
        Shape::Block(&TLS),
        "Transport encryption: `true`, a Secret, an issuer.",
    ),
    key(
        "ingress",
        Shape::Block(&INGRESS),
        "What brings requests in.",
    ),
    key(
        "registry",
        TEXT,
        "What goes in front of the names of built images.",
    ),
    key(
        "image_tag",
        TEXT,
        "The tag of built images: a text, `content`, `git`.",
    ),
    key("pull_secrets", TEXTS, "Secrets for pulling images."),
    key(
        "secret_store",
        Shape::Block(&SECRET_STORE),
        "Where secret values live.",
    ),
    key("storage_class", TEXT, "The class of claims that name none."),
    key("redis", Shape::Block(&REDIS), "The server behind queues."),
    key(
        "keda_http",
        choice(&["http-scaled-object", "interceptor-route"]),
        "What keda-http becomes.",
    ),
    key(
        "network_policy",
        choice(&["none", "permissive", "strict", "networks"]),
        "Which traffic is admitted.",
    ),
    key(
        "kubernetes_version",
        TEXT,
        "The oldest version that must take the objects.",
    ),
    key(
        "security_profile",
        choice(&["restricted", "baseline", "none"]),
        "The standard that pods keep, where an app names no other.",
    ),
    key("kube_context", TEXT, "The context of kubectl."),
    key(
        "argocd_cluster",
        TEXT,
        "The cluster as Argo CD knows it: its URL or its name.",
    ),
    key("debug", BOOL, "For development."),
];

/// The names of the facts.
pub(crate) fn fact_names() -> impl Iterator<Item = &'static str> {
    FACTS.iter().map(|key| key.name)
}

static NAMESPACE: Block = Block::new(
    "namespace",
    &[&[
        key("name", TEXT, "Its name."),
        key("create", BOOL, "Whether a Namespace is written."),
        key("labels", MAP, "Labels of the Namespace."),
    ]],
)
.main("name");

/// Transport encryption.
pub(super) static TLS: Block = Block::new(
    "tls",
    &[&[
        key("secret", TEXT, "The Secret with the certificate."),
        key(
            "issuer",
            TEXT,
            "An issuer of cert-manager: `[Issuer/]name`.",
        ),
    ]],
)
.switch()
.alternatives(&[&["secret"], &["issuer"]]);

static INGRESS: Block = Block::new(
    "ingress",
    &[&[
        key(
            "controller",
            choice(&["generic", "haproxy", "traefik", "nginx", "gateway-api"]),
            "Which controller.",
        ),
        key(
            "class",
            TEXT,
            "The ingress class, where it is not called so.",
        ),
        key("namespace", TEXT, "Where the controller runs."),
        key("gateway", TEXT, "An existing Gateway: `[namespace/]name`."),
    ]],
)
.main("controller");

/// Where secret values live.
pub(super) static SECRET_STORE: Block = Block::new(
    "secret_store",
    &[&[
        key(
            "provider",
            choice(&[
                "env-file",
                "inline",
                "gcp",
                "aws",
                "azure",
                "vault",
                "kubernetes",
            ]),
            "Which service.",
        ),
        key("name", TEXT, "The store object's name."),
        key(
            "kind",
            choice(&["ClusterSecretStore", "SecretStore"]),
            "Its kind.",
        ),
        key("project", TEXT, "Of gcp: the project."),
        key("region", TEXT, "Of aws: the region."),
        key("vault_url", TEXT, "Of azure: the vault."),
        key("server", TEXT, "Of vault: the server."),
        key("path", TEXT, "Of vault: the engine's path."),
        key("namespace", TEXT, "Of kubernetes: the namespace."),
    ]],
)
.main("provider");
