//! `build`.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/build.md>

use super::container::LIMITS;
use super::object;
use crate::compose::resolved::room::{file, host, pairs};
use crate::compose::resolved::shape::{
    BOOL, Field, List, Object, STRING_OR_BOOL, Shape, TEXT, TEXTS_REPEATED, WHOLE_BYTES, field,
};

/// The mapping.
pub(crate) static BUILD: Object = object("`build`", FIELDS);

static FIELDS: &[Field] = &[
    field("additional_contexts", Shape::Room(pairs::contexts)),
    field("args", Shape::Room(pairs::variables)),
    field("cache_from", TEXTS_REPEATED),
    field("cache_to", TEXTS_REPEATED),
    field("context", TEXT),
    field("dockerfile", TEXT),
    field("dockerfile_inline", TEXT),
    field("entitlements", TEXTS_REPEATED),
    field("extra_hosts", Shape::Room(host::hosts)),
    field("isolation", TEXT),
    field("labels", Shape::Room(pairs::texts)),
    field("network", TEXT),
    field("no_cache", BOOL),
    field("no_cache_filter", Shape::Strings),
    field("platforms", TEXTS_REPEATED),
    field("privileged", BOOL),
    field("provenance", STRING_OR_BOOL),
    field("pull", BOOL),
    field("sbom", STRING_OR_BOOL),
    field("secrets", Shape::List(&SECRETS)),
    field("shm_size", WHOLE_BYTES),
    field("ssh", Shape::Room(pairs::ssh)),
    field("tags", TEXTS_REPEATED),
    field("target", TEXT),
    field("ulimits", Shape::Named(&LIMITS)),
];

static SECRETS: List = List {
    item: Shape::Room(file::file),
    unique: false,
};
