//! Docker Compose files.
//!
//! - [`load`]: texts and environment to one resolved document: merged, extended,
//!   interpolated, filtered by profile;
//! - [`decode`]: the document to a project of the model.

pub mod decode;
pub mod load;
