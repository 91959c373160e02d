//! Where entries and items begin and end in a text.

use std::ops::Range;

use kubewright_source::SourceId;
use kubewright_yaml::{Entry, Limits, Node};

/// The documents of a text; none where it is no YAML.
pub(crate) fn documents(text: &str) -> Option<Vec<Node>> {
    kubewright_yaml::read_documents(text, SourceId::NONE, &Limits::default()).ok()
}

/// The byte behind a value, without the blanks and comments after it.
pub(crate) fn end_of(text: &str, node: &Node) -> usize {
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    start
        + text
            .get(start..end)
            .map_or(0, |value| value.trim_end().len())
}

/// The byte behind an entry, at least behind its colon.
pub(crate) fn entry_end(text: &str, entry: &Entry) -> Option<usize> {
    let key_end = entry.key.span.end as usize;
    let colon = key_end + text.get(key_end..)?.find(':')? + 1;
    Some(end_of(text, &entry.value).max(colon))
}

pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of the line, before its line break.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let end = rest.find('\n').unwrap_or(rest.len());
    at + rest[..end].strip_suffix('\r').map_or(end, str::len)
}

/// The byte behind the line and its line break.
pub(crate) fn next_line(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}

/// How far from its line's beginning a place is.
pub(crate) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].chars().count()
}

/// Whether only spaces stand before a place in its line.
pub(crate) fn begins_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at]
        .bytes()
        .all(|byte| byte == b' ')
}

/// The dash of an item of a block list: on the item's first line.
pub(crate) fn dash(text: &str, item: &Node) -> Option<usize> {
    let before = text.get(..item.span.start as usize)?.trim_end_matches(' ');
    before.ends_with('-').then(|| before.len() - 1)
}

/// Whether a collection is written in brackets.
pub(crate) fn is_flow(text: &str, node: &Node) -> bool {
    let first = text.as_bytes().get(node.span.start as usize);
    matches!(first, Some(b'{' | b'[')) && node.as_scalar().is_none()
}

/// A part of a text, its first line as it is and the others moved so that what
/// stood at column `from` stands at column `to`.
pub(crate) fn moved(text: &str, part: Range<usize>, to: usize) -> Option<String> {
    let from = column(text, part.start);
    let mut out = String::new();
    for (number, line) in text.get(part)?.lines().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let is_first = number == 0;
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let line = if is_first {
            line
        } else {
            &line[blanks.min(from)..]
        };
        if !is_first && !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', to));
        }
        out.push_str(line);
    }
    Some(out)
}
