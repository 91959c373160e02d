//! Whether what a container is told to run is still the server of its image.
//!
//! An image whose server does not run listens nowhere: its ports and its probe
//! would only mislead.

mod line;
mod table;

use crate::family::Family;
use line::programs;

/// What is known of the programs of a family.
#[derive(Clone, Copy, Debug)]
enum Runs {
    /// `command` is the program to run; these serve. A first word that is an
    /// option goes to the image's own server.
    Command(&'static [&'static str]),
    /// `command` is arguments of the image's own program; these serve, where the
    /// entry point is replaced.
    Arguments(&'static [&'static str]),
}

impl Family {
    /// Whether it is certain that the family's server does not run, because another
    /// program takes its place: `pg_dump …` in an image of PostgreSQL,
    /// `sh -c 'mc alias …'` in one of MinIO.
    ///
    /// `entrypoint` and `command` are those of Compose, empty where they are not
    /// given. Scripts, variables and programs that start others may serve.
    pub fn is_replaced<S: AsRef<str>>(&self, entrypoint: &[S], command: &[S]) -> bool {
        let Some((_, runs)) = table::RUNS.iter().find(|(name, _)| *name == self.name()) else {
            return false;
        };
        let (Runs::Command(servers) | Runs::Arguments(servers)) = runs;
        if entrypoint.is_empty() && matches!(runs, Runs::Arguments(_)) {
            return false;
        }
        let words = entrypoint.iter().chain(command);
        let words: Vec<&str> = words.map(AsRef::as_ref).collect();
        let programs = programs(&words);
        !programs.is_empty() && programs.iter().all(|program| is_other(program, servers))
    }
}

/// Scripts of images that are known to be no servers.
const SCRIPTS: [&str; 7] = [
    "cron.sh",
    "kafka-configs.sh",
    "kafka-console-consumer.sh",
    "kafka-console-producer.sh",
    "kafka-topics.sh",
    "kcadm.sh",
    "wait-for-it.sh",
];

/// Programs that may start any other.
const STARTERS: [&str; 9] = [
    "init",
    "parallel",
    "runsvdir",
    "runuser",
    "s6-svscan",
    "setpriv",
    "su",
    "supervisord",
    "xargs",
];

/// Whether a program is certainly none of the servers, nor one that may start them.
fn is_other(program: &str, servers: &[&str]) -> bool {
    let name = program.rsplit('/').next().unwrap_or_default();
    if SCRIPTS.contains(&name) {
        return true;
    }
    let is_known = !name.is_empty() && !name.contains(['$', '.']) && !name.contains("entrypoint");
    is_known && !servers.contains(&name) && !STARTERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use crate::{families, known};

    #[test]
    fn servers_that_do_not_run() {
        type Row = (
            &'static str,
            &'static [&'static str],
            &'static [&'static str],
            bool,
        );
        let rows: &[Row] = &[
            ("postgres:17", &[], &[], false),
            ("postgres:17", &[], &["-c", "fsync=off"], false),
            ("postgres:17", &[], &["postgres", "-c", "fsync=off"], false),
            ("postgres:17", &[], &["pg_dump", "-h", "postgres"], true),
            (
                "postgres:17",
                &[],
                &["sh", "-c", "pg_dump -U postgres postgres | gzip"],
                true,
            ),
            (
                "postgres:17",
                &[],
                &["bash", "-ec", "exec docker-entrypoint.sh postgres"],
                false,
            ),
            (
                "postgres:17",
                &["/bin/sh", "-c"],
                &["psql -h db <<< 'select 1'"],
                true,
            ),
            ("postgres:17", &["sh", "/init.sh"], &[], false),
            ("postgres:17", &["/backup"], &[], true),
            ("postgres:17", &["$BACKUP"], &[], false),
            (
                "postgres:17",
                &[],
                &["su", "postgres", "-c", "pg_ctl start"],
                false,
            ),
            ("postgres:17", &[], &["gosu", "postgres", "postgres"], false),
            ("postgres:17", &[], &["gosu", "postgres", "pg_dump"], true),
            (
                "redis:8",
                &[],
                &["redis-cli", "-h", "cache", "monitor"],
                true,
            ),
            ("redis:8", &[], &["--appendonly", "yes"], false),
            (
                "redis:8",
                &[],
                &["sh", "-c", "sysctl x=1 && exec redis-server"],
                false,
            ),
            ("redis:8", &["redis-cli"], &["ping"], true),
            (
                "redis:8",
                &[],
                &["sh", "-c", "echo yes | redis-cli --cluster create a:1"],
                true,
            ),
            ("minio/minio", &[], &["server", "/data"], false),
            (
                "minio/minio",
                &["sh", "-c"],
                &["mkdir -p /data/a && minio server /data"],
                false,
            ),
            (
                "minio/minio",
                &["sh", "-c", "mc alias set a http://minio:9000"],
                &[],
                true,
            ),
            ("nextcloud:fpm", &["/cron.sh"], &[], true),
            ("nextcloud", &[], &["apache2-foreground"], false),
            ("nginx", &[], &["nginx", "-g", "daemon off;"], false),
            ("nginx", &[], &["nginx-debug", "-g", "daemon off;"], false),
            (
                "nginx",
                &[],
                &[
                    "/bin/sh",
                    "-c",
                    "while :; do sleep 6h & wait $!; nginx -s reload; done & nginx",
                ],
                false,
            ),
            (
                "nginx",
                &[],
                &[
                    "sh",
                    "-c",
                    "envsubst < a > b; exec \"nginx\" -g 'daemon off;'",
                ],
                false,
            ),
            ("prom/prometheus", &[], &["promtool", "check"], false),
            ("prom/prometheus", &["promtool"], &["check"], true),
            (
                "elasticsearch:9",
                &[],
                &["bash", "-c", "bin/elasticsearch-certutil ca"],
                true,
            ),
            (
                "elasticsearch:9",
                &[],
                &["bash", "-c", "set -e\nbin/elasticsearch\n"],
                false,
            ),
            (
                "confluentinc/cp-kafka",
                &["sh", "-c"],
                &["kafka-topics --create"],
                true,
            ),
            ("rabbitmq:4", &[], &["tail", "-f", "/dev/null"], true),
            // Nobody knows what else this image can run.
            ("traefik/whoami", &["sleep"], &["1"], false),
        ];
        for (image, entrypoint, command, expected) in rows {
            let family = known(image).expect("a known image").family;
            let found = family.is_replaced(entrypoint, command);
            assert_eq!(found, *expected, "{image}: {entrypoint:?} {command:?}");
        }
    }

    #[test]
    fn every_row_is_of_a_family() {
        for (name, _) in super::table::RUNS {
            let is_there = families().any(|family| family.name() == *name);
            assert!(is_there, "{name} is no family");
        }
    }
}
