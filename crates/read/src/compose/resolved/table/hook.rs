//! Commands that run in a container: `post_start`, `pre_stop`, `exec` of a watch.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md#post_start>

use super::object;
use crate::compose::resolved::room::{command, pairs};
use crate::compose::resolved::shape::{BOOL, Field, List, Object, Shape, TEXT, field};

static FIELDS: &[Field] = &[
    field("command", Shape::Room(command::command)),
    field("environment", Shape::Room(pairs::variables)),
    field("privileged", BOOL),
    field("user", TEXT),
    field("working_dir", TEXT),
];

/// One command.
pub(crate) static HOOK: Object = Object {
    needs: &["command"],
    ..object("a hook", FIELDS)
};

/// The same as `exec` of a watch, of which nothing is written where it is empty.
pub(crate) static EXEC: Object = Object {
    keeps_empty: false,
    ..HOOK
};

/// A list of them.
pub(crate) static HOOKS: List = List {
    item: Shape::Object(&HOOK),
    unique: false,
};
