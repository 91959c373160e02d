//! The calls, one file each, and the table of their paths.
//!
//! Below `/api/v1` is the API as it should be; beside it stand the paths of the
//! original wizard, with its shapes.

mod ask;
mod detect;
mod documents;
mod from_state;
mod generate;
mod home;
mod option_words;
mod options;
mod preview;
mod resources;
mod setup;
mod skaffold_status;
mod wizard_state;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, Method, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::OpenApi;

use crate::problem::Problem;
use crate::project::Project;
use crate::{Limits, Token, guard};

/// What all calls share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) project: Project,
    pub(crate) token: Token,
    pub(crate) limits: Limits,
    pub(crate) address: SocketAddr,
    pub(crate) workers: Arc<Semaphore>,
}

impl Shared {
    /// Whether `host`, with its port, is this server. It is compared as it is
    /// written, so that nothing that others read in another way is taken.
    /// <https://www.rfc-editor.org/rfc/rfc9110#section-7.2>
    pub(crate) fn is_ours(&self, host: &str) -> bool {
        let port = format!(":{}", self.address.port());
        match host.strip_suffix(&port) {
            Some(name) => self.is_name(name),
            None => self.address.port() == 80 && self.is_name(host),
        }
    }

    fn is_name(&self, name: &str) -> bool {
        let is_address = match self.address.ip() {
            IpAddr::V4(ip) => name.parse() == Ok(ip),
            IpAddr::V6(ip) => {
                let bare = name
                    .strip_prefix('[')
                    .and_then(|name| name.strip_suffix(']'));
                bare.is_some_and(|bare| bare.parse() == Ok(ip))
            }
        };
        is_address || name.eq_ignore_ascii_case("localhost")
    }

    /// Where the server is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The name of the cookie with the token. Cookies do not know ports.
    pub(crate) fn cookie(&self) -> String {
        format!("kubewright-{}", self.address.port())
    }
}

/// An answer in JSON, drawn where the work was done.
pub(crate) type JsonAnswer = ([(HeaderName, &'static str); 1], String);

/// A value as an answer.
pub(crate) fn json(value: &impl Serialize) -> JsonAnswer {
    json_text(serde_json::to_string(value).expect("answers are plain data"))
}

/// A text that is JSON as an answer.
pub(crate) fn json_text(text: String) -> JsonAnswer {
    ([(header::CONTENT_TYPE, "application/json")], text)
}

/// All calls, behind the guard.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/api/k8s/generate/from-state", post(from_state::write))
        .route("/api/k8s/generate/wizard", post(resources::show))
        .route("/api/k8s/env-namespaces", get(detect::namespaces))
        .route("/api/k8s/skaffold/status", get(skaffold_status::show))
        .route("/api/k8s/status", get(detect::kubernetes))
        .route(
            "/api/k8s/wizard-state",
            get(wizard_state::show)
                .post(wizard_state::keep)
                .delete(wizard_state::forget),
        )
        .route("/api/wizard/detect", get(detect::original))
        .route("/api/wizard/setup", post(setup::write))
        .route("/api/v1/detect", get(detect::show))
        .route("/api/v1/generate", post(generate::write))
        .route("/api/v1/preview", post(preview::show))
        .route("/api/v1/openapi.json", get(documents::openapi))
        .route("/api/v1/schema/detection", get(detect::schema))
        .route("/api/v1/schema/results", get(documents::results))
        .route("/api/v1/version", get(documents::version))
        .fallback(no_such_path)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(&shared), guard::admit))
        .with_state(shared)
}

/// The calls as their handlers describe them.
#[derive(OpenApi)]
#[openapi(
    paths(
        detect::kubernetes,
        detect::namespaces,
        detect::original,
        detect::schema,
        detect::show,
        documents::openapi,
        documents::results,
        documents::version,
        from_state::write,
        generate::write,
        preview::show,
        resources::show,
        setup::write,
        skaffold_status::show,
        wizard_state::forget,
        wizard_state::keep,
        wizard_state::show
    ),
    components(schemas(Problem))
)]
pub(crate) struct Calls;

async fn no_such_path(uri: Uri) -> Problem {
    let path: String = uri.path().chars().take(100).collect();
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-such-path",
        format!("there is nothing at `{path}`"),
        "`/api/v1/openapi.json` lists what there is",
    )
}

async fn method_not_allowed(State(_): State<Arc<Shared>>, method: Method, uri: Uri) -> Problem {
    let path = uri.path();
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        format!("`{path}` takes no `{method}`"),
        "`/api/v1/openapi.json` lists what it takes",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_server() {
        let shared = |address: &str| Shared {
            project: Project {
                root: "/".into(),
                busy: Limits::default().busy,
            },
            token: Token::random().unwrap(),
            limits: Limits::default(),
            address: address.parse().unwrap(),
            workers: Arc::new(Semaphore::new(1)),
        };
        let rows = [
            ("127.0.0.1:8470", "127.0.0.1:8470", true),
            ("127.0.0.1:8470", "LOCALHOST:8470", true),
            ("127.0.0.1:8470", "127.0.0.1:8471", false),
            ("127.0.0.1:8470", "127.0.0.1", false),
            ("127.0.0.1:8470", "[::1]:8470", false),
            ("127.0.0.1:8470", "example.com:8470", false),
            ("127.0.0.1:8470", "localhost.example.com:8470", false),
            ("127.0.0.1:8470", "a@127.0.0.1:8470", false),
            ("127.0.0.1:8470", "", false),
            ("127.0.0.1:8470", "127.0.0.1:+8470", false),
            ("127.0.0.1:8470", "127.0.0.1:08470", false),
            ("127.0.0.1:8470", "127.0.0.1: 8470", false),
            ("127.0.0.1:8470", "127.0.0.1:8470:8470", false),
            ("127.0.0.1:8470", "[127.0.0.1]:8470", false),
            ("127.0.0.1:8470", "127.000.0.1:8470", false),
            ("127.0.0.1:8470", "[localhost]:8470", false),
            ("[::1]:8470", "[::1]:8470", true),
            ("[::1]:8470", "[0:0::1]:8470", true),
            ("[::1]:8470", "::1:8470", false),
            ("[::1]:8470", "[[::1]]:8470", false),
            ("[::1]:8470", "[::1:8470", false),
            ("[::1]:8470", "[::1%lo]:8470", false),
            ("127.0.0.1:80", "127.0.0.1:80", true),
            ("127.0.0.1:80", "127.0.0.1:", false),
            ("[::1]:8470", "localhost:8470", true),
            ("127.0.0.1:80", "localhost", true),
        ];
        for (address, host, expected) in rows {
            assert_eq!(shared(address).is_ours(host), expected, "{address} {host}");
        }
    }
}
