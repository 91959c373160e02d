//! What a chart is told: `helm_chart` asks for one beside the manifests,
//! `helm_config` says what it is called.

use kubewright_model::output::{Format, HelmChart, Output};
use kubewright_model::{Given, Located, Name};

use super::given::{given, is_off, text};
use super::told::Forms;
use crate::fields::{Fields, is_semantic_version};

/// Reads all of it.
pub(super) fn read(fields: &Fields<'_>, forms: Forms, output: &mut Output) {
    let switch = fields.get("helm_chart").filter(|at| !is_off(at.node));
    let is_asked = switch.and_then(|at| at.bool()).is_some_and(|on| on.value);
    if is_asked && forms == Forms::AsInput {
        if output.formats.is_empty() {
            output.formats.push(Located::nowhere(Format::Manifests));
        }
        output.formats.push(Located::nowhere(Format::Helm));
    }
    let config = given(fields, "helm_config").and_then(|at| at.fields("`helm_config`"));
    let mut chart = HelmChart {
        description: text(fields, "_project_description"),
        ..HelmChart::default()
    };
    if let Some(config) = &config {
        chart.name = given(config, "chart_name").and_then(|at| at.parse(Name::parse));
        chart.dir = text(config, "chart_dir");
        chart.version = version(config);
        chart.app_version = text(config, "app_version");
        chart.description = text(config, "description").or(chart.description);
        chart.env_values = given(config, "env_values").and_then(|at| at.bool());
        chart.helmignore = given(config, "helmignore").and_then(|at| at.bool());
    }
    if chart != HelmChart::default() {
        output.helm = Some(chart);
    }
    if let Some(config) = config {
        config.finish();
    }
}

/// A version that Helm takes.
fn version(config: &Fields<'_>) -> Given<String> {
    let found = text(config, "chart_version")?;
    if is_semantic_version(&found.value) {
        return Some(found);
    }
    let message = format!("`{}` is no version that Helm takes", found.value);
    given(config, "chart_version")?.bad(message, "write three numbers, as in `1.4.0`");
    None
}
