//! One tree laid over another.

use std::borrow::Cow;
use std::collections::HashMap;

use kubewright_source::{Diagnostic, Diagnostics};
use kubewright_yaml::{Mapping, Node, Path, Value};

use super::equal::equal;
use super::site::{Combine, Identity, Null, Site};

/// Lays `over` over `under`, both standing at `site`, by the site's rules.
///
/// Nodes are moved, not copied, and keep their places. Where the two cannot be
/// combined (a list over a mapping) that is an error, code `cannot-merge`, and
/// the upper one stands.
pub fn merge<S: Site>(
    under: Node,
    over: Node,
    site: S,
    path: &Path<'_>,
    diagnostics: &mut Diagnostics,
) -> Node {
    if over.is_null() && site.null() == Null::Keeps {
        return under;
    }
    if under.is_null() || over.is_null() {
        return over;
    }
    match site.combine() {
        Combine::Replace => over,
        Combine::Deep => deep(under, over, site, path, diagnostics),
        Combine::Unless(excludes) => {
            if excludes(&under, &over) {
                return over;
            }
            deep(under, over, site, path, diagnostics)
        }
        Combine::Mapping(shape) => match (shape(under), shape(over)) {
            (Ok(under), Ok(over)) => deep(under, over, site, path, diagnostics),
            // The part that decodes says what is wrong with either.
            (Err(other), Ok(over)) | (Ok(other), Err(over)) | (Err(other), Err(over)) => {
                refuse(&other, over, path, diagnostics)
            }
        },
        Combine::List(shape, identity) => match (shape(under), shape(over)) {
            (Ok(under), Ok(over)) => lists(under, over, Some(identity)),
            (Err(other), Ok(over)) | (Ok(other), Err(over)) | (Err(other), Err(over)) => {
                refuse(&other, over, path, diagnostics)
            }
        },
    }
}

fn deep<S: Site>(
    under: Node,
    over: Node,
    site: S,
    path: &Path<'_>,
    diagnostics: &mut Diagnostics,
) -> Node {
    let (under, over) = match (under, over) {
        (
            Node {
                value: Value::Mapping(under),
                span,
                tag,
            },
            Node {
                value: Value::Mapping(over),
                ..
            },
        ) => {
            let value = Value::Mapping(mappings(under, over, site, path, diagnostics));
            return Node { span, value, tag };
        }
        other => other,
    };
    match (&under.value, &over.value) {
        (Value::Sequence(_), Value::Sequence(_)) => lists(under, over, None),
        (Value::Scalar(_), _) => over,
        (Value::Sequence(_) | Value::Mapping(_), _) => refuse(&under, over, path, diagnostics),
    }
}

fn mappings<S: Site>(
    mut under: Mapping,
    over: Mapping,
    site: S,
    path: &Path<'_>,
    diagnostics: &mut Diagnostics,
) -> Mapping {
    let mut removed = false;
    for entry in over {
        let Some(slot) = under.get_mut(&entry.key.text) else {
            under.insert(entry.key, entry.value);
            continue;
        };
        let site = site.below(&entry.key.text);
        if entry.value.is_null() && site.null() == Null::Removes {
            *slot = entry.value;
            removed = true;
            continue;
        }
        let below = std::mem::replace(slot, Node::null(entry.key.span));
        let path = path.key(&entry.key.text);
        *slot = merge(below, entry.value, site, &path, diagnostics);
    }
    if removed {
        under.retain(|entry| !(entry.value.is_null() && is_removed(site, &entry.key.text)));
    }
    under
}

fn is_removed<S: Site>(site: S, key: &str) -> bool {
    site.below(key).null() == Null::Removes
}

/// Both lists, one behind the other, each item once.
fn lists(under: Node, over: Node, identity: Option<Identity>) -> Node {
    let (mut items, more) = match (under.value, over.value) {
        (Value::Sequence(items), Value::Sequence(more)) => (items, more),
        (_, value) => return Node::new(over.span, value),
    };
    match identity {
        None => {
            for item in more {
                if !items.iter().any(|known| equal(known, &item)) {
                    items.push(item);
                }
            }
        }
        Some(identity) => {
            items.extend(more);
            unique(&mut items, identity, |_, _| {});
        }
    }
    Node {
        span: under.span,
        value: Value::Sequence(items),
        tag: under.tag,
    }
}

/// Of items with the same identity keeps the last, at the place of the first.
/// `dropped` is told of each that goes, and of the one that takes its place.
pub fn unique(items: &mut Vec<Node>, identity: Identity, mut dropped: impl FnMut(&Node, &Node)) {
    if !has_doubles(items, identity) {
        return;
    }
    let mut places: HashMap<String, usize> = HashMap::with_capacity(items.len());
    let mut kept: Vec<Node> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let Some(key) = identity(&item).map(Cow::into_owned) else {
            kept.push(item);
            continue;
        };
        match places.get(&key) {
            Some(at) => {
                let earlier = std::mem::replace(&mut kept[*at], item);
                dropped(&earlier, &kept[*at]);
            }
            None => {
                places.insert(key, kept.len());
                kept.push(item);
            }
        }
    }
    *items = kept;
}

/// The common case, a list without doubles, copies nothing.
fn has_doubles(items: &[Node], identity: Identity) -> bool {
    let mut keys: Vec<Cow<'_, str>> = items.iter().filter_map(identity).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}

fn refuse(under: &Node, over: Node, path: &Path<'_>, diagnostics: &mut Diagnostics) -> Node {
    let message = format!(
        "cannot override `{path}`: it is {} here and {} below",
        over.kind(),
        under.kind()
    );
    diagnostics.push(
        Diagnostic::error("cannot-merge", over.span, message)
            .path(path.to_string())
            .related(under.span, "this is what it would be merged with")
            .help("write both in the same form, or replace the lower one with `!override`"),
    );
    over
}
