//! On which nodes pods run, and what they see of them.

use std::collections::BTreeMap;

use kubewright_model::object::Tree;
use kubewright_model::value::{LabelKey, LabelValue};
use kubewright_model::{App, Located};

use super::given::{count, flag, given, rows, text};
use super::volume::one_of;
use crate::fields::{At, Fields};

/// `nodeSelector`, `tolerations`, `hostNetwork`, `hostPID`, `hostIPC`.
pub(super) fn read(fields: &Fields<'_>, app: &mut App) {
    if let Some(at) = given(fields, "nodeSelector") {
        app.placement.node_selector = selector(&at);
    }
    if let Some(at) = given(fields, "tolerations") {
        let items = rows(&at);
        let tolerations = items.into_iter().filter_map(toleration);
        app.placement.tolerations = tolerations.collect();
    }
    app.security.host_network = flag(fields, "hostNetwork");
    app.security.host_pid = flag(fields, "hostPID");
    app.security.host_ipc = flag(fields, "hostIPC");
}

/// `a=b, c=d`, or a mapping.
fn selector(at: &At<'_>) -> BTreeMap<LabelKey, Located<LabelValue>> {
    let pairs: Vec<(Located<String>, Located<String>)> = match at.node.as_mapping() {
        Some(_) => {
            let entries = at.entries();
            let pair =
                |(key, at): &(Located<&str>, At<'_>)| Some((key.map(str::to_owned), at.scalar()?));
            entries.iter().filter_map(pair).collect()
        }
        None => written(at),
    };
    let mut labels = BTreeMap::new();
    for (key, value) in pairs {
        let key = at.checked(&key, LabelKey::parse);
        let value = at.checked(&value, LabelValue::parse);
        let (Some(key), Some(value)) = (key, value) else {
            continue;
        };
        let name = key.value.as_str().to_owned();
        if labels.insert(key.value, value).is_some() {
            at.error(
                "duplicate-item",
                format!("the label `{name}` stands twice in `nodeSelector`"),
                "keep one of the two: a node has one value of a label",
            );
        }
    }
    labels
}

fn written(at: &At<'_>) -> Vec<(Located<String>, Located<String>)> {
    let Some(text) = at.scalar() else {
        return Vec::new();
    };
    let parts = text
        .value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let pair = |part: &str| match part.split_once('=') {
        Some((key, value)) => {
            let here = |text: &str| Located::new(text.trim().to_owned(), text_span(at));
            Some((here(key), here(value)))
        }
        None => {
            at.bad(
                format!("`{part}` of `nodeSelector` has no `=`"),
                "write labels like `pool=edge, kubernetes.io/os=linux`",
            );
            None
        }
    };
    parts.filter_map(pair).collect()
}

fn text_span(at: &At<'_>) -> kubewright_model::Span {
    at.span()
}

/// A toleration in Kubernetes' own words; an empty key tolerates every taint.
///
/// <https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/>
fn toleration(at: At<'_>) -> Option<Located<Tree>> {
    let span = at.span();
    let fields = at.fields("the toleration")?;
    let operators = [("Exists", "Exists"), ("Equal", "Equal")];
    let effects = [
        ("NoSchedule", "NoSchedule"),
        ("PreferNoSchedule", "PreferNoSchedule"),
        ("NoExecute", "NoExecute"),
    ];
    let word = |key, words: &[(&'static str, &'static str)]| {
        let at = given(&fields, key)?;
        Some(Tree::Text(one_of(&at, words)?.value.to_owned()))
    };
    let given_text = |key| text(&fields, key).map(|text| Tree::Text(text.value));
    let parts = [
        ("key", given_text("key")),
        ("operator", word("operator", &operators)),
        ("value", given_text("value")),
        ("effect", word("effect", &effects)),
        (
            "tolerationSeconds",
            count(&fields, "tolerationSeconds").map(|count| Tree::Integer(i64::from(count.value))),
        ),
    ];
    let members = parts
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect();
    fields.finish();
    Some(Located::new(Tree::Map(members), span))
}
