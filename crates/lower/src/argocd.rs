//! Charts and Kustomize folders of others, as Applications of Argo CD, and the
//! AppProject that they belong to.
//!
//! <https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/>

pub(crate) mod delivery;
mod settings;
mod source;
#[cfg(test)]
mod tests;
mod wave;

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::project::Entry;
use kubewright_model::{Given, Located, Name, Span};
use kubewright_objects::argocd::{
    AppProject, AppProjectSpec, Application, ApplicationSpec, Destination, FINALIZER, GroupKind,
    IgnoreDifference, Source, WAVE,
};
use kubewright_objects::{Object, Origin};
use kubewright_source::Diagnostics;

use crate::{Lowering, aspect, labels, user_object};

/// An entry that becomes an Application.
struct Release<'a> {
    name: &'a Located<Name>,
    namespace: &'a Given<Name>,
    /// What people call it.
    what: &'static str,
    span: Span,
}

impl<'a> Release<'a> {
    fn of(entry: &'a Entry) -> Option<Self> {
        match entry {
            Entry::Helm(helm) => Some(Self {
                name: &helm.name,
                namespace: &helm.namespace,
                what: "chart",
                span: helm.chart.span,
            }),
            Entry::Kustomize(folder) => Some(Self {
                name: &folder.name,
                namespace: &folder.namespace,
                what: "Kustomize folder",
                span: folder.path.span,
            }),
            Entry::App(_)
            | Entry::Infrastructure(_)
            | Entry::Functions(_)
            | Entry::Compose(_)
            | Entry::Disabled(_) => None,
        }
    }

    fn destination(&self, lowering: &Lowering<'_>) -> Destination {
        let namespace = aspect::namespace(lowering, self.namespace.as_ref());
        settings::destination(lowering.project, namespace)
    }
}

/// The Application of an entry; none where it is none, or its source is not known.
pub(crate) fn application(
    lowering: &Lowering<'_>,
    entry: &Entry,
    diagnostics: &mut Diagnostics,
) -> Option<Object> {
    let release = Release::of(entry)?;
    let source = source::of(lowering.project, entry, diagnostics)?;
    let application = Application {
        metadata: metadata(lowering, &release),
        spec: ApplicationSpec {
            project: lowering.project.name.as_str().to_owned(),
            source,
            destination: release.destination(lowering),
            sync_policy: settings::sync_policy(lowering.project),
            ignore_differences: vec![replicas()],
        },
    };
    let label = format!("{} {}", release.what, release.name.value);
    let span = release.span;
    Some(Object::new(application, Origin { span, label }))
}

fn metadata(lowering: &Lowering<'_>, release: &Release<'_>) -> ObjectMeta {
    let name = release.name.as_str().to_owned();
    let mut labels = labels::of_project(lowering.project);
    labels.insert("app.kubernetes.io/name".to_owned(), name.clone());
    let wave = wave::of(lowering.project, &release.name.value);
    let waves = BTreeMap::from([(WAVE.to_owned(), wave.to_string())]);
    ObjectMeta {
        name: Some(name),
        namespace: Some(settings::namespace(lowering.project)),
        labels: Some(labels),
        annotations: (wave > 0).then_some(waves),
        finalizers: Some(vec![FINALIZER.to_owned()]),
        ..ObjectMeta::default()
    }
}

/// An autoscaler of the chart owns the number of pods.
fn replicas() -> IgnoreDifference {
    IgnoreDifference {
        group: "apps".to_owned(),
        kind: "Deployment".to_owned(),
        name: None,
        namespace: None,
        json_pointers: vec!["/spec/replicas".to_owned()],
    }
}

/// The AppProject, where there are Applications.
pub(crate) fn project(lowering: &Lowering<'_>) -> Option<Object> {
    let made = project_of(lowering);
    if made.spec.source_repos.is_empty() {
        return None;
    }
    let origin = Origin {
        span: lowering.project.name.span,
        label: "project".to_owned(),
    };
    Some(Object::new(made, origin))
}

/// The AppProject as charts and folders need it, and the user's own objects.
fn project_of(lowering: &Lowering<'_>) -> AppProject {
    let project = lowering.project;
    let said = &mut Diagnostics::default();
    let mut repositories: BTreeSet<String> = BTreeSet::new();
    let mut destinations: BTreeSet<Destination> = BTreeSet::new();
    for entry in project.entries.values() {
        let Some(release) = Release::of(entry) else {
            continue;
        };
        let source: Option<Source> = source::of(project, entry, said);
        repositories.extend(source.map(|source| source.repo_url));
        destinations.insert(release.destination(lowering));
    }
    let kinds = match repositories.is_empty() {
        true => user_object::cluster_wide(project),
        // Charts bring definitions and roles of the cluster.
        false => BTreeSet::from([GroupKind {
            group: "*".to_owned(),
            kind: "*".to_owned(),
        }]),
    };
    AppProject {
        metadata: ObjectMeta {
            name: Some(project.name.as_str().to_owned()),
            namespace: Some(settings::namespace(project)),
            labels: Some(labels::of_project(project)),
            ..ObjectMeta::default()
        },
        spec: AppProjectSpec {
            description: project.description.as_ref().map(|text| text.value.clone()),
            source_repos: repositories.into_iter().collect(),
            destinations: destinations.into_iter().collect(),
            cluster_resource_whitelist: kinds.into_iter().collect(),
        },
    }
}
