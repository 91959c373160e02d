//! Whether what listens on a port speaks HTTP, as far as one can tell.

use kubewright_knowledge::{Family, Kind};
use kubewright_model::service::{Port, Protocol};

/// How much a port looks like one of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It does not.
    None,
    /// Nothing speaks for or against it.
    Unknown,
    /// It does.
    Http,
}

/// Ports that web servers, frameworks and their tools listen on by habit.
const USUAL: [std::ops::RangeInclusive<u16>; 16] = [
    80..=89,
    443..=443,
    1313..=1313,
    1337..=1337,
    3000..=3010,
    4000..=4000,
    4173..=4173,
    4200..=4200,
    5000..=5001,
    5173..=5173,
    5601..=5601,
    7860..=7860,
    8000..=8200,
    8443..=8443,
    8880..=8999,
    9090..=9091,
];

/// Ports of protocols that are not HTTP:
/// <https://www.iana.org/assignments/service-names-port-numbers/>
const OTHER: [u16; 54] = [
    20, 21, 22, 23, 25, 53, 69, 88, 110, 111, 119, 123, 135, 137, 138, 139, 143, 161, 179, 389,
    445, 465, 514, 554, 587, 636, 853, 873, 993, 995, 1025, 1080, 1433, 1521, 1883, 1935, 2049,
    2222, 3128, 3306, 3389, 4222, 5060, 5222, 5432, 5672, 5900, 6379, 8883, 9042, 9092, 11211,
    25565, 27017,
];

/// Looks at what the port says of itself, then at what is known of the image,
/// then at the number.
/// `together` ports whose numbers follow on each other are published with it.
pub(super) fn likeness(port: &Port, family: Option<&Family>, together: usize) -> Likeness {
    if port.protocol != Protocol::Tcp {
        return Likeness::None;
    }
    if let Some(protocol) = &port.app_protocol {
        return by_word(&protocol.value.to_ascii_lowercase()).unwrap_or(Likeness::None);
    }
    let named = port.name.as_ref().and_then(|name| by_word(name.as_str()));
    let number = port.container_port.get();
    named
        .or_else(|| by_family(number, family?))
        .unwrap_or_else(|| by_range(by_number(number), together))
}

fn by_word(word: &str) -> Option<Likeness> {
    let words = word.split(|c: char| !c.is_ascii_alphanumeric());
    let mut words = words.filter(|word| !word.is_empty());
    words
        .any(|word| {
            matches!(
                word,
                "http" | "https" | "h2c" | "http2" | "grpc" | "ws" | "wss" | "web"
            )
        })
        .then_some(Likeness::Http)
}

/// A known image is known to speak something else on ports that are not named
/// for HTTP, and nothing else than its protocol if it is a database.
fn by_family(number: u16, family: &Family) -> Option<Likeness> {
    let known = family.ports.iter().find(|port| port.number == number);
    if let Some(port) = known {
        let is_http = matches!(
            port.name,
            "http" | "https" | "console" | "management" | "admin" | "grpc"
        );
        return Some(if is_http {
            Likeness::Http
        } else {
            Likeness::None
        });
    }
    match family.kind {
        Kind::Database | Kind::Cache | Kind::Queue => Some(Likeness::None),
        Kind::Search
        | Kind::ObjectStore
        | Kind::Proxy
        | Kind::Web
        | Kind::Observability
        | Kind::Application
        | Kind::Tool
        | Kind::Base => None,
    }
}

/// Ports by the range carry calls, files or games; web servers come in ones and
/// twos, or at numbers that tell. How a range is written does not count: its ports
/// may as well be listed.
fn by_range(one: Likeness, together: usize) -> Likeness {
    const MOST_UNKNOWN: usize = 2;
    const MOST_USUAL: usize = 10;
    match one {
        Likeness::Unknown if together > MOST_UNKNOWN => Likeness::None,
        Likeness::Http if together > MOST_USUAL => Likeness::None,
        Likeness::None | Likeness::Unknown | Likeness::Http => one,
    }
}

fn by_number(number: u16) -> Likeness {
    if OTHER.contains(&number) {
        return Likeness::None;
    }
    match USUAL.iter().any(|range| range.contains(&number)) {
        true => Likeness::Http,
        false => Likeness::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_model::value::PortName;
    use kubewright_model::{Located, Port as Number};

    fn port(number: u16) -> Port {
        Port::new(Located::nowhere(Number::new(u64::from(number)).unwrap()))
    }

    #[test]
    fn numbers_and_images_tell() {
        let rows = [
            (3000, None, Likeness::Http),
            (8080, None, Likeness::Http),
            (5432, None, Likeness::None),
            (7777, None, Likeness::Unknown),
            (5432, Some("postgres"), Likeness::None),
            (8080, Some("postgres"), Likeness::None),
            (15672, Some("rabbitmq"), Likeness::Http),
            (5672, Some("rabbitmq"), Likeness::None),
            (9001, Some("minio/minio"), Likeness::Http),
            (7777, Some("nginx"), Likeness::Unknown),
        ];
        for (number, image, expected) in rows {
            let family = image.and_then(kubewright_knowledge::family);
            assert_eq!(
                likeness(&port(number), family, 1),
                expected,
                "{number} {image:?}"
            );
        }
    }

    #[test]
    fn ranges_are_seldom_http() {
        let rows = [
            (7777, 1, Likeness::Unknown),
            (7777, 2, Likeness::Unknown),
            (7777, 3, Likeness::None),
            (8000, 3, Likeness::Http),
            (8000, 101, Likeness::None),
            (5432, 1, Likeness::None),
        ];
        for (number, together, expected) in rows {
            let found = likeness(&port(number), None, together);
            assert_eq!(found, expected, "{number} of {together}");
        }
    }

    #[test]
    fn what_a_port_says_of_itself_counts_more() {
        let mut said = port(5432);
        said.app_protocol = Some(Located::nowhere("http".to_owned()));
        assert_eq!(likeness(&said, None, 1), Likeness::Http);
        said.app_protocol = Some(Located::nowhere("kubernetes.io/h2c".to_owned()));
        assert_eq!(likeness(&said, None, 1), Likeness::Http);
        said.app_protocol = Some(Located::nowhere("postgresql".to_owned()));
        assert_eq!(likeness(&said, None, 1), Likeness::None);
        let mut named = port(7777);
        named.name = Some(Located::nowhere(PortName::parse("web-ui").unwrap()));
        assert_eq!(likeness(&named, None, 1), Likeness::Http);
        let mut datagrams = port(80);
        datagrams.protocol = Protocol::Udp;
        assert_eq!(likeness(&datagrams, None, 1), Likeness::None);
    }
}
