//! Everything the writer does to a disk, behind one small trait, so that tests
//! can let any one of these steps fail.

use std::io;
use std::os::fd::BorrowedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags};

use crate::stamp::Stamp;

/// The steps that change a disk. Names are relative to an open folder.
pub(crate) trait Ops: Sync {
    fn make_folder(&self, at: BorrowedFd<'_>, path: &Path) -> io::Result<()>;
    /// Makes a new file; fails when anything is there. Gives its stamp, where that is known.
    fn put(
        &self,
        at: BorrowedFd<'_>,
        name: &str,
        bytes: &[u8],
        access: Access,
    ) -> io::Result<Option<Stamp>>;
    fn link(&self, at: BorrowedFd<'_>, from: &str, to: &str) -> io::Result<()>;
    fn rename(&self, at: BorrowedFd<'_>, from: &Path, to: &Path) -> io::Result<()>;
    fn remove_file(&self, at: BorrowedFd<'_>, name: &str) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_folder(&self, at: BorrowedFd<'_>, path: &Path) -> io::Result<()>;
    /// Removes a folder and all in it; nothing there is no error.
    fn remove_tree(&self, path: &Path) -> io::Result<()>;
    /// Lets what happened in a folder reach the disk, if that is asked for.
    fn sync_folder(&self, at: BorrowedFd<'_>) -> io::Result<()>;
}

/// Who may read and write a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever the process's mask lets.
    Default,
    /// The owner alone.
    Private,
    /// Exactly these permission bits: those of the file it replaces.
    Exact(u32),
}

/// The disk itself.
pub(crate) struct Disk {
    /// Whether to wait until every file has reached the disk.
    pub(crate) durable: bool,
}

impl Ops for Disk {
    fn make_folder(&self, at: BorrowedFd<'_>, path: &Path) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(at, path, Mode::from_raw_mode(0o777))?)
    }

    fn put(
        &self,
        at: BorrowedFd<'_>,
        name: &str,
        bytes: &[u8],
        access: Access,
    ) -> io::Result<Option<Stamp>> {
        let mode = match access {
            Access::Default => 0o666,
            Access::Private | Access::Exact(_) => 0o600,
        };
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(at, name, flags, Mode::from_raw_mode(mode))?;
        let mut left = bytes;
        while !left.is_empty() {
            match rustix::io::write(&file, left) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(len) => left = &left[len..],
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if let Access::Exact(mode) = access {
            rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?;
        }
        if self.durable {
            rustix::fs::fsync(&file)?;
        }
        Ok(Stamp::of(&file))
    }

    fn link(&self, at: BorrowedFd<'_>, from: &str, to: &str) -> io::Result<()> {
        Ok(rustix::fs::linkat(at, from, at, to, AtFlags::empty())?)
    }

    fn rename(&self, at: BorrowedFd<'_>, from: &Path, to: &Path) -> io::Result<()> {
        Ok(rustix::fs::renameat(at, from, at, to)?)
    }

    fn remove_file(&self, at: BorrowedFd<'_>, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(at, name, AtFlags::empty())?)
    }

    fn remove_folder(&self, at: BorrowedFd<'_>, path: &Path) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(at, path, AtFlags::REMOVEDIR)?)
    }

    fn remove_tree(&self, path: &Path) -> io::Result<()> {
        match std::fs::remove_dir_all(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn sync_folder(&self, at: BorrowedFd<'_>) -> io::Result<()> {
        if self.durable {
            rustix::fs::fsync(at)?;
        }
        Ok(())
    }
}
