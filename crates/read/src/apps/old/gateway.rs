//! The gateway: what is switched on and off, and where routes lead.

use kubewright_source::Span;
use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Scalar};

use super::context::Context;
use super::tree::{each, entry, is, map, plain};

/// Blocks that version 2 switches by `enabled`.
const SWITCHES: [&str; 4] = ["rate_limit", "cors", "waf", "auth"];

/// Methods that version 2 admits from pages of other origins.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "OPTIONS"];

/// Where a block stands: what it is where `enabled` is not said differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// For all routes.
    Gateway,
    /// For one route of the gateway.
    Route,
    /// For the route of an app.
    Ingress,
}

/// Rewrites the section `gateway`.
pub(super) fn rewrite(top: &mut Mapping, context: &Context<'_>) {
    let Some(gateway) = top.get_mut("gateway").and_then(Node::as_mapping_mut) else {
        return;
    };
    let path = Path::ROOT.key("gateway");
    layer(gateway, &path, context);
    if context.is_old {
        let span = gateway.get("routes").map_or(Span::NONE, |node| node.span);
        if !gateway.contains_key("cors") {
            gateway.insert(Key::new("cors", span), cors(span));
        }
    }
    if let Some(overrides) = gateway.get_mut("overrides") {
        let above = path.key("overrides");
        each(overrides, "name", "", |key, over| {
            layer(over, &above.key(&key.text), context);
        });
    }
}

fn layer(gateway: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    switches(gateway, Place::Gateway, "", path, context);
    let Some(routes) = gateway.get_mut("routes") else {
        return;
    };
    let main = if context.is_old { "service" } else { "" };
    let above = path.key("routes");
    each(routes, "path", main, |key, route| {
        let path = above.key(&key.text);
        switches(route, Place::Route, &key.text, &path, context);
        leads_to(route, &path, context);
    });
}

/// The entry, or the Service elsewhere, that a route leads to.
fn leads_to(route: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    if !context.is_old {
        return;
    }
    let Some(service) = route.get_mut("service") else {
        return;
    };
    if let Some(name) = context.service(service, path) {
        *service = Node::string(service.span, name);
    }
}

/// `enabled` of blocks: the block, or `false`.
pub(super) fn switches(
    mapping: &mut Mapping,
    place: Place,
    route: &str,
    path: &Path<'_>,
    context: &Context<'_>,
) {
    for word in SWITCHES {
        let Some(node) = mapping.get_mut(word) else {
            continue;
        };
        let span = node.span;
        let Some(block) = node.as_mapping_mut() else {
            continue;
        };
        let enabled = block.remove("enabled");
        if let Some(old) = &enabled {
            let new = "the block alone, or `false` in its place";
            context.old(&old.key, "enabled", new, &path.key(word));
        }
        let is_on = match &enabled {
            Some(enabled) => !is(&enabled.value, "false"),
            None => !context.is_old || is_usually_on(word, place),
        };
        let none = word == "auth" && block.get("type").is_some_and(|kind| is(kind, "none"));
        if !is_on || none {
            let span = enabled.map_or(span, |enabled| enabled.value.span);
            *node = plain(span, "false");
        } else if context.is_old {
            usual(word, block, route, span);
        }
    }
}

fn is_usually_on(word: &str, place: Place) -> bool {
    match (word, place) {
        ("cors", _) | ("rate_limit", Place::Route) | (_, Place::Ingress) => true,
        (_, Place::Gateway | Place::Route) => false,
    }
}

/// What version 2 takes for granted of a block that is on.
fn usual(word: &str, block: &mut Mapping, route: &str, span: Span) {
    let rows = match word {
        "rate_limit" => vec![
            entry("requests_per_second", plain(span, "100")),
            entry("burst", plain(span, "200")),
        ],
        "cors" => origins(span),
        "auth" if block.get("type").is_some_and(|kind| is(kind, "basic")) => {
            vec![entry("secret", Node::string(span, passwords(route)))]
        }
        _ => Vec::new(),
    };
    for row in rows {
        if !block.contains_key(&row.key.text) {
            block.insert(row.key, row.value);
        }
    }
}

/// The Secret with the passwords of a route, which the user makes.
fn passwords(route: &str) -> String {
    let path = route.find('/').map_or("", |at| &route[at..]);
    let name = path.trim_matches('/').replace('/', "-");
    let name = if name.is_empty() { "root" } else { &name };
    format!("gateway-{name}-auth")
}

/// Cross-origin requests as version 2 admits them where nothing is said.
fn cors(span: Span) -> Node {
    map(span, origins(span))
}

fn origins(span: Span) -> Vec<Entry> {
    let texts = |texts: &[&str]| {
        let items = texts
            .iter()
            .map(|text| Node::new(span, Scalar::string(*text)));
        Node::new(span, items.collect::<Vec<_>>())
    };
    vec![
        entry("allow_origins", texts(&["*"])),
        entry("allow_methods", texts(&METHODS)),
        entry("allow_headers", texts(&["*"])),
        entry("allow_credentials", plain(span, "false")),
    ]
}
