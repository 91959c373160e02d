//! What a document is after reading.

use std::collections::HashMap;

use kubewright_source::Span;

/// One value of a document and where it stands.
///
/// Equality looks at places, too; [`Node::same`] does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Scalars: the token as written, quotes included. Flow collections: bracket
    /// to bracket. Block collections: first to last child. A value that is not
    /// written at all: the empty place where it would stand.
    pub span: Span,
    /// What stands there.
    pub value: Value,
    /// A local tag, `!reset`; tags of YAML itself (`!!str`) were honoured on
    /// reading and are gone.
    pub tag: Option<Box<Tag>>,
}

/// What stands at a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text that may mean a string, a number, a boolean, nothing or a date.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values.
    Mapping(Mapping),
}

/// A scalar as it was written; [`Scalar::resolve`] says what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, escapes and folding undone.
    pub text: Box<str>,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes: the text decides what it means.
    Plain,
    /// In single or double quotes, or tagged `!!str`: a string.
    Quoted,
    /// A literal (`|`) or folded (`>`) block: a string.
    Block,
}

/// A tag that YAML itself does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As written, `!` included.
    pub text: Box<str>,
    /// Where.
    pub span: Span,
}

/// A key of a mapping. Keys that are not strings (`80:`) keep their text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key, escapes undone.
    pub text: Box<str>,
    /// Where, quotes included.
    pub span: Span,
}

/// One line of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// Its value.
    pub value: Node,
}

/// Keys and values in the order in which they were written; each key once.
///
/// Small mappings are searched from the front, large ones have an index.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    entries: Vec<Entry>,
    index: Option<Box<Index>>,
}

/// Where each key stands; boxed, so that the many small mappings stay small.
#[derive(Clone, Debug)]
struct Index(HashMap<Box<str>, u32>);

/// From this length on a mapping has an index.
const INDEXED: usize = 32;

impl Node {
    /// A node without a local tag.
    pub fn new(span: Span, value: impl Into<Value>) -> Self {
        Self {
            span,
            value: value.into(),
            tag: None,
        }
    }

    /// A string, whatever its text looks like.
    pub fn string(span: Span, text: impl Into<Box<str>>) -> Self {
        Self::new(span, Scalar::string(text))
    }

    /// Nothing.
    pub fn null(span: Span) -> Self {
        Self::new(span, Scalar::plain(""))
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The items, if it is a sequence.
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            Value::Scalar(_) | Value::Mapping(_) => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            Value::Scalar(_) | Value::Sequence(_) => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_mapping_mut(&mut self) -> Option<&mut Mapping> {
        match &mut self.value {
            Value::Mapping(mapping) => Some(mapping),
            Value::Scalar(_) | Value::Sequence(_) => None,
        }
    }

    /// The value under a key, if it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_mapping()?.get(key)
    }

    /// True for a scalar that means nothing: not written, `~`, `null`.
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(Scalar::is_null)
    }

    /// `a string`, `a number`, `a mapping`: what people call it.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(scalar) => scalar.resolve().kind(),
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// True where both say the same, wherever they stand: same texts, same
    /// styles up to the kind of quoting, same order, same tags.
    pub fn same(&self, other: &Self) -> bool {
        let tags = (&self.tag, &other.tag);
        let tags_equal = match tags {
            (None, None) => true,
            (Some(a), Some(b)) => a.text == b.text,
            (Some(_), None) | (None, Some(_)) => false,
        };
        tags_equal && self.value.same(&other.value)
    }
}

impl Value {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Scalar(a), Self::Scalar(b)) => {
                a.text == b.text && (a.style == Style::Plain) == (b.style == Style::Plain)
            }
            (Self::Sequence(a), Self::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Self::Mapping(a), Self::Mapping(b)) => {
                let pairs = || a.entries.iter().zip(&b.entries);
                a.len() == b.len()
                    && pairs().all(|(a, b)| a.key.text == b.key.text && a.value.same(&b.value))
            }
            (Self::Scalar(_) | Self::Sequence(_) | Self::Mapping(_), _) => false,
        }
    }
}

impl From<Scalar> for Value {
    fn from(scalar: Scalar) -> Self {
        Self::Scalar(scalar)
    }
}

impl From<Vec<Node>> for Value {
    fn from(items: Vec<Node>) -> Self {
        Self::Sequence(items)
    }
}

impl From<Mapping> for Value {
    fn from(mapping: Mapping) -> Self {
        Self::Mapping(mapping)
    }
}

impl Scalar {
    /// A scalar without quotes: its text decides what it means.
    pub fn plain(text: impl Into<Box<str>>) -> Self {
        Self {
            text: text.into(),
            style: Style::Plain,
        }
    }

    /// A string, whatever its text looks like.
    pub fn string(text: impl Into<Box<str>>) -> Self {
        Self {
            text: text.into(),
            style: Style::Quoted,
        }
    }
}

impl Key {
    /// A key and its place.
    pub fn new(text: impl Into<Box<str>>, span: Span) -> Self {
        Self {
            text: text.into(),
            span,
        }
    }
}

impl Mapping {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True for `{}`.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        Some(&self.get_entry(key)?.value)
    }

    /// Key and value.
    pub fn get_entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(self.position(key)?)
    }

    /// The value under a key.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let at = self.position(key)?;
        Some(&mut self.entries.get_mut(at)?.value)
    }

    /// True where the key stands.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Sets a value: an entry with this key is replaced where it stands (its old
    /// self comes back), else the entry goes to the end.
    pub fn insert(&mut self, key: Key, value: Node) -> Option<Entry> {
        let entry = Entry { key, value };
        match self.position(&entry.key.text) {
            Some(at) => Some(std::mem::replace(&mut self.entries[at], entry)),
            None => {
                self.append(entry);
                None
            }
        }
    }

    /// Takes an entry out; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.position(key)?;
        let entry = self.entries.remove(at);
        self.reindex();
        Some(entry)
    }

    /// Keeps the entries that `keep` says yes to.
    pub fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.entries.retain(keep);
        self.reindex();
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The values in order, for changing them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = (&Key, &mut Node)> {
        self.entries
            .iter_mut()
            .map(|entry| (&entry.key, &mut entry.value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.key.text)
    }

    /// The entry at a position.
    pub fn entry_at(&self, position: usize) -> Option<&Entry> {
        self.entries.get(position)
    }

    /// Where a key stands, counted from 0.
    pub fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.0.get(key).map(|at| *at as usize),
            None => self.entries.iter().position(|e| &*e.key.text == key),
        }
    }

    /// Gives back memory that was reserved for more entries.
    pub(crate) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }

    /// Adds an entry whose key is known to be new.
    fn append(&mut self, entry: Entry) {
        let at = self.entries.len();
        if let (Some(index), Ok(at)) = (&mut self.index, u32::try_from(at)) {
            index.0.insert(entry.key.text.clone(), at);
        }
        self.entries.push(entry);
        if self.index.is_none() && self.entries.len() >= INDEXED {
            self.reindex();
        }
    }

    fn reindex(&mut self) {
        self.index = (self.entries.len() >= INDEXED).then(|| {
            let places = self.entries.iter().zip(0_u32..);
            let keys = places.map(|(entry, at)| (entry.key.text.clone(), at));
            Box::new(Index(keys.collect()))
        });
    }
}

impl PartialEq for Mapping {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl IntoIterator for Mapping {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a> IntoIterator for &'a Mapping {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

/// Later entries replace earlier ones of the same key.
impl FromIterator<Entry> for Mapping {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut mapping = Self::default();
        for entry in entries {
            mapping.insert(entry.key, entry.value);
        }
        mapping
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: usize) -> Mapping {
        let entry = |n: usize| Entry {
            key: Key::new(format!("k{n}"), Span::NONE),
            value: Node::string(Span::NONE, n.to_string()),
        };
        (0..count).map(entry).collect()
    }

    fn text(node: Option<&Node>) -> Option<&str> {
        Some(&*node?.as_scalar()?.text)
    }

    #[test]
    fn small_and_large_mappings_find_replace_and_remove() {
        for count in [3, INDEXED - 1, INDEXED, INDEXED + 1, 1000] {
            let mut mapping = filled(count);
            assert_eq!(text(mapping.get("k2")), Some("2"), "{count}");
            assert!(!mapping.contains_key("x"));
            let old = mapping.insert(Key::new("k1", Span::NONE), Node::string(Span::NONE, "new"));
            assert!(old.is_some());
            assert_eq!(mapping.position("k1"), Some(1));
            assert_eq!(mapping.remove("k0").map(|e| e.key.text), Some("k0".into()));
            assert_eq!(text(mapping.get("k1")), Some("new"));
            assert_eq!(mapping.position("k2"), Some(1));
            assert_eq!(mapping.len(), count - 1);
            mapping.retain(|entry| &*entry.key.text != "k1");
            assert_eq!(mapping.keys().next(), Some("k2"));
            assert_eq!(mapping.get("k1"), None);
        }
    }

    #[test]
    fn nodes_stay_small() {
        assert!(size_of::<Node>() <= 56, "{}", size_of::<Node>());
    }
}
