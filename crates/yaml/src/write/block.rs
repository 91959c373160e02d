//! Literal blocks: text of several lines, as it is.

use super::emitter::spaces;
use super::scalar;

/// What stands behind `|`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The text itself begins with spaces, so that its indentation must be told.
    indented: bool,
    chomping: Chomping,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chomping {
    /// `|`: one line break at the end.
    Clip,
    /// `|-`: none.
    Strip,
    /// `|+`: several.
    Keep,
}

/// The header for a text that a literal block can carry; `None` where it cannot:
/// one line, nothing but line breaks, a carriage return or another control
/// character, a tab or blanks alone in the first line, blanks alone in the last.
///
/// At the top of a document readers disagree about indentation that must be told.
pub(super) fn header(text: &str, root: bool) -> Option<Header> {
    if !text.contains('\n') || !scalar::is_printable(text) {
        return None;
    }
    let content = text.trim_end_matches('\n');
    let last = content.rsplit('\n').next().unwrap_or_default();
    let first = content.split('\n').find(|line| !line.is_empty())?;
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    if blank(first) || blank(last) || first.starts_with('\t') {
        return None;
    }
    let indented = first.starts_with(' ');
    if indented && root {
        return None;
    }
    let chomping = match text.len() - content.len() {
        0 => Chomping::Strip,
        1 => Chomping::Clip,
        _ => Chomping::Keep,
    };
    Some(Header { indented, chomping })
}

/// Writes header and lines, with a line break at the end.
pub(super) fn write(out: &mut Vec<u8>, text: &str, header: Header, indent: usize) {
    out.push(b'|');
    if header.indented {
        out.push(b'2');
    }
    match header.chomping {
        Chomping::Clip => {}
        Chomping::Strip => out.push(b'-'),
        Chomping::Keep => out.push(b'+'),
    }
    out.push(b'\n');
    let lines = text.strip_suffix('\n').unwrap_or(text);
    for line in lines.split('\n') {
        if !line.is_empty() {
            spaces(out, indent);
            out.extend_from_slice(line.as_bytes());
        }
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<String> {
        let mut out = Vec::new();
        write(&mut out, text, header(text, false)?, 2);
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn blocks_carry_what_they_can() {
        let rows = [
            ("a\nb\n", Some("|\n  a\n  b\n")),
            ("a\nb", Some("|-\n  a\n  b\n")),
            ("a\n\n", Some("|+\n  a\n\n")),
            (" a\nb", Some("|2-\n   a\n  b\n")),
            ("\n a\n", Some("|2\n\n   a\n")),
            ("a\n\tb\n", Some("|\n  a\n  \tb\n")),
            ("a\n  \nb\n", Some("|\n  a\n    \n  b\n")),
            ("a", None),
            ("\n", None),
            ("\n\n", None),
            ("\ta\nb", None),
            ("\n\ta", None),
            (" \na", None),
            ("a\n ", None),
            ("a\n \n", None),
            ("a\r\nb", None),
            ("a\n\u{85}", None),
            ("a\n\0", None),
        ];
        for (text, expected) in rows {
            assert_eq!(written(text).as_deref(), expected, "{text:?}");
        }
    }
}
