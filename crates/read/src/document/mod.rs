//! Trees with a place at every node, merged and resolved as trees.
//!
//! Two languages have documents that become a project only after resolution:
//! compose files and `apps.yaml`. What both need stands here; which rule holds at
//! which key is said by each language's own [`Site`].
//!
//! - [`site`]: where in a document one stands, and how values combine there;
//! - [`mod@merge`]: one tree laid over another;
//! - `pair`: variables that are written as a name beside a value;
//! - [`tags`]: `!reset` and `!override`;
//! - [`scalars`]: every scalar visited, for interpolation (`said`: what is found on the
//!   way, on several cores);
//! - [`equal()`]: whether two trees say the same.

pub mod equal;
pub mod merge;
mod pair;
mod said;
pub mod scalars;
pub(crate) mod secret;
pub mod site;
pub mod tags;
mod written_secret;

pub use equal::equal;
pub use merge::{merge, unique};
pub use pair::{is_about_variables, is_value, secrets_beside};
pub use scalars::interpolate;
pub use site::{Combine, Identity, Null, Site};
