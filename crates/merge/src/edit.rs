//! Changes to a text, and how they are applied.

use std::ops::Range;

/// A change to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// What is replaced; empty where something is added.
    pub(crate) part: Range<usize>,
    pub(crate) change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Something else stands there.
    Replace(String),
    /// As [`Change::Replace`], with all changes within it in it already.
    Rewrite(String),
    /// Whole lines go.
    Delete,
    /// Lines come behind the line that ends here.
    After(String),
    /// Lines come before the line that begins here.
    Before(String),
}

/// The text with the changes; none where two are in each other's way. Changes at
/// one place come in the order in which they are given.
pub(crate) fn apply(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    edits.sort_by_key(|edit| edit.part.start);
    let mut out = String::with_capacity(text.len() + 256);
    let mut from = 0;
    // The last change that took something away, and whether it had all others in it.
    let mut last: (Range<usize>, bool, bool) = (0..0, false, false);
    for edit in edits {
        let Range { start, end } = edit.part;
        let (taken, is_rewrite, is_deletion) = &last;
        if start < from {
            match edit.change {
                _ if *is_rewrite && taken.contains(&start) => continue,
                // The line that it comes after goes: it stands in its place.
                Change::After(lines) if *is_deletion => {
                    out.push_str(&lines.replace('\n', newline));
                    out.push_str(newline);
                    continue;
                }
                Change::Replace(_)
                | Change::Rewrite(_)
                | Change::Delete
                | Change::After(_)
                | Change::Before(_) => return None,
            }
        }
        out.push_str(text.get(from..start)?);
        match &edit.change {
            Change::Replace(new) | Change::Rewrite(new) => {
                out.push_str(&new.replace('\n', newline));
            }
            Change::Delete => {}
            Change::After(lines) => {
                out.push_str(newline);
                out.push_str(&lines.replace('\n', newline));
            }
            Change::Before(lines) => {
                out.push_str(&lines.replace('\n', newline));
                out.push_str(newline);
            }
        }
        from = end;
        if start < end {
            last = (
                start..end,
                matches!(edit.change, Change::Rewrite(_)),
                matches!(edit.change, Change::Delete),
            );
        }
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(part: Range<usize>, change: Change) -> Edit {
        Edit { part, change }
    }

    #[test]
    fn changes_are_applied_in_order() {
        let text = "a\nb\nc";
        let edits = vec![
            edit(5..5, Change::After("y".into())),
            edit(2..4, Change::Delete),
            edit(3..3, Change::After("x\nx".into())),
            edit(0..0, Change::Before("w".into())),
            edit(0..1, Change::Replace("A".into())),
        ];
        assert_eq!(apply(text, edits).as_deref(), Some("w\nA\nx\nx\nc\ny"));
    }

    #[test]
    fn line_breaks_are_those_of_the_text() {
        let edits = vec![edit(1..1, Change::After("x\ny".into()))];
        assert_eq!(
            apply("a\r\nb\r\n", edits).as_deref(),
            Some("a\r\nx\r\ny\r\nb\r\n")
        );
    }

    #[test]
    fn changes_in_each_others_way_are_none() {
        let overlapping = vec![
            edit(0..3, Change::Replace("x".into())),
            edit(1..2, Change::Replace("y".into())),
        ];
        assert_eq!(apply("abcdef", overlapping), None);
        let within = vec![
            edit(0..3, Change::Rewrite("x".into())),
            edit(1..2, Change::Replace("y".into())),
        ];
        assert_eq!(apply("abcdef", within).as_deref(), Some("xdef"));
    }
}
