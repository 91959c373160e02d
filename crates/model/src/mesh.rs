//! Membership in a service mesh.

use crate::resource::Resources;
use crate::{Given, Located, Port};

/// What a mesh is told of an app.
#[derive(Clone, Debug, PartialEq)]
pub struct Mesh {
    /// Which mesh.
    pub provider: Located<MeshProvider>,
    /// What its proxy gets and may use.
    pub proxy: Resources,
    /// Ports whose incoming traffic passes by the proxy.
    pub exclude_inbound: Vec<Located<Port>>,
    /// Ports whose outgoing traffic passes by the proxy.
    pub exclude_outbound: Vec<Located<Port>>,
    /// How much the proxy logs.
    pub log_level: Given<LogLevel>,
}

/// A mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeshProvider {
    /// <https://istio.io>
    Istio,
    /// <https://linkerd.io>
    Linkerd,
    /// <https://developer.hashicorp.com/consul>
    Consul,
    /// <https://kuma.io>
    Kuma,
}

/// How much a proxy logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Everything.
    Trace,
    /// What developers look for.
    Debug,
    /// What happens.
    Info,
    /// What may be wrong.
    Warning,
    /// What is wrong.
    Error,
}
