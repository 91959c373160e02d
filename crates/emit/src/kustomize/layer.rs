//! Overlays, and components where several environments share a part of theirs.

use std::collections::BTreeMap;

use kubewright_difference::Change;
use kubewright_files::File;
use kubewright_source::Diagnostic;

use super::image::{self, Image, Inventory};
use super::item::{Fate, Item, groups};
use super::kustomization::{Kustomization, Labels, Patch, Replicas};
use super::patch::{self, Written};
use super::{Writer, label, path, plain, replicas};
use crate::form::Environment;
use crate::form::first_comment;

/// The positions of the environments that have a layer.
type Set = Vec<usize>;

/// What is laid over the base: for one environment an overlay, for several a
/// component.
#[derive(Debug, Default)]
struct Layer {
    /// Items that are resources of their own.
    resources: Vec<usize>,
    /// Items that are patched, with the changes.
    patches: Vec<(usize, Vec<Change>)>,
    labels: Vec<Labels>,
    label_patches: Vec<Patch>,
    replicas: Vec<Replicas>,
    images: Vec<Image>,
}

/// All layers.
#[derive(Debug)]
pub(super) struct Layers<'a> {
    environments: &'a [Environment<'a>],
    namespaces: Option<&'a [Option<&'a str>]>,
    by_set: BTreeMap<Set, Layer>,
}

impl<'a> Layers<'a> {
    /// Takes the changes of all items apart.
    pub(super) fn of(
        items: &mut [Item<'_>],
        environments: &'a [Environment<'a>],
        namespaces: Option<&'a [Option<&'a str>]>,
    ) -> Result<Self, Box<Diagnostic>> {
        let mut layers = Self {
            environments,
            namespaces,
            by_set: BTreeMap::new(),
        };
        for at in 0..environments.len() {
            layers.by_set.insert(vec![at], Layer::default());
        }
        layers.images(items);
        layers.replicas(items);
        for at in 0..environments.len() {
            let given = label::take(items, at)?;
            let layer = layers.layer(vec![at]);
            layer.labels = given.labels;
            layer.label_patches = given.patches;
        }
        layers.rest(items);
        Ok(layers)
    }

    fn layer(&mut self, set: Set) -> &mut Layer {
        self.by_set.entry(set).or_default()
    }

    fn images(&mut self, items: &mut [Item<'_>]) {
        let all = 0..self.environments.len();
        let inventories: Vec<Inventory> = all.map(|at| Inventory::of(items, at)).collect();
        let each: Vec<Vec<Image>> = inventories.iter().map(Inventory::entries).collect();
        for (at, entries) in each.iter().enumerate() {
            image::take(items, at, entries);
        }
        let sets = sets(&each);
        // Components come first, which must not change what the entries make.
        let has_components = sets.keys().any(|set| set.len() > 1);
        let is_right = !has_components
            || inventories.iter().enumerate().all(|(at, inventory)| {
                let own = sets.iter().filter(|(set, _)| set.contains(&at));
                let mut own: Vec<_> = own.collect();
                own.sort_by_key(|(set, _)| (set.len() == 1, *set));
                let ordered = own.into_iter().flat_map(|(_, entries)| entries.clone());
                inventory.takes(&each[at], &ordered.collect::<Vec<_>>())
            });
        let sets = match is_right {
            true => sets,
            false => each
                .into_iter()
                .enumerate()
                .map(|(at, own)| (vec![at], own))
                .collect(),
        };
        for (set, entries) in sets {
            self.layer(set).images = entries;
        }
    }

    fn replicas(&mut self, items: &mut [Item<'_>]) {
        let all = 0..self.environments.len();
        let each: Vec<Vec<Replicas>> = all.map(|at| replicas::take(items, at)).collect();
        for (set, counts) in sets(&each) {
            self.layer(set).replicas = counts;
        }
    }

    /// What is left for resources and patches.
    fn rest(&mut self, items: &[Item<'_>]) {
        for (position, item) in items.iter().enumerate() {
            match &item.fate {
                Fate::Same => {}
                Fate::Own(groups) => {
                    for group in groups {
                        self.layer(group.clone()).resources.push(position);
                    }
                }
                Fate::Changed(changed) => {
                    let rest = changed.each.iter().map(|variant| &variant.rest);
                    let rest = rest.map(|rest| Some(rest).filter(|rest| !rest.is_empty()));
                    let rest: Vec<Option<&Vec<Change>>> = rest.collect();
                    for group in groups(&rest, |a, b| a == b) {
                        let changes = rest[group[0]].cloned().unwrap_or_default();
                        self.layer(group).patches.push((position, changes));
                    }
                }
            }
        }
    }

    /// The files of all layers. `has_base`: there is a base to start from.
    pub(super) fn files(
        &self,
        writer: &Writer<'_>,
        items: &[Item<'_>],
        has_base: bool,
    ) -> Result<Vec<File>, Box<Diagnostic>> {
        let folders = self.folders();
        let mut files = Vec::new();
        for (set, layer) in &self.by_set {
            let folder = &folders[set];
            let mut kustomization = match set.len() {
                1 => Kustomization::new(),
                _ => Kustomization::component(),
            };
            if let [at] = set[..] {
                if has_base {
                    kustomization.resources.push("../../base".to_owned());
                }
                kustomization.namespace =
                    self.namespaces.and_then(|each| each[at].map(str::to_owned));
                let shared = folders
                    .iter()
                    .filter(|(of, _)| of.len() > 1 && of.contains(&at));
                let shared = shared.map(|(_, folder)| folder.replace("kustomize/", "../../"));
                kustomization.components.extend(shared);
            }
            let parts = self.parts(set, layer, folder, writer, items, &mut kustomization)?;
            let is_empty =
                kustomization.resources.is_empty() && kustomization.components.is_empty();
            if set.len() == 1 && is_empty {
                continue;
            }
            files.push(writer.kustomization(folder, &kustomization)?);
            files.extend(parts);
        }
        Ok(files)
    }

    /// The files that the kustomization of a layer names.
    fn parts(
        &self,
        set: &Set,
        layer: &Layer,
        folder: &str,
        writer: &Writer<'_>,
        items: &[Item<'_>],
        kustomization: &mut Kustomization,
    ) -> Result<Vec<File>, Box<Diagnostic>> {
        let mut files = Vec::new();
        let environment = match set[..] {
            [at] => self.environments[at].name,
            _ => None,
        };
        for position in &layer.resources {
            let placed = items[*position].each[set[0]].as_ref();
            let placed = placed.expect("the environments of a resource have it");
            let file = writer.object(placed, folder, environment)?;
            kustomization
                .resources
                .push(file.path.file_name().to_owned());
            files.push(file);
        }
        kustomization
            .patches
            .extend(layer.label_patches.iter().cloned());
        for (position, changes) in &layer.patches {
            let item = &items[*position];
            let changed = item
                .changed()
                .expect("only objects of the base are patched");
            match patch::written(changed, changes)? {
                Written::InPlace(patch) => kustomization.patches.push(patch),
                Written::File { target, text } => {
                    let first = item.first();
                    let name = format!("patches/{}", first.file.path.file_name());
                    let text = format!("{}{text}", first_comment(first.file));
                    files.push(plain(path(&format!("{folder}/{name}"))?, text));
                    kustomization.patches.push(Patch {
                        path: Some(name),
                        target,
                        patch: None,
                    });
                }
            }
        }
        kustomization.labels.clone_from(&layer.labels);
        kustomization.replicas.clone_from(&layer.replicas);
        kustomization.images.clone_from(&layer.images);
        Ok(files)
    }

    /// The folder of each layer. Where two components would have one, the later has
    /// dots between the names, which names of environments do not have.
    fn folders(&self) -> BTreeMap<&Set, String> {
        let mut folders: BTreeMap<&Set, String> = BTreeMap::new();
        for set in self.by_set.keys() {
            let names = set.iter().filter_map(|at| self.environments[*at].name);
            let names: Vec<&str> = names.collect();
            let folder = match set.len() {
                1 => format!("kustomize/overlays/{}", names.concat()),
                _ => format!("kustomize/components/{}", names.join("-")),
            };
            let is_taken = folders.values().any(|taken| *taken == folder);
            folders.insert(
                set,
                match is_taken {
                    true => format!("kustomize/components/{}", names.join(".")),
                    false => folder,
                },
            );
        }
        folders
    }
}

/// Entries by the environments that have them, in the order of the first of these.
fn sets<T: Clone + Ord>(each: &[Vec<T>]) -> BTreeMap<Set, Vec<T>> {
    let mut by_entry: BTreeMap<&T, Set> = BTreeMap::new();
    for (at, entries) in each.iter().enumerate() {
        for entry in entries {
            by_entry.entry(entry).or_default().push(at);
        }
    }
    let mut found: BTreeMap<Set, Vec<T>> = BTreeMap::new();
    for entries in each {
        for entry in entries {
            if let Some(set) = by_entry.remove(entry) {
                found.entry(set).or_default().push(entry.clone());
            }
        }
    }
    found
}
