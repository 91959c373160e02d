//! The wizard's state: JSON that the wizard in the browser collects.
//!
//! The state says one thing in one of several ways: numbers as strings, nested
//! objects or flat keys, a list's old name. All of them are read here, so that
//! what comes out is strict. What is empty (`""`, `null`, `[]`) says nothing.
//!
//! - `root`: the top, and the order in which all is read;
//! - `entry`: a service or a decision about infrastructure, room by room:
//!   `kind`, `image`, `port`, `variable`, `resource`, `probe`, `volume`, `init`,
//!   `sidecar`, `companion`, `mesh`, `scaling`, `dependency`, `node`;
//! - [`resources()`]: the list of resources that stands behind a state, itself an input;
//! - `ingress`: the way in;
//! - [`kept`]: the state as it is kept for the next time;
//! - `skaffold`: what Skaffold is told;
//! - `chart`: what a chart is told;
//! - `told`: what the caller decides;
//! - [`keys`]: what restates a default, and what is passed over;
//! - `hidden`: values of secrets that stand in a state;
//! - `given`: how empty values and choices are read.

mod chart;
mod companion;
mod dependency;
mod entry;
mod given;
mod hidden;
mod image;
mod ingress;
mod init;
pub mod kept;
pub mod keys;
mod kind;
mod mesh;
mod node;
mod port;
mod probe;
mod resource;
mod resources;
mod root;
mod scaling;
mod sidecar;
mod skaffold;
mod told;
mod variable;
mod volume;

pub use hidden::Hidden;
pub use resources::{is_resources, resources};
pub use root::{is_state, project};
pub use told::{Forms, Told};
