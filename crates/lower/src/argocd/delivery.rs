//! What Argo CD is told beside the objects, for the form that delivers through it.

use std::collections::BTreeMap;

use kubewright_model::Project;
use kubewright_model::project::Entry;
use kubewright_objects::delivery::ArgoCd;

use super::{settings, wave};
use crate::{Lowering, aspect};

/// What it is told of a project.
pub(crate) fn of_project(lowering: &Lowering<'_>) -> ArgoCd {
    let project = lowering.project;
    let told = settings::told(project);
    let repo = told.and_then(|told| told.repo.as_ref());
    let path = told.and_then(|told| told.path.as_ref());
    let by_set = told.and_then(|told| told.application_set.as_ref());
    ArgoCd {
        repo: repo.map(|repo| repo.as_str().to_owned()),
        path: path.map(|path| path.value.clone()).unwrap_or_default(),
        revision: settings::revision(project),
        application_set: by_set.is_some_and(|on| on.value),
        destination: settings::destination(project, aspect::namespace(lowering, None)),
        sync_policy: settings::sync_policy(project),
        project: super::project_of(lowering),
        waves: waves(project),
    }
}

/// How many entries stand in a row before those that depend on some.
fn waves(project: &Project) -> BTreeMap<String, usize> {
    let ours = project.entries.iter().filter(|(_, entry)| match entry {
        Entry::App(_) | Entry::Infrastructure(_) | Entry::Compose(_) | Entry::Functions(_) => true,
        Entry::Helm(_) | Entry::Kustomize(_) | Entry::Disabled(_) => false,
    });
    let waves = ours.map(|(name, _)| (name.as_str().to_owned(), wave::of(project, name)));
    waves.filter(|(_, wave)| *wave > 0).collect()
}
