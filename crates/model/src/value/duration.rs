//! Spans of time.

use std::fmt;

use super::Invalid;

/// A span of time in milliseconds.
///
/// Written `90s`, `1m30s`, `1d`, `500ms`; a bare number is seconds. Kubernetes
/// counts most times in whole seconds: [`seconds_up`](Self::seconds_up).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

impl Duration {
    /// So many seconds.
    pub fn from_seconds(seconds: u32) -> Self {
        Self(u64::from(seconds) * 1000)
    }

    /// So many milliseconds.
    pub fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// # Errors
    /// When the text is no sequence of numbers with units `ns`, `us`, `ms`, `s`,
    /// `m`, `h`, `d`, `w`, nor a bare number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong =
            |why: &str| Invalid::new("a duration", why, "write it like `90s`, `1m30s` or `1d`");
        if text.is_empty() {
            return Err(wrong("it is empty"));
        }
        let mut nanos: f64 = 0.0;
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            let (number, tail) = rest.split_at(end);
            let number: f64 = number
                .parse()
                .map_err(|_| wrong("it has a part without a number"))?;
            let end = tail
                .find(|c: char| c.is_ascii_digit() || c == '.')
                .unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(end);
            let whole_text = rest.len() == text.len() && tail.is_empty();
            let factor = match unit {
                "ns" => 1.0,
                "us" | "µs" | "μs" => 1e3,
                "ms" => 1e6,
                "s" => 1e9,
                "" if whole_text => 1e9,
                "m" => 60e9,
                "h" => 3600e9,
                "d" => 86_400e9,
                "w" => 604_800e9,
                _ => return Err(wrong("its units are none of ms, s, m, h, d, w")),
            };
            nanos += number * factor;
            rest = tail;
        }
        if nanos > f64::from(i32::MAX) * 1e9 {
            return Err(wrong("it is longer than Kubernetes can count"));
        }
        Ok(Self((nanos / 1e6).ceil() as u64))
    }

    /// Milliseconds.
    pub fn millis(self) -> u64 {
        self.0
    }

    /// Whole seconds, rounded up.
    pub fn seconds_up(self) -> u32 {
        u32::try_from(self.0.div_ceil(1000)).unwrap_or(u32::MAX)
    }

    /// True when whole seconds say it exactly.
    pub fn is_whole_seconds(self) -> bool {
        self.0.is_multiple_of(1000)
    }

    /// True for no time at all.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [
            (86_400_000, "d"),
            (3_600_000, "h"),
            (60_000, "m"),
            (1000, "s"),
            (1, "ms"),
        ];
        let mut rest = self.0;
        if rest == 0 {
            return f.write_str("0s");
        }
        for (length, unit) in units {
            if rest >= length {
                write!(f, "{}{unit}", rest / length)?;
                rest %= length;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_whole() {
        let rows = [
            ("90s", 90_000, "1m30s"),
            ("1m30s", 90_000, "1m30s"),
            ("1d", 86_400_000, "1d"),
            ("30", 30_000, "30s"),
            ("500ms", 500, "500ms"),
            ("1.5s", 1500, "1s500ms"),
            ("0", 0, "0s"),
            ("1ns", 1, "1ms"),
        ];
        for (text, millis, shown) in rows {
            let duration = Duration::parse(text).unwrap();
            assert_eq!(
                (duration.millis(), duration.to_string().as_str()),
                (millis, shown),
                "{text}"
            );
        }
        for bad in ["", "s", "1x", "1m30", "-1s", "1 s", "99999999999d", "1..2s"] {
            assert!(Duration::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Duration::parse("1500ms").unwrap().seconds_up(), 2);
    }
}
