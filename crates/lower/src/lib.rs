//! A project of the model in, typed Kubernetes objects out.
//!
//! Lowering is pure, total and deterministic: it knows neither input languages,
//! files, terminal nor clock. It asks the project for its facts and never which
//! environment it is in.
//!
//! An app becomes objects in two steps. Every aspect of `aspect::ASPECTS` adds
//! its part to a draft of the pod and its objects; then the `workload` kind
//! wraps the pod. One aspect is one file.
//!
//! - `aspect`: the list of aspects, the draft they fill, and what they see;
//! - `container`: what every container has: image, environment, files, probes,
//!   resources, rights;
//! - `pod`-wide aspects: `volume`, `security`, `dependency`, `availability`,
//!   `placement` (with `affinity`), `mesh`, `dns`, `identity`, `scaling`, `service`, `network_policy`;
//! - `workload`: Deployment, StatefulSet, DaemonSet, Job, CronJob;
//! - `secret`: where values of secrets are, and the objects that hold them;
//! - `managed`: what is run elsewhere;
//! - `shared`: objects of the project rather than of one app;
//! - `user_object`: objects of the user's own;
//! - `patch`: the user's changes to finished objects;
//! - `argocd`: charts and folders of others;
//! - `delivery`: how images are built and objects delivered, for developers' tools;
//! - `unresolved`: variables that whoever deploys fills in;
//! - `belonging`: which entry an object belongs to;
//! - `claim_shared`: claims of one node, and pods on several;
//! - `distinct`, `size`: whether an API server takes what was made.

mod affinity;
mod argocd;
mod aspect;
mod availability;
mod belonging;
mod claim_shared;
mod config_hash;
mod container;
mod delivery;
mod dependency;
mod distinct;
mod dns;
mod feature;
mod gateway;
mod identity;
mod labels;
mod longhorn;
mod managed;
mod mesh;
mod network_policy;
mod not_yet;
mod patch;
mod placement;
mod profile;
mod route;
mod scaling;
mod secret;
mod security;
mod service;
mod shared;
mod size;
mod sysctl;
#[cfg(test)]
mod tests;
pub mod trace;
mod tree;
mod unresolved;
mod user_object;
mod volume;
mod workload;

use kubewright_model::Project;
use kubewright_model::gateway::Route;
use kubewright_model::project::Entry;
use kubewright_objects::Object;
use kubewright_objects::delivery::Delivery;
use kubewright_source::Diagnostics;
use rayon::prelude::*;

/// How secret values leave, where no store keeps them (`decisions.md`, part 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// Known values go into Secrets whose files git ignores; unknown ones are
    /// `CHANGE_ME`.
    #[default]
    Local,
    /// Always `CHANGE_ME`.
    Placeholder,
    /// Like [`Local`](Self::Local), but the files are ordinary ones.
    Inline,
    /// No Secret at all, only references.
    External,
}

/// What the caller decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How secret values leave.
    pub secrets: Secrets,
    /// Pods carry the hash of their configuration, so that they start again when
    /// it changes.
    pub config_hash: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            secrets: Secrets::default(),
            config_hash: true,
        }
    }
}

/// A project that is being lowered.
#[derive(Clone, Debug)]
pub struct Lowering<'a> {
    pub(crate) project: &'a Project,
    pub(crate) options: Options,
    pub(crate) routes: route::Routes<'a>,
    /// Routes to its apps of the project that it lies in.
    pub(crate) around: route::Routes<'a>,
    pub(crate) declared: network_policy::declared::Declared<'a>,
    /// The project that it lies in.
    pub(crate) outer: Option<Outer<'a>>,
}

/// What stands around a compose project.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outer<'a> {
    /// The project that it lies in.
    pub(crate) project: &'a Project,
    /// What it is there.
    pub(crate) entry: &'a Entry,
}

impl<'a> Lowering<'a> {
    /// Prepares a project.
    pub fn new(project: &'a Project, options: Options) -> Self {
        Self {
            project,
            options,
            routes: route::Routes::new(project),
            around: route::Routes::default(),
            declared: network_policy::declared::Declared::new(project),
            outer: None,
        }
    }

    /// The compose projects within it, each lowered like a project of its own.
    pub fn within(&self) -> Vec<Self> {
        let entries = self.project.entries.values();
        let projects = entries.filter_map(|entry| match entry {
            Entry::Compose(compose) => Some(Self {
                around: route::Routes::into_compose(self.project, &compose.project.name.value),
                outer: Some(Outer {
                    project: self.project,
                    entry,
                }),
                ..Self::new(&compose.project, self.options)
            }),
            Entry::App(_)
            | Entry::Infrastructure(_)
            | Entry::Functions(_)
            | Entry::Helm(_)
            | Entry::Kustomize(_)
            | Entry::Disabled(_) => None,
        });
        projects.collect()
    }

    /// All routes that lead to an app, whosever they are.
    pub(crate) fn routes_to(&self, app: &kubewright_model::Name) -> Vec<&'a Route> {
        let own = self.routes.of(app).iter();
        own.chain(self.around.of(app)).copied().collect()
    }

    /// The project.
    pub fn project(&self) -> &'a Project {
        self.project
    }

    /// The objects that belong to the project rather than to one entry.
    pub fn shared(&self, diagnostics: &mut Diagnostics) -> Vec<Object> {
        let mut objects = shared::objects(self, diagnostics);
        objects.extend(route::shared(self, diagnostics));
        objects.extend(argocd::project(self));
        objects.extend(user_object::all(self, diagnostics));
        let pieces = || size::pieces::of_project(self.project);
        size::check(&objects, &pieces, diagnostics);
        belonging::to_project(self, &mut objects);
        objects
    }

    /// How images are built and the objects delivered. What the input tells Skaffold
    /// alone counts where its form is written.
    pub fn delivery(&self, with_skaffold: bool, diagnostics: &mut Diagnostics) -> Delivery {
        delivery::of_project(self, with_skaffold, diagnostics)
    }

    /// What has to be said where nothing but manifests is written.
    pub fn undelivered(&self, diagnostics: &mut Diagnostics) {
        unresolved::in_manifests(self.project, diagnostics);
    }

    /// The objects of an entry that is no workload of our own.
    pub(crate) fn other(&self, entry: &Entry, diagnostics: &mut Diagnostics) -> Vec<Object> {
        match managed::of_entry(entry) {
            Some(managed) => managed::objects(self, managed, diagnostics),
            None => argocd::application(self, entry, diagnostics)
                .into_iter()
                .collect(),
        }
    }

    /// The objects of one entry.
    pub fn entry(&self, entry: &Entry, diagnostics: &mut Diagnostics) -> Vec<Object> {
        not_yet::entry(self.project, entry, diagnostics);
        let mut objects = match entry.app() {
            Some(app) => {
                let infrastructure = matches!(entry, Entry::Infrastructure(_));
                aspect::lower_app(self, app, infrastructure, diagnostics)
            }
            None => self.other(entry, diagnostics),
        };
        let pieces = || entry.app().map_or_else(Vec::new, size::pieces::of_app);
        size::check(&objects, &pieces, diagnostics);
        belonging::to_entry(self, entry, &mut objects);
        objects
    }
}

/// Lowers a whole project, entries in parallel. Objects come out in the order of
/// the entries' names, those of the project first.
pub fn lower(project: &Project, options: Options) -> (Vec<Object>, Diagnostics) {
    let mut lowerings = vec![Lowering::new(project, options)];
    lowerings.extend(lowerings[0].within());
    let mut diagnostics = Diagnostics::default();
    let mut objects = Vec::new();
    for lowering in &lowerings {
        objects.extend(lowering.shared(&mut diagnostics));
    }
    let entries = lowerings.iter().flat_map(|lowering| {
        let entries = lowering.project.entries.values();
        entries.map(move |entry| (lowering, entry))
    });
    let entries: Vec<_> = entries.collect();
    let lowered: Vec<(Vec<Object>, Diagnostics)> = entries
        .into_par_iter()
        .map(|(lowering, entry)| {
            let mut diagnostics = Diagnostics::default();
            let objects = lowering.entry(entry, &mut diagnostics);
            (objects, diagnostics)
        })
        .collect();
    for (entry_objects, entry_diagnostics) in lowered {
        objects.extend(entry_objects);
        diagnostics.extend(entry_diagnostics);
    }
    (objects, diagnostics)
}
