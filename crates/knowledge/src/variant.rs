//! Builds of a family that listen elsewhere than the others.

use std::sync::LazyLock;

use crate::family::{Family, Port};
use crate::lookup::families;
use crate::row::{port, tcp};

/// What FastCGI is spoken on by all of them: not HTTP, so that a web server has to
/// stand before it.
const FASTCGI: &[Port] = &[port(9000, "fastcgi")];

/// Families with builds that speak FastCGI, and the word of their tags.
const FASTCGI_BUILDS: [(&str, &str); 9] = [
    ("adminer", "fastcgi"),
    ("drupal", "fpm"),
    ("joomla", "fpm"),
    ("matomo", "fpm"),
    ("mediawiki", "fpm"),
    ("nextcloud", "fpm"),
    ("php", "fpm"),
    ("phpmyadmin", "fpm"),
    ("wordpress", "fpm"),
];

/// Families with builds that serve nothing: tools for the command line.
const TOOL_BUILDS: [(&str, &str); 2] = [("php", "cli"), ("wordpress", "cli")];

/// A build: the family's name, the word of its tags, and its own row.
type Build = (&'static str, &'static str, Family);

static BUILDS: LazyLock<Vec<Build>> = LazyLock::new(|| {
    let row = |name: &str| families().find(|family| family.name() == name);
    let fastcgi = FASTCGI_BUILDS.iter().filter_map(|(name, word)| {
        let family = row(name)?.clone();
        let ports = FASTCGI;
        let probe = tcp(9000);
        Some((
            *name,
            *word,
            Family {
                ports,
                probe,
                ..family
            },
        ))
    });
    let tools = TOOL_BUILDS.iter().filter_map(|(name, word)| {
        let family = row(name)?.clone();
        let ports = &[];
        let probe = None;
        Some((
            *name,
            *word,
            Family {
                ports,
                probe,
                ..family
            },
        ))
    });
    fastcgi.chain(tools).collect()
});

/// The row of the build with this tag, the family's own where it is like the others.
pub(crate) fn of(family: &'static Family, tag: Option<&str>) -> &'static Family {
    let Some(tag) = tag.filter(|tag| WORDS.iter().any(|word| tag.contains(word))) else {
        return family;
    };
    let is_word = |word: &str| tag.split('-').any(|part| part == word);
    let found = BUILDS
        .iter()
        .find(|(name, word, _)| *name == family.name() && is_word(word));
    found.map_or(family, |(_, _, build)| build)
}

/// A look that costs little: most tags are of no such build.
const WORDS: [&str; 3] = ["fpm", "fastcgi", "cli"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Probe, known};

    #[test]
    fn builds_listen_where_they_do() {
        let rows: [(&str, &[u16]); 12] = [
            ("nextcloud:29-fpm-alpine", &[9000]),
            ("nextcloud:fpm", &[9000]),
            ("nextcloud:29-apache", &[80]),
            ("nextcloud", &[80]),
            ("wordpress:6-php8.3-fpm", &[9000]),
            ("wordpress:cli-php8.3", &[]),
            ("php:8.3-fpm-alpine", &[9000]),
            ("php:8.3-cli", &[]),
            ("php:8.3-apache", &[]),
            ("adminer:4-fastcgi", &[9000]),
            ("docker.io/library/drupal:11-fpm", &[9000]),
            ("redis:fpm", &[6379]),
        ];
        for (image, expected) in rows {
            let found = known(image).expect("a known image").family.ports;
            let found: Vec<u16> = found.iter().map(|port| port.number).collect();
            assert_eq!(found, expected, "{image}");
        }
        let fpm = known("nextcloud:fpm").expect("a known image").family;
        assert_eq!(fpm.probe, Some(Probe::Tcp(9000)));
        assert_eq!(fpm.name(), "nextcloud");
        assert!(fpm.data_paths(Some("fpm")).next().is_some());
    }

    #[test]
    fn every_build_is_of_a_family_and_found() {
        for (name, word) in FASTCGI_BUILDS.iter().chain(&TOOL_BUILDS) {
            let row = families().find(|family| family.name() == *name);
            assert!(row.is_some(), "{name} is no family");
            assert!(WORDS.contains(word), "{word}");
        }
    }
}
