//! Paths inside a container.

use super::{Invalid, checked_text};

/// Where something is mounted: an absolute path inside the container without
/// `:`, `.` and `..` parts, doubled or trailing slashes (they are dropped).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MountPath(Box<str>);
checked_text!(MountPath);

impl MountPath {
    /// # Errors
    /// When the path is not absolute, is the root itself, goes up with `..`, or
    /// has a `:` or control character.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = |why: &str| {
            Invalid::new(
                "a mount path",
                why,
                "write an absolute path like `/var/lib/data`",
            )
        };
        let text = text.trim();
        if !text.starts_with('/') {
            return Err(wrong("it is not absolute"));
        }
        if text.contains(':') || text.chars().any(char::is_control) {
            return Err(wrong("it has `:` or a control character"));
        }
        let mut path = String::with_capacity(text.len());
        for part in text
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
        {
            if part == ".." {
                return Err(wrong("it goes up with `..`"));
            }
            path.push('/');
            path.push_str(part);
        }
        if path.is_empty() {
            return Err(wrong("it is the root of the file system"));
        }
        Ok(Self(path.into()))
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

/// A path within a volume: relative, without `..`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubPath(Box<str>);
checked_text!(SubPath);

impl SubPath {
    /// # Errors
    /// When the path is absolute, empty or goes up with `..`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let inside = !text.is_empty()
            && !text.starts_with('/')
            && text.split('/').all(|part| part != "..")
            && !text.chars().any(char::is_control);
        if !inside {
            return Err(Invalid::new(
                "a path within a volume",
                "it leaves the volume or is empty",
                "write a relative path like `logs/web`",
            ));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_paths_are_absolute_and_plain() {
        assert_eq!(MountPath::parse("/a//b/./c/").unwrap().as_str(), "/a/b/c");
        assert_eq!(MountPath::parse("/a/b.ini").unwrap().file_name(), "b.ini");
        for bad in ["", "a", "/", "/a/../b", "/a:b", "/a\nb"] {
            assert!(MountPath::parse(bad).is_err(), "{bad:?}");
        }
        assert!(SubPath::parse("a/b").is_ok());
        assert!(SubPath::parse("../a").is_err());
    }
}
