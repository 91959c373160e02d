//! What can stand where in an `apps.yaml`: the types of the [table](super::table).
//!
//! One table says it all: the reader checks keys and writes short forms long by
//! it, environments are merged by it, and the JSON Schema is printed from it.

use kubewright_yaml::{Key as NodeKey, Node};

/// What can stand at a place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A scalar.
    Leaf(Leaf),
    /// A list; one item stands for a list of one.
    List(&'static Shape),
    /// Members by their names.
    Named(&'static Named),
    /// Keys that are known.
    Block(&'static Block),
    /// Whatever Kubernetes, a chart or a tool understands; passed on as it is.
    Verbatim,
}

/// What a scalar is. Which texts are good is said by the model's constructors;
/// this is what an editor needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    /// A text, numbers and booleans as they are written.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Whole,
    /// A number, or a text that begins with one: `90s`, `512Mi`, `25%`, `9/m`.
    Amount,
    /// One of these words, in any case.
    Choice(&'static [&'static str]),
    /// `true`, `false` or a text.
    Either,
}

/// The member that a scalar item of a list stands for; none where it is none.
type ScalarItem = fn(Node) -> Option<(NodeKey, Node)>;

/// Members by their names: a map, or a list whose items have the name in a key.
#[derive(Debug)]
pub(super) struct Named {
    /// What a member is called in messages: `port`.
    pub(super) what: &'static str,
    /// What a member is.
    pub(super) item: Shape,
    /// The key of a list's items that holds the name.
    pub(super) key: &'static str,
    /// The member that a scalar item of a list stands for; none: scalars are wrong.
    pub(super) scalar: Option<ScalarItem>,
    /// What a list may do with names.
    pub(super) naming: Naming,
}

/// What the items of a list may do with their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// Each has one of its own.
    Own,
    /// Several may have the same.
    Shared,
    /// One may have none, and several the same.
    Loose,
}

impl Named {
    /// Members whose names a list's items have in `name`.
    pub(super) const fn new(what: &'static str, item: Shape) -> Self {
        Self {
            what,
            item,
            key: "name",
            scalar: None,
            naming: Naming::Own,
        }
    }

    /// With another key for the name.
    #[must_use]
    pub(super) const fn keyed(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    /// With scalar items.
    #[must_use]
    pub(super) const fn scalar(mut self, member: fn(Node) -> Option<(NodeKey, Node)>) -> Self {
        self.scalar = Some(member);
        self
    }

    /// With items that share a name.
    #[must_use]
    pub(super) const fn shared(mut self) -> Self {
        self.naming = Naming::Shared;
        self
    }

    /// With items that go without a name, or share one.
    #[must_use]
    pub(super) const fn loose(mut self) -> Self {
        self.naming = Naming::Loose;
        self
    }
}

/// A mapping whose keys are known.
#[derive(Debug)]
pub(super) struct Block {
    /// What it is called in messages: `app`, `probe`.
    pub(super) what: &'static str,
    /// Its keys, some of them shared with other blocks.
    pub(super) keys: &'static [&'static [Key]],
    /// What stands for it where no mapping is written.
    pub(super) short: Short,
    /// Groups of keys of which only one counts: of another layer, the upper.
    pub(super) alternatives: &'static [&'static [&'static str]],
    /// Keys that only some values of `type` have.
    pub(super) types: &'static [(&'static str, &'static [&'static str])],
    /// Words of other tools, and what they are called here.
    pub(super) hints: &'static [(&'static str, &'static str)],
    /// It can be switched on and off by `true` and `false`.
    pub(super) switch: bool,
    /// Keys that begin with `x-` are the user's own.
    pub(super) open: bool,
}

impl Block {
    /// A block as most are: without a short form.
    pub(super) const fn new(what: &'static str, keys: &'static [&'static [Key]]) -> Self {
        Self {
            what,
            keys,
            short: Short::None,
            alternatives: &[],
            types: &[],
            hints: &[],
            switch: false,
            open: false,
        }
    }

    /// With the value of this key as its short form.
    #[must_use]
    pub(super) const fn main(mut self, key: &'static str) -> Self {
        self.short = Short::Main(key);
        self
    }

    /// With a short form of its own.
    #[must_use]
    pub(super) const fn short(mut self, expand: fn(&Node) -> Option<Node>) -> Self {
        self.short = Short::With(expand);
        self
    }

    /// With groups of keys that exclude each other.
    #[must_use]
    pub(super) const fn alternatives(mut self, groups: &'static [&'static [&'static str]]) -> Self {
        self.alternatives = groups;
        self
    }

    /// With keys that only some values of `type` have.
    #[must_use]
    pub(super) const fn types(
        mut self,
        types: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        self.types = types;
        self
    }

    /// With words of other tools.
    #[must_use]
    pub(super) const fn hints(mut self, hints: &'static [(&'static str, &'static str)]) -> Self {
        self.hints = hints;
        self
    }

    /// Can be `true` or `false`.
    #[must_use]
    pub(super) const fn switch(mut self) -> Self {
        self.switch = true;
        self
    }

    /// Lets `x-…` through.
    #[must_use]
    pub(super) const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// All keys.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().flat_map(|keys| keys.iter())
    }

    /// The key of that name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.all().find(|key| key.name == name)
    }

    /// Whether a key is one of other values of `type` only.
    pub(super) fn belongs_to_another(&self, key: &str, kind: &str) -> bool {
        let mut owners = self.types.iter().filter(|(_, keys)| keys.contains(&key));
        let mut owners = owners.by_ref().peekable();
        owners.peek().is_some() && !owners.any(|(owner, _)| *owner == kind)
    }

    /// The group of alternatives that a key belongs to.
    pub(super) fn group(&self, key: &str) -> Option<usize> {
        self.alternatives
            .iter()
            .position(|group| group.contains(&key))
    }
}

/// What stands for a block where no mapping is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Short {
    /// Nothing does.
    None,
    /// The value of this key.
    Main(&'static str),
    /// What the function makes a mapping of; none: it is wrong.
    With(fn(&Node) -> Option<Node>),
}

/// One key of a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// The key.
    pub(super) name: &'static str,
    /// What stands there.
    pub(super) shape: Shape,
    /// What it means, for editors.
    pub(super) about: &'static str,
}

/// A key of the table.
pub(super) const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, about }
}

impl Shape {
    /// What stands below a key.
    pub(super) fn below(self, name: &str) -> Option<Self> {
        match self {
            Self::Block(block) => block.key(name).map(|key| key.shape),
            Self::Named(named) => Some(named.item),
            Self::Leaf(_) | Self::List(_) | Self::Verbatim => None,
        }
    }
}

/// A text as it is written.
pub(super) const TEXT: Shape = Shape::Leaf(Leaf::Text);
/// `true` or `false`.
pub(super) const BOOL: Shape = Shape::Leaf(Leaf::Bool);
/// A whole number.
pub(super) const WHOLE: Shape = Shape::Leaf(Leaf::Whole);
/// A number with a unit.
pub(super) const AMOUNT: Shape = Shape::Leaf(Leaf::Amount);
/// Texts.
pub(super) const TEXTS: Shape = Shape::List(&TEXT);
/// Trees.
pub(super) const TREES: Shape = Shape::List(&Shape::Verbatim);

/// Names with texts: labels, annotations, build arguments.
pub(super) static PAIRS: Named = Named::new("entry", TEXT).scalar(super::short::pair);
/// See [`PAIRS`].
pub(super) const MAP: Shape = Shape::Named(&PAIRS);

/// One of these words.
pub(super) const fn choice(words: &'static [&'static str]) -> Shape {
    Shape::Leaf(Leaf::Choice(words))
}
