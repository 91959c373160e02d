//! Objects as `kubectl` names them: `deploy/web`, `services/web`, `svc/web`.

/// Kinds with their short names, as `kubectl api-resources` prints them:
/// <https://kubernetes.io/docs/reference/kubectl/#resource-types>
const SHORT: [(&str, &str); 22] = [
    ("cm", "ConfigMap"),
    ("crd", "CustomResourceDefinition"),
    ("cj", "CronJob"),
    ("deploy", "Deployment"),
    ("ds", "DaemonSet"),
    ("gtw", "Gateway"),
    ("hpa", "HorizontalPodAutoscaler"),
    ("ing", "Ingress"),
    ("limits", "LimitRange"),
    ("netpol", "NetworkPolicy"),
    ("ns", "Namespace"),
    ("pc", "PriorityClass"),
    ("pdb", "PodDisruptionBudget"),
    ("po", "Pod"),
    ("pv", "PersistentVolume"),
    ("pvc", "PersistentVolumeClaim"),
    ("quota", "ResourceQuota"),
    ("rs", "ReplicaSet"),
    ("sa", "ServiceAccount"),
    ("sc", "StorageClass"),
    ("sts", "StatefulSet"),
    ("svc", "Service"),
];

/// What makes pods: `po/web` is answered with it, as no manifest holds a pod.
const MAKE_PODS: [&str; 5] = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

/// Whether `asked` names the object `name` of the kind `kind`.
pub(super) fn is(asked: &str, kind: &str, name: &str) -> bool {
    let Some((word, asked_name)) = asked.split_once('/') else {
        return false;
    };
    name.eq_ignore_ascii_case(asked_name) && names(&word.to_ascii_lowercase(), kind)
}

fn names(word: &str, kind: &str) -> bool {
    let lower = kind.to_ascii_lowercase();
    let plural = match lower.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if lower.ends_with('s') => format!("{lower}es"),
        None => format!("{lower}s"),
    };
    let mut short = SHORT.iter();
    let is_pod = ["po", "pod", "pods"].contains(&word);
    word == lower
        || word == plural
        || short.any(|(short, of)| *short == word && *of == kind)
        || (is_pod && MAKE_PODS.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_as_kubectl_names_them() {
        let rows = [
            ("deploy/web", "Deployment", true),
            ("Deployment/web", "Deployment", true),
            ("deployments/web", "Deployment", true),
            ("sts/web", "StatefulSet", true),
            ("svc/web", "Service", true),
            ("cm/web", "ConfigMap", true),
            ("po/web", "Deployment", true),
            ("po/web", "Service", false),
            ("ingresses/web", "Ingress", true),
            ("networkpolicies/web", "NetworkPolicy", true),
            ("svc/db", "Service", false),
            ("svc/web", "Deployment", false),
            ("web", "Deployment", false),
        ];
        for (asked, kind, expected) in rows {
            assert_eq!(is(asked, kind, "web"), expected, "{asked} {kind}");
        }
    }
}
