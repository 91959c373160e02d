//! What a file of version 2 says beyond version 2's words: words of version 3 are
//! noted, all others are errors.

use std::collections::BTreeSet;

use kubewright_source::Diagnostic;
use kubewright_yaml::{Key, Mapping, Node, Path, Value};

use super::context::ENVIRONMENTS;
use super::tree::text;
use super::words::{Block, OVERRIDE, ROOT, Words};
use crate::apps::shape::Shape;
use crate::apps::table;
use crate::fields::{Report, did_you_mean};

/// Looks through a whole file. Keys of neither version are taken away.
pub(super) fn check(root: &mut Node, report: &Report) {
    let environments = root.get("environments").and_then(Node::as_mapping);
    let environments = environments.into_iter().flat_map(Mapping::keys);
    let mut walk = Walk {
        report,
        environments: environments
            .chain(ENVIRONMENTS)
            .map(str::to_owned)
            .collect(),
        noted: BTreeSet::new(),
    };
    let shape = Some(Shape::Block(&table::ROOT));
    walk.node(root, Words::Block(&ROOT), shape, "", &Path::ROOT);
}

struct Walk<'a> {
    report: &'a Report,
    environments: BTreeSet<String>,
    /// Words of version 3 that were noted, with their blocks: each once.
    noted: BTreeSet<(&'static str, String)>,
}

impl Walk<'_> {
    fn node(
        &mut self,
        node: &mut Node,
        words: Words,
        shape: Option<Shape>,
        name: &str,
        path: &Path<'_>,
    ) {
        match (words, &mut node.value) {
            (Words::Any, _) | (_, Value::Scalar(_)) => {}
            (Words::Block(block), Value::Mapping(mapping)) => {
                self.block(mapping, block, shape, name, path);
            }
            (Words::List(words), Value::Sequence(items)) => {
                for (at, item) in items.iter_mut().enumerate() {
                    self.node(item, *words, item_of(shape), name, &path.index(at));
                }
            }
            (Words::List(words), Value::Mapping(_)) => {
                self.node(node, *words, item_of(shape), name, path);
            }
            (Words::Named(key, words), Value::Sequence(items)) => {
                for item in items {
                    let called = item.get(key).and_then(text).unwrap_or_default();
                    let called = called.to_owned();
                    let path = path.key(&called);
                    self.node(item, *words, item_of(shape), &called, &path);
                }
            }
            (Words::Named(_, words), Value::Mapping(members)) => {
                if let Some(first) = members.iter().next() {
                    let key = first.key.clone();
                    self.newer(&key, "map", &format!("a map in `{name}`"), path);
                }
                self.members(members, *words, shape, path);
            }
            (Words::Map(words), Value::Mapping(members)) => {
                self.members(members, *words, shape, path);
            }
            (Words::Map(_) | Words::Block(_), Value::Sequence(_)) => {}
        }
    }

    fn members(
        &mut self,
        members: &mut Mapping,
        words: Words,
        shape: Option<Shape>,
        path: &Path<'_>,
    ) {
        for (key, member) in members.values_mut() {
            let path = path.key(&key.text);
            self.node(member, words, item_of(shape), &key.text, &path);
        }
    }

    fn block(
        &mut self,
        mapping: &mut Mapping,
        block: &'static Block,
        shape: Option<Shape>,
        name: &str,
        path: &Path<'_>,
    ) {
        let known = |key: &str| match shape {
            Some(Shape::Block(block)) => block.key(key).is_some(),
            Some(Shape::Leaf(_) | Shape::List(_) | Shape::Named(_) | Shape::Verbatim) | None => {
                false
            }
        };
        let is_root = block.what == ROOT.what;
        let mut unknown: Vec<Key> = Vec::new();
        for (key, value) in mapping.values_mut() {
            let path = path.key(&key.text);
            if let Some(words) = self.word(block, &key.text) {
                self.node(value, words, below(shape, &key.text), &key.text, &path);
            } else if known(&key.text) {
                self.newer(key, block.what, &format!("`{}`", key.text), &path);
            } else if !(is_root && key.text.starts_with("x-")) {
                unknown.push(key.clone());
            }
        }
        for key in &unknown {
            mapping.remove(&key.text);
            self.unknown(key, block, shape, name, &path.key(&key.text));
        }
    }

    /// What stands at a key; entries have environments as keys.
    fn word(&self, block: &'static Block, key: &str) -> Option<Words> {
        let is_entry = block.key("enabled").is_some() && block.key("name").is_some();
        let is_environment = is_entry && self.environments.contains(key);
        let over = || is_environment.then_some(Words::Block(&OVERRIDE));
        block.key(key).or_else(over)
    }

    fn newer(&mut self, key: &Key, within: &'static str, what: &str, path: &Path<'_>) {
        if !self.noted.insert((within, what.to_owned())) {
            return;
        }
        let message = format!("{what} is of version 3");
        let said = Diagnostic::note("newer-key", key.span, message).path(path.to_string());
        self.report.push(said.help(
            "it counts all the same; the file is of version 2, with the words and defaults of \
             version 2",
        ));
    }

    fn unknown(
        &self,
        key: &Key,
        block: &'static Block,
        shape: Option<Shape>,
        name: &str,
        path: &Path<'_>,
    ) {
        let called = match name.is_empty() || name == block.what {
            true => format!("`{}`", block.what),
            false => format!("{} `{name}`", block.what),
        };
        let newer = || match shape {
            Some(Shape::Block(block)) => block.all().map(|key| key.name).collect::<Vec<_>>(),
            Some(Shape::Leaf(_) | Shape::List(_) | Shape::Named(_) | Shape::Verbatim) | None => {
                Vec::new()
            }
        };
        let hint = match shape {
            Some(Shape::Block(block)) => block.hints.iter().find(|(word, _)| *word == &*key.text),
            Some(_) | None => None,
        };
        let help = match hint {
            Some((_, here)) => format!("here it is {here}"),
            None => did_you_mean(&key.text, || block.names().chain(newer())),
        };
        let message = format!("unknown key `{}` in {called}", key.text);
        let said = Diagnostic::error("unknown-key", key.span, message).help(help);
        self.report.push(said.path(path.to_string()));
    }
}

/// The shape of version 3 for the items of a list, or members with names.
fn item_of(shape: Option<Shape>) -> Option<Shape> {
    match shape? {
        Shape::List(item) => Some(*item),
        Shape::Named(named) => Some(named.item),
        Shape::Leaf(_) | Shape::Block(_) | Shape::Verbatim => None,
    }
}

/// The shape of version 3 where a key of version 2 goes.
fn below(shape: Option<Shape>, key: &str) -> Option<Shape> {
    let shape = shape?;
    if let Some(same) = shape.below(key) {
        return Some(same);
    }
    match key {
        "serverless" => shape.below("functions"),
        "container" | "pod_security_context" | "container_security_context" => Some(shape),
        "ingress" => Some(Shape::Block(&table::ROUTE)),
        _ => item_of(shape.below("overrides")),
    }
}
