//! Texts and environment to one resolved compose document.
//!
//! - [`discover()`]: which files of a folder are meant;
//! - [`load()`]: everything else, into a [`Document`].
//!
//! The stages of [`load()`], one file each:
//!
//! 1. `environment`: the process' variables and those of `.env`;
//! 2. `text`: files to trees, a fault of one does not hide those of another;
//! 3. `name`: what the project is called;
//! 4. `model`: tree by tree, interpolation, `include`, `extends`, and the merge
//!    with the trees before;
//! 5. `profile`: which services take part;
//! 6. `env_file`: the variables and labels that services take from files.
//!
//! Rules that stages share: `merge` (a table), `shape` and `identity` (short
//! forms), `paths` (paths of other folders' files), `top` (the top-level keys).

mod discover;
mod document;
mod env_file;
mod environment;
mod extends;
mod identity;
mod include;
mod loader;
mod merge;
mod model;
mod name;
mod paths;
mod profile;
mod shape;
mod text;
mod top;
mod unique;

pub use discover::{COMPOSE_FILES, Found, OVERRIDE_FILES, discover};
pub use document::{Document, Input, LoadRequest};
pub use loader::load;
pub use merge::ComposeSite;
