//! Helm charts.
//!
//! <https://helm.sh/docs/topics/charts/>

use kubewright_source::SourceId;
use kubewright_yaml::{Limits, read_document};
use serde::Serialize;

use super::{LONGEST, string};
use crate::inside::Inside;
use crate::inventory::{Inventory, folder_of, name_of, within};

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    /// Its folder.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it says of itself.
    pub description: String,
    /// The version of what it installs.
    pub app_version: String,
    /// `application` or `library`.
    #[serde(rename = "type")]
    pub chart_type: String,
    /// Whether it has a `values.yaml`.
    pub has_values: bool,
    /// Whether it has templates.
    pub has_templates: bool,
    /// Whether charts lie in its folder `charts`, or it depends on some.
    pub has_subcharts: bool,
    /// Whether its dependencies are locked.
    pub has_lockfile: bool,
    /// Further files of values, `values-prod.yaml`, by path.
    pub values_files: Vec<String>,
}

impl Chart {
    /// The environments that its files of values are named for.
    pub fn environments(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.values_files.iter();
        files.filter_map(|path| Some((environment(name_of(path))?, path.as_str())))
    }
}

pub(super) fn charts(inventory: &Inventory, files: &Inside<'_>) -> Vec<Chart> {
    let paths = inventory.paths().filter(|path| {
        name_of(path) == "Chart.yaml" && !crate::module::is_example(folder_of(path))
    });
    paths
        .filter_map(|path| chart(path, inventory, files))
        .collect()
}

fn chart(path: &str, inventory: &Inventory, files: &Inside<'_>) -> Option<Chart> {
    let text = files.text(path, LONGEST)?;
    let node = read_document(&text, SourceId::NONE, &Limits::default()).ok()??;
    let get = |key: &str| string(&node, key).unwrap_or_default().to_owned();
    let folder = folder_of(path);
    let has = |name: &str| inventory.has(&within(folder, name));
    let below = |name: &str| inventory.below(&within(folder, name)).next().is_some();
    let here = inventory
        .below(folder)
        .filter(|path| folder_of(path) == folder);
    let chart_type = string(&node, "type").unwrap_or("application");
    let name = string(&node, "name")?.to_owned();
    Some(Chart {
        path: folder.to_owned(),
        name,
        version: get("version"),
        description: get("description"),
        app_version: get("appVersion"),
        chart_type: chart_type.to_owned(),
        has_values: has("values.yaml"),
        has_templates: below("templates"),
        has_subcharts: below("charts")
            || node.get("dependencies").is_some_and(|all| !all.is_null()),
        has_lockfile: has("Chart.lock"),
        values_files: here
            .filter(|path| environment(name_of(path)).is_some())
            .map(str::to_owned)
            .collect(),
    })
}

/// `prod` of `values-prod.yaml` and `values.prod.yaml`.
pub(crate) fn environment(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".yaml").or(name.strip_suffix(".yml"))?;
    let rest = stem.strip_prefix("values")?;
    let rest = rest.strip_prefix(['-', '.', '_'])?;
    (!rest.is_empty() && !rest.contains('.')).then_some(rest)
}
