//! Reading: the trait that the shells implement and the phases are handed.

use std::path::Path;

/// How many bytes [`Files::read`] takes at most: 16 MiB. Descriptions of
/// applications are far smaller; a database dump given by mistake is larger.
pub const DEFAULT_READ_LIMIT: u64 = 16 * 1024 * 1024;

/// The files of a project.
///
/// A path is absolute or relative to the working folder of the implementation.
/// Symbolic links are followed.
pub trait Files: Sync {
    /// The content of a file of at most `max_bytes` bytes.
    ///
    /// Only regular files are opened: a pipe, socket or device is
    /// [`FileError::NotAFile`] and never blocks.
    ///
    /// # Errors
    /// [`FileError::TooLarge`] when the file is longer, and the others as they
    /// are named.
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError>;

    /// Whether a link leads from `path` out of `folder`. Files that know no links
    /// say no.
    fn leads_outside(&self, path: &Path, folder: &Path) -> bool {
        let _ = (path, folder);
        false
    }

    /// What is at `path`; nothing there is [`Kind::Missing`], not an error.
    ///
    /// # Errors
    /// [`FileError::Denied`] or [`FileError::Other`] when that cannot be told.
    fn kind(&self, path: &Path) -> Result<Kind, FileError>;

    /// The names (not paths) of what lies directly in `folder`, sorted.
    ///
    /// Bytes of a name that are not UTF-8 come out as U+FFFD, so that such a
    /// file is seen; reading it by that name is [`FileError::NotFound`].
    ///
    /// # Errors
    /// [`FileError::NotFound`], [`FileError::NotAFolder`], [`FileError::Denied`].
    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError>;

    /// The content of a file of at most [`DEFAULT_READ_LIMIT`] bytes.
    ///
    /// # Errors
    /// As [`Files::read_limited`].
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        self.read_limited(path, DEFAULT_READ_LIMIT)
    }
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is there.
    Missing,
    /// A regular file.
    File {
        /// Its length in bytes.
        len: u64,
        /// Whether anybody may run it (one of the `x` bits).
        executable: bool,
    },
    /// A folder.
    Folder,
    /// A pipe, socket or device.
    Special,
}

/// Why a file could not be read. The path is the caller's and not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing is at the path.
    #[error("no such file or folder")]
    NotFound,
    /// The permissions of the file or of a folder above it forbid it.
    #[error("permission denied")]
    Denied,
    /// A folder, pipe, socket or device where a file is needed.
    #[error("not a regular file")]
    NotAFile,
    /// A file where a folder is needed.
    #[error("not a folder")]
    NotAFolder,
    /// The file is longer than the caller allows.
    #[error("{len} bytes, at most {limit} are read")]
    TooLarge {
        /// Its length in bytes, as far as known: at least `limit + 1`.
        len: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// Anything else, in the words of the operating system.
    #[error("{0}")]
    Other(String),
}
