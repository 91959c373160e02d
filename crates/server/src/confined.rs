//! The files of the project and no others.

use std::path::Path;

use kubewright_disk::DiskFiles;
use kubewright_files::{FileError, Files, Kind};

/// Files of a folder. What lies elsewhere, also by a symbolic link, cannot be read:
/// a compose file that somebody sends may name any file.
pub(crate) struct Confined {
    files: DiskFiles,
}

impl Confined {
    /// Those of `root`, an absolute path without links.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            files: DiskFiles::new(root),
        }
    }

    fn admit(&self, path: &Path) -> Result<(), FileError> {
        match self.files.leads_outside(path, Path::new("")) {
            true => Err(FileError::Denied),
            false => Ok(()),
        }
    }
}

impl Files for Confined {
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
        self.admit(path)?;
        self.files.read_limited(path, max_bytes)
    }

    fn leads_outside(&self, path: &Path, folder: &Path) -> bool {
        self.files.leads_outside(path, folder)
    }

    fn kind(&self, path: &Path) -> Result<Kind, FileError> {
        self.admit(path)?;
        self.files.kind(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        self.admit(folder)?;
        self.files.list(folder)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_lies_elsewhere_cannot_be_read() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "x").unwrap();
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("mine"), "y").unwrap();
        symlink(outside.path(), root.path().join("link")).unwrap();
        let real = fs::canonicalize(root.path()).unwrap();
        let files = Confined::new(&real);
        let name = outside.path().file_name().unwrap().to_str().unwrap();
        assert_eq!(files.read(Path::new("mine")), Ok(b"y".to_vec()));
        assert_eq!(files.read(&real.join("mine")), Ok(b"y".to_vec()));
        assert_eq!(files.kind(Path::new("nothing")), Ok(Kind::Missing));
        for path in [
            outside.path().join("secret"),
            "link/secret".into(),
            format!("../{name}/secret").into(),
        ] {
            assert_eq!(files.read(&path), Err(FileError::Denied), "{path:?}");
            assert_eq!(files.kind(&path), Err(FileError::Denied), "{path:?}");
        }
        assert_eq!(files.list(Path::new("link")), Err(FileError::Denied));
    }
}
