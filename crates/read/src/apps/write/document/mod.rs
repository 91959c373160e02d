//! An `apps.yaml` as an `apps.yaml` of version 3: a document to a document. All
//! environments, defaults, templates and `${…}` stay what they are.
//!
//! 1. `store`, `secret`: what version 2 means beyond its tree gets words;
//! 2. `plain`: what the format takes for granted is left out, and lists whose order
//!    means nothing become maps;
//! 3. `relisted`: what is written long gets the form that `short` shortens;
//! 4. `notes`: comments of the file stand where they stood.

mod layers;
mod notes;
mod plain;
mod secret;
mod store;

use kubewright_source::{SecretValues, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Value, WriteError, to_readable};

use super::comment::{Comments, Remark};
pub use notes::Notes;

use super::short::NEVER_LONE;
use super::tree::long;
use super::{Written, hide, short};
use crate::apps::decode::is_in_clear;
use crate::apps::document::Document;
use crate::apps::long::{is_lone, keeps_order, written_name};
use crate::apps::shape::{Named, Shape};
use crate::apps::table::{ROOT, VARIABLE};

/// Writes a document. The lines of `head` are its first comment; remarks stand where
/// the entry is that they are about, beside the `notes` of the file. Values of `secrets` are hidden wherever they
/// stand, beside those that look like secrets.
///
/// # Errors
///
/// See [`WriteError`].
pub fn document(
    document: &Document,
    notes: &Notes,
    head: &[String],
    remarks: &[Remark],
    secrets: &SecretValues,
) -> Result<Written, WriteError> {
    let mut root = document.root().clone();
    if let Some(top) = root.as_mapping_mut() {
        top.remove("version");
    }
    store::lay(&mut root, document);
    let hidden = secret::hide(&mut root);
    let mut needed = hidden.needed.clone();
    needed.extend(hide::hide(&mut root, secrets, &hidden.all()));
    needed.sort_by(|one, two| one.variable.cmp(&two.variable));
    plain::leave_out(&mut root);
    let root = relisted(root, Shape::Block(&ROOT), "");
    let root = short::short(root, Shape::Block(&ROOT), "");
    let kept = notes.kept(&root, &needed);
    let comments = Comments::of(&root, head, &needed, remarks, kept);
    let text = comments.top() + &to_readable(&root, &comments)?;
    Ok(Written { text, needed })
}

/// A tree that is written long, with lists where lists were written.
fn relisted(node: Node, shape: Shape, key: &str) -> Node {
    let (listed, lone) = (keeps_order(&node), is_lone(&node));
    let Node { span, value, .. } = node;
    match (value, shape) {
        (value, Shape::Verbatim) => untagged(Node::new(span, value)),
        (Value::Mapping(mapping), Shape::Named(named)) => {
            let members = mapping.into_iter().map(|Entry { key, value }| {
                let value = member(value, named, &key);
                Entry { key, value }
            });
            match listed {
                true => items(span, members, named),
                false => Node::new(span, members.collect::<Mapping>()),
            }
        }
        (Value::Mapping(mapping), shape) => {
            let entries = mapping.into_iter().map(|Entry { key, value }| {
                let below = shape.below(&key.text).unwrap_or(Shape::Verbatim);
                let value = relisted(value, below, &key.text);
                Entry { key, value }
            });
            Node::new(span, entries.collect::<Mapping>())
        }
        (Value::Sequence(mut items), shape) => {
            if lone && NEVER_LONE.contains(&key) && items.len() == 1 {
                return items.remove(0);
            }
            let item = match shape {
                Shape::List(item) => *item,
                Shape::Leaf(_) | Shape::Named(_) | Shape::Block(_) | Shape::Verbatim => {
                    Shape::Verbatim
                }
            };
            let items = items.into_iter().map(|node| relisted(node, item, key));
            Node::new(span, items.collect::<Vec<_>>())
        }
        (value @ Value::Scalar(_), _) => Node::new(span, value),
    }
}

/// A member. A variable's text that was written long may look secret, and stays long.
fn member(node: Node, named: &'static Named, key: &Key) -> Node {
    let is_variable = matches!(named.item, Shape::Block(block) if std::ptr::eq(block, &VARIABLE));
    let stays = is_variable && is_kept(&node, &key.text);
    let node = relisted(node, named.item, &key.text);
    match stays {
        true => long(node),
        false => node,
    }
}

fn is_kept(variable: &Node, name: &str) -> bool {
    let Some(value) = variable.get("value") else {
        return false;
    };
    let text = value.as_scalar().map_or("", |scalar| &*scalar.text);
    let is_short = variable.span == value.span;
    !is_short && (is_in_clear(name, text) || text.contains("${"))
}

/// Members as the items of a list.
fn items(span: Span, members: impl Iterator<Item = Entry>, named: &'static Named) -> Node {
    let item = |Entry { key, value }: Entry| {
        let mut mapping = Mapping::default();
        if let Some(name) = written_name(&key.text) {
            mapping.insert(Key::new(named.key, key.span), Node::string(key.span, name));
        }
        let (span, tag) = (value.span, value.tag.clone());
        match value.value {
            Value::Mapping(members) => {
                for Entry { key, value } in members {
                    mapping.insert(key, value);
                }
            }
            // The text of a member that is nothing else stands under `value`.
            value => {
                mapping.insert(Key::new("value", span), Node::new(span, value));
            }
        }
        Node {
            tag,
            ..Node::new(span, mapping)
        }
    };
    Node::new(span, members.map(item).collect::<Vec<_>>())
}

/// A tree in the words of others, without the tags of anybody.
fn untagged(node: Node) -> Node {
    let value = match node.value {
        Value::Mapping(mapping) => {
            let entries = mapping.into_iter().map(|Entry { key, value }| Entry {
                key,
                value: untagged(value),
            });
            Value::Mapping(entries.collect())
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(untagged).collect()),
        value @ Value::Scalar(_) => value,
    };
    Node::new(node.span, value)
}
