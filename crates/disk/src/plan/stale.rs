//! Files of ours that no longer belong.

use std::borrow::Cow;
use std::collections::HashSet;
use std::os::fd::AsFd;

use kubewright_files::{OutputPath, Tree, is_below};
use rustix::fs::{AtFlags, FileType};

use super::{Drawn, Removal};
use crate::folders::{Folders, Root};
use crate::ledger::{Entry, Ledger};
use crate::target::Looker;
use crate::{FileReport, Status, WriteError, WriteOptions};

/// Adds the files of the lock that are not in the tree and still on disk. With
/// `prune`, those that nobody edited are removed.
pub(super) fn add<'t, F: AsFd>(
    tree: &'t Tree,
    root: Option<&Root<F>>,
    folders: &mut Folders,
    ledger: &Ledger,
    options: &WriteOptions<'_>,
    drawn: &mut Drawn<'t>,
    reports: &mut Vec<FileReport<'t>>,
) -> Result<(), WriteError> {
    let Some(root) = root else { return Ok(()) };
    let in_tree: HashSet<&str> = tree.files().iter().map(|file| file.path.as_str()).collect();
    for path in ledger
        .paths()
        .into_iter()
        .filter(|path| !in_tree.contains(path.as_str()))
    {
        let known = ledger.known(path);
        let digest = ledger.remembered(path);
        let folder = existing_folder(root, folders, path);
        let (Some(folder), Some(digest)) = (folder, digest) else {
            continue;
        };
        if !is_file(root, folders, folder, path) {
            continue;
        }
        let open = folders.open(&root.folder, folder)?;
        let looker = Looker {
            root,
            folders,
            number: folder,
            folder: open.as_fd(),
            buffer: Vec::new(),
        };
        let lies_in = |folder: &String| is_below(path.as_str(), folder);
        let is_spared = options.is_spared(path.as_str());
        if !is_spared {
            tell(&looker, path, ledger, options);
        }
        let is_whole = options.wholes.iter().any(lies_in);
        let prune = (options.prune || is_whole) && !is_spared;
        let remove = prune && looker.is_ours(path.file_name(), &known)?;
        if remove {
            drawn.removals.push(Removal {
                folder,
                name: path.file_name().to_owned(),
            });
            drawn.removed.push(path.to_string());
        } else {
            drawn.entries.push(Entry {
                path: path.clone(),
                digest,
                secret: ledger.was_secret(path),
                file: None,
            });
        }
        if is_spared {
            continue;
        }
        let status = if remove {
            Status::Removed
        } else {
            Status::Stale
        };
        reports.push(FileReport {
            path: Cow::Owned(path.to_string()),
            status,
            objects: &[],
            text: None,
        });
    }
    Ok(())
}

/// Tells of the text of a file that no longer belongs, unless it is secret.
fn tell<F: AsFd>(
    looker: &Looker<'_, F>,
    path: &OutputPath,
    ledger: &Ledger,
    options: &WriteOptions<'_>,
) {
    let earlier = options.earlier.filter(|_| !ledger.was_secret(path));
    if let Some(earlier) = earlier
        && let Some(text) = looker.text(path.file_name())
    {
        earlier.was(path.as_str(), None, text);
    }
}

/// The folder of a file of the lock. Where a link or a file of the user's is
/// now, ours is gone.
fn existing_folder<F: AsFd>(
    root: &Root<F>,
    folders: &mut Folders,
    path: &OutputPath,
) -> Option<usize> {
    let number = folders.resolve(Some(root), path.folder()).ok()?;
    folders.get(number).exists.then_some(number)
}

fn is_file<F: AsFd>(root: &Root<F>, folders: &Folders, folder: usize, path: &OutputPath) -> bool {
    let real = folders.get(folder).real.join(path.file_name());
    rustix::fs::statat(&root.folder, real, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile)
}
