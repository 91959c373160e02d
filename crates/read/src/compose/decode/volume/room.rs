//! All volumes of one service.

use std::collections::BTreeMap;

use kubewright_model::volume::{Mount as ModelMount, Volume, VolumeSource};
use kubewright_model::{App, Image, Located, Name};
use kubewright_source::Diagnostic;

use super::super::mount::{Mount, MountKind};
use super::super::service::{Service, Taken};
use super::super::services::Additions;
use super::super::{bind, device};
use super::memory::{memory, shared_memory, tmpfs};
use super::named::volume;

/// The volumes and mounts of one service, as they come in.
pub(in super::super) struct Room<'r> {
    pub(in super::super) service: &'r Service<'r>,
    pub(in super::super) app: &'r mut App,
    pub(in super::super) taken: Taken,
    /// Named volumes that are there already.
    pub(super) named: BTreeMap<String, Name>,
    /// Targets of source code that is in the image.
    pub(in super::super) baked: Vec<String>,
}

impl Room<'_> {
    /// Adds a volume and mounts it.
    pub(in super::super) fn add(&mut self, mount: &Mount, wanted: &str, source: VolumeSource) {
        let name = self.taken.name(wanted);
        self.app.volumes.push(Volume {
            name: Located::new(name.clone(), mount.span),
            source,
        });
        self.mount(mount, name);
    }

    pub(super) fn mount(&mut self, mount: &Mount, volume: Name) {
        self.app.main.mounts.push(ModelMount {
            volume: Located::new(volume, mount.span),
            path: mount.target.clone(),
            read_only: mount.read_only,
            sub_path: mount.sub_path.clone(),
            propagation: mount.propagation,
        });
    }

    /// Says something about a mount.
    pub(in super::super) fn say(&self, mount: &Mount, said: Diagnostic) {
        let report = self.service.fields.at().report;
        report.push(said.path(mount.path.clone()));
    }
}

/// Reads `volumes`, `tmpfs` and `shm_size` into the app.
pub(in super::super) fn read(service: &Service<'_>, app: &mut App, project: &mut Additions) {
    service.fields.get("volumes");
    // Its mounts are among the service's own already; only strings name them.
    if let Some(at) = service.fields.get("volumes_from") {
        at.texts();
    }
    let mut room = Room {
        service,
        app,
        taken: Taken::default(),
        named: BTreeMap::new(),
        baked: Vec::new(),
    };
    // The name of the pod's volume with mounted files.
    if let Ok(files) = Name::parse("files") {
        room.taken.take(&files);
    }
    let mounts = service.scope.mounts.get(service.key);
    let mounts = mounts.map_or(&[][..], Vec::as_slice);
    // Binds first: an anonymous volume below source code depends on them.
    for mount in mounts.iter().filter(|mount| mount.kind == MountKind::Bind) {
        bind::read(&mut room, mount, project);
    }
    for mount in mounts {
        match mount.kind {
            MountKind::Bind => {}
            MountKind::Volume => volume(&mut room, mount, project),
            MountKind::Tmpfs => memory(&mut room, mount),
            MountKind::Image => image(&mut room, mount),
            MountKind::Foreign(kind) => {
                let said = Diagnostic::warning(
                    "not-carried",
                    mount.span,
                    format!("a volume of type `{kind}` has no counterpart in Kubernetes"),
                );
                room.say(mount, said.help("use a named volume"));
            }
        }
    }
    tmpfs(&mut room);
    shared_memory(&mut room);
    device::read(&mut room);
}

fn image(room: &mut Room<'_>, mount: &Mount) {
    let at = room.service.fields.at();
    let Some(source) = &mount.source else {
        at.say_at(
            mount.span,
            kubewright_source::Severity::Warning,
            "empty-value",
            "a volume from an image names no image, and is not mounted".to_owned(),
            "give `source` the image, or set the variable that holds it".to_owned(),
        );
        return;
    };
    if let Some(image) = at.checked(source, Image::parse) {
        let wanted = image.value.short_name().to_owned();
        room.add(mount, &wanted, VolumeSource::Image(image));
    }
}
