//! Values to text.
//!
//! A [`serde::Serializer`] that writes block style as people do: two spaces, list
//! items indented below their key, text of several lines as a literal block,
//! keys in the order of a [`KeyOrder`]. No anchors, no folding, no flow style but
//! `{}` and `[]`.
//!
//! What is written reads back the same with readers of YAML 1.1 (PyYAML, all of
//! `yes`, `12:30:45`, `1_000`, `0777`) and of YAML 1.2 (kubectl, go-yaml).
//!
//! - `scalar`: when a string needs quotes, and how numbers look.
//! - `block`: when a string can be a literal block.
//! - `emitter`: the text under construction, and the sorting of keys.
//! - `serializer`: serde's side.
//! - `json`: trees as JSON;
//! - `node`: trees that were read can be written.
//! - `readable`: trees for people to read on: with comments, and with flow style for
//!   what is small.

mod block;
mod emitter;
mod json;
mod node;
mod readable;
mod scalar;
mod serializer;

use serde::Serialize;

pub use self::json::to_json;
pub use self::readable::{Entry as LayoutEntry, Layout, to_readable};

use self::emitter::Emitter;
use self::serializer::ValueSerializer;

/// The order in which keys are written.
///
/// `parent` names the struct as serde knows it (`Deployment`, `Container`), or,
/// for a map, the key under which it stands (`labels`; for the items of a list
/// the list's key; the empty string at the top). Entries come out by rank; equal
/// ranks keep the order in which the value gives them.
pub trait KeyOrder {
    /// The rank of a key; lower comes first.
    fn rank(&self, parent: &str, key: &str) -> u32;

    /// Whether a field of a struct is left out. `nested` is false for the value
    /// that the whole text is, true for all that stand within it.
    fn omits(&self, nested: bool, parent: &str, key: &str) -> bool {
        let _ = (nested, parent, key);
        false
    }
}

impl<F: Fn(&str, &str) -> u32> KeyOrder for F {
    fn rank(&self, parent: &str, key: &str) -> u32 {
        self(parent, key)
    }
}

/// The order in which the value gives its keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsGiven;

impl KeyOrder for AsGiven {
    fn rank(&self, _: &str, _: &str) -> u32 {
        0
    }
}

/// What cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A map has a key that is not a string.
    #[error("a key must be a string, and this one is {0}")]
    Key(&'static str),
    /// A key is longer than YAML allows.
    #[error("a key of {0} bytes is too long: YAML allows 1024 characters")]
    LongKey(usize),
    /// Raw bytes, which Kubernetes wants as base64 text.
    #[error("raw bytes cannot be written; encode them as base64 text")]
    Bytes,
    /// More levels than any reader takes.
    #[error("more than {0} lists and mappings stand one within the other")]
    Depth(usize),
    /// A tree holds a local tag, which the model of serde does not know.
    #[error("the tag `{0}` cannot be written")]
    Tag(Box<str>),
    /// What the value itself complains about.
    #[error("{0}")]
    Custom(String),
}

impl serde::ser::Error for WriteError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

/// A value as YAML text, with a line break at its end.
///
/// # Errors
///
/// See [`WriteError`].
pub fn to_string<T: Serialize + ?Sized>(
    value: &T,
    order: &impl KeyOrder,
) -> Result<String, WriteError> {
    let mut text = String::new();
    write_into(&mut text, value, order)?;
    Ok(text)
}

/// Appends a value to a text that is empty or ends with a line break.
///
/// # Errors
///
/// See [`WriteError`]; the text is then as it was before.
pub fn write_into<T: Serialize + ?Sized>(
    text: &mut String,
    value: &T,
    order: &impl KeyOrder,
) -> Result<(), WriteError> {
    // A buffer of its own: checking it costs the length of this value, not of all
    // that was written before.
    let mut emitter = Emitter::new(order);
    value.serialize(ValueSerializer::root(&mut emitter))?;
    let written = emitter.into_bytes();
    let written = String::from_utf8(written);
    let written = written.expect("whole strings and ASCII are all that is written");
    if text.is_empty() && text.capacity() <= written.capacity() {
        *text = written;
    } else {
        text.push_str(&written);
    }
    Ok(())
}
