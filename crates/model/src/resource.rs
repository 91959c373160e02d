//! What a container gets and may use.
//!
//! <https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/>

use std::collections::BTreeMap;

use crate::value::{Cpu, LabelKey, LabelValue, Memory, PositiveCount, Quantity};
use crate::{Given, Located};

/// What a container gets and may use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    /// Memory that it surely gets.
    pub memory: Given<Memory>,
    /// Memory beyond which it is killed.
    pub memory_limit: Given<Limit<Memory>>,
    /// Processor time that it surely gets.
    pub cpu: Given<Cpu>,
    /// Processor time beyond which it is slowed down.
    pub cpu_limit: Given<Limit<Cpu>>,
    /// Disk of the node: logs, and what it writes outside of volumes.
    pub ephemeral_storage: Given<Memory>,
    /// The most of the node's disk.
    pub ephemeral_storage_limit: Given<Memory>,
    /// Graphics processors.
    pub gpu: Option<Gpu>,
    /// Any other resource by its name.
    pub extended: BTreeMap<LabelKey, Located<Quantity>>,
}

crate::block::blank!(Resources);

/// A limit, or the wish for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit<T> {
    /// So much.
    At(T),
    /// None, also where one would follow from the request.
    Without,
}

/// Graphics processors.
///
/// <https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gpu {
    /// How many.
    pub count: Located<PositiveCount>,
    /// The resource that counts them; none: `nvidia.com/gpu`.
    pub kind: Given<LabelKey>,
    /// Nodes that have them.
    pub node_selector: BTreeMap<LabelKey, Located<LabelValue>>,
}
