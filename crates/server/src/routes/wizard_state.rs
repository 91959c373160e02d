//! `/api/k8s/wizard-state`: what the wizard collected, kept from one time to the
//! next.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Query, State};
use kubewright_run::{STATE_FILE, StateError, forget_state, save_state, shown_state};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::ToSchema;

use super::{JsonAnswer, Shared, json, json_text};
use crate::blocking::blocking;
use crate::body::JsonText;
use crate::problem::Problem;

/// How a state is kept.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keeping {
    /// Whether to write the time into the file, under `_savedAt`. Without it equal
    /// states are equal files.
    #[serde(default)]
    #[param(required = false)]
    saved_at: bool,
}

/// Where a state was kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct Kept {
    /// `true`.
    #[schema(example = true)]
    ok: bool,
    /// The file, relative to the project's folder.
    #[schema(value_type = String, example = ".kubewright/wizard-state.json")]
    path: &'static str,
}

/// The state that is kept, beside `ok: true`; or `ok: false` and a `reason`,
/// `not_found` or `invalid`.
#[utoipa::path(get, path = "/api/k8s/wizard-state", tag = "wizard",
    responses((status = 200, description = "The state, or why there is none", body = Object)))]
pub(crate) async fn show(State(shared): State<Arc<Shared>>) -> Result<JsonAnswer, Problem> {
    let found = blocking(shared, |project, _| shown_state(&project.root)).await?;
    let answer = match found {
        Ok(None) => object!({"ok": false, "reason": "not_found"}),
        Ok(Some(state)) => return Ok(json_text(state)),
        Err(StateError::Nothing) => object!({"ok": false, "reason": "invalid"}),
        Err(StateError::Unreadable(found)) => object!({
            "ok": false, "reason": "invalid", "code": found.code,
            "error": found.message, "help": found.help,
        }),
        Err(StateError::Disk(error)) => return Err(Problem::disk(&error).into_original()),
    };
    Ok(json(&answer))
}

/// Keeps a state, without transient keys and values of secrets.
#[utoipa::path(post, path = "/api/k8s/wizard-state", tag = "wizard", params(Keeping),
    request_body(content = Object, description = "The wizard's state"),
    responses(
        (status = 200, description = "It is kept", body = Kept),
        (status = 400, description = "It says nothing, or is no JSON", body = Problem)))]
pub(crate) async fn keep(
    State(shared): State<Arc<Shared>>,
    keeping: Result<Query<Keeping>, axum::extract::rejection::QueryRejection>,
    JsonText(state): JsonText,
) -> Result<JsonAnswer, Problem> {
    let Query(keeping) = keeping.map_err(|rejected| {
        Problem::bad(
            "bad-request",
            rejected.body_text(),
            "`?saved_at=true` is all there is",
        )
    })?;
    let saved_at = keeping.saved_at.then(|| utc(SystemTime::now()));
    let kept = blocking(shared, move |project, _| {
        save_state(&project.root, &state, saved_at.as_deref())
    });
    kept.await?.map_err(problem)?;
    Ok(json(&Kept {
        ok: true,
        path: STATE_FILE,
    }))
}

/// Forgets the state, also where there is none.
#[utoipa::path(delete, path = "/api/k8s/wizard-state", tag = "wizard",
    responses((status = 200, description = "There is none now", body = Object)))]
pub(crate) async fn forget(State(shared): State<Arc<Shared>>) -> Result<JsonAnswer, Problem> {
    blocking(shared, |project, _| forget_state(&project.root))
        .await?
        .map_err(problem)?;
    Ok(json(&object!({"ok": true})))
}

fn problem(error: StateError) -> Problem {
    match error {
        StateError::Nothing => Problem::bad(
            "nothing-to-keep",
            "the state has neither services nor infrastructure",
            "send `_services` or `_infraDecisions` with at least one entry",
        ),
        StateError::Unreadable(found) => {
            Problem::bad(found.code, found.message.clone(), &found.help)
        }
        StateError::Disk(error) => Problem::disk(&error).into_original(),
    }
}

/// A time in UTC as ISO 8601 writes it, to the second. Days are counted in years
/// that begin in March, so that the leap day is the last
/// (<https://howardhinnant.github.io/date_algorithms.html#civil_from_days>).
fn utc(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era * 400 + year + next;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times() {
        let rows = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ];
        for (seconds, expected) in rows {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(utc(time), expected);
        }
    }
}
