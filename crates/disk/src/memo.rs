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

use std::borrow::Cow;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{AtFlags, Mode, OFlags};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::ledger::{self, Entry};
use crate::ops::{Access, Disk, Ops};
use crate::place::Place;
use crate::stamp::Stamp;
use crate::target::{open, read, read_all};
use crate::{Status, Summary, Warning, git, parallel, texts};

const FOLDER: &str = ".kubewright/cache";
const NAME: &str = "run";
const TEMPORARY: &str = ".kubewright-run.tmp";
const MAGIC: &[u8] = b"kubewright run 2\n";
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
    let (head, rest) = split(bytes.strip_prefix(MAGIC)?)?;
    let head: Head = serde_json::from_slice(head).ok()?;
    if head.key != key || exists(root, &format!("{}/{}", ledger::FOLDER, ledger::UNFINISHED)) {
        return None;
    }
    let (note, rest) = split(rest)?;
    let chunks = sections(rest)?;
    let secrets: Vec<&str> = head.secrets.iter().map(String::as_str).collect();
    let as_left = all_as_left(root, &chunks) == Some(head.rows)
        && git::tracked(&place.real(), &secrets) == head.tracked;
    as_left.then(|| note.to_vec())
}

#[derive(Serialize, Deserialize)]
struct Head {
    key: String,
    /// How many files there are.
    rows: usize,
    /// The files with secrets, and those of them that git tracks.
    secrets: Vec<String>,
    tracked: Vec<String>,
}

/// A file: its path, its stamp, and its digest where the stamp alone proves
/// nothing.
#[derive(Serialize, Deserialize)]
struct Row<'p>(
    #[serde(borrow)] Cow<'p, str>,
    Stamp,
    #[serde(default)] Option<Digest>,
);

/// How many files the chunks name; none where one of them is not as it was left.
fn all_as_left(root: BorrowedFd<'_>, chunks: &[&[u8]]) -> Option<usize> {
    let each: Vec<_> = (0..chunks.len()).map(|at| at..at + 1).collect();
    let counted = parallel::for_each(&each, |at| {
        let rows: Option<Vec<Row<'_>>> = serde_json::from_slice(chunks[at.start]).ok();
        let as_left = rows.filter(|rows| rows.iter().all(|row| is_as_left(root, row)));
        Ok(as_left.map(|rows| rows.len()))
    });
    counted.ok()?.into_iter().sum()
}

fn is_as_left(root: BorrowedFd<'_>, Row(path, recorded, digest): &Row<'_>) -> bool {
    Stamp::at(root, path).is_some_and(|found| found == *recorded)
        && digest.is_none_or(|digest| {
            let found =
                open(root, path).and_then(|file| Digest::of_stream(|buffer| read(&file, buffer)));
            found.is_ok_and(|found| found == digest)
        })
}

/// How a run went.
pub(crate) struct Ran {
    /// Before any file was looked at.
    pub(crate) begun: SystemTime,
    /// What was carried out.
    pub(crate) carried: Carried,
}

/// What was carried out.
pub(crate) struct Carried {
    /// Before any new file appeared.
    pub(crate) appeared: SystemTime,
    /// The stamps of files of the tree, by their positions in it, as far as they are
    /// known from writing them.
    pub(crate) stamps: Vec<Option<Stamp>>,
}

/// Remembers a run that was carried out into the existing folder `root`. It is not
/// an error if that fails: the next run does all it would have done anyway.
pub(crate) fn write(
    root: BorrowedFd<'_>,
    memo: &dyn Memo,
    summary: &Summary<'_>,
    entries: &[Entry],
    ran: &Ran,
) {
    let written =
        bytes(root, memo, summary, entries, ran).is_some_and(|bytes| put(root, &bytes).is_some());
    if !written {
        // An older memo may not stay: it would be right, but nobody would look.
        if let Some(cache) = folder(root, FOLDER) {
            let _ = rustix::fs::unlinkat(&cache, NAME, AtFlags::empty());
        }
    }
}

/// Forgets the last run into the folder `out`, so that the next one does everything
/// and says it.
pub fn forget(out: &Path, within: Option<&Path>) {
    let place = Place::find(out, within).ok();
    let place = place.filter(|place| place.missing.is_empty());
    if let Some(cache) = place.and_then(|place| folder(place.folder.as_fd(), FOLDER)) {
        let _ = rustix::fs::unlinkat(&cache, NAME, AtFlags::empty());
    }
}

fn bytes(
    root: BorrowedFd<'_>,
    memo: &dyn Memo,
    summary: &Summary<'_>,
    entries: &[Entry],
    ran: &Ran,
) -> Option<Vec<u8>> {
    let note = memo.note(summary)?;
    let files = files(root, summary, ran)?;
    let chunks = parallel::chunks(files.len(), |_| 0);
    let rows = parallel::for_each(&chunks, |chunk| {
        // As text at once: the rows of a large output are as large as its lock.
        let rows: Option<Vec<Row<'_>>> = files[chunk]
            .iter()
            .map(|left| row(root, left, entries))
            .collect();
        Ok(rows.and_then(|rows| serde_json::to_vec(&rows).ok()))
    });
    let rows: Vec<Vec<u8>> = rows.ok()?.into_iter().collect::<Option<_>>()?;
    let secrets = entries.iter().filter(|entry| entry.secret);
    let head = Head {
        key: memo.key(),
        rows: files.len(),
        secrets: secrets.map(|entry| entry.path.to_string()).collect(),
        tracked: summary
            .warnings
            .iter()
            .map(|Warning::TrackedSecret { path }| path.clone())
            .collect(),
    };
    joined(&serde_json::to_vec(&head).ok()?, &note, &rows)
}

/// A file to be remembered.
struct Left<'s> {
    path: Cow<'s, str>,
    /// Since when it may have changed.
    since: SystemTime,
    /// As it was written.
    stamp: Option<Stamp>,
}

fn files<'s>(root: BorrowedFd<'_>, summary: &'s Summary<'_>, ran: &Ran) -> Option<Vec<Left<'s>>> {
    let mut files = Vec::with_capacity(summary.files.len() + 4);
    let Carried { appeared, stamps } = &ran.carried;
    // The summary begins with the files of the tree, in its order.
    for (at, file) in summary.files.iter().enumerate() {
        let since = match file.status {
            Status::Created | Status::Updated | Status::Merged => *appeared,
            Status::Unchanged | Status::Kept | Status::Stale => ran.begun,
            Status::Removed => continue,
            Status::Conflict | Status::Absent => return None,
        };
        files.push(Left {
            path: Cow::Borrowed(&*file.path),
            since,
            stamp: stamps.get(at).copied().flatten(),
        });
    }
    for name in [ledger::LOCK, ledger::SECRETS, texts::TEXTS, texts::SECRETS] {
        let path = format!("{}/{name}", ledger::FOLDER);
        if exists(root, &path) {
            files.push(Left {
                path: Cow::Owned(path),
                since: *appeared,
                stamp: None,
            });
        }
    }
    Some(files)
}

/// The memo's bytes: sections behind their lengths.
fn joined(head: &[u8], note: &[u8], rows: &[Vec<u8>]) -> Option<Vec<u8>> {
    let sections = || {
        [head, note]
            .into_iter()
            .chain(rows.iter().map(Vec::as_slice))
    };
    let size: usize = sections().map(|section| section.len() + 8).sum();
    let mut bytes = Vec::with_capacity(MAGIC.len() + size);
    bytes.extend_from_slice(MAGIC);
    for section in sections() {
        bytes.extend_from_slice(&u64::try_from(section.len()).ok()?.to_le_bytes());
        bytes.extend_from_slice(section);
    }
    Some(bytes)
}

/// A file as it is now. One that was changed `since`, or so shortly before that its
/// time does not tell, is told by its digest; where we do not know that, not at
/// all.
fn row<'p>(root: BorrowedFd<'_>, left: &'p Left<'_>, entries: &[Entry]) -> Option<Row<'p>> {
    let path = &*left.path;
    let stamp = left.stamp.or_else(|| Stamp::at(root, path))?;
    let (seconds, nanos) = stamp.changed();
    let changed =
        UNIX_EPOCH + Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?);
    let coarse = if nanos == 0 { COARSEST } else { COARSE };
    if changed + coarse < left.since {
        return Some(Row(path.into(), stamp, None));
    }
    let known = entries.binary_search_by(|entry| entry.path.as_str().cmp(path));
    match known.ok().map(|at| entries[at].digest) {
        Some(digest) => {
            let row = Row(path.into(), stamp, Some(digest));
            is_as_left(root, &row).then_some(row)
        }
        // Our own files beside the output: the next run reads them if in doubt.
        None => {
            let found = open(root, path)
                .and_then(|file| Digest::of_stream(|buffer| read(&file, buffer)))
                .ok()?;
            Some(Row(path.into(), stamp, Some(found)))
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

/// All sections of these bytes; none where they do not end with one.
fn sections(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut sections = Vec::new();
    while !bytes.is_empty() {
        let (section, rest) = split(bytes)?;
        sections.push(section);
        bytes = rest;
    }
    Some(sections)
}
