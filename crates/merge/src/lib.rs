//! Three-way merge of manifests: what the user made of a file, with the changes
//! that the generator made since.
//!
//! Objects are merged as trees ([`merge()`]): mappings by key, lists of
//! Kubernetes by their merge keys, all else as a whole. The result is the user's
//! text with edits in it, so that comments, the order of keys and quoting stay.
//! It is parsed again before it counts; a result that does not say what the
//! merged tree says is no result.
//!
//! - `three_way`: the decision for every field.
//! - `stream`: files with several documents.
//! - `list_key`: which lists have merge keys.
//! - `same`: when two values are one.
//! - `layout`: where entries and items begin and end in a text.
//! - `edit`: changes to the text, and how they are applied.
//! - `comment`: comments, and that none of the user's is lost.
//! - [`merge_lines`]: texts that are no trees.
//! - [`outline`]: texts that may hold a Secret, as people may see them.
//! - [`veil`]: values of Secrets are compared by digest and never shown.

mod comment;
mod edit;
mod layout;
mod lines;
mod list_key;
mod outcome;
pub mod outline;
mod same;
mod stream;
mod three_way;
pub mod veil;

pub use lines::merge_lines;
pub use outcome::{Conflict, Outcome, Untaken, Why};
pub use three_way::{KEEP, LooksSecret, merge, merge_veiled};
