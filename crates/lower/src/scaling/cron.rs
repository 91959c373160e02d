//! Scaling by the time of day.
//!
//! <https://keda.sh/docs/latest/scalers/cron/>

use std::collections::BTreeMap;

use kubewright_model::scaling::{CronWindow, KedaCron};
use kubewright_objects::Object;
use kubewright_objects::keda::Trigger;
use kubewright_source::{Diagnostic, Diagnostics};

use super::keda;
use super::to_i32;
use crate::aspect::Scope;

pub(super) fn objects(
    scope: &Scope<'_>,
    cron: &KedaCron,
    diagnostics: &mut Diagnostics,
) -> Vec<Object> {
    if cron.schedules.is_empty() {
        diagnostics.push(no_schedule(scope));
    }
    for window in &cron.schedules {
        diagnostics.extend(wrong(scope, cron, window));
    }
    let triggers = cron.schedules.iter().map(trigger).collect();
    let name = format!("{}-cron", scope.name());
    let mut scaled = keda::scaled_object(scope, name, &cron.bounds, triggers);
    scaled.spec.max_replica_count = to_i32(most(cron));
    keda::named(scope, "-cron", vec![scope.object(scaled)], diagnostics)
}

/// The most pods: as said, else what the largest schedule wants, and no fewer
/// than with other scalers.
fn most(cron: &KedaCron) -> u32 {
    let wanted = cron.schedules.iter().map(|window| window.replicas.value);
    let most = cron.bounds.most_pods();
    match cron.bounds.max_instances {
        Some(_) => most,
        None => wanted.max().unwrap_or_default().max(most),
    }
}

fn trigger(window: &CronWindow) -> Trigger {
    let rows = [
        ("timezone", window.time_zone.as_str().to_owned()),
        ("start", window.start.as_str().to_owned()),
        ("end", window.end.as_str().to_owned()),
        ("desiredReplicas", window.replicas.value.to_string()),
    ];
    let rows = rows.into_iter().map(|(key, value)| (key.to_owned(), value));
    Trigger {
        kind: "cron".to_owned(),
        metadata: BTreeMap::from_iter(rows),
        authentication_ref: None,
    }
}

fn no_schedule(scope: &Scope<'_>) -> Diagnostic {
    let message = format!(
        "`{}` is scaled by the time of day, but has no schedule",
        scope.name()
    );
    Diagnostic::error("missing-key", scope.app.name.span, message)
        .help("say when how many pods run, or choose another way of scaling")
}

/// What KEDA's trigger refuses.
fn wrong(scope: &Scope<'_>, cron: &KedaCron, window: &CronWindow) -> Option<Diagnostic> {
    let (name, replicas) = (scope.name(), &window.replicas);
    let bad = |span, message| Diagnostic::error("bad-value", span, message);
    if replicas.value == 0 {
        let message = format!("a schedule of `{name}` wants no pods");
        let said = bad(replicas.span, message);
        return Some(said.help("leave the schedule out: beside all schedules there are as many pods as `min_instances` says"));
    }
    let most = most(cron);
    if replicas.value > most {
        let message = format!(
            "a schedule of `{name}` wants {} pods, and {most} is the most",
            replicas.value
        );
        return Some(bad(replicas.span, message).help("raise `max_instances`"));
    }
    if window.start.value == window.end.value {
        let message = format!("a schedule of `{name}` ends when it starts");
        return Some(bad(window.end.span, message).help("give it another end"));
    }
    let named = [&window.start, &window.end];
    let named = named
        .into_iter()
        .find(|time| time.as_str().starts_with('@'))?;
    let message = format!("KEDA does not know `{}`", named.as_str());
    Some(bad(named.span, message).help("write it in five fields, like `0 8 * * 1-5`"))
}
