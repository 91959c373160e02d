//! What all objects of an app are labelled with: one helper for each app.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Chart;
use super::draft::{Draft, Workshop, Written, path};
use super::hole::{Hole, Holes, value};
use super::way::{map_at, map_in};

/// The label with the version of an app.
const VERSION: &str = "app.kubernetes.io/version";

/// The labels of all apps.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// The tag of the first image that has one.
    first: Option<String>,
    /// What the objects of each app share, with marks.
    shared: BTreeMap<String, Map<String, Value>>,
}

impl Labels {
    /// Lets the label with the version follow the tag of the image.
    pub(super) fn version(&mut self, draft: &mut Draft, shop: &mut Workshop<'_>) {
        let Some(app) = draft.app.clone() else {
            return;
        };
        let at = path(&[&app, "image", "tag"]);
        let Some(tags) = shop.values.each_of(&at) else {
            return;
        };
        if self.first.is_none() {
            let first = tags.iter().flatten().next().and_then(Value::as_str);
            self.first = first.filter(|tag| !tag.is_empty()).map(str::to_owned);
        }
        if tags.iter().flatten().all(|tag| tag == "") {
            return;
        }
        let tag = value(&at);
        let hole = match tags.iter().flatten().all(is_version) {
            true => Hole::Inline(Written::Text.action(&tag)),
            // Lowering labels with tags that begin as versions do.
            false => Hole::When {
                condition: format!("regexMatch \"^v?[0-9]\" (toString {tag})"),
                written: Written::Text.action(&tag),
            },
        };
        for way in WAYS {
            let pairs = || draft.each.iter().zip(&tags);
            let follows = pairs().all(|(tree, tag)| {
                let labels = tree.as_ref().and_then(|tree| map_in(tree, way));
                let Some(labels) = labels else {
                    return true;
                };
                // Without an image of its own an environment would get the tag of others.
                let Some(tag) = tag else {
                    return false;
                };
                labels.get(VERSION) == Some(tag).filter(|tag| is_version(tag))
            });
            if !follows {
                continue;
            }
            let mark = Value::String(shop.holes.mark(hole.clone()));
            for labels in draft
                .each
                .iter_mut()
                .flatten()
                .filter_map(|tree| map_at(tree, way))
            {
                labels.insert(VERSION.to_owned(), mark.clone());
            }
        }
    }

    /// The version of the first app that has one.
    pub(super) fn first_version(&self) -> Option<String> {
        self.first.clone()
    }

    /// Puts the helper in the place of the labels that the objects of an app share.
    pub(super) fn share(&mut self, drafts: &mut [Draft], chart: &Chart<'_>, holes: &mut Holes) {
        for draft in &*drafts {
            let Some(app) = &draft.app else { continue };
            if self.shared.contains_key(app) {
                continue;
            }
            let mut found: Option<Map<String, Value>> = None;
            for tree in draft.each.iter().flatten() {
                let labels = tree["metadata"]["labels"]
                    .as_object()
                    .cloned()
                    .unwrap_or_default();
                found = Some(match found {
                    None => labels,
                    Some(known) => known
                        .into_iter()
                        .filter(|(key, value)| labels.get(key) == Some(value))
                        .collect(),
                });
            }
            self.shared.insert(app.clone(), found.unwrap_or_default());
        }
        for draft in drafts {
            let Some(app) = draft.app.clone() else {
                continue;
            };
            let shared = &self.shared[&app];
            if shared.len() < 2 {
                continue;
            }
            let hole = Hole::Include {
                name: chart.helper(&format!("{app}.labels")),
            };
            for way in WAYS {
                let has_all = |tree: &Value| {
                    let labels = map_in(tree, way);
                    labels.is_none_or(|labels| {
                        shared
                            .iter()
                            .all(|(key, value)| labels.get(key) == Some(value))
                    })
                };
                if !draft.each.iter().flatten().all(has_all) {
                    continue;
                }
                for tree in draft.each.iter_mut().flatten() {
                    let Some(labels) = map_at(tree, way) else {
                        continue;
                    };
                    labels.retain(|key, _| !shared.contains_key(key));
                    holes.line(labels, hole.clone());
                }
            }
        }
    }

    /// The helpers.
    pub(super) fn helpers(&self, chart: &Chart<'_>, holes: &Holes) -> String {
        let mut text = String::new();
        for (app, labels) in &self.shared {
            if labels.len() < 2 {
                continue;
            }
            let order = |_: &str, key: &str| u32::from(key != "app");
            let yaml = kubewright_yaml::to_string(labels, &order).unwrap_or_default();
            let name = chart.helper(&format!("{app}.labels"));
            let lines = holes.filled(&yaml);
            text.push_str(&format!(
                "\n{{{{- define \"{name}\" -}}}}\n{lines}{{{{- end }}}}\n"
            ));
        }
        text
    }
}

/// Where objects have labels.
const WAYS: &[&[&str]] = &[
    &["metadata", "labels"],
    &["spec", "template", "metadata", "labels"],
    &[
        "spec",
        "jobTemplate",
        "spec",
        "template",
        "metadata",
        "labels",
    ],
];

/// Whether a tag begins as a version does.
fn is_version(tag: &Value) -> bool {
    let tag = tag.as_str().unwrap_or_default();
    let digits = tag.strip_prefix('v').unwrap_or(tag);
    digits.starts_with(|c: char| c.is_ascii_digit())
}
