//! How the objects of two environments differ, field by field, for people.

use std::collections::BTreeMap;

use kubewright_difference::{Change, Edit, Id, Step, apply, changes, matched};
use kubewright_objects::Object;
use kubewright_source::Diagnostic;
use kubewright_yaml::write_into;
use serde_json::Value;

use crate::key_order::Expert;
use crate::tree;

/// An object that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Its position on each side; none where it is not there.
    pub at: [Option<usize>; 2],
    /// What differs in it, where both sides have it.
    pub fields: Vec<Field>,
}

/// A field with two values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// `spec.template.spec.containers[web].image`.
    pub path: String,
    /// Its value on each side, as YAML; none where it is not there.
    pub values: [Option<String>; 2],
}

/// What differs, in the order of the first side. Objects are one by group, kind,
/// namespace and name; the namespace that most objects of a side are in counts as the
/// same on both. Items of lists are matched by their merge keys.
///
/// # Errors
/// Where an object makes no tree, which none of ours does.
pub fn between(sides: [&[Object]; 2]) -> Result<Vec<Differing>, Box<Diagnostic>> {
    let mut trees = Vec::new();
    for objects in sides {
        let usual = usual_namespace(objects);
        let objects = objects.iter().enumerate();
        let of_side = objects.map(|(at, object)| {
            let tree = tree::of(object)?;
            let mut id = Id::of(&tree);
            id.namespace = id.namespace.filter(|own| Some(own.as_str()) != usual);
            Ok((at, id, tree))
        });
        trees.push(of_side.collect::<Result<Vec<_>, Box<Diagnostic>>>()?);
    }
    let found = matched(trees, |(_, id, _)| id.clone());
    let mut differing = Vec::new();
    for object in &found {
        let [one, two] = object.each.as_slice() else {
            continue;
        };
        let fields = match (one, two) {
            (Some((_, _, one)), Some((_, _, two))) if one == two => continue,
            (Some((_, _, one)), Some((_, _, two))) => fields(one, two)?,
            (_, _) => Vec::new(),
        };
        let at = [one, two].map(|side| side.as_ref().map(|(at, ..)| *at));
        differing.push(Differing { at, fields });
    }
    Ok(differing)
}

fn usual_namespace(objects: &[Object]) -> Option<&str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for namespace in objects.iter().filter_map(Object::namespace) {
        *counts.entry(namespace).or_default() += 1;
    }
    let usual = counts.into_iter().max_by_key(|(_, count)| *count);
    usual.map(|(namespace, _)| namespace)
}

fn fields(one: &Value, two: &Value) -> Result<Vec<Field>, Box<Diagnostic>> {
    let mut tree = one.clone();
    let mut fields = Vec::new();
    for change in changes(one, two) {
        let before = match change.edit {
            Edit::Add(_) => None,
            Edit::Replace(_) | Edit::Remove => found(&tree, &change.path),
        };
        let before = before.map(text).transpose()?;
        let after = match &change.edit {
            Edit::Add(value) | Edit::Replace(value) => Some(text(value)?),
            Edit::Remove => None,
        };
        fields.push(Field {
            path: shown(&change.path),
            values: [before, after],
        });
        apply(&mut tree, std::slice::from_ref::<Change>(&change));
    }
    Ok(fields)
}

fn found<'t>(tree: &'t Value, path: &[Step]) -> Option<&'t Value> {
    path.iter().try_fold(tree, |at, step| match step {
        Step::Key(key) => at.get(key),
        Step::Item { at: place, .. } => at.get(place),
    })
}

fn text(value: &Value) -> Result<String, Box<Diagnostic>> {
    let mut text = String::new();
    write_into(&mut text, value, &Expert)
        .map_err(|error| tree::unwritable("a field", &error.to_string()))?;
    Ok(text)
}

/// `a.b[item]`; a key with a character that paths use stands in brackets.
fn shown(path: &[Step]) -> String {
    path.iter().fold(String::new(), |path, step| match step {
        Step::Key(key) if key.contains(['.', '[', ']', '/']) => format!("{path}[{key}]"),
        Step::Key(key) if path.is_empty() => key.clone(),
        Step::Key(key) => format!("{path}.{key}"),
        Step::Item { identity, .. } => format!("{path}[{identity}]"),
    })
}
