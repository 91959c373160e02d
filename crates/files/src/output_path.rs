//! The path of a file in the output folder, which cannot lead out of it.

use std::fmt;
use std::path::Path;

/// The longest name of one file or folder, in bytes: what ext4, XFS, APFS and
/// NTFS hold (NTFS counts UTF-16 units, of which there are never more).
pub const MAX_COMPONENT_BYTES: usize = 255;

/// The longest path, in bytes: a quarter of what Linux takes in one call, so
/// that the output folder's own path has room before it.
pub const MAX_PATH_BYTES: usize = 1024;

/// A relative path with `/` between its components.
///
/// It has no empty, `.` or `..` component, is not absolute, and every component
/// is a name that Linux, macOS and Windows can write. It does not name what
/// belongs to the writer or to git (`.kubewright…`, `.git`, the output folder's
/// own `.gitignore`). So joined to any folder it stays below that folder.
///
/// Ordered by its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputPath(Box<str>);

impl OutputPath {
    /// Checks a path.
    ///
    /// # Errors
    /// [`OutputPathError`], which says what is wrong and where.
    pub fn new(path: impl Into<String>) -> Result<Self, OutputPathError> {
        let path = path.into();
        check(&path)?;
        Ok(Self(path.into_boxed_str()))
    }

    /// The path, `/` between its components.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names of its folders, then that of the file; at least one.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// The name of the file: the last component.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.split().1
    }

    /// The path of the folder it lies in; empty for the output folder itself.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.split().0
    }

    /// The folder's path (possibly empty) and the name of the file.
    #[must_use]
    pub fn split(&self) -> (&str, &str) {
        self.0.rsplit_once('/').unwrap_or(("", &self.0))
    }

    /// This path in the folder `folder`, itself a path in the output folder.
    ///
    /// # Errors
    /// [`OutputPathError`] when the two together are too long or reserved.
    pub fn within(&self, folder: &str) -> Result<Self, OutputPathError> {
        Self::new(format!("{folder}/{self}"))
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<Path> for OutputPath {
    fn as_ref(&self) -> &Path {
        Path::new(&*self.0)
    }
}

impl AsRef<str> for OutputPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for OutputPath {
    type Error = OutputPathError;

    fn try_from(path: &str) -> Result<Self, Self::Error> {
        Self::new(path)
    }
}

/// Why a string is not a path in the output folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutputPathError {
    /// The empty string.
    #[error("the path is empty")]
    Empty,
    /// It starts with `/`.
    #[error("`{path}` is an absolute path")]
    Absolute {
        /// The path.
        path: String,
    },
    /// A component is empty: `a//b` or `a/`.
    #[error("`{path}` has an empty name between two `/` or at its end")]
    EmptyComponent {
        /// The path.
        path: String,
    },
    /// A component is `.` or `..`.
    #[error("`{path}` has the component `{component}`, which could leave the output folder")]
    DotComponent {
        /// The path.
        path: String,
        /// `.` or `..`.
        component: String,
    },
    /// A character that some file system cannot write: control characters,
    /// `\`, and `< > : " | ? *`.
    #[error("`{}` holds the character {character:?}, which a file name cannot have", path.escape_debug())]
    Character {
        /// The path.
        path: String,
        /// The character.
        character: char,
    },
    /// A component ends in a dot or a space, which Windows drops.
    #[error("`{path}`: the name `{component}` ends in a dot or a space, which Windows drops")]
    TrailingDotOrSpace {
        /// The path.
        path: String,
        /// The component.
        component: String,
    },
    /// A component that means something else: a device of Windows (`con`,
    /// `nul.yaml`), git's folder, or the writer's own files.
    #[error("`{path}`: the name `{component}` is reserved")]
    Reserved {
        /// The path.
        path: String,
        /// The component.
        component: String,
    },
    /// A component is longer than [`MAX_COMPONENT_BYTES`].
    #[error("`{path}`: a name of {len} bytes, at most {MAX_COMPONENT_BYTES} are possible")]
    ComponentTooLong {
        /// The path.
        path: String,
        /// The length of the component in bytes.
        len: usize,
    },
    /// The path is longer than [`MAX_PATH_BYTES`].
    #[error("a path of {len} bytes, at most {MAX_PATH_BYTES} are possible")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
}

fn check(path: &str) -> Result<(), OutputPathError> {
    let owned = || path.to_owned();
    if path.is_empty() {
        return Err(OutputPathError::Empty);
    }
    if path.len() > MAX_PATH_BYTES {
        return Err(OutputPathError::TooLong { len: path.len() });
    }
    if path.starts_with('/') {
        return Err(OutputPathError::Absolute { path: owned() });
    }
    if let Some(character) = path.chars().find(|c| is_unwritable(*c)) {
        return Err(OutputPathError::Character {
            path: owned(),
            character,
        });
    }
    if path.eq_ignore_ascii_case(".gitignore") {
        return Err(OutputPathError::Reserved {
            path: owned(),
            component: owned(),
        });
    }
    path.split('/')
        .try_for_each(|component| check_component(path, component))
}

fn check_component(path: &str, component: &str) -> Result<(), OutputPathError> {
    let path = || path.to_owned();
    let owned = || component.to_owned();
    if component.is_empty() {
        return Err(OutputPathError::EmptyComponent { path: path() });
    }
    if component == "." || component == ".." {
        return Err(OutputPathError::DotComponent {
            path: path(),
            component: owned(),
        });
    }
    if component.len() > MAX_COMPONENT_BYTES {
        return Err(OutputPathError::ComponentTooLong {
            path: path(),
            len: component.len(),
        });
    }
    if component.ends_with(['.', ' ']) {
        return Err(OutputPathError::TrailingDotOrSpace {
            path: path(),
            component: owned(),
        });
    }
    if is_reserved(component) {
        return Err(OutputPathError::Reserved {
            path: path(),
            component: owned(),
        });
    }
    Ok(())
}

fn is_unwritable(c: char) -> bool {
    c.is_control() || matches!(c, '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*')
}

/// Whether the name is a device of Windows, with or without an extension
/// (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file>), or
/// belongs to git or the writer.
fn is_reserved(component: &str) -> bool {
    let starts = |prefix: &str| {
        component
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if component.eq_ignore_ascii_case(".git") || starts(".kubewright") {
        return true;
    }
    let stem = component
        .split('.')
        .next()
        .unwrap_or(component)
        .trim_end_matches(' ');
    if ["con", "prn", "aux", "nul"]
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device))
    {
        return true;
    }
    (starts("com") || starts("lpt"))
        && matches!(
            &stem[3..],
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
        )
}

/// Whether a path lies in a folder, or in one below it. Both have `/` between their parts
/// and none at the end.
#[must_use]
pub fn is_below(path: &str, folder: &str) -> bool {
    let below = path.strip_prefix(folder);
    below.is_some_and(|below| below.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_what_emitters_write() {
        for path in [
            "api-deployment.yaml",
            "prod/api-deployment.yaml",
            "charts/shop/templates/_helpers.tpl",
            "charts/shop/.helmignore",
            "charts/shop/.gitignore",
            "Tiltfile",
            "com.example/x",
            "console.yaml",
            "über.yaml",
            "...x",
        ] {
            assert_eq!(OutputPath::new(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn refuses_what_leaves_or_cannot_be_written() {
        use OutputPathError as E;
        let path = |p: &str| p.to_owned();
        let cases = [
            ("", E::Empty),
            (
                "/etc/passwd",
                E::Absolute {
                    path: path("/etc/passwd"),
                },
            ),
            ("a//b", E::EmptyComponent { path: path("a//b") }),
            ("a/", E::EmptyComponent { path: path("a/") }),
            (
                "..",
                E::DotComponent {
                    path: path(".."),
                    component: path(".."),
                },
            ),
            (
                "a/../b",
                E::DotComponent {
                    path: path("a/../b"),
                    component: path(".."),
                },
            ),
            (
                "./b",
                E::DotComponent {
                    path: path("./b"),
                    component: path("."),
                },
            ),
            (
                "a\\b",
                E::Character {
                    path: path("a\\b"),
                    character: '\\',
                },
            ),
            (
                "C:x",
                E::Character {
                    path: path("C:x"),
                    character: ':',
                },
            ),
            (
                "a\0b",
                E::Character {
                    path: path("a\0b"),
                    character: '\0',
                },
            ),
            (
                "a\nb",
                E::Character {
                    path: path("a\nb"),
                    character: '\n',
                },
            ),
            (
                "a./b",
                E::TrailingDotOrSpace {
                    path: path("a./b"),
                    component: path("a."),
                },
            ),
            (
                "b ",
                E::TrailingDotOrSpace {
                    path: path("b "),
                    component: path("b "),
                },
            ),
            (
                "Nul.yaml",
                E::Reserved {
                    path: path("Nul.yaml"),
                    component: path("Nul.yaml"),
                },
            ),
            (
                "x/com1",
                E::Reserved {
                    path: path("x/com1"),
                    component: path("com1"),
                },
            ),
            (
                "LPT9.a.b",
                E::Reserved {
                    path: path("LPT9.a.b"),
                    component: path("LPT9.a.b"),
                },
            ),
            (
                ".gitignore",
                E::Reserved {
                    path: path(".gitignore"),
                    component: path(".gitignore"),
                },
            ),
            (
                ".GIT/hooks/x",
                E::Reserved {
                    path: path(".GIT/hooks/x"),
                    component: path(".GIT"),
                },
            ),
            (
                ".kubewright/lock.json",
                E::Reserved {
                    path: path(".kubewright/lock.json"),
                    component: path(".kubewright"),
                },
            ),
        ];
        for (text, error) in cases {
            assert_eq!(OutputPath::new(text), Err(error), "{text:?}");
        }
        let long = "x".repeat(256);
        assert_eq!(
            OutputPath::new(long.as_str()),
            Err(E::ComponentTooLong {
                path: long,
                len: 256
            })
        );
        assert_eq!(
            OutputPath::new("x/".repeat(600)),
            Err(E::TooLong { len: 1200 })
        );
    }

    #[test]
    fn splits() {
        let deep = OutputPath::new("a/b/c.yaml").unwrap();
        assert_eq!((deep.folder(), deep.file_name()), ("a/b", "c.yaml"));
        let flat = OutputPath::new("c.yaml").unwrap();
        assert_eq!((flat.folder(), flat.file_name()), ("", "c.yaml"));
        assert_eq!(flat.within("a/b").unwrap(), deep);
        assert!(flat.within("..").is_err());
    }

    proptest! {
        #[test]
        fn never_leaves_the_folder(text in "([a-zA-Z.~ :\\\\\u{0}-\u{20}é/]|\\.\\./){0,20}") {
            if let Ok(path) = OutputPath::new(text) {
                let out = Path::new("/out");
                let joined = out.join(&path);
                prop_assert!(joined.starts_with(out));
                for component in joined.strip_prefix(out).unwrap().components() {
                    prop_assert!(matches!(component, std::path::Component::Normal(_)));
                }
            }
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = OutputPath::new(text);
        }
    }

    #[test]
    fn folders_end_where_their_names_end() {
        assert!(is_below("a/b/c", "a/b"));
        assert!(!is_below("a/bc", "a/b"));
        assert!(!is_below("a/b", "a/b"));
    }
}
