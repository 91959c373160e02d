//! On which nodes an app runs.
//!
//! <https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/>

use std::collections::BTreeMap;

use crate::object::Tree;
use crate::value::{LabelKey, LabelValue, ObjectName, PositiveCount, Weight};
use crate::{Given, Located};

/// On which nodes an app runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    /// Operating system and architecture of the nodes.
    pub platform: Given<Platform>,
    /// Labels that the nodes have.
    pub node_selector: BTreeMap<LabelKey, Located<LabelValue>>,
    /// Values of labels that the nodes must not have.
    pub node_rules: Vec<NodeRule>,
    /// True: on nodes of the control plane only; false: on none of them.
    pub control_plane: Given<bool>,
    /// Taints that it bears, in Kubernetes' words.
    pub tolerations: Vec<Located<Tree>>,
    /// Affinity in Kubernetes' words.
    pub affinity: Given<Tree>,
    /// Its own pods keep away from each other.
    pub anti_affinity: Vec<AntiAffinity>,
    /// Its pods are spread evenly.
    pub spread: Vec<Spread>,
    /// The class that says who is evicted first.
    pub priority_class: Given<ObjectName>,
    /// The class that says what runs the containers.
    pub runtime_class: Given<ObjectName>,
}

crate::block::blank!(Placement);

/// A label and a value that the nodes must not have together.
///
/// <https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRule {
    /// The label.
    pub key: Located<LabelKey>,
    /// The value that no node of the app has there.
    pub not: Located<LabelValue>,
}

/// `os/architecture[/variant]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// `linux`, `windows`.
    pub os: LabelValue,
    /// `amd64`, `arm64`; none: any.
    pub architecture: Option<LabelValue>,
}

impl Platform {
    /// # Errors
    /// When a part is no label value.
    pub fn parse(text: &str) -> Result<Self, crate::Invalid> {
        let mut parts = text.splitn(3, '/');
        let part = |text: Option<&str>| {
            text.filter(|text| !text.is_empty())
                .map(LabelValue::parse)
                .transpose()
                .map_err(|invalid| {
                    crate::Invalid::new("a platform", invalid.why, "write it like `linux/amd64`")
                })
        };
        let os = part(parts.next())?;
        let architecture = part(parts.next())?;
        let os = os.ok_or_else(|| {
            crate::Invalid::new("a platform", "it is empty", "write it like `linux/amd64`")
        })?;
        Ok(Self { os, architecture })
    }
}

/// A wish of an app's pods to keep away from each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AntiAffinity {
    /// The node label that says what "the same place" is.
    pub topology_key: Located<LabelKey>,
    /// How strong the wish is.
    pub strength: AntiAffinityStrength,
}

/// How strong a wish to keep away is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AntiAffinityStrength {
    /// A pod that cannot keep away is not started.
    Required,
    /// It counts so much among others, 1–100; none: 100.
    Preferred(Given<Weight>),
}

/// Pods are spread evenly over places.
///
/// <https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The node label that says what a place is.
    pub topology_key: Located<LabelKey>,
    /// By how much two places may differ; none: 1.
    pub max_skew: Given<PositiveCount>,
    /// What happens to a pod that would break it; none: scheduled anyway.
    pub when_unsatisfiable: Given<WhenUnsatisfiable>,
}

/// What happens to a pod that would break a spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenUnsatisfiable {
    /// It waits.
    DoNotSchedule,
    /// It starts where it breaks it least.
    #[default]
    ScheduleAnyway,
}
