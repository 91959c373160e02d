//! Bodies of requests: JSON, within their limits.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;

use crate::problem::Problem;
use crate::routes::Shared;

/// How much of a body that is too large is taken in and dropped, so that whoever
/// sends it gets to read the answer.
const DROPPED: usize = 256 << 20;

/// The body of a request that says it is JSON: its text, not parsed yet.
pub(crate) struct JsonText(pub(crate) String);

impl FromRequest<Arc<Shared>> for JsonText {
    type Rejection = Problem;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        check_type(&parts.headers)?;
        let most = shared.limits.body;
        if waits(&parts.headers) && announced(&parts.headers).is_some_and(|length| length > most) {
            return Err(too_large(most));
        }
        let bytes = tokio::time::timeout(shared.limits.arrival, read(body, most))
            .await
            .map_err(|_| too_slow())??;
        String::from_utf8(bytes).map(Self).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Problem::bad(
                "body-not-utf-8",
                format!("the body is not UTF-8: byte {at} is wrong"),
                "JSON is sent in UTF-8",
            )
        })
    }
}

/// A page of another origin can send a form without asking, but no JSON.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "body-not-json",
        format!("the body is sent as `{kind}`, not as JSON"),
        "send the header `Content-Type: application/json`",
    ))
}

/// Whether the client waits for a word before it sends the body.
fn waits(headers: &HeaderMap) -> bool {
    headers.contains_key(header::EXPECT)
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

async fn read(mut body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Problem::bad(
                "body-broken",
                "the body ended before it was whole",
                "send it again",
            )
        })?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        length += data.len();
        if length <= most {
            bytes.extend_from_slice(data);
        } else {
            bytes = Vec::new();
        }
        if length > DROPPED {
            break;
        }
    }
    match length <= most {
        true => Ok(bytes),
        false => Err(too_large(most)),
    }
}

fn too_large(most: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body-too-large",
        format!("the body has more than {} MiB", most >> 20),
        "split the project, or use `kubewright generate`, which takes more",
    )
}

fn too_slow() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "body-too-slow",
        "the body took too long to arrive",
        "send it again",
    )
}
