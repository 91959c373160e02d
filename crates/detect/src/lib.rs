//! A folder in, what lies in it out: where a project starts from.
//!
//! [`detect()`] walks through a folder and gives back a [`Detection`]:
//!
//! - [`compose`]: compose projects, read as `generate` reads them, and for each
//!   service what it is: by the table of images, never by pieces of names;
//! - [`dockerfile`]: stages, base image, ports, user;
//! - [`module`]: folders with code, their language and framework;
//! - [`kubernetes`]: manifests, charts, kustomizations, Skaffold;
//! - [`environment`], [`variables`], [`git`], [`function`]: what is named for an
//!   environment, names of variables, registry, Python functions.
//!
//! [`wizard`] gives the same in the shape that the original wizard's page asks for.
//!
//! Nothing is run and nothing outside of the folder is read. Same folder, same
//! answer. No value of an env file is in it.

mod classify;
pub mod compose;
mod detection;
pub mod dockerfile;
pub mod environment;
pub mod function;
pub mod git;
mod inside;
mod inventory;
pub mod kubernetes;
pub mod module;
pub mod tools;
pub mod variables;
pub mod wizard;

pub use classify::{Class, Kind};
pub use detection::{Detection, Marks, Mode, detect, detect_in};
pub use inventory::Inventory;
pub use tools::Tools;

/// The JSON Schema of a [`Detection`].
pub const SCHEMA: &str = include_str!("detection.schema.json");
