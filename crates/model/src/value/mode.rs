//! Modes of mounted files.

use std::fmt;

use super::Invalid;

/// The permission bits of a file, 0–0777.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileMode(u16);

impl FileMode {
    /// # Errors
    /// When bits beyond 0777 are set.
    pub fn new(bits: u32) -> Result<Self, Invalid> {
        u16::try_from(bits)
            .ok()
            .filter(|bits| *bits <= 0o777)
            .map(Self)
            .ok_or_else(Self::wrong)
    }

    /// An octal number, with or without `0` or `0o` at the front: `0440`, `444`.
    ///
    /// # Errors
    /// When the text is no octal number up to 0777.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.strip_prefix("0o").unwrap_or(text);
        u32::from_str_radix(digits, 8)
            .map_err(|_| Self::wrong())
            .and_then(Self::new)
    }

    /// The bits.
    pub fn bits(self) -> u16 {
        self.0
    }

    fn wrong() -> Invalid {
        Invalid::new(
            "a file mode",
            "it is no octal number up to 0777",
            "write it like `\"0440\"`",
        )
    }
}

impl fmt::Display for FileMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_octal() {
        assert_eq!(FileMode::parse("0440").unwrap().bits(), 0o440);
        assert_eq!(FileMode::parse("0o400").unwrap().to_string(), "0400");
        assert!(FileMode::parse("888").is_err());
        assert!(FileMode::parse("1777").is_err());
    }
}
