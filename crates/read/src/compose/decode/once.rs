//! What was wrong while loading is not wrong a second time while decoding.

use std::collections::BTreeSet;

use kubewright_source::{Diagnostic, Diagnostics, Severity};

/// Adds what decoding found, without errors that only follow from errors of
/// loading: at the same place, or in a value that loading could not finish.
pub(super) fn add(found: Diagnostics, diagnostics: &mut Diagnostics) {
    let is_error = |said: &&Diagnostic| said.severity == Severity::Error;
    let places: BTreeSet<_> = diagnostics
        .iter()
        .filter(is_error)
        .map(|said| said.span)
        .collect();
    let unfinished: BTreeSet<String> = diagnostics
        .iter()
        .filter(is_error)
        .filter(|said| is_unfinished(said.code) && !said.path.is_empty())
        .map(|said| said.path.clone())
        .collect();
    let follows = |said: &Diagnostic| {
        said.severity == Severity::Error
            && !said.span.is_none()
            && (places.contains(&said.span) || unfinished.contains(&said.path))
    };
    diagnostics.extend(found.into_iter().filter(|said| !follows(said)));
}

/// Values stay as they were written where references or files do not go together.
fn is_unfinished(code: &str) -> bool {
    matches!(
        code,
        "bad-interpolation" | "missing-variable" | "cannot-merge"
    )
}
