//! The OpenAPI document: what the handlers say of themselves, and the schema of
//! results, which has one source.

use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::routes::Calls;

/// The document as JSON, the same at every call.
///
/// <https://spec.openapis.org/oas/v3.1.0>
#[must_use]
pub fn document() -> String {
    let mut document = serde_json::to_value(Calls::openapi()).expect("a document is plain data");
    document["info"] = json!({
        "title": "kubewright",
        "description": "Descriptions of applications in, Kubernetes manifests out.",
        "version": env!("CARGO_PKG_VERSION"),
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
    });
    document["security"] = json!([{"token": []}]);
    document["components"]["securitySchemes"] = json!({
        "token": {
            "type": "http", "scheme": "bearer",
            "description": "Printed when `kubewright serve` starts.",
        },
    });
    let mut results: Value =
        serde_json::from_str(kubewright_run::SCHEMA).expect("the schema of results is JSON");
    if let Some(schema) = results.as_object_mut() {
        schema.remove("$schema");
    }
    document["components"]["schemas"]["Results"] = results;
    let mut text = serde_json::to_string_pretty(&document).expect("a document is plain data");
    text.push('\n');
    text
}
