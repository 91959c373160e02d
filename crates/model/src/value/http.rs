//! What requests say: headers, origins, protocols.

use super::{Invalid, LabelKey, checked_text};

/// The name of a header that a probe sends, or that pages of other origins may:
/// letters, digits and `-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeaderName(Box<str>);
checked_text!(HeaderName);

impl HeaderName {
    /// # Errors
    /// When the text is empty or has anything else in it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if text.is_empty() || !text.chars().all(fits) {
            return Err(Invalid::new(
                "the name of a header",
                "it is empty, or has more than letters, digits and `-`",
                "write it like `X-Request-Id`",
            ));
        }
        Ok(Self(text.into()))
    }
}

/// Where a page comes from: `https://shop.test`, `https://*.shop.test:8443`, `*`
/// for anywhere, `null` for pages that have no origin.
///
/// <https://developer.mozilla.org/en-US/docs/Glossary/Origin>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(Box<str>);
checked_text!(Origin);

impl Origin {
    /// # Errors
    /// When the text has no scheme and host, or more than a port behind them.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = |why: &str| {
            Invalid::new(
                "an origin",
                why,
                "write it like `https://shop.test`, or `*`",
            )
        };
        if matches!(text, "*" | "null") {
            return Ok(Self(text.into()));
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(wrong("it has no scheme like `https://`"));
        };
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        if !is_scheme {
            return Err(wrong("its scheme is none"));
        }
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !rest.ends_with(']') => (host, Some(port)),
            Some(_) | None => (rest, None),
        };
        if port.is_some_and(|port| super::Port::parse(port).is_err()) {
            return Err(wrong("its port is none"));
        }
        let is_address = host.starts_with('[') && host.ends_with(']');
        if !is_address && super::Host::parse(host).is_err() {
            return Err(wrong("it has no host, or more than a port behind it"));
        }
        Ok(Self(text.into()))
    }
}

/// What is spoken at a port, for meshes and load balancers: `http`,
/// `kubernetes.io/h2c`.
///
/// <https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppProtocol(Box<str>);
checked_text!(AppProtocol);

impl AppProtocol {
    /// # Errors
    /// When the text is no name, with or without a prefix like a label's key.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        LabelKey::parse(text).map_err(|invalid| Invalid {
            what: "the name of a protocol",
            help: "write it like `http` or `kubernetes.io/h2c`".to_owned(),
            ..invalid
        })?;
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_plain_names() {
        for (text, fits) in [
            ("X-A", true),
            ("a1", true),
            ("", false),
            ("a b", false),
            ("A_b", false),
            ("A:", false),
            ("é", false),
        ] {
            assert_eq!(HeaderName::parse(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn origins_are_schemes_and_hosts() {
        let rows = [
            ("*", true),
            ("null", true),
            ("https://a.test", true),
            ("https://*.a.test", true),
            ("http://localhost:3000", true),
            ("http://[::1]:3000", true),
            ("capacitor://localhost", true),
            ("x", false),
            ("a b", false),
            ("", false),
            ("http://a.test/", false),
            ("http://a.test:99999", false),
            ("://a", false),
        ];
        for (text, fits) in rows {
            assert_eq!(Origin::parse(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn protocols_are_named_like_labels() {
        for (text, fits) in [
            ("http", true),
            ("kubernetes.io/h2c", true),
            ("UPPER", true),
            ("", false),
            ("a b", false),
            ("-a", false),
            ("a/b/c", false),
        ] {
            assert_eq!(AppProtocol::parse(text).is_ok(), fits, "{text}");
        }
    }
}
