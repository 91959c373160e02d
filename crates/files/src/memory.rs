//! Files in memory, for tests and for callers that have no disk.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

use crate::{FileError, Files, Kind};

const WORKING_FOLDER: &str = "/project";

/// [`Files`] held in memory.
///
/// Folders exist where files lie in them. Relative paths start at the working
/// folder `/project`; `.` and `..` are resolved by name.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    entries: BTreeMap<PathBuf, Entry>,
}

#[derive(Debug, Clone)]
enum Entry {
    File { bytes: Vec<u8>, executable: bool },
    Folder,
    Special,
    Denied,
}

impl MemoryFiles {
    /// No files at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a file of these bytes at `path`, in the place of what was there.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        self.insert(path, bytes);
        self
    }

    /// With a file that anybody may run.
    #[must_use]
    pub fn with_executable(self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Self {
        let entry = Entry::File {
            bytes: bytes.into(),
            executable: true,
        };
        self.with_entry(path, entry)
    }

    /// With a folder, which may stay empty.
    #[must_use]
    pub fn with_folder(self, path: impl AsRef<Path>) -> Self {
        self.with_entry(path, Entry::Folder)
    }

    /// With a pipe, socket or device.
    #[must_use]
    pub fn with_special(self, path: impl AsRef<Path>) -> Self {
        self.with_entry(path, Entry::Special)
    }

    /// With a file that exists and may not be read.
    #[must_use]
    pub fn with_denied(self, path: impl AsRef<Path>) -> Self {
        self.with_entry(path, Entry::Denied)
    }

    /// Puts a file of these bytes at `path`, in the place of what was there.
    pub fn insert(&mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        let entry = Entry::File {
            bytes: bytes.into(),
            executable: false,
        };
        self.entries.insert(absolute(path.as_ref()), entry);
    }

    fn with_entry(mut self, path: impl AsRef<Path>, entry: Entry) -> Self {
        self.entries.insert(absolute(path.as_ref()), entry);
        self
    }

    /// Everything below `folder`, in the order of the paths.
    fn below<'a>(&'a self, folder: &'a Path) -> impl Iterator<Item = &'a PathBuf> {
        self.entries
            .range::<Path, _>((Bound::Excluded(folder), Bound::Unbounded))
            .map(|(path, _)| path)
            .take_while(move |path| path.starts_with(folder))
    }

    fn is_folder(&self, path: &Path) -> bool {
        path == Path::new(WORKING_FOLDER)
            || path == Path::new("/")
            || matches!(self.entries.get(path), Some(Entry::Folder))
            || self.below(path).next().is_some()
    }
}

impl Files for MemoryFiles {
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
        let path = absolute(path);
        match self.entries.get(&path) {
            Some(Entry::File { bytes, .. }) => {
                let len = bytes.len() as u64;
                if len > max_bytes {
                    return Err(FileError::TooLarge {
                        len,
                        limit: max_bytes,
                    });
                }
                Ok(bytes.clone())
            }
            Some(Entry::Folder | Entry::Special) => Err(FileError::NotAFile),
            Some(Entry::Denied) => Err(FileError::Denied),
            None if self.is_folder(&path) => Err(FileError::NotAFile),
            None => Err(FileError::NotFound),
        }
    }

    fn kind(&self, path: &Path) -> Result<Kind, FileError> {
        let path = absolute(path);
        Ok(match self.entries.get(&path) {
            Some(Entry::File { bytes, executable }) => Kind::File {
                len: bytes.len() as u64,
                executable: *executable,
            },
            Some(Entry::Denied) => Kind::File {
                len: 0,
                executable: false,
            },
            Some(Entry::Folder) => Kind::Folder,
            Some(Entry::Special) => Kind::Special,
            None if self.is_folder(&path) => Kind::Folder,
            None => Kind::Missing,
        })
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        let folder = absolute(folder);
        if !self.is_folder(&folder) {
            let there = self.entries.contains_key(&folder);
            return Err(if there {
                FileError::NotAFolder
            } else {
                FileError::NotFound
            });
        }
        let names: BTreeSet<String> = self
            .below(&folder)
            .filter_map(|path| path.strip_prefix(&folder).ok()?.components().next())
            .map(|name| name.as_os_str().to_string_lossy().into_owned())
            .collect();
        Ok(names.into_iter().collect())
    }
}

/// The absolute form of a path without `.` and `..`.
fn absolute(path: &Path) -> PathBuf {
    let mut whole = PathBuf::from("/");
    for component in Path::new(WORKING_FOLDER).join(path).components() {
        match component {
            Component::ParentDir => {
                whole.pop();
            }
            Component::Normal(name) => whole.push(name),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> MemoryFiles {
        MemoryFiles::new()
            .with("compose.yaml", "services: {}")
            .with("conf/a.conf", "a")
            .with("conf/sub/b.conf", "b")
            .with("conf.bak", "")
            .with_executable("run.sh", "#!")
            .with("/etc/hosts", "h")
            .with_folder("empty")
            .with_special("pipe")
            .with_denied("shadow")
    }

    #[test]
    fn reads_by_any_spelling_of_the_path() {
        for path in [
            "compose.yaml",
            "./compose.yaml",
            "conf/../compose.yaml",
            "/project/compose.yaml",
        ] {
            assert_eq!(
                files().read(Path::new(path)).unwrap(),
                b"services: {}",
                "{path}"
            );
        }
        assert_eq!(files().read(Path::new("../etc/hosts")).unwrap(), b"h");
    }

    #[test]
    fn refuses_what_is_no_readable_file() {
        let cases = [
            ("nothing", FileError::NotFound),
            ("conf", FileError::NotAFile),
            ("empty", FileError::NotAFile),
            ("pipe", FileError::NotAFile),
            ("shadow", FileError::Denied),
        ];
        for (path, error) in cases {
            assert_eq!(files().read(Path::new(path)), Err(error), "{path}");
        }
        let long = files().read_limited(Path::new("compose.yaml"), 3);
        assert_eq!(long, Err(FileError::TooLarge { len: 12, limit: 3 }));
    }

    #[test]
    fn tells_kinds() {
        let cases = [
            ("nothing", Kind::Missing),
            ("conf", Kind::Folder),
            ("", Kind::Folder),
            ("empty", Kind::Folder),
            ("pipe", Kind::Special),
            (
                "run.sh",
                Kind::File {
                    len: 2,
                    executable: true,
                },
            ),
            (
                "conf/a.conf",
                Kind::File {
                    len: 1,
                    executable: false,
                },
            ),
        ];
        for (path, kind) in cases {
            assert_eq!(files().kind(Path::new(path)), Ok(kind), "{path}");
        }
    }

    #[test]
    fn lists_names_in_order() {
        assert_eq!(files().list(Path::new("conf")).unwrap(), ["a.conf", "sub"]);
        let top = [
            "compose.yaml",
            "conf",
            "conf.bak",
            "empty",
            "pipe",
            "run.sh",
            "shadow",
        ];
        assert_eq!(files().list(Path::new(".")).unwrap(), top);
        assert!(files().list(Path::new("empty")).unwrap().is_empty());
        assert_eq!(
            files().list(Path::new("conf.bak")),
            Err(FileError::NotAFolder)
        );
        assert_eq!(files().list(Path::new("nothing")), Err(FileError::NotFound));
    }
}
