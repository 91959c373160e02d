//! Stores of single secrets: version 2 has them only where the environment has one.

use kubewright_yaml::{Key, Mapping, Node};

use crate::apps::document::Document;
use crate::apps::layer;
use crate::apps::old::has_store;
use crate::fields::Report;

/// Says for which environments the stores hold that variables of version 2 named.
pub(super) fn lay(root: &mut Node, document: &Document) {
    if document.with_store().is_empty() {
        return;
    }
    let names = layer::environments(root);
    let names: Vec<Key> = names.into_iter().cloned().collect();
    let facts = |name: Option<&str>| layer::layered(root, name, &[], &Report::default()).facts;
    let with: Vec<&Key> = names
        .iter()
        .filter(|key| has_store(&facts(Some(&key.text))))
        .collect();
    let everywhere = match names.is_empty() {
        true => has_store(&facts(None)),
        false => with.len() == names.len(),
    };
    if everywhere {
        return;
    }
    let secrets = root.as_mapping_mut().and_then(|top| top.get_mut("secrets"));
    let Some(secrets) = secrets.and_then(Node::as_mapping_mut) else {
        return;
    };
    for (key, source) in secrets.values_mut() {
        if let Some(source) = source.as_mapping_mut()
            && document.with_store().contains(&*key.text)
        {
            only_in(source, &with);
        }
    }
    secrets.retain(|entry| entry.value.as_mapping().is_none_or(|all| !all.is_empty()));
}

/// Moves the store of a secret to the environments in which it counts.
fn only_in(source: &mut Mapping, environments: &[&Key]) {
    let Some(store) = source.remove("store") else {
        return;
    };
    let layers = environments.iter().map(|key| kubewright_yaml::Entry {
        key: (*key).clone(),
        value: Node::new(
            store.key.span,
            std::iter::once(store.clone()).collect::<Mapping>(),
        ),
    });
    let layers: Mapping = layers.collect();
    if !layers.is_empty() {
        let span = store.key.span;
        source.insert(Key::new("overrides", span), Node::new(span, layers));
    }
}
