//! What apps stand on: databases, caches, queues.

use crate::app::App;
use crate::value::{Host, Name, Port};
use crate::variable::Variable;
use crate::{Given, Located};

/// Something apps stand on.
#[derive(Clone, Debug, PartialEq)]
pub enum Infrastructure {
    /// Run in the cluster, by us. What is known of its image fills in what the
    /// input leaves out.
    SelfHosted(Box<App>),
    /// Run elsewhere; only how to reach it is ours.
    Managed(Box<Managed>),
}

impl Infrastructure {
    /// The workload, where it is ours.
    pub fn app(&self) -> Option<&App> {
        match self {
            Self::SelfHosted(app) => Some(app),
            Self::Managed(_) => None,
        }
    }
}

/// Something that is run elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Managed {
    /// The entry's name.
    pub name: Located<Name>,
    /// How people find it in its input.
    pub origin: Located<String>,
    /// The namespace, where it is another than the environment's.
    pub namespace: Given<Name>,
    /// Where it is.
    pub host: Given<Host>,
    /// Its ports.
    pub ports: Vec<Located<Port>>,
    /// How to reach it: into `{name}-config` and `{name}-secrets`, and from
    /// there into each app that depends on it.
    pub environment: Vec<Variable>,
    /// What people should know.
    pub notes: Given<String>,
}
