//! `POST /api/v1/preview`: a project is compiled and compared; nothing is written.

use std::sync::Arc;

use axum::extract::State;
use kubewright_disk::{Policy, WriteOptions};

use super::ask::{Ask, AskPolicy};
use super::{JsonAnswer, Shared, json};
use crate::blocking::{Gone, blocking};
use crate::body::JsonText;
use crate::problem::Problem;
use crate::project::Project;

/// Compiles a project and says what would become of every file, with its text.
/// Values of Secrets are hidden.
#[utoipa::path(post, path = "/api/v1/preview", tag = "v1",
    request_body = Ask,
    responses(
        (status = 200, description = "What would come of it", body = ref("#/components/schemas/Results")),
        (status = 400, description = "The request cannot be understood", body = Problem),
        (status = 422, description = "The project has errors, or the folder would refuse", body = Problem)))]
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    JsonText(text): JsonText,
) -> Result<JsonAnswer, Problem> {
    blocking(shared, move |project, gone| preview(project, &text, gone)).await?
}

fn preview(project: &Project, text: &str, gone: &Gone) -> Result<JsonAnswer, Problem> {
    let ask = Ask::read(text)?;
    let options = WriteOptions {
        policy: ask.policy.map_or(Policy::Update, AskPolicy::policy),
        prune: ask.prune,
        dry_run: true,
        ..WriteOptions::default()
    };
    let (request, environment) = ask.request(project)?;
    let output = ask.output_dir.as_deref();
    project.run(request, &environment, output, options, gone, |done| {
        json(&done.results.with_texts(done.tree, done.top))
    })
}
