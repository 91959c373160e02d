//! What the last run left, so that the next one can see that nothing changed
//! without making it all again.
//!
//! `.kubewright/cache/run` holds a key and a note of the caller's and, for every
//! file of the output, size, inode and times, as git's index does. It is a cache of
//! one machine, ignored by git, and never trusted where in doubt:
//!
//! - A file that was changed while or shortly before the memo was written (times
//!   are not exact) is compared by digest.
//! - Whatever does not fit makes the memo worth nothing, and everything is done as
//!   if there were none.

use std::collections::HashMap;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::ledger::{self, Entry};
use crate::ops::{Access, Disk, Ops};
use crate::place::Place;
use crate::target::{open, read, read_all};
use crate::{Status, Summary, Warning, git, parallel, texts};

const FOLDER: &str = ".kubewright/cache";
const NAME: &str = "run";
const TEMPORARY: &str = ".kubewright-run.tmp";
const MAGIC: &[u8] = b"kubewright run 1\n";
const LIMIT: usize = 1024 * 1024 * 1024;
/// The clocks of file systems are this coarse; some count whole seconds only.
const COARSE: Duration = Duration::from_millis(20);
const COARSEST: Duration = Duration::from_secs(3);

/// What is to be remembered of a run that was carried out.
pub trait Memo: Sync {
    /// What the run depends on, all of it: inputs aside that the note names.
    fn key(&self) -> String;

    /// What the caller wants to have back; none where the run is not worth
    /// remembering.
    fn note(&self, summary: &Summary<'_>) -> Option<Vec<u8>>;
}

/// The note of the last run into the folder `out`, if that run had this key and
/// everything is as it left it. None also where that cannot be told.
#[must_use]
pub fn recall(out: &Path, within: Option<&Path>, key: &str) -> Option<Vec<u8>> {
    let place = Place::find(out, within).ok()?;
    if !place.missing.is_empty() {
        return None;
    }
    let root = place.folder.as_fd();
    let cache = folder(root, FOLDER)?;
    let bytes = read_all(cache.as_fd(), NAME, LIMIT).ok()??;
    let rest = bytes.strip_prefix(MAGIC)?;
    let (head, note) = split(rest)?;
    let (head, rows) = split(head)?;
    let head: Head = serde_json::from_slice(head).ok()?;
    if head.key != key || exists(root, &format!("{}/{}", ledger::FOLDER, ledger::UNFINISHED)) {
        return None;
    }
    let rows: Vec<Row> = serde_json::from_slice(rows).ok()?;
    let secrets: Vec<&str> = head.secrets.iter().map(String::as_str).collect();
    let as_left = all_as_left(root, &rows) && git::tracked(&place.real(), &secrets) == head.tracked;
    as_left.then(|| note.to_vec())
}

#[derive(Serialize, Deserialize)]
struct Head {
    key: String,
    /// The files with secrets, and those of them that git tracks.
    secrets: Vec<String>,
    tracked: Vec<String>,
}

/// A file: its path, its stamp, and its digest where the stamp alone proves
/// nothing.
#[derive(Serialize, Deserialize)]
struct Row(String, Stamp, #[serde(default)] Option<Digest>);

/// What the file system says of a file: size, inode, times of change of its text
/// and of anything, each in seconds and nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp(u64, u64, i64, i64, i64, i64);

fn stamp(root: BorrowedFd<'_>, path: &str) -> Option<Stamp> {
    let stat = rustix::fs::statat(root, path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    #[expect(
        clippy::useless_conversion,
        reason = "the types of these fields differ from system to system"
    )]
    is_file.then_some(Stamp(
        u64::try_from(stat.st_size).unwrap_or_default(),
        u64::from(stat.st_ino),
        i64::from(stat.st_mtime),
        i64::try_from(stat.st_mtime_nsec).unwrap_or_default(),
        i64::from(stat.st_ctime),
        i64::try_from(stat.st_ctime_nsec).unwrap_or_default(),
    ))
}

fn all_as_left(root: BorrowedFd<'_>, rows: &[Row]) -> bool {
    let chunks = parallel::chunks(rows.len(), |_| 0);
    let checked = parallel::for_each(&chunks, |chunk| {
        Ok(rows[chunk].iter().all(|row| is_as_left(root, row)))
    });
    checked.is_ok_and(|checked| checked.iter().all(|as_left| *as_left))
}

fn is_as_left(root: BorrowedFd<'_>, Row(path, recorded, digest): &Row) -> bool {
    stamp(root, path).is_some_and(|found| found == *recorded)
        && digest.is_none_or(|digest| {
            let found =
                open(root, path).and_then(|file| Digest::of_stream(|buffer| read(&file, buffer)));
            found.is_ok_and(|found| found == digest)
        })
}

/// When things happened.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    /// Before any file was looked at.
    pub(crate) begun: SystemTime,
    /// Before any new file appeared.
    pub(crate) appeared: SystemTime,
}

/// Remembers a run that was carried out into the existing folder `root`. It is not
/// an error if that fails: the next run does all it would have done anyway.
pub(crate) fn write(
    root: BorrowedFd<'_>,
    memo: &dyn Memo,
    summary: &Summary<'_>,
    entries: &[Entry],
    times: Times,
) {
    let written =
        bytes(root, memo, summary, entries, times).is_some_and(|bytes| put(root, &bytes).is_some());
    if !written {
        // An older memo may not stay: it would be right, but nobody would look.
        if let Some(cache) = folder(root, FOLDER) {
            let _ = rustix::fs::unlinkat(&cache, NAME, AtFlags::empty());
        }
    }
}

fn bytes(
    root: BorrowedFd<'_>,
    memo: &dyn Memo,
    summary: &Summary<'_>,
    entries: &[Entry],
    times: Times,
) -> Option<Vec<u8>> {
    let note = memo.note(summary)?;
    let digests: HashMap<&str, &Digest> = entries
        .iter()
        .map(|entry| (entry.path.as_str(), &entry.digest))
        .collect();
    let mut files: Vec<(String, SystemTime)> = Vec::with_capacity(summary.files.len() + 4);
    for file in &summary.files {
        let since = match file.status {
            Status::Created | Status::Updated | Status::Merged => times.appeared,
            Status::Unchanged | Status::Kept | Status::Stale => times.begun,
            Status::Removed => continue,
            Status::Conflict => return None,
        };
        files.push((file.path.to_string(), since));
    }
    for name in [ledger::LOCK, ledger::SECRETS, texts::TEXTS, texts::SECRETS] {
        let path = format!("{}/{name}", ledger::FOLDER);
        if exists(root, &path) {
            files.push((path, times.appeared));
        }
    }
    let chunks = parallel::chunks(files.len(), |_| 0);
    let rows = parallel::for_each(&chunks, |chunk| {
        let row = |(path, since): &(String, SystemTime)| row(root, path, *since, &digests);
        Ok(files[chunk].iter().map(row).collect::<Option<Vec<Row>>>())
    });
    let rows: Option<Vec<Vec<Row>>> = rows.ok()?.into_iter().collect();
    let rows: Vec<Row> = rows?.into_iter().flatten().collect();
    let secrets = entries.iter().filter(|entry| entry.secret);
    let head = Head {
        key: memo.key(),
        secrets: secrets.map(|entry| entry.path.to_string()).collect(),
        tracked: summary
            .warnings
            .iter()
            .map(|Warning::TrackedSecret { path }| path.clone())
            .collect(),
    };
    let (head, rows) = (
        serde_json::to_vec(&head).ok()?,
        serde_json::to_vec(&rows).ok()?,
    );
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(
        &u64::try_from(8 + head.len() + rows.len())
            .ok()?
            .to_le_bytes(),
    );
    bytes.extend_from_slice(&u64::try_from(head.len()).ok()?.to_le_bytes());
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(&rows);
    bytes.extend_from_slice(&note);
    Some(bytes)
}

/// A file as it is now. One that was changed `since`, or so shortly before that its
/// time does not tell, is told by its digest; where we do not know that, not at
/// all.
fn row(
    root: BorrowedFd<'_>,
    path: &str,
    since: SystemTime,
    digests: &HashMap<&str, &Digest>,
) -> Option<Row> {
    let stamp = stamp(root, path)?;
    let Stamp(_, _, seconds, nanos, _, _) = stamp;
    let changed =
        UNIX_EPOCH + Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?);
    let coarse = if nanos == 0 { COARSEST } else { COARSE };
    if changed + coarse < since {
        return Some(Row(path.to_owned(), stamp, None));
    }
    match digests.get(path) {
        Some(digest) => {
            let row = Row(path.to_owned(), stamp, Some(**digest));
            is_as_left(root, &row).then_some(row)
        }
        // Our own files beside the output: the next run reads them if in doubt.
        None => {
            let found = open(root, path)
                .and_then(|file| Digest::of_stream(|buffer| read(&file, buffer)))
                .ok()?;
            Some(Row(path.to_owned(), stamp, Some(found)))
        }
    }
}

fn put(root: BorrowedFd<'_>, bytes: &[u8]) -> Option<()> {
    let disk = Disk { durable: false };
    if folder(root, FOLDER).is_none() {
        disk.make_folder(root, Path::new(FOLDER)).ok()?;
        let cache = folder(root, FOLDER)?;
        disk.put(cache.as_fd(), ".gitignore", b"*\n", Access::Default)
            .ok()?;
    }
    let cache = folder(root, FOLDER)?;
    let _ = disk.remove_file(cache.as_fd(), TEMPORARY);
    disk.put(cache.as_fd(), TEMPORARY, bytes, Access::Private)
        .ok()?;
    disk.rename(cache.as_fd(), Path::new(TEMPORARY), Path::new(NAME))
        .ok()
}

/// A folder that is really one.
fn folder(root: BorrowedFd<'_>, path: &str) -> Option<std::os::fd::OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(root, path, flags, Mode::empty()).ok()
}

fn exists(root: BorrowedFd<'_>, path: &str) -> bool {
    rustix::fs::statat(root, path, AtFlags::SYMLINK_NOFOLLOW).is_ok()
}

/// What a length says, and what is behind it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}
