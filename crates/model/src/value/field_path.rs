//! What a variable can take from its pod.

use super::{Invalid, LabelKey, checked_text};

/// A field of the pod that a variable can hold: `status.podIP`,
/// `metadata.labels['tier']`.
///
/// <https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#available-fields>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Box<str>);
checked_text!(FieldPath);

const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Maps of which a key is named.
const MAPS: [&str; 2] = ["metadata.labels", "metadata.annotations"];

impl FieldPath {
    /// # Errors
    /// When no variable can hold the field.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WHAT: &str = "a field of a pod that a variable can hold";
        if FIELDS.contains(&text) {
            return Ok(Self(text.into()));
        }
        let Some(rest) = MAPS.iter().find_map(|map| text.strip_prefix(map)) else {
            let near = FIELDS
                .iter()
                .find(|field| field.eq_ignore_ascii_case(text) || field.ends_with(text));
            let help = match near.filter(|_| !text.is_empty()) {
                Some(field) => format!("write `{field}`"),
                None => format!(
                    "write one of `{}`, or a key of `metadata.labels` or `metadata.annotations`",
                    FIELDS.join("`, `")
                ),
            };
            return Err(Invalid::new(WHAT, "there is none of that name", help));
        };
        let key = rest
            .strip_prefix("['")
            .and_then(|rest| rest.strip_suffix("']"));
        let Some(key) = key else {
            return Err(Invalid::new(
                WHAT,
                "it names no key",
                "write the key like `metadata.labels['tier']`",
            ));
        };
        LabelKey::parse(key)?;
        Ok(Self(text.into()))
    }
}

/// A resource of a container that a variable can hold: `limits.memory`.
///
/// <https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-resourceFieldRef>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceField(Box<str>);
checked_text!(ResourceField);

impl ResourceField {
    /// # Errors
    /// When no variable can hold the resource.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let name = text
            .strip_prefix("limits.")
            .or_else(|| text.strip_prefix("requests."));
        let fits = name.is_some_and(|name| {
            matches!(name, "cpu" | "memory" | "ephemeral-storage")
                || name
                    .strip_prefix("hugepages-")
                    .is_some_and(|size| !size.is_empty())
        });
        if !fits {
            return Err(Invalid::new(
                "a resource that a variable can hold",
                "there is none of that name",
                "write `limits.` or `requests.` with `cpu`, `memory`, `ephemeral-storage` or \
                 `hugepages-…`",
            ));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_pod() {
        let rows = [
            ("metadata.name", true),
            ("status.podIPs", true),
            ("metadata.labels['tier']", true),
            ("metadata.annotations['acme.test/x']", true),
            ("metadata.foo", false),
            ("metadata.labels", false),
            ("metadata.labels[tier]", false),
            ("metadata.labels['a b']", false),
            ("metadata.labels['']", false),
            ("metadata.labels['a']x", false),
            ("status.phase", false),
            ("", false),
        ];
        for (text, fits) in rows {
            assert_eq!(FieldPath::parse(text).is_ok(), fits, "{text}");
        }
        let help = FieldPath::parse("status.podip").unwrap_err().help;
        assert_eq!(help, "write `status.podIP`");
        let help = FieldPath::parse("podIP").unwrap_err().help;
        assert_eq!(help, "write `status.podIP`");
    }

    #[test]
    fn resources_of_a_container() {
        let rows = [
            ("limits.memory", true),
            ("requests.ephemeral-storage", true),
            ("requests.hugepages-2Mi", true),
            ("limits.hugepages-", false),
            ("memory", false),
            ("limits.storage", false),
            ("limits.nvidia.com/gpu", false),
        ];
        for (text, fits) in rows {
            assert_eq!(ResourceField::parse(text).is_ok(), fits, "{text}");
        }
    }
}
