//! `POST /api/k8s/generate/from-state`: the wizard's state becomes files.

use std::sync::Arc;

use axum::extract::State;
use kubewright_disk::{Policy, Status, WriteOptions};
use kubewright_read::Environment;
use kubewright_run::Results;
use serde::Serialize;
use utoipa::ToSchema;

use super::{JsonAnswer, Shared, json};
use crate::blocking::{Gone, blocking};
use crate::body::JsonText;
use crate::problem::Problem;
use crate::project::{Done, Project};

/// What was written, in the original wizard's words.
#[derive(Serialize, ToSchema)]
pub(crate) struct Written<'r> {
    /// `true`.
    #[schema(example = true)]
    ok: bool,
    /// What happened, in one sentence.
    message: String,
    /// Every file of the state, relative to the project's folder.
    files: Vec<String>,
    /// Those that were written now.
    files_created: Vec<String>,
    /// Those that were there already, and were kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files_skipped: Vec<String>,
    /// The same in full, with diagnostics and the plan for the vault.
    #[schema(value_type = Object)]
    results: Results<'r>,
}

/// Writes the manifests of a wizard's state into the project. Files that are there
/// are kept.
#[utoipa::path(post, path = "/api/k8s/generate/from-state", tag = "wizard",
    request_body(content = Object, description = "The wizard's state"),
    responses(
        (status = 200, description = "Files were written or kept", body = Written),
        (status = 400, description = "The state has errors; nothing was written", body = Problem)))]
pub(crate) async fn write(
    State(shared): State<Arc<Shared>>,
    JsonText(state): JsonText,
) -> Result<JsonAnswer, Problem> {
    from_state(shared, state).await
}

/// Writes a state, for every call that does.
pub(super) async fn from_state(shared: Arc<Shared>, state: String) -> Result<JsonAnswer, Problem> {
    let written = blocking(shared, move |project, gone| generate(project, state, gone)).await?;
    written.map_err(Problem::into_original)
}

fn generate(project: &Project, state: String, gone: &Gone) -> Result<JsonAnswer, Problem> {
    let request = project.request_for_state(state);
    let options = WriteOptions {
        policy: Policy::Skip,
        ..WriteOptions::default()
    };
    let variables = Environment::default();
    project.run(request, &variables, None, options, gone, |done| {
        json(&written(done))
    })
}

fn written(done: Done<'_>) -> Written<'_> {
    let files = |wanted: fn(Status) -> bool| {
        let files = done.summary.files.iter();
        let files = files.filter(|file| wanted(file.status));
        let paths = files.map(|file| done.target.file(&file.path));
        paths.collect::<Vec<_>>()
    };
    let created = files(|status| status == Status::Created);
    let skipped = files(|status| status == Status::Kept);
    let mut message = format!("Kubernetes manifests generated ({} files)", created.len());
    if !skipped.is_empty() {
        message.push_str(&format!(", {} skipped (already exist)", skipped.len()));
    }
    Written {
        ok: true,
        message,
        files: files(|status| matches!(status, Status::Created | Status::Kept)),
        files_created: created,
        files_skipped: skipped,
        results: done.results,
    }
}
