//! Bytes to text.

use kubewright_source::{Diagnostic, Span};

/// The code of every complaint about bytes that are not text.
const CODE: &str = "yaml-encoding";

/// The text of a file: UTF-8, or UTF-16 that begins with a byte order mark.
///
/// A byte order mark of UTF-8 stays where it is, so that places count from the
/// file's first byte; the reader passes over it. `name` is what people know the
/// file by.
///
/// # Errors
///
/// `yaml-encoding`, with the line and the byte of the first fault in the
/// message: a text that cannot be read has no places to point at.
pub fn decode(bytes: Vec<u8>, name: &str) -> Result<String, Diagnostic> {
    match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(utf32(name)),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, name),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, name),
        _ => String::from_utf8(bytes).map_err(|error| not_utf8(&error, name)),
    }
}

fn utf32(name: &str) -> Diagnostic {
    Diagnostic::error(CODE, Span::NONE, format!("`{name}` is written in UTF-32"))
        .help("save the file as UTF-8")
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, name: &str) -> Result<String, Diagnostic> {
    let wrong = |what: &str, at: usize| {
        let message = format!("`{name}` is not proper UTF-16: {what} at byte {at}");
        Diagnostic::error(CODE, Span::NONE, message).help("save the file as UTF-8")
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = 2;
    for read in char::decode_utf16(units) {
        let Ok(read) = read else {
            return Err(wrong("half a surrogate pair", at));
        };
        text.push(read);
        at += 2 * read.len_utf16();
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(wrong("half a character", at))
    }
}

fn not_utf8(error: &std::string::FromUtf8Error, name: &str) -> Diagnostic {
    let bytes = error.as_bytes();
    let at = error.utf8_error().valid_up_to();
    let before = &bytes[..at];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    Diagnostic::error(
        CODE,
        Span::NONE,
        format!("`{name}` is not UTF-8: byte 0x{byte:02x} at offset {at}, in line {line}"),
    )
    .help("save the file as UTF-8; binary data belongs in base64, or in a file of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_and_marked_utf16_are_text() {
        let rows: [(&[u8], &str); 5] = [
            (b"a: \xc3\xbc", "a: ü"),
            (b"\xef\xbb\xbfa", "\u{feff}a"),
            (b"\xff\xfea\0\xfc\0", "aü"),
            (b"\xfe\xff\0a\xd8\x3d\xde\x00", "a😀"),
            (b"", ""),
        ];
        for (bytes, text) in rows {
            assert_eq!(decode(bytes.to_vec(), "f").unwrap(), text);
        }
    }

    #[test]
    fn other_bytes_are_refused_with_their_place() {
        let rows: [(&[u8], &str); 5] = [
            (
                b"a\nb\xff",
                "`f` is not UTF-8: byte 0xff at offset 3, in line 2",
            ),
            (
                b"\xc3",
                "`f` is not UTF-8: byte 0xc3 at offset 0, in line 1",
            ),
            (
                b"\xff\xfea\0b",
                "`f` is not proper UTF-16: half a character at byte 4",
            ),
            (
                b"\xff\xfe\x00\xd8a\0",
                "`f` is not proper UTF-16: half a surrogate pair at byte 2",
            ),
            (b"\xff\xfe\0\0a\0\0\0", "`f` is written in UTF-32"),
        ];
        for (bytes, message) in rows {
            let error = decode(bytes.to_vec(), "f").unwrap_err();
            assert_eq!(error.message, message);
            assert!(!error.help.is_empty());
        }
    }
}
