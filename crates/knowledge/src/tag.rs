//! What the tag of an image says about the build behind it.
//!
//! A tag is `None` where the build is unknown, that is for an image pinned by
//! its digest alone. An image named with neither tag nor digest is `latest`.

/// The builds of a family that a fact holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tags {
    /// Every build.
    Any,
    /// Builds on Alpine Linux.
    Alpine,
    /// Builds on the family's usual distribution.
    Usual,
    /// Builds of exactly this major version.
    Major(u32),
    /// Builds of this major version or a later one.
    Since(u32),
    /// Builds that are not known to be of this major version or a later one.
    Before(u32),
    /// Builds whose tag has this word between its hyphens.
    Word(&'static str),
}

impl Tags {
    /// Whether the fact holds for the build with this tag. An unknown build is
    /// covered only by what holds for all.
    pub(crate) fn cover(self, tag: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::Alpine => tag.is_some_and(on_alpine),
            Self::Usual => tag.is_some_and(|tag| !on_alpine(tag) && !on_windows(tag)),
            Self::Major(wanted) => tag.and_then(major) == Some(wanted),
            Self::Since(first) => tag.and_then(major).is_some_and(|major| major >= first),
            Self::Before(first) => !Self::Since(first).cover(tag),
            Self::Word(word) => tag.is_some_and(|tag| tag.split('-').any(|part| part == word)),
        }
    }
}

/// Whether a tag such as `17-alpine3.21` names a build on Alpine Linux.
pub(crate) fn on_alpine(tag: &str) -> bool {
    tag.split('-').any(|part| part.starts_with("alpine"))
}

fn on_windows(tag: &str) -> bool {
    tag.split('-')
        .any(|part| part.starts_with("windowsservercore") || part.starts_with("nanoserver"))
}

/// The major version that a tag names, the largest number for the newest build
/// (`latest`, `alpine`, `bookworm`), nothing where the tag does not tell.
///
/// Extensions of PostgreSQL name its version after `pg`: `2.17.2-pg16`.
fn major(tag: &str) -> Option<u32> {
    let parts = || tag.split(['-', '_']);
    parts()
        .find_map(|part| leading_number(part.strip_prefix("pg")?))
        .or_else(|| leading_number(tag.strip_prefix('v').unwrap_or(tag)))
        .or_else(|| parts().all(names_the_newest).then_some(u32::MAX))
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text[..end].parse().ok()
}

fn names_the_newest(part: &str) -> bool {
    const WORDS: [&str; 7] = [
        "latest", "slim", "bullseye", "bookworm", "trixie", "jammy", "noble",
    ];
    WORDS.contains(&part) || part.starts_with("alpine")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_version_of_a_tag() {
        let table = [
            ("17", Some(17)),
            ("17.2-alpine3.21", Some(17)),
            ("v2.53.0", Some(2)),
            ("2.17.2-pg16", Some(16)),
            ("pg18-trixie", Some(18)),
            ("latest-pg17", Some(17)),
            ("latest", Some(u32::MAX)),
            ("alpine", Some(u32::MAX)),
            ("alpine3.20", Some(u32::MAX)),
            ("bookworm", Some(u32::MAX)),
            ("lts-community", None),
            ("nightly", None),
            ("", None),
            ("99999999999", None),
        ];
        for (tag, expected) in table {
            assert_eq!(major(tag), expected, "{tag}");
        }
    }

    #[test]
    fn facts_cover_builds() {
        let table = [
            (Tags::Any, None, true),
            (Tags::Alpine, Some("7-alpine"), true),
            (Tags::Alpine, Some("7"), false),
            (Tags::Alpine, None, false),
            (Tags::Usual, Some("7-bookworm"), true),
            (Tags::Usual, Some("alpine3.20"), false),
            (Tags::Usual, Some("7-windowsservercore-ltsc2022"), false),
            (Tags::Usual, None, false),
            (Tags::Major(2), Some("2.7-alpine"), true),
            (Tags::Major(2), Some("20"), false),
            (Tags::Since(18), Some("18.1"), true),
            (Tags::Since(18), Some("17"), false),
            (Tags::Since(18), None, false),
            (Tags::Before(18), Some("17"), true),
            (Tags::Before(18), Some("latest"), false),
            (Tags::Before(18), None, true),
            (Tags::Word("rootless"), Some("1.22-rootless"), true),
            (Tags::Word("rootless"), Some("1.22"), false),
        ];
        for (tags, tag, expected) in table {
            assert_eq!(tags.cover(tag), expected, "{tags:?} {tag:?}");
        }
    }
}
