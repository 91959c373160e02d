//! The short form of a port: `[[ip:]published:]target[/protocol]`, with ranges.

use std::net::IpAddr;

use kubewright_model::Port;
use kubewright_model::service::Protocol;

/// One port of a short form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PortSpec {
    pub(super) target: Port,
    pub(super) published: Option<Port>,
    pub(super) ip: Option<IpAddr>,
    pub(super) protocol: Protocol,
}

/// The ports of a short form.
///
/// # Errors
/// Why it is none.
pub(super) fn parse(text: &str) -> Result<Vec<PortSpec>, String> {
    let (address, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let protocol =
        self::protocol(protocol).ok_or_else(|| format!("`{protocol}` is no protocol"))?;
    let (rest, target) = match address.rsplit_once(':') {
        Some((rest, target)) => (Some(rest), target),
        None => (None, address),
    };
    let (ip, published) = match rest.map(|rest| rest.rsplit_once(':').unwrap_or(("", rest))) {
        Some((ip, published)) => (ip, published),
        None => ("", ""),
    };
    let ip = match ip.trim_start_matches('[').trim_end_matches(']') {
        "" => None,
        ip => Some(ip.parse().map_err(|_| format!("`{ip}` is no address"))?),
    };
    let target = range(target, text)?;
    let published = match published {
        "" => None,
        published => Some(range(published, text)?),
    };
    if let Some(published) = published
        && published.count() != target.count()
        && target.count() != 1
    {
        return Err("its two ranges differ in length".to_owned());
    }
    let spec = |offset: u32| {
        let port = |range: Range| {
            let number = u64::from(range.first) + u64::from(offset);
            Port::new(number).map_err(|invalid| invalid.why)
        };
        Ok(PortSpec {
            target: port(target)?,
            // A range outside for one port inside: any of them will do.
            published: published.map(port).transpose()?,
            ip,
            protocol,
        })
    };
    (0..target.count()).map(spec).collect()
}

/// A protocol's name.
pub(super) fn protocol(text: &str) -> Option<Protocol> {
    match text.to_ascii_lowercase().as_str() {
        "tcp" => Some(Protocol::Tcp),
        "udp" => Some(Protocol::Udp),
        "sctp" => Some(Protocol::Sctp),
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Range {
    first: u16,
    last: u16,
}

impl Range {
    fn count(self) -> u32 {
        u32::from(self.last - self.first) + 1
    }
}

/// `whole` is the short form that `text` is a part of.
fn range(text: &str, whole: &str) -> Result<Range, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let port = |text: &str| {
        Port::parse(text.trim())
            .map(Port::get)
            .map_err(|invalid| match text == whole {
                true => invalid.why,
                false => match invalid.why.strip_prefix("it ") {
                    Some(why) => format!("`{text}` {why}"),
                    None => invalid.why,
                },
            })
    };
    let range = Range {
        first: port(first)?,
        last: port(last)?,
    };
    if range.last.saturating_sub(range.first) >= 1000 {
        return Err("it names more than 1000 ports".to_owned());
    }
    if range.first > range.last {
        return Err(format!("`{text}` ends before it begins"));
    }
    Ok(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<Vec<String>, String> {
        let line = |spec: &PortSpec| {
            let published = spec.published.map(|port| port.to_string());
            let ip = spec.ip.map(|ip| ip.to_string());
            let protocol = spec.protocol.as_str();
            format!(
                "{} {} {} {protocol}",
                ip.unwrap_or_default(),
                published.unwrap_or_default(),
                spec.target
            )
        };
        parse(text).map(|specs| specs.iter().map(line).collect())
    }

    #[test]
    fn short_forms() {
        let rows: [(&str, &[&str]); 9] = [
            ("3000", &["  3000 TCP"]),
            ("8080:80", &[" 8080 80 TCP"]),
            ("127.0.0.1:8080:80", &["127.0.0.1 8080 80 TCP"]),
            ("127.0.0.1::80", &["127.0.0.1  80 TCP"]),
            ("[::1]:8080:80/udp", &["::1 8080 80 UDP"]),
            ("53:53/UDP", &[" 53 53 UDP"]),
            ("3000-3001", &["  3000 TCP", "  3001 TCP"]),
            ("9000-9001:80-81", &[" 9000 80 TCP", " 9001 81 TCP"]),
            ("9000-9005:80", &[" 9000 80 TCP"]),
        ];
        for (text, expected) in rows {
            let expected: Vec<String> = expected.iter().map(|s| (*s).to_owned()).collect();
            assert_eq!(shown(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_port() {
        for text in [
            "",
            "a",
            "80:",
            "0",
            "70000",
            "80/foo",
            "9-8",
            "1-2:3-5",
            "x:1:2",
            "1-65535:1-2",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
