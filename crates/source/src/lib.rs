//! Source positions and the one diagnostic of all phases.
//!
//! This crate is the floor that every other crate stands on. It knows text and
//! places in text, and nothing of YAML, applications or Kubernetes.
//!
//! - [`position`]: [`Sources`] holds every text that was read; a [`Span`] is a
//!   place in one of them; [`Located`] is a value together with its place.
//! - [`diagnostic`]: [`Diagnostic`], what a phase has to say to the user, and
//!   [`Diagnostics`], the list that travels with a result.
//! - [`render`]: diagnostics for people, with a snippet of the source.
//! - [`report`]: diagnostics for machines, as `--json` prints them.
//! - [`secret`]: values that neither of them shows.
//! - [`suggest`]: "did you mean".

pub mod diagnostic;
pub mod position;
pub mod render;
pub mod report;
pub mod secret;
mod shorten;
pub mod suggest;

/// Says whether nobody wants the result any more. It is asked by several threads, often.
pub type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

pub use diagnostic::{Diagnostic, Diagnostics, Related, Severity};
pub use position::{Located, Place, Source, SourceId, Sources, Span};
pub use secret::SecretValues;
