//! The files around the tree: `.gitignore` and the lock.

use std::borrow::Cow;
use std::collections::HashSet;
use std::os::fd::AsFd;

use kubewright_files::{OutputPath, Tree};
use rustix::fs::{AtFlags, FileType};
use rustix::io::Errno;

use super::{Drawn, Put, Removal, access};
use crate::folders::{Folders, Root};
use crate::ledger::{self, Entry, Ledger};
use crate::ops::Access;
use crate::target::read_all;
use crate::{Doing, FileReport, Status, WriteError, WriteOptions, gitignore};

const NAME: &str = ".gitignore";
const LIMIT: usize = 16 * 1024 * 1024;

/// Plans the block of ours in `.gitignore`: before all other files, so that no
/// secret lies there without it.
pub(super) fn add_gitignore<'t, F: AsFd>(
    tree: &'t Tree,
    root: Option<&Root<F>>,
    folders: &Folders,
    drawn: &mut Drawn<'t>,
    options: &WriteOptions<'_>,
) -> Result<Option<FileReport<'t>>, WriteError> {
    let secrets = secrets(tree, &drawn.entries);
    let old = match root {
        Some(root) => read(root, folders, !secrets.is_empty())?,
        None => None,
    };
    let old_text = old.as_ref().map(|(text, _)| text.as_slice());
    if secrets.is_empty() && !old_text.is_some_and(gitignore::has_block) {
        return Ok(None);
    }
    let is_there =
        |path: &str| root.is_some_and(|root| OutputPath::new(path).is_ok() && exists(root, path));
    let removed: HashSet<&str> = drawn.removed.iter().map(String::as_str).collect();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    // Of a new folder nothing is asked.
    let asked = root.map(|_| tree.files()).unwrap_or_default();
    let in_tree: HashSet<&str> = asked.iter().map(|file| file.path.as_str()).collect();
    // What is another run's may be missing here only, as in a clone.
    let stays = |path: &str| {
        let may_be_there = is_there(path) || options.is_spared(path);
        may_be_there && !removed.contains(path) && !in_tree.contains(path)
    };
    let new = gitignore::merge(old_text, &secrets, stays);
    let status = match (old_text, &new) {
        (None, _) => Status::Created,
        (Some(_), None) => Status::Removed,
        (Some(old), Some(new)) if old == new => Status::Unchanged,
        (Some(_), Some(_)) => Status::Updated,
    };
    let new_text = new.clone().filter(|_| status != Status::Unchanged);
    match new {
        None => drawn.removals.push(Removal {
            folder: 0,
            name: NAME.to_owned(),
        }),
        Some(_) if status == Status::Unchanged => {}
        Some(text) => {
            let mode = old.as_ref().map(|(_, mode)| *mode);
            let put = Put {
                folder: 0,
                name: NAME,
                bytes: Cow::Owned(text),
                access: access(false, mode),
                replaces: old.is_some(),
                in_tree: None,
            };
            drawn.puts.insert(0, put);
        }
    }
    Ok(Some(FileReport {
        path: Cow::Borrowed(NAME),
        status,
        text: new_text,
        objects: &[],
    }))
}

/// Tells the files with secrets that only a clone lacks from those that are new: the
/// block of ours in `.gitignore`, which git keeps, names them. The lock cannot tell,
/// for what it knows of them is ignored, too.
pub(super) fn spare_absent<F: AsFd>(
    tree: &Tree,
    root: Option<&Root<F>>,
    folders: &Folders,
    reports: &mut [FileReport<'_>],
) -> Result<(), WriteError> {
    let Some((text, _)) = root.map_or(Ok(None), |root| read(root, folders, false))? else {
        return Ok(());
    };
    let ignored = gitignore::named(&text);
    for (file, report) in tree.files().iter().zip(reports) {
        let is_new = file.sensitive && report.status == Status::Created;
        if is_new && ignored.contains(file.path.as_str()) {
            report.status = Status::Absent;
        }
    }
    Ok(())
}

/// Plans the two files of the lock where they change.
pub(super) fn add_locks(ledger: &Ledger, folder: usize, drawn: &mut Drawn<'_>) {
    let mut add =
        |name: &'static str, old: Option<&[u8]>, new: Option<Vec<u8>>, access: Access| match new {
            Some(new) if old == Some(&new) => {}
            Some(new) => drawn.puts.push(Put {
                folder,
                name,
                bytes: Cow::Owned(new),
                access,
                replaces: old.is_some(),
                in_tree: None,
            }),
            None if old.is_some() => drawn.removals.push(Removal {
                folder,
                name: name.to_owned(),
            }),
            None => {}
        };
    let has_secrets = drawn.entries.iter().any(|entry| entry.secret);
    let secrets = has_secrets.then(|| ledger::text(&drawn.entries, true));
    add(
        ledger::SECRETS,
        ledger.secrets.as_deref(),
        secrets,
        Access::Private,
    );
    add(
        ledger::LOCK,
        ledger.lock.as_deref(),
        Some(ledger::text(&drawn.entries, false)),
        Access::Default,
    );
}

/// The paths of all files that hold secrets: those of the tree, and those on
/// disk that once did and were kept.
fn secrets(tree: &Tree, entries: &[Entry]) -> Vec<String> {
    let in_tree = tree
        .files()
        .iter()
        .filter(|file| file.sensitive)
        .map(|file| &file.path);
    let on_disk = entries
        .iter()
        .filter(|entry| entry.secret)
        .map(|entry| &entry.path);
    in_tree.chain(on_disk).map(ToString::to_string).collect()
}

/// The text of `.gitignore` and its permission bits. What is no file is an
/// error only if we must write there.
fn read<F: AsFd>(
    root: &Root<F>,
    folders: &Folders,
    must_write: bool,
) -> Result<Option<(Vec<u8>, u32)>, WriteError> {
    let path = || folders.shown(NAME);
    let stat = match rustix::fs::statat(&root.folder, NAME, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => stat,
        Err(Errno::NOENT) => return Ok(None),
        Err(error) => return Err(WriteError::io(Doing::Inspect, path(), error)),
    };
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => {}
        _ if !must_write => return Ok(None),
        FileType::Directory => return Err(WriteError::TargetIsFolder { path: path() }),
        _ => return Err(WriteError::TargetIsSpecial { path: path() }),
    }
    let text = read_all(root.folder.as_fd(), NAME, LIMIT)
        .map_err(|error| WriteError::io(Doing::Read, path(), error))?;
    Ok(text.map(|text| (text, stat.st_mode)))
}

fn exists<F: AsFd>(root: &Root<F>, path: &str) -> bool {
    rustix::fs::statat(&root.folder, path, AtFlags::SYMLINK_NOFOLLOW).is_ok()
}
