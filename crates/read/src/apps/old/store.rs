//! Where secrets live: version 2 says it at each variable.

use std::collections::BTreeSet;

use kubewright_yaml::{Key, Mapping, Node};

use super::context::{Context, Provider};
use super::tree::{block, entry, is, map, plain, text};

/// Providers, with the stores that version 2's platform has for them.
const STORES: [(&str, &str); 4] = [
    ("gcp", "gcp-secret-manager"),
    ("aws", "aws-secrets-manager"),
    ("azure", "azure-key-vault"),
    ("vault", "vault"),
];

/// The provider of a secret that names none.
const USUAL: &str = "gcp";

/// Environments whose secrets come from env files.
const WITHOUT: [&str; 2] = ["local", "dev"];

/// Gives every environment but `local` and `dev` the store of its secrets, where
/// nothing is said of one.
pub(super) fn lay(top: &mut Mapping, context: &Context<'_>) {
    let providers = context.providers.borrow();
    let Some(main) = main(&providers) else {
        return;
    };
    let said = top
        .get("defaults")
        .is_some_and(|all| all.get("secret_store").is_some());
    let environments = top.get("environments").cloned();
    let all = top.get_mut("environments").and_then(Node::as_mapping_mut);
    for (key, value) in all.into_iter().flat_map(Mapping::values_mut) {
        let has_one = said
            || WITHOUT.contains(&&*key.text)
            || inherits(environments.as_ref(), &key.text, "secret_store");
        if has_one {
            continue;
        }
        if let Some(environment) = value.as_mapping_mut() {
            let span = main.place.span;
            environment.insert(Key::new("secret_store", span), store(main.name, span));
        }
    }
}

struct Main<'p> {
    name: &'p str,
    place: &'p Provider,
}

/// Version 2's usual provider where a secret is its, else the first that is named.
fn main(providers: &[Provider]) -> Option<Main<'_>> {
    let named = providers.iter().map(|provider| Main {
        name: provider.provider.as_ref().map_or(USUAL, |(name, _)| name),
        place: provider,
    });
    let usual = named.clone().find(|found| found.name == USUAL);
    usual.or_else(|| named.clone().next())
}

/// Whether an environment, or one that it extends, says something.
fn inherits(environments: Option<&Node>, name: &str, fact: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = Some(name.to_owned());
    while let Some(name) = next.filter(|name| seen.insert(name.clone())) {
        let Some(environment) = environments.and_then(|all| all.get(&name)) else {
            return false;
        };
        if environment.get(fact).is_some() {
            return true;
        }
        next = environment.get("extends").and_then(text).map(str::to_owned);
    }
    false
}

/// `provider`, with the name of its store where that is known.
fn store(provider: &str, span: kubewright_source::Span) -> Node {
    let name = STORES.iter().find(|(word, _)| *word == provider);
    let name = name.map(|(_, name)| entry("name", Node::string(span, *name)));
    let provider = entry("provider", plain(span, provider));
    map(span, std::iter::once(provider).chain(name))
}

/// Secrets of another provider than their environments' become `secrets.N.store`.
/// Gives back their names.
pub(super) fn name(top: &mut Mapping, context: &Context<'_>) -> BTreeSet<String> {
    let used = used(top);
    let mut named = BTreeSet::new();
    for found in context.providers.borrow().iter() {
        let Some((provider, span)) = &found.provider else {
            continue;
        };
        if !used.is_empty() && used.iter().all(|word| word == provider) {
            continue;
        }
        let source = block(top, "secrets", "", *span)
            .and_then(|secrets| block(secrets, &found.secret, "", *span));
        let Some(source) = source else { continue };
        let there = source
            .get("store")
            .and_then(|store| text(store.get("provider")?));
        match there {
            None if !source.contains_key("store") => {
                source.insert(Key::new("store", *span), store(provider, *span));
                named.insert(found.secret.clone());
            }
            Some(other) if other != provider && named.contains(&found.secret) => {
                let message = format!(
                    "the secret `{}` is said to live with `{other}` and with `{provider}`",
                    found.secret
                );
                let said = kubewright_source::Diagnostic::error("two-alternatives", *span, message);
                context
                    .report
                    .push(said.help("keep one of the two, or give one another name"));
            }
            Some(_) | None => {}
        }
    }
    named
}

/// The providers of all environments that have a store.
fn used(top: &Mapping) -> Vec<String> {
    let environments = top.get("environments").and_then(Node::as_mapping);
    let environments = environments.into_iter().flat_map(Mapping::iter);
    let all = environments
        .map(|entry| &entry.value)
        .chain(top.get("defaults"));
    let stores = all.filter_map(|layer| layer.get("secret_store"));
    let words = stores.filter_map(|store| text(store).or_else(|| text(store.get("provider")?)));
    words.map(str::to_owned).collect()
}

/// In environments without a store, version 2 has none for single secrets either:
/// `names` are those that got one of [`name`].
pub(in crate::apps) fn without_stores(rest: &mut Mapping, facts: &Node, names: &BTreeSet<String>) {
    let secrets = rest.get_mut("secrets").and_then(Node::as_mapping_mut);
    let Some(secrets) = secrets.filter(|_| !has_store(facts)) else {
        return;
    };
    for (_, source) in secrets
        .values_mut()
        .filter(|(key, _)| names.contains(&*key.text))
    {
        if let Some(source) = source.as_mapping_mut() {
            source.remove("store");
        }
    }
    secrets.retain(|entry| !(names.contains(&*entry.key.text) && is_empty(&entry.value)));
}

/// Whether facts say that secrets are kept outside of the environment.
pub(in crate::apps) fn has_store(facts: &Node) -> bool {
    facts.get("secret_store").is_some_and(|store| {
        let provider = store.get("provider");
        !provider.is_some_and(|word| is(word, "env-file") || is(word, "inline"))
    })
}

fn is_empty(node: &Node) -> bool {
    node.as_mapping().is_some_and(Mapping::is_empty)
}
