//! Who may reach an app, who it is, and which rights it has: version 2's
//! `security`, and what may stand beside it.

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Value};

use super::app::{single, yes};
use super::context::Context;
use super::tree::{block, entry, is, items, list, map, plain};

/// Rewrites what one layer of an app says.
pub(super) fn rewrite(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let mut security = match mapping.get_mut("security").map(|node| &mut node.value) {
        Some(Value::Mapping(security)) => std::mem::take(security),
        Some(_) | None => Mapping::default(),
    };
    let within = path.key("security");
    visibility(mapping, &mut security, path, context);
    if let Some(old) = sources(&mut security, &within, context) {
        peers(mapping, "allow_from", old);
    }
    if is_policy(mapping.get("network_policy"))
        && let Some(old) = mapping.remove("network_policy")
    {
        policy(mapping, old, path, context);
    }
    if let Some(old) = security.remove("network_policy") {
        policy(mapping, old, &within, context);
    }
    identity(mapping, &mut security, &within, context);
    rights(&mut security, &within, context);
    put_back(mapping, security);
}

fn put_back(mapping: &mut Mapping, security: Mapping) {
    let Some(node) = mapping.get_mut("security") else {
        return;
    };
    if node.as_mapping().is_none() {
        return;
    }
    if security.is_empty() {
        mapping.remove("security");
    } else {
        node.value = Value::Mapping(security);
    }
}

/// Whether it is version 2's word, not the fact of version 3.
pub(super) fn is_policy(node: Option<&Node>) -> bool {
    node.is_some_and(|node| match &node.value {
        Value::Mapping(_) => true,
        Value::Scalar(scalar) => matches!(&*scalar.text, "true" | "false"),
        Value::Sequence(_) => false,
    })
}

/// `visibility` of the entry and of `security` mean the same.
fn visibility(
    mapping: &mut Mapping,
    security: &mut Mapping,
    path: &Path<'_>,
    context: &Context<'_>,
) {
    let (own, within) = (mapping.remove("visibility"), security.remove("visibility"));
    let new = "`access.visibility`";
    if let Some(old) = &own {
        context.old(&old.key, "visibility", new, path);
    }
    if let Some(old) = &within {
        context.old(&old.key, "security.visibility", new, &path.key("security"));
    }
    for old in own.into_iter().chain(within) {
        if let Some(access) = block(mapping, "access", "visibility", old.key.span) {
            context.put(access, "visibility", old, path);
        }
    }
}

/// `allowed_sources`: rules, as in `allow_from`.
fn sources(security: &mut Mapping, path: &Path<'_>, context: &Context<'_>) -> Option<Entry> {
    let old = security.remove("allowed_sources")?;
    context.old(&old.key, "allowed_sources", "`access.allow_from`", path);
    Some(old)
}

/// Adds rules to those that are there.
pub(super) fn peers(mapping: &mut Mapping, key: &str, old: Entry) {
    let Some(access) = block(mapping, "access", "visibility", old.key.span) else {
        return;
    };
    list(access, key, old.key.span).extend(items(old.value));
}

/// `false`, `true`, or rules.
fn policy(mapping: &mut Mapping, old: Entry, path: &Path<'_>, context: &Context<'_>) {
    context.old(
        &old.key,
        "network_policy",
        "`access`: `visibility: open`, `allow_from`, `allow_to`",
        path,
    );
    let off = match old.value.get("enabled") {
        Some(enabled) => is(enabled, "false").then_some(enabled.span),
        None => is(&old.value, "false").then_some(old.value.span),
    };
    if let Some(span) = off {
        open(mapping, span);
        return;
    }
    let Value::Mapping(rules) = old.value.value else {
        return;
    };
    let path = path.key("network_policy");
    for rule in rules {
        match &*rule.key.text {
            "enabled" => {}
            "allow_from" | "allow_to" => {
                let key = rule.key.text.clone();
                peers(mapping, &key, rule);
            }
            "ingress" => with_ports(mapping, ("from", "allow_from"), rule, &path, context),
            "egress" => with_ports(mapping, ("to", "allow_to"), rule, &path, context),
            _ => unknown(&rule.key, &path, context),
        }
    }
}

/// Without a policy everything is open, whatever else is said.
fn open(mapping: &mut Mapping, span: Span) {
    mapping.remove("access");
    mapping.insert(
        Key::new("access", span),
        single("visibility", plain(span, "open")),
    );
}

/// Full rules: each of its peers, with the rule's ports. Without peers a rule is
/// for everybody.
fn with_ports(
    mapping: &mut Mapping,
    (whom, key): (&'static str, &'static str),
    rules: Entry,
    path: &Path<'_>,
    context: &Context<'_>,
) {
    let mut found = Vec::new();
    for rule in items(rules.value) {
        let span = rule.span;
        let ports = rule.get("ports").map(|node| ports(node, path, context));
        let keys = rule.as_mapping().into_iter().flat_map(Mapping::iter);
        for entry in keys.filter(|entry| *entry.key.text != *whom && &*entry.key.text != "ports") {
            unknown(&entry.key, path, context);
        }
        let named = rule.get(whom).cloned().map(items).unwrap_or_default();
        let everybody = || ["0.0.0.0/0", "::/0"].map(|all| single("cidr", Node::string(span, all)));
        let named = match named.is_empty() {
            true => everybody().to_vec(),
            false => named,
        };
        for mut peer in named {
            if let (Some(mapping), Some(ports)) = (peer.as_mapping_mut(), &ports) {
                mapping.insert(Key::new("ports", ports.span), ports.clone());
            }
            found.push(peer);
        }
    }
    let key_span = rules.key.span;
    peers(
        mapping,
        key,
        Entry {
            key: rules.key,
            value: Node::new(key_span, found),
        },
    );
}

/// The numbers of `{protocol, port}`.
fn ports(node: &Node, path: &Path<'_>, context: &Context<'_>) -> Node {
    let numbers = items(node.clone()).into_iter().filter_map(|item| {
        let Some(mapping) = item.as_mapping() else {
            return Some(item);
        };
        if let Some(protocol) = mapping.get("protocol").filter(|word| !is(word, "TCP")) {
            let message = "a rule's port has the protocol that the app's port of this number has";
            let said = Diagnostic::note("not-carried", protocol.span, message);
            let said = said.path(path.to_string());
            context
                .report
                .push(said.help("leave `protocol` out, and say it at the port"));
        }
        mapping.get("port").cloned()
    });
    Node::new(node.span, numbers.collect::<Vec<_>>())
}

fn unknown(key: &Key, path: &Path<'_>, context: &Context<'_>) {
    let message = format!("unknown key `{}` in `network_policy`", key.text);
    let said = Diagnostic::error("unknown-key", key.span, message);
    let help = "what can stand here: `enabled`, `allow_from`, `allow_to`, `ingress` with `from` \
                and `ports`, `egress` with `to` and `ports`";
    context
        .report
        .push(said.path(path.key(&key.text).to_string()).help(help));
}

/// The service account.
fn identity(mapping: &mut Mapping, security: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    let rows = [
        (
            "service_account",
            "service_account",
            "`identity.service_account`",
        ),
        ("create_service_account", "create", "`identity.create`"),
        (
            "service_account_annotations",
            "annotations",
            "`identity.annotations`",
        ),
    ];
    for (word, new, shown) in rows {
        let Some(old) = security.remove(word) else {
            continue;
        };
        context.old(&old.key, word, shown, path);
        let identity = block(mapping, "identity", "service_account", old.key.span);
        if let Some(identity) = identity {
            context.put(identity, new, old, path);
        }
    }
}

/// The contexts of pod and container: version 3 has one block for both.
fn rights(security: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    for word in ["pod_security_context", "container_security_context"] {
        let Some(old) = security.remove(word) else {
            continue;
        };
        context.old(&old.key, word, "`security` itself", path);
        let Value::Mapping(mut keys) = old.value.value else {
            continue;
        };
        let is_pod = word == "pod_security_context";
        if context.is_old && is_pod && !keys.contains_key("run_as_non_root") {
            let yes = yes("run_as_non_root", old.key.span);
            keys.insert(yes.key, yes.value);
        }
        let path = path.key(word);
        for key in keys {
            context.put(security, &key.key.text.clone(), key, &path);
        }
    }
    let Some(old) = security.remove("seccomp_profile") else {
        return;
    };
    context.old(
        &old.key,
        "seccomp_profile",
        "`seccomp`: the type, or the profile",
        path,
    );
    let kind = old.value.get("type").cloned();
    let profile = old.value.get("localhost_profile").cloned();
    let Some(kind) = kind.or_else(|| old.value.as_scalar().map(|_| old.value.clone())) else {
        return;
    };
    let value = match (is(&kind, "Localhost"), profile) {
        (false, _) => kind,
        (true, Some(profile)) => profile,
        (true, None) => {
            let message = "`Localhost` names no profile";
            let said = Diagnostic::error("bad-value", kind.span, message);
            let said = said.path(path.key("seccomp_profile").to_string());
            context
                .report
                .push(said.help("write `seccomp:` with the path of the profile on the node"));
            return;
        }
    };
    let seccomp = entry("seccomp", value);
    let seccomp = Entry {
        key: Key::new("seccomp_profile", old.key.span),
        value: seccomp.value,
    };
    context.put(security, "seccomp", seccomp, path);
}

/// Everybody, as peers.
pub(super) fn everybody(span: Span) -> Node {
    let peers =
        ["0.0.0.0/0", "::/0"].map(|all| map(span, [entry("cidr", Node::string(span, all))]));
    Node::new(span, peers.to_vec())
}
