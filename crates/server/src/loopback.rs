use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// An address that only this machine reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loopback(IpAddr);

impl Loopback {
    /// The address with a port.
    pub(crate) fn with_port(self, port: u16) -> SocketAddr {
        SocketAddr::new(self.0, port)
    }
}

impl Default for Loopback {
    fn default() -> Self {
        Self(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }
}

impl fmt::Display for Loopback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Loopback {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const WAY: &str = "only this machine may reach the server, from another one use a tunnel: \
                           `ssh -L 8470:127.0.0.1:8470 HOST`";
        if text == "localhost" {
            return Ok(Self::default());
        }
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) if address.is_loopback() => Ok(Self(address)),
            Ok(_) => Err(format!("`{text}` is reached from outside; {WAY}")),
            Err(_) => Err(format!("`{text}` is no address; {WAY}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_taken() {
        let rows = [
            ("127.0.0.1", true),
            ("127.0.0.53", true),
            ("::1", true),
            ("[::1]", true),
            ("localhost", true),
            ("0.0.0.0", false),
            ("::", false),
            ("192.168.0.1", false),
            ("example.com", false),
            ("", false),
        ];
        for (text, expected) in rows {
            assert_eq!(text.parse::<Loopback>().is_ok(), expected, "{text}");
        }
    }
}
