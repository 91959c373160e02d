//! Who a pod is towards the cluster.
//!
//! <https://kubernetes.io/docs/concepts/security/service-accounts/>

use std::collections::BTreeMap;

use crate::object::Tree;
use crate::value::{LabelKey, ObjectName};
use crate::{Given, Located};

/// The service account of a pod.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    /// The account; none: the namespace's default, without a token.
    pub service_account: Given<ObjectName>,
    /// Whether a ServiceAccount object is written.
    pub create: Given<bool>,
    /// Annotations of the account, such as a cloud identity's.
    pub annotations: BTreeMap<LabelKey, Located<String>>,
    /// Whether the pod gets the account's token.
    pub automount_token: Given<bool>,
    /// What the account may do: rules of a Role, in Kubernetes' words.
    pub rules: Vec<Located<Tree>>,
}

crate::block::blank!(Identity);
