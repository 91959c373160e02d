//! `GET /`: the first page. By the URL that is printed at start it hands out the
//! cookie.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::Shared;
use crate::guard::in_query;

pub(super) async fn show(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    if in_query(&uri).is_some() {
        let (name, token) = (shared.cookie(), shared.token.as_str());
        let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict");
        let headers = [
            (header::SET_COOKIE, cookie),
            (header::LOCATION, "/".to_owned()),
        ];
        return (StatusCode::SEE_OTHER, headers).into_response();
    }
    let root = shared.project.root.display();
    format!("kubewright serves {root}\n\n/api/v1/openapi.json says what can be asked.\n")
        .into_response()
}
