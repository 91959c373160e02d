//! What a cluster that has the earlier manifests makes of the new ones.
//!
//! `kubectl apply` changes objects that exist. Some fields of theirs the API server
//! never changes: then applying is refused ([`immutable`]). And a workload that
//! mounts another claim than before starts without its data (`claim`). And where a
//! file was kept beside others that are new, they may refer to what is not there
//! ([`dangling()`]).
//!
//! The crate compares texts: what a folder held, and what it holds after a run.

mod claim;
mod dangling;
pub mod immutable;
mod object;
mod reference;
mod relevant;

use std::collections::BTreeMap;

use kubewright_files::ObjectRef;
use kubewright_source::{Diagnostic, Sources};

pub use crate::dangling::{Kept, dangling};
pub use crate::relevant::{is_relevant, may_be_relevant};

use crate::object::Object;

/// A file as it is after a run.
#[derive(Clone, Copy, Debug)]
pub struct Now<'t> {
    /// As people read it.
    pub shown: &'t str,
    /// Its text.
    pub text: &'t str,
    /// The objects in it.
    pub objects: &'t [ObjectRef],
}

/// What there is to say about texts that took the place of `earlier` ones, by the
/// names of their files. `now` are the files that the run changed or made; those
/// that are spoken of are added to the sources.
pub fn compare(
    earlier: &BTreeMap<String, String>,
    now: &[Now<'_>],
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let old: Vec<Object> = earlier
        .values()
        .flat_map(|text| object::read(text))
        .collect();
    if old.is_empty() {
        return Vec::new();
    }
    let new = counterparts(&old, now, sources);
    let mut said = Vec::new();
    for new in &new {
        let same = old.iter().find(|old| old.is(new));
        said.extend(same.iter().flat_map(|old| immutable::faults(old, new)));
        said.extend(claim::renamed(&old, new));
    }
    said
}

/// The new objects that have the name of an earlier one.
fn counterparts(old: &[Object], now: &[Now<'_>], sources: &mut Sources) -> Vec<Object> {
    let names: std::collections::BTreeSet<_> = old.iter().map(Object::name).collect();
    let mut new = Vec::new();
    for file in now {
        let mut objects = file.objects.iter();
        let is_wanted = |object: &ObjectRef| {
            may_be_relevant(&object.kind)
                && names.contains(&(object.namespace.as_deref(), object.name.as_str()))
        };
        if objects.any(is_wanted) {
            let id = sources.add(file.shown, file.text);
            new.extend(object::read_from(file.text, id));
        }
    }
    new
}
