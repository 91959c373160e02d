//! One file that a program keeps in a project for the next time, such as the state
//! of the wizard. No symbolic link is followed on the way to it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::place::open_folder;
use crate::{Doing, WriteError};

/// How many files were written.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// A file in a folder of a project.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'p> {
    /// The project's folder, which exists.
    pub project: &'p Path,
    /// The name of a folder directly in it.
    pub folder: &'p str,
    /// The name of the file in that folder.
    pub name: &'p str,
}

impl Kept<'_> {
    /// Its bytes, at most `max_bytes`; none where there is no such file.
    ///
    /// # Errors
    /// [`WriteError::LeadsOut`] for symbolic links, [`WriteError::TargetIsSpecial`]
    /// and [`WriteError::TargetIsFolder`], [`WriteError::Io`] also for a file that is
    /// larger.
    pub fn read(&self, max_bytes: u64) -> Result<Option<Vec<u8>>, WriteError> {
        let Some(folder) = self.open(false)? else {
            return Ok(None);
        };
        if !self.is_there(&folder)? {
            return Ok(None);
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&folder, self.name, flags, Mode::empty());
        let file = file.map_err(|error| WriteError::io(Doing::Read, self.path(), error))?;
        let mut bytes = Vec::new();
        let taken = File::from(file)
            .take(max_bytes.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| WriteError::io(Doing::Read, self.path(), error))?;
        if taken as u64 > max_bytes {
            let error = io::Error::other(format!("it has more than {max_bytes} bytes"));
            return Err(WriteError::io(Doing::Read, self.path(), error));
        }
        Ok(Some(bytes))
    }

    /// Puts `bytes` in its place; whoever looks sees the old file or the new one.
    ///
    /// # Errors
    /// As for reading; nothing has changed then.
    pub fn write(&self, bytes: &[u8]) -> Result<(), WriteError> {
        let failed = |error: io::Error| WriteError::io(Doing::Write, self.path(), error);
        let folder = self
            .open(true)?
            .ok_or_else(|| WriteError::io(Doing::MakeFolder, self.folder_path(), Errno::NOENT))?;
        self.is_there(&folder)?;
        // A name of its own: others may write at the same time, also of this process.
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let temporary = format!(".{}.new-{}-{number}", self.name, std::process::id());
        // What an earlier run of the same number left, if any.
        let _ = rustix::fs::unlinkat(&folder, &temporary, AtFlags::empty());
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&folder, &temporary, flags, Mode::from_raw_mode(0o644));
        let written = file
            .map_err(io::Error::from)
            .and_then(|file| File::from(file).write_all(bytes))
            .and_then(|()| {
                rustix::fs::renameat(&folder, &temporary, &folder, self.name).map_err(Into::into)
            });
        if written.is_err() {
            let _ = rustix::fs::unlinkat(&folder, &temporary, AtFlags::empty());
        }
        written.map_err(failed)
    }

    /// Removes it and says whether it was there.
    ///
    /// # Errors
    /// As for reading; nothing has changed then.
    pub fn remove(&self) -> Result<bool, WriteError> {
        let Some(folder) = self.open(false)? else {
            return Ok(false);
        };
        if !self.is_there(&folder)? {
            return Ok(false);
        }
        rustix::fs::unlinkat(&folder, self.name, AtFlags::empty())
            .map_err(|error| WriteError::io(Doing::Remove, self.path(), error))?;
        Ok(true)
    }

    fn folder_path(&self) -> PathBuf {
        self.project.join(self.folder)
    }

    fn path(&self) -> PathBuf {
        self.folder_path().join(self.name)
    }

    /// The folder, made where it is missing and `make` says so.
    fn open(&self, make: bool) -> Result<Option<OwnedFd>, WriteError> {
        let shown = self.folder_path();
        let project = open_folder(self.project)
            .map_err(|error| WriteError::io(Doing::Read, self.project, error))?;
        if make {
            match rustix::fs::mkdirat(&project, self.folder, Mode::from_raw_mode(0o755)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(WriteError::io(Doing::MakeFolder, shown, error)),
            }
        }
        let kind = kind(&project, self.folder)
            .map_err(|error| WriteError::io(Doing::Inspect, &shown, error))?;
        match kind {
            None => return Ok(None),
            Some(FileType::Directory) => {}
            Some(FileType::Symlink) => return Err(leads_out(shown)),
            Some(_) => return Err(WriteError::FolderIsFile { path: shown }),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = rustix::fs::openat(&project, self.folder, flags, Mode::empty());
        folder
            .map(Some)
            .map_err(|error| WriteError::io(Doing::Read, shown, error))
    }

    /// Whether the file is there; an error for what is no file.
    fn is_there(&self, folder: &OwnedFd) -> Result<bool, WriteError> {
        let kind = kind(folder, self.name)
            .map_err(|error| WriteError::io(Doing::Inspect, self.path(), error))?;
        match kind {
            None => Ok(false),
            Some(FileType::RegularFile) => Ok(true),
            Some(FileType::Symlink) => Err(leads_out(self.path())),
            Some(FileType::Directory) => Err(WriteError::TargetIsFolder { path: self.path() }),
            Some(_) => Err(WriteError::TargetIsSpecial { path: self.path() }),
        }
    }
}

/// What lies at a name, links not followed.
fn kind(folder: &OwnedFd, name: &str) -> rustix::io::Result<Option<FileType>> {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok(Some(FileType::from_raw_mode(found.st_mode))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error),
    }
}

fn leads_out(path: PathBuf) -> WriteError {
    let target = std::fs::read_link(&path).unwrap_or_default();
    WriteError::LeadsOut { path, target }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn kept(project: &Path) -> Kept<'_> {
        Kept {
            project,
            folder: ".kubewright",
            name: "state.json",
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let project = tempfile::tempdir().unwrap();
        let kept = kept(project.path());
        assert_eq!(kept.read(9), Ok(None));
        assert_eq!(kept.remove(), Ok(false));
        kept.write(b"one").unwrap();
        kept.write(b"two").unwrap();
        assert_eq!(kept.read(3), Ok(Some(b"two".to_vec())));
        assert!(kept.read(2).is_err());
        let folder = fs::read_dir(project.path().join(".kubewright")).unwrap();
        assert_eq!(folder.count(), 1);
        assert_eq!(kept.remove(), Ok(true));
        assert_eq!(kept.read(9), Ok(None));
    }

    #[test]
    fn links_are_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("state.json"), "theirs").unwrap();
        let with_folder = tempfile::tempdir().unwrap();
        symlink(outside.path(), with_folder.path().join(".kubewright")).unwrap();
        let with_file = tempfile::tempdir().unwrap();
        fs::create_dir(with_file.path().join(".kubewright")).unwrap();
        symlink(
            outside.path().join("state.json"),
            with_file.path().join(".kubewright/state.json"),
        )
        .unwrap();
        for project in [with_folder.path(), with_file.path()] {
            let kept = kept(project);
            assert!(matches!(kept.read(99), Err(WriteError::LeadsOut { .. })));
            assert!(matches!(kept.write(b"x"), Err(WriteError::LeadsOut { .. })));
            assert!(matches!(kept.remove(), Err(WriteError::LeadsOut { .. })));
        }
        let theirs = fs::read(outside.path().join("state.json")).unwrap();
        assert_eq!(theirs, b"theirs");
    }

    #[test]
    fn what_is_no_file_is_told() {
        let project = tempfile::tempdir().unwrap();
        fs::write(project.path().join(".kubewright"), "").unwrap();
        let found = kept(project.path()).write(b"x");
        assert!(matches!(found, Err(WriteError::FolderIsFile { .. })));
        fs::remove_file(project.path().join(".kubewright")).unwrap();
        fs::create_dir_all(project.path().join(".kubewright/state.json")).unwrap();
        let found = kept(project.path()).read(9);
        assert!(matches!(found, Err(WriteError::TargetIsFolder { .. })));
    }
}
