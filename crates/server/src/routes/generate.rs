//! `POST /api/v1/generate`: a project is compiled and written.

use std::sync::Arc;

use axum::extract::State;
use kubewright_disk::{Policy, WriteOptions};

use super::ask::{Ask, AskPolicy};
use super::{JsonAnswer, Shared, json};
use crate::blocking::{Gone, blocking};
use crate::body::JsonText;
use crate::problem::Problem;
use crate::project::Project;

/// Compiles a project and writes its files, as `kubewright generate` does.
#[utoipa::path(post, path = "/api/v1/generate", tag = "v1",
    request_body = Ask,
    responses(
        (status = 200, description = "What came of it", body = ref("#/components/schemas/Results")),
        (status = 400, description = "The request cannot be understood", body = Problem),
        (status = 422, description = "The project has errors, or the folder refused", body = Problem)))]
pub(crate) async fn write(
    State(shared): State<Arc<Shared>>,
    JsonText(text): JsonText,
) -> Result<JsonAnswer, Problem> {
    blocking(shared, move |project, gone| generate(project, &text, gone)).await?
}

fn generate(project: &Project, text: &str, gone: &Gone) -> Result<JsonAnswer, Problem> {
    let ask = Ask::read(text)?;
    let options = WriteOptions {
        policy: ask.policy.map_or(Policy::Update, AskPolicy::policy),
        prune: ask.prune,
        ..WriteOptions::default()
    };
    let (request, environment) = ask.request(project)?;
    let output = ask.output_dir.as_deref();
    project.run(request, &environment, output, options, gone, |done| {
        json(&done.results)
    })
}
