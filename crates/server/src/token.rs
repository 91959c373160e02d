use std::fmt;
use std::str::FromStr;

/// The shortest token that may be given.
const SHORTEST: usize = 16;
/// The longest.
const LONGEST: usize = 256;

/// What a client shows to be let in. It stands in a URL and in headers, so it has
/// letters, digits, `-`, `.`, `_` and `~` only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Box<str>);

impl Token {
    /// A new one, 128 random bits.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes)?;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(hex.into()))
    }

    /// The token itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `shown` is this token. How long that takes says nothing of how much
    /// of it was right.
    pub(crate) fn is(&self, shown: &str) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), shown.as_bytes());
        let differences = ours
            .iter()
            .zip(theirs)
            .fold(0, |found, (one, two)| found | (one ^ two));
        ours.len() == theirs.len() && std::hint::black_box(differences) == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        if !text.chars().all(fits) {
            return Err("a token has letters, digits, `-`, `.`, `_` and `~` only".to_owned());
        }
        match text.len() {
            SHORTEST..=LONGEST => Ok(Self(text.into())),
            length => Err(format!(
                "a token has {SHORTEST} to {LONGEST} characters, this one has {length}"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_knows_itself() {
        let token: Token = "0123456789abcdef".parse().unwrap();
        assert!(token.is("0123456789abcdef"));
        for other in [
            "",
            "0123456789abcde",
            "0123456789abcdeg",
            "0123456789abcdef0",
        ] {
            assert!(!token.is(other), "{other}");
        }
        assert_eq!(format!("{token:?}"), "Token(***)");
    }

    #[test]
    fn random_tokens_differ_and_are_tokens() {
        let (one, two) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.as_str().parse(), Ok(one));
    }

    #[test]
    fn what_is_no_token() {
        let long = "a".repeat(257);
        for text in ["", "short", "0123456789 abcdef", "0123456789abcdéf", &long] {
            assert!(text.parse::<Token>().is_err(), "{text}");
        }
    }
}
