//! Where the template of an object lies, and under which conditions it is there.

use serde_json::Value;

use super::draft::{Draft, Workshop, camel, leaf, path};
use super::hole::{stop, value};
use super::values::Shape;

/// Whether a template holds several objects.
pub(super) fn is_bundle(path: &str) -> bool {
    BUNDLES.contains(&path)
}

const BUNDLES: &[&str] = &["configmaps.yaml", "secrets.yaml", "externalsecrets.yaml"];

/// The path of an object's template within `templates/`.
pub(super) fn template_path(draft: &Draft) -> String {
    match (draft.kind.as_str(), &draft.app) {
        ("ConfigMap", _) => "configmaps.yaml".to_owned(),
        ("Secret", _) => "secrets.yaml".to_owned(),
        ("ExternalSecret", _) => "externalsecrets.yaml".to_owned(),
        (_, Some(_)) => {
            let folder = draft.app_name.as_deref().unwrap_or_default();
            format!("{folder}/{}.yaml", draft.stem)
        }
        (_, None) => format!("{}.yaml", draft.stem),
    }
}

/// A template under its conditions.
pub(super) fn switched(conditions: &[String], text: &str, is_bundle: bool) -> String {
    let begin = match is_bundle {
        true => "---\n",
        false => "",
    };
    let stop = stop(text);
    match conditions {
        [] => format!("{begin}{text}{stop}"),
        [one] => format!("{{{{- if {one} }}}}\n{begin}{text}{stop}{{{{- end }}}}\n"),
        several => {
            let all: Vec<String> = several.iter().map(|one| format!("({one})")).collect();
            format!(
                "{{{{- if and {} }}}}\n{begin}{text}{stop}{{{{- end }}}}\n",
                all.join(" ")
            )
        }
    }
}

/// Where values of an object's place stand.
pub(super) fn place(draft: &Draft) -> Vec<String> {
    let lower = draft.kind.to_ascii_lowercase();
    let name = draft.stem.strip_suffix(&lower);
    let kind = match name.map(|name| name.trim_end_matches('-')) {
        None if draft.kind == "Secret" => camel(&format!(
            "{}-secret",
            draft.stem.trim_end_matches("secrets")
        )),
        None => camel(&draft.stem),
        Some("") => lower_first(&draft.kind),
        Some(name) => camel(name) + &draft.kind,
    };
    match &draft.app {
        Some(app) => path(&[app, &kind]),
        None => path(&["objects", &kind]),
    }
}

fn lower_first(kind: &str) -> String {
    let capitals = kind.chars().take_while(char::is_ascii_uppercase).count();
    let lower = match capitals {
        0 | 1 => capitals,
        several => several - 1,
    };
    kind[..lower].to_ascii_lowercase() + &kind[lower..]
}

/// The conditions under which an object is there: what people switch, and whether an
/// environment has it.
pub(super) fn conditions(draft: &Draft, shop: &mut Workshop<'_>) -> Vec<String> {
    let mut conditions = Vec::new();
    let mut add = |path: Vec<String>, each: Vec<Option<Value>>, help: &str| {
        let path = shop.values.add(leaf(path, each, Shape::AsGiven, help));
        conditions.push(value(&path));
    };
    let presence = || {
        draft
            .each
            .iter()
            .map(|tree| Some(Value::from(tree.is_some())))
            .collect()
    };
    let always = || vec![Some(Value::from(true)); draft.each.len()];
    let is_everywhere = draft.each.iter().all(Option::is_some);
    match draft.kind.as_str() {
        "Namespace" => {
            let never = vec![Some(Value::from(false)); draft.each.len()];
            let help = "Make the Namespace with the release; Helm's own `--create-namespace` cannot label it";
            add(path(&["namespace", "create"]), never, help);
            return conditions;
        }
        "HorizontalPodAutoscaler" if draft.app.is_some() => {
            let app = draft.app.as_deref().unwrap_or_default();
            add(
                path(&[app, "autoscaling", "enabled"]),
                presence(),
                "Whether an autoscaler decides the number of pods",
            );
            return conditions;
        }
        "Ingress" => add(
            path(&["global", "ingress", "enabled"]),
            always(),
            "Whether routes from outside are made",
        ),
        _ => {}
    }
    if !is_everywhere {
        let mut path = place(draft);
        path.push("enabled".to_owned());
        let help = format!("Whether there is {} `{}`", draft.kind, draft.name);
        add(path, presence(), &help);
    }
    conditions
}
