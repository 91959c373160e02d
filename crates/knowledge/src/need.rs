//! Variables without which an image does not start.

use std::borrow::Cow;
use std::fmt;

use crate::family::Family;
use crate::tag::Tags;

/// Something that an image has to be told by variables, or else it ends at once:
/// mostly who may log in to a database that does not exist yet.
#[derive(Debug)]
pub struct Need {
    /// What is enough, each for itself; the first is what people commonly give.
    pub one_of: &'static [Telling],
    /// What is not worth proposing and takes the need away all the same, for
    /// example a copy that gets everything from another server.
    pub(crate) unless: &'static [Telling],
    /// The variable with which the need comes; none: it is always there.
    pub(crate) with: Option<&'static str>,
    pub(crate) tags: Tags,
}

/// A variable, and what must be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Anything but an empty text.
    Filled(&'static str),
    /// Anything; the empty text, too.
    Set(&'static str),
    /// This text.
    Is(&'static str, &'static str),
}

impl Telling {
    /// The variable's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Filled(name) | Self::Set(name) | Self::Is(name, _) => name,
        }
    }

    fn is_told(self, value: &str) -> bool {
        match self {
            Self::Filled(_) => !value.is_empty(),
            Self::Set(_) => true,
            Self::Is(_, wanted) => value == wanted,
        }
    }
}

/// As people write it: `NAME`, or `NAME=value`.
impl fmt::Display for Telling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filled(name) | Self::Set(name) => f.write_str(name),
            Self::Is(name, value) => write!(f, "{name}={value}"),
        }
    }
}

impl Family {
    /// What the build with this tag has to be told and is not. `value` gives the
    /// value of a variable, where it is set; an unknown one as any text that is
    /// not empty. In the order of the table.
    pub fn open_needs<'v>(
        &'static self,
        tag: Option<&str>,
        value: impl Fn(&str) -> Option<Cow<'v, str>>,
    ) -> Vec<&'static Need> {
        let told = |telling: &Telling| {
            let own = value(telling.name()).is_some_and(|value| telling.is_told(&value));
            own || self.in_file(*telling, &value)
        };
        let filled = |name: &str| value(name).is_some_and(|value| !value.is_empty());
        let open = |need: &&Need| {
            need.tags.cover(tag)
                && need.with.is_none_or(filled)
                && !need.one_of.iter().chain(need.unless).any(told)
        };
        self.needs.iter().filter(open).collect()
    }

    /// Whether a file is named that has the value.
    fn in_file<'v>(&self, telling: Telling, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> bool {
        self.file_suffix.is_some_and(|suffix| {
            let file = value(&format!("{}{suffix}", telling.name()));
            file.is_some_and(|file| !file.is_empty())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::{families, known};

    /// The first variable of each open need.
    fn open(image: &str, given: &[(&str, &str)]) -> Vec<&'static str> {
        let known = known(image).expect("a known image");
        let value = |name: &str| {
            let found = given.iter().find(|(given, _)| *given == name);
            found.map(|(_, value)| Cow::Borrowed(*value))
        };
        let open = known.family.open_needs(known.tag, value);
        open.iter().map(|need| need.one_of[0].name()).collect()
    }

    #[test]
    fn what_images_refuse_to_start_without() {
        type Row = (
            &'static str,
            &'static [(&'static str, &'static str)],
            &'static [&'static str],
        );
        let rows: &[Row] = &[
            ("postgres:17", &[], &["POSTGRES_PASSWORD"]),
            ("postgres:17", &[("POSTGRES_PASSWORD", "x")], &[]),
            (
                "postgres:17",
                &[("POSTGRES_PASSWORD", "")],
                &["POSTGRES_PASSWORD"],
            ),
            (
                "postgres:17",
                &[("POSTGRES_PASSWORD_FILE", "/run/secrets/p")],
                &[],
            ),
            (
                "postgres:17",
                &[("POSTGRES_HOST_AUTH_METHOD", "trust")],
                &[],
            ),
            (
                "postgres",
                &[("POSTGRES_HOST_AUTH_METHOD", "md5")],
                &["POSTGRES_PASSWORD"],
            ),
            (
                "postgres:17",
                &[("MYSQL_ROOT_PASSWORD", "x")],
                &["POSTGRES_PASSWORD"],
            ),
            // Builds of early 2020 and before started without.
            ("postgres:11.2", &[], &[]),
            ("postgres@sha256:0", &[], &[]),
            ("pgvector/pgvector:pg17", &[], &["POSTGRES_PASSWORD"]),
            (
                "timescale/timescaledb:2.17.2-pg16",
                &[],
                &["POSTGRES_PASSWORD"],
            ),
            ("mysql:8.4", &[], &["MYSQL_ROOT_PASSWORD"]),
            (
                "mysql:8.4",
                &[("MYSQL_PASSWORD", "x")],
                &["MYSQL_ROOT_PASSWORD"],
            ),
            ("mysql:5.7", &[("MYSQL_ALLOW_EMPTY_PASSWORD", "yes")], &[]),
            ("mysql:8.4", &[("MYSQL_RANDOM_ROOT_PASSWORD", "1")], &[]),
            ("mariadb:11", &[], &["MARIADB_ROOT_PASSWORD"]),
            ("mariadb:11", &[("MYSQL_ROOT_PASSWORD", "x")], &[]),
            ("mariadb:11", &[("MARIADB_ROOT_PASSWORD_HASH", "x")], &[]),
            ("percona:8", &[], &["MYSQL_ROOT_PASSWORD"]),
            ("mongo:8", &[], &[]),
            (
                "mongo:8",
                &[("MONGO_INITDB_ROOT_USERNAME", "root")],
                &["MONGO_INITDB_ROOT_PASSWORD"],
            ),
            (
                "mongo:8",
                &[("MONGO_INITDB_ROOT_PASSWORD", "x")],
                &["MONGO_INITDB_ROOT_USERNAME"],
            ),
            ("redis:8", &[], &[]),
            ("arangodb:3.12", &[], &["ARANGO_ROOT_PASSWORD"]),
            ("arangodb:3.12", &[("ARANGO_ROOT_PASSWORD", "")], &[]),
            (
                "mcr.microsoft.com/mssql/server:2022-latest",
                &[("SA_PASSWORD", "x")],
                &["ACCEPT_EULA"],
            ),
            (
                "gvenzl/oracle-free",
                &[("ORACLE_RANDOM_PASSWORD", "y")],
                &[],
            ),
            ("bitnami/postgresql:16", &[], &["POSTGRESQL_PASSWORD"]),
            ("bitnami/postgresql:16", &[("POSTGRES_PASSWORD", "x")], &[]),
            ("bitnami/mysql:8", &[("ALLOW_EMPTY_PASSWORD", "yes")], &[]),
            (
                "bitnami/mysql:8",
                &[("MYSQL_REPLICATION_MODE", "slave")],
                &[],
            ),
            ("bitnami/redis:7", &[], &["REDIS_PASSWORD"]),
        ];
        for (image, given, expected) in rows {
            assert_eq!(open(image, given), *expected, "{image} {given:?}");
        }
    }

    #[test]
    fn needs_are_among_the_variables_of_their_row() {
        for family in families() {
            for need in family.needs {
                let first = need.one_of.first().expect("a need proposes something");
                let name = first.name();
                assert!(
                    family.variables.contains(&name),
                    "{}: {name}",
                    family.name()
                );
            }
        }
    }
}
