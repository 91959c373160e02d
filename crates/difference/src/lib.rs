//! What the objects of several environments share, and what differs.
//!
//! The forms for several environments, overlays and values alike, are views of
//! this: nothing else in kubewright decides what two environments have in common.
//! Objects come as trees of JSON values, items of lists are matched by the merge
//! keys of Kubernetes and never by their positions.
//!
//! - [`matched`]: the same object in each environment;
//! - [`base`]: one tree that all environments can start from;
//! - [`changes`]: the steps from one tree to another, and [`apply`] that takes them;
//! - [`merge_key`]: which lists have merge keys.

mod base;
mod change;
mod matched;
pub mod merge_key;

pub use base::base;
pub use change::{Change, Edit, Step, apply, changes, pointer};
pub use matched::{Id, Matched, matched};
