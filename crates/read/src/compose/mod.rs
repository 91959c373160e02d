//! Docker Compose files.
//!
//! - [`load`]: texts and environment to one resolved document: merged, extended,
//!   interpolated, filtered by profile;
//! - [`resolved`]: the document as `docker compose config` prints it, and whatever
//!   that refuses;
//! - [`decode`]: the document to a project of the model.

pub mod decode;
pub mod load;
pub mod resolved;
