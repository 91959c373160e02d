//! Kubernetes objects in, files out.
//!
//! An emitter sees objects and the names of environments; it knows neither input
//! languages nor what an application means. Every form is one module, computed
//! from the same objects:
//!
//! - [`manifests`]: plain files, one object each;
//! - [`key_order`]: the order in which people write keys, for all forms.

pub mod key_order;
pub mod manifests;
