//! `GET /api/wizard/detect` and its neighbours: what lies in the folder, in the
//! original's words and as `kubewright init --print --json` says it.
//!
//! Nothing is kept from call to call, so `?bust=1` asks for what happens anyway.

use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::State;
use kubewright_detect::wizard::{env_namespaces, k8s_status, wizard};
use kubewright_detect::{Tools, detect};
use serde_json::{Value, json};

use super::{JsonAnswer, Shared, json as answer, json_text};
use crate::blocking::blocking;
use crate::problem::Problem;

/// What lies in the folder.
#[utoipa::path(get, path = "/api/v1/detect", tag = "v1",
    responses((status = 200, description = "As `/api/v1/schema/detection` describes it", body = Object)))]
pub(crate) async fn show(State(shared): State<Arc<Shared>>) -> Result<JsonAnswer, Problem> {
    blocking(shared, |project, _| answer(&detect(&project.root))).await
}

/// The JSON Schema of what is detected.
#[utoipa::path(get, path = "/api/v1/schema/detection", tag = "v1",
    responses((status = 200, description = "JSON Schema 2020-12", body = Object)))]
pub(crate) async fn schema() -> JsonAnswer {
    json_text(kubewright_detect::SCHEMA.to_owned())
}

/// What lies in the folder, as the wizard's first page shows it.
#[utoipa::path(get, path = "/api/wizard/detect", tag = "wizard",
    params(("bust" = Option<String>, Query, description = "Nothing is kept: every call looks anew")),
    responses((status = 200, description = "What there is", body = Object)))]
pub(crate) async fn original(State(shared): State<Arc<Shared>>) -> Result<JsonAnswer, Problem> {
    dated(shared, wizard).await
}

/// What there is of Kubernetes in the folder.
#[utoipa::path(get, path = "/api/k8s/status", tag = "wizard",
    params(("bust" = Option<String>, Query, description = "Nothing is kept: every call looks anew")),
    responses((status = 200, description = "What there is", body = Object)))]
pub(crate) async fn kubernetes(State(shared): State<Arc<Shared>>) -> Result<JsonAnswer, Problem> {
    dated(shared, k8s_status).await
}

/// The environments, and the namespace of each.
#[utoipa::path(get, path = "/api/k8s/env-namespaces", tag = "wizard",
    responses((status = 200, description = "The environments", body = Object)))]
pub(crate) async fn namespaces(State(shared): State<Arc<Shared>>) -> Result<JsonAnswer, Problem> {
    blocking(shared, |project, _| {
        answer(&env_namespaces(&detect(&project.root)))
    })
    .await
}

/// What is found in the original's shape, and when that was.
async fn dated(
    shared: Arc<Shared>,
    shape: fn(&kubewright_detect::Detection, &Tools) -> Value,
) -> Result<JsonAnswer, Problem> {
    blocking(shared, move |project, _| {
        let tools = Tools::on_path(&std::env::var_os("PATH").unwrap_or_default());
        let mut found = shape(&detect(&project.root), &tools);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        found["_cache"] = json!({"computed_at": now.unwrap_or_default().as_secs()});
        answer(&found)
    })
    .await
}
