//! Lines of `[…]` and `{…}` that are indented no further than their parent.
//!
//! ```yaml
//! command: [
//!   "serve"
//! ]
//! ```
//!
//! YAML wants the bracket further in (<https://yaml.org/spec/1.2.2/#74-flow-collection-styles>)
//! and so does the parser; YAML 1.1's readers, and so Docker Compose, do not
//! look at indentation between brackets. Where the parser stumbles over such a
//! line, the line gets blanks in front and the text is read again; places are
//! put back to where they stand in the text as it was written.

use kubewright_source::{Diagnostic, Span};

use crate::tree::{Entry, Node, Value};

/// How many lines of a text are moved. Each costs another reading.
const MOST_LINES: usize = 200;
/// Bytes that are read again altogether.
const MOST_BYTES: usize = 8 << 20;

/// A text whose lines between brackets stand further in, and by how much.
pub(super) struct Indented {
    pub(super) text: String,
    /// Where blanks were put, in the text as it was written, ascending, each once.
    lines: Vec<usize>,
    blanks: usize,
}

impl Indented {
    pub(super) fn new(text: &str) -> Self {
        let indentation = |line: &str| line.len() - line.trim_start_matches(' ').len();
        Self {
            text: text.to_owned(),
            lines: Vec::new(),
            blanks: text.lines().map(indentation).max().unwrap_or_default() + 1,
        }
    }

    /// Moves the line in which a byte of [`Self::text`] stands; false where that
    /// has been done or would be too much work.
    pub(super) fn indent(&mut self, byte: usize) -> bool {
        let before = self.text.get(..byte).unwrap_or_default();
        let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let original = self.original(start);
        let too_much = self.lines.len() >= MOST_LINES
            || self.lines.len().saturating_mul(self.text.len()) > MOST_BYTES;
        let Err(at) = self.lines.binary_search(&original) else {
            return false;
        };
        if too_much {
            return false;
        }
        self.text.insert_str(start, &" ".repeat(self.blanks));
        self.lines.insert(at, original);
        true
    }

    /// Where a byte of [`Self::text`] stands in the text as it was written.
    fn original(&self, byte: usize) -> usize {
        let mut moved = 0;
        for line in &self.lines {
            let start = line + moved;
            if byte < start + self.blanks {
                return byte.min(start).saturating_sub(moved);
            }
            moved += self.blanks;
        }
        byte - moved
    }

    fn span(&self, span: &mut Span) {
        let back = |byte: u32| {
            let original = self.original(byte as usize);
            u32::try_from(original).unwrap_or(u32::MAX)
        };
        (span.start, span.end) = (back(span.start), back(span.end));
    }

    /// Puts the places of a tree back.
    pub(super) fn node(&self, node: &mut Node) {
        self.span(&mut node.span);
        if let Some(tag) = &mut node.tag {
            self.span(&mut tag.span);
        }
        match &mut node.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => items.iter_mut().for_each(|item| self.node(item)),
            Value::Mapping(mapping) => {
                let entries = std::mem::take(mapping).into_iter().map(|mut entry: Entry| {
                    self.span(&mut entry.key.span);
                    self.node(&mut entry.value);
                    entry
                });
                *mapping = entries.collect();
            }
        }
    }

    /// Puts the places of a fault back; false where it stands in a line that was
    /// moved.
    pub(super) fn put_back(&self, fault: &mut Diagnostic) -> bool {
        let at = (fault.span.start as usize).min(self.text.len());
        let start = self
            .text
            .get(..at)
            .unwrap_or_default()
            .rfind(['\n', '\r'])
            .map_or(0, |at| at + 1);
        let moved = self.lines.contains(&self.original(start));
        self.span(&mut fault.span);
        for related in &mut fault.related {
            self.span(&mut related.span);
        }
        !moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text_as_it_was_written() {
        let mut indented = Indented::new("a:\n  b: [\n  c\n]\n");
        let last = indented.text.find(']').expect("it is there");
        assert!(indented.indent(last));
        let c = indented.text.find('c').expect("it is there");
        assert!(indented.indent(c));
        assert_eq!(indented.text, "a:\n  b: [\n     c\n   ]\n");
        assert!(!indented.indent(c), "a line is moved once");
        let places: Vec<usize> = (0..=indented.text.len())
            .map(|at| indented.original(at))
            .collect();
        let expected = [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, // up to the first bracket's line
            10, 10, 10, 10, 11, 12, 13, // blanks, `  c`
            14, 14, 14, 14, 15, 16,
        ];
        assert_eq!(places, expected);
    }

    fn read(text: &str) -> Result<Option<Node>, Diagnostic> {
        let id = kubewright_source::Sources::default().add("test", text);
        crate::read_document(text, id, &crate::Limits::default())
    }

    #[test]
    fn lines_between_brackets_stand_where_they_like() {
        let text = "a:\n  b: [\n    ä,\n# c\n  {d: 1,\ne: 2},\n  ]\n  f: g\n";
        let tree = read(text).expect("it is read").expect("it holds something");
        let a = tree.get("a").expect("`a` is there");
        let list = a.get("b").and_then(Node::as_sequence).expect("a list");
        let word = |node: &Node| &text[node.span.start as usize..node.span.end as usize];
        assert_eq!(word(&list[0]), "ä");
        assert_eq!(word(&list[1]), "{d: 1,\ne: 2}");
        assert_eq!(list[1].get("e").map(word), Some("2"));
        assert_eq!(a.get("f").map(word), Some("g"));
    }

    #[test]
    fn faults_behind_moved_lines_stand_in_their_place() {
        let rows = [
            ("a:\n  b: [\n  ]\n  c: [d\n  e: f: g\n", "e: f"),
            ("a:\n  b: [\n  ]\n  c: 1\n  c: 2\n", "c: 2"),
            // The bracket that is never closed.
            ("a:\n  b: [\n    1,\n  c: 2\n", "["),
        ];
        for (text, place) in rows {
            let fault = read(text).expect_err("it is wrong");
            let (start, wanted) = (fault.span.start as usize, text.find(place).expect("in it"));
            assert!(
                (wanted..wanted + place.len()).contains(&start),
                "{text}: {start}"
            );
        }
    }
}
