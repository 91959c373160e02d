//! When a string needs quotes, and how numbers look.

/// True for strings that every reader takes for the same string without quotes,
/// as a key or as a value in block style.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    if last == b' ' || last == b':' {
        return false;
    }
    let begins = match START[first as usize] {
        Start::Never => false,
        Start::Free => true,
        Start::Dash => dash_is_text(bytes) && !is_number(text),
        Start::Number => !is_number(text) && !is_date(bytes),
        Start::Word => !is_word(text),
    };
    begins && interior(text)
}

/// What a first byte says.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    /// Always quoted: indicators, white space, control characters.
    Never,
    /// Nothing to fear.
    Free,
    /// `-`: a list item, an option or a number.
    Dash,
    /// A digit, `+` or `.`.
    Number,
    /// A letter with which `yes`, `null` and their like begin.
    Word,
}

static START: [Start; 256] = start_table();

const fn start_table() -> [Start; 256] {
    let mut table = [Start::Free; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 255")]
        let what = byte as u8;
        table[byte] = match what {
            0..=b' ' | 0x7f => Start::Never,
            b'!' | b'"' | b'#' | b'%' | b'&' | b'\'' | b'*' | b',' | b':' | b'<' | b'=' | b'>' => {
                Start::Never
            }
            b'?' | b'@' | b'[' | b']' | b'`' | b'{' | b'|' | b'}' | b'~' => Start::Never,
            b'-' => Start::Dash,
            b'0'..=b'9' | b'+' | b'.' => Start::Number,
            b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => Start::Word,
            _ => Start::Free,
        };
        byte += 1;
    }
    table
}

/// What a byte within a text says.
#[derive(Clone, Copy, PartialEq)]
enum Inner {
    Free,
    /// `:`, which must not stand before white space.
    Colon,
    /// `#`, which must not stand behind white space.
    Hash,
    /// A control character, white space other than a space, or the first byte of
    /// a character that may not be printable.
    Look,
}

static INNER: [Inner; 256] = inner_table();

const fn inner_table() -> [Inner; 256] {
    let mut table = [Inner::Free; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = Inner::Look;
        byte += 1;
    }
    table[0x7f] = Inner::Look;
    table[b':' as usize] = Inner::Colon;
    table[b'#' as usize] = Inner::Hash;
    // C1 controls and NEL; LS and PS; the byte order mark and U+FFFE, U+FFFF.
    table[0xc2] = Inner::Look;
    table[0xe2] = Inner::Look;
    table[0xef] = Inner::Look;
    table
}

fn interior(text: &str) -> bool {
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let fits = match INNER[*byte as usize] {
            Inner::Free => true,
            Inner::Colon => !matches!(bytes.get(at + 1), None | Some(b' ')),
            Inner::Hash => at == 0 || bytes[at - 1] != b' ',
            Inner::Look if *byte < 0x80 => false,
            Inner::Look => text[at..].chars().next().is_some_and(stays_as_it_is),
        };
        if !fits {
            return false;
        }
    }
    true
}

/// True for characters beyond ASCII that all readers take as they are: no control
/// characters, no line breaks of YAML 1.1, no byte order mark.
fn stays_as_it_is(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// True for texts that need no escapes but for their line breaks and tabs.
pub(super) fn is_printable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let look = |(_, byte): &(usize, &u8)| INNER[**byte as usize] == Inner::Look;
    let mut suspects = bytes.iter().enumerate().filter(look);
    suspects.all(|(at, byte)| match byte {
        b'\n' | b'\t' => true,
        0..=0x7f => false,
        _ => text[at..].chars().next().is_some_and(stays_as_it_is),
    })
}

/// `-x` and `--x` are text; `-`, `- x`, `---` and `--- x` are YAML's own.
fn dash_is_text(bytes: &[u8]) -> bool {
    let second = bytes.get(1);
    let document = bytes.starts_with(b"---") && matches!(bytes.get(3), None | Some(b' ' | b'\t'));
    !matches!(second, None | Some(b' ' | b'\t')) && !document
}

/// The words of YAML 1.1 and 1.2 that mean a boolean or nothing, in any case.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// True for whatever some reader takes for a number: decimal, octal, hexadecimal
/// and binary, with underscores or commas, with an exponent, to the base of 60
/// (`12:30:45`), infinite, or none (`.nan`); and for the end mark `...`. Generous: what only looks like a
/// number is quoted, too.
fn is_number(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(word) = rest.strip_prefix('.') {
        let special = ["inf", "nan"].iter().any(|w| word.eq_ignore_ascii_case(w));
        if special || word == ".." || word.starts_with(".. ") {
            return true;
        }
    }
    // Go takes the underscores out first: `0_b1` is a number.
    let without: String;
    let rest = if rest.contains('_') {
        without = rest.replace('_', "");
        &without
    } else {
        rest
    };
    let bytes = rest.as_bytes();
    match bytes {
        [b'0', b'x' | b'X', digits @ ..] => {
            return digits.iter().all(u8::is_ascii_hexdigit);
        }
        [b'0', b'o' | b'O' | b'b' | b'B', digits @ ..] => {
            return digits.iter().all(u8::is_ascii_digit);
        }
        _ => {}
    }
    is_decimal(bytes)
}

/// Digits with `,` and `:` between them, at most one point, an exponent.
fn is_decimal(bytes: &[u8]) -> bool {
    let (mut digits, mut points) = (0_usize, 0_usize);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => digits += 1,
            b',' | b':' => {}
            b'.' => points += 1,
            b'e' | b'E' => break,
            _ => return false,
        }
        at += 1;
    }
    let exponent = bytes.get(at + 1..).unwrap_or_default();
    let exponent = exponent.strip_prefix(b"-").unwrap_or(exponent);
    let exponent = exponent.strip_prefix(b"+").unwrap_or(exponent);
    digits > 0 && points <= 1 && exponent.iter().all(u8::is_ascii_digit)
}

/// `2024-01-31`, alone or with a time of day behind it.
fn is_date(bytes: &[u8]) -> bool {
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    if digits(0) != 4 || bytes.get(4) != Some(&b'-') {
        return false;
    }
    let month = digits(5);
    let day = digits(6 + month);
    let end = 6 + month + day;
    (1..=2).contains(&month)
        && bytes.get(5 + month) == Some(&b'-')
        && (1..=2).contains(&day)
        && matches!(bytes.get(end), None | Some(b'T' | b't' | b' ' | b'\t'))
}

/// Writes a string in double quotes, on one line.
pub(super) fn quote(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if ESCAPED[byte as usize] {
            let Some(character) = text[at..].chars().next() else {
                continue;
            };
            if byte >= 0x80 && stays_as_it_is(character) {
                continue;
            }
            out.extend_from_slice(&text.as_bytes()[copied..at]);
            escape(out, character);
            copied = at + character.len_utf8();
        }
    }
    out.extend_from_slice(&text.as_bytes()[copied..]);
    out.push(b'"');
}

/// First bytes of characters that may need an escape in double quotes.
static ESCAPED: [bool; 256] = escaped_table();

const fn escaped_table() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(INNER[byte], Inner::Look);
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
}

fn escape(out: &mut Vec<u8>, character: char) {
    let short = match character {
        '"' => b'"',
        '\\' => b'\\',
        '\n' => b'n',
        '\t' => b't',
        '\r' => b'r',
        '\0' => b'0',
        '\u{7}' => b'a',
        '\u{8}' => b'b',
        '\u{1b}' => b'e',
        _ => {
            let code = u32::from(character);
            let (letter, digits) = if code <= 0xff { (b'x', 2) } else { (b'u', 4) };
            out.extend_from_slice(&[b'\\', letter]);
            let digit = |place: u32| b"0123456789ABCDEF"[(code >> (4 * place) & 0xf) as usize];
            out.extend((0..digits).rev().map(digit));
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Room for the digits of an integer.
pub(super) type Digits = [u8; 40];

/// The decimal digits of an integer.
pub(super) fn integer(buffer: &mut Digits, negative: bool, mut size: u128) -> &[u8] {
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b"0123456789"[(size % 10) as usize];
        size /= 10;
        if size == 0 {
            break;
        }
    }
    if negative {
        at -= 1;
        buffer[at] = b'-';
    }
    &buffer[at..]
}

/// A float from Rust's shortest digits, as all readers take it for a float: with a
/// point, and with a sign in the exponent.
pub(super) fn float(shortest: &str) -> String {
    match shortest {
        "NaN" => return ".nan".to_owned(),
        "inf" => return ".inf".to_owned(),
        "-inf" => return "-.inf".to_owned(),
        _ => {}
    }
    let Some((digits, exponent)) = shortest.split_once('e') else {
        return shortest.to_owned();
    };
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{digits}{point}e{sign}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_any_reader_could_misread_is_quoted() {
        let rows = include_str!("../../tests/nasty.txt").lines();
        let mut count = 0;
        for row in rows.filter(|row| !row.is_empty() && !row.starts_with("//")) {
            count += 1;
            assert!(!is_plain(row), "{row}");
        }
        assert!(count > 100, "{count}");
        for text in [
            "",
            " ",
            "a ",
            " a",
            "a\nb",
            "a\tb",
            "\0",
            "\u{85}",
            "a\u{2028}",
            "\u{feff}",
        ] {
            assert!(!is_plain(text), "{text:?}");
        }
    }

    #[test]
    fn what_is_safe_stays_plain() {
        let rows = [
            "web",
            "ghcr.io/acme/shop-web:1.4.2",
            "1.4.2",
            "10.0.0.1",
            "8000m",
            "10Gi",
            "-c",
            "--port",
            "--port=80",
            "/bin/sh",
            "a:b",
            "a#b",
            "C:\\x",
            "it's",
            "say \"x\"",
            "until nc -z api 8000; do sleep 2; done",
            "app.kubernetes.io/name",
            "None",
            "100m",
            "http://api:8000/a?b=c&d=e",
            "a, b",
            "a[0]",
            "$(X)",
            "${X:-y}",
            "ü",
            "日本語",
            "😀",
            "5d0c6a1f",
            "2024-01-01-backup",
            "v1",
            "1.x",
            "no-cache",
            "yes!",
            "nullable",
            "..",
            ".",
            "a..b",
            "x=y",
            "10.0.0.0/8",
            "_",
            "0.0.0.0",
            "1-2",
            "+x",
            "pg_isready -U shop",
        ];
        for text in rows {
            assert!(is_plain(text), "{text}");
        }
    }

    #[test]
    fn quotes_escape_what_must_not_stand_raw() {
        let rows = [
            ("", r#""""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("\n\t\r\0\u{7}\u{8}\u{1b}", r#""\n\t\r\0\a\b\e""#),
            ("\u{1}\u{7f}\u{85}", r#""\x01\x7F\x85""#),
            ("\u{2028}\u{feff}\u{ffff}", r#""\u2028\uFEFF\uFFFF""#),
            ("é€😀", r#""é€😀""#),
        ];
        for (text, expected) in rows {
            let mut out = Vec::new();
            quote(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn numbers_look_like_numbers() {
        let mut buffer = [0; 40];
        assert_eq!(integer(&mut buffer, false, 0), b"0");
        assert_eq!(
            integer(&mut buffer, true, u128::MAX),
            b"-340282366920938463463374607431768211455"
        );
        let rows = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1e21, "1.0e+21"),
            (1.5e-9, "1.5e-9"),
            (f64::NAN, ".nan"),
            (f64::NEG_INFINITY, "-.inf"),
        ];
        for (value, expected) in rows {
            assert_eq!(float(&format!("{value:?}")), expected);
        }
    }
}
