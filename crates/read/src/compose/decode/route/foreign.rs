//! Labels of a service that are another program's: Traefik's, caddy's.

use kubewright_source::{Severity, Span};

use super::super::service::Service;
use crate::compose::load::Document;
use crate::fields::{At, Pair, Report};

/// What to do where a route may have been guarded.
pub(super) const ASK: &str = "put a guard in front of it in the cluster, then ask for the route with \
    the label `kubewright.host`";

/// Says that a service gets no route, and why: something stood guard there.
pub(super) fn guarded(service: &Service<'_>, span: Span, what: &str) {
    service.fields.at().say_at(
        span,
        Severity::Warning,
        "guarded-route",
        format!("`{}` gets no route{what}", service.name.value),
        ASK.to_owned(),
    );
}

/// All pairs of a service's label files, `deploy.labels`, `annotations` and
/// `labels`, in this order: of one key, the last counts. Of the last three only
/// those that `mentions` finds somebody in, as most services have none. What is no
/// pair is said elsewhere.
pub(super) fn pairs(
    key: &str,
    at: &At<'_>,
    document: &Document,
    mentions: fn(&str) -> bool,
) -> Vec<Pair> {
    let files = document.label_file_values.get(key);
    let mut pairs: Vec<Pair> = files
        .into_iter()
        .flatten()
        .map(|variable| Pair {
            key: variable.name.clone(),
            value: variable.value.clone(),
            path: at.path.to_string(),
        })
        .collect();
    if let Some(deploy) = at.node.get("deploy") {
        pairs.extend(below(&at.down("deploy", deploy), "labels", mentions));
    }
    for key in ["annotations", "labels"] {
        pairs.extend(below(at, key, mentions));
    }
    pairs
}

fn below(at: &At<'_>, key: &str, mentions: fn(&str) -> bool) -> Vec<Pair> {
    let Some(node) = at.node.get(key) else {
        return Vec::new();
    };
    let of_map = node.as_mapping().into_iter().flatten();
    let of_list = node.as_sequence().into_iter().flatten();
    let mut items = of_list.filter_map(|item| item.as_scalar());
    let any = of_map.map(|entry| &*entry.key.text).any(mentions)
        || items.any(|item| mentions(&item.text));
    let unheard = Report::default();
    let at = At {
        report: &unheard,
        ..at.down(key, node)
    };
    match any {
        true => at.pairs(),
        false => Vec::new(),
    }
}
