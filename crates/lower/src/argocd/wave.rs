//! In which order Argo CD brings things to the cluster.
//!
//! <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/>

use std::collections::{BTreeMap, BTreeSet};

use kubewright_model::dependency::Dependency;
use kubewright_model::project::Entry;
use kubewright_model::{Name, Project};

/// How many things stand in a row before an entry: 0 for what depends on nothing.
/// A circle is cut where it would close.
pub(super) fn of(project: &Project, name: &Name) -> usize {
    let mut depths: BTreeMap<&Name, usize> = BTreeMap::new();
    let mut begun: BTreeSet<&Name> = BTreeSet::new();
    // A stack of our own: chains may be long.
    let mut stack = vec![(name, false)];
    while let Some((name, is_second)) = stack.pop() {
        if is_second {
            let before = dependencies(project, name).filter_map(|on| depths.get(on));
            let depth = before.max().map_or(0, |depth| depth + 1);
            depths.insert(name, depth);
        } else if begun.insert(name) {
            stack.push((name, true));
            stack.extend(dependencies(project, name).map(|on| (on, false)));
        }
    }
    depths.get(name).copied().unwrap_or_default()
}

/// What an entry depends on, as far as it is there.
fn dependencies<'a>(project: &'a Project, name: &Name) -> impl Iterator<Item = &'a Name> {
    let given: &[Dependency] = match project.entries.get(name) {
        Some(Entry::Helm(release)) => &release.dependencies,
        Some(Entry::Kustomize(folder)) => &folder.dependencies,
        Some(entry @ (Entry::App(_) | Entry::Infrastructure(_))) => {
            entry.app().map_or(&[], |app| &app.dependencies)
        }
        Some(Entry::Compose(compose)) => &compose.dependencies,
        Some(Entry::Functions(_) | Entry::Disabled(_)) | None => &[],
    };
    let names = given.iter().map(|dependency| &dependency.on.value);
    names.filter(|name| match project.entries.get(*name) {
        Some(Entry::Disabled(_)) | None => false,
        Some(
            Entry::App(_)
            | Entry::Infrastructure(_)
            | Entry::Functions(_)
            | Entry::Compose(_)
            | Entry::Helm(_)
            | Entry::Kustomize(_),
        ) => true,
    })
}
