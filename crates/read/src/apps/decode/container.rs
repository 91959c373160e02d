//! What every container has: the app's own, and its helpers'.

use kubewright_model::container::{Container, PullPolicy};
use kubewright_model::lifecycle::GracePeriod;
use kubewright_model::variable::Variable;
use kubewright_model::volume::Volume;
use kubewright_model::{Given, Name};

use super::command::{arguments, command};
use super::given::{chosen, parsed, text};
use super::scope::Scope;
use super::{file, image, lifecycle, port, probe, resource, variable, volume};
use crate::fields::Fields;

/// A container, and what the pod gets for it.
pub(super) struct Read {
    /// All but its rights: those of an app are mostly the pod's.
    pub(super) container: Container,
    /// Volumes that it mounts and that the pod does not have yet.
    pub(super) volumes: Vec<Volume>,
    /// How long the pod may take to end.
    pub(super) grace_period: Given<GracePeriod>,
}

/// What is known of a container before it is read.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    /// What its image is called where it is built.
    pub(super) called: &'a str,
    /// The volumes that the pod has already.
    pub(super) volumes: &'a [Volume],
    /// Where its image is known to keep data.
    pub(super) data: &'a [&'static str],
}

/// Reads a container.
pub(super) fn read(fields: &Fields<'_>, before: Before<'_>, scope: &Scope<'_>) -> Read {
    let (volumes, mounts) = volume::read(fields, before.volumes, before.data);
    let mut container = Container {
        name: parsed(fields, "container_name", Name::parse),
        image: image::read(fields, before.called, scope),
        pull_policy: chosen(fields, "pull_policy", PULL_POLICIES),
        command: fields.get("command").and_then(|at| command(&at)),
        args: fields.get("args").and_then(|at| arguments(&at)),
        working_dir: text(fields, "working_dir"),
        stdin: fields.bool("stdin"),
        tty: fields.bool("tty"),
        ports: port::read(fields),
        environment: environment(fields, scope),
        environment_from: variable::from(fields),
        files: file::read(fields, scope),
        mounts,
        probes: probe::read(fields),
        ..Container::default()
    };
    if let Some(resources) = fields.get("resources").and_then(resource::read) {
        *container.resources = resources;
    }
    let mut grace_period = None;
    if let Some((own, grace)) = fields.get("lifecycle").and_then(lifecycle::read) {
        *container.lifecycle = own;
        grace_period = grace;
    }
    Read {
        container,
        volumes,
        grace_period,
    }
}

const PULL_POLICIES: &[(&str, PullPolicy)] = &[
    ("Always", PullPolicy::Always),
    ("IfNotPresent", PullPolicy::IfNotPresent),
    ("Never", PullPolicy::Never),
];

/// Its variables; those of `environment` win over those of files.
fn environment(fields: &Fields<'_>, scope: &Scope<'_>) -> Vec<Variable> {
    let own = variable::read(fields, scope);
    let mut variables = file::variables(fields, scope);
    variables.retain(|variable| {
        own.iter()
            .all(|other| other.name.value != variable.name.value)
    });
    variables.extend(own);
    variables
}
