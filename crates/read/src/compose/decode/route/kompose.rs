//! kompose's labels that say what a word of ours says.
//!
//! <https://kompose.io/user-guide/#labels>

/// Our word and its value for a label of kompose; none where we have none, and
/// the label goes on as any other.
pub(in super::super) fn word(label: &str, value: &str) -> Option<(&'static str, String)> {
    let folded = value.to_ascii_lowercase();
    let same = |word| Some((word, value.to_owned()));
    match label.strip_prefix("kompose.")? {
        "service.type" => match folded.as_str() {
            "nodeport" | "loadbalancer" => Some(("expose", folded)),
            "clusterip" => Some(("expose", "none".to_owned())),
            _ => None,
        },
        "service.expose" => match folded.as_str() {
            "true" => Some(("expose", "ingress".to_owned())),
            "false" | "" => None,
            _ => same("host"),
        },
        "controller.type" => match folded.as_str() {
            "deployment" | "daemonset" | "statefulset" => Some(("kind", folded)),
            _ => None,
        },
        "cronjob.schedule" => same("schedule"),
        "volume.size" => same("size"),
        "volume.storage-class-name" => same("storage-class"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn labels_with_a_word_of_ours() {
        let rows = [
            (
                "kompose.service.type",
                "NodePort",
                Some(("expose", "nodeport")),
            ),
            ("kompose.service.type", "headless", None),
            (
                "kompose.service.expose",
                "true",
                Some(("expose", "ingress")),
            ),
            (
                "kompose.service.expose",
                "a.test,b.test/x",
                Some(("host", "a.test,b.test/x")),
            ),
            ("kompose.controller.type", "replicationcontroller", None),
            ("kompose.volume.size", "1Gi", Some(("size", "1Gi"))),
            ("kompose.hpa.cpu", "80", None),
            ("traefik.enable", "true", None),
        ];
        for (label, value, expected) in rows {
            let expected = expected.map(|(word, value)| (word, value.to_owned()));
            assert_eq!(word(label, value), expected, "{label}");
        }
    }
}
