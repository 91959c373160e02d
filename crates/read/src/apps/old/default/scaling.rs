//! Scalers: keda-http where nothing is said, and what an HPA looks at.

use kubewright_source::Diagnostic;
use kubewright_yaml::{Key, Mapping, Node, Path};

use super::claim::Claimant;
use super::{ends, says, set};
use crate::apps::old::context::Context;
use crate::apps::old::entry::each_override;
use crate::apps::old::tree::{block, entry, is, map, plain, text};

/// Kinds whose number of pods is scaled.
const SCALED: [&str; 2] = ["Deployment", "StatefulSet"];

/// keda-http; an HPA looks at the processor and at memory.
pub(super) fn scaling(
    app: &mut Mapping,
    below: &[&Node],
    at: &Claimant<'_>,
    context: &Context<'_>,
) {
    let (span, path) = (at.key.span, &at.path.key("scaling"));
    let kind = app.get("kind").and_then(text).map(str::to_owned);
    let is_scaled =
        kind.is_none_or(|kind| SCALED.iter().any(|word| word.eq_ignore_ascii_case(&kind)));
    if !is_scaled || ends(app) {
        return;
    }
    let fixed = app.contains_key("replicas") && !says(app, below, &["scaling"]);
    let is_said = says(app, below, &["scaling", "type"])
        || app.get("scaling").is_some_and(|node| text(node).is_some());
    if !fixed && !is_said {
        let scaling = block(app, "scaling", "type", span);
        let _ = scaling.map(|scaling| set(scaling, "type", span, "keda-http"));
    }
    if let Some(scaling) = app.get_mut("scaling") {
        others(scaling, None, path, context);
    }
    let base = app.get("scaling").cloned();
    if let Some(scaling) = app.get_mut("scaling") {
        hpa(scaling, None, path, context);
    }
    let above = at.path.key("overrides");
    each_override(app, |key, layer| {
        let environment = above.key(&key.text);
        let path = &environment.key("scaling");
        if let Some(scaling) = layer.get_mut("scaling") {
            others(scaling, base.as_ref(), path, context);
            hpa(scaling, base.as_ref(), path, context);
        }
    });
}

/// What each scaler looks at; version 2 lets the words of all stand together.
const WORDS: [(&str, &[&str]); 5] = [
    ("none", &[]),
    (
        "hpa",
        &[
            "min_instances",
            "max_instances",
            "target_cpu_percent",
            "target_memory_percent",
            "scale_up_stabilization",
            "scale_down_stabilization",
        ],
    ),
    (
        "keda-http",
        &[
            "min_instances",
            "max_instances",
            "target_request_rate",
            "cooldown_period",
        ],
    ),
    (
        "keda-queue",
        &[
            "min_instances",
            "max_instances",
            "queue_name",
            "queue_length",
            "cooldown_period",
        ],
    ),
    (
        "keda-cron",
        &[
            "min_instances",
            "max_instances",
            "cron_schedules",
            "cooldown_period",
        ],
    ),
];

/// Takes away words of other scalers than the one that is chosen, with a note:
/// version 2 took no notice of them.
fn others(scaling: &mut Node, base: Option<&Node>, path: &Path<'_>, context: &Context<'_>) {
    let own = scaling.get("type").and_then(text);
    let under = base.and_then(|base| base.get("type").and_then(text));
    let Some(kind) = own.or(under).map(str::to_owned) else {
        return;
    };
    let Some((_, looks_at)) = WORDS.iter().find(|(word, _)| *word == kind) else {
        return;
    };
    let Some(block) = scaling.as_mapping_mut() else {
        return;
    };
    let is_of_another = |key: &Key| {
        let mut all = WORDS.iter().flat_map(|(_, words)| words.iter());
        all.any(|word| *word == &*key.text) && !looks_at.contains(&&*key.text)
    };
    let idle: Vec<Key> = block
        .iter()
        .map(|entry| entry.key.clone())
        .filter(is_of_another)
        .collect();
    for key in idle {
        block.remove(&key.text);
        let word = match &*key.text {
            "target_request_rate" => "target_pending_requests",
            word => word,
        };
        let message = format!("`{word}` says nothing to the scaler `{kind}`, as in version 2");
        let said = Diagnostic::note("not-carried", key.span, message);
        let said = said.path(path.key(&key.text).to_string());
        let help = "leave it out, or choose the scaler that it belongs to";
        context.report.push(said.help(help));
    }
}

/// An HPA of version 2: 80 per cent of both unless they are 0, one pod at least.
fn hpa(scaling: &mut Node, base: Option<&Node>, path: &Path<'_>, context: &Context<'_>) {
    let span = scaling.span;
    if text(scaling).is_some() {
        let kind = std::mem::replace(scaling, Node::null(span));
        *scaling = map(span, [entry("type", kind)]);
    }
    let Some(block) = scaling.as_mapping_mut() else {
        return;
    };
    let was_hpa = base.is_some_and(|base| {
        is(base, "hpa") || base.get("type").is_some_and(|kind| is(kind, "hpa"))
    });
    let kind = block.get("type").map(|kind| is(kind, "hpa"));
    if !kind.unwrap_or(was_hpa) {
        return;
    }
    let becomes = kind == Some(true) && !was_hpa;
    for key in ["target_cpu_percent", "target_memory_percent"] {
        let off = block.get(key).is_some_and(|target| is(target, "0"));
        if off {
            block.insert(Key::new(key, span), Node::null(span));
        } else if becomes && !block.contains_key(key) {
            set(block, key, span, "80");
        }
    }
    least(block, base, path, context);
}

/// An HPA keeps one pod, whatever the number says that other scalers take.
fn least(block: &mut Mapping, base: Option<&Node>, path: &Path<'_>, context: &Context<'_>) {
    let own = block.get("min_instances").cloned();
    let under = base.and_then(|base| base.get("min_instances"));
    let zero = |node: &Node| is(node, "0");
    match (&own, under) {
        (Some(own), _) if zero(own) => {
            let message = "an HPA keeps one pod at least, as in version 2";
            let said = Diagnostic::note("not-carried", own.span, message);
            let said = said.path(path.key("min_instances").to_string());
            context.report.push(
                said.help(
                    "write `min_instances: 1`, or choose `keda-http`, which can stop all pods",
                ),
            );
            block.insert(Key::new("min_instances", own.span), plain(own.span, "1"));
        }
        (None, Some(under)) if zero(under) => set(block, "min_instances", under.span, "1"),
        _ => {}
    }
}
