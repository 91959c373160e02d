//! Keys of a service besides those of its container.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md>

use super::deploy::DEPLOY;
use super::hook::{EXEC, HOOKS};
use super::object;
use super::options::PROVIDER_OPTIONS;
use crate::compose::resolved::fault;
use crate::compose::resolved::paths::clean;
use crate::compose::resolved::room::{build, command, network, port};
use crate::compose::resolved::shape::{
    BARE_BOOL, BOOL, BOOL_KEPT, DURATION_KEPT, Field, INTEGER_KEPT, List, NUMBER_AS_UNSIGNED_KEPT,
    Object, Rule, Shape, TEXT, TEXT_KEPT, TEXT_OR_INTEGER, TEXTS, field, kept, ruled, word,
};
use crate::compose::resolved::walk::Walk;
use kubewright_yaml::{Key, Node, Path};

/// Keys of a service that no container has.
pub(crate) static FIELDS: &[Field] = &[
    field("attach", BOOL_KEPT),
    field("build", Shape::Room(build::build)),
    field(
        "container_name",
        ruled(
            TEXT,
            Rule::Text(
                is_container_name,
                "a name of at least two letters, digits, `_`, `.` and `-`",
            ),
        ),
    ),
    field("depends_on", Shape::Room(network::depends_on)),
    field("deploy", Shape::Object(&DEPLOY)),
    field("develop", Shape::Object(&DEVELOP)),
    field("expose", Shape::List(&EXPOSED)),
    field("external_links", TEXTS),
    field("healthcheck", Shape::Object(&HEALTH)),
    field("links", TEXTS),
    field("ports", Shape::Room(port::ports)),
    field("post_start", Shape::List(&HOOKS)),
    field("pre_start", Shape::Any),
    field("pre_stop", Shape::List(&HOOKS)),
    field("profiles", TEXTS),
    field("provider", Shape::Object(&PROVIDER)),
    field("restart", TEXT),
    field("scale", INTEGER_KEPT),
    field("stdin_open", BOOL),
    field("tty", BOOL),
];

/// Compose looks for a name anywhere in the text.
fn is_container_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).any(|pair| {
        pair[0].is_ascii_alphanumeric()
            && (pair[1].is_ascii_alphanumeric() || matches!(pair[1], b'_' | b'.' | b'-'))
    })
}

static EXPOSED: List = List {
    item: kept(TEXT_OR_INTEGER),
    unique: true,
};

static HEALTH: Object = object(
    "`healthcheck`",
    &[
        field("disable", BOOL),
        field("interval", DURATION_KEPT),
        field("retries", NUMBER_AS_UNSIGNED_KEPT),
        field("start_interval", DURATION_KEPT),
        field("start_period", DURATION_KEPT),
        field("test", Shape::Room(command::test)),
        field("timeout", DURATION_KEPT),
    ],
);

static PROVIDER: Object = Object {
    needs: &["type"],
    ..object(
        "`provider`",
        &[field("options", PROVIDER_OPTIONS), field("type", TEXT)],
    )
};

static DEVELOP: Object = Object {
    null: true,
    ..object("`develop`", &[field("watch", Shape::List(&WATCHES))])
};

static WATCHES: List = List {
    item: Shape::Room(watch),
    unique: false,
};

static WATCH: Object = Object {
    needs: &["path", "action"],
    ..object(
        "a watch",
        &[
            field(
                "action",
                kept(word(&[
                    "rebuild",
                    "sync",
                    "restart",
                    "sync+restart",
                    "sync+exec",
                ])),
            ),
            field("exec", Shape::Object(&EXEC)),
            field("ignore", Shape::Strings),
            field("include", Shape::Strings),
            field("initial_sync", BARE_BOOL),
            field("path", TEXT_KEPT),
            field("target", TEXT),
        ],
    )
};

/// A watch: its path is absolute and must say something.
fn watch(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let mut watch = walk.object(&WATCH, &[WATCH.fields], node, path)?;
    let watched = watch.get("path").and_then(Node::as_scalar);
    if watched.is_some_and(|scalar| scalar.text.is_empty()) {
        let help = "name the folder to watch";
        walk.say(fault::bad_value(node.span, path, "its path is empty", help));
    }
    let fields = watch.as_mapping_mut()?;
    if let Some(at) = fields.get_mut("path") {
        let span = at.span;
        let said = std::mem::replace(at, Node::null(span));
        let file = walk.unix_file(said);
        *at = match file.as_scalar() {
            Some(scalar) if walk.absolute_paths => Node::string(span, clean(&scalar.text)),
            Some(_) | None => file,
        };
    }
    // Older names of two keys.
    if let Some(early) = fields.remove("x-initialSync")
        && !fields.contains_key("initial_sync")
    {
        let key = Key::new("initial_sync", early.key.span);
        fields.insert(key, early.value);
    }
    Some(watch)
}
