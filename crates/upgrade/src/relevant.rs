//! Which earlier texts are worth comparing. Most are not, and are not even read
//! as YAML.

use crate::immutable::TABLE;

/// Whether objects of this kind can have anything to compare.
#[must_use]
pub fn may_be_relevant(kind: &str) -> bool {
    kind == "CronJob" || TABLE.iter().any(|fixed| fixed.kind == kind)
}

/// Whether an earlier text has something that may be said of it. `new` is the text
/// that takes its place; none where the file no longer belongs.
#[must_use]
pub fn is_relevant(old: &str, new: Option<&str>) -> bool {
    let mut kinds = old.lines().filter_map(|line| line.strip_prefix("kind:"));
    kinds.any(|kind| match kind.trim().trim_matches(['"', '\'']) {
        "Job" | "StatefulSet" | "PersistentVolumeClaim" | "RoleBinding" | "StorageClass" => true,
        "CronJob" => old.contains("claimName"),
        "Deployment" | "DaemonSet" => {
            old.contains("claimName") || new.is_some_and(|new| selector(old) != selector(new))
        }
        "Service" => new.is_some_and(|new| old.contains("clusterIP") || new.contains("clusterIP")),
        _ => false,
    })
}

/// The lines of the selector.
fn selector(text: &str) -> Vec<&str> {
    let mut lines = text.lines().skip_while(|line| *line != "  selector:");
    lines.next();
    lines.take_while(|line| line.starts_with("   ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_matter_is_compared() {
        let selects = |name: &str| {
            format!(
                "kind: Deployment\nspec:\n  selector:\n    matchLabels:\n      app: {name}\n  template:\n"
            )
        };
        let table = [
            ("kind: Job\n", Some("kind: Job\n"), true),
            ("kind: \"Job\"\n", None, true),
            ("kind: ConfigMap\n", Some(""), false),
            ("kind: Deployment\nspec:\n  claimName: a\n", None, true),
            ("kind: Deployment\n", None, false),
            (&selects("a"), Some(&*selects("a")), false),
            (&selects("a"), Some(&*selects("b")), true),
            ("kind: Service\n", Some("spec:\n  clusterIP: None\n"), true),
            ("kind: Service\n", Some("spec:\n  ports: []\n"), false),
        ];
        for (old, new, expected) in table {
            assert_eq!(is_relevant(old, new), expected, "{old} {new:?}");
        }
    }
}
