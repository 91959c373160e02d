//! What is refused before a parser sees it: texts that are too large, and
//! characters that YAML does not allow.

use kubewright_source::{Diagnostic, SourceId, Span};

use super::{Fault, Limits};

pub(super) fn check(text: &str, source: SourceId, limits: &Limits) -> Result<(), Fault> {
    if text.len() > limits.max_bytes {
        return Err(too_large(text.len(), source, limits));
    }
    too_many_items(text, source, limits)?;
    forbidden(text, source)
}

fn too_large(length: usize, source: SourceId, limits: &Limits) -> Fault {
    let megabytes = |bytes: usize| bytes.div_ceil(1 << 20);
    let message = if limits.max_bytes < 1 << 20 {
        format!(
            "the text has {length} bytes; {} are allowed",
            limits.max_bytes
        )
    } else {
        format!(
            "the text is {} MiB long; {} MiB are allowed",
            megabytes(length),
            megabytes(limits.max_bytes)
        )
    };
    let start = Span::new(source, 0, 0);
    Box::new(
        Diagnostic::error("yaml-too-large", start, message)
            .help("split the file; data that is no configuration belongs elsewhere"),
    )
}

/// The parser holds a flow collection in memory until it is closed, before our
/// own count of nodes can see it.
fn too_many_items(text: &str, source: SourceId, limits: &Limits) -> Result<(), Fault> {
    // Nothing short can hold too many.
    if text.len() <= limits.max_nodes {
        return Ok(());
    }
    let counts = |byte: &u8| matches!(byte, b',' | b'[' | b'{');
    if text.as_bytes().iter().filter(|byte| counts(byte)).count() <= limits.max_nodes {
        return Ok(());
    }
    let mut items = text.bytes().enumerate().filter(|(_, byte)| counts(byte));
    match items.nth(limits.max_nodes) {
        Some((at, _)) => Err(too_many(Span::new(source, at, at + 1), limits)),
        None => Ok(()),
    }
}

pub(super) fn too_many(span: Span, limits: &Limits) -> Fault {
    let message = format!("the text holds more than {} values", limits.max_nodes);
    Box::new(
        Diagnostic::error("yaml-too-large", span, message)
            .label("one too many")
            .help("split the file; data that is no configuration belongs elsewhere"),
    )
}

/// Control characters (but tab and line breaks), U+FFFE and U+FFFF.
fn forbidden(text: &str, source: SourceId) -> Result<(), Fault> {
    let mut from = 0;
    while let Some(at) = next_suspicious(text.as_bytes(), from) {
        let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        if is_forbidden(character) {
            return Err(forbidden_character(character, at, source));
        }
        from = at + character.len_utf8();
    }
    Ok(())
}

/// The first byte from `from` on with which a forbidden character may begin.
fn next_suspicious(bytes: &[u8], from: usize) -> Option<usize> {
    let suspicious = |byte: u8| {
        (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'))
            || matches!(byte, 0x7f | 0xc2 | 0xef)
    };
    // Of most blocks one look at all bytes together says that there is none.
    let mut blocks = bytes[from..].chunks(64).enumerate();
    blocks.find_map(|(number, block)| {
        let any = block
            .iter()
            .fold(false, |any, byte| any | suspicious(*byte));
        let found = any.then(|| block.iter().position(|byte| suspicious(*byte)))?;
        found.map(|at| from + number * 64 + at)
    })
}

fn is_forbidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        _ => character.is_control(),
    }
}

fn forbidden_character(character: char, at: usize, source: SourceId) -> Fault {
    let code = u32::from(character);
    let name = match character {
        '\0' => " (NUL)",
        '\u{1b}' => " (escape)",
        '\u{7f}' => " (delete)",
        _ => "",
    };
    let message = format!("YAML does not allow the control character U+{code:04X}{name}");
    let span = Span::new(source, at, at + character.len_utf8());
    let help = if code <= 0xff {
        format!("remove it, or write the string in double quotes with `\\x{code:02x}` in its place")
    } else {
        format!("remove it, or write the string in double quotes with `\\u{code:04x}` in its place")
    };
    Box::new(Diagnostic::error("yaml-syntax", span, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_found_wherever_they_stand() {
        let rows = [
            ("a: b\tc\r\n\u{85}", None),
            ("\u{feff}a: ïð😀", None),
            ("a\0", Some(1..2)),
            ("ä\u{80}", Some(2..4)),
            ("a\u{7f}b", Some(1..2)),
            ("\u{ffff}", Some(0..3)),
        ];
        for (text, place) in rows {
            let found = forbidden(text, SourceId::NONE).err();
            let found = found.map(|fault| fault.span.start..fault.span.end);
            assert_eq!(found, place, "{text:?}");
        }
    }
}
