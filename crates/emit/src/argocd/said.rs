//! What Argo CD cannot know.

use std::collections::BTreeMap;

use kubewright_objects::{Body, Object};
use kubewright_source::{Diagnostic, Span, suggest};

use super::place::{PLACEHOLDER, Place};

/// Names beyond so many are counted.
const SHOWN: usize = 5;

/// What has to be said of all environments.
pub(super) fn all(places: &[Place<'_>]) -> Vec<Diagnostic> {
    let objects = || {
        let all = places.iter();
        all.flat_map(|place| place.environment.objects)
    };
    let no_repository = places.iter().any(|place| place.told.repo.is_none());
    let no_repository = no_repository.then(no_repository_is_known);
    let hidden = named(objects().filter(|object| object.sensitive));
    let known_later = named(objects().filter(|object| is_placeholder(object)));
    let said = [
        no_repository,
        hidden.map(|(names, span)| not_in_git(&names, span)),
        known_later.map(|(names, span)| puts_back(&names, span)),
    ];
    said.into_iter().flatten().collect()
}

fn no_repository_is_known() -> Diagnostic {
    let message = format!(
        "nobody says which git repository Argo CD takes the manifests from: `{PLACEHOLDER}` stands in its place"
    );
    Diagnostic::warning("no-repository", Span::NONE, message).help(
        "write `output: {argocd: {repo: https://…}}` into an `apps.yaml`, or replace it in `argocd/`: what you edit there stays",
    )
}

fn not_in_git(names: &str, span: Span) -> Diagnostic {
    let message = format!(
        "git ignores the manifests of {names}, which hold values of secrets: Argo CD does not see them"
    );
    Diagnostic::warning("secret-not-in-git", span, message).help(
        "take `--secrets external` and keep the values in a store, or apply these files yourself before Argo CD does the rest",
    )
}

fn puts_back(names: &str, span: Span) -> Diagnostic {
    let message = format!(
        "Argo CD brings the `{PLACEHOLDER}` of {names} to the cluster, also over values that are put in there"
    );
    Diagnostic::warning("placeholder-secret", span, message).help(
        "take `--secrets external` and make the Secrets otherwise, for example by External Secrets",
    )
}

/// Whether Argo CD sees a Secret and not its values.
fn is_placeholder(object: &Object) -> bool {
    let Body::Secret(secret) = &object.body else {
        return false;
    };
    let mut values = secret.string_data.iter().flat_map(BTreeMap::values);
    !object.sensitive && values.any(|value| value == PLACEHOLDER)
}

/// The names of objects, each once, and the first place.
fn named<'a>(objects: impl Iterator<Item = &'a Object>) -> Option<(String, Span)> {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    for object in objects {
        names.entry(object.name()).or_insert(object.origin.span);
    }
    let span = *names.values().next()?;
    let list = |names: &[&str]| suggest::list(names.iter().copied());
    let all: Vec<&str> = names.into_keys().collect();
    let text = match all.len() > SHOWN {
        true => format!("{} and {} more", list(&all[..SHOWN]), all.len() - SHOWN),
        false => list(&all),
    };
    Some((text, span))
}
