//! What there is to say about values that Compose refuses.

use kubewright_source::{Diagnostic, Span, suggest};
use kubewright_yaml::{Node, Path};

use super::shape::{Field, Object};

/// The value has another shape than its key wants.
pub(super) fn wrong_type(node: &Node, path: &Path<'_>, wanted: &str) -> Diagnostic {
    let message = format!("`{path}` must be {wanted}, found {}", node.kind());
    let help = match wanted {
        "a string" => "put the value in quotes".to_owned(),
        wanted => format!("write {wanted}"),
    };
    Diagnostic::error("wrong-type", node.span, message)
        .path(path.to_string())
        .help(help)
}

/// The shape is right, the value is not.
pub(super) fn bad_value(
    span: Span,
    path: &Path<'_>,
    why: &str,
    help: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error("bad-value", span, format!("`{path}`: {why}"))
        .path(path.to_string())
        .help(help.into())
}

/// No mapping of the specification has this key here.
pub(super) fn unknown_key(
    key: &str,
    span: Span,
    path: &Path<'_>,
    object: &Object,
    fields: &[&[Field]],
) -> Diagnostic {
    let keys = || {
        fields
            .iter()
            .flat_map(|fields| fields.iter().map(|field| field.key))
    };
    let help = match suggest::nearest(key, keys()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if keys().count() <= 12 => format!("the keys are {}", suggest::list(keys())),
        None => "a key of your own begins with `x-`".to_owned(),
    };
    Diagnostic::error(
        "unknown-key",
        span,
        format!("unknown key `{key}` in {}", object.what),
    )
    .path(path.key(key).to_string())
    .help(help)
}

/// A key that is needed is not there.
pub(super) fn missing_key(key: &str, span: Span, path: &Path<'_>, what: &str) -> Diagnostic {
    Diagnostic::error("missing-key", span, format!("{what} needs `{key}`"))
        .path(path.to_string())
        .help(format!("add `{key}:` to it"))
}

/// A name that the specification does not allow.
pub(super) fn bad_name(key: &str, span: Span, path: &Path<'_>, what: &str) -> Diagnostic {
    Diagnostic::error(
        "bad-name",
        span,
        format!("`{key}` cannot be the name of a {what}"),
    )
    .path(path.to_string())
    .help("use letters, digits, `.`, `_` and `-`")
}

/// An item that stands twice where each counts once.
pub(super) fn twice(later: &Node, earlier: &Node, path: &Path<'_>) -> Diagnostic {
    Diagnostic::error(
        "duplicate-item",
        later.span,
        format!("`{path}` names the same thing twice"),
    )
    .path(path.to_string())
    .related(earlier.span, "it stands here already")
    .help("remove one of the two")
    .place_only()
}
