//! A compose project as one entry of a larger project.

use std::collections::BTreeMap;

use crate::app::App;
use crate::dependency::Dependency;
use crate::project::{Network, NetworkPolicyMode};
use crate::value::Name;
use crate::volume::SharedVolume;
use crate::{Given, Located};

/// A compose project, already translated: its services are apps to which the
/// entry's defaults and overrides have been applied while reading.
#[derive(Clone, Debug, PartialEq)]
pub struct ComposeProject {
    /// The folder.
    pub path: Located<String>,
    /// The namespace, where it is another than the environment's.
    pub namespace: Given<Name>,
    /// Which traffic is admitted inside of it.
    pub network_policy: Given<NetworkPolicyMode>,
    /// Its services.
    pub services: BTreeMap<Name, App>,
    /// Its shared claims.
    pub volumes: BTreeMap<Name, SharedVolume>,
    /// Its networks.
    pub networks: BTreeMap<Name, Network>,
    /// What must be there before it.
    pub dependencies: Vec<Dependency>,
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
