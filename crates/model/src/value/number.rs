//! Ports, counts, percentages and rates.

use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};

use super::Invalid;

/// A port number, 1–65535.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(NonZeroU16);

impl Port {
    /// # Errors
    /// When the number is 0 or above 65535.
    pub fn new(number: u64) -> Result<Self, Invalid> {
        u16::try_from(number)
            .ok()
            .and_then(NonZeroU16::new)
            .map(Self)
            .ok_or_else(|| invalid_port(format!("{number} is outside of 1–65535")))
    }

    /// # Errors
    /// When the text is no whole number of that range.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits {
            return Err(invalid_port("it is no whole number"));
        }
        Self::new(text.parse().unwrap_or(u64::MAX))
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0.get()
    }
}

fn invalid_port(why: impl Into<String>) -> Invalid {
    Invalid::new("a port", why, "ports go from 1 to 65535")
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A count of at least 1 and at most `i32::MAX`, as Kubernetes counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PositiveCount(NonZeroU32);

impl PositiveCount {
    /// # Errors
    /// When the number is 0 or above `i32::MAX`.
    pub fn new(number: u64) -> Result<Self, Invalid> {
        u32::try_from(number)
            .ok()
            .filter(|number| *number <= i32::MAX as u32)
            .and_then(NonZeroU32::new)
            .map(Self)
            .ok_or_else(|| {
                Invalid::new(
                    "a count",
                    format!("{number} is outside of 1–{}", i32::MAX),
                    "write a whole number of at least 1",
                )
            })
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

/// A whole percentage, 1–100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percentage(u8);

impl Percentage {
    /// # Errors
    /// When the number is outside of 1–100.
    pub fn new(number: u64) -> Result<Self, Invalid> {
        u8::try_from(number)
            .ok()
            .filter(|number| (1..=100).contains(number))
            .map(Self)
            .ok_or_else(|| {
                Invalid::new(
                    "a percentage",
                    format!("{number} is outside of 1–100"),
                    "write a whole number from 1 to 100",
                )
            })
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// How much a wish counts, 1–100.
///
/// <https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity-weight>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(u8);

impl Weight {
    /// # Errors
    /// When the number is outside of 1–100.
    pub fn new(number: u64) -> Result<Self, Invalid> {
        u8::try_from(number)
            .ok()
            .filter(|number| (1..=100).contains(number))
            .map(Self)
            .ok_or_else(|| {
                Invalid::new(
                    "a weight",
                    format!("{number} is outside of 1–100"),
                    "write a whole number from 1 to 100",
                )
            })
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// The number of a user or group, 0–2147483647.
///
/// <https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u32);

impl AccountId {
    /// # Errors
    /// When API servers refuse the number.
    pub fn new(number: i64) -> Result<Self, Invalid> {
        u32::try_from(number)
            .ok()
            .filter(|number| *number <= i32::MAX as u32)
            .map(Self)
            .ok_or_else(|| {
                Invalid::new(
                    "the number of a user or group",
                    format!("{number} is outside of 0–{}", i32::MAX),
                    "write the number that `id` prints in the container",
                )
            })
    }

    /// The number.
    pub fn get(self) -> i64 {
        i64::from(self.0)
    }
}

/// A number of pods, or a share of them: `1`, `25%`, `0`, `0%`.
///
/// <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntOrPercentage {
    /// So many pods.
    Int(u32),
    /// A share of the wanted number, 0–100.
    Percentage(u8),
}

impl IntOrPercentage {
    /// # Errors
    /// When the text is neither a whole number nor one of 0–100 with `%`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parsed = match text.strip_suffix('%') {
            Some(share) => share
                .parse()
                .ok()
                .filter(|share: &u8| *share <= 100)
                .map(Self::Percentage),
            None => text
                .parse()
                .ok()
                .filter(|count: &u32| *count <= i32::MAX as u32)
                .map(Self::Int),
        };
        parsed.ok_or_else(|| {
            Invalid::new(
                "a count or percentage",
                "it is neither a whole number nor a percentage of 0–100",
                "write it like `1` or `25%`",
            )
        })
    }

    /// True for `0` and `0%`.
    pub fn is_zero(self) -> bool {
        matches!(self, Self::Int(0) | Self::Percentage(0))
    }
}

impl fmt::Display for IntOrPercentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(count) => write!(f, "{count}"),
            Self::Percentage(share) => write!(f, "{share}%"),
        }
    }
}

/// So many requests in a second, minute or hour: `9`, `60/m`, `1000/h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate {
    count: u32,
    seconds: u32,
}

impl Rate {
    /// # Errors
    /// When the text is no whole number of at least 1 with `/s`, `/m`, `/h` or
    /// nothing behind it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (count, unit) = text.split_once('/').unwrap_or((text, "s"));
        let seconds = match unit.trim() {
            "s" | "second" => Some(1),
            "m" | "min" | "minute" => Some(60),
            "h" | "hour" => Some(3600),
            _ => None,
        };
        let count: Option<u32> = count.trim().parse().ok().filter(|count| *count > 0);
        match (count, seconds) {
            (Some(count), Some(seconds)) => Ok(Self { count, seconds }),
            _ => Err(Invalid::new(
                "a rate",
                "it is no count with `/s`, `/m` or `/h` behind it",
                "write it like `9` (a second) or `60/m`",
            )),
        }
    }

    /// How many in [`seconds`](Self::seconds).
    pub fn count(self) -> u32 {
        self.count
    }

    /// The length of the window: 1, 60 or 3600.
    pub fn seconds(self) -> u32 {
        self.seconds
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seconds {
            60 => write!(f, "{}/m", self.count),
            3600 => write!(f, "{}/h", self.count),
            _ => write!(f, "{}", self.count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_have_a_range() {
        assert_eq!(Port::parse("80").unwrap().get(), 80);
        for bad in ["0", "65536", "", "-1", "+1", "8a", "99999999999999999999"] {
            assert!(Port::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn counts_and_shares() {
        assert_eq!(
            IntOrPercentage::parse("25%"),
            Ok(IntOrPercentage::Percentage(25))
        );
        assert_eq!(IntOrPercentage::parse("1"), Ok(IntOrPercentage::Int(1)));
        assert!(IntOrPercentage::parse("0%").unwrap().is_zero());
        assert!(IntOrPercentage::parse("101%").is_err());
        assert!(Percentage::new(0).is_err());
        assert!(PositiveCount::new(0).is_err());
    }

    #[test]
    fn rates_have_a_window() {
        assert_eq!(
            Rate::parse("60/m").map(|r| (r.count(), r.seconds())),
            Ok((60, 60))
        );
        assert_eq!(
            Rate::parse("9").map(|r| (r.count(), r.seconds())),
            Ok((9, 1))
        );
        for text in ["9", "60/m", "1000/h"] {
            assert_eq!(Rate::parse(text).unwrap().to_string(), text);
        }
        assert!(Rate::parse("0").is_err());
        assert!(Rate::parse("1/d").is_err());
    }
}
