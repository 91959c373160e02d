//! What an application is: plain data, every value with its origin.
//!
//! The model stands between the readers and the lowering. Whatever any input
//! language can say, a [`Project`] can say; `apps.yaml` is its written form.
//! There is no input or output here, no YAML and no Kubernetes type: of ours,
//! only [`kubewright_source`] is known, for the place at which a value stood.
//!
//! A [`Project`] is already *resolved for one environment*: defaults, templates,
//! overrides and `${VAR}` have been applied while reading.
//!
//! - [`value`]: names, quantities, images, ports, durations …, each parsed once
//!   by the only constructor it has;
//! - [`project`]: the project, its facts and its entries;
//! - [`app`]: one workload with all that belongs to it; [`workload`] holds what
//!   only one kind of workload has;
//! - [`container`] and what stands in one: [`variable`], [`volume`], [`file`](mod@file),
//!   [`probe`], [`resource`], [`lifecycle`];
//! - around the pod: [`service`], [`scaling`], [`security`], [`identity`],
//!   [`access`], [`placement`], [`dns`], [`mesh`], [`dependency`];
//! - beside the apps: [`gateway`], [`infrastructure`], [`function`], [`compose`],
//!   [`chart`], [`object`];
//! - what steers the output: [`output`], [`check`], [`develop`], [`vault`].

pub mod access;
pub mod app;
pub mod block;
pub mod chart;
pub mod check;
pub mod compose;
pub mod container;
pub mod dependency;
pub mod develop;
pub mod dns;
pub mod file;
pub mod function;
pub mod gateway;
pub mod identity;
pub mod infrastructure;
pub mod lifecycle;
pub mod mesh;
pub mod object;
pub mod output;
pub mod placement;
pub mod probe;
pub mod project;
pub mod resource;
pub mod scaling;
pub mod security;
pub mod service;
pub mod value;
pub mod variable;
pub mod vault;
pub mod volume;
pub mod workload;

pub use app::App;
pub use container::Container;
pub use kubewright_source::{Located, Span};
pub use project::{Entry, Facts, Project};
pub use value::{
    Cpu, Cron, Duration, FileMode, Image, Invalid, Memory, MountPath, Name, ObjectName, Percentage,
    Port, Quantity,
};
pub use workload::Workload;

/// A value that an input may give: `None` leaves the matter to the defaults.
pub type Given<T> = Option<Located<T>>;
