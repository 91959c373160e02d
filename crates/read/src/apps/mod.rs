//! `apps.yaml`: the concise form that a platform team keeps in git.
//!
//! Reading goes in four steps, each a tree to a tree but the last:
//!
//! 1. [`Document::open`]: version 2 is rewritten into version 3 (`old`), short forms
//!    are written long and keys are checked (`long`), by the one table (`table`, in
//!    the types of `shape`);
//! 2. `layer`: defaults, environments, templates and overrides are laid over one
//!    another (`merge`);
//! 3. `resolve`: `${…}` gets its values, from variables or from other entries;
//! 4. `decode`: what is left becomes a project of the model.

mod decode;
mod document;
mod layer;
mod long;
mod merge;
mod old;
mod resolve;
mod schema;
mod shape;
mod short;
mod table;
mod variables;
pub mod write;

pub use document::{Asked, Document, is_apps};
pub use schema::schema;
pub use variables::Variables;
