//! Data stores whose data nothing keeps.

use kubewright_knowledge::Kind;
use kubewright_model::App;
use kubewright_model::volume::{Volume, VolumeSource};
use kubewright_source::{Diagnostic, Severity};

use super::super::service::Service;

/// Says where a known data store has no volume: what it writes goes with the pod.
/// Docker keeps it for as long as the container is not removed.
pub(in super::super) fn report(service: &Service<'_>, app: &App) {
    let Some(family) = service.family.filter(|family| family.is_data_store()) else {
        return;
    };
    let Some(data) = family.data_paths(service.tag.as_deref()).next() else {
        return;
    };
    let Some(image) = service.fields.get("image") else {
        return;
    };
    // Another entry point is a client, or starts what nobody knows.
    let is_server = !app.workload.ends() && !service.fields.has("entrypoint") && !service.replaced;
    let mut volumes = app.volumes.iter();
    if !is_server || volumes.any(|volume| keeps(app, volume, data.path)) {
        return;
    }
    let severity = match family.kind {
        // Mostly what it holds can be had again.
        Kind::Cache => Severity::Note,
        Kind::Database
        | Kind::Queue
        | Kind::Search
        | Kind::ObjectStore
        | Kind::Proxy
        | Kind::Web
        | Kind::Observability
        | Kind::Application
        | Kind::Tool
        | Kind::Base => Severity::Warning,
    };
    let (name, path) = (service.key, data.path);
    let said = Diagnostic::new(
        severity,
        "data-in-pod",
        image.span(),
        format!("`{name}` has no volume: what it keeps in `{path}` is lost whenever its pod ends"),
    )
    .help(format!(
        "write `volumes: [\"{name}-data:{path}\"]` at the service and `{name}-data: {{}}` under the \
         top-level `volumes`, or `tmpfs: {path}` where nothing need be kept"
    ));
    image.push(said);
}

/// Whether a volume is there for data in a folder, to be kept or not: memory at its
/// path was asked for.
fn keeps(app: &App, volume: &Volume, data: &str) -> bool {
    match &volume.source {
        VolumeSource::Claim(_)
        | VolumeSource::Shared(_)
        | VolumeSource::ExistingClaim(_)
        | VolumeSource::HostPath { .. }
        | VolumeSource::Other(_) => true,
        VolumeSource::EmptyDir { .. } => app.main.mounts.iter().any(|mount| {
            let below = data.strip_prefix(mount.path.as_str());
            mount.volume.value == volume.name.value
                && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }),
        VolumeSource::ConfigMap(_) | VolumeSource::Secret(_) | VolumeSource::Image(_) => false,
    }
}
