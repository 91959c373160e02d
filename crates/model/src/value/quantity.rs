//! Quantities: processor time, memory, and whatever else is counted.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>

use std::fmt;

use super::{Invalid, checked_text};

/// Processor time in thousandths of a core, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpu(u64);

impl Cpu {
    const WHAT: &str = "an amount of CPU";
    const HELP: &str = "write cores like `0.5` or thousandths like `500m`";

    /// Thousandths of a core.
    ///
    /// # Errors
    /// When it is 0: Kubernetes counts in thousandths, and nothing is no request.
    pub fn from_millis(millis: u64) -> Result<Self, Invalid> {
        if millis == 0 {
            return Err(Invalid::new(
                Self::WHAT,
                "it is less than a thousandth of a core",
                Self::HELP,
            ));
        }
        Ok(Self(millis))
    }

    /// Kubernetes' spelling: `500m`, `0.5`, `2`.
    ///
    /// # Errors
    /// When the text is no such number, or less than a thousandth.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new(Self::WHAT, "it is no number of cores", Self::HELP);
        if let Some(millis) = text.strip_suffix('m') {
            return Self::from_millis(whole(millis).ok_or_else(wrong)?);
        }
        let (number, _) = Decimal::parse(text)
            .filter(|(_, rest)| rest.is_empty())
            .ok_or_else(wrong)?;
        Self::from_millis(number.times(1000).ok_or_else(wrong)?)
    }

    /// Thousandths of a core.
    pub fn millis(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1000) {
            write!(f, "{}", self.0 / 1000)
        } else {
            write!(f, "{}m", self.0)
        }
    }
}

/// An amount of memory or storage in bytes, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Memory(u64);

impl Memory {
    const WHAT: &str = "an amount of memory";
    const HELP: &str = "write it like `512Mi` or `2Gi`";
    const UNITS: [(&'static str, u64); 12] = [
        ("Ki", 1 << 10),
        ("Mi", 1 << 20),
        ("Gi", 1 << 30),
        ("Ti", 1 << 40),
        ("Pi", 1 << 50),
        ("Ei", 1 << 60),
        ("k", 1_000),
        ("M", 1_000_000),
        ("G", 1_000_000_000),
        ("T", 1_000_000_000_000),
        ("P", 1_000_000_000_000_000),
        ("E", 1_000_000_000_000_000_000),
    ];

    /// So many bytes.
    ///
    /// # Errors
    /// When it is 0 or more than `i64::MAX`.
    pub fn from_bytes(bytes: u64) -> Result<Self, Invalid> {
        if bytes == 0 || bytes > i64::MAX as u64 {
            return Err(Invalid::new(
                Self::WHAT,
                "it is not between 1 byte and 8Ei",
                Self::HELP,
            ));
        }
        Ok(Self(bytes))
    }

    /// Kubernetes' spelling: `512Mi`, `1.5Gi`, `128974848`, `1G`.
    ///
    /// # Errors
    /// When the text is no such number; `512m` too, which is half a byte.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = |why: &str| Invalid::new(Self::WHAT, why, Self::HELP);
        let (number, unit) =
            Decimal::parse(text).ok_or_else(|| wrong("it is no number with a unit"))?;
        if unit == "m" {
            return Err(Invalid::new(
                Self::WHAT,
                "`m` means thousandths of a byte",
                format!("write `{}Mi`", text.trim_end_matches('m')),
            ));
        }
        let factor = match unit {
            "" => Some(1),
            unit => Self::UNITS
                .iter()
                .find(|(name, _)| *name == unit)
                .map(|(_, factor)| *factor),
        };
        let factor = factor
            .ok_or_else(|| wrong("its unit is none of Ki, Mi, Gi, Ti, Pi, Ei, k, M, G, T, P, E"))?;
        let bytes = number
            .times(factor)
            .ok_or_else(|| wrong("it is too large"))?;
        Self::from_bytes(bytes)
    }

    /// Bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Memory {
    /// The largest unit that says it in a whole number: binary units first,
    /// then decimal ones, then bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (binary, decimal) = Self::UNITS.split_at(6);
        let whole = |units: &[(&'static str, u64)]| {
            units
                .iter()
                .rev()
                .find(|(_, factor)| self.0.is_multiple_of(*factor))
                .copied()
        };
        match whole(binary).or_else(|| whole(decimal)) {
            Some((unit, factor)) => write!(f, "{}{unit}", self.0 / factor),
            None => write!(f, "{}", self.0),
        }
    }
}

/// Any other Kubernetes quantity, kept as it was written: `10`, `1.5`, `2Gi`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(Box<str>);
checked_text!(Quantity);

impl Quantity {
    /// # Errors
    /// When the text is no decimal number with one of Kubernetes' suffixes.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const SUFFIXES: [&str; 16] = [
            "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
        ];
        let fits = Decimal::parse(text).is_some_and(|(_, unit)| SUFFIXES.contains(&unit));
        if !fits {
            return Err(Invalid::new(
                "a quantity",
                "it is no number with one of Kubernetes' suffixes",
                "write it like `1`, `500m` or `2Gi`",
            ));
        }
        Ok(Self(text.into()))
    }

    /// Whether it is a whole number.
    pub fn is_whole(&self) -> bool {
        const ONE: u128 = 1_000_000_000;
        let Some((number, unit)) = Decimal::parse(&self.0) else {
            return false;
        };
        let (times, parts) = match unit {
            "n" => (1, ONE),
            "u" => (1, 1_000_000),
            "m" => (1, 1000),
            "" => (1, 1),
            "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei" => (1024, 1),
            _ => (1000, 1),
        };
        let billionths = number.billionths.saturating_mul(times);
        billionths.is_multiple_of(ONE * parts)
    }
}

/// A decimal number without sign, exact to nine places.
struct Decimal {
    billionths: u128,
}

impl Decimal {
    /// The number at the front of `text`, and what follows it.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        let (before, behind) = number.split_once('.').unwrap_or((number, ""));
        if before.is_empty() && behind.is_empty() || behind.contains('.') || behind.len() > 9 {
            return None;
        }
        let before = if before.is_empty() { 0 } else { whole(before)? };
        let behind = if behind.is_empty() {
            0
        } else {
            let missing = u32::try_from(9 - behind.len()).ok()?;
            whole(behind)? * 10u64.pow(missing)
        };
        let billionths = u128::from(before) * 1_000_000_000 + u128::from(behind);
        Some((Self { billionths }, rest))
    }

    /// Rounded up to a whole number, as Kubernetes rounds.
    fn times(&self, factor: u64) -> Option<u64> {
        let product = self.billionths.checked_mul(u128::from(factor))?;
        u64::try_from(product.div_ceil(1_000_000_000)).ok()
    }
}

fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_counted_in_thousandths() {
        let rows = [
            ("500m", "500m"),
            ("0.5", "500m"),
            ("2", "2"),
            ("1.25", "1250m"),
            ("1000m", "1"),
            (".1", "100m"),
        ];
        for (text, shown) in rows {
            assert_eq!(Cpu::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for bad in ["", "0", "0m", "-1", "a", "1Gi", "1.m", "."] {
            assert!(Cpu::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn memory_is_counted_in_bytes() {
        let rows = [
            ("512Mi", 512 << 20, "512Mi"),
            ("1.5Gi", 1536 << 20, "1536Mi"),
            ("1G", 1_000_000_000, "1G"),
            ("1024", 1024, "1Ki"),
            ("1000", 1000, "1k"),
            ("1001", 1001, "1001"),
        ];
        for (text, bytes, shown) in rows {
            let memory = Memory::parse(text).unwrap();
            assert_eq!(
                (memory.bytes(), memory.to_string().as_str()),
                (bytes, shown),
                "{text}"
            );
        }
        let half = Memory::parse("512m").unwrap_err();
        assert_eq!(half.help, "write `512Mi`");
        for bad in ["", "Mi", "1MB", "0", "-5Mi", "99999Ei"] {
            assert!(Memory::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn quantities_keep_their_spelling() {
        assert_eq!(Quantity::parse("1.50").unwrap().as_str(), "1.50");
        assert!(Quantity::parse("1Q").is_err());
    }

    #[test]
    fn whole_numbers() {
        let rows = [
            ("0", true),
            ("1", true),
            ("2Gi", true),
            ("1000m", true),
            ("1.5k", true),
            ("1.0", true),
            ("1.5", false),
            ("100m", false),
            ("1n", false),
        ];
        for (text, whole) in rows {
            assert_eq!(Quantity::parse(text).unwrap().is_whole(), whole, "{text}");
        }
    }
}
