//! Which entry of a project an object belongs to.

use std::sync::Arc;

use kubewright_model::Name;
use kubewright_model::project::Entry;
use kubewright_objects::Object;

use crate::{Lowering, managed};

/// Says of objects that an entry owns them; a compose project owns all that its
/// services do.
pub(crate) fn to_entry(lowering: &Lowering<'_>, entry: &Entry, objects: &mut [Object]) {
    let outer = lowering.outer.and_then(|outer| name(outer.entry));
    if let Some(name) = outer.or_else(|| name(entry)) {
        mark(name, objects);
    }
}

/// Says of objects that a compose project owns them; what is no such project's
/// belongs to nobody.
pub(crate) fn to_project(lowering: &Lowering<'_>, objects: &mut [Object]) {
    if let Some(name) = lowering.outer.and_then(|outer| name(outer.entry)) {
        mark(name, objects);
    }
}

fn mark(name: &Name, objects: &mut [Object]) {
    let name: Arc<str> = name.as_str().into();
    for object in objects {
        object.entry = Some(Arc::clone(&name));
    }
}

/// What an entry is called; nothing is made of those that have no name here.
fn name(entry: &Entry) -> Option<&Name> {
    match entry {
        Entry::App(app) => Some(&app.name.value),
        Entry::Infrastructure(infrastructure) => {
            let app = infrastructure.app().map(|app| &app.name);
            let managed = || managed::of_entry(entry).map(|managed| &managed.name);
            app.or_else(managed).map(|name| &name.value)
        }
        Entry::Compose(compose) => Some(&compose.project.name.value),
        Entry::Helm(helm) => Some(&helm.name.value),
        Entry::Kustomize(folder) => Some(&folder.name.value),
        Entry::Functions(_) | Entry::Disabled(_) => None,
    }
}
