//! Routes from outside.

use serde_json::Value;

use crate::helm::draft::{Draft, Workshop, Written, camel, leaf, path};
use crate::helm::hole::value;
use crate::helm::values::Shape;
use crate::helm::way::map_at;

/// Makes values of class, hosts and annotations; these stand in `group`.
pub(super) fn lift(draft: &mut Draft, group: &[&str], shop: &mut Workshop<'_>) {
    let below = |key: &str| {
        let mut path = path(group);
        path.push(key.to_owned());
        path
    };
    let said = (
        path(&["global", "ingress", "className"]),
        "The class of controllers that serve the routes",
    );
    draft.lift_optional(
        &|tree| map_at(tree, &["spec"]),
        "ingressClassName",
        said,
        Written::Text,
        shop,
    );
    hosts(draft, &below, shop);
    let said = (below("annotations"), "Further annotations of the Ingress");
    draft.add_keys(
        &|tree| map_at(tree, &["metadata"]),
        "annotations",
        said,
        shop,
    );
}

/// Hosts at the same place in all environments are one value, wherever they stand.
fn hosts(draft: &mut Draft, below: &dyn Fn(&str) -> Vec<String>, shop: &mut Workshop<'_>) {
    let of = |tree: &Option<Value>| -> Vec<String> {
        let rules = tree
            .as_ref()
            .and_then(|tree| tree["spec"]["rules"].as_array());
        let hosts = rules
            .into_iter()
            .flatten()
            .filter_map(|rule| rule["host"].as_str());
        hosts.map(str::to_owned).collect()
    };
    let each: Vec<Vec<String>> = draft.each.iter().map(of).collect();
    let present = || {
        each.iter()
            .zip(&draft.each)
            .filter(|(_, tree)| tree.is_some())
    };
    let count = present().map(|(hosts, _)| hosts.len()).next().unwrap_or(0);
    if present().any(|(hosts, _)| hosts.len() != count) {
        return;
    }
    // Where environments have other routes, too, these are values as a whole.
    let mut routes = draft.each.iter().flatten().map(|tree| {
        let mut rules = tree["spec"]["rules"].clone();
        for rule in rules.as_array_mut().into_iter().flatten() {
            rule["host"] = Value::Null;
        }
        rules
    });
    let first = routes.next();
    if routes.any(|routes| Some(routes) != first) {
        return;
    }
    let mut columns: Vec<Vec<Option<String>>> = (0..count)
        .map(|at| each.iter().map(|hosts| hosts.get(at).cloned()).collect())
        .collect();
    columns.dedup();
    let first =
        |column: &Vec<Option<String>>| column.iter().flatten().next().cloned().unwrap_or_default();
    let single = columns.len() == 1;
    for column in columns {
        let path = match single {
            true => below("host"),
            false => {
                let mut path = below("hosts");
                path.push(camel(&first(&column)));
                path
            }
        };
        let values = column
            .iter()
            .map(|host| host.as_deref().map(Value::from))
            .collect();
        let path = shop.values.add(leaf(
            path,
            values,
            Shape::Exact,
            "The host that requests are for",
        ));
        let mark = shop.holes.inline(Written::Text.action(&value(&path)));
        for (tree, host) in draft.each.iter_mut().zip(&column) {
            if let (Some(tree), Some(host)) = (tree, host) {
                replace_host(&mut tree["spec"], host, &mark);
            }
        }
    }
}

fn replace_host(spec: &mut Value, host: &str, mark: &Value) {
    let rules = spec.get_mut("rules").and_then(Value::as_array_mut);
    for rule in rules.into_iter().flatten() {
        if rule["host"] == host {
            rule["host"] = mark.clone();
        }
    }
    let tls = spec.get_mut("tls").and_then(Value::as_array_mut);
    let lists = tls
        .into_iter()
        .flatten()
        .filter_map(|tls| tls.get_mut("hosts")?.as_array_mut());
    for known in lists.flatten().filter(|known| **known == host) {
        *known = mark.clone();
    }
}
