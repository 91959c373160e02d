//! `deploy`.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/deploy.md>

use super::container::filled;
use super::object;
use crate::compose::resolved::room::{gpu, pairs};
use crate::compose::resolved::shape::{
    CPUS, DURATION, DURATION_KEPT, FLOAT, Field, INTEGER, INTEGER_KEPT, List, NUMBER_AS_INT,
    Object, Shape, TEXT, TEXT_BYTES, TEXT_KEPT, TEXTS_REPEATED, UNSIGNED, UNSIGNED_KEPT, field,
    kept, word,
};
use crate::compose::resolved::walk::{Walk, plain};
use kubewright_yaml::{Node, Path};

/// The mapping.
pub(crate) static DEPLOY: Object = Object {
    null: true,
    ..object(
        "`deploy`",
        &[
            field("endpoint_mode", TEXT),
            field("labels", Shape::Room(pairs::texts)),
            field("mode", TEXT),
            field("placement", Shape::Object(&PLACEMENT)),
            field("replicas", INTEGER_KEPT),
            field("resources", Shape::Object(&RESOURCES)),
            field("restart_policy", Shape::Object(&RESTART)),
            field("rollback_config", Shape::Object(&UPDATE)),
            field("update_config", Shape::Object(&UPDATE)),
        ],
    )
};

static UPDATE: Object = object("the configuration of an update", UPDATE_FIELDS);

static UPDATE_FIELDS: &[Field] = &[
    field("delay", DURATION),
    field("failure_action", TEXT),
    field("max_failure_ratio", FLOAT),
    field("monitor", DURATION),
    field("order", word(&["start-first", "stop-first"])),
    field("parallelism", UNSIGNED_KEPT),
];

static RESTART: Object = object(
    "`restart_policy`",
    &[
        field("condition", TEXT),
        field("delay", DURATION_KEPT),
        field("max_attempts", UNSIGNED_KEPT),
        field("window", DURATION_KEPT),
    ],
);

static RESOURCES: Object = Object {
    keeps_empty: false,
    ..object(
        "`resources`",
        &[
            field("limits", Shape::Object(&LIMITS)),
            field("reservations", Shape::Object(&RESERVATIONS)),
        ],
    )
};

static LIMITS: Object = object(
    "`limits`",
    &[
        field("cpus", CPUS),
        field("memory", TEXT_BYTES),
        field("pids", INTEGER),
    ],
);

static RESERVATIONS: Object = object(
    "`reservations`",
    &[
        field("cpus", CPUS),
        field("devices", Shape::Room(gpu::devices)),
        field("generic_resources", Shape::List(&GENERICS)),
        field("memory", TEXT_BYTES),
    ],
);

static GENERICS: List = List {
    item: Shape::Object(&GENERIC),
    unique: false,
};

static GENERIC: Object = object(
    "a generic resource",
    &[field("discrete_resource_spec", Shape::Room(discrete))],
);

static DISCRETE: Object = object(
    "`discrete_resource_spec`",
    &[
        field("kind", TEXT_KEPT),
        field("value", kept(NUMBER_AS_INT)),
    ],
);

/// Both keys are written, also where one was left out.
fn discrete(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let found = walk.object(&DISCRETE, &[DISCRETE.fields], node, path)?;
    let kind = Node::string(node.span, "");
    Some(filled(
        found,
        &[("kind", kind), ("value", plain(node.span, 0))],
    ))
}

static PLACEMENT: Object = Object {
    keeps_empty: false,
    ..object(
        "`placement`",
        &[
            field("constraints", TEXTS_REPEATED),
            field("max_replicas_per_node", UNSIGNED),
            field("preferences", Shape::List(&PREFERENCES)),
        ],
    )
};

static PREFERENCES: List = List {
    item: Shape::Object(&PREFERENCE),
    unique: false,
};

static PREFERENCE: Object = object("a preference", &[field("spread", TEXT)]);
