//! Hosts, networks and addresses of the web.

use std::fmt;
use std::net::IpAddr;

use super::{Invalid, checked_text};

/// A host name of DNS, lower case, at most 253 characters; `*.` may stand at the
/// front, as Ingress and Gateway allow.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(Box<str>);
checked_text!(Host);

impl Host {
    /// # Errors
    /// When a label of the name is none.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong =
            |why: String| Invalid::new("a host name", why, "write it like `shop.example.com`");
        let lower = text.to_ascii_lowercase();
        let name = lower.strip_prefix("*.").unwrap_or(&lower);
        if name.is_empty() || name.len() > 253 {
            return Err(wrong(format!("it has {} characters", name.len())));
        }
        for label in name.split('.') {
            let fits = (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !fits {
                return Err(wrong(format!(
                    "`{}` is no part of one",
                    label.escape_default()
                )));
            }
        }
        Ok(Self(lower.into()))
    }

    /// A domain below which others have their names.
    ///
    /// # Errors
    /// When it is no host name, or one with `*.` before it.
    pub fn parse_domain(text: &str) -> Result<Self, Invalid> {
        let host = Self::parse(text)?;
        match host.as_str().starts_with("*.") {
            true => Err(Invalid::new(
                "a domain",
                "it begins with `*.`",
                "name the domain alone",
            )),
            false => Ok(host),
        }
    }

    /// A host that routes can name: no address.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and when the text is an address.
    pub fn of_route(text: &str) -> Result<Self, Invalid> {
        if text.parse::<std::net::IpAddr>().is_ok() {
            return Err(Invalid::new(
                "a host name",
                "it is an address, and routes go by names",
                "write a name, or leave the host out: then every host is answered",
            ));
        }
        Self::parse(text)
    }
}

/// A network in CIDR notation: `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// # Errors
    /// When the address or the length of the prefix is none.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parsed = text.split_once('/').and_then(|(address, prefix)| {
            let address: IpAddr = address.parse().ok()?;
            let prefix: u8 = prefix.parse().ok()?;
            let longest = if address.is_ipv4() { 32 } else { 128 };
            (prefix <= longest).then_some(Self { address, prefix })
        });
        let parsed = parsed.ok_or_else(|| {
            Invalid::new(
                "a network",
                "it is no address with a prefix length",
                "write it like `10.0.0.0/8`",
            )
        })?;
        let first = Self {
            address: masked(parsed.address, parsed.prefix),
            prefix: parsed.prefix,
        };
        if first != parsed {
            return Err(Invalid::new(
                "a network",
                "its address goes on behind the prefix",
                format!("write `{first}` for the whole network"),
            ));
        }
        Ok(parsed)
    }

    /// Whether another network is a part of this one, and not all of it.
    pub fn has_part(&self, other: &Self) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4()
            && self.prefix < other.prefix
            && masked(other.address, self.prefix) == self.address
    }
}

/// The first address of the network that an address is in.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let (length, prefix) = (if address.is_ipv4() { 32 } else { 128 }, u32::from(prefix));
    let dropped = length - prefix;
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(dropped).unwrap_or(0);
            IpAddr::V4((u32::from(address) & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(dropped).unwrap_or(0);
            IpAddr::V6((u128::from(address) & mask).into())
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// An absolute URL, as far as kubewright looks at one: a scheme and a host.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url(Box<str>);
checked_text!(Url);

impl Url {
    /// # Errors
    /// When there is no `scheme://host` at the front, or a blank or control
    /// character anywhere.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = text.split_once("://").is_some_and(|(scheme, rest)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
                && !rest.is_empty()
                && !rest.starts_with('/')
        });
        if !fits || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(Invalid::new(
                "a URL",
                "it has no scheme and host",
                "write it like `https://id.example.com`",
            ));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_networks_urls() {
        assert!(Host::parse("*.example.com").is_ok());
        assert_eq!(Host::parse("Shop.test").unwrap().as_str(), "shop.test");
        for bad in ["", "a..b", "-a.b", "a b", "a/b", "*"] {
            assert!(Host::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Cidr::parse("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert!(Cidr::parse("10.0.0.0/33").is_err());
        assert!(Url::parse("https://id/k").is_ok());
        assert!(Url::parse("file:///x").is_err());
    }

    #[test]
    fn networks_end_with_their_prefix() {
        for (text, help) in [
            ("10.0.0.0/8", None),
            ("0.0.0.0/0", None),
            ("::/0", None),
            ("fd00::/8", None),
            ("10.0.0.1/32", None),
            (
                "10.0.0.1/8",
                Some("write `10.0.0.0/8` for the whole network"),
            ),
            (
                "fd00::1/64",
                Some("write `fd00::/64` for the whole network"),
            ),
        ] {
            let found = Cidr::parse(text).err().map(|invalid| invalid.help);
            assert_eq!(found.as_deref(), help, "{text}");
        }
    }

    #[test]
    fn parts_of_networks() {
        let cidr = |text| Cidr::parse(text).unwrap();
        for (whole, part, is_part) in [
            ("10.0.0.0/8", "10.9.0.0/16", true),
            ("10.0.0.0/8", "11.0.0.0/16", false),
            ("10.0.0.0/8", "10.0.0.0/8", false),
            ("10.0.0.0/16", "10.0.0.0/8", false),
            ("0.0.0.0/0", "10.0.0.0/8", true),
            ("0.0.0.0/0", "::/1", false),
            ("::/0", "fd00::/8", true),
        ] {
            assert_eq!(cidr(whole).has_part(&cidr(part)), is_part, "{whole} {part}");
        }
    }

    #[test]
    fn routes_go_by_names() {
        for (text, fits) in [
            ("a.test", true),
            ("*.a.test", true),
            ("1.2.3.4", false),
            ("::1", false),
        ] {
            assert_eq!(Host::of_route(text).is_ok(), fits, "{text}");
        }
    }
}
