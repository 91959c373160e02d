//! What images need on a fresh file system, whose root holds `lost+found`.

use crate::family::{Family, trimmed};
use crate::tag::Tags;

/// What makes an image start on a fresh file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Set this variable, unless the input sets it.
    Variable {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: String,
    },
    /// Mount this folder of the volume instead of its root.
    SubPath(&'static str),
}

/// How a family bears a folder that is not empty when it starts first.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fresh {
    /// It does not mind.
    Fine,
    /// The variable must name a folder below the mount, unless the volume is
    /// mounted at the roomy path of newer builds, below which the image's own
    /// default lies.
    FolderBelow {
        variable: &'static str,
        folder: &'static str,
        roots: &'static [&'static str],
        roomy: Option<(&'static str, Tags)>,
    },
    /// A folder of the volume must be mounted instead of its root, where it is
    /// mounted at one of the roots.
    SubPath {
        folder: &'static str,
        roots: &'static [&'static str],
    },
}

impl Family {
    /// What the build with this tag needs when a fresh file system is mounted at
    /// `mount_path`. Nothing where it needs nothing, or keeps no data there.
    pub fn fresh_file_system(&self, tag: Option<&str>, mount_path: &str) -> Option<Fix> {
        let mount = trimmed(mount_path);
        match self.fresh {
            Fresh::Fine => None,
            Fresh::SubPath { folder, roots } => {
                roots.contains(&mount).then_some(Fix::SubPath(folder))
            }
            Fresh::FolderBelow {
                variable,
                folder,
                roots,
                roomy,
            } => {
                let has_room = roomy.is_some_and(|(path, tags)| path == mount && tags.cover(tag));
                (roots.contains(&mount) && !has_room).then(|| Fix::Variable {
                    name: variable,
                    value: format!("{mount}/{folder}"),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family;

    fn fix(repository: &str, tag: Option<&str>, mount: &str) -> Option<Fix> {
        family(repository)
            .expect("the table knows the image")
            .fresh_file_system(tag, mount)
    }

    #[test]
    fn postgres_gets_a_folder_below_the_mount() {
        let table = [
            (
                Some("17"),
                "/var/lib/postgresql/data",
                Some("/var/lib/postgresql/data/pgdata"),
            ),
            (
                Some("17"),
                "/var/lib/postgresql/data/",
                Some("/var/lib/postgresql/data/pgdata"),
            ),
            (
                Some("17"),
                "/var/lib/postgresql",
                Some("/var/lib/postgresql/pgdata"),
            ),
            (Some("18"), "/var/lib/postgresql", None),
            (Some("18-alpine"), "/var/lib/postgresql", None),
            (Some("latest"), "/var/lib/postgresql", None),
            (
                Some("18"),
                "/var/lib/postgresql/data",
                Some("/var/lib/postgresql/data/pgdata"),
            ),
            (
                None,
                "/var/lib/postgresql",
                Some("/var/lib/postgresql/pgdata"),
            ),
            (Some("17"), "/backup", None),
            (Some("17"), "/docker-entrypoint-initdb.d", None),
        ];
        for (tag, mount, expected) in table {
            let expected = expected.map(|value| Fix::Variable {
                name: "PGDATA",
                value: value.to_owned(),
            });
            assert_eq!(fix("postgres", tag, mount), expected, "{tag:?} {mount}");
        }
    }

    #[test]
    fn others_get_a_sub_path_or_nothing() {
        let table = [
            ("mysql", "/var/lib/mysql", Some(Fix::SubPath("mysql"))),
            ("mariadb", "/var/lib/mysql/", Some(Fix::SubPath("mysql"))),
            ("mysql", "/etc/mysql/conf.d", None),
            (
                "confluentinc/cp-kafka",
                "/var/lib/kafka/data",
                Some(Fix::SubPath("kafka")),
            ),
            ("bitnami/mysql", "/bitnami/mysql", None),
            (
                "bitnami/mysql",
                "/bitnami/mysql/data",
                Some(Fix::SubPath("mysql")),
            ),
            ("redis", "/data", None),
            ("bitnami/postgresql", "/bitnami/postgresql", None),
        ];
        for (repository, mount, expected) in table {
            assert_eq!(
                fix(repository, Some("9"), mount),
                expected,
                "{repository} {mount}"
            );
        }
    }
}
