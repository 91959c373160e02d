//! Labels that an environment gives many objects at once, above all the version.
//!
//! `labels` where every object has it; else one patch for the objects of some apps.

use std::collections::{BTreeMap, BTreeSet};

use kubewright_difference::{Change, Edit, Step, pointer};
use kubewright_objects::{Body, Object};
use kubewright_source::Diagnostic;
use serde_json::{Value, json};

use super::item::Item;
use super::kustomization::{Labels, Patch, Target};
use crate::tree;

/// By which an app's objects are found.
const NAME: &str = "app.kubernetes.io/name";

/// A label.
type Pair = (String, String);

/// What gives the objects of one environment their labels.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) labels: Vec<Labels>,
    pub(super) patches: Vec<Patch>,
}

/// Takes labels out of the changes of the environment at a position, where one field
/// or one patch says them for several objects.
pub(super) fn take(items: &mut [Item<'_>], at: usize) -> Result<Given, Box<Diagnostic>> {
    let mut of_all: BTreeMap<bool, BTreeMap<String, String>> = BTreeMap::new();
    let mut of_apps: BTreeMap<BTreeSet<String>, Vec<Pair>> = BTreeMap::new();
    for pair in changed(items, at) {
        if has_all(items, at, &pair) {
            let templates = templates_have_all(items, at, &pair);
            drop_changes(items, at, &pair, templates, |_| true);
            let pairs = of_all.entry(templates).or_default();
            pairs.insert(pair.0, pair.1);
            continue;
        }
        let apps = apps(items, at, &pair);
        let is_of = |object: &Object| label(object, NAME).is_some_and(|name| apps.contains(name));
        let touched = items.iter().filter(|item| {
            let own = item.each[at].as_ref().is_some_and(|own| is_of(&own.object));
            own && has_change(item, at, &pair)
        });
        if touched.count() > 1 {
            drop_changes(items, at, &pair, false, is_of);
            of_apps.entry(apps).or_default().push(pair);
        }
    }
    let labels = of_all.into_iter().map(|(include_templates, pairs)| Labels {
        pairs,
        include_templates,
    });
    let patches = of_apps.iter().map(|(apps, pairs)| patch(apps, pairs));
    Ok(Given {
        labels: labels.collect(),
        patches: patches.collect::<Result<_, _>>()?,
    })
}

/// The labels that more than one object gets.
fn changed(items: &[Item<'_>], at: usize) -> Vec<Pair> {
    let mut found: BTreeMap<Pair, usize> = BTreeMap::new();
    let changes = items
        .iter()
        .filter_map(|item| Some(&item.changed()?.each[at]));
    for change in changes.flat_map(|each| &each.rest) {
        if let Some((key, value)) = own(change) {
            *found.entry((key.to_owned(), value.to_owned())).or_default() += 1;
        }
    }
    // By their names objects are found before they are changed.
    let several = found
        .into_iter()
        .filter(|((key, _), times)| *times > 1 && key != NAME);
    several.map(|(pair, _)| pair).collect()
}

/// The label that a change gives the object itself.
fn own(change: &Change) -> Option<(&str, &str)> {
    let [Step::Key(metadata), Step::Key(labels), Step::Key(key)] = &change.path[..] else {
        return None;
    };
    let is_label = metadata == "metadata" && labels == "labels";
    Some((key.as_str(), given(change)?)).filter(|_| is_label)
}

fn given(change: &Change) -> Option<&str> {
    match &change.edit {
        Edit::Add(value) | Edit::Replace(value) => value.as_str(),
        Edit::Remove => None,
    }
}

fn has_change(item: &Item<'_>, at: usize, pair: &Pair) -> bool {
    let rest = item.changed().map(|changed| &changed.each[at].rest);
    let is_it = |change: &Change| own(change) == Some((pair.0.as_str(), pair.1.as_str()));
    rest.is_some_and(|rest| rest.iter().any(is_it))
}

fn label<'o>(object: &'o Object, key: &str) -> Option<&'o str> {
    let labels = object.body.metadata().labels.as_ref()?;
    labels.get(key).map(String::as_str)
}

fn objects<'i>(items: &'i [Item<'_>], at: usize) -> impl Iterator<Item = &'i Object> {
    let each = items.iter().filter_map(move |item| item.each[at].as_ref());
    each.map(|placed| &*placed.object)
}

fn has_all(items: &[Item<'_>], at: usize, (key, value): &Pair) -> bool {
    objects(items, at).all(|object| label(object, key) == Some(value))
}

/// The apps that get the label, and all of whose objects have it then.
fn apps(items: &[Item<'_>], at: usize, pair: &Pair) -> BTreeSet<String> {
    let (key, value) = pair;
    let named = || objects(items, at).filter_map(|object| Some((label(object, NAME)?, object)));
    let others: BTreeSet<&str> = named()
        .filter(|(_, object)| label(object, key) != Some(value))
        .map(|(name, _)| name)
        .collect();
    let getting = items.iter().filter(|item| has_change(item, at, pair));
    let getting = getting.filter_map(|item| label(&item.each[at].as_ref()?.object, NAME));
    let own = getting.filter(|name| !others.contains(name));
    own.map(str::to_owned).collect()
}

/// Whether all labels of templates that `includeTemplates` would write have it.
fn templates_have_all(items: &[Item<'_>], at: usize, (key, value): &Pair) -> bool {
    objects(items, at).all(|object| {
        let tree = match &object.body {
            Body::Deployment(_)
            | Body::DaemonSet(_)
            | Body::StatefulSet(_)
            | Body::Job(_)
            | Body::CronJob(_)
            | Body::Untyped(_) => tree::of(object),
            _ => return true,
        };
        let Ok(tree) = tree else {
            return false;
        };
        let kind = object.body.kind();
        templates(kind).iter().all(|path| {
            let holders = holders(&tree, path);
            holders.iter().all(|holder| {
                let found = holder
                    .pointer("/metadata/labels")
                    .and_then(|map| map.get(key));
                found.and_then(Value::as_str) == Some(value)
            })
        })
    })
}

/// Where `includeTemplates` writes, beside the object's own labels. `*`: all items.
fn templates(kind: &str) -> &'static [&'static [&'static str]] {
    match kind {
        "DaemonSet" | "Deployment" | "Job" | "ReplicaSet" | "ReplicationController" => {
            &[&["spec", "template"]]
        }
        "StatefulSet" => &[
            &["spec", "template"],
            &["spec", "volumeClaimTemplates", "*"],
        ],
        "CronJob" => &[
            &["spec", "jobTemplate"],
            &["spec", "jobTemplate", "spec", "template"],
        ],
        _ => &[],
    }
}

fn holders<'t>(tree: &'t Value, path: &[&str]) -> Vec<&'t Value> {
    let mut at = vec![tree];
    for step in path {
        at = match *step {
            "*" => at
                .into_iter()
                .filter_map(Value::as_array)
                .flatten()
                .collect(),
            key => at.into_iter().filter_map(|tree| tree.get(key)).collect(),
        };
    }
    at
}

/// Takes the changes away that are said elsewhere.
fn drop_changes(
    items: &mut [Item<'_>],
    at: usize,
    pair: &Pair,
    templates: bool,
    is_meant: impl Fn(&Object) -> bool,
) {
    for item in items {
        let meant = item.each[at].as_ref();
        if !meant.is_some_and(|placed| is_meant(&placed.object)) {
            continue;
        }
        let kind = item.id.kind.clone();
        if let Some(changed) = item.changed_mut() {
            let said = |change: &Change| {
                let own = own(change) == Some((pair.0.as_str(), pair.1.as_str()));
                own || (templates && is_in_template(&kind, change, pair))
            };
            changed.each[at].rest.retain(|change| !said(change));
        }
    }
}

fn is_in_template(kind: &str, change: &Change, (key, value): &Pair) -> bool {
    let steps = change.path.iter().map(|step| match step {
        Step::Key(key) => key.as_str(),
        Step::Item { .. } => "*",
    });
    let steps: Vec<&str> = steps.collect();
    let Some(holder) = steps.strip_suffix(&["metadata", "labels", key.as_str()]) else {
        return false;
    };
    given(change) == Some(value) && templates(kind).contains(&holder)
}

fn patch(apps: &BTreeSet<String>, pairs: &[Pair]) -> Result<Patch, Box<Diagnostic>> {
    let apps: Vec<&str> = apps.iter().map(String::as_str).collect();
    let selector = match apps[..] {
        [app] => format!("{NAME}={app}"),
        _ => format!("{NAME} in ({})", apps.join(",")),
    };
    let operations = pairs.iter().map(|(key, value)| {
        let path = ["metadata", "labels", key].map(|key| Step::Key(key.to_owned()));
        json!({"op": "add", "path": pointer(&path), "value": value})
    });
    let mut text = String::new();
    tree::write(&mut text, &operations.collect::<Vec<Value>>())?;
    Ok(Patch {
        target: Some(Target {
            label_selector: Some(selector),
            ..Target::default()
        }),
        patch: Some(text),
        path: None,
    })
}
