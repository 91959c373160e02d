//! Files that are mounted into a container, and the ConfigMaps that hold them.
//!
//! <https://kubernetes.io/docs/concepts/configuration/configmap/#using-configmaps>

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1 as core;
use kubewright_model::file::{
    Bytes, ExistingFiles, FileContent, FileMount, FolderFile, MOST_BYTES,
};
use kubewright_model::value::{DataKey, FileMode, Name};

use crate::aspect::{Aspect, ContainerScope, Draft};
use crate::secret;

pub(crate) const ASPECT: Aspect = Aspect {
    container,
    ..Aspect::NONE
};

fn container(scope: &ContainerScope<'_>, container: &mut core::Container, draft: &mut Draft) {
    let mut maps = Maps::new(&scope.prefix);
    for mount in &scope.container.files {
        let placed = match &mount.content {
            FileContent::File(bytes) => {
                let key = maps.add(mount.path.file_name(), bytes);
                one_file(&key.map, &key.key, mount, "files")
            }
            FileContent::Folder(files) => folder(&mut maps, files, mount),
            FileContent::Secret(name) => {
                let lowering = scope.app.lowering;
                let (object, key) = secret::file::object_and_key(lowering.project, name);
                // The file is mounted by `subPath`: a running pod keeps the old one.
                if let Some(value) = secret::file::value(lowering, name) {
                    draft.hash.add([(key.as_str(), value.as_bytes())]);
                }
                existing_secret(&object, Some(&key), mount)
            }
            FileContent::ConfigMap(ExistingFiles { name, key }) => match key {
                Some(key) => one_file(name.as_str(), key.as_str(), mount, name.as_str()),
                None => Placed {
                    volume: config_volume(
                        name.as_str(),
                        name.as_str(),
                        Vec::new(),
                        mount.mode.as_ref().map(|m| m.value),
                    ),
                    sub_path: None,
                },
            },
            FileContent::ExistingSecret(ExistingFiles { name, key }) => {
                existing_secret(name.as_str(), key.as_ref().map(|key| key.as_str()), mount)
            }
        };
        place(placed, mount, container, draft);
    }
    maps.into_objects(scope, draft);
}

/// A pod volume, and the part of it that is mounted.
struct Placed {
    volume: core::Volume,
    sub_path: Option<String>,
}

/// Volumes that say the same are one volume of the pod; others that would have
/// its name get a number.
fn place(placed: Placed, mount: &FileMount, container: &mut core::Container, draft: &mut Draft) {
    let volumes = draft.pod.volumes.get_or_insert_default();
    let base = placed.volume.name.clone();
    let mut volume = placed.volume;
    let mut number = 2;
    loop {
        match volumes.iter().find(|other| other.name == volume.name) {
            None => {
                volumes.push(volume.clone());
                break;
            }
            Some(other) if *other == volume => break,
            Some(_) => {
                volume.name = format!("{base}-{number}");
                number += 1;
            }
        }
    }
    container
        .volume_mounts
        .get_or_insert_default()
        .push(core::VolumeMount {
            name: volume.name,
            mount_path: mount.path.as_str().to_owned(),
            sub_path: placed.sub_path,
            read_only: Some(true),
            ..core::VolumeMount::default()
        });
}

/// One key at a file's own path. A mode of its own needs a volume of its own.
fn one_file(map: &str, key: &str, mount: &FileMount, name: &str) -> Placed {
    let mode = mount.mode.as_ref().map(|mode| mode.value);
    let name = match mode {
        Some(mode) => format!("{}-{mode}", volume_name(name)),
        None => volume_name(name),
    };
    Placed {
        volume: config_volume(&name, map, Vec::new(), mode),
        sub_path: Some(key.to_owned()),
    }
}

/// A folder's files, all in one ConfigMap. Its keys have no `/`, so that paths
/// stand beside them:
/// <https://kubernetes.io/docs/concepts/storage/volumes/#configmap>
fn folder(maps: &mut Maps<'_>, files: &[FolderFile], mount: &FileMount) -> Placed {
    let size = files.iter().map(|file| file.content.len()).sum();
    let at = maps.fitting(size);
    let item = |file: &FolderFile| core::KeyToPath {
        key: maps.add_to(at, file.path.as_str(), &file.content),
        path: file.path.as_str().to_owned(),
        mode: None,
    };
    let items = files.iter().map(item).collect();
    let name = format!("files-{}", volume_name(mount.path.file_name()));
    let mode = mount.mode.as_ref().map(|mode| mode.value);
    Placed {
        volume: config_volume(&volume_name(&name), &maps.name(at), items, mode),
        sub_path: None,
    }
}

fn existing_secret(object: &str, key: Option<&str>, mount: &FileMount) -> Placed {
    let mode = mount.mode.as_ref().map(|mode| i32::from(mode.bits()));
    let name = match &mount.mode {
        Some(mode) => format!("{}-{}", volume_name(object), mode.value),
        None => volume_name(object),
    };
    Placed {
        volume: core::Volume {
            name,
            secret: Some(core::SecretVolumeSource {
                secret_name: Some(object.to_owned()),
                default_mode: mode,
                ..core::SecretVolumeSource::default()
            }),
            ..core::Volume::default()
        },
        sub_path: key.map(str::to_owned),
    }
}

fn config_volume(
    name: &str,
    map: &str,
    items: Vec<core::KeyToPath>,
    mode: Option<FileMode>,
) -> core::Volume {
    core::Volume {
        name: name.to_owned(),
        config_map: Some(core::ConfigMapVolumeSource {
            name: map.to_owned(),
            items: (!items.is_empty()).then_some(items),
            default_mode: mode.map(|mode| i32::from(mode.bits())),
            optional: None,
        }),
        ..core::Volume::default()
    }
}

/// A name that a pod volume can have.
fn volume_name(text: &str) -> String {
    let cut: String = text.chars().take(50).collect();
    Name::sanitised(&cut).map_or_else(|_| "files".to_owned(), String::from)
}

/// The ConfigMaps of a container's files: as few as hold them, since one holds
/// no more than 1 MiB.
struct Maps<'a> {
    prefix: &'a str,
    maps: Vec<BTreeMap<String, Bytes>>,
    sizes: Vec<usize>,
}

/// Where a file went.
struct Key {
    map: String,
    key: String,
}

impl<'a> Maps<'a> {
    fn new(prefix: &'a str) -> Self {
        Self {
            prefix,
            maps: Vec::new(),
            sizes: Vec::new(),
        }
    }

    /// Puts a file in.
    fn add(&mut self, name: &str, bytes: &Bytes) -> Key {
        let at = self.fitting(bytes.len());
        let key = self.add_to(at, name, bytes);
        Key {
            map: self.name(at),
            key,
        }
    }

    /// Puts a file into one of the maps and gives its key; the same contents under
    /// the same name are kept once.
    fn add_to(&mut self, at: usize, name: &str, bytes: &Bytes) -> String {
        let base = DataKey::sanitised(name).map_or_else(|_| "file".to_owned(), String::from);
        let mut key = base.clone();
        let mut number = 2;
        while self.maps[at].get(&key).is_some_and(|other| other != bytes) {
            key = format!("{base}-{number}");
            number += 1;
        }
        if self.maps[at].insert(key.clone(), bytes.clone()).is_none() {
            self.sizes[at] += bytes.len();
        }
        key
    }

    /// The last map, or a new one where it is full. Names and bookkeeping of the
    /// API server want some room, too.
    fn fitting(&mut self, size: usize) -> usize {
        const ROOM: usize = 16 << 10;
        let full = self
            .sizes
            .last()
            .is_none_or(|used| *used > 0 && used + size + ROOM > MOST_BYTES);
        if full {
            self.maps.push(BTreeMap::new());
            self.sizes.push(0);
        }
        self.maps.len() - 1
    }

    fn name(&self, at: usize) -> String {
        match at {
            0 => format!("{}-files", self.prefix),
            _ => format!("{}-files-{}", self.prefix, at + 1),
        }
    }

    fn into_objects(self, scope: &ContainerScope<'_>, draft: &mut Draft) {
        for (at, files) in self.maps.iter().enumerate() {
            let mut data = BTreeMap::new();
            let mut binary = BTreeMap::new();
            let entries = files.iter();
            draft
                .hash
                .add(entries.map(|(key, bytes)| (key.as_str(), &**bytes)));
            for (key, bytes) in files {
                match std::str::from_utf8(bytes) {
                    Ok(text) => {
                        data.insert(key.clone(), text.to_owned());
                    }
                    Err(_) => {
                        binary.insert(key.clone(), ByteString(bytes.to_vec()));
                    }
                }
            }
            draft.objects.push(scope.app.object(core::ConfigMap {
                metadata: scope.app.metadata(self.name(at)),
                data: (!data.is_empty()).then_some(data),
                binary_data: (!binary.is_empty()).then_some(binary),
                ..core::ConfigMap::default()
            }));
        }
    }
}
