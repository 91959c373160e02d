//! A list of resources, as the wizard's direct API takes it: `resources`, each with
//! `kind`, `name`, `namespace` and `spec`. Workloads are read room by room like the
//! services of a state; other kinds become objects of the user's own.
//!
//! - `object`: ConfigMap, Secret, Service, Ingress, PersistentVolumeClaim, Namespace;
//! - `raw`: parts of a workload in Kubernetes' own words.

mod object;
mod raw;

use std::cell::RefCell;
use std::collections::BTreeMap;

use kubewright_model::project::Entry;
use kubewright_model::service::ServiceKind;
use kubewright_model::{Located, Name, Project, Span, Workload};
use kubewright_source::{Diagnostic, Diagnostics, Stop};
use kubewright_yaml::Node;

use super::entry::{self, Group, Service};
use super::given::{choice, given};
use super::hidden::Hidden;
use super::root::{Scope, output_folder, pass_over_empty};
use super::told::Told;
use super::{keys, kind};
use crate::fields::{At, Fields, Report};

/// Whether a tree is a list of resources.
pub fn is_resources(root: &Node) -> bool {
    let list = root.get("resources").and_then(Node::as_sequence);
    let is_object = root.get("apiVersion").is_some();
    !is_object && list.is_some_and(|list| list.iter().all(|item| item.as_mapping().is_some()))
}

#[derive(Clone, Copy)]
enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    Object(object::Kind),
    Managed,
}

const KINDS: &[(&str, Kind)] = &[
    ("Deployment", Kind::Deployment),
    ("StatefulSet", Kind::StatefulSet),
    ("DaemonSet", Kind::DaemonSet),
    ("Job", Kind::Job),
    ("CronJob", Kind::CronJob),
    ("Service", Kind::Object(object::Kind::Service)),
    ("ConfigMap", Kind::Object(object::Kind::ConfigMap)),
    ("Secret", Kind::Object(object::Kind::Secret)),
    ("Ingress", Kind::Object(object::Kind::Ingress)),
    ("PersistentVolumeClaim", Kind::Object(object::Kind::Claim)),
    ("Namespace", Kind::Object(object::Kind::Namespace)),
    ("Managed", Kind::Managed),
];

/// The project that a list of resources describes; see
/// [`project`](super::project) for what comes back.
pub fn resources(
    root: &Node,
    name: Name,
    told: &Told,
    stop: Stop<'_>,
    diagnostics: &mut Diagnostics,
) -> (Project, Vec<Hidden>) {
    let report = Report::default();
    let mut project = Project::new(Located::new(name, Span::NONE));
    let scope = Scope {
        told,
        names: BTreeMap::new(),
        vault: RefCell::default(),
        hidden: RefCell::default(),
        builds: false,
        direct: true,
    };
    if let Some(fields) = At::root(root, &report).fields("the list of resources") {
        let list = fields.get("resources");
        let items = list.as_ref().map(At::items).unwrap_or_default();
        let read = items
            .iter()
            .take_while(|_| !stop())
            .filter(|item| one(**item, &scope, &mut project));
        let read = read.count();
        if read == 0 {
            let what = match items.is_empty() {
                true => "there is no resource in the list",
                false => "no resource in the list becomes anything",
            };
            fields
                .at()
                .error("missing-key", what, "add one with a `kind` and a `name`");
        }
        fields.finish();
    }
    report.into_diagnostics(diagnostics);
    project.vault = scope.vault.into_inner();
    (project, scope.hidden.into_inner())
}

/// Reads one; true where it becomes something, or was refused.
fn one<'a>(at: At<'a>, scope: &Scope<'a>, project: &mut Project) -> bool {
    let shown = at.node.get("name").and_then(Node::as_scalar);
    let shown = shown.map_or("", |name| name.text.trim()).to_owned();
    let Some(fields) = at.fields(format!("resource `{shown}`")) else {
        return true;
    };
    let kind = match given(&fields, "kind") {
        Some(at) => choice(&at, KINDS).map(|kind| kind.value),
        None => Some(Kind::Deployment),
    };
    let name = given(&fields, "name");
    if name.is_none() || matches!(kind, Some(Kind::Managed)) {
        let why = match name {
            None => "it has no name",
            Some(_) => "what is managed elsewhere has no objects here",
        };
        let said = Diagnostic::note(
            "inactive-service",
            at.span(),
            format!("a resource takes no part: {why}"),
        );
        fields
            .at()
            .push(said.help("give it a name and a kind where it should be made"));
        return false;
    }
    let name = name.and_then(|at| at.parse(Name::parse));
    let namespace = given(&fields, "namespace").and_then(|at| at.parse(Name::parse));
    folder(&fields, project);
    let spec = fields.get("spec").filter(|at| !at.is_null());
    if let (Some(name), Some(kind)) = (name, kind) {
        let empty = Node::new(at.span(), kubewright_yaml::Mapping::default());
        let spec_at = spec.unwrap_or(At { node: &empty, ..at });
        made(kind, name, namespace, spec_at, scope, project);
    }
    fields.finish();
    true
}

/// The folder, which is the same for all.
fn folder(fields: &Fields<'_>, project: &mut Project) {
    let Some(folder) = output_folder(fields) else {
        return;
    };
    match &project.output.dir {
        Some(first) if first.value != folder.value => fields.at().push(
            Diagnostic::error(
                "two-alternatives",
                folder.span,
                "two resources have different folders",
            )
            .related(first.span, "the other is here")
            .help("write them in two runs, or give both the same `output_dir`"),
        ),
        Some(_) => {}
        None => project.output.dir = Some(folder),
    }
}

fn made(
    kind: Kind,
    name: Located<Name>,
    namespace: Option<Located<Name>>,
    at: At<'_>,
    scope: &Scope<'_>,
    project: &mut Project,
) {
    let Some(fields) = at.fields(format!("`spec` of `{}`", name.value)) else {
        return;
    };
    if let Kind::Object(kind) = kind {
        let hidden = &mut scope.hidden.borrow_mut();
        project.objects.extend(object::read(
            kind,
            &name,
            namespace.as_ref(),
            &fields,
            hidden,
        ));
        fields.finish();
        return;
    }
    let service = Service {
        name,
        fields,
        scope,
    };
    let fields = &service.fields;
    let workload = match kind {
        Kind::Deployment => Some(kind::deployment(fields)),
        Kind::StatefulSet => Some(kind::stateful_set(fields)),
        Kind::DaemonSet => Some(kind::daemon_set(fields)),
        Kind::Job => Some(kind::job(fields)),
        Kind::CronJob => kind::cron_job(fields),
        Kind::Object(_) | Kind::Managed => None,
    };
    if let Some(workload) = workload {
        if is_taken(&service, project) {
            return;
        }
        add(&service, workload, namespace, project);
    }
    pass_over_empty(&service.fields, keys::SERVICE);
    service.fields.finish();
}

/// Whether another workload came first, which is reported.
fn is_taken(service: &Service<'_>, project: &Project) -> bool {
    let name = &service.name;
    let Some(other) = project.entries.get(&name.value).and_then(Entry::app) else {
        return false;
    };
    let message = format!("two workloads are called `{}`", name.value);
    let said = Diagnostic::error("name-taken", name.span, message);
    let said = said.related(other.name.span, "the other is here");
    service.fields.at().push(said.help("rename one of the two"));
    true
}

fn add(
    service: &Service<'_>,
    workload: Workload,
    namespace: Option<Located<Name>>,
    project: &mut Project,
) {
    let name = &service.name;
    let mut app = entry::app(service, Group::Service, workload);
    // Services are resources of their own.
    app.service.kind = Some(Located::new(ServiceKind::None, name.span));
    app.namespace = namespace;
    raw::read(service, &mut app);
    project
        .entries
        .insert(name.value.clone(), Entry::App(Box::new(app)));
}
