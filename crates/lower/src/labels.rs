//! Labels of all objects.
//!
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/>

use std::collections::BTreeMap;

use kubewright_model::value::LabelValue;
use kubewright_model::{App, Project};

/// The label that has the name of the project.
pub(crate) const PART_OF: &str = "app.kubernetes.io/part-of";

/// The label that selectors select by. It never changes.
pub(crate) const APP: &str = "app";

/// The labels of an app's objects and pods.
pub(crate) fn of_app(project: &Project, app: &App) -> BTreeMap<String, String> {
    let name = app.name.value.as_str();
    let mut labels = of_project(project);
    labels.insert(APP.to_owned(), selected(app).to_owned());
    labels.insert("app.kubernetes.io/name".to_owned(), name.to_owned());
    if let Some(version) = version(app) {
        labels.insert("app.kubernetes.io/version".to_owned(), version.to_owned());
    }
    for (key, value) in &app.labels {
        labels
            .entry(key.as_str().to_owned())
            .or_insert_with(|| value.value.as_str().to_owned());
    }
    labels
}

/// What selectors of an app look for: its own label of that key, else its name.
pub(crate) fn selected(app: &App) -> &str {
    let mut own = app.labels.iter();
    let own = own.find(|(key, _)| key.as_str() == APP);
    own.map_or(app.name.value.as_str(), |(_, value)| value.value.as_str())
}

/// The labels of objects that belong to no single app.
pub(crate) fn of_project(project: &Project) -> BTreeMap<String, String> {
    BTreeMap::from([
        (PART_OF.to_owned(), project.name.value.as_str().to_owned()),
        (
            "app.kubernetes.io/managed-by".to_owned(),
            "kubewright".to_owned(),
        ),
    ])
}

/// The tag of the main image, where it says a version: `1.4.2`, `v2`, `17-alpine`.
fn version(app: &App) -> Option<&str> {
    let tag = app.main.image_reference()?.tag()?;
    let digits = tag.strip_prefix('v').unwrap_or(tag);
    let is_version = digits.starts_with(|c: char| c.is_ascii_digit());
    (is_version && LabelValue::parse(tag).is_ok()).then_some(tag)
}
