//! What a service names: networks, models, the services it waits for.

use kubewright_yaml::{Entry, Key, Mapping, Node, Path};

use crate::compose::resolved::shape::{
    BARE_NUMBER, BOOL, BOOL_KEPT, CAST_BOOL_KEPT, Extensions, KeyRule, Named, Object, Shape, TEXT,
    TEXTS, field, word,
};
use crate::compose::resolved::table::options::PRINTED_OPTIONS;
use crate::compose::resolved::walk::{Walk, entry, plain, text_of};

static NETWORK: Object = Object {
    what: "the network of a service",
    fields: &[
        field("aliases", TEXTS),
        field("driver_opts", PRINTED_OPTIONS),
        field("gw_priority", BARE_NUMBER),
        field("interface_name", TEXT),
        field("ipv4_address", TEXT),
        field("ipv6_address", TEXT),
        field("link_local_ips", TEXTS),
        field("mac_address", TEXT),
        field("priority", BARE_NUMBER),
        field("use_service_name_alias", BOOL_KEPT),
    ],
    needs: &[],
    extensions: Extensions::Kept,
    open: false,
    null: true,
    keeps_empty: true,
};

static NETWORKS: Named = Named {
    what: "network",
    key: KeyRule::Name,
    value: Shape::Object(&NETWORK),
    keeps_null: true,
};

static MODEL: Object = Object {
    what: "the model of a service",
    fields: &[field("endpoint_var", TEXT), field("model_var", TEXT)],
    needs: &[],
    extensions: Extensions::Kept,
    open: false,
    null: true,
    keeps_empty: true,
};

static MODELS: Named = Named {
    what: "model",
    key: KeyRule::Any,
    value: Shape::Object(&MODEL),
    keeps_null: true,
};

static DEPENDENCY: Object = Object {
    what: "a dependency",
    fields: &[
        field(
            "condition",
            word(&[
                "service_started",
                "service_healthy",
                "service_completed_successfully",
            ]),
        ),
        field("required", CAST_BOOL_KEPT),
        field("restart", BOOL),
    ],
    needs: &["condition"],
    extensions: Extensions::Kept,
    open: false,
    null: false,
    keeps_empty: true,
};

static DEPENDENCIES: Named = Named {
    what: "service",
    key: KeyRule::Name,
    value: Shape::Object(&DEPENDENCY),
    keeps_null: false,
};

/// Networks by name; a list names those without options.
pub(crate) fn networks(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    by_name(walk, node, path, &NETWORKS, Node::null)
}

/// Models by name.
pub(crate) fn models(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    by_name(walk, node, path, &MODELS, Node::null)
}

/// Services that are waited for; each says until when, and whether it must be.
pub(crate) fn depends_on(walk: &mut Walk<'_>, node: &Node, path: &Path<'_>) -> Option<Node> {
    let mut found = by_name(walk, node, path, &DEPENDENCIES, |span| {
        let started = Node::string(span, "service_started");
        Node::new(span, Mapping::from_iter([entry("condition", started)]))
    })?;
    for (key, dependency) in found.as_mapping_mut()?.values_mut() {
        if let Some(fields) = dependency.as_mapping_mut()
            && !fields.contains_key("required")
        {
            fields.insert(Key::new("required", key.span), plain(key.span, true));
        }
    }
    Some(found)
}

fn by_name(
    walk: &mut Walk<'_>,
    node: &Node,
    path: &Path<'_>,
    named: &Named,
    bare: impl Fn(kubewright_source::Span) -> Node,
) -> Option<Node> {
    let Some(items) = node.as_sequence() else {
        if node.as_mapping().is_none() {
            walk.wrong_type(node, path, "a list of names or a mapping");
            return None;
        }
        return walk.named(named, node, path);
    };
    walk.unique(items, path);
    let mut entries = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let Some(name) = text_of(item) else {
            walk.wrong_type(item, &path.index(at), "a string");
            continue;
        };
        entries.push(Entry {
            key: Key::new(name, item.span),
            value: bare(item.span),
        });
    }
    (!entries.is_empty()).then(|| Node::new(node.span, Mapping::from_iter(entries)))
}
