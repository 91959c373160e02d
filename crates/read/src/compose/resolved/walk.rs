//! The walk along the table: a value and its shape in, the resolved value out.

use std::path::Path as FilePath;

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Resolved, Scalar};

use super::fault;
use super::leaf;
use super::shape::{Extensions, Field, KeyRule, List, Named, Object, Shape};
use crate::document::equal;
use crate::environment::Environment;

/// What a walk knows, and what it has found.
pub(super) struct Walk<'a> {
    /// The project's folder, absolute.
    pub(super) folder: &'a FilePath,
    /// Variables: `HOME`, and where names without values take theirs from.
    pub(super) environment: &'a Environment,
    /// Whether relative paths become absolute.
    pub(super) absolute_paths: bool,
    /// What is wrong.
    pub(super) faults: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    /// One that has found nothing yet.
    pub(super) fn fresh(&self) -> Walk<'a> {
        Walk {
            faults: Vec::new(),
            ..*self
        }
    }
}

impl Walk<'_> {
    /// What a value becomes; `None` where nothing is written, because it is wrong
    /// (which was said) or says no more than leaving it out.
    pub(super) fn shape(&mut self, shape: &Shape, node: &Node, path: &Path<'_>) -> Option<Node> {
        match shape {
            Shape::Any => Some(node.clone()),
            Shape::Leaf(leaf) => leaf::resolved(self, leaf, node, path),
            Shape::List(list) => self.list(list, node, path),
            Shape::Strings => self.strings(node, path),
            Shape::Object(object) => self.object(object, &[object.fields], node, path),
            Shape::Named(named) => self.named(named, node, path),
            Shape::Room(room) => room(self, node, path),
        }
    }

    pub(super) fn say(&mut self, fault: Diagnostic) {
        self.faults.push(fault);
    }

    pub(super) fn wrong_type(&mut self, node: &Node, path: &Path<'_>, wanted: &str) {
        self.say(fault::wrong_type(node, path, wanted));
    }

    /// A mapping with the keys of these tables.
    pub(super) fn object(
        &mut self,
        object: &Object,
        fields: &[&[Field]],
        node: &Node,
        path: &Path<'_>,
    ) -> Option<Node> {
        let mapping = match node.as_mapping() {
            Some(mapping) => mapping,
            None if node.is_null() && object.null => return None,
            None => {
                self.wrong_type(node, path, "a mapping");
                return None;
            }
        };
        let mut out = Vec::with_capacity(mapping.len());
        for entry in mapping {
            let key = &*entry.key.text;
            if let Some(field) = find(fields, key) {
                let value = self.shape(&field.shape, &entry.value, &path.key(key));
                out.extend(value.map(|value| Entry {
                    key: entry.key.clone(),
                    value,
                }));
            } else if key.starts_with("x-") && object.extensions != Extensions::Refused {
                if object.extensions == Extensions::Kept {
                    out.push(entry.clone());
                }
            } else if !object.open {
                let said = fault::unknown_key(key, entry.key.span, path, object, fields);
                self.say(said);
            }
        }
        for key in object.needs {
            if !mapping.contains_key(key) {
                self.say(fault::missing_key(key, node.span, path, object.what));
            }
        }
        if out.is_empty() && !object.keeps_empty {
            return None;
        }
        Some(Node::new(node.span, Mapping::from_iter(out)))
    }

    /// A mapping whose keys are the user's.
    pub(super) fn named(&mut self, named: &Named, node: &Node, path: &Path<'_>) -> Option<Node> {
        let Some(mapping) = node.as_mapping() else {
            self.wrong_type(node, path, "a mapping");
            return None;
        };
        let mut out = Vec::with_capacity(mapping.len());
        for entry in mapping {
            let key = &*entry.key.text;
            self.key(named.key, key, entry.key.span, path, named.what);
            let value = self.shape(&named.value, &entry.value, &path.key(key));
            let value = match value {
                None if named.keeps_null => Some(Node::null(entry.value.span)),
                value => value,
            };
            out.extend(value.map(|value| Entry {
                key: entry.key.clone(),
                value,
            }));
        }
        (!out.is_empty()).then(|| Node::new(node.span, Mapping::from_iter(out)))
    }

    /// Says where a key may not be one.
    pub(super) fn key(
        &mut self,
        rule: KeyRule,
        key: &str,
        span: Span,
        path: &Path<'_>,
        what: &str,
    ) {
        let fits = match rule {
            KeyRule::Any => true,
            KeyRule::Filled => !key.is_empty(),
            KeyRule::Name => is_name(key),
        };
        if !fits {
            self.say(fault::bad_name(key, span, path, what));
        }
    }

    fn list(&mut self, list: &List, node: &Node, path: &Path<'_>) -> Option<Node> {
        let Some(items) = node.as_sequence() else {
            self.wrong_type(node, path, "a list");
            return None;
        };
        if list.unique {
            self.unique(items, path);
        }
        let mut out = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            out.extend(self.shape(&list.item, item, &path.index(at)));
        }
        (!out.is_empty()).then(|| Node::new(node.span, out))
    }

    /// Says where two items of a list are equal.
    pub(super) fn unique(&mut self, items: &[Node], path: &Path<'_>) {
        let texts: Option<Vec<&str>> = items.iter().map(plain_text).collect();
        if let Some(mut texts) = texts {
            // The common case: strings without doubles, found out without comparing each with each.
            texts.sort_unstable();
            if !texts.windows(2).any(|pair| pair[0] == pair[1]) {
                return;
            }
        }
        for (at, item) in items.iter().enumerate() {
            if let Some(earlier) = items[..at].iter().find(|earlier| equal(earlier, item)) {
                self.say(fault::twice(item, earlier, path));
                return;
            }
        }
    }

    /// A string, or a list of strings, as a list.
    fn strings(&mut self, node: &Node, path: &Path<'_>) -> Option<Node> {
        if node.as_sequence().is_some() {
            return self.shape(&super::shape::TEXTS, node, path);
        }
        let text = text_of(node);
        if text.is_none() {
            self.wrong_type(node, path, "a string or a list of strings");
            return None;
        }
        Some(Node::new(node.span, vec![node.clone()]))
    }
}

/// The field of a key; tables are in the order of the alphabet.
fn find<'f>(fields: &[&'f [Field]], key: &str) -> Option<&'f Field> {
    fields.iter().find_map(|fields| {
        let at = fields.binary_search_by(|field| field.key.cmp(key)).ok()?;
        fields.get(at)
    })
}

pub(super) fn is_name(key: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !key.is_empty() && key.chars().all(fits)
}

/// The text of a scalar that is a string. A date without quotes is none: Compose's
/// schema lets it pass for one, and then nothing can be made of it.
pub(super) fn text_of(node: &Node) -> Option<&str> {
    let scalar = node.as_scalar()?;
    (scalar.resolve() == Resolved::String).then_some(&*scalar.text)
}

fn plain_text(node: &Node) -> Option<&str> {
    text_of(node)
}

/// A key and its value that came of the same place.
pub(super) fn entry(key: &str, value: Node) -> Entry {
    Entry {
        key: Key::new(key, value.span),
        value,
    }
}

/// A number or a boolean.
pub(super) fn plain(span: Span, text: impl ToString) -> Node {
    Node::new(span, Scalar::plain(text.to_string()))
}
