//! A compose project as one entry of a larger project.

use std::collections::BTreeMap;

use crate::app::App;
use crate::dependency::Dependency;
use crate::project::Project;
use crate::{Given, Located, Name};

/// A compose project, already translated: its services are apps to which the
/// entry's defaults and overrides have been applied while reading.
#[derive(Clone, Debug, PartialEq)]
pub struct ComposeProject {
    /// The folder.
    pub path: Located<String>,
    /// The compose files in it; empty: those that are found.
    pub files: Vec<Located<String>>,
    /// Profiles whose services take part.
    pub profiles: Vec<Located<String>>,
    /// How published ports are reached.
    pub expose: Given<Expose>,
    /// Services have the published numbers of ports, not the containers'.
    pub published_numbers: bool,
    /// What it came to: a project called like the entry, with the facts of the
    /// environment, its own namespace and its own network policy.
    pub project: Project,
    /// Services that its entry says something of, beyond the translation.
    pub overlaid: BTreeMap<Name, Overlaid>,
    /// What must be there before it.
    pub dependencies: Vec<Dependency>,
    /// Entries around it whose addresses its services are given: they talk to them.
    pub refers_to: Vec<Located<Name>>,
}

/// A service before and after what is said over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlaid {
    /// The translation alone.
    pub before: App,
    /// With what is said over it; none: the service is switched off.
    pub after: Option<App>,
}

/// How published ports of compose services are reached from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expose {
    /// Not at all.
    None,
    /// On a port of every node.
    NodePort,
    /// Behind a load balancer.
    LoadBalancer,
    /// By an Ingress.
    Ingress,
    /// By the Gateway API.
    Gateway,
}
