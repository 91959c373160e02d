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
    let apps = apps(items, at);
    let mut of_all: BTreeMap<bool, BTreeMap<String, String>> = BTreeMap::new();
    let mut of_apps: BTreeMap<BTreeSet<String>, Vec<Pair>> = BTreeMap::new();
    for (pair, getting) in changed(items, at) {
        if has_all(items, at, &pair) {
            let templates = templates_have_all(items, at, &pair);
            drop_changes(items, 0..items.len(), at, &pair, templates);
            let pairs = of_all.entry(templates).or_default();
            pairs.insert(pair.0, pair.1);
            continue;
        }
        let own = getting_all(items, at, &pair, &getting, &apps);
        let is_of =
            |position: &usize| name(items, *position, at).is_some_and(|name| own.contains(name));
        let touched: Vec<usize> = getting.into_iter().filter(is_of).collect();
        if touched.len() > 1 {
            drop_changes(items, touched, at, &pair, false);
            of_apps.entry(own).or_default().push(pair);
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

/// The labels that more than one object gets, with the positions of these.
fn changed(items: &[Item<'_>], at: usize) -> Vec<(Pair, Vec<usize>)> {
    let mut found: BTreeMap<Pair, Vec<usize>> = BTreeMap::new();
    for (position, item) in items.iter().enumerate() {
        let rest = item.changed().map(|changed| &changed.each[at].rest);
        for (key, value) in rest.into_iter().flatten().filter_map(own) {
            let pair = (key.to_owned(), value.to_owned());
            found.entry(pair).or_default().push(position);
        }
    }
    // By their names objects are found before they are changed.
    let several = found
        .into_iter()
        .filter(|((key, _), getting)| getting.len() > 1 && key != NAME);
    several.collect()
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

/// The positions of the objects of each app.
fn apps(items: &[Item<'_>], at: usize) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for position in 0..items.len() {
        if let Some(name) = name(items, position, at) {
            found.entry(name.to_owned()).or_default().push(position);
        }
    }
    found
}

/// The name of the app that an object belongs to.
fn name<'i>(items: &'i [Item<'_>], position: usize, at: usize) -> Option<&'i str> {
    label(&items[position].each[at].as_ref()?.object, NAME)
}

/// The apps that get the label, and all of whose objects have it then.
fn getting_all(
    items: &[Item<'_>],
    at: usize,
    (key, value): &Pair,
    getting: &[usize],
    apps: &BTreeMap<String, Vec<usize>>,
) -> BTreeSet<String> {
    let has = |position: &usize| {
        let placed = items[*position].each[at].as_ref();
        placed.is_some_and(|placed| label(&placed.object, key) == Some(value))
    };
    let names = getting
        .iter()
        .filter_map(|position| name(items, *position, at));
    let own = names.filter(|name| apps[*name].iter().all(has));
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

/// Takes the changes of some items away that are said elsewhere.
fn drop_changes(
    items: &mut [Item<'_>],
    positions: impl IntoIterator<Item = usize>,
    at: usize,
    pair: &Pair,
    templates: bool,
) {
    for position in positions {
        let item = &mut items[position];
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
