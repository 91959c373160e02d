//! Numbers, sizes and spans of time in the spelling of Compose's reader.
//!
//! <https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-byte-values>

/// A boolean in the words of YAML 1.1.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "y" | "yes" | "on" => Some(true),
        "false" | "n" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Decimal digits with or without a sign.
pub(super) fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Digits in base 8, 10, 16 or 2, as their beginning says.
pub(super) fn based(text: &str) -> Option<i64> {
    let lower = text.to_ascii_lowercase();
    let (digits, base) = match lower.as_bytes() {
        [b'0', b'x', ..] => (&lower[2..], 16),
        [b'0', b'o', ..] => (&lower[2..], 8),
        [b'0', b'b', ..] => (&lower[2..], 2),
        [b'0', _, ..] => (&lower[1..], 8),
        _ => (&*lower, 10),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u32::from_str_radix(digits, base).ok().map(i64::from)
}

/// A number with a fraction or an exponent.
pub(super) fn float(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// Octal digits, as modes of files are written.
pub(super) fn octal(text: &str) -> Option<i64> {
    i64::from_str_radix(text, 8).ok()
}

/// Bytes: `1073741824`, `512m`, `1.5GiB`.
pub(super) fn bytes(text: &str) -> Option<i64> {
    if let Some(bytes) = integer(text) {
        return Some(bytes);
    }
    let at = text.rfind(|c: char| c.is_ascii_digit() || c == '.' || c == ' ')?;
    let (number, unit) = match text.as_bytes()[at] {
        b' ' => (&text[..at], &text[at + 1..]),
        _ => text.split_at(at + 1),
    };
    let number = float(number).filter(|number| *number >= 0.0)?;
    Some((number * factor(unit)?) as i64)
}

fn factor(unit: &str) -> Option<f64> {
    let unit = unit.to_lowercase();
    let (prefix, rest) = match unit.as_bytes() {
        [] => return Some(1.0),
        b"b" => return Some(1.0),
        [prefix, rest @ ..] => (*prefix, rest),
    };
    let power = match prefix {
        b'k' => 1,
        b'm' => 2,
        b'g' => 3,
        b't' => 4,
        b'p' => 5,
        _ => return None,
    };
    matches!(rest, b"" | b"b" | b"ib").then(|| 1024_f64.powi(power))
}

/// A span of time in nanoseconds: `1m30s`, `1.5h`, `2w`.
pub(super) fn nanoseconds(text: &str) -> Option<i64> {
    let (is_negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut all: i64 = 0;
    while !rest.is_empty() {
        let (part, behind) = span(rest)?;
        all = all.checked_add(part)?;
        rest = behind;
    }
    Some(if is_negative { -all } else { all })
}

/// One number with its unit, and what follows.
fn span(text: &str) -> Option<(i64, &str)> {
    let digits = |text: &str| {
        text.bytes()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let (whole, rest) = text.split_at(digits(text));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let end = rest
        .find(|c: char| c == '.' || c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(end);
    let unit = unit_of_time(unit)?;
    let whole: i64 = match whole {
        "" => 0,
        whole => whole.parse().ok()?,
    };
    let part = match fraction {
        "" => 0.0,
        fraction => format!("0.{fraction}").parse::<f64>().ok()?,
    };
    let nanoseconds = whole
        .checked_mul(unit)?
        .checked_add((part * unit as f64).round() as i64)?;
    Some((nanoseconds, rest))
}

fn unit_of_time(unit: &str) -> Option<i64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        "w" => 604_800_000_000_000,
        _ => return None,
    })
}

/// As Go writes a span of time: `1h0m30s`, `1.5s`, `250ms`.
pub(super) fn duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let all = nanoseconds.unsigned_abs();
    let (unit, name) = match all {
        0 => return "0s".to_owned(),
        1..1_000 => (1, "ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => return format!("{sign}{}", clock(all)),
    };
    format!("{sign}{}{name}", with_fraction(all, unit))
}

fn clock(all: u64) -> String {
    const SECOND: u64 = 1_000_000_000;
    let minutes = all / (60 * SECOND);
    let seconds = with_fraction(all % (60 * SECOND), SECOND);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds}s"),
        (0, minutes) => format!("{minutes}m{seconds}s"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
    }
}

fn with_fraction(all: u64, unit: u64) -> String {
    let (whole, part) = (all / unit, all % unit);
    if part == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    let digits = format!("{part:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let rows = [
            ("1", Some(1)),
            ("-1", Some(-1)),
            ("512m", Some(512 << 20)),
            ("1.5GiB", Some(3 << 29)),
            ("2 kb", Some(2048)),
            ("1B", Some(1)),
            ("1bb", None),
            ("m", None),
            ("1x", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }

    #[test]
    fn spans_of_time() {
        let rows = [
            ("90s", Some("1m30s")),
            ("1h", Some("1h0m0s")),
            ("1.5s", Some("1.5s")),
            ("250ms", Some("250ms")),
            ("1d", Some("24h0m0s")),
            ("0", Some("0s")),
            ("-5s", Some("-5s")),
            ("10us", Some("10µs")),
            ("10", None),
            ("", None),
            ("s", None),
            ("1y", None),
        ];
        for (text, expected) in rows {
            let written = nanoseconds(text).map(duration);
            assert_eq!(written.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn masks() {
        let rows = [
            ("077", Some(63)),
            ("0o77", Some(63)),
            ("77", Some(77)),
            ("0x1f", Some(31)),
            ("0", Some(0)),
            ("09", None),
            ("-1", None),
        ];
        for (text, expected) in rows {
            assert_eq!(based(text), expected, "{text}");
        }
    }
}
