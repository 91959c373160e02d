//! What an untyped scalar means, as the reader of Docker Compose sees it.
//!
//! The rules are those of `go.yaml.in/yaml` (v3 and v4 agree up to oddities):
//! YAML 1.2's core schema, with underscores, dates and octal numbers such as
//! `0777` of YAML 1.1, but without its `yes`, `on` and `12:30:45`.

use std::borrow::Cow;

use crate::tree::{Scalar, Style};

/// The meaning of a scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved {
    /// Not written, `~`, `null`, `Null`, `NULL`.
    Null,
    /// `true`, `True`, `TRUE`, `false`, `False`, `FALSE`.
    Bool(bool),
    /// From −2⁶³ to 2⁶⁴−1, the range of Go's `int64` and `uint64`.
    Int(i128),
    /// With a point or an exponent, or an integer beyond the range of [`Resolved::Int`].
    Float(f64),
    /// A date, with or without a time of day.
    Timestamp,
    /// Everything else, and whatever is quoted.
    String,
}

impl Resolved {
    /// `a string`, `a number`: what people call it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Timestamp => "a date",
            Self::String => "a string",
        }
    }
}

impl Scalar {
    /// What the scalar means.
    pub fn resolve(&self) -> Resolved {
        match self.style {
            Style::Plain => resolve_plain(&self.text),
            Style::Quoted | Style::Block => Resolved::String,
        }
    }

    /// True where the scalar means nothing.
    pub fn is_null(&self) -> bool {
        self.style == Style::Plain && is_null(&self.text)
    }

    /// The text that Go's `fmt.Sprint` makes of the value, which is what Docker
    /// Compose does where it wants a string and finds another type: `1.10`
    /// becomes `1.1`, `0x10` becomes `16`, `1e3` becomes `1000`, `True` becomes
    /// `true`. `None` for nothing.
    pub fn go_string(&self) -> Option<Cow<'_, str>> {
        match self.resolve() {
            Resolved::Null => None,
            Resolved::Bool(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
            Resolved::Int(value) => Some(Cow::Owned(value.to_string())),
            Resolved::Float(value) => Some(Cow::Owned(go_float(value))),
            Resolved::Timestamp => Some(Cow::Owned(go_time(&self.text))),
            Resolved::String => Some(Cow::Borrowed(&self.text)),
        }
    }
}

/// The meaning of a text without quotes.
pub(crate) fn resolve_plain(text: &str) -> Resolved {
    let Some(&first) = text.as_bytes().first() else {
        return Resolved::Null;
    };
    match first {
        b'~' | b'n' | b'N' if is_null(text) => Resolved::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Resolved::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Resolved::Bool(false),
        b'.' => dotted(text),
        b'0'..=b'9' | b'+' | b'-' => number(text),
        _ => Resolved::String,
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// `.inf`, `.nan`, `.5`.
fn dotted(text: &str) -> Resolved {
    match text {
        ".inf" | ".Inf" | ".INF" => Resolved::Float(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
        _ if underscores_part_digits(text) => float(&text.replace('_', "")),
        _ => Resolved::String,
    }
}

/// Behind a leading point Go's own rule for underscores holds.
fn underscores_part_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let mut places = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_');
    places.all(|(at, _)| digit(at.checked_sub(1)) && digit(Some(at + 1)))
}

fn number(text: &str) -> Resolved {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    // The longest numbers that make sense: a float with all its digits.
    if text.len() > 1100 {
        return Resolved::String;
    }
    if timestamp(text).is_some() {
        return Resolved::Timestamp;
    }
    let plain: Cow<'_, str> = if text.contains('_') {
        Cow::Owned(text.replace('_', ""))
    } else {
        Cow::Borrowed(text)
    };
    integer(&plain).map_or_else(|| float(&plain), Resolved::Int)
}

fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let size = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -size } else { size };
    let range = i128::from(i64::MIN)..=i128::from(u64::MAX);
    range.contains(&value).then_some(value)
}

/// A decimal number with a point, an exponent, both or neither.
fn float(text: &str) -> Resolved {
    let shaped = {
        let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(rest);
        let behind = &rest[whole..];
        let (part, behind) = match behind.strip_prefix('.') {
            Some(behind) => (digits(behind), &behind[digits(behind)..]),
            None => (0, behind),
        };
        let exponent = behind.strip_prefix(['e', 'E']);
        let exponent_fits = match exponent {
            Some(exponent) => {
                let size = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
                !size.is_empty() && digits(size) == size.len()
            }
            None => behind.is_empty(),
        };
        whole + part > 0 && exponent_fits
    };
    match text.parse::<f64>() {
        Ok(value) if shaped && value.is_finite() => Resolved::Float(value),
        _ => Resolved::String,
    }
}

/// A date and time of day.
struct Moment<'a> {
    year: &'a str,
    month: u32,
    day: u32,
    time: Option<Time<'a>>,
}

struct Time<'a> {
    hour: u32,
    minute: u32,
    second: u32,
    /// Digits behind the second's point.
    fraction: &'a str,
    /// Sign, hours and minutes; `None` for UTC.
    offset: Option<(char, u32, u32)>,
}

/// The four forms that Go's reader takes: a date; date and time with `T` or `t`
/// and a zone; date and time with one space and no zone.
fn timestamp(text: &str) -> Option<Moment<'_>> {
    if text.len() < 8 || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    let (year, rest) = text.split_at_checked(4)?;
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (month, rest) = small(rest.strip_prefix('-')?)?;
    let (day, rest) = small(rest.strip_prefix('-')?)?;
    if !(1..=12).contains(&month) || day < 1 || day > days(year.parse().ok()?, month) {
        return None;
    }
    let time = match rest.chars().next() {
        None => None,
        Some('T' | 't') => Some(time_of_day(&rest[1..], true)?),
        Some(' ') => Some(time_of_day(&rest[1..], false)?),
        Some(_) => return None,
    };
    Some(Moment {
        year,
        month,
        day,
        time,
    })
}

fn time_of_day(text: &str, zoned: bool) -> Option<Time<'_>> {
    let (hour, rest) = small(text)?;
    let (minute, rest) = small(rest.strip_prefix(':')?)?;
    let (second, mut rest) = small(rest.strip_prefix(':')?)?;
    let mut fraction = "";
    if let Some(behind) = rest.strip_prefix(['.', ',']) {
        let length = behind.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        (fraction, rest) = behind.split_at(length);
    }
    let offset = match (zoned, rest) {
        (true, "Z") | (false, "") => None,
        (true, _) => Some(zone(rest)?),
        (false, _) => return None,
    };
    (hour < 24 && minute < 60 && second < 60).then_some(Time {
        hour,
        minute,
        second,
        fraction,
        offset,
    })
}

/// `+02:00`.
fn zone(text: &str) -> Option<(char, u32, u32)> {
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let (hours, minutes) = text[1..].split_once(':')?;
    let two = |text: &str| {
        let fits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours <= 24 && minutes < 60).then_some((sign, hours, minutes))
}

/// A number of one or two digits and what stands behind it.
fn small(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    Some((digits.parse().ok()?, rest))
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// As Go prints a `time.Time`.
fn go_time(text: &str) -> String {
    let Some(moment) = timestamp(text) else {
        return text.to_owned();
    };
    let Moment {
        year, month, day, ..
    } = moment;
    let Some(time) = moment.time else {
        return format!("{year}-{month:02}-{day:02} 00:00:00 +0000 UTC");
    };
    let zone = match time.offset {
        None | Some((_, 0, 0)) => "+0000 UTC".to_owned(),
        Some((sign, hours, minutes)) => {
            let offset = format!("{sign}{hours:02}{minutes:02}");
            format!("{offset} {offset}")
        }
    };
    let kept = time.fraction.get(..9).unwrap_or(time.fraction);
    let kept = kept.trim_end_matches('0');
    let point = if kept.is_empty() { "" } else { "." };
    let Time {
        hour,
        minute,
        second,
        ..
    } = time;
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{point}{kept} {zone}")
}

/// As Go's `%v` prints a `float64`: the shortest digits that read back, with an
/// exponent where it is below −4 or above 5.
fn go_float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => format!("{value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_go_says() {
        use Resolved::{Bool, Float, Int, Null, String, Timestamp};
        let rows = [
            ("", Null),
            ("~", Null),
            ("null", Null),
            ("NULL", Null),
            ("nULL", String),
            ("true", Bool(true)),
            ("TRUE", Bool(true)),
            ("False", Bool(false)),
            ("fALSE", String),
            ("yes", String),
            ("on", String),
            ("n", String),
            ("0", Int(0)),
            ("-0", Int(0)),
            ("+12", Int(12)),
            ("1_000", Int(1000)),
            ("1__0_", Int(10)),
            ("0x10", Int(16)),
            ("-0x1F", Int(-31)),
            ("0x", String),
            ("0xg", String),
            ("0o17", Int(15)),
            ("0b101", Int(5)),
            ("0777", Int(511)),
            ("08", Float(8.0)),
            ("0b2", String),
            ("9223372036854775808", Int(9_223_372_036_854_775_808)),
            ("18446744073709551616", Float(18_446_744_073_709_551_616.0)),
            ("1.10", Float(1.1)),
            ("1.", Float(1.0)),
            (".5", Float(0.5)),
            (".5_0", Float(0.5)),
            ("._5", String),
            (".", String),
            ("-.5", Float(-0.5)),
            ("1e3", Float(1000.0)),
            ("1e", String),
            ("1e999", String),
            ("1_000.5", Float(1000.5)),
            ("1.2.3", String),
            ("-", String),
            ("+", String),
            ("--1", String),
            ("-.inf", Float(f64::NEG_INFINITY)),
            (".INF", Float(f64::INFINITY)),
            ("+.Inf", Float(f64::INFINITY)),
            (".iNF", String),
            ("inf", String),
            ("12:30:45", String),
            ("=", String),
            ("<<", String),
            ("2024-02-29", Timestamp),
            ("2023-02-29", String),
            ("2024-1-2", Timestamp),
            ("2024-13-01", String),
            ("2001-12-14T21:59:43.10Z", Timestamp),
            ("2001-12-14t21:59:43.10-05:00", Timestamp),
            ("2001-12-14 21:59:43.10", Timestamp),
            ("2001-12-14 21:59:43.10 -5", String),
            ("2001-12-14T21:59:43", String),
            ("2024-01-01-backup", String),
            ("2024", Int(2024)),
            ("2024-ü-01", String),
        ];
        for (text, expected) in rows {
            assert_eq!(resolve_plain(text), expected, "{text}");
        }
        assert!(matches!(resolve_plain(".NaN"), Float(value) if value.is_nan()));
    }

    #[test]
    fn go_prints_values_its_own_way() {
        let rows = [
            ("1.10", Some("1.1")),
            ("0x10", Some("16")),
            ("1e3", Some("1000")),
            ("1e21", Some("1e+21")),
            ("1e5", Some("100000")),
            ("1e6", Some("1e+06")),
            ("123456.5", Some("123456.5")),
            ("0.0001", Some("0.0001")),
            ("0.00001", Some("1e-05")),
            ("12345678.5", Some("1.23456785e+07")),
            ("True", Some("true")),
            ("null", None),
            ("", None),
            ("text", Some("text")),
            ("0777", Some("511")),
            ("-.INF", Some("-Inf")),
            ("2024-1-2", Some("2024-01-02 00:00:00 +0000 UTC")),
            (
                "2001-12-14t21:59:43.10-05:00",
                Some("2001-12-14 21:59:43.1 -0500 -0500"),
            ),
        ];
        for (text, expected) in rows {
            let scalar = Scalar::plain(text);
            assert_eq!(scalar.go_string().as_deref(), expected, "{text}");
        }
        assert_eq!(Scalar::string("1.10").go_string().as_deref(), Some("1.10"));
    }
}
