//! The differences that are meant, as `docs/compose-differences.md` lists them.

use serde_json::Value;

use crate::Job;
use crate::compare::Difference;
use crate::ours::Ours;

/// Why a project that Compose takes is refused, where that is meant.
pub(crate) fn refused(ours: &Ours) -> Option<&'static str> {
    let _ = ours;
    None
}

/// Why a project that Compose refuses is taken, where that is meant.
pub(crate) fn taken(job: &Job, reason: &str) -> Option<&'static str> {
    let has_layers = ["compose.override.yaml", "more.yaml", "base/base.yaml"]
        .iter()
        .any(|name| job.folder.join(name).exists());
    if has_layers && (reason.contains("failed to cast") || reason.starts_with("validating")) {
        return Some("values that another file replaces");
    }
    // A fault of the library is no verdict.
    reason
        .starts_with("compose-go panicked")
        .then_some("what its library does not survive")
}

/// Why two documents differ at a place, where that is meant.
pub(crate) fn documents(ours: &Ours, difference: &Difference) -> Option<&'static str> {
    let lists = (&difference.ours, &difference.theirs);
    if let (Some(Value::Array(ours)), Some(Value::Array(theirs))) = lists
        && difference.path.ends_with(".pre_start")
        && theirs.len() > ours.len()
    {
        return Some("equal hooks of an extended service");
    }
    let is_inactive = |name: &str| {
        let quoted = format!("`{name}`");
        let mut others = ours.others.iter();
        others.any(|said| said.code == "inactive-service" && said.message.contains(&quoted))
    };
    let (before, name) = difference.path.rsplit_once('.')?;
    let all_inactive = match &difference.theirs {
        // The only ones: the key goes with them.
        Some(Value::Object(theirs)) if name == "depends_on" => {
            theirs.keys().all(|key| is_inactive(key))
        }
        Some(_) | None => before.ends_with(".depends_on") && is_inactive(name),
    };
    (difference.ours.is_none() && all_inactive)
        .then_some("dependencies on services that take no part")
}
