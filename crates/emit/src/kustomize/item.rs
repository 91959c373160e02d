//! What becomes of an object: it is part of the base, or a resource of its own where
//! it exists.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use kubewright_difference::{Change, Id, Step, base, changes, matched};
use kubewright_files::File;
use kubewright_objects::{Body, Object};
use kubewright_source::Diagnostic;
use rayon::prelude::*;
use serde_json::Value;

use super::image::Images;
use super::kustomization::Target;
use crate::form::Environment;
use crate::tree::{self, Order};

/// One object, in each environment that has it.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) id: Id,
    pub(super) each: Vec<Option<Placed<'a>>>,
    pub(super) fate: Fate,
}

/// An object and its flat manifest.
#[derive(Clone, Debug)]
pub(super) struct Placed<'a> {
    pub(super) object: Cow<'a, Object>,
    pub(super) file: &'a File,
}

/// Where an object goes.
#[derive(Debug)]
pub(super) enum Fate {
    /// Into the base: it is the same in all environments.
    Same,
    /// Into the base, and environments change it.
    Changed(Box<Changed>),
    /// It is a resource of its own, the same one for the environments of each group.
    Own(Vec<Vec<usize>>),
}

/// What all environments start from, and what each makes of it.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) base: Value,
    pub(super) order: Order,
    /// By the positions of the environments.
    pub(super) each: Vec<Variant>,
    /// What a JSON patch of the object names it by.
    pub(super) target: Target,
    /// All environments have its `data` as it is here.
    pub(super) shares_data: bool,
}

/// What one environment makes of an object.
#[derive(Debug)]
pub(super) struct Variant {
    /// The images that it has.
    pub(super) images: Images,
    /// The changes that nothing else makes yet.
    pub(super) rest: Vec<Change>,
}

impl<'a> Item<'a> {
    /// The first of them.
    pub(super) fn first(&self) -> &Placed<'a> {
        let mut present = self.each.iter().flatten();
        present.next().expect("an object is in some environment")
    }

    pub(super) fn changed(&self) -> Option<&Changed> {
        match &self.fate {
            Fate::Changed(changed) => Some(changed),
            Fate::Same | Fate::Own(_) => None,
        }
    }

    pub(super) fn changed_mut(&mut self) -> Option<&mut Changed> {
        match &mut self.fate {
            Fate::Changed(changed) => Some(changed),
            Fate::Same | Fate::Own(_) => None,
        }
    }
}

/// All objects of all environments. `bare`: without their namespaces, which are said
/// elsewhere.
pub(super) fn all<'a>(
    environments: &[Environment<'a>],
    bare: bool,
) -> Result<Vec<Item<'a>>, Box<Diagnostic>> {
    let placed = environments
        .iter()
        .map(|environment| placed(environment, bare));
    let found = matched(placed.collect(), |placed| id(&placed.object));
    let names = Names::of(found.iter().map(|found| &found.id));
    let items = found.into_par_iter().map(|found| {
        let fate = fate(&found.id, &found.each, &names)?;
        Ok(Item {
            id: found.id,
            each: found.each,
            fate,
        })
    });
    items.collect()
}

fn placed<'a>(environment: &Environment<'a>, bare: bool) -> Vec<Placed<'a>> {
    let accounts = environment
        .objects
        .iter()
        .filter(|object| bare && is_account(object));
    let accounts: BTreeSet<&str> = accounts.map(Object::name).collect();
    let objects = environment.objects.iter().zip(environment.manifests);
    let placed = objects.map(|(object, file)| {
        let object = match bare && object.namespace().is_some() {
            true => Cow::Owned(without_namespace(object, &accounts)),
            false => Cow::Borrowed(object),
        };
        Placed { object, file }
    });
    placed.collect()
}

fn is_account(object: &Object) -> bool {
    matches!(object.body, Body::ServiceAccount(_))
}

/// The object as it stands where `namespace` says the rest. That follows from the
/// account to those who are bound to it, too.
fn without_namespace(object: &Object, accounts: &BTreeSet<&str>) -> Object {
    let mut object = object.clone();
    object.body.metadata_mut().namespace = None;
    if let Body::RoleBinding(binding) = &mut object.body {
        for subject in binding.subjects.iter_mut().flatten() {
            let is_ours = subject.kind == "ServiceAccount";
            if is_ours && accounts.contains(subject.name.as_str()) {
                subject.namespace = None;
            }
        }
    }
    object
}

fn id(object: &Object) -> Id {
    let version = object.body.api_version();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    Id {
        group: group.to_owned(),
        kind: object.body.kind().to_owned(),
        namespace: object.namespace().map(str::to_owned),
        name: object.name().to_owned(),
    }
}

fn fate(id: &Id, each: &[Option<Placed<'_>>], names: &Names) -> Result<Fate, Box<Diagnostic>> {
    let present: Vec<&Placed<'_>> = each.iter().flatten().collect();
    let is_everywhere = present.len() == each.len();
    let same = |placed: &&Placed<'_>| placed.object.body == present[0].object.body;
    if is_everywhere && present.iter().all(same) {
        return Ok(Fate::Same);
    }
    let is_sensitive = present.iter().any(|placed| placed.object.sensitive);
    let target = names.target(id);
    if is_everywhere
        && !is_sensitive
        && let Some(target) = target
        && let Some(changed) = changed(&present, target)?
    {
        return Ok(Fate::Changed(Box::new(changed)));
    }
    Ok(Fate::Own(groups(each, |a, b| {
        a.object.body == b.object.body
    })))
}

/// None where no patch can say it.
fn changed(present: &[&Placed<'_>], target: Target) -> Result<Option<Changed>, Box<Diagnostic>> {
    let trees: Vec<Value> = present
        .iter()
        .map(|placed| tree::of(&placed.object))
        .collect::<Result<_, _>>()?;
    let base = base(&trees.iter().collect::<Vec<_>>());
    let each = trees.iter().map(|tree| {
        let rest = changes(&base, tree);
        let images = Images::of(&base, &rest, tree);
        Variant { images, rest }
    });
    let each: Vec<Variant> = each.collect();
    let is_other =
        |change: &Change| matches!(&change.path[..], [Step::Key(key)] if key == "apiVersion");
    let may = !each.iter().flat_map(|each| &each.rest).any(is_other)
        && trees.iter().chain([&base]).all(is_exact);
    let data = base.get("data");
    let shares_data = trees.iter().all(|tree| tree.get("data") == data);
    Ok(may.then(|| Changed {
        order: Order::of(present.iter().map(|placed| placed.file.text.as_str())),
        base,
        each,
        target,
        shares_data,
    }))
}

/// Whether all numbers survive a JSON patch: Kustomize reads them as floating point.
fn is_exact(tree: &Value) -> bool {
    match tree {
        Value::Number(number) => number
            .as_i64()
            .is_none_or(|number| number.unsigned_abs() < 1 << 53),
        Value::Array(list) => list.iter().all(is_exact),
        Value::Object(map) => map.values().all(is_exact),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

/// The positions of those that are the same, in the order of the first of each group.
pub(super) fn groups<T>(each: &[Option<T>], same: impl Fn(&T, &T) -> bool) -> Vec<Vec<usize>> {
    let mut found: Vec<(&T, Vec<usize>)> = Vec::new();
    for (at, value) in each.iter().enumerate() {
        let Some(value) = value else {
            continue;
        };
        match found.iter_mut().find(|(first, _)| same(first, value)) {
            Some((_, group)) => group.push(at),
            None => found.push((value, vec![at])),
        }
    }
    found.into_iter().map(|(_, group)| group).collect()
}

/// The names of all objects, by kind.
struct Names {
    by_kind: BTreeMap<String, Vec<String>>,
}

impl Names {
    fn of<'i>(ids: impl Iterator<Item = &'i Id>) -> Self {
        let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for id in ids {
            let names = by_kind.entry(id.kind.clone()).or_default();
            names.push(id.name.clone());
        }
        for names in by_kind.values_mut() {
            names.sort_unstable();
        }
        Self { by_kind }
    }

    /// What only this object matches; none where nothing says it.
    fn target(&self, id: &Id) -> Option<Target> {
        let names = &self.by_kind[&id.kind];
        let first = names.partition_point(|name| *name < id.name);
        let is_alone = names.get(first + 1).is_none_or(|next| *next != id.name);
        if !is_alone && id.namespace.is_none() {
            return None;
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Some(Target {
            group: some(&id.group).filter(|_| !is_alone),
            kind: Some(id.kind.clone()),
            name: Some(self.pattern(id, names)),
            namespace: id.namespace.clone(),
            label_selector: None,
        })
    }

    /// The name as a regular expression. A dot is any character there, so it is
    /// escaped where that would be another object.
    fn pattern(&self, id: &Id, names: &[String]) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_:".contains(c);
        if id.name.chars().all(is_plain) {
            return id.name.clone();
        }
        let matches = |other: &String| {
            other.len() == id.name.len()
                && id
                    .name
                    .bytes()
                    .zip(other.bytes())
                    .all(|(a, b)| a == b'.' || a == b)
        };
        let others = names.iter().filter(|other| matches(other)).count();
        let is_known = id.name.chars().all(|c| is_plain(c) || c == '.');
        if is_known && others == 1 {
            return id.name.clone();
        }
        let mut pattern = String::new();
        for c in id.name.chars() {
            if !is_plain(c) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern
    }
}
