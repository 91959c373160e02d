//! Who is let in.
//!
//! The server listens on this machine only, but a browser on it shows pages of
//! everybody. Such a page can send requests here: with its own `Origin`, and, after
//! it had its own name lead to this machine (DNS rebinding), with its own `Host`.
//! Neither is let in, and no request without the token is.
//! <https://fetch.spec.whatwg.org/#origin-header>

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::routes::Shared;

/// What every answer says of itself.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'self'; frame-ancestors 'none'"),
    ),
];

/// Lets a request in, or says why not.
pub(crate) async fn admit(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let (headers, uri) = (request.headers(), request.uri());
    let checked = check_host(headers, uri, &shared)
        .and_then(|()| check_origin(headers, &shared))
        .and_then(|()| check_token(headers, uri, &shared));
    let mut response = match checked {
        Ok(()) => in_time(&shared, request, next).await,
        Err(problem) => problem.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    response
}

async fn in_time(shared: &Shared, request: Request, next: Next) -> Response {
    let time = shared.limits.time;
    let answer = tokio::time::timeout(time, next.run(request)).await;
    answer.unwrap_or_else(|_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "time-limit",
            format!("the request took longer than {} seconds", time.as_secs()),
            "try again, or use `kubewright generate`, which has no limit",
        )
        .into_response()
    })
}

fn check_host(headers: &HeaderMap, uri: &Uri, shared: &Shared) -> Result<(), Problem> {
    let mut named = headers.get_all(header::HOST).iter();
    let host = named.next().and_then(|host| host.to_str().ok());
    let alone = named.next().is_none();
    let host = host.filter(|_| alone).unwrap_or_default();
    let target = uri.authority().map_or(host, |authority| authority.as_str());
    if shared.is_ours(host) && shared.is_ours(target) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "foreign-host",
        format!("`{}` is not the name of this server", short(host)),
        format!("use {}", shared.url()),
    ))
}

/// What a browser says of the page that sends, both of it: an older browser says
/// only the first, and neither where no page does.
/// <https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header>
fn check_origin(headers: &HeaderMap, shared: &Shared) -> Result<(), Problem> {
    let ours = |origin: &str| {
        let host = origin.strip_prefix("http://");
        host.is_some_and(|host| shared.is_ours(host))
    };
    let near = |site: &str| matches!(site, "same-origin" | "none");
    let foreign = foreign(headers, "origin", ours).or(foreign(headers, "sec-fetch-site", near));
    match foreign {
        None => Ok(()),
        Some(origin) => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "foreign-origin",
            format!("the request comes from another page: `{}`", short(&origin)),
            format!("open {} itself", shared.url()),
        )),
    }
}

/// What a header says where that is not `right`, or where it stands there twice.
fn foreign(headers: &HeaderMap, name: &str, right: impl Fn(&str) -> bool) -> Option<String> {
    let values = headers.get_all(name).iter();
    let values: Vec<&str> = values
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    match *values {
        [] => None,
        [value] if right(value) => None,
        _ => Some(values.join(", ")),
    }
}

/// The token, in the header `Authorization` or in the cookie that the page got.
fn check_token(headers: &HeaderMap, uri: &Uri, shared: &Shared) -> Result<(), Problem> {
    let bearer = headers.get(header::AUTHORIZATION);
    let bearer = bearer.and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let shown = bearer
        .or_else(|| in_query(uri))
        .or_else(|| in_cookie(headers, &shared.cookie()));
    match shown {
        Some(shown) if shared.token.is(shown) => Ok(()),
        Some(_) => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "token-wrong",
            "the token is another one",
            "take the one that `kubewright serve` printed when it started",
        )),
        None => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "token-missing",
            "the request shows no token",
            "send `Authorization: Bearer TOKEN`, or open the URL that `kubewright serve` printed",
        )),
    }
}

/// The token of the URL that is printed at start. Only the first page is opened
/// by it: URLs end up in histories.
pub(crate) fn in_query(uri: &Uri) -> Option<&str> {
    let query = uri.query().filter(|_| uri.path() == "/")?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("token="))
}

fn in_cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Not too much of what a stranger sent.
fn short(text: &str) -> String {
    text.chars().take(100).collect()
}
