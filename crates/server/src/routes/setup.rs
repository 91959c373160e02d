//! `POST /api/wizard/setup`: the original wizard's last step.

use std::sync::Arc;

use axum::extract::State;
use kubewright_read::fields::shown;
use serde::Deserialize;
use serde_json::Value;

use super::from_state::{Written, from_state};
use super::{JsonAnswer, Shared};
use crate::body::JsonText;
use crate::problem::Problem;

/// What is wanted of a setup; the rest is the state itself.
#[derive(Deserialize)]
struct Wanted {
    action: Option<Value>,
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
    let wanted: Wanted = serde_json::from_str(&state).map_err(|error| {
        Problem::bad(
            "bad-request",
            format!("the body is not a state in JSON: {error}"),
            "send the state as the wizard collects it, an object",
        )
    })?;
    check(wanted.action.as_ref())?;
    from_state(shared, state).await
}

fn check(action: Option<&Value>) -> Result<(), Problem> {
    match action {
        Some(action) if action == "setup_k8s" => Ok(()),
        Some(other) => Err(Problem::bad(
            "unknown-action",
            format!("`action` is {}", shown(&other.to_string())),
            "this server knows `setup_k8s`",
        )),
        None => Err(Problem::bad(
            "unknown-action",
            "`action` is missing",
            "send `\"action\": \"setup_k8s\"` beside the state",
        )),
    }
}
