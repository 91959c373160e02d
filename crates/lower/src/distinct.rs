//! What an API server wants to be there once only in a pod: a container's name, and
//! a path in a container at which something is mounted. And what is mounted has to be
//! there.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1 as core;
use kubewright_model::{Container, Located, Name};
use kubewright_source::{Diagnostic, Span};

use crate::aspect::{Draft, Scope};

/// The error `name-taken` for every name that two containers have, and for every
/// path at which two things are mounted in one; `unknown-name` for every mount of a
/// volume that is not there.
pub(crate) fn check(scope: &Scope<'_>, draft: &Draft) -> Vec<Diagnostic> {
    let names = draft_containers(draft).map(|container| container.name.as_str());
    let names = twice(names).into_iter().map(|name| same_name(scope, name));
    let mounts = draft_containers(draft).flat_map(|container| same_paths(scope, container));
    let missing = draft_containers(draft).flat_map(|container| missing(scope, draft, container));
    names.chain(mounts).chain(missing).collect()
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

fn missing(scope: &Scope<'_>, draft: &Draft, container: &core::Container) -> Vec<Diagnostic> {
    let volumes = draft.pod.volumes.iter().flatten();
    let volumes = volumes.map(|volume| Some(volume.name.as_str()));
    let claims = draft.claim_templates.iter();
    let claims = claims.map(|claim| claim.metadata.name.as_deref());
    let there: BTreeSet<&str> = volumes.chain(claims).flatten().collect();
    let mounts = container.volume_mounts.iter().flatten();
    let missing = mounts.filter(|mount| !there.contains(mount.name.as_str()));
    let said = |mount| no_volume(scope, container, mount);
    missing.map(said).collect()
}

fn no_volume(
    scope: &Scope<'_>,
    container: &core::Container,
    mount: &core::VolumeMount,
) -> Diagnostic {
    let own = named(scope).filter(|(name, _)| name.as_str() == container.name);
    let mounts = own.flat_map(|(_, model)| &model.mounts);
    let mut own = mounts.filter(|own| own.volume.as_str() == mount.name);
    let span = own
        .next()
        .map_or(scope.app.name.span, |own| own.volume.span);
    let message = format!(
        "container `{}` mounts the volume `{}`, which its pod does not have",
        container.name, mount.name
    );
    Diagnostic::error("unknown-name", span, message)
        .help("add a volume of that name, or leave the mount out")
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
