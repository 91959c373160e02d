//! The AppProject: which repository, which namespaces, which kinds of the whole
//! cluster, and no more.
//!
//! <https://argo-cd.readthedocs.io/en/stable/user-guide/projects/>

use std::collections::{BTreeMap, BTreeSet};

use kubewright_objects::argocd::{AppProject, Destination, GroupKind, WAVE};

use super::application::Made;
use super::place::Place;

/// It is there before its Applications, and goes after them.
const BEFORE_ALL: &str = "-2";

/// The AppProject of an environment. What charts want is in it.
pub(super) fn of(place: &Place<'_>, made: &[Made<'_>]) -> AppProject {
    let mut project = place.told.project.clone();
    let metadata = &mut project.metadata;
    metadata.name = Some(place.prefix.clone());
    metadata.labels = Some(place.labels());
    metadata.annotations = Some(BTreeMap::from([(WAVE.to_owned(), BEFORE_ALL.to_owned())]));
    let ours: Vec<&Made<'_>> = made.iter().filter(|one| !one.is_chart).collect();
    let spec = &mut project.spec;
    let repos = ours
        .iter()
        .map(|one| one.application.spec.source.repo_url.clone());
    add(&mut spec.source_repos, repos);
    add(
        &mut spec.destinations,
        ours.iter().flat_map(|one| destinations(one)),
    );
    let is_all = |kind: &GroupKind| kind.kind == "*";
    if !spec.cluster_resource_whitelist.iter().any(is_all) {
        add(&mut spec.cluster_resource_whitelist, kinds(&ours));
    }
    project
}

/// Where an Application's objects go: where it leads, and where they say themselves.
fn destinations(made: &Made<'_>) -> Vec<Destination> {
    let own = &made.application.spec.destination;
    let named = made.namespaces.iter().map(|namespace| Destination {
        namespace: (*namespace).to_owned(),
        ..own.clone()
    });
    named.chain([own.clone()]).collect()
}

/// The kinds of the whole cluster that our own objects have. A namespace that is
/// not there is made by Argo CD, which needs leave for it.
fn kinds(ours: &[&Made<'_>]) -> Vec<GroupKind> {
    let kind = |group: &str, kind: &str| GroupKind {
        group: group.to_owned(),
        kind: kind.to_owned(),
    };
    let namespaces = (!ours.is_empty()).then(|| kind("", "Namespace"));
    let has_classes = ours.iter().any(|one| one.has_storage_class);
    let classes = has_classes.then(|| kind("storage.k8s.io", "StorageClass"));
    namespaces.into_iter().chain(classes).collect()
}

/// Adds what is not there, in order.
fn add<T: Ord + Clone>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    let all: BTreeSet<T> = list.drain(..).chain(more).collect();
    list.extend(all);
}
