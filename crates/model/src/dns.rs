//! How a pod resolves names, and what it is called.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/>

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::value::{Host, Name};
use crate::{Given, Located};

/// Names of a pod, and how it resolves others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dns {
    /// Where names are resolved.
    pub policy: Given<DnsPolicy>,
    /// Further name servers.
    pub nameservers: Vec<Located<IpAddr>>,
    /// Domains that are tried behind short names.
    pub searches: Vec<Located<Host>>,
    /// Options of the resolver; none: without a value.
    pub options: BTreeMap<String, Located<Option<String>>>,
    /// The pod's own name.
    pub hostname: Given<Name>,
    /// The domain below which it is found; a headless Service of that name.
    pub subdomain: Given<Name>,
    /// Names with fixed addresses, the host name before the address.
    pub host_aliases: Vec<(Located<Host>, Located<IpAddr>)>,
}

crate::block::blank!(Dns);

/// Where a pod's names are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DnsPolicy {
    /// In the cluster, else where the node does.
    ClusterFirst,
    /// The same, on the node's network.
    ClusterFirstWithHostNet,
    /// Where the node does.
    Default,
    /// Only at the name servers that are given.
    None,
}
