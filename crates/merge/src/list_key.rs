//! Which lists of Kubernetes have merge keys
//! (<https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/>,
//! `patchMergeKey` and `x-kubernetes-list-map-keys` in the API's types). All
//! other lists are atomic: they are replaced as a whole.

use kubewright_yaml::Node;

/// The identities of the items of a list that stands under `field`; none where
/// the list is atomic, an item has no identity, or two have the same.
///
/// Claim templates are atomic in Kubernetes, which never changes them in place;
/// people edit them one by one, so here their names are their identities.
pub(crate) fn identities(field: &str, items: &[Node]) -> Option<Vec<String>> {
    let found: Option<Vec<String>> = items.iter().map(|item| identity(field, item)).collect();
    let found = found?;
    let mut sorted: Vec<&String> = found.iter().collect();
    sorted.sort_unstable();
    let unique = sorted.windows(2).all(|pair| pair[0] != pair[1]);
    unique.then_some(found)
}

fn identity(field: &str, item: &Node) -> Option<String> {
    let text = |key: &str| Some(item.get(key)?.as_scalar()?.text.to_string());
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
        | "listeners" => text("name"),
        "volumeMounts" => text("mountPath"),
        "volumeDevices" => text("devicePath"),
        "hostAliases" => text("ip"),
        "conditions" => text("type"),
        "topologySpreadConstraints" => Some(format!(
            "{}/{}",
            text("topologyKey")?,
            text("whenUnsatisfiable")?
        )),
        // Containers know a port by its number, Services by theirs; those of
        // network policies have neither key and stay atomic.
        "ports" => {
            let number = text("containerPort").or_else(|| text("port"))?;
            let protocol = text("protocol").unwrap_or_else(|| "TCP".to_owned());
            Some(format!("{number}/{protocol}"))
        }
        "volumeClaimTemplates" => Some(
            item.get("metadata")?
                .get("name")?
                .as_scalar()?
                .text
                .to_string(),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_kubernetes_have_their_keys() {
        let rows: [(&str, &str, Option<&[&str]>); 9] = [
            ("containers", "[{name: a}, {name: b}]", Some(&["a", "b"])),
            ("containers", "[{name: a}, {name: a}]", None),
            ("containers", "[{image: a}]", None),
            ("args", "[a, b]", None),
            ("envFrom", "[{configMapRef: {name: a}}]", None),
            ("volumeMounts", "[{mountPath: /a, name: x}]", Some(&["/a"])),
            (
                "ports",
                "[{containerPort: 53}, {containerPort: 53, protocol: UDP}]",
                Some(&["53/TCP", "53/UDP"]),
            ),
            ("ports", "[{port: 80, targetPort: http}]", Some(&["80/TCP"])),
            (
                "volumeClaimTemplates",
                "[{metadata: {name: data}}]",
                Some(&["data"]),
            ),
        ];
        for (field, text, expected) in rows {
            let node = crate::layout::documents(text).unwrap().remove(0);
            let found = identities(field, node.as_sequence().unwrap());
            let expected =
                expected.map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(found, expected, "{field} {text}");
        }
    }
}
