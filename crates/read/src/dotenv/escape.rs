//! Backslashes in double quotes.

/// Replaces the escapes of a double-quoted value. `\$` becomes `$$`, so that the
/// dollar survives the interpolation that follows; an unknown escape stays.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let length = match simple(escape) {
            Some(replacement) => {
                out.push_str(replacement);
                1
            }
            None => octal(escape).map_or(0, |(c, length)| {
                out.push(c);
                length
            }),
        };
        if length == 0 {
            out.push('\\');
        }
        rest = &escape[length..];
    }
    out.push_str(rest);
    out
}

fn simple(escape: &str) -> Option<&'static str> {
    Some(match escape.as_bytes().first()? {
        b'a' => "\u{7}",
        b'b' => "\u{8}",
        b'f' => "\u{c}",
        b'n' => "\n",
        b'r' => "\r",
        b't' => "\t",
        b'v' => "\u{b}",
        b'$' => "$$",
        b'"' => "\"",
        b'\\' => "\\",
        _ => return None,
    })
}

/// `\0` and three octal digits, up to 0377: one character and the bytes it took.
fn octal(escape: &str) -> Option<(char, usize)> {
    let digits = escape.strip_prefix('0')?.get(..3)?;
    if !digits.bytes().all(|b| matches!(b, b'0'..=b'7')) {
        return None;
    }
    let code = u8::from_str_radix(digits, 8).ok()?;
    Some((char::from(code), 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_a_shell() {
        let rows = [
            ("", ""),
            ("a", "a"),
            ("a\\nb\\tc", "a\nb\tc"),
            ("\\\\n", "\\n"),
            ("\\$A $A", "$$A $A"),
            ("\\c\\x\\u0041", "\\c\\x\\u0041"),
            ("\\0101\\0377", "A\u{ff}"),
            ("\\0 \\012 \\0400 \\0189", "\\0 \\012 \\0400 \\0189"),
            ("\\", "\\"),
            ("\\ü", "\\ü"),
        ];
        for (text, expected) in rows {
            assert_eq!(unescape(text), expected, "{text}");
        }
    }
}
