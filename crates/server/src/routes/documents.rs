//! What describes the API: its OpenAPI document, the schema of results, the version.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::{JsonAnswer, json_text};

/// The kubewright that serves.
#[derive(Serialize, ToSchema)]
pub(crate) struct Version {
    /// The version of kubewright.
    #[schema(value_type = String)]
    version: &'static str,
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "v1",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(crate) async fn openapi() -> JsonAnswer {
    json_text(crate::openapi())
}

/// The JSON Schema of results.
#[utoipa::path(get, path = "/api/v1/schema/results", tag = "v1",
    responses((status = 200, description = "JSON Schema 2020-12", body = Object)))]
pub(crate) async fn results() -> JsonAnswer {
    json_text(kubewright_run::SCHEMA.to_owned())
}

/// The version of kubewright.
#[utoipa::path(get, path = "/api/v1/version", tag = "v1",
    responses((status = 200, description = "The version", body = Version)))]
pub(crate) async fn version() -> Json<Version> {
    Json(Version {
        version: env!("CARGO_PKG_VERSION"),
    })
}
