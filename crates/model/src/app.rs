//! One workload, with all that belongs to it.

use std::collections::BTreeMap;

use crate::access::Access;
use crate::block::Block;
use crate::check::Exemption;
use crate::container::{Companion, Container, InitContainer, Sidecar};
use crate::dependency::Dependency;
use crate::develop::Develop;
use crate::dns::Dns;
use crate::identity::Identity;
use crate::lifecycle::GracePeriod;
use crate::mesh::Mesh;
use crate::object::Patch;
use crate::placement::Placement;
use crate::security::PodSecurity;
use crate::service::Service;
use crate::value::{IntOrPercentage, LabelKey, LabelValue, Name};
use crate::volume::Volume;
use crate::workload::Workload;
use crate::{Given, Located};

/// One workload: its containers, and what stands around them.
///
/// Self-hosted infrastructure is an app too; see
/// [`Infrastructure`](crate::infrastructure::Infrastructure).
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// The entry's name, and so its objects'.
    pub name: Located<Name>,
    /// How people find it in its input: `service web`, `app web`.
    pub origin: Located<String>,
    /// The namespace, where it is another than the environment's.
    pub namespace: Given<Name>,
    /// The kind of workload, with what only that kind has.
    pub workload: Workload,
    /// The container that the app is about.
    pub main: Container,
    /// Containers that run to their end before the main one, in order.
    pub init_containers: Vec<InitContainer>,
    /// Helpers of the main container, by name.
    pub sidecars: Vec<Sidecar>,
    /// Services that moved into this pod, by name.
    pub companions: Vec<Companion>,
    /// What the containers can mount.
    pub volumes: Vec<Volume>,
    /// How it is reached from inside the cluster.
    pub service: Block<Service>,
    /// What must be there before it.
    pub dependencies: Vec<Dependency>,
    /// How long it may take to end.
    pub grace_period: Given<GracePeriod>,
    /// Rights and limits of the whole pod.
    pub security: Block<PodSecurity>,
    /// Who it is towards the cluster.
    pub identity: Block<Identity>,
    /// Who may reach it, and whom it reaches.
    pub access: Block<Access>,
    /// On which nodes it runs.
    pub placement: Block<Placement>,
    /// How names are resolved, and what it is called.
    pub dns: Block<Dns>,
    /// Membership in a service mesh.
    pub mesh: Option<Box<Mesh>>,
    /// How many of its pods may be away at once.
    pub disruption_budget: Option<DisruptionBudget>,
    /// What development tools need to know.
    pub develop: Option<Develop>,
    /// Labels of all its objects and pods.
    pub labels: BTreeMap<LabelKey, Located<LabelValue>>,
    /// Annotations of the workload object.
    pub annotations: BTreeMap<LabelKey, Located<String>>,
    /// Annotations of the pods.
    pub pod_annotations: BTreeMap<LabelKey, Located<String>>,
    /// Rules of the checker that do not hold here, with the reason.
    pub exemptions: Vec<Exemption>,
    /// Changes to the finished objects, the last resort.
    pub patches: Vec<Patch>,
}

impl App {
    /// A workload of that name and kind with nothing else said.
    pub fn new(name: Located<Name>, origin: Located<String>, workload: Workload) -> Self {
        Self {
            name,
            origin,
            namespace: None,
            workload,
            main: Container::default(),
            init_containers: Vec::new(),
            sidecars: Vec::new(),
            companions: Vec::new(),
            volumes: Vec::new(),
            service: Block::default(),
            dependencies: Vec::new(),
            grace_period: None,
            security: Block::default(),
            identity: Block::default(),
            access: Block::default(),
            placement: Block::default(),
            dns: Block::default(),
            mesh: None,
            disruption_budget: None,
            develop: None,
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            pod_annotations: BTreeMap::new(),
            exemptions: Vec::new(),
            patches: Vec::new(),
        }
    }

    /// Gives back the room of what was made ready and then not said. Worth it
    /// where many apps are kept.
    pub fn compact(&mut self) {
        self.service.compact();
        self.security.compact();
        self.identity.compact();
        self.access.compact();
        self.placement.compact();
        self.dns.compact();
        self.main.compact();
        self.volumes.shrink_to_fit();
        self.dependencies.shrink_to_fit();
    }

    /// All containers of its pod: the main one first, then init containers,
    /// sidecars and companions.
    pub fn containers(&self) -> impl Iterator<Item = &Container> {
        let before = self.init_containers.iter().map(|helper| &helper.container);
        let beside = self.sidecars.iter().map(|helper| &helper.container);
        let moved = self.companions.iter().map(|helper| &helper.container);
        let all = std::iter::once(&self.main).chain(before).chain(beside);
        all.chain(moved)
    }

    /// The volume of that name.
    pub fn volume(&self, name: &Name) -> Option<&Volume> {
        self.volumes
            .iter()
            .find(|volume| volume.name.value == *name)
    }
}

/// How many pods may be away while nodes are drained.
///
/// <https://kubernetes.io/docs/tasks/run-application/configure-pdb/>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisruptionBudget {
    /// So many must stay.
    MinAvailable(Located<IntOrPercentage>),
    /// So many may be away.
    MaxUnavailable(Located<IntOrPercentage>),
    /// There is none, also where several pods would get one.
    Off(Located<()>),
}
