//! What goes wrong, as every call answers it.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kubewright_disk::WriteError;
use kubewright_run::{Exit, Failed, not_written};
use kubewright_source::report::{Report, report};
use kubewright_source::{Diagnostic, Severity, Sources};
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal or a failure: nothing was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    #[serde(skip)]
    pub(crate) status: StatusCode,
    /// `false`, as the original wizard's answers have it.
    #[schema(example = false)]
    ok: bool,
    /// Stable, in kebab case; `docs/server.md` lists them.
    #[schema(value_type = String, example = "not-compiled")]
    pub(crate) code: &'static str,
    /// What is wrong, one line.
    error: String,
    /// How to put it right.
    help: String,
    /// Everything there is to say of the input, as in the results.
    #[schema(value_type = Vec<Object>)]
    diagnostics: Vec<Report>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        error: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            status,
            ok: false,
            code,
            error: error.into(),
            help: help.into(),
            diagnostics: Vec::new(),
        }
    }

    /// A request that cannot be understood.
    pub(crate) fn bad(code: &'static str, error: impl Into<String>, help: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, error, help)
    }

    /// A fault of ours.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "kubewright failed on this request",
            "this is a fault of kubewright: report it with the request",
        )
    }

    /// A project with errors. The first one speaks for all.
    pub(crate) fn not_compiled(failed: &Failed) -> Self {
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        let mut errors = failed.diagnostics.iter().filter(is_error);
        let first = errors.next().map(|found| report(found, &failed.sources));
        let error = first.as_ref().map_or_else(String::new, placed);
        let error = match errors.count() {
            0 => error,
            1 => format!("{error} (and 1 more error)"),
            more => format!("{error} (and {more} more errors)"),
        };
        let help = first.map(|first| first.help).unwrap_or_default();
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not-compiled",
            error,
            help,
        )
        .with(&failed.diagnostics, &failed.sources)
    }

    /// A tree that was not written.
    pub(crate) fn not_written(
        error: &WriteError,
        mut diagnostics: Vec<Diagnostic>,
        sources: &Sources,
    ) -> Self {
        let (exit, found) = not_written(error);
        let status = match exit {
            Exit::Done | Exit::Findings | Exit::Input => StatusCode::UNPROCESSABLE_ENTITY,
            Exit::Environment => StatusCode::INTERNAL_SERVER_ERROR,
            Exit::Interrupted => StatusCode::SERVICE_UNAVAILABLE,
        };
        diagnostics.push(found);
        Self::new(status, error.code(), error.message(), error.help()).with(&diagnostics, sources)
    }

    /// A file of ours that the disk refused.
    pub(crate) fn disk(error: &WriteError) -> Self {
        Self::not_written(error, Vec::new(), &Sources::default())
    }

    /// The same, as a call of the original wizard answers it: with 400 where the
    /// input is wrong.
    pub(crate) fn into_original(mut self) -> Self {
        if self.status == StatusCode::UNPROCESSABLE_ENTITY {
            self.status = StatusCode::BAD_REQUEST;
        }
        self
    }

    fn with(mut self, diagnostics: &[Diagnostic], sources: &Sources) -> Self {
        self.diagnostics = diagnostics
            .iter()
            .map(|found| report(found, sources))
            .collect();
        self
    }
}

/// `wizard-state.json:3:9: unknown key …`.
fn placed(found: &Report) -> String {
    match (&found.file, found.line, found.column) {
        (Some(file), Some(line), Some(column)) => {
            format!("{file}:{line}:{column}: {}", found.message)
        }
        (_, _, _) => found.message.clone(),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status;
        let mut response = (status, Json(self)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
