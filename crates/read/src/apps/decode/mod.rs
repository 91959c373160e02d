//! Resolved trees become a project of the model.
//!
//! - `facts`, `section`, `output`, `gateway`: what stands at the top;
//! - `app`: an entry, room by room: `workload`, `container` (`image`, `port`,
//!   `command`, `variable`, `file`, `volume`, `resource`, `probe`, `lifecycle`,
//!   `security`), `helper`, `pod`;
//! - `function`: functions that share one image; `compose`: a compose project,
//!   `overlay`: what is said over its services;
//! - `scope`: what all entries share while they are read;
//! - `given`: how values are taken from a tree.

mod app;
mod argocd;
mod command;
mod compose;
mod container;
mod facts;
mod file;
mod function;
mod gateway;
mod given;
mod helper;
mod image;
mod lifecycle;
mod output;
mod overlay;
mod pod;
mod port;
mod probe;
mod resource;
mod scope;
mod section;
mod security;
mod variable;
mod vault;
mod volume;
mod workload;

use std::cell::RefCell;

use kubewright_model::{Located, Name, Project, Span};
use kubewright_source::Sources;
use kubewright_yaml::{Node, Path};

use super::document::Asked;
use super::layer::Layered;
use crate::fields::{At, Report};

pub(super) use app::{Implied, implied_infrastructure};
pub(super) use gateway::USUAL_NAME;
pub(super) use given::word;
pub(super) use image::short_name;
pub(super) use variable::{after_used, is_in_clear};

/// Where a project stands.
pub(super) struct Place<'a> {
    /// What it is read with.
    pub(super) asked: &'a Asked<'a>,
    /// What it is called.
    pub(super) name: Located<Name>,
    /// The whole file.
    pub(super) root: Span,
    /// Values that look secret go to the Secret, as version 2 has it; version 3
    /// refuses them.
    pub(super) moves_secrets: bool,
}

/// The project of resolved layers.
pub(super) fn project(
    place: &Place<'_>,
    layered: &Layered,
    sources: &mut Sources,
    report: &Report,
) -> Project {
    let mut project = Project::new(place.name.clone());
    let top = Top { layered, report };
    project.facts = facts::read(place, &layered.facts, report);
    project.description = top.at("description", given::word);
    let mut scope = scope::Scope::new(
        place,
        layered,
        &project.facts,
        RefCell::new(sources),
        report,
    );
    project.secrets = scope.secrets().clone();
    project.volumes = top.at("volumes", section::volumes).unwrap_or_default();
    project.networks = top.at("networks", section::networks).unwrap_or_default();
    project.repositories = top
        .at("repositories", section::repositories)
        .unwrap_or_default();
    project.objects = top
        .at("objects", |at| Some(section::objects(at, &scope)))
        .unwrap_or_default();
    project.check = top
        .at("check", |at| output::check(*at, &scope))
        .unwrap_or_default();
    project.output = top
        .at("output", |at| output::output(*at))
        .unwrap_or_default();
    project.gateway = top.at("gateway", |at| gateway::read(*at, &scope));
    project
        .gateway
        .iter()
        .for_each(|gateway| scope.look_at(gateway));
    for member in &layered.entries {
        let section = Path::ROOT.key(member.section.key);
        let at = At {
            node: &member.node,
            path: section.key(&member.key.text),
            name: &member.key.text,
            report,
        };
        if let Some((name, entry)) = app::entry(member, at, &scope) {
            project.entries.insert(name, entry);
        }
    }
    project.vault = vault::plan(&project);
    gateway::public(&mut project);
    crate::cycle::report(&project, &scope.root());
    project
}

/// The sections at the top.
struct Top<'a> {
    layered: &'a Layered,
    report: &'a Report,
}

impl Top<'_> {
    fn at<T>(&self, key: &'static str, read: impl FnOnce(&At<'_>) -> Option<T>) -> Option<T> {
        let node: &Node = self.layered.rest.get(key)?;
        read(&At {
            node,
            path: Path::ROOT.key(key),
            name: key,
            report: self.report,
        })
    }
}
