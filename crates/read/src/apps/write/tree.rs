//! How values are put into a tree: the counterpart of `decode::given`.

use std::collections::BTreeMap;
use std::fmt::Display;

use kubewright_model::object::Tree;
use kubewright_model::{Given, Located};
use kubewright_source::Span;
use kubewright_yaml::{Key, Mapping, Node, Scalar, Tag};

/// A block under construction; what says nothing is not put in.
#[derive(Default)]
pub(super) struct Map(Mapping);

impl Map {
    /// One with a first key.
    pub(super) fn with(key: &str, value: impl Into<Option<Node>>) -> Self {
        let mut map = Self::default();
        map.put(key, value);
        map
    }

    /// Puts a value under a key, where there is one.
    pub(super) fn put(&mut self, key: &str, value: impl Into<Option<Node>>) {
        if let Some(value) = value.into() {
            self.0.insert(Key::new(key, Span::NONE), value);
        }
    }

    /// A text that may be given.
    pub(super) fn text<T: AsRef<str>>(&mut self, key: &str, given: &Given<T>) {
        self.put(key, given.as_ref().map(|given| text(given.value.as_ref())));
    }

    /// A number, with or without a unit, that may be given.
    pub(super) fn amount<T: Display>(&mut self, key: &str, given: &Given<T>) {
        self.put(key, given.as_ref().map(|given| amount(&given.value)));
    }

    /// A word that may be given.
    pub(super) fn word<T: Copy>(
        &mut self,
        key: &str,
        given: &Given<T>,
        word: impl FnOnce(T) -> &'static str,
    ) {
        self.put(key, given.as_ref().map(|given| text(word(given.value))));
    }

    /// Yes or no, where it is given.
    pub(super) fn flag(&mut self, key: &str, given: &Given<bool>) {
        self.put(key, given.as_ref().map(|given| flag(given.value)));
    }

    /// Texts, where there are any.
    pub(super) fn texts<T: AsRef<str>>(&mut self, key: &str, texts: &[Located<T>]) {
        let items = texts.iter().map(|one| text(one.value.as_ref()));
        self.put(key, some_list(items.collect()));
    }

    /// Names with texts, where there are any.
    pub(super) fn pairs<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        key: &str,
        pairs: &BTreeMap<K, Located<V>>,
    ) {
        let members = pairs
            .iter()
            .map(|(name, value)| (name.as_ref().to_owned(), text(value.value.as_ref())));
        self.put(key, some_map(members.collect()));
    }

    /// True while nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The block; none where nothing is said in it.
    pub(super) fn some(self) -> Option<Node> {
        (!self.0.is_empty()).then(|| self.node())
    }

    /// The block, also where nothing is said in it.
    pub(super) fn node(self) -> Node {
        Node::new(Span::NONE, self.0)
    }
}

/// A text. `${` and `$$` in it are no references.
pub(super) fn text(text: &str) -> Node {
    raw(&escaped(text))
}

/// A text that is not interpolated when it is read, or that holds a reference.
pub(super) fn raw(text: &str) -> Node {
    Node::string(Span::NONE, text)
}

/// A number, with or without a unit.
pub(super) fn amount(value: impl Display) -> Node {
    let value = value.to_string();
    let digits = value.strip_prefix('-').unwrap_or(&value);
    let is_number = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    match is_number {
        true => Node::new(Span::NONE, Scalar::plain(value)),
        false => text(&value),
    }
}

/// Yes or no.
pub(super) fn flag(yes: bool) -> Node {
    Node::new(
        Span::NONE,
        Scalar::plain(if yes { "true" } else { "false" }),
    )
}

/// A list.
pub(super) fn list(items: Vec<Node>) -> Node {
    Node::new(Span::NONE, items)
}

/// A list; none where nothing is in it.
pub(super) fn some_list(items: Vec<Node>) -> Option<Node> {
    (!items.is_empty()).then(|| list(items))
}

/// Members by their names, in this order.
pub(super) fn map(members: Vec<(String, Node)>) -> Node {
    let mut mapping = Mapping::default();
    for (name, value) in members {
        mapping.insert(Key::new(name, Span::NONE), value);
    }
    Node::new(Span::NONE, mapping)
}

/// Members by their names; none where there are none.
pub(super) fn some_map(members: Vec<(String, Node)>) -> Option<Node> {
    (!members.is_empty()).then(|| map(members))
}

/// Named members: a map where their order is the one that a map has when it is
/// read, else a list whose items have their names in `key`.
pub(super) fn named(key: &str, members: Vec<(String, Node)>) -> Option<Node> {
    let sorted = members.windows(2).all(|pair| match pair {
        [(one, _), (two, _)] => one < two,
        _ => true,
    });
    match sorted {
        true => some_map(members),
        false => Some(listed(key, members)),
    }
}

/// Named members as a list. A member without a name has an empty one.
pub(super) fn listed(key: &str, members: Vec<(String, Node)>) -> Node {
    let item = |(name, value): (String, Node)| {
        let mut mapping = Mapping::default();
        if !name.is_empty() {
            mapping.insert(Key::new(key, Span::NONE), raw(&name));
        }
        for entry in value.as_mapping().into_iter().flat_map(Mapping::iter) {
            mapping.insert(entry.key.clone(), entry.value.clone());
        }
        let tag = value.tag.clone();
        // A text is the value of its only key.
        if value.as_mapping().is_none() {
            mapping.insert(Key::new("value", Span::NONE), value);
        }
        Node {
            tag,
            ..Node::new(Span::NONE, mapping)
        }
    };
    list(members.into_iter().map(item).collect())
}

/// A tree in the words of others.
pub(super) fn verbatim(tree: &Tree) -> Node {
    match tree {
        Tree::Null => Node::new(Span::NONE, Scalar::plain("null")),
        Tree::Bool(yes) => flag(*yes),
        Tree::Integer(number) => Node::new(Span::NONE, Scalar::plain(number.to_string())),
        Tree::Float(number) => Node::new(Span::NONE, Scalar::plain(float(*number))),
        Tree::Text(text) => self::text(text),
        Tree::List(items) => list(items.iter().map(verbatim).collect()),
        Tree::Map(members) => {
            let members = members
                .iter()
                .map(|(key, value)| (key.clone(), verbatim(value)));
            map(members.collect())
        }
    }
}

/// Trees in the words of others.
pub(super) fn trees(trees: &[Located<Tree>]) -> Option<Node> {
    some_list(trees.iter().map(|tree| verbatim(&tree.value)).collect())
}

/// As YAML writes a number that is not whole.
fn float(number: f64) -> String {
    match number {
        number if number.is_nan() => ".nan".to_owned(),
        number if number.is_infinite() && number > 0.0 => ".inf".to_owned(),
        number if number.is_infinite() => "-.inf".to_owned(),
        number => format!("{number:?}"),
    }
}

/// The tag of blocks that stay as they are, although they have a short form.
const LONG: &str = "!long";

/// A block that is not shortened.
pub(super) fn long(mut node: Node) -> Node {
    node.tag = Some(Box::new(Tag {
        text: LONG.into(),
        span: Span::NONE,
    }));
    node
}

/// Whether a block is to stay as it is; it forgets it.
pub(super) fn stays_long(node: &mut Node) -> bool {
    node.tag.take().is_some_and(|tag| &*tag.text == LONG)
}

/// A text whose references are none: `$$` and `${` get a `$` more for each of theirs.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let count = from.bytes().take_while(|byte| *byte == b'$').count();
        let behind = &from[count..];
        let doubled = count > 1 || behind.starts_with('{');
        for _ in 0..if doubled { 2 * count } else { count } {
            out.push('$');
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpolate::{Dialect, expand};

    #[test]
    fn texts_are_read_as_they_were() {
        for text in [
            "a", "$", "$$", "$$$", "${A}", "$${A}", "$A", "$(A)", "$$(A)", "a$", "$x$$y${", "€${",
        ] {
            let written = escaped(text);
            let read = expand(&written, Dialect::Apps, &|_| None).expect("no references");
            assert_eq!(read.text, text, "{written}");
        }
    }

    #[test]
    fn numbers_are_plain_and_texts_are_not() {
        let rows = [
            ("80", true),
            ("0440", false),
            ("90s", false),
            ("", false),
            ("0", true),
        ];
        for (text, plain) in rows {
            let node = amount(text);
            let style = node.as_scalar().map(|scalar| scalar.style);
            let is_plain = style == Some(kubewright_yaml::Style::Plain);
            assert_eq!(is_plain, plain, "{text}");
        }
    }
}
