//! `POST /api/k8s/generate/wizard`: resources as the original wizard's generator
//! takes them become the texts of files. Nothing is written.

use std::sync::Arc;

use axum::extract::State;
use kubewright_files::File;
use kubewright_read::Environment;
use kubewright_source::{Diagnostic, Severity};
use serde::Serialize;
use utoipa::ToSchema;

use super::{JsonAnswer, Shared, json};
use crate::blocking::{Gone, blocking};
use crate::body::JsonText;
use crate::problem::Problem;
use crate::project::{Project, folder};

/// What would be written.
#[derive(Serialize, ToSchema)]
pub(crate) struct Generated<'r> {
    /// `true`.
    #[schema(example = true)]
    ok: bool,
    /// The files.
    files: Vec<GeneratedFile<'r>>,
    /// What may not work as it should.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<&'r str>,
}

/// A file that would be written.
#[derive(Serialize, ToSchema)]
pub(crate) struct GeneratedFile<'r> {
    /// Relative to the project's folder.
    path: String,
    /// Its text.
    content: &'r str,
    /// `false`: a file that is there would be kept.
    #[schema(example = false)]
    overwrite: bool,
    /// What it is for.
    reason: String,
}

/// The manifests of a list of resources, written nowhere.
#[utoipa::path(post, path = "/api/k8s/generate/wizard", tag = "wizard",
    request_body(content = Object, description = "`{resources: [{kind, name, namespace, output_dir, spec}]}`"),
    responses(
        (status = 200, description = "The files", body = Generated),
        (status = 400, description = "The resources have errors", body = Problem)))]
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    JsonText(text): JsonText,
) -> Result<JsonAnswer, Problem> {
    let shown = blocking(shared, move |project, gone| generate(project, text, gone)).await?;
    shown.map_err(Problem::into_original)
}

fn generate(project: &Project, text: String, gone: &Gone) -> Result<JsonAnswer, Problem> {
    let request = project.request_of_the_wizard("resources.json", text);
    let compiled = project.compile(&request, &Environment::default(), gone)?;
    let folder = folder(compiled.output.as_deref().unwrap_or("k8s"))?;
    let manifests = compiled.tree.files().iter();
    let manifests = manifests.map(|file| generated(format!("{folder}/{}", file.path), file));
    let top = compiled.top.files().iter();
    let top = top.map(|file| generated(file.path.to_string(), file));
    let warnings = compiled.diagnostics.iter();
    let warnings = warnings.filter(|found| found.severity == Severity::Warning);
    Ok(json(&Generated {
        ok: true,
        files: manifests.chain(top).collect(),
        warnings: warnings.map(|found: &Diagnostic| &*found.message).collect(),
    }))
}

fn generated(path: String, file: &File) -> GeneratedFile<'_> {
    let objects = file.objects.iter();
    let objects: Vec<String> = objects
        .map(|object| format!("{} {}", object.kind, object.name))
        .collect();
    GeneratedFile {
        path,
        content: &file.text,
        overwrite: false,
        reason: objects.join(", "),
    }
}
