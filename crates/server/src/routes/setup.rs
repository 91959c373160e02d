//! `POST /api/wizard/setup`: the original wizard's last step.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;

use super::from_state::{Written, from_state};
use super::{JsonAnswer, Shared};
use crate::body::JsonText;
use crate::problem::Problem;

/// What is wanted of a setup; the rest is the state itself.
#[derive(Deserialize)]
struct Wanted {
    action: Option<String>,
}

/// Writes the manifests of a wizard's state, under `action: setup_k8s`. Files that
/// are there are kept.
#[utoipa::path(post, path = "/api/wizard/setup", tag = "wizard",
    request_body(content = Object, description = "The wizard's state, with `action`"),
    responses(
        (status = 200, description = "Files were written or kept", body = Written),
        (status = 400, description = "Another action, or the state has errors", body = Problem)))]
pub(crate) async fn write(
    State(shared): State<Arc<Shared>>,
    JsonText(state): JsonText,
) -> Result<JsonAnswer, Problem> {
    // What is no JSON is reported with its place by whoever reads the state.
    if let Ok(wanted) = serde_json::from_str::<Wanted>(&state) {
        check(wanted.action.as_deref())?;
    }
    from_state(shared, state).await
}

fn check(action: Option<&str>) -> Result<(), Problem> {
    match action {
        Some("setup_k8s") => Ok(()),
        Some(other) => Err(Problem::bad(
            "unknown-action",
            format!("`action` is `{other}`"),
            "this server knows `setup_k8s`",
        )),
        None => Err(Problem::bad(
            "unknown-action",
            "`action` is missing",
            "send `\"action\": \"setup_k8s\"` beside the state",
        )),
    }
}
