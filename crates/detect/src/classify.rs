//! What a service or a module is.

use serde::Serialize;

/// Whether a service is what people come for, or what that stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A program of the project.
    Application,
    /// A database, a cache, a queue, a proxy: what applications stand on.
    Infrastructure,
}

/// The kind of workload that suits a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Kind {
    /// Any number of equal pods.
    Deployment,
    /// Pods with an identity and a claim each.
    StatefulSet,
    /// A pod on every node.
    DaemonSet,
    /// Pods that run to their end.
    Job,
    /// Jobs on a schedule.
    CronJob,
}

impl Kind {
    /// As Kubernetes spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
        }
    }
}

impl Class {
    /// In lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Infrastructure => "infrastructure",
        }
    }
}

/// Words of names of services that prepare others and end.
const ENDING: [&str; 5] = ["import", "migrate", "migration", "migrations", "seed"];

/// The word of a service's name that says that it runs to its end: `migrate` of
/// `db-migrate`, none of `immigrated` or `seedbox`.
pub(crate) fn ending_word(name: &str) -> Option<&str> {
    let mut words = name.split(['-', '_', '.']);
    let by_word = words.find(|word| ENDING.contains(word));
    by_word.or_else(|| match name {
        "setup" | "init-db" | "db-init" => Some(name),
        _ if name.ends_with("-setup") || name.ends_with("_setup") => Some("setup"),
        _ => None,
    })
}

/// The name of an image without registry, owner, tag and digest.
pub(crate) fn image_name(reference: &str) -> &str {
    let name = reference.split('@').next().unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default();
    last.split(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_that_something_ends() {
        let table = [
            ("migrate", Some("migrate")),
            ("db-migrate", Some("migrate")),
            ("api_migrations", Some("migrations")),
            ("minio-setup", Some("setup")),
            ("init-db", Some("init-db")),
            ("seed", Some("seed")),
            ("seedbox", None),
            ("importer", None),
            ("setup-ui", None),
            ("web", None),
        ];
        for (name, expected) in table {
            assert_eq!(ending_word(name), expected, "{name}");
        }
    }

    #[test]
    fn names_of_images() {
        let table = [
            ("nginx", "nginx"),
            ("localhost:5000/a/b:1", "b"),
            ("ghcr.io/acme/shop-api@sha256:00", "shop-api"),
            ("", ""),
        ];
        for (reference, expected) in table {
            assert_eq!(image_name(reference), expected);
        }
    }
}
