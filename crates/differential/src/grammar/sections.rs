//! The sections beside services.

use std::fmt::Write as _;

use super::keys::Key;
use crate::random::Random;

struct Section<'a> {
    name: &'a str,
    members: &'a [&'a str],
    forms: Key<'a>,
}

const SECTIONS: [Section<'static>; 5] = [
    Section {
        name: "networks",
        members: &["front", "back"],
        forms: Key {
            name: "network",
            good: &[
                "{}",
                "null",
                "",
                "{driver: bridge}",
                "{driver_opts: {com.docker.network.bridge.name: br0, mtu: 1450}}",
                "{external: true}",
                "{external: true, name: real}",
                "{external: {name: real}}",
                "{internal: true, attachable: true}",
                "{internal: \"yes\"}",
                "{enable_ipv6: true, enable_ipv4: false}",
                "{labels: {a: b, n: 1}}",
                "{labels: [a=b]}",
                "{ipam: {driver: default, config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1, ip_range: 10.0.0.128/25, aux_addresses: {h: 10.0.0.5}}], options: {a: b}}}",
                "{ipam: {}}",
                "{ipam: {config: []}}",
                "{name: given, x-mine: [1, 2]}",
                "{name: \"n-${TAG}\"}",
            ],
            bad: &[
                "x",
                "[]",
                "{ipam: x}",
                "{drivr: a}",
                "{external: maybe}",
                "{labels: 3}",
                "{ipam: {config: {}}}",
                "{driver_opts: {a: null}}",
                "{enable_ipv6: 3}",
                "{name: a, external: {name: b}}",
            ],
        },
    },
    Section {
        name: "volumes",
        members: &["data", "cache"],
        forms: Key {
            name: "volume",
            good: &[
                "{}",
                "null",
                "",
                "{driver: local}",
                "{driver: local, driver_opts: {type: none, o: bind, device: ./here}}",
                "{driver_opts: {size: 10, type: tmpfs}}",
                "{external: true}",
                "{external: false}",
                "{external: true, name: real}",
                "{external: {name: real}}",
                "{labels: {a: b}}",
                "{name: given}",
                "{x-mine: 1}",
            ],
            bad: &[
                "x",
                "{external: true, driver: local}",
                "{driver: 3}",
                "[a]",
                "{size: 3}",
                "{driver_opts: [a]}",
                "{driver_opts: {a: [1]}}",
            ],
        },
    },
    Section {
        name: "secrets",
        members: &["token", "cert"],
        forms: Key {
            name: "secret",
            good: &[
                "{file: ./token.txt}",
                "{environment: HOME}",
                "{environment: NOT_THERE}",
                "{external: true}",
                "{external: true, name: real}",
                "{external: {name: real}}",
                "{file: token.txt, labels: [a=b]}",
                "{file: token.txt, name: given, template_driver: golang}",
                "{file: ~/token.txt}",
            ],
            bad: &[
                "{}",
                "null",
                "x",
                "{file: a, environment: B}",
                "{driver: vault}",
                "{content: a}",
                "{file: 3}",
            ],
        },
    },
    Section {
        name: "configs",
        members: &["app"],
        forms: Key {
            name: "config",
            good: &[
                "{file: ./token.txt}",
                "{content: \"a=${TAG}\"}",
                "{content: a}",
                "{environment: HOME}",
                "{external: true}",
                "{file: token.txt, labels: {a: 1}}",
            ],
            bad: &[
                "{}",
                "null",
                "{content: a, file: b}",
                "{content: 3}",
                "{content: \"\"}",
            ],
        },
    },
    Section {
        name: "models",
        members: &["llm"],
        forms: Key {
            name: "model",
            good: &[
                "{model: ai/smollm2}",
                "{model: ai/x, context_size: 1024, runtime_flags: [--a, \"1\"]}",
                "{model: ai/x, name: given, x-a: 1}",
            ],
            bad: &[
                "{}",
                "null",
                "{model: 3}",
                "{model: a, context_size: \"9\"}",
                "{model: a, flags: []}",
            ],
        },
    },
];

/// Writes the sections, most of them with all their members.
pub(crate) fn write(text: &mut String, random: &mut Random) {
    for section in &SECTIONS {
        if random.once_in(150) {
            continue;
        }
        writeln!(text, "{}:", section.name).expect("writing to a text cannot fail");
        for member in section.members {
            let form = match random.once_in(60) {
                true => random.one(section.forms.bad),
                false => random.one(section.forms.good),
            };
            let name = if random.once_in(200) { "a b" } else { member };
            writeln!(text, "  {name}: {form}").expect("writing to a text cannot fail");
        }
    }
}
