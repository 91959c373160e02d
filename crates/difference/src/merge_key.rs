//! Which lists of Kubernetes have merge keys
//! (<https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/>,
//! `patchMergeKey` and `x-kubernetes-list-map-keys` in the API's types). All
//! other lists are atomic: they are replaced as a whole.

use serde_json::Value;

/// The identity of an item of the list that stands under `field`; none where the
/// list is atomic or the item has no identity. `text` gives the scalar at a path of
/// keys within the item.
///
/// Claim templates are atomic in Kubernetes, which never changes them in place;
/// people edit them one by one, so here their names are their identities.
pub fn identity(field: &str, text: impl Fn(&[&str]) -> Option<String>) -> Option<String> {
    match field {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "env"
        | "volumes"
        | "imagePullSecrets"
        | "secrets"
        | "schedulingGates"
        | "resourceClaims"
        | "claims"
        | "listeners" => text(&["name"]),
        "volumeMounts" => text(&["mountPath"]),
        "volumeDevices" => text(&["devicePath"]),
        "hostAliases" => text(&["ip"]),
        "conditions" => text(&["type"]),
        "topologySpreadConstraints" => Some(format!(
            "{}/{}",
            text(&["topologyKey"])?,
            text(&["whenUnsatisfiable"])?
        )),
        // Containers know a port by its number, Services by theirs; those of
        // network policies have neither key and stay atomic.
        "ports" => {
            let number = text(&["containerPort"]).or_else(|| text(&["port"]))?;
            let protocol = text(&["protocol"]).unwrap_or_else(|| "TCP".to_owned());
            Some(format!("{number}/{protocol}"))
        }
        "volumeClaimTemplates" => text(&["metadata", "name"]),
        _ => None,
    }
}

/// The identities of all items; none where one has none, or two have the same.
pub fn unique(identities: impl Iterator<Item = Option<String>>) -> Option<Vec<String>> {
    let found: Option<Vec<String>> = identities.collect();
    let found = found?;
    let mut sorted: Vec<&String> = found.iter().collect();
    sorted.sort_unstable();
    let unique = sorted.windows(2).all(|pair| pair[0] != pair[1]);
    unique.then_some(found)
}

/// The identities of the items of a list of values.
pub fn of_values(field: &str, items: &[Value]) -> Option<Vec<String>> {
    unique(
        items
            .iter()
            .map(|item| identity(field, |path| scalar(item, path))),
    )
}

fn scalar(item: &Value, path: &[&str]) -> Option<String> {
    let mut at = item;
    for key in path {
        at = at.get(key)?;
    }
    match at {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(on) => Some(on.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
