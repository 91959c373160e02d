//! What a file system says of a file, by which a change is seen without reading it.

use std::os::fd::{AsFd, BorrowedFd};

use rustix::fs::{AtFlags, FileType, Stat};
use serde::{Deserialize, Serialize};

/// Size, inode, times of change of the text and of anything, each in seconds and
/// nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp(u64, u64, i64, i64, i64, i64);

impl Stamp {
    /// That of a path within a folder; none where no file is there.
    pub(crate) fn at(root: BorrowedFd<'_>, path: &str) -> Option<Self> {
        Self::of_stat(&rustix::fs::statat(root, path, AtFlags::SYMLINK_NOFOLLOW).ok()?)
    }

    /// That of an open file.
    pub(crate) fn of(file: impl AsFd) -> Option<Self> {
        Self::of_stat(&rustix::fs::fstat(file).ok()?)
    }

    #[expect(
        clippy::useless_conversion,
        reason = "the types of these fields differ from system to system"
    )]
    fn of_stat(stat: &Stat) -> Option<Self> {
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        is_file.then_some(Self(
            u64::try_from(stat.st_size).unwrap_or_default(),
            u64::from(stat.st_ino),
            i64::from(stat.st_mtime),
            i64::try_from(stat.st_mtime_nsec).unwrap_or_default(),
            i64::from(stat.st_ctime),
            i64::try_from(stat.st_ctime_nsec).unwrap_or_default(),
        ))
    }

    /// When the text was changed: seconds and nanoseconds.
    pub(crate) fn changed(self) -> (i64, i64) {
        (self.2, self.3)
    }
}
