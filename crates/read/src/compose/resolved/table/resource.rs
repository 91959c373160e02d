//! What stands at the top of a file beside services.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/06-networks.md>

use super::object;
use super::options::{PRINTED_OPTIONS, STRICT_OPTIONS, TEXT_OPTIONS};
use crate::compose::resolved::room::{external, pairs};
use crate::compose::resolved::shape::{
    BARE_INTEGER, BOOL, BOOL_KEPT, Extensions, Field, List, Object, Shape, TEXT, TEXT_KEPT,
    TEXTS_REPEATED, field,
};

/// A network.
pub(crate) static NETWORK: Object = Object {
    null: true,
    ..object("a network", NETWORK_FIELDS)
};

static NETWORK_FIELDS: &[Field] = &[
    field("attachable", BOOL),
    field("driver", TEXT),
    field("driver_opts", PRINTED_OPTIONS),
    field("enable_ipv4", BOOL_KEPT),
    field("enable_ipv6", BOOL_KEPT),
    field("external", Shape::Room(external::external)),
    field("internal", BOOL),
    field("ipam", Shape::Object(&IPAM)),
    field("labels", Shape::Room(pairs::texts)),
    field("name", TEXT),
];

static IPAM: Object = Object {
    keeps_empty: false,
    ..object(
        "`ipam`",
        &[
            field("config", Shape::List(&POOLS)),
            field("driver", TEXT),
            field("options", STRICT_OPTIONS),
        ],
    )
};

static POOLS: List = List {
    item: Shape::Object(&POOL),
    unique: false,
};

static POOL: Object = Object {
    extensions: Extensions::Dropped,
    ..object(
        "a pool of addresses",
        &[
            field("aux_addresses", STRICT_OPTIONS),
            field("gateway", TEXT),
            field("ip_range", TEXT),
            field("subnet", TEXT),
        ],
    )
};

/// A volume.
pub(crate) static VOLUME: Object = Object {
    null: true,
    ..object(
        "a volume",
        &[
            field("driver", TEXT),
            field("driver_opts", PRINTED_OPTIONS),
            field("external", Shape::Room(external::external)),
            field("labels", Shape::Room(pairs::texts)),
            field("name", TEXT),
        ],
    )
};

/// A secret.
pub(crate) static SECRET: Object = object(
    "a secret",
    &[
        field("driver", TEXT),
        field("driver_opts", TEXT_OPTIONS),
        field("environment", TEXT),
        field("external", Shape::Room(external::open_external)),
        field("file", TEXT_KEPT),
        field("labels", Shape::Room(pairs::texts)),
        field("name", TEXT),
        field("template_driver", TEXT),
    ],
);

/// A config.
pub(crate) static CONFIG: Object = object(
    "a config",
    &[
        field("content", TEXT),
        field("environment", TEXT),
        field("external", Shape::Room(external::open_external)),
        field("file", TEXT_KEPT),
        field("labels", Shape::Room(pairs::texts)),
        field("name", TEXT),
        field("template_driver", TEXT),
    ],
);

/// A model.
pub(crate) static MODEL: Object = Object {
    needs: &["model"],
    ..object(
        "a model",
        &[
            field("context_size", BARE_INTEGER),
            field("model", TEXT),
            field("name", TEXT),
            field("runtime_flags", TEXTS_REPEATED),
        ],
    )
};
