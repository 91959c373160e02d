//! The Application that brings all others: an app of apps.
//!
//! <https://argo-cd.readthedocs.io/en/stable/operator-manual/cluster-bootstrapping/>

use kubewright_objects::argocd::{Application, Destination, FINALIZER, HERE, Source};

use super::application::{Taken, free};
use super::place::Place;
use crate::form::joined;

/// The AppProject that every Argo CD has: ours is brought by this Application.
const PROJECT: &str = "default";

/// What only Applications of an application need.
const NOT_HERE: &[&str] = &["CreateNamespace=true", "RespectIgnoreDifferences=true"];

/// The Application that brings what lies in a folder of the form.
pub(super) fn application(
    place: &Place<'_>,
    prefix: &str,
    folder: &str,
    taken: &mut Taken,
) -> Application {
    let told = place.told;
    let mut application = Application {
        metadata: told.project.metadata.clone(),
        ..Application::default()
    };
    let metadata = &mut application.metadata;
    metadata.name = Some(free(format!("{prefix}-root"), "-root", taken));
    if folder == place.folder {
        metadata.labels = Some(place.labels());
    }
    metadata.finalizers = Some(vec![FINALIZER.to_owned()]);
    let spec = &mut application.spec;
    PROJECT.clone_into(&mut spec.project);
    spec.source = Source {
        repo_url: place.repository(),
        path: Some(joined(&told.path, folder)),
        target_revision: told.revision.clone(),
        ..Source::default()
    };
    spec.destination = Destination {
        server: Some(HERE.to_owned()),
        name: None,
        namespace: told.project.metadata.namespace.clone().unwrap_or_default(),
    };
    spec.sync_policy = told.sync_policy.clone();
    let options = &mut spec.sync_policy.sync_options;
    options.retain(|option| !NOT_HERE.contains(&option.as_str()));
    application
}
