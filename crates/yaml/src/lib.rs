//! YAML in, as a tree with a span at every node; YAML out, as an expert writes it.
//!
//! This crate knows YAML and nothing of applications or Kubernetes.
//!
//! - [`tree`]: [`Node`], what a document is after reading: scalars with their raw
//!   text, sequences, mappings that keep their order, and a place for each.
//! - [`resolve`]: what an untyped scalar means, as the reader of Docker Compose
//!   sees it, and how Go prints it.
//! - [`mod@path`]: key paths, `services.web.ports[0]`.
//! - [`mod@decode`]: bytes to text, with the place of the first wrong byte.
//! - [`read`]: text to trees, within [`Limits`].
//! - [`walk`]: all entries of a tree, and the tree without one of them.
//! - [`json`]: JSON to the same trees.
//! - [`mod@write`]: anything that serde can serialize to YAML text, keys in the
//!   order of a [`KeyOrder`], safe for readers of YAML 1.1 and 1.2.

pub mod decode;
pub mod json;
pub mod path;
pub mod read;
pub mod resolve;
pub mod tree;
pub mod walk;
pub mod write;

pub use decode::decode;
pub use json::{looks_like_json, read_json};
pub use path::Path;
pub use read::{Limits, read_document, read_documents};
pub use resolve::Resolved;
pub use tree::{Entry, Key, Mapping, Node, Scalar, Style, Tag, Value};
pub use write::{
    AsGiven, KeyOrder, Layout, LayoutEntry, WriteError, to_json, to_readable, to_string, write_into,
};
