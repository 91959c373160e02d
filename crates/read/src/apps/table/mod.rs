//! The table: every key of an `apps.yaml` with its shape and what it means.
//!
//! The words are those of version 3; the reader, the merging of environments and
//! the JSON Schema all follow it.

mod app;
mod build;
mod container;
mod facts;
mod gateway;
mod output;
mod pod;
mod section;

use super::shape::{Block, Key, Named, Shape, TEXT, TREES, WHOLE, key};

pub(super) use app::APP;
pub(super) use container::VARIABLE;
pub(super) use facts::fact_names;
pub(super) use gateway::ROUTE;
pub(super) use section::{Defaults, ENTRY_SECTIONS, SERVICE, Section};

/// The top of a file.
pub(in crate::apps) static ROOT: Block = Block::new("file", &[ROOT_KEYS]).open().hints(&[
    ("services", "`compose`, or a compose file of its own"),
    ("charts", "`helm`"),
]);

const ROOT_KEYS: &[Key] = &[
    key("version", WHOLE, "The version of the format: 3."),
    key(
        "name",
        TEXT,
        "The project's name; the folder's where it is left out.",
    ),
    key("description", TEXT, "What the project is, in one line."),
    key(
        "environments",
        Shape::Named(&facts::ENVIRONMENTS),
        "Environments, and what is known of each.",
    ),
    key(
        "defaults",
        Shape::Block(&section::DEFAULTS),
        "Facts of all environments, and keys for all apps.",
    ),
    key(
        "templates",
        Shape::Named(&app::TEMPLATES),
        "Keys of apps that several share by `extends`.",
    ),
    key(
        "secrets",
        Shape::Named(&section::SECRETS),
        "Where the values of secrets come from.",
    ),
    key(
        "volumes",
        Shape::Named(&section::VOLUMES),
        "Claims that several apps mount.",
    ),
    key(
        "networks",
        Shape::Named(&section::NETWORKS),
        "Networks of apps.",
    ),
    key(
        "infrastructure",
        Shape::Named(&section::INFRASTRUCTURE),
        "Databases, caches, queues: what apps stand on.",
    ),
    key("apps", Shape::Named(&app::APPS), "The apps."),
    key(
        "gateway",
        Shape::Block(&gateway::GATEWAY),
        "How the outside gets in.",
    ),
    key(
        "functions",
        Shape::Named(&section::FUNCTIONS),
        "Functions that share one image.",
    ),
    key(
        "compose",
        Shape::Named(&section::COMPOSE),
        "Compose projects.",
    ),
    key(
        "repositories",
        Shape::Named(&REPOSITORIES),
        "Helm repositories by name.",
    ),
    key("helm", Shape::Named(&section::HELM), "Helm charts."),
    key(
        "kustomize",
        Shape::Named(&section::KUSTOMIZE),
        "Kustomize folders.",
    ),
    key(
        "objects",
        TREES,
        "Kubernetes objects of your own: files, or written here.",
    ),
    key(
        "check",
        Shape::Block(&output::CHECK),
        "What the checker is told.",
    ),
    key("output", Shape::Block(&output::OUTPUT), "What is written."),
];

static REPOSITORIES: Named = Named::new("repository", TEXT);
