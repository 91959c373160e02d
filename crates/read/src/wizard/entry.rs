//! One service, or one decision about infrastructure.

use kubewright_model::app::DisruptionBudget;
use kubewright_model::infrastructure::{Infrastructure, Managed};
use kubewright_model::project::Entry;
use kubewright_model::{App, Located, Name, Workload};
use kubewright_source::Diagnostic;

use super::given::{chosen, given, text};
use super::root::{Scope, disabled, pass_over_empty};
use super::volume::Room;
use super::{
    companion, dependency, hidden, image, init, keys, kind, mesh, node, port, probe, resource,
    scaling, sidecar, variable, volume,
};
use crate::fields::{At, Fields};

/// In which list of the state an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// `_services`.
    Service,
    /// `_infraDecisions`.
    Infrastructure,
}

impl Group {
    fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Infrastructure => "infrastructure",
        }
    }
}

/// What an entry becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    Managed,
    Skip,
}

const DECISIONS: &[(&str, Decision)] = &[
    ("Deployment", Decision::Deployment),
    ("StatefulSet", Decision::StatefulSet),
    ("DaemonSet", Decision::DaemonSet),
    ("Job", Decision::Job),
    ("CronJob", Decision::CronJob),
    ("Managed", Decision::Managed),
    ("Skip", Decision::Skip),
];

/// An entry while it is read.
pub(super) struct Service<'a> {
    pub(super) name: Located<Name>,
    pub(super) fields: Fields<'a>,
    pub(super) scope: &'a Scope<'a>,
}

/// The entry of one row; none where it has no name, or was reported.
pub(super) fn read<'a>(at: At<'a>, group: Group, scope: &'a Scope<'a>) -> Option<(Name, Entry)> {
    let shown = at.node.get("name").and_then(|name| name.as_scalar());
    let shown = shown.map_or("", |name| name.text.trim()).to_owned();
    let fields = at.fields(format!("{} `{shown}`", group.word()))?;
    let written = match given(&fields, "name") {
        Some(name) => name,
        None => fields.need("name").filter(|empty| {
            empty.bad("the name is empty", "give it a name, like `api`");
            false
        })?,
    };
    fields.get("_compose");
    let parsed = written.parse(Name::sanitised)?;
    // Another entry of that name came first, which was reported.
    let name = scope
        .names
        .get(&shown)
        .filter(|name| name.span == parsed.span)?
        .clone();
    let service = Service {
        name,
        fields,
        scope,
    };
    let entry = decided(&service, group)?;
    pass_over_empty(&service.fields, keys::SERVICE);
    let name = service.name.value.clone();
    if !matches!(entry, Entry::Disabled(_)) {
        service.fields.finish();
    }
    Some((name, entry))
}

fn decided(service: &Service<'_>, group: Group) -> Option<Entry> {
    let fields = &service.fields;
    let decision = match (given(fields, "kind"), group) {
        (Some(_), _) => chosen(fields, "kind", DECISIONS)?.value,
        (None, Group::Service) => Decision::Deployment,
        (None, Group::Infrastructure) => {
            fields.at().error(
                "missing-key",
                format!("{} has no `kind`", fields.what()),
                "decide: `StatefulSet`, `Deployment`, `DaemonSet`, `Managed` or `Skip`",
            );
            return None;
        }
    };
    let workload = match decision {
        Decision::Deployment => kind::deployment(fields),
        Decision::StatefulSet => kind::stateful_set(fields),
        Decision::DaemonSet => kind::daemon_set(fields),
        Decision::Job => kind::job(fields),
        Decision::CronJob => kind::cron_job(fields)?,
        Decision::Managed => return Some(managed(service)),
        Decision::Skip => return Some(skipped(service)),
    };
    let app = app(service, group, workload);
    Some(match group {
        Group::Service => Entry::App(Box::new(app)),
        Group::Infrastructure => {
            Entry::Infrastructure(Box::new(Infrastructure::SelfHosted(Box::new(app))))
        }
    })
}

fn skipped(service: &Service<'_>) -> Entry {
    let name = &service.name;
    let said = Diagnostic::note(
        "inactive-service",
        name.span,
        format!("`{}` takes no part: it is to be skipped", name.value),
    );
    let said = said.help("choose another `kind` where it should run");
    service.fields.at().push(said);
    disabled(name)
}

fn managed(service: &Service<'_>) -> Entry {
    let fields = &service.fields;
    for key in ["image", "port"] {
        if let Some(at) = given(fields, key).filter(|at| at.scalar().is_some()) {
            at.note(
                "not-carried",
                format!("`{key}` is not written: what is managed elsewhere has no container here"),
                "leave it out, or choose a `kind` that runs here",
            );
        }
    }
    let ports = given(fields, "port").and_then(|at| at.parse(kubewright_model::Port::parse));
    let managed = Managed {
        name: service.name.clone(),
        origin: origin(service, "infrastructure"),
        namespace: None,
        host: None,
        ports: ports.into_iter().collect(),
        environment: variable::read(service, fields, &["envVars", "env"], service.name.as_str()),
        notes: text(fields, "providerNotes"),
    };
    Entry::Infrastructure(Box::new(Infrastructure::Managed(Box::new(managed))))
}

fn origin(service: &Service<'_>, word: &str) -> Located<String> {
    let label = format!("{word} {}", service.name.value);
    Located::new(label, service.name.span)
}

/// The app of an entry that becomes a workload.
pub(super) fn app(service: &Service<'_>, group: Group, workload: Workload) -> App {
    let fields = &service.fields;
    let mut app = App::new(
        service.name.clone(),
        origin(service, group.word()),
        workload,
    );
    // One is only written where it is asked for: the files are those of the state.
    app.disruption_budget = Some(DisruptionBudget::Off(Located::nowhere(())));
    app.main.image = image::read(service);
    port::read(fields, &mut app);
    image::command(fields, &mut app.main);
    hidden::in_commands(fields.at().node, &mut service.scope.hidden.borrow_mut());
    app.main.environment =
        variable::read(service, fields, &["envVars", "env"], service.name.as_str());
    app.main.resources = resource::read(fields).into();
    app.main.probes = probe::all(fields, service.scope.direct);
    scaling::read(fields, &mut app.workload);
    let mut room = Room::default();
    volume::claims(fields, &mut app, &mut room);
    volume::read(fields, &mut app, &mut room);
    init::read(fields, &mut app);
    sidecar::read(fields, &mut app);
    companion::read(service, &mut app, &mut room);
    app.mesh = mesh::read(fields);
    dependency::read(service, &mut app);
    node::read(fields, &mut app);
    app.compact();
    app
}
