//! Short forms written long, keys checked: the same tree, in one form only.
//!
//! Every place of the input is looked at here, also what an environment's
//! overrides replace later: a misspelt key is an error wherever it stands.

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Entry, Key as NodeKey, Mapping, Node, Path, Tag, Value};

use super::shape::{Block, Leaf, Named, Naming, Shape, Short};
use crate::fields::{Report, did_you_mean, shown};

/// The tag of members that were written as a list: their order means something.
const LISTED: &str = "!listed";

/// The tag of lists that were written as their only item.
const LONE: &str = "!lone";

/// Whether a list was written as its only item.
pub(super) fn is_lone(node: &Node) -> bool {
    node.tag.as_ref().is_some_and(|tag| &*tag.text == LONE)
}

/// Whether members keep the order in which they stand.
pub(super) fn keeps_order(node: &Node) -> bool {
    node.tag.as_ref().is_some_and(|tag| &*tag.text == LISTED)
}

/// Writes a tree of that shape long. What is wrong is reported and left as it is.
pub(super) fn long(node: Node, shape: Shape, name: &str, path: &Path<'_>, report: &Report) -> Node {
    let place = Place { name, path, report };
    let node = untagged(node, &place);
    // Nothing is said: in an override, it takes away what lies below.
    if node.is_null() && !matches!(shape, Shape::Verbatim) {
        return node;
    }
    match shape {
        Shape::Verbatim => node,
        Shape::Leaf(leaf) => place.leaf(node, leaf),
        Shape::List(item) => place.list(node, *item),
        Shape::Named(named) => place.named(node, named),
        Shape::Block(block) => place.block(node, block),
    }
}

fn untagged(mut node: Node, place: &Place<'_>) -> Node {
    if let Some(tag) = node.tag.take() {
        let message = format!("the tag `{}` means nothing here and is ignored", tag.text);
        let said = Diagnostic::warning("unknown-tag", tag.span, message);
        place.push(said.help("take it away; `null` removes a value of a lower layer"));
    }
    node
}

/// Where one stands, for messages.
struct Place<'a> {
    name: &'a str,
    path: &'a Path<'a>,
    report: &'a Report,
}

impl Place<'_> {
    fn push(&self, said: Diagnostic) {
        self.report.push(said.path(self.path.to_string()));
    }

    fn wants(&self, node: &Node, wanted: &str) {
        let found = match node.as_scalar().filter(|scalar| !scalar.is_null()) {
            Some(scalar) => shown(&scalar.text),
            None => node.kind().to_owned(),
        };
        let message = format!("`{}` wants {wanted}, found {found}", self.name);
        let said = Diagnostic::error("wrong-type", node.span, message);
        self.push(said.help(format!("write {wanted} here")));
    }

    fn leaf(&self, node: Node, leaf: Leaf) -> Node {
        if node.as_scalar().is_none() {
            self.wants(&node, leaf.wanted());
        }
        node
    }

    fn list(&self, node: Node, item: Shape) -> Node {
        let span = node.span;
        let (items, tag) = match node.value {
            Value::Sequence(items) => (items, None),
            value => {
                let tag = Tag {
                    text: LONE.into(),
                    span,
                };
                (vec![Node::new(span, value)], Some(Box::new(tag)))
            }
        };
        let items = items.into_iter().enumerate();
        let items = items
            .map(|(at, node)| long(node, item, self.name, &self.path.index(at), self.report))
            .collect::<Vec<_>>();
        Node {
            tag,
            ..Node::new(span, items)
        }
    }

    fn named(&self, node: Node, named: &'static Named) -> Node {
        match node.value {
            Value::Mapping(mapping) => {
                let mut members = Mapping::default();
                for Entry { key, value } in mapping {
                    if key.text.is_empty() {
                        self.nameless(&key);
                        continue;
                    }
                    let value = self.member(&key, value, named);
                    members.insert(key, value);
                }
                Node::new(node.span, members)
            }
            Value::Sequence(items) => self.listed(node.span, items, named),
            Value::Scalar(_) => {
                let items = vec![Node::new(node.span, node.value)];
                self.listed(node.span, items, named)
            }
        }
    }

    /// The error `bad-value` for a member of a map that is called nothing.
    fn nameless(&self, key: &NodeKey) {
        let message = format!("`{}` has an entry without a name", self.name);
        let said = Diagnostic::error("bad-value", key.span, message);
        self.push(said.help("give it a name, or take it away"));
    }

    fn listed(&self, span: Span, items: Vec<Node>, named: &'static Named) -> Node {
        let mut members = Mapping::default();
        for (at, item) in items.into_iter().enumerate() {
            let Some((key, value)) = self.item(item, at, named) else {
                continue;
            };
            let key = match named.naming != Naming::Own && members.contains_key(&key.text) {
                true => NodeKey::new(format!("{}\u{0}{at}", key.text), key.span),
                false => key,
            };
            if let Some(first) = members.get_entry(&key.text) {
                let message = format!("`{}` stands twice in `{}`", key.text, self.name);
                let said = Diagnostic::error("duplicate-key", key.span, message)
                    .related(first.key.span, "it stands here first")
                    .help("take one of the two away");
                self.push(said);
                continue;
            }
            let value = self.member(&key, value, named);
            members.insert(key, value);
        }
        let tag = Some(Box::new(Tag {
            text: LISTED.into(),
            span,
        }));
        Node {
            span,
            value: Value::Mapping(members),
            tag,
        }
    }

    /// A list's item as a member. One without a name is called by its place,
    /// where names are not asked for.
    fn item(&self, node: Node, at: usize, named: &'static Named) -> Option<(NodeKey, Node)> {
        let span = node.span;
        match node.value {
            Value::Mapping(mut mapping) => {
                let name = mapping.get(named.key).and_then(Node::as_scalar);
                let Some(name) = name.filter(|name| !name.is_null()) else {
                    if named.naming == Naming::Loose {
                        let node = Node::new(span, mapping);
                        return Some((nameless(at, span), node));
                    }
                    let message =
                        format!("a {} of `{}` has no `{}`", named.what, self.name, named.key);
                    let said = Diagnostic::error("missing-key", span, message);
                    self.push(said.help(format!("add `{}`", named.key)));
                    return None;
                };
                let text = name.text.clone();
                let place = mapping.get(named.key).map_or(span, |node| node.span);
                mapping.remove(named.key);
                Some((NodeKey::new(text, place), Node::new(span, mapping)))
            }
            value => {
                let node = Node::new(span, value);
                let member = named.scalar.and_then(|scalar| scalar(node.clone()));
                if member.is_none() {
                    self.wants(&node, &format!("a {} with its `{}`", named.what, named.key));
                }
                let (key, value) = member?;
                match key.text.is_empty() {
                    true => Some((nameless(at, span), value)),
                    false => Some((key, value)),
                }
            }
        }
    }

    fn member(&self, key: &NodeKey, value: Node, named: &'static Named) -> Node {
        let path = self.path.key(&key.text);
        long(value, named.item, &key.text, &path, self.report)
    }

    fn block(&self, node: Node, block: &'static Block) -> Node {
        let span = node.span;
        let is_switch = block.switch && is_bool(&node);
        if is_switch {
            return node;
        }
        let mapping = match node.value {
            Value::Mapping(mapping) => mapping,
            value => {
                let node = Node::new(span, value);
                match expanded(&node, block) {
                    Some(mapping) => mapping,
                    None => {
                        self.wants(
                            &node,
                            &format!("a mapping with the keys of {}", a(block.what)),
                        );
                        return node;
                    }
                }
            }
        };
        let mut keys = Mapping::default();
        for Entry { key, value } in mapping {
            let Some(known) = block.key(&key.text) else {
                if !(block.open && key.text.starts_with("x-")) {
                    self.unknown(&key, block);
                }
                continue;
            };
            let path = self.path.key(&key.text);
            let value = long(value, known.shape, &key.text, &path, self.report);
            keys.insert(key, value);
        }
        self.one_of(&mut keys, block);
        Node::new(span, keys)
    }

    fn unknown(&self, key: &NodeKey, block: &'static Block) {
        let message = format!("unknown key `{}` in {}", key.text, self.called(block));
        let hint = block.hints.iter().find(|(word, _)| *word == &*key.text);
        let help = match hint {
            Some((_, here)) => format!("here it is {here}"),
            None => did_you_mean(&key.text, || block.all().map(|key| key.name)),
        };
        let said = Diagnostic::error("unknown-key", key.span, message).help(help);
        self.report
            .push(said.path(self.path.key(&key.text).to_string()));
    }

    /// ``app `web` ``, or the block alone where it has no name.
    fn called(&self, block: &Block) -> String {
        match written_name(self.name) {
            Some(name) if name != block.what => format!("{} `{name}`", block.what),
            Some(_) | None => format!("`{}`", block.what),
        }
    }

    /// The error `two-alternatives` where keys stand together that exclude each other.
    /// The first of them is kept, so that no reader says it once more.
    fn one_of(&self, keys: &mut Mapping, block: &'static Block) {
        let group = |entry: &Entry| match entry.value.is_null() {
            true => None,
            false => block.group(&entry.key.text),
        };
        let found = |entry| Some((group(entry)?, &entry.key));
        let Some((first, one)) = keys.iter().find_map(found) else {
            return;
        };
        let mut others = keys.iter().filter_map(found);
        let Some((_, two)) = others.find(|(group, _)| *group != first) else {
            return;
        };
        let message = format!(
            "{} has both `{}` and `{}`",
            self.called(block),
            one.text,
            two.text
        );
        let said = Diagnostic::error("two-alternatives", two.span, message)
            .related(one.span, format!("`{}` stands here", one.text))
            .help(format!("keep `{}` or `{}`", one.text, two.text));
        self.push(said);
        keys.retain(|entry| group(entry).is_none_or(|group| group == first));
    }
}

impl Leaf {
    /// In a message: `wants a whole number`.
    fn wanted(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Bool => "`true` or `false`",
            Self::Whole => "a whole number",
            Self::Amount => "a number or a text",
            Self::Choice(_) => "a word",
            Self::Either => "`true`, `false` or a text",
        }
    }
}

fn a(what: &str) -> String {
    match what.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => format!("an {what}"),
        false => format!("a {what}"),
    }
}

pub(super) fn expanded(node: &Node, block: &'static Block) -> Option<Mapping> {
    match block.short {
        Short::None => None,
        Short::Main(key) => {
            let entry = Entry {
                key: NodeKey::new(key, node.span),
                value: node.clone(),
            };
            Some(std::iter::once(entry).collect())
        }
        Short::With(expand) => match expand(node)?.value {
            Value::Mapping(mapping) => Some(mapping),
            Value::Scalar(_) | Value::Sequence(_) => None,
        },
    }
}

/// The name of a member that has none: what cannot be written as one.
fn nameless(at: usize, span: Span) -> NodeKey {
    NodeKey::new(format!("\u{0}{at}"), span)
}

/// The name of a member as it was written; none where none was.
pub(super) fn written_name(key: &str) -> Option<&str> {
    let name = key.split('\u{0}').next().unwrap_or_default();
    (!name.is_empty()).then_some(name)
}

fn is_bool(node: &Node) -> bool {
    let text = node.as_scalar().map(|scalar| &*scalar.text);
    matches!(text, Some("true" | "false"))
}
