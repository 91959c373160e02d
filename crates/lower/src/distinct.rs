//! What an API server wants to be there once only in a pod: a container's name, and
//! a path in a container at which something is mounted.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1 as core;
use kubewright_model::{Container, Located, Name};
use kubewright_source::{Diagnostic, Span};

use crate::aspect::{Draft, Scope};

/// The error `name-taken` for every name that two containers have, and for every
/// path at which two things are mounted in one.
pub(crate) fn check(scope: &Scope<'_>, draft: &Draft) -> Vec<Diagnostic> {
    let names = draft_containers(draft).map(|container| container.name.as_str());
    let names = twice(names).into_iter().map(|name| same_name(scope, name));
    let mounts = draft_containers(draft).flat_map(|container| same_paths(scope, container));
    names.chain(mounts).collect()
}

fn draft_containers(draft: &Draft) -> impl Iterator<Item = &core::Container> {
    let first = draft.waits.iter().chain(&draft.companion_waits);
    let helpers = draft.native_sidecars.iter().chain(&draft.init_containers);
    first.chain(helpers).chain(&draft.containers)
}

/// Those that come again, sorted.
fn twice<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeSet<&'t str> {
    let mut seen = BTreeSet::new();
    texts.filter(|text| !seen.insert(*text)).collect()
}

fn same_name(scope: &Scope<'_>, name: &str) -> Diagnostic {
    let places: Vec<Span> = named(scope)
        .filter(|(given, _)| given.as_str() == name)
        .map(|(given, _)| given.span)
        .collect();
    let message = format!(
        "two containers in the pod of `{}` would be called `{name}`",
        scope.name()
    );
    told(scope, message, &places).help("give one of them another name")
}

/// The containers that the input names, each with its name.
fn named<'a>(scope: &Scope<'a>) -> impl Iterator<Item = (&'a Located<Name>, &'a Container)> {
    let app = scope.app;
    let init = app.init_containers.iter();
    let init = init.map(|helper| (&helper.name, &helper.container));
    let sidecars = app.sidecars.iter();
    let sidecars = sidecars.map(|helper| (&helper.name, &helper.container));
    let companions = app.companions.iter();
    let companions = companions.map(|helper| (&helper.name, &helper.container));
    let all = std::iter::once((&app.name, &app.main)).chain(init);
    let all = all.chain(sidecars).chain(companions);
    all.map(|(name, container)| (container.name.as_ref().unwrap_or(name), container))
}

fn same_paths(scope: &Scope<'_>, container: &core::Container) -> Vec<Diagnostic> {
    let paths = container.volume_mounts.iter().flatten();
    let paths = twice(paths.map(|mount| mount.mount_path.as_str()));
    let said = |path| same_path(scope, &container.name, path);
    paths.into_iter().map(said).collect()
}

fn same_path(scope: &Scope<'_>, container: &str, path: &str) -> Diagnostic {
    let own = named(scope).filter(|(name, _)| name.as_str() == container);
    let places: Vec<Span> = own
        .flat_map(|(_, model)| {
            let files = model.files.iter().map(|file| &file.path);
            model.mounts.iter().map(|mount| &mount.path).chain(files)
        })
        .filter(|mounted| mounted.as_str() == path)
        .map(|mounted| mounted.span)
        .collect();
    let message = format!("two things would be mounted at `{path}` in container `{container}`");
    told(scope, message, &places).help("give one of them another path")
}

/// At the last of the places, with the first beside it; at the app where there is none.
fn told(scope: &Scope<'_>, message: String, places: &[Span]) -> Diagnostic {
    let last = places.last().copied().unwrap_or(scope.app.name.span);
    let said = Diagnostic::error("name-taken", last, message);
    match places {
        [first, _, ..] => said.related(*first, "the other one"),
        [_] | [] => said,
    }
}
