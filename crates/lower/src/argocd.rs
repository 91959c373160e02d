//! Charts and Kustomize folders of others, as Applications of Argo CD, and the
//! AppProject that they belong to.
//!
//! <https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/>

mod source;
#[cfg(test)]
mod tests;
mod wave;

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubewright_model::project::Entry;
use kubewright_model::{Given, Located, Name, Span};
use kubewright_objects::argocd::{
    AppProject, AppProjectSpec, Application, ApplicationSpec, Automated, Destination, GroupKind,
    IgnoreDifference, Source, SyncPolicy,
};
use kubewright_objects::{Object, Origin};
use kubewright_source::Diagnostics;

use crate::{Lowering, aspect, labels};

/// Where Argo CD looks for its objects.
const NAMESPACE: &str = "argocd";
/// The cluster that Argo CD itself runs in.
const HERE: &str = "https://kubernetes.default.svc";
/// What goes is taken out of the cluster, too.
const FINALIZER: &str = "resources-finalizer.argocd.argoproj.io/foreground";
/// Lower ones are brought to the cluster first.
const WAVE: &str = "argocd.argoproj.io/sync-wave";
const OPTIONS: &[&str] = &[
    "CreateNamespace=true",
    "ApplyOutOfSyncOnly=true",
    "ServerSideApply=true",
    "RespectIgnoreDifferences=true",
];

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
        Destination {
            server: HERE.to_owned(),
            namespace: namespace.unwrap_or_else(|| "default".to_owned()),
        }
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
            sync_policy: SyncPolicy {
                automated: Automated {
                    prune: true,
                    self_heal: true,
                },
                sync_options: OPTIONS.iter().map(|option| (*option).to_owned()).collect(),
            },
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
        namespace: Some(NAMESPACE.to_owned()),
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
        json_pointers: vec!["/spec/replicas".to_owned()],
    }
}

/// The AppProject, where there are Applications.
pub(crate) fn project(lowering: &Lowering<'_>) -> Option<Object> {
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
    if repositories.is_empty() {
        return None;
    }
    let made = AppProject {
        metadata: ObjectMeta {
            name: Some(project.name.as_str().to_owned()),
            namespace: Some(NAMESPACE.to_owned()),
            labels: Some(labels::of_project(project)),
            ..ObjectMeta::default()
        },
        spec: AppProjectSpec {
            description: project.description.as_ref().map(|text| text.value.clone()),
            source_repos: repositories.into_iter().collect(),
            destinations: destinations.into_iter().collect(),
            // Charts bring definitions and roles of the cluster.
            cluster_resource_whitelist: vec![GroupKind {
                group: "*".to_owned(),
                kind: "*".to_owned(),
            }],
        },
    };
    let origin = Origin {
        span: project.name.span,
        label: "project".to_owned(),
    };
    Some(Object::new(made, origin))
}
