//! Trees as people write them by hand: small collections on one line, blank lines
//! and comments above entries.
//!
//! Scalars are written as everywhere else; what is said of readers there holds
//! here, too.

use super::emitter::{DEEPEST, LONGEST_KEY, spaces};
use super::{WriteError, block, scalar};
use crate::resolve::Resolved;
use crate::tree::{Mapping, Node, Scalar, Value};

/// How many characters a line has at most that holds a whole collection.
const WIDTH: usize = 88;

/// How many scalars a mapping on one line has at most.
const MOST_LEAVES: usize = 4;

/// How many collections may stand one within the other on one line.
const MOST_LEVELS: usize = 2;

/// What is known of the entry at a path, the keys from the top.
pub trait Layout {
    /// How this entry is laid out.
    fn of(&self, path: &[&str]) -> Entry<'_>;
}

/// How one entry is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry<'l> {
    /// An empty line stands above it, unless it is the first of all.
    pub apart: bool,
    /// Lines of a comment above it, without `#`.
    pub comment: &'l [String],
    /// Its value is never written on one line.
    pub open: bool,
}

/// A tree as YAML text, with a line break at its end.
///
/// # Errors
///
/// See [`WriteError`].
pub fn to_readable(root: &Node, layout: &dyn Layout) -> Result<String, WriteError> {
    let mut writer = Writer {
        out: Vec::with_capacity(4096),
        layout,
    };
    untagged(root)?;
    match &root.value {
        Value::Mapping(mapping) if !mapping.is_empty() => {
            writer.entries(mapping, &mut Vec::new(), 0)?;
        }
        Value::Sequence(items) if !items.is_empty() => {
            writer.items(items, &mut Vec::new(), 0)?;
        }
        Value::Mapping(_) => writer.out.extend_from_slice(b"{}\n"),
        Value::Sequence(_) => writer.out.extend_from_slice(b"[]\n"),
        Value::Scalar(scalar) => {
            match as_it_is(scalar) {
                Some(text) => writer.out.extend_from_slice(text.as_bytes()),
                None => scalar::quote(&mut writer.out, &scalar.text),
            }
            writer.out.push(b'\n');
        }
    }
    let text = String::from_utf8(writer.out);
    Ok(text.expect("whole strings and ASCII are all that is written"))
}

struct Writer<'l> {
    out: Vec<u8>,
    layout: &'l dyn Layout,
}

impl Writer<'_> {
    fn entries<'n>(
        &mut self,
        mapping: &'n Mapping,
        path: &mut Vec<&'n str>,
        indent: usize,
    ) -> Result<(), WriteError> {
        if indent > 2 * DEEPEST {
            return Err(WriteError::Depth(DEEPEST));
        }
        for entry in mapping {
            path.push(&entry.key.text);
            let layout = self.layout.of(path);
            self.above(layout, indent);
            let start = self.out.len();
            spaces(&mut self.out, indent);
            key(&mut self.out, &entry.key.text, false)?;
            self.out.push(b':');
            let column = self.out.len() - start;
            self.value(&entry.value, path, (indent, column), layout.open)?;
            path.pop();
        }
        Ok(())
    }

    /// An empty line, and a comment.
    fn above(&mut self, layout: Entry<'_>, indent: usize) {
        // Behind a text that ends with empty lines another one would be a part of it.
        let is_apart = self.out.is_empty() || self.out.ends_with(b"\n\n");
        if layout.apart && !is_apart {
            self.out.push(b'\n');
        }
        for line in layout.comment {
            spaces(&mut self.out, indent);
            self.out.extend_from_slice(b"# ");
            self.out.extend_from_slice(line.as_bytes());
            self.out.push(b'\n');
        }
    }

    /// What stands behind `key:`, whose line begins at an indent and has come to
    /// a column.
    fn value<'n>(
        &mut self,
        node: &'n Node,
        path: &mut Vec<&'n str>,
        (indent, column): (usize, usize),
        open: bool,
    ) -> Result<(), WriteError> {
        untagged(node)?;
        match &node.value {
            Value::Scalar(scalar) => {
                self.out.push(b' ');
                self.scalar(scalar, indent + 2);
                return Ok(());
            }
            Value::Mapping(mapping) if mapping.is_empty() => self.out.extend_from_slice(b" {}"),
            Value::Sequence(items) if items.is_empty() => self.out.extend_from_slice(b" []"),
            Value::Mapping(_) | Value::Sequence(_)
                if !open && let Some(line) = fitting(node, column)? =>
            {
                self.out.push(b' ');
                self.out.extend_from_slice(&line);
            }
            Value::Mapping(mapping) => {
                self.out.push(b'\n');
                return self.entries(mapping, path, indent + 2);
            }
            Value::Sequence(items) => {
                self.out.push(b'\n');
                return self.items(items, path, indent + 2);
            }
        }
        self.out.push(b'\n');
        Ok(())
    }

    fn items<'n>(
        &mut self,
        items: &'n [Node],
        path: &mut Vec<&'n str>,
        indent: usize,
    ) -> Result<(), WriteError> {
        if indent > 2 * DEEPEST {
            return Err(WriteError::Depth(DEEPEST));
        }
        for item in items {
            let start = self.out.len();
            spaces(&mut self.out, indent);
            self.out.push(b'-');
            path.push("");
            match &item.value {
                Value::Mapping(mapping)
                    if !mapping.is_empty() && fitting(item, indent + 1)?.is_none() =>
                {
                    untagged(item)?;
                    // The first entry stands behind the dash.
                    self.out.truncate(start);
                    self.entries(mapping, path, indent + 2)?;
                    if let Some(byte) = self.out.get_mut(start + indent) {
                        *byte = b'-';
                    }
                }
                Value::Mapping(_) | Value::Sequence(_) | Value::Scalar(_) => {
                    self.value(item, path, (indent, indent + 1), false)?;
                }
            }
            path.pop();
        }
        Ok(())
    }

    fn scalar(&mut self, scalar: &Scalar, indent: usize) {
        match as_it_is(scalar) {
            Some(text) => self.out.extend_from_slice(text.as_bytes()),
            None => match block::header(&scalar.text, false) {
                Some(header) => {
                    block::write(&mut self.out, &scalar.text, header, indent);
                    return;
                }
                None => scalar::quote(&mut self.out, &scalar.text),
            },
        }
        self.out.push(b'\n');
    }
}

/// The text of a scalar that needs no quotes in block style.
fn as_it_is(scalar: &Scalar) -> Option<&str> {
    let text = &*scalar.text;
    match scalar.resolve() {
        Resolved::Null => Some("null"),
        Resolved::Bool(_) | Resolved::Int(_) | Resolved::Float(_) => Some(text),
        Resolved::Timestamp | Resolved::String => scalar::is_plain(text).then_some(text),
    }
}

fn key(out: &mut Vec<u8>, text: &str, in_line: bool) -> Result<(), WriteError> {
    if text.len() > LONGEST_KEY {
        return Err(WriteError::LongKey(text.len()));
    }
    match scalar::is_plain(text) && !(in_line && has_indicator(text)) {
        true => out.extend_from_slice(text.as_bytes()),
        false => scalar::quote(out, text),
    }
    Ok(())
}

/// What a collection on one line cannot have without quotes.
fn has_indicator(text: &str) -> bool {
    text.contains([',', '[', ']', '{', '}'])
}

fn untagged(node: &Node) -> Result<(), WriteError> {
    match &node.tag {
        Some(tag) => Err(WriteError::Tag(tag.text.clone())),
        None => Ok(()),
    }
}

/// A collection on one line.
struct Line {
    text: Vec<u8>,
    leaves: usize,
}

/// A collection on one line that has come to a column, where it is small enough.
fn fitting(node: &Node, column: usize) -> Result<Option<Vec<u8>>, WriteError> {
    let Some(line) = one_line(node, 0)? else {
        return Ok(None);
    };
    let is_words = node
        .as_sequence()
        .is_some_and(|items| items.iter().all(|item| item.as_scalar().is_some()));
    let characters = line.text.iter().filter(|byte| **byte & 0xc0 != 0x80);
    let fits = column + 1 + characters.count() <= WIDTH;
    let is_small = line.leaves <= MOST_LEAVES || is_words;
    Ok((fits && is_small).then_some(line.text))
}

fn one_line(node: &Node, level: usize) -> Result<Option<Line>, WriteError> {
    untagged(node)?;
    let mut line = Line {
        text: Vec::new(),
        leaves: 0,
    };
    match &node.value {
        Value::Scalar(scalar) => {
            if scalar.text.contains('\n') {
                return Ok(None);
            }
            line.leaves = 1;
            match as_it_is(scalar).filter(|text| level == 0 || !has_indicator(text)) {
                Some(text) => line.text.extend_from_slice(text.as_bytes()),
                None => scalar::quote(&mut line.text, &scalar.text),
            }
        }
        Value::Sequence(_) | Value::Mapping(_) if level >= MOST_LEVELS => return Ok(None),
        Value::Sequence(items) => {
            line.text.push(b'[');
            for (at, item) in items.iter().enumerate() {
                separate(&mut line.text, at);
                let Some(item) = one_line(item, level + 1)? else {
                    return Ok(None);
                };
                line.text.extend_from_slice(&item.text);
                line.leaves += item.leaves;
            }
            line.text.push(b']');
        }
        Value::Mapping(mapping) => {
            line.text.push(b'{');
            for (at, entry) in mapping.iter().enumerate() {
                separate(&mut line.text, at);
                key(&mut line.text, &entry.key.text, true)?;
                line.text.extend_from_slice(b": ");
                let Some(value) = one_line(&entry.value, level + 1)? else {
                    return Ok(None);
                };
                line.text.extend_from_slice(&value.text);
                line.leaves += value.leaves;
            }
            line.text.push(b'}');
        }
    }
    // Wide ones are given up early: what is within them is looked at again.
    Ok((level == 0 || line.text.len() <= WIDTH).then_some(line))
}

fn separate(text: &mut Vec<u8>, at: usize) {
    if at > 0 {
        text.extend_from_slice(b", ");
    }
}

#[cfg(test)]
mod tests {
    use kubewright_source::Sources;

    use super::*;
    use crate::read::{Limits, read_document};

    struct Plain;

    impl Layout for Plain {
        fn of(&self, _: &[&str]) -> Entry<'_> {
            Entry::default()
        }
    }

    fn read(text: &str) -> Node {
        let id = Sources::default().add("a.yaml", text);
        let read = read_document(text, id, &Limits::default());
        read.expect("YAML").expect("a document")
    }

    /// What is written stays as it is, and means what was read.
    fn stays(text: &str) {
        let node = read(text);
        let written = to_readable(&node, &Plain).expect("writable");
        assert_eq!(written, text);
        assert!(read(&written).same(&node), "{text}");
    }

    #[test]
    fn small_collections_stand_on_one_line() {
        stays("a: {b: c, d: [1, x, \"2\"]}\n");
        stays("a: {b: {c: d}}\n");
        stays("a: [--serve, -v, \"a,b\", \"${x}\", \"\", \"yes\"]\n");
        stays("- 1\n- {a: b}\n");
        stays("a:\n  - {b: c}\n  - d: |\n      x\n      y\n    e: f\n  - []\n  - g\n");
        stays("a: {}\nb: []\nc: null\nd: \"null\"\n");
    }

    #[test]
    fn large_ones_stand_on_several() {
        stays("a:\n  b: 1\n  c: 2\n  d: 3\n  e: 4\n  f: 5\n");
        stays("a:\n  b: {c: {d: e}}\n");
        let word = "x".repeat(80);
        let long = &word[..60];
        stays(&format!("a:\n  b: {word}\n  c: [{long}, z]\n"));
        stays(&format!("a:\n  -\n    - {word}\n    - z\n"));
    }

    #[test]
    fn entries_have_comments_and_stand_apart() {
        struct Sections(Vec<String>);
        impl Layout for Sections {
            fn of(&self, path: &[&str]) -> Entry<'_> {
                match path {
                    [_] => Entry {
                        apart: true,
                        open: true,
                        ..Entry::default()
                    },
                    [_, "b"] => Entry {
                        comment: &self.0,
                        ..Entry::default()
                    },
                    _ => Entry::default(),
                }
            }
        }
        let node = read("a: {b: {c: d}}\ne: {f: g}\n");
        let layout = Sections(vec!["one".into(), "two".into()]);
        let written = to_readable(&node, &layout).expect("writable");
        assert_eq!(written, "a:\n  # one\n  # two\n  b: {c: d}\n\ne:\n  f: g\n");
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        for text in ["!x a", "a: !x b", "!x {a: b}", "- !x b", "a: {b: [!x c]}"] {
            assert!(to_readable(&read(text), &Plain).is_err(), "{text}");
        }
    }
}
