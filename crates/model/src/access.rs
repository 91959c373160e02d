//! Who may reach an app, and whom it reaches.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/network-policies/>

use std::collections::BTreeMap;

use crate::value::{Cidr, LabelKey, LabelValue, Name, Port};
use crate::{Given, Located};

/// Traffic to and from an app.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Access {
    /// Who may reach it; none: the environment's rule.
    pub visibility: Given<Visibility>,
    /// Further peers that may reach it.
    pub allow_from: Vec<Located<Peer>>,
    /// Further peers that it may reach.
    pub allow_to: Vec<Located<Peer>>,
    /// Entries whose addresses or secrets its texts have: it talks to them.
    pub refers_to: Vec<Located<Name>>,
    /// What may leave it.
    pub egress: Given<Egress>,
    /// Networks that it is on: only apps that share one may talk, where the
    /// environment's policies go by networks.
    pub networks: Vec<Located<Name>>,
    /// On no network at all (compose's `network_mode: none`).
    pub isolated: Given<bool>,
}

crate::block::blank!(Access);

/// Who may reach an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody: no policy.
    Open,
    /// Internal, and a route from outside.
    Public,
    /// Any namespace of the cluster.
    Internal,
    /// The same namespace.
    Private,
    /// Only whom `allow_from` or a declared dependency names.
    Restricted,
}

/// What may leave an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Egress {
    /// Everything.
    Any,
    /// Only what is declared, and DNS.
    Declared,
}

/// The other end of a connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    /// An entry of the project.
    Entry {
        /// Its name.
        name: Name,
        /// Only these ports; empty: all of the app's.
        ports: Vec<Port>,
    },
    /// Pods of a namespace.
    Pods {
        /// The namespace; none: the app's own.
        namespace: Option<Name>,
        /// Which of its pods; empty: all.
        pod_labels: BTreeMap<LabelKey, LabelValue>,
        /// Only these ports; empty: all of the app's.
        ports: Vec<Port>,
    },
    /// Addresses.
    Addresses {
        /// The network.
        cidr: Cidr,
        /// Parts of it that are left out.
        except: Vec<Cidr>,
        /// Only these ports; empty: all of the app's.
        ports: Vec<Port>,
    },
    /// Everything outside of the cluster.
    Internet {
        /// Only these ports; empty: all.
        ports: Vec<Port>,
    },
}
