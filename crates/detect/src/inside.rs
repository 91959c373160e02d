//! The files of a folder, and none outside of it.

use std::path::{Component, Path};

use kubewright_files::{FileError, Files, Kind};

/// Files below the folder at which relative paths of `files` start. A path that
/// leads out of it, by `..`, from the root or through a link, is denied.
pub(crate) struct Inside<'a> {
    files: &'a dyn Files,
}

impl<'a> Inside<'a> {
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        Self { files }
    }

    /// The text of a file of at most `limit` bytes; none where there is none, it is longer,
    /// or no text.
    pub(crate) fn text(&self, path: &str, limit: u64) -> Option<String> {
        let bytes = self.read_limited(Path::new(path), limit).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        Some(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        })
    }

    fn check(&self, path: &Path) -> Result<(), FileError> {
        let mut depth = 0_usize;
        for part in path.components() {
            match part {
                Component::CurDir => {}
                Component::Normal(_) => depth += 1,
                Component::ParentDir => {
                    depth = depth.checked_sub(1).ok_or(FileError::Denied)?;
                }
                Component::RootDir | Component::Prefix(_) => return Err(FileError::Denied),
            }
        }
        match self.files.leads_outside(path, Path::new("")) {
            true => Err(FileError::Denied),
            false => Ok(()),
        }
    }
}

impl Files for Inside<'_> {
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
        self.check(path)?;
        self.files.read_limited(path, max_bytes)
    }

    fn leads_outside(&self, path: &Path, folder: &Path) -> bool {
        self.check(path).is_err() || self.files.leads_outside(path, folder)
    }

    fn kind(&self, path: &Path) -> Result<Kind, FileError> {
        self.check(path)?;
        self.files.kind(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        self.check(folder)?;
        self.files.list(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubewright_files::MemoryFiles;

    #[test]
    fn nothing_outside_is_read() {
        let files = MemoryFiles::new().with("a/b", "x").with("/etc/passwd", "y");
        let inside = Inside::new(&files);
        for path in ["a/b", "./a/b", "a/../a/b", "a/./b"] {
            assert_eq!(inside.text(path, 9).as_deref(), Some("x"), "{path}");
        }
        let outside = [
            "/etc/passwd",
            "../etc/passwd",
            "a/../../etc/passwd",
            "../project/a/b",
        ];
        for path in outside {
            let path = Path::new(path);
            assert_eq!(inside.read(path), Err(FileError::Denied), "{path:?}");
            assert_eq!(inside.kind(path), Err(FileError::Denied), "{path:?}");
            assert_eq!(inside.list(path), Err(FileError::Denied), "{path:?}");
        }
    }

    #[test]
    fn links_that_lead_out_are_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::write(root.join("real"), "x").expect("a file");
        std::os::unix::fs::symlink("real", root.join("near")).expect("a link");
        std::os::unix::fs::symlink("/etc/hostname", root.join("far")).expect("a link");
        let files = kubewright_disk::DiskFiles::new(root);
        let inside = Inside::new(&files);
        assert_eq!(inside.text("near", 9).as_deref(), Some("x"));
        assert_eq!(inside.read(Path::new("far")), Err(FileError::Denied));
    }
}
