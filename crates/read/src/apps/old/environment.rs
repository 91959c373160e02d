//! Environments and what is known of them.

use kubewright_source::Span;
use kubewright_yaml::{Entry, Key, Mapping, Node, Path, Value};

use super::context::{Context, ENVIRONMENTS, NAMESPACE};
use super::tree::{block, entry, is, map, members, plain, text};
use super::{app, root};

/// The keys of version 3's `ingress`; other keys are names of environments.
const INGRESS: [&str; 4] = ["controller", "class", "namespace", "gateway"];

/// Facts go to the environments that they are of.
pub(super) fn rewrite(top: &mut Mapping, context: &Context<'_>) {
    by_environment(
        top,
        "registry",
        "defaults.registry.E",
        "`environments.E.registry`",
        context,
    );
    by_environment(
        top,
        "ingress",
        "defaults.ingress.E",
        "`environments.E.ingress`",
        context,
    );
    let path = Path::ROOT.key("environments");
    if let Some(environments) = top.get_mut("environments").and_then(Node::as_mapping_mut) {
        for (key, value) in environments.values_mut() {
            // An environment of which nothing is said is there all the same.
            if value.is_null() && context.is_old {
                *value = map(key.span, []);
            }
            if let Some(mapping) = value.as_mapping_mut() {
                one(mapping, &path.key(&key.text), context);
            }
        }
    }
    if let Some(mut defaults) = top.remove("defaults") {
        root::defaults(&mut defaults, &Path::ROOT.key("defaults"), context);
        top.insert(defaults.key, defaults.value);
    }
    if context.is_old {
        usual(top);
    }
}

/// `defaults.registry.E`, `defaults.ingress.E`.
fn by_environment(
    top: &mut Mapping,
    fact: &'static str,
    word: &'static str,
    new: &str,
    context: &Context<'_>,
) {
    let path = Path::ROOT.key("defaults");
    let defaults = top.get_mut("defaults").and_then(Node::as_mapping_mut);
    let is_old = |node: &Node| {
        let keys = node.as_mapping().into_iter().flat_map(Mapping::keys);
        node.as_mapping().is_some()
            && !keys
                .into_iter()
                .any(|key| fact == "ingress" && INGRESS.contains(&key))
    };
    let Some(defaults) = defaults.filter(|all| all.get(fact).is_some_and(is_old)) else {
        return;
    };
    let Some(Entry { key, value }) = defaults.remove(fact) else {
        return;
    };
    context.old(&key, word, new, &path);
    let Value::Mapping(facts) = value.value else {
        return;
    };
    let all = block(top, "environments", "", key.span);
    let Some(all) = all else { return };
    for of in facts {
        let environment = block(all, &of.key.text, "", of.key.span);
        // No registry is no fact.
        let is_nothing = of.value.is_null() || (fact == "registry" && is_empty(&of.value));
        if let Some(environment) = environment.filter(|_| !is_nothing) {
            context.put(environment, fact, of, &path);
        }
    }
}

fn is_empty(node: &Node) -> bool {
    node.as_scalar()
        .is_some_and(|scalar| scalar.text.is_empty())
}

/// `tls_secret`, and the defaults of an environment.
fn one(mapping: &mut Mapping, path: &Path<'_>, context: &Context<'_>) {
    if let Some(old) = mapping.remove("tls_secret") {
        context.old(&old.key, "tls_secret", "`tls: {secret: …}`", path);
        let is_off = mapping.get("tls").is_some_and(|tls| is(tls, "false"));
        let is_on = mapping.get("tls").is_some_and(|tls| is(tls, "true"));
        if is_on {
            mapping.remove("tls");
        }
        if let Some(tls) = block(mapping, "tls", "", old.key.span).filter(|_| !is_off) {
            context.put(tls, "secret", old, path);
        }
    }
    if let Some(defaults) = mapping.get_mut("defaults").and_then(Node::as_mapping_mut) {
        let path = path.key("defaults");
        app::rewrite(defaults, &app::Layer::plain(&path), context);
    }
}

/// What version 2 takes for granted: the namespace, the controller, the Secret
/// with which Google's registry is asked.
fn usual(top: &mut Mapping) {
    let span = top
        .get("version")
        .map_or(Span::NONE, |version| version.span);
    if let Some(defaults) = block(top, "defaults", "", span) {
        for (key, value) in [("namespace", NAMESPACE), ("ingress", "traefik")] {
            if !defaults.contains_key(key) {
                defaults.insert(Key::new(key, span), plain(span, value));
            }
        }
    }
    let environments = top.get_mut("environments").and_then(Node::as_mapping_mut);
    for (_, value) in environments.into_iter().flat_map(Mapping::values_mut) {
        let Some(mapping) = value.as_mapping_mut() else {
            continue;
        };
        let registry = mapping.get("registry");
        let is_google = registry
            .and_then(text)
            .is_some_and(|registry| registry.contains("docker.pkg.dev"));
        if let Some(span) = registry.map(|node| node.span)
            && is_google
            && !mapping.contains_key("pull_secrets")
        {
            let secret = entry("pull_secrets", plain(span, "artifact-registry"));
            mapping.insert(secret.key, secret.value);
        }
    }
}

/// Environments that only entries speak of: version 2 has three without saying so.
pub(super) fn declare(top: &mut Mapping) {
    let mut spoken_of: Vec<Key> = Vec::new();
    for (_, node) in top.iter().map(|entry| (&entry.key, &entry.value)) {
        for (_, member) in members(node) {
            let overrides = member.get("overrides").and_then(Node::as_mapping);
            let keys = overrides.into_iter().flat_map(Mapping::iter);
            let keys = keys.map(|entry| &entry.key);
            spoken_of.extend(
                keys.filter(|key| ENVIRONMENTS.contains(&&*key.text))
                    .cloned(),
            );
        }
    }
    for key in spoken_of {
        let all = block(top, "environments", "", key.span);
        if let Some(all) = all.filter(|all| !all.contains_key(&key.text)) {
            let nothing = map(key.span, []);
            all.insert(key, nothing);
        }
    }
}
