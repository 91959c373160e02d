//! What lies where a file is to go.

use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::digest::Digest;
use crate::folders::{Folders, Root, inside};
use crate::ledger::Known;
use crate::policy::OnDisk;
use crate::{Doing, Policy, WriteError};

/// A longer manifest is none.
const LONGEST: usize = 16 * 1024 * 1024;

/// What lies at a path, and the permission bits of a file that does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) on_disk: OnDisk,
    pub(crate) mode: Option<u32>,
}

/// A folder of the output in which targets are looked at.
pub(crate) struct Looker<'a, F> {
    pub(crate) root: &'a Root<F>,
    pub(crate) folders: &'a Folders,
    pub(crate) number: usize,
    pub(crate) folder: BorrowedFd<'a>,
    /// Reused from file to file.
    pub(crate) buffer: Vec<u8>,
}

impl<F: AsFd> Looker<'_, F> {
    /// What lies at `name`, as far as the policy needs to know it: length
    /// first, then content, and a digest only where it decides.
    pub(crate) fn look(
        &mut self,
        name: &str,
        new: &str,
        known: &Known<'_>,
        policy: Policy,
    ) -> Result<Found, WriteError> {
        let stat = match rustix::fs::statat(self.folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => {
                return Ok(Found {
                    on_disk: OnDisk::Missing,
                    mode: None,
                });
            }
            Err(error) => return Err(self.failed(Doing::Inspect, name, error)),
        };
        let path = || self.folders.shown_in(self.number, name);
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => {}
            FileType::Directory => return Err(WriteError::TargetIsFolder { path: path() }),
            FileType::Symlink => return self.look_at_link(name),
            _ => return Err(WriteError::TargetIsSpecial { path: path() }),
        }
        let same_length = u64::try_from(stat.st_size) == Ok(new.len() as u64);
        let on_disk = match policy {
            Policy::Skip => OnDisk::Other,
            Policy::Update | Policy::Overwrite if same_length => self.compare(name, new, known)?,
            Policy::Update if known.is_known() => match self.is_ours(name, known)? {
                true => OnDisk::Generated,
                false => OnDisk::Other,
            },
            Policy::Update | Policy::Overwrite => OnDisk::Other,
        };
        Ok(Found {
            on_disk,
            mode: Some(stat.st_mode & 0o7777),
        })
    }

    /// Whether the file at `name` has a text that we generated.
    pub(crate) fn is_ours(&self, name: &str, known: &Known<'_>) -> Result<bool, WriteError> {
        let digest = open(self.folder, name)
            .and_then(|file| Digest::of_stream(|buffer| read(&file, buffer)))
            .map_err(|error| self.failed(Doing::Read, name, error))?;
        Ok(known.is_ours(&digest))
    }

    /// The text of the file at `name`; none where it is none, or far too long.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let bytes = read_all(self.folder, name, LONGEST).ok()??;
        String::from_utf8(bytes).ok()
    }

    /// Compares a file of the new text's length with it.
    fn compare(&mut self, name: &str, new: &str, known: &Known<'_>) -> Result<OnDisk, WriteError> {
        self.buffer.resize(new.len(), 0);
        let buffer = &mut self.buffer;
        let filled = open(self.folder, name).and_then(|file| {
            let mut filled = 0;
            while filled < buffer.len() {
                match read(&file, &mut buffer[filled..])? {
                    0 => break,
                    len => filled += len,
                }
            }
            Ok(filled)
        });
        let filled = filled.map_err(|error| self.failed(Doing::Read, name, error))?;
        let text = &self.buffer[..filled];
        Ok(if text == new.as_bytes() {
            OnDisk::Same
        } else if known.is_known() && known.is_ours(&Digest::of(text)) {
            OnDisk::Generated
        } else {
            OnDisk::Other
        })
    }

    fn look_at_link(&self, name: &str) -> Result<Found, WriteError> {
        let folder = self.folders.get(self.number);
        let real = folder.real.join(name);
        match inside(self.root, &real) {
            Some(_) => Ok(Found {
                on_disk: OnDisk::Link,
                mode: None,
            }),
            None => {
                let path = Path::new(&folder.path).join(name);
                Err(self
                    .folders
                    .leads_out(self.root, &real, &path.to_string_lossy()))
            }
        }
    }

    fn failed(&self, doing: Doing, name: &str, error: Errno) -> WriteError {
        WriteError::io(doing, self.folders.shown_in(self.number, name), error)
    }
}

/// Opens a regular file to read; never waits, follows no link.
pub(crate) fn open(folder: BorrowedFd<'_>, name: &str) -> rustix::io::Result<std::os::fd::OwnedFd> {
    let flags =
        OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::openat(folder, name, flags, Mode::empty())
}

/// Reads some bytes; 0 at the end.
pub(crate) fn read(file: &impl AsFd, buffer: &mut [u8]) -> rustix::io::Result<usize> {
    loop {
        match rustix::io::read(file, &mut *buffer) {
            Err(Errno::INTR) => {}
            result => return result,
        }
    }
}

/// The whole content of a regular file of at most `limit` bytes in a folder,
/// or none when nothing is there.
pub(crate) fn read_all(
    folder: BorrowedFd<'_>,
    name: &str,
    limit: usize,
) -> rustix::io::Result<Option<Vec<u8>>> {
    let file = match open(folder, name) {
        Err(Errno::NOENT) => return Ok(None),
        file => file?,
    };
    let stat = rustix::fs::fstat(&file)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Errno::INVAL);
    }
    let mut bytes = vec![0; usize::try_from(stat.st_size).unwrap_or(0).min(limit) + 1];
    let mut filled = 0;
    loop {
        match read(&file, &mut bytes[filled..])? {
            0 => break,
            len => filled += len,
        }
        if filled > limit {
            return Err(Errno::FBIG);
        }
        if filled == bytes.len() {
            bytes.resize(filled * 2, 0);
        }
    }
    bytes.truncate(filled);
    Ok(Some(bytes))
}
