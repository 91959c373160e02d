//! The differences that are meant, as `docs/compose-differences.md` lists them.

use kubewright_source::Diagnostic;
use serde_json::Value;

use crate::Job;
use crate::compare::{self, Difference};
use crate::ours::Ours;

/// Why a project that Compose takes is refused, where that is meant.
pub(crate) fn refused(ours: &Ours) -> Option<&'static str> {
    let all = |is_meant: fn(&Diagnostic) -> bool| ours.errors.iter().all(is_meant);
    if all(|error| error.code == "not-yet" && error.path == "jobs") {
        return Some("top-level `jobs`");
    }
    if all(|error| error.message.contains("this number is too large")) {
        return Some("whole numbers beyond 64 bits");
    }
    let is_of_include = |error: &Diagnostic| {
        let codes = ["wrong-type", "missing-key", "unknown-key"];
        codes.contains(&error.code) && error.message.contains("`include`")
    };
    if all(is_of_include) {
        return Some("items of `include` that name no file");
    }
    let is_of_date = |error: &Diagnostic| {
        ["found a date", "a date without quotes"]
            .iter()
            .any(|words| error.message.contains(words))
    };
    all(is_of_date).then_some("dates without quotes that Compose passes over")
}

/// Why a project that Compose refuses is taken, where that is meant.
pub(crate) fn taken(job: &Job, reason: &str) -> Option<&'static str> {
    let is_of_value = reason.contains("failed to cast") || reason.starts_with("validating");
    if is_of_value && compare::key_of_service(reason).is_some_and(|key| is_replaced(job, key)) {
        return Some("values that another file replaces");
    }
    if reason.contains("[#extensions]") {
        return Some("keys that begin with `x-` where keys are the user's");
    }
    // A fault of the library is no verdict.
    reason
        .starts_with("compose-go panicked")
        .then_some("what its library does not survive")
}

/// Whether two layers of a project, of which one replaces values of the other, both
/// have a key of a service.
fn is_replaced(job: &Job, key: &str) -> bool {
    let has_key = |name: &&&str| {
        let text = std::fs::read_to_string(job.folder.join(name)).unwrap_or_default();
        let beginning = format!("    {key}:");
        text.lines().any(|line| line.starts_with(&beginning))
    };
    LAYERS.iter().filter(has_key).count() > 1
}

/// The files of generated projects that are laid over one another.
const LAYERS: [&str; 4] = [
    "compose.yaml",
    "compose.override.yaml",
    "more.yaml",
    "base/base.yaml",
];

/// Mappings whose keys are the user's, which Compose's library takes for its own.
const OF_USERS: [&str; 9] = [
    "annotations",
    "args",
    "driver_opts",
    "environment",
    "labels",
    "options",
    "storage_opt",
    "sysctls",
    "ulimits",
];

/// Why two documents differ at a place, where that is meant.
pub(crate) fn documents(ours: &Ours, difference: &Difference) -> Option<&'static str> {
    let lists = (&difference.ours, &difference.theirs);
    if let (Some(Value::Array(ours)), Some(Value::Array(theirs))) = lists
        && difference.path.ends_with(".pre_start")
        && theirs.len() > ours.len()
    {
        return Some("equal hooks of an extended service");
    }
    if let (Some(Value::Array(_)), Some(Value::Array(theirs))) = lists
        && difference.path.ends_with(".build.ssh")
        && theirs.iter().any(|item| {
            item.as_str()
                .is_some_and(|item| item.starts_with("#extensions:"))
        })
    {
        return Some("keys that begin with `x-` where keys are the user's");
    }
    let is_inactive = |name: &str| {
        let quoted = format!("`{name}`");
        let mut others = ours.others.iter();
        others.any(|said| said.code == "inactive-service" && said.message.contains(&quoted))
    };
    let (before, name) = difference.path.rsplit_once('.')?;
    let is_users = OF_USERS.iter().any(|key| before.ends_with(key));
    if name == "extends" && before.starts_with(".services.") && difference.ours.is_none() {
        return Some("`extends` of a service without keys");
    }
    let is_kept = name.starts_with("x-") && difference.theirs.is_none();
    let is_made_up = name == "#extensions" && difference.ours.is_none();
    if is_users && (is_kept || is_made_up) {
        return Some("keys that begin with `x-` where keys are the user's");
    }
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
