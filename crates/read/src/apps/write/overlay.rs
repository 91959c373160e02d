//! What is said over the services of a compose project: the differences between what
//! each is without it and with it.

use kubewright_model::Name;
use kubewright_model::compose::{ComposeProject, Overlaid};
use kubewright_source::Span;
use kubewright_yaml::{Entry, Key, Mapping, Node, Value};

use super::tree::{Map, flag, listed, some_map};
use super::{Context, app};
use crate::apps::shape::{Block, Named, Shape};
use crate::apps::table::SERVICE;
use crate::interpolate::{Dialect, Piece, pieces};

/// The section `services` of a project.
pub(super) fn services(project: &ComposeProject, context: &Context<'_>) -> Option<Node> {
    let service = |(name, overlaid): (&Name, &Overlaid)| {
        let block = service(project, overlaid, context)?;
        Some((name.to_string(), block))
    };
    let members = project.overlaid.iter().filter_map(service).collect();
    some_map(members)
}

fn service(project: &ComposeProject, overlaid: &Overlaid, context: &Context<'_>) -> Option<Node> {
    let Some(after) = &overlaid.after else {
        return Some(Map::with("enabled", flag(false)).node());
    };
    let mut inner = Context::of(&project.project);
    inner.over = Some(&context.secrets);
    let new = app::app(after, &inner);
    let old = app::app(&overlaid.before, &inner);
    let said = difference(&old, &new, Shape::Block(&SERVICE))?;
    let mut names = Vec::new();
    referred(&said, &mut names);
    context.secrets.used(names);
    Some(said)
}

/// What has to be laid over a tree so that another one comes of it; nothing where both
/// say the same.
fn difference(before: &Node, after: &Node, shape: Shape) -> Option<Node> {
    if before.same(after) {
        return None;
    }
    match (&before.value, &after.value, shape) {
        (Value::Mapping(old), Value::Mapping(new), Shape::Block(block)) => {
            let mut changed = changes(old, new, shape);
            not_said_twice(&mut changed, block);
            Some(Node {
                tag: after.tag.clone(),
                ..Node::new(Span::NONE, changed)
            })
        }
        (Value::Mapping(old), Value::Mapping(new), Shape::Named(_)) => {
            Some(Node::new(Span::NONE, changes(old, new, shape)))
        }
        (_, _, Shape::Named(named)) => Some(of_lists(before, after, named)),
        _ => Some(after.clone()),
    }
}

/// Keys with other values, and those that are there no more.
fn changes(old: &Mapping, new: &Mapping, shape: Shape) -> Mapping {
    let mut changed = Mapping::default();
    for Entry { key, value } in new {
        let below = shape.below(&key.text).unwrap_or(Shape::Verbatim);
        let said = match old.get(&key.text) {
            Some(before) => difference(before, value, below),
            None => Some(value.clone()),
        };
        if let Some(said) = said {
            changed.insert(key.clone(), said);
        }
    }
    for Entry { key, .. } in old
        .iter()
        .filter(|entry| !new.contains_key(&entry.key.text))
    {
        changed.insert(key.clone(), Node::null(Span::NONE));
    }
    changed
}

/// Of keys that exclude each other, the one that is said takes the others away.
fn not_said_twice(changed: &mut Mapping, block: &'static Block) {
    let said = changed.iter().filter(|entry| !entry.value.is_null());
    let said = said.filter_map(|entry| block.group(&entry.key.text)).next();
    if let Some(said) = said {
        changed.retain(|entry| {
            let group = block.group(&entry.key.text);
            !entry.value.is_null() || group.is_none_or(|group| group == said)
        });
    }
}

/// Members of which one side has a list: names that are there once are compared, else
/// the whole list is said.
fn of_lists(before: &Node, after: &Node, named: &'static Named) -> Node {
    let (Some(old), Some(new)) = (members(before, named), members(after, named)) else {
        return after.clone();
    };
    let changed = changes(&old, &new, Shape::Named(named));
    let takes_away = changed.iter().any(|entry| entry.value.is_null());
    let is_list = after.as_sequence().is_some();
    if takes_away || !is_list {
        return Node::new(Span::NONE, changed);
    }
    let changed = changed.into_iter();
    let changed = changed.map(|entry| (entry.key.text.to_string(), entry.value));
    listed(named.key, changed.collect())
}

/// Members by their names; none where one has none, or several have one.
fn members(node: &Node, named: &Named) -> Option<Mapping> {
    let items = match &node.value {
        Value::Mapping(mapping) => return Some(mapping.clone()),
        Value::Sequence(items) => items,
        Value::Scalar(_) => return None,
    };
    let mut members = Mapping::default();
    for item in items {
        let mut rest = item.as_mapping()?.clone();
        let name = rest.remove(named.key)?;
        let name = name.value.as_scalar()?.text.clone();
        let value = Node {
            tag: item.tag.clone(),
            ..Node::new(Span::NONE, rest)
        };
        let value = match named.item {
            Shape::Leaf(_) => value.get("value").cloned().unwrap_or(value),
            _ => value,
        };
        if members.insert(Key::new(name, Span::NONE), value).is_some() {
            return None;
        }
    }
    Some(members)
}

/// The variables of which a tree speaks.
fn referred<'n>(node: &'n Node, names: &mut Vec<&'n str>) {
    match &node.value {
        Value::Scalar(scalar) => {
            for piece in pieces(&scalar.text, Dialect::Apps) {
                if let Ok(Piece::Reference(reference)) = piece {
                    names.push(reference.name);
                }
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| referred(item, names)),
        Value::Mapping(mapping) => mapping
            .iter()
            .for_each(|entry| referred(&entry.value, names)),
    }
}
