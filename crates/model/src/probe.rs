//! How Kubernetes learns that a container lives.
//!
//! <https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/>

use crate::container::Command;
use crate::value::{Duration, PortName, PositiveCount};
use crate::{Given, Located, Port};

/// The three probes of a container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probes {
    /// Whether it has started; the other two wait for it.
    pub startup: Setting,
    /// Whether it gets requests.
    pub readiness: Setting,
    /// Whether it is left alive.
    pub liveness: Setting,
}

/// What is said of one probe.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Setting {
    /// Nothing: what is known of the image counts.
    #[default]
    Unsaid,
    /// There is none, at this word of the input.
    Off(Located<()>),
    /// This one.
    On(Box<Probe>),
}

impl Setting {
    /// The probe, if there is one.
    pub fn probe(&self) -> Option<&Probe> {
        match self {
            Self::On(probe) => Some(probe),
            Self::Unsaid | Self::Off(_) => None,
        }
    }
}

/// One probe.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// What is tried.
    pub check: Located<ProbeCheck>,
    /// How long to wait before the first try; none: 0 s.
    pub initial_delay: Given<Duration>,
    /// How long between tries; none: 10 s.
    pub period: Given<Duration>,
    /// How long a try may take; none: 1 s.
    pub timeout: Given<Duration>,
    /// How many tries must succeed in a row; none: 1.
    pub success_threshold: Given<PositiveCount>,
    /// How many tries must fail in a row; none: 3.
    pub failure_threshold: Given<PositiveCount>,
}

impl Probe {
    /// A probe with Kubernetes' own times.
    pub fn new(check: Located<ProbeCheck>) -> Self {
        Self {
            check,
            initial_delay: None,
            period: None,
            timeout: None,
            success_threshold: None,
            failure_threshold: None,
        }
    }
}

/// What a probe tries.
#[derive(Clone, Debug, PartialEq)]
pub enum ProbeCheck {
    /// A request that must be answered with 200–399.
    Http {
        /// The path; with its query.
        path: String,
        /// The port; none: the primary one.
        port: Option<ProbePort>,
        /// Over TLS; the certificate is not checked.
        https: bool,
        /// The `Host` that the pod is asked for; none: its address.
        host: Option<String>,
        /// Headers.
        headers: Vec<(String, String)>,
    },
    /// A connection that must be accepted.
    Tcp {
        /// The port; none: the primary one.
        port: Option<ProbePort>,
    },
    /// A call of the gRPC health protocol.
    Grpc {
        /// The port; none: the primary one.
        port: Option<Port>,
        /// The service that is asked for.
        service: Option<String>,
    },
    /// A command that must end with 0.
    Exec(Command),
}

/// A port by number or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbePort {
    /// Its number.
    Number(Port),
    /// Its name.
    Name(PortName),
}
