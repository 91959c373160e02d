//! Kubernetes objects in, files out.
//!
//! An emitter sees objects, how they are built and delivered, and the names of
//! environments; it knows neither input languages nor what an application means.
//! Every form is one module, computed from the same objects:
//!
//! - [`manifests`]: plain files, one object each;
//! - [`argocd`]: Applications of Argo CD;
//! - [`helm`]: a chart with values for each environment;
//! - [`json`]: a list for programs;
//! - [`kustomize`]: a base and an overlay for each environment;
//! - [`skaffold`]: `skaffold.yaml`, and what its profiles name;
//! - [`tilt`]: a `Tiltfile`;
//! - [`form`]: what the forms beside plain files have in common; [`FORMS`] lists
//!   them;
//! - [`between`]: how two environments differ, for people;
//! - [`tree`]: objects as trees of values, to be compared and changed;
//! - [`key_order`]: the order in which people write keys, for all forms;
//! - `lost`: texts that the tools of forms do not give back;
//! - `image`: the parts of an image's name;
//! - `owned`, `local_port`: the objects of each app, and ports on the developer's
//!   machine, for developers' tools.

pub mod argocd;
pub mod between;
pub mod form;
pub mod helm;
mod image;
pub mod json;
pub mod key_order;
pub mod kustomize;
mod local_port;
mod lost;
pub mod manifests;
mod owned;
pub mod skaffold;
pub mod tilt;
pub mod tree;

use form::Form;

/// The forms beside the flat manifests. Adding one is a module and a line.
pub const FORMS: &[Form] = &[
    kustomize::FORM,
    helm::FORM,
    skaffold::FORM,
    tilt::FORM,
    json::FORM,
    argocd::FORM,
];
