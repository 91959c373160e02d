//! How images are built: the keys of compose.

use crate::apps::shape::{BOOL, Block, MAP, Named, Shape, TEXT, TEXTS, key};
use crate::apps::short;

pub(super) static BUILD: Block = Block::new(
    "build",
    &[&[
        key("context", TEXT, "The folder."),
        key(
            "image",
            TEXT,
            "The image's whole name, to which neither registry nor tag is added.",
        ),
        key("dockerfile", TEXT, "The Dockerfile in it."),
        key(
            "dockerfile_dev",
            TEXT,
            "The Dockerfile of environments with `debug`.",
        ),
        key("dockerfile_inline", TEXT, "The Dockerfile itself."),
        key("target", TEXT, "The stage."),
        key("args", Shape::Named(&ARGUMENTS), "Arguments of the build."),
        key(
            "language",
            TEXT,
            "The language, for a Dockerfile that is to be made.",
        ),
        key("tags", TEXTS, "Further tags."),
        key("additional_contexts", MAP, "Further folders by name."),
        key("cache_from", TEXTS, "Where layers are looked for."),
        key("cache_to", TEXTS, "Where layers are kept."),
        key("platforms", TEXTS, "Platforms that are built for."),
        key("ssh", TEXTS, "Keys of SSH."),
        key("secrets", TEXTS, "Secrets of the build."),
        key("labels", MAP, "Labels of the image."),
        key("no_cache", BOOL, "Without layers of earlier builds."),
        key("pull", BOOL, "The base image is pulled each time."),
        key("network", TEXT, "The network of the build."),
        key("shm_size", TEXT, "Shared memory of the build."),
        key("extra_hosts", Shape::Verbatim, "Names with addresses."),
        key("isolation", TEXT, "How the build is isolated."),
        key("privileged", BOOL, "With all rights."),
        key("ulimits", Shape::Verbatim, "Limits of the build."),
        key("entitlements", TEXTS, "Rights of the build."),
        key(
            "provenance",
            Shape::Verbatim,
            "A statement of how it was built.",
        ),
        key("sbom", Shape::Verbatim, "A list of what is in it."),
    ]],
)
.main("context");

static ARGUMENTS: Named = Named::new("argument", Shape::Block(&ARGUMENT)).scalar(short::pair);

static ARGUMENT: Block = Block::new(
    "argument",
    &[&[
        key("value", TEXT, "Its value."),
        key(
            "variable",
            TEXT,
            "The argument's own name: whoever builds has the value in that variable.",
        ),
    ]],
)
.main("value")
.alternatives(&[&["value"], &["variable"]]);
