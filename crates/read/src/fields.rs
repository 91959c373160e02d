//! A tree decoded key by key: every key is handed out once, and what nobody
//! asked for is reported.
//!
//! - `report`: [`Report`] collects what there is to say;
//! - `values`: [`At`] is one node together with its key path, with typed getters;
//! - `mappings`: [`Fields`] is a mapping of which each key is asked for by name;
//! - `tree`: nodes that are passed on as they are.

mod mappings;
mod report;
#[cfg(test)]
mod tests;
mod tree;
mod values;

pub use mappings::{Fields, Pair};
pub use report::{Report, did_you_mean, shown};
pub use tree::tree;
pub use values::At;
pub(crate) use values::is_semantic_version;
