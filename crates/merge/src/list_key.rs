//! The merge keys of Kubernetes' lists
//! ([`kubewright_difference::merge_key`]), asked of trees that were read.

use kubewright_difference::merge_key::{identity, unique};
use kubewright_yaml::Node;

/// The identities of the items of a list that stands under `field`; none where
/// the list is atomic, an item has no identity, or two have the same.
pub(crate) fn identities(field: &str, items: &[Node]) -> Option<Vec<String>> {
    let of = |item: &Node| {
        let text = |path: &[&str]| {
            let found = path.iter().try_fold(item, |at, key| at.get(key))?;
            Some(found.as_scalar()?.text.to_string())
        };
        of_tools(field, text).or_else(|| identity(field, text))
    };
    unique(items.iter().map(of))
}

/// The identity of an item in the files of Kustomize, Skaffold and Argo CD. Names stand for
/// themselves.
///
/// <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>,
/// <https://skaffold.dev/docs/references/yaml/>
fn of_tools(field: &str, text: impl Fn(&[&str]) -> Option<String>) -> Option<String> {
    match field {
        "resources" | "components" | "files" | "rawYaml" | "sourceRepos" => text(&[]),
        "images" | "replicas" | "configMapGenerator" | "secretGenerator" | "profiles" => {
            text(&["name"])
        }
        "artifacts" => text(&["image"]),
        "patches" => text(&["path"]).or_else(|| {
            let parts = ["kind", "name", "labelSelector"].map(|key| text(&["target", key]));
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_kubernetes_have_their_keys() {
        let rows: [(&str, &str, Option<&[&str]>); 14] = [
            ("resources", "[a.yaml, ../b]", Some(&["a.yaml", "../b"])),
            ("resources", "[a.yaml, a.yaml]", None),
            (
                "profiles",
                "[{name: dev}, {name: mine}]",
                Some(&["dev", "mine"]),
            ),
            (
                "patches",
                "[{path: a.yaml}, {target: {kind: Service, name: b}, patch: c}]",
                Some(&["a.yaml", "Service b"]),
            ),
            ("images", "[a:1]", None),
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
