//! Reading from the disk.

use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use kubewright_files::{FileError, Files, Kind};

/// The files of a disk, seen from a working folder.
#[derive(Debug, Clone)]
pub struct DiskFiles {
    folder: PathBuf,
}

impl DiskFiles {
    /// Files whose relative paths start at `folder`, which is itself relative
    /// to the process's working folder unless absolute.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The folder at which relative paths start.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn at(&self, path: &Path) -> PathBuf {
        let whole = self.folder.join(path);
        if whole.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            whole
        }
    }
}

impl Files for DiskFiles {
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
        let path = self.at(path);
        // Opening a device can do things, opening a pipe can wait: look first,
        // and do not wait even if the file is swapped in between.
        regular(&fs::metadata(&path).map_err(told)?, max_bytes)?;
        let non_blocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(non_blocking)
            .open(&path)
            .map_err(told)?;
        let len = regular(&file.metadata().map_err(told)?, max_bytes)?;
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
        let read = file
            .take(max_bytes.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(told)?;
        if read as u64 > max_bytes {
            return Err(FileError::TooLarge {
                len: read as u64,
                limit: max_bytes,
            });
        }
        Ok(bytes)
    }

    fn leads_outside(&self, path: &Path, folder: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(self.at(path)).ok();
        match (real(path), real(folder)) {
            (Some(path), Some(folder)) => !path.starts_with(folder),
            // What is not there leads nowhere.
            (None, _) | (_, None) => false,
        }
    }

    fn kind(&self, path: &Path) -> Result<Kind, FileError> {
        let metadata = match fs::metadata(self.at(path)) {
            Ok(metadata) => metadata,
            Err(error) => {
                return match told(error) {
                    FileError::NotFound | FileError::NotAFolder => Ok(Kind::Missing),
                    other => Err(other),
                };
            }
        };
        Ok(if metadata.is_dir() {
            Kind::Folder
        } else if metadata.is_file() {
            let executable = metadata.permissions().mode() & 0o111 != 0;
            Kind::File {
                len: metadata.len(),
                executable,
            }
        } else {
            Kind::Special
        })
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.at(folder)).map_err(told)? {
            names.push(
                entry
                    .map_err(told)?
                    .file_name()
                    .to_string_lossy()
                    .into_owned(),
            );
        }
        names.sort_unstable();
        Ok(names)
    }
}

/// The length of a regular file of at most `limit` bytes.
fn regular(metadata: &fs::Metadata, limit: u64) -> Result<u64, FileError> {
    if !metadata.is_file() {
        return Err(FileError::NotAFile);
    }
    let len = metadata.len();
    if len > limit {
        Err(FileError::TooLarge { len, limit })
    } else {
        Ok(len)
    }
}

fn told(error: io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::NotFound => FileError::NotFound,
        io::ErrorKind::PermissionDenied => FileError::Denied,
        io::ErrorKind::IsADirectory => FileError::NotAFile,
        io::ErrorKind::NotADirectory => FileError::NotAFolder,
        _ => FileError::Other(crate::error::words(&error)),
    }
}
