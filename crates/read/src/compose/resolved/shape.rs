//! The words of the table: what shape a value may have, and what it becomes.
//!
//! A shape says two things at once, so that they cannot part: which values Docker
//! Compose takes for a key, and how `docker compose config` writes them.

use kubewright_yaml::{Node, Path};

use super::walk::Walk;

/// What a value may be, and what becomes of it.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Anything, kept as it is.
    Any,
    /// One scalar.
    Leaf(Leaf),
    /// A list.
    List(&'static List),
    /// A string, or a list of strings; comes out as a list.
    Strings,
    /// A mapping with keys of the specification.
    Object(&'static Object),
    /// A mapping whose keys are the user's.
    Named(&'static Named),
    /// Everything that has a form of its own.
    Room(Room),
}

/// Takes a value, says what is wrong with it, and gives back what it becomes;
/// `None` where nothing is written.
pub(super) type Room = fn(&mut Walk<'_>, &Node, &Path<'_>) -> Option<Node>;

/// One scalar.
#[derive(Clone, Copy)]
pub(super) struct Leaf {
    /// The types it may be written in.
    pub(super) accepts: Accepts,
    /// What a string is turned into before its type is looked at.
    pub(super) cast: Cast,
    /// What it becomes.
    pub(super) into: Into,
    /// What else must hold.
    pub(super) rule: Rule,
    /// Whether it is written where it says no more than leaving it out.
    pub(super) keeps_zero: bool,
}

/// Types that a scalar may be written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Accepts(u8);

impl Accepts {
    pub(super) const STRING: Self = Self(1);
    pub(super) const INTEGER: Self = Self(2);
    pub(super) const NUMBER: Self = Self(4 | 2);
    pub(super) const BOOL: Self = Self(8);
    pub(super) const NULL: Self = Self(16);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// `a string or a number`.
    pub(super) fn words(self) -> &'static str {
        match (
            self.has(Self::STRING),
            self.has(Self::INTEGER),
            self.has(Self::NUMBER),
            self.has(Self::BOOL),
        ) {
            (true, false, _, false) => "a string",
            (true, true, false, false) => "a string or a whole number",
            (true, true, true, false) => "a string or a number",
            (true, true, _, true) => "a string, a number or a boolean",
            (true, false, _, true) | (false, false, _, true) => "true or false",
            (false, true, false, _) => "a whole number",
            (false, true, true, _) => "a number",
            (false, false, _, false) => "left empty",
        }
    }
}

/// What a string is turned into before its type is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    None,
    Bool,
    Int,
    Float,
    /// An integer in Go's spelling: `077` and `0o77` are octal.
    Umask,
}

/// What a scalar becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Into {
    Text,
    Bool,
    Int,
    /// A number without a sign; strings become none.
    Unsigned,
    Float,
    /// Bytes, as a string of digits.
    Bytes,
    /// A span of time as Go writes it.
    Duration,
    /// Processors, also from a string.
    Cpus,
    /// A number of devices; `all` is -1.
    DeviceCount,
    /// Octal digits behind a 0.
    FileMode,
    /// Written only where it is false.
    OptOut,
    /// Whatever it is, as Go prints it.
    Printed,
}

/// What must hold of a value besides its type.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    None,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A number between these.
    Between(f64, f64),
    /// A text for which this is true; the words say what it wants.
    Text(fn(&str) -> bool, &'static str),
}

/// A list.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub(super) item: Shape,
    /// Whether two equal items are refused.
    pub(super) unique: bool,
}

/// One key of a mapping.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) shape: Shape,
}

/// A mapping with keys of the specification.
#[derive(Clone, Copy)]
pub(super) struct Object {
    /// What it is, for messages: `a health check`.
    pub(super) what: &'static str,
    /// Its keys, by the alphabet.
    pub(super) fields: &'static [Field],
    /// Keys that must be there.
    pub(super) needs: &'static [&'static str],
    /// What becomes of `x-…`.
    pub(super) extensions: Extensions,
    /// Whether keys that are none are overlooked.
    pub(super) open: bool,
    /// Whether nothing may stand in its place.
    pub(super) null: bool,
    /// Whether it is written where nothing is in it.
    pub(super) keeps_empty: bool,
}

/// What becomes of keys that begin with `x-`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extensions {
    /// They are kept.
    Kept,
    /// They are taken and left out.
    Dropped,
    /// They are keys like any other, and unknown.
    Refused,
}

/// A mapping whose keys are the user's.
#[derive(Clone, Copy)]
pub(super) struct Named {
    /// What the keys name: `network`.
    pub(super) what: &'static str,
    pub(super) key: KeyRule,
    pub(super) value: Shape,
    /// Whether a value that comes to nothing is written as nothing.
    pub(super) keeps_null: bool,
}

/// Which keys a mapping of the user's may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyRule {
    Any,
    /// Not the empty one.
    Filled,
    /// Letters, digits, `.`, `_` and `-`.
    Name,
}

pub(super) const fn field(key: &'static str, shape: Shape) -> Field {
    Field { key, shape }
}

const fn leaf(accepts: Accepts, cast: Cast, into: Into) -> Leaf {
    Leaf {
        accepts,
        cast,
        into,
        rule: Rule::None,
        keeps_zero: false,
    }
}

const fn shape(accepts: Accepts, cast: Cast, into: Into) -> Shape {
    Shape::Leaf(leaf(accepts, cast, into))
}

const BOOL_OR_STRING: Accepts = Accepts::BOOL.or(Accepts::STRING);
const INTEGER_OR_STRING: Accepts = Accepts::INTEGER.or(Accepts::STRING);
pub(super) const NUMBER_OR_STRING: Accepts = Accepts::NUMBER.or(Accepts::STRING);
pub(super) const ANY_SCALAR: Accepts = NUMBER_OR_STRING.or(Accepts::BOOL);

pub(super) const TEXT: Shape = shape(Accepts::STRING, Cast::None, Into::Text);
/// A string whose empty form is written, too.
pub(super) const TEXT_KEPT: Shape = kept(TEXT);
pub(super) const BOOL: Shape = shape(BOOL_OR_STRING, Cast::Bool, Into::Bool);
/// A boolean that is written also where it is false.
pub(super) const BOOL_KEPT: Shape = kept(BOOL);
/// A boolean that may not be written as a string.
pub(super) const BARE_BOOL: Shape = shape(Accepts::BOOL, Cast::None, Into::Bool);
/// A boolean that references of variables may stand for.
pub(super) const CAST_BOOL_KEPT: Shape = kept(shape(Accepts::BOOL, Cast::Bool, Into::Bool));
pub(super) const OPT_OUT: Shape = shape(BOOL_OR_STRING, Cast::Bool, Into::OptOut);
pub(super) const INTEGER: Shape = shape(INTEGER_OR_STRING, Cast::Int, Into::Int);
pub(super) const INTEGER_KEPT: Shape = kept(INTEGER);
/// An integer that may not be written as a string.
pub(super) const BARE_INTEGER: Shape = shape(Accepts::INTEGER, Cast::None, Into::Int);
pub(super) const BARE_NUMBER: Shape = shape(Accepts::NUMBER, Cast::None, Into::Int);
pub(super) const NUMBER_AS_INT: Shape = shape(NUMBER_OR_STRING, Cast::Int, Into::Int);
pub(super) const UNSIGNED: Shape = shape(INTEGER_OR_STRING, Cast::Int, Into::Unsigned);
pub(super) const UNSIGNED_KEPT: Shape = kept(UNSIGNED);
pub(super) const NUMBER_AS_UNSIGNED_KEPT: Shape =
    kept(shape(NUMBER_OR_STRING, Cast::Int, Into::Unsigned));
/// A number without a sign that no string stands for, although one passes for its shape.
pub(super) const UNCAST_UNSIGNED: Shape = shape(NUMBER_OR_STRING, Cast::None, Into::Unsigned);
pub(super) const UNCAST_WHOLE_KEPT: Shape =
    kept(shape(INTEGER_OR_STRING, Cast::None, Into::Unsigned));
pub(super) const FLOAT: Shape = shape(NUMBER_OR_STRING, Cast::Float, Into::Float);
pub(super) const CPUS: Shape = shape(NUMBER_OR_STRING, Cast::None, Into::Cpus);
pub(super) const BYTES: Shape = shape(NUMBER_OR_STRING, Cast::None, Into::Bytes);
pub(super) const WHOLE_BYTES: Shape = shape(INTEGER_OR_STRING, Cast::None, Into::Bytes);
pub(super) const WHOLE_BYTES_KEPT: Shape = kept(WHOLE_BYTES);
pub(super) const TEXT_BYTES: Shape = shape(Accepts::STRING, Cast::None, Into::Bytes);
pub(super) const DURATION: Shape = shape(Accepts::STRING, Cast::None, Into::Duration);
pub(super) const DURATION_KEPT: Shape = kept(DURATION);
pub(super) const DEVICE_COUNT: Shape = shape(INTEGER_OR_STRING, Cast::None, Into::DeviceCount);
pub(super) const FILE_MODE: Shape = kept(shape(NUMBER_OR_STRING, Cast::None, Into::FileMode));
pub(super) const UMASK: Shape = kept(ruled(
    shape(
        INTEGER_OR_STRING.or(Accepts::NULL),
        Cast::Umask,
        Into::Unsigned,
    ),
    Rule::Between(0.0, 4_294_967_295.0),
));
pub(super) const CPU_COUNT: Shape = ruled(INTEGER, Rule::Between(0.0, f64::INFINITY));
pub(super) const CPU_PERCENT: Shape = ruled(
    shape(INTEGER_OR_STRING, Cast::Float, Into::Float),
    Rule::Between(0.0, 100.0),
);
pub(super) const OOM_SCORE: Shape = ruled(INTEGER, Rule::Between(-1000.0, 1000.0));
/// A string or a number, as a string; a number with a fraction is none.
pub(super) const TEXT_OR_NUMBER: Shape = shape(NUMBER_OR_STRING, Cast::None, Into::Text);
pub(super) const TEXT_OR_INTEGER: Shape = shape(INTEGER_OR_STRING, Cast::None, Into::Text);
pub(super) const PRINTED: Shape = kept(shape(NUMBER_OR_STRING, Cast::None, Into::Printed));
pub(super) const PRINTED_OR_NULL: Shape = kept(shape(
    NUMBER_OR_STRING.or(Accepts::NULL),
    Cast::None,
    Into::Printed,
));
pub(super) const PRINTED_OR_BOOL: Shape = kept(shape(ANY_SCALAR, Cast::None, Into::Printed));
pub(super) const STRING_OR_BOOL: Shape = shape(BOOL_OR_STRING, Cast::None, Into::Printed);
pub(super) const OPTIONAL_TEXT: Shape =
    shape(Accepts::STRING.or(Accepts::NULL), Cast::None, Into::Text);

/// The same, written also where it says no more than leaving it out.
pub(super) const fn kept(shape: Shape) -> Shape {
    match shape {
        Shape::Leaf(leaf) => Shape::Leaf(Leaf {
            keeps_zero: true,
            ..leaf
        }),
        other => other,
    }
}

/// The same with a rule.
pub(super) const fn ruled(shape: Shape, rule: Rule) -> Shape {
    match shape {
        Shape::Leaf(leaf) => Shape::Leaf(Leaf { rule, ..leaf }),
        other => other,
    }
}

/// One of some words.
pub(super) const fn word(words: &'static [&'static str]) -> Shape {
    ruled(TEXT, Rule::OneOf(words))
}

/// A list of strings, each once.
pub(super) const TEXTS: Shape = Shape::List(&List {
    item: TEXT_KEPT,
    unique: true,
});
/// A list of strings.
pub(super) const TEXTS_REPEATED: Shape = Shape::List(&List {
    item: TEXT_KEPT,
    unique: false,
});
