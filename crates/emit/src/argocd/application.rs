//! An Application for each entry and for what is nobody's, and those of charts.
//!
//! <https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/>

use std::collections::{BTreeMap, BTreeSet};

use kubewright_objects::Body;
use kubewright_objects::argocd::{
    Application, ApplicationSpec, Destination, Directory, FINALIZER, Source, WAVE,
};

use super::part::{self, Part};
use super::place::Place;
use super::scaled::{self, Scaled};
use crate::form::{first_comment, joined};

/// The label that says which entry an Application is of.
pub(super) const NAME: &str = "app.kubernetes.io/name";

/// What is nobody's comes before all entries: namespaces are among it.
const FIRST: &str = "-1";

/// An Application.
pub(super) struct Made<'a> {
    /// The entry; none: what belongs to no single one.
    pub(super) entry: Option<&'a str>,
    /// The Application.
    pub(super) application: Application,
    /// The first line of its file, with the line break; none: that of all files.
    pub(super) comment: Option<&'a str>,
    /// It is one of the flat manifests, too.
    pub(super) is_chart: bool,
    /// The namespaces that its objects name.
    pub(super) namespaces: BTreeSet<&'a str>,
    /// It makes classes of storage, which live in no namespace.
    pub(super) has_storage_class: bool,
}

impl Made<'_> {
    /// What it is called.
    pub(super) fn name(&self) -> &str {
        self.application
            .metadata
            .name
            .as_deref()
            .unwrap_or_default()
    }
}

/// The names of Applications, of all environments: one Argo CD may have them all.
pub(super) type Taken = BTreeSet<String>;

/// The names that charts have already.
pub(super) fn taken(places: &[Place<'_>]) -> Taken {
    let charts = places.iter().flat_map(charts);
    charts.map(|one| one.name().to_owned()).collect()
}

/// All Applications of an environment, that of nobody first, those of charts last.
pub(super) fn all<'a>(place: &Place<'a>, taken: &mut Taken) -> Vec<Made<'a>> {
    let charts = charts(place);
    let scaled = scaled::all(place.environment.objects);
    let parts = part::all(place.environment);
    let ours = parts.iter().map(|part| {
        let name = match part.entry {
            Some(entry) => free(format!("{}-{entry}", place.prefix), "-app", taken),
            None => free(place.prefix.clone(), "-shared", taken),
        };
        of_part(place, part, name, &scaled)
    });
    let ours: Vec<Made<'a>> = ours.collect();
    ours.into_iter().chain(charts).collect()
}

/// The name, longer where another has it; it is taken then.
pub(super) fn free(mut name: String, longer: &str, taken: &mut Taken) -> String {
    while !taken.insert(name.clone()) {
        name.push_str(longer);
    }
    name
}

fn of_part<'a>(place: &Place<'a>, part: &Part<'a>, name: String, scaled: &Scaled) -> Made<'a> {
    let mut application = Application {
        metadata: place.told.project.metadata.clone(),
        spec: ApplicationSpec {
            project: place.prefix.clone(),
            source: source(place, part),
            destination: destination(place, part),
            sync_policy: place.told.sync_policy.clone(),
            ignore_differences: scaled::differences(part, scaled),
        },
    };
    let metadata = &mut application.metadata;
    let mut labels = place.labels();
    let entry = part.entry.map(str::to_owned);
    labels.insert(NAME.to_owned(), entry.unwrap_or_else(|| project(place)));
    metadata.name = Some(name);
    metadata.labels = Some(labels);
    metadata.annotations = Some(BTreeMap::from([(WAVE.to_owned(), wave(place, part))]));
    metadata.finalizers = Some(vec![FINALIZER.to_owned()]);
    let objects = part.objects.iter();
    let mut of_storage = objects.map(|object| matches!(object.body, Body::StorageClass(_)));
    let namespaces = part.objects.iter().filter_map(|object| object.namespace());
    Made {
        entry: part.entry,
        application,
        comment: part.comment(),
        is_chart: false,
        namespaces: namespaces.collect(),
        has_storage_class: of_storage.any(|is_class| is_class),
    }
}

/// The project's name, as its objects bear it.
fn project(place: &Place<'_>) -> String {
    let name = place.told.project.metadata.name.as_ref();
    name.cloned().unwrap_or_default()
}

fn wave(place: &Place<'_>, part: &Part<'_>) -> String {
    let Some(entry) = part.entry else {
        return FIRST.to_owned();
    };
    let wave = place.told.waves.get(entry).copied().unwrap_or_default();
    wave.to_string()
}

fn source(place: &Place<'_>, part: &Part<'_>) -> Source {
    let manifests = place.environment.layout.manifest(part.folder());
    Source {
        repo_url: place.repository(),
        path: Some(joined(&place.told.path, &manifests)),
        target_revision: place.told.revision.clone(),
        directory: Some(Directory {
            include: part.include(),
        }),
        ..Source::default()
    }
}

/// What is nobody's goes to the environment's namespace where it names none.
fn destination(place: &Place<'_>, part: &Part<'_>) -> Destination {
    let own = part.namespace().filter(|_| part.entry.is_some());
    let mut destination = place.told.destination.clone();
    if let Some(namespace) = own {
        namespace.clone_into(&mut destination.namespace);
    }
    destination
}

/// The Applications of charts and folders, as they are among the manifests. Where
/// environments have names, so that one Argo CD can have several, these stand in the
/// Applications' names; what the releases are called stays.
fn charts<'a>(place: &Place<'a>) -> Vec<Made<'a>> {
    let environment = place.environment;
    let all = environment.objects.iter().zip(environment.manifests);
    let charts = all.filter_map(|(object, file)| {
        let Body::Application(chart) = &object.body else {
            return None;
        };
        Some(Made {
            entry: Some(object.name()),
            application: of_environment(place, chart),
            comment: Some(first_comment(file)),
            is_chart: true,
            namespaces: BTreeSet::new(),
            has_storage_class: false,
        })
    });
    charts.collect()
}

fn of_environment(place: &Place<'_>, chart: &Application) -> Application {
    let mut application = chart.clone();
    if place.environment.name.is_some() {
        let metadata = &mut application.metadata;
        let name = metadata.name.take().unwrap_or_default();
        metadata.name = Some(format!("{}-{name}", place.prefix));
        place.add_environment(metadata.labels.get_or_insert_default());
        application.spec.project.clone_from(&place.prefix);
    }
    application
}
