//! Decoding never panics, whatever stands where.

use kubewright_files::MemoryFiles;
use kubewright_source::{Diagnostics, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Scalar};
use proptest::prelude::*;

use super::super::{DecodeOptions, decode, keys};
use super::document::document;
use crate::Environment;

fn scalar() -> impl Strategy<Value = Node> {
    let texts = prop::sample::select(vec![
        "",
        "~",
        "true",
        "0",
        "-1",
        "80",
        "8080:80",
        "1.5",
        "1g",
        "10s",
        "a",
        "web",
        "db",
        "data",
        "data:/data",
        "./x:/y:ro",
        "/:/:",
        "::",
        "host",
        "service:db",
        "a=b",
        "=",
        "$(A)",
        "a b 'c",
        "99999999999999999999",
        "always",
        "on-failure:x",
        "service_healthy",
        "CMD",
        "NONE",
        "1000:1000",
        "node.role == manager",
        "ü€",
        "a/b/c/d",
        "..",
        "-",
        "curl -f http://localhost",
    ]);
    let style = any::<bool>();
    (texts, style).prop_map(|(text, quoted)| {
        let scalar = if quoted {
            Scalar::string(text)
        } else {
            Scalar::plain(text)
        };
        Node::new(Span::NONE, scalar)
    })
}

fn key() -> impl Strategy<Value = &'static str> {
    let tables = [
        keys::TOP,
        keys::SERVICE,
        keys::DEPLOY,
        keys::UPDATE,
        keys::RESTART_POLICY,
        keys::PLACEMENT,
        keys::LIMITS,
        keys::RESERVATIONS,
        keys::DEVICE,
        keys::BUILD,
        keys::HEALTHCHECK,
        keys::PORT,
        keys::MOUNT,
        keys::MOUNT_BIND,
        keys::MOUNT_VOLUME,
        keys::MOUNT_TMPFS,
        keys::SOURCE_USE,
        keys::SOURCE,
        keys::VOLUME,
        keys::NETWORK,
        keys::SERVICE_NETWORK,
        keys::DEPENDENCY,
        keys::HOOK,
        keys::EXTENSION,
    ];
    let mut names: Vec<&str> = tables.into_iter().flatten().map(|key| key.name).collect();
    names.extend([
        "web",
        "db",
        "data",
        "x-kubewright",
        "limits",
        "reservations",
        "watch",
    ]);
    prop::sample::select(names)
}

fn mapping(members: Vec<(&'static str, Node)>) -> Node {
    let entry = |(key, value)| Entry {
        key: Key::new(key, Span::NONE),
        value,
    };
    let mapping: Mapping = members.into_iter().map(entry).collect();
    Node::new(Span::NONE, mapping)
}

fn tree() -> impl Strategy<Value = Node> {
    scalar().prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| Node::new(Span::NONE, items)),
            prop::collection::vec((key(), inner), 0..5).prop_map(mapping),
        ]
    })
}

fn service() -> impl Strategy<Value = Node> {
    let name =
        || prop::sample::select(keys::SERVICE.iter().map(|key| key.name).collect::<Vec<_>>());
    prop::collection::vec((name(), tree()), 0..12).prop_map(mapping)
}

fn decode_all(root: Node) -> Diagnostics {
    let document = document(root, Environment::default());
    let mut diagnostics = Diagnostics::default();
    decode(
        document,
        &MemoryFiles::new(),
        &DecodeOptions::default(),
        &mut diagnostics,
    );
    diagnostics
}

proptest! {
    #[test]
    fn no_tree_makes_it_panic(web in service(), db in service(), top in tree(), volumes in tree()) {
        let services = mapping(vec![("web", web), ("db", db)]);
        let root = mapping(vec![
            ("services", services),
            ("volumes", volumes),
            ("networks", top.clone()),
            ("configs", top.clone()),
            ("secrets", top),
        ]);
        decode_all(root);
    }

    #[test]
    fn no_root_makes_it_panic(root in tree()) {
        decode_all(root);
    }
}
