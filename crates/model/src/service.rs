//! How an app is reached from inside the cluster.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/>

use std::collections::BTreeMap;

use crate::value::{LabelKey, Name, PortName};
use crate::{Given, Located};

/// A port of a container, and of the app's Service.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Its name.
    pub name: Given<PortName>,
    /// The container's port.
    pub container_port: Located<crate::value::Port>,
    /// The Service's port; none: the container's.
    pub service_port: ServicePort,
    /// The port on the node itself (`hostPort`).
    pub host_port: Given<crate::value::Port>,
    /// The address on the node that a host port is bound to.
    pub host_ip: Given<std::net::IpAddr>,
    /// The node's port of a NodePort Service.
    pub node_port: Given<crate::value::Port>,
    /// TCP, UDP or SCTP.
    pub protocol: Protocol,
    /// What is spoken, for meshes and load balancers: `http`, `kubernetes.io/h2c`.
    pub app_protocol: Given<String>,
    /// How the input publishes it to the world outside, if it does.
    pub published: Option<Published>,
}

impl Port {
    /// A port of the container that the Service shows under the same number.
    pub fn new(container_port: Located<crate::value::Port>) -> Self {
        Self {
            name: None,
            container_port,
            service_port: ServicePort::Same,
            host_port: None,
            host_ip: None,
            node_port: None,
            protocol: Protocol::Tcp,
            app_protocol: None,
            published: None,
        }
    }

    /// Whether the input publishes it for others than the machine itself: not on
    /// a loopback address.
    pub fn is_for_outside(&self) -> bool {
        let is_loopback = self.host_ip.is_some_and(|ip| ip.value.is_loopback());
        self.published.is_some() && !is_loopback
    }

    /// The number under which the Service shows it; none: it does not.
    pub fn service_number(&self) -> Option<crate::value::Port> {
        match &self.service_port {
            ServicePort::Same => Some(self.container_port.value),
            ServicePort::Number(number) => Some(number.value),
            ServicePort::None(_) => None,
        }
    }
}

/// Under which number a Service shows a port.
#[derive(Clone, Debug, PartialEq)]
pub enum ServicePort {
    /// The container's.
    Same,
    /// Another.
    Number(Located<crate::value::Port>),
    /// Not at all.
    None(Located<()>),
}

/// How an input publishes a port outside of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// As it was written, for messages: `8080:80`.
    pub written: Located<String>,
    /// The port outside; none: any.
    pub port: Given<crate::value::Port>,
}

/// The protocol of a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// The default.
    #[default]
    Tcp,
    /// Datagrams.
    Udp,
    /// Stream control transmission.
    Sctp,
}

impl Protocol {
    /// Kubernetes' spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }
}

/// The app's Services.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// Which kind; none: `ClusterIP` if there are ports.
    pub kind: Given<ServiceKind>,
    /// True: a StatefulSet has an ordinary Service beside the headless one, too.
    pub ordinary: Given<bool>,
    /// The headless Service.
    pub headless: Headless,
    /// Further names under which the app is reached.
    pub aliases: Vec<Located<Name>>,
    /// Annotations of the Service.
    pub annotations: BTreeMap<LabelKey, Located<String>>,
    /// A second Service, `{app}-public`, for those who come from outside.
    pub public: Given<PublicService>,
}

crate::block::blank!(Service);

/// A Service for those who come from outside: it shows the published ports, or
/// all ports where none is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicService {
    /// How it is reached.
    pub kind: PublicKind,
    /// Which pods get what arrives at a node.
    pub traffic: ExternalTraffic,
}

/// How a [`PublicService`] is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicKind {
    /// On a port of every node.
    NodePort,
    /// Behind a load balancer.
    LoadBalancer,
}

/// Which pods get what arrives at a node.
///
/// <https://kubernetes.io/docs/concepts/services-networking/service/#external-traffic-policy>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExternalTraffic {
    /// Any of the cluster.
    #[default]
    Cluster,
    /// Those of that node; they see the client's address.
    Local,
}

/// The kind of a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// Inside the cluster only.
    ClusterIp,
    /// On a port of every node.
    NodePort,
    /// Behind a load balancer.
    LoadBalancer,
    /// No Service at all.
    None,
}

/// Whether there is a headless Service.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Headless {
    /// A StatefulSet has one, `{app}-headless`; others none.
    #[default]
    Unsaid,
    /// The Service itself is headless (compose's `endpoint_mode: dnsrr`), or
    /// there is none, by this word.
    Given(Located<bool>),
    /// One of this name.
    Named(Located<Name>),
}
