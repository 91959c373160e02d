//! Text and environment in, a project of the model out: one module per input language.
//!
//! Text-level rooms, used by several languages:
//!
//! - [`environment`]: the variables a run was started with;
//! - [`dotenv`]: `.env` files and whatever is written like them;
//! - [`interpolate`]: `${VAR}` and its kin;
//! - [`shell`]: a command line as words;
//! - [`fields`]: a tree decoded key by key.
//!
//! Languages:
//!
//! - [`document`]: trees with a place at every node, merged and resolved as trees;
//! - [`compose`]: Docker Compose files;
//! - [`mod@apps`]: the concise form of a project, `apps.yaml`;
//! - [`wizard`]: the state of the wizard.

pub mod apps;
pub mod compose;
mod cycle;
pub mod document;
pub mod dotenv;
pub mod environment;
pub mod fields;
pub mod interpolate;
pub mod shell;
pub mod skaffold;
pub mod wizard;

pub use environment::Environment;
