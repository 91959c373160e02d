//! What is to be done: every file's fate, with all checks made and nothing
//! written.

mod around;
mod edited;
mod stale;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use kubewright_files::{File, Tree};

use crate::digest::Digest;
use crate::folders::{Folders, Root};
use crate::ledger::{self, Entry, Ledger, Pending};
use crate::ops::Access;
use crate::policy::{Decision, OnDisk, decide};
use crate::target::{Found, Looker};
use crate::{FileReport, Policy, Status, WriteError, WriteOptions, parallel};

/// What is to be done to an output folder.
#[derive(Debug)]
pub(crate) struct Plan<'t> {
    pub(crate) folders: Folders,
    /// The folders to be made, parents first.
    pub(crate) new_folders: Vec<usize>,
    /// The files to be written, in the order in which they appear:
    /// `.gitignore` before any secret, the lock last.
    pub(crate) puts: Vec<Put<'t>>,
    /// The files to be removed: after `puts[..locks_from]` appeared, before the
    /// rest.
    pub(crate) removals: Vec<Removal>,
    pub(crate) locks_from: usize,
    /// The folder `.kubewright`.
    pub(crate) lock_folder: usize,
    /// What the marker of the run at work says; empty where the whole folder is
    /// new.
    pub(crate) marker: Vec<u8>,
    /// Whether an earlier run was cut short.
    pub(crate) unfinished: bool,
    pub(crate) reports: Vec<FileReport<'t>>,
    /// The new lock.
    pub(crate) entries: Vec<Entry>,
}

/// A file to be written.
#[derive(Debug)]
pub(crate) struct Put<'t> {
    pub(crate) folder: usize,
    pub(crate) name: &'t str,
    pub(crate) bytes: Cow<'t, [u8]>,
    pub(crate) access: Access,
    /// Whether a file is there.
    pub(crate) replaces: bool,
    /// The position of a file of the tree.
    pub(crate) in_tree: Option<usize>,
}

/// A file to be removed.
#[derive(Debug)]
pub(crate) struct Removal {
    pub(crate) folder: usize,
    pub(crate) name: String,
}

impl Plan<'_> {
    /// Whether every file is as it should be.
    pub(crate) fn is_idle(&self) -> bool {
        self.puts.is_empty() && self.removals.is_empty()
    }
}

/// Plans to write `tree` into the folder `root`, or into a new folder.
pub(crate) fn plan<'t, F: AsFd + Sync>(
    tree: &'t Tree,
    root: Option<&Root<F>>,
    shown: &Path,
    options: &WriteOptions<'_>,
) -> Result<Plan<'t>, WriteError> {
    let mut folders = Folders::new(shown, root.is_some());
    let lock_folder = folders.resolve(root, ledger::FOLDER)?;
    let ledger = read_ledger(&folders, root, lock_folder)?;
    let in_folders = folders_of(tree, root, &mut folders)?;
    let mut fates = fates(tree, root, &folders, &ledger, &in_folders, options)?;
    let old = edited::merge(
        tree,
        root,
        &folders,
        lock_folder,
        &ledger,
        &mut fates,
        options,
    )?;

    let mut drawn = Drawn::with_room_for(fates.len());
    let mut reports = reports(tree, &mut fates);
    for fate in fates {
        let text = reports[fate.file].text.as_deref();
        drawn.add(&tree.files()[fate.file], &fate, text, &ledger);
    }
    stale::add(
        tree,
        root,
        &mut folders,
        &ledger,
        options,
        &mut drawn,
        &mut reports,
    )?;
    drawn.entries.sort_by(|one, two| one.path.cmp(&two.path));
    let marker = match root {
        Some(_) => drawn.marker(&ledger),
        // What is new as a whole appears as a whole, and has no marker.
        None => Vec::new(),
    };
    if let Some(report) = around::add_gitignore(tree, root, &folders, &mut drawn, options)? {
        reports.push(report);
    }
    if options.dry_run && options.spares_absent {
        around::spare_absent(tree, root, &folders, &mut reports)?;
    }
    let locks_from = drawn.puts.len();
    let needs_lock = !tree.files().is_empty() || ledger.lock.is_some();
    let entries_change = !ledger.says(&drawn.entries);
    if needs_lock && let Some(merger) = options.merger {
        let place = edited::Place {
            root,
            folders: &folders,
            lock_folder,
        };
        let merger = (merger, options.dry_run);
        edited::add_texts(tree, &place, entries_change, old, merger, &mut drawn)?;
    }
    if needs_lock && entries_change {
        around::add_locks(&ledger, lock_folder, &mut drawn);
    }
    let Drawn {
        puts,
        removals,
        entries,
        ..
    } = drawn;
    let used = || {
        puts.iter()
            .map(|put| put.folder)
            .chain(removals.iter().map(|removal| removal.folder))
    };
    if let Some(root) = root {
        let mut checked: Vec<usize> = used().collect();
        checked.sort_unstable();
        checked.dedup();
        checked
            .iter()
            .try_for_each(|number| folders.check_writable(&root.folder, *number))?;
    }
    let lock_folder_used = (!puts.is_empty() || !removals.is_empty()).then_some(lock_folder);
    let new_folders = folders.to_make(used().chain(lock_folder_used));
    let unfinished = ledger.unfinished;
    Ok(Plan {
        folders,
        new_folders,
        puts,
        removals,
        locks_from,
        lock_folder,
        marker,
        unfinished,
        reports,
        entries,
    })
}

fn read_ledger<F: AsFd>(
    folders: &Folders,
    root: Option<&Root<F>>,
    lock_folder: usize,
) -> Result<Ledger, WriteError> {
    match root {
        Some(root) if folders.get(lock_folder).exists => {
            let folder = folders.open(&root.folder, lock_folder)?;
            Ledger::read(folder.as_fd(), &folders.shown(ledger::FOLDER))
        }
        Some(_) | None => Ok(Ledger::default()),
    }
}

/// The number of each file's folder.
fn folders_of<F: AsFd>(
    tree: &Tree,
    root: Option<&Root<F>>,
    folders: &mut Folders,
) -> Result<Vec<usize>, WriteError> {
    let mut last = ("", 0);
    let mut numbers = Vec::with_capacity(tree.files().len());
    for file in tree.files() {
        let folder = file.path.folder();
        if folder != last.0 {
            last = (folder, folders.resolve(root, folder)?);
        }
        numbers.push(last.1);
    }
    Ok(numbers)
}

/// What becomes of one file of the tree.
#[derive(Debug)]
struct Fate {
    /// Its position in the tree.
    file: usize,
    folder: usize,
    decision: Decision,
    /// The permission bits of the file that is there.
    mode: Option<u32>,
    /// Of the new text, if that is what will be there, or what was merged.
    digest: Option<Digest>,
    /// Whether a file of the user's is there that may be merged.
    edited: bool,
    /// The merged text.
    merged: Option<String>,
}

/// The fate of every file, grouped by folder.
fn fates<F: AsFd + Sync>(
    tree: &Tree,
    root: Option<&Root<F>>,
    folders: &Folders,
    ledger: &Ledger,
    in_folders: &[usize],
    options: &WriteOptions<'_>,
) -> Result<Vec<Fate>, WriteError> {
    let mut order: Vec<usize> = (0..tree.files().len()).collect();
    order.sort_by_key(|file| in_folders[*file]);
    let chunks = parallel::chunks(order.len(), |at| in_folders[order[at]]);
    let fates = parallel::for_each(&chunks, |chunk| {
        let folder = in_folders[order[chunk.start]];
        let open = match root {
            Some(root) if folders.get(folder).exists => {
                Some((root, folders.open(&root.folder, folder)?))
            }
            Some(_) | None => None,
        };
        let mut looker = open
            .as_ref()
            .map(|(root, open): &(&Root<F>, OwnedFd)| Looker {
                root,
                folders,
                number: folder,
                folder: open.as_fd(),
                buffer: Vec::new(),
            });
        let mut fates = Vec::with_capacity(chunk.len());
        for &at in &order[chunk] {
            let file = &tree.files()[at];
            let found = match &mut looker {
                Some(looker) => looker.look(
                    file.path.file_name(),
                    &file.text,
                    &ledger.known(&file.path),
                    options.policy,
                )?,
                None => Found {
                    on_disk: OnDisk::Missing,
                    mode: None,
                },
            };
            if let (Some(earlier), Some(looker)) = (options.earlier, &looker)
                && matches!(found.on_disk, OnDisk::Generated | OnDisk::Other)
                && options.policy != Policy::Skip
                && earlier.wants(file)
                && let Some(text) = looker.text(file.path.file_name())
            {
                earlier.was(file.path.as_str(), Some(file), text);
            }
            fates.push(fate(at, file, folder, found, options));
        }
        let finished =
            |fate: &&Fate| options.dry_run || matches!(fate.decision, Decision::Leave(_));
        (options.progress)(fates.iter().filter(finished).count());
        Ok(fates)
    })?;
    let mut all = Vec::with_capacity(order.len());
    all.extend(fates.into_iter().flatten());
    Ok(all)
}

fn fate(at: usize, file: &File, folder: usize, found: Found, options: &WriteOptions<'_>) -> Fate {
    let decision = decide(options.policy, found.on_disk);
    let is_new_text = match decision {
        Decision::Create | Decision::Replace | Decision::Merge => true,
        Decision::Leave(status) => status == Status::Unchanged,
    };
    // What is not written is not remembered either.
    let is_unwritten = options.dry_run && matches!(decision, Decision::Create);
    let digest = is_new_text.then(|| match is_unwritten {
        true => Digest::NONE,
        false => Digest::of(file.text.as_bytes()),
    });
    Fate {
        file: at,
        folder,
        decision,
        mode: found.mode,
        digest,
        edited: options.policy == Policy::Update && found.on_disk == OnDisk::Other,
        merged: None,
    }
}

/// The reports in the order of the tree.
fn reports<'t>(tree: &'t Tree, fates: &mut [Fate]) -> Vec<FileReport<'t>> {
    let report = |file: &'t File| FileReport {
        path: Cow::Borrowed(file.path.as_str()),
        status: Status::Unchanged,
        text: None,
        objects: &file.objects,
    };
    let mut reports: Vec<_> = tree.files().iter().map(report).collect();
    for fate in fates {
        let report = &mut reports[fate.file];
        report.text = fate.merged.take().map(String::into_bytes);
        report.status = match fate.decision {
            Decision::Create => Status::Created,
            Decision::Replace => Status::Updated,
            Decision::Merge => Status::Merged,
            Decision::Leave(status) => status,
        };
    }
    reports
}

/// A plan being drawn up.
#[derive(Debug, Default)]
struct Drawn<'t> {
    puts: Vec<Put<'t>>,
    removals: Vec<Removal>,
    /// The new lock.
    entries: Vec<Entry>,
    /// The paths of the removed files.
    removed: Vec<String>,
}

impl<'t> Drawn<'t> {
    fn with_room_for(files: usize) -> Self {
        Self {
            // Some of the files of ours besides those of the tree.
            puts: Vec::with_capacity(files + 3),
            entries: Vec::with_capacity(files),
            ..Self::default()
        }
    }

    /// Takes a file in; `merged` is its text where that is a merged one.
    fn add(&mut self, file: &'t File, fate: &Fate, merged: Option<&[u8]>, ledger: &Ledger) {
        let kept = match fate.decision {
            Decision::Create | Decision::Replace | Decision::Merge => false,
            Decision::Leave(status) => status != Status::Unchanged,
        };
        let secret = file.sensitive || (kept && ledger.was_secret(&file.path));
        let digest = fate.digest.or_else(|| ledger.remembered(&file.path));
        if let Some(digest) = digest {
            self.entries.push(Entry {
                path: file.path.clone(),
                digest,
                secret,
                file: fate.digest.map(|_| fate.file),
            });
        }
        let replaces = match fate.decision {
            Decision::Create => false,
            Decision::Replace | Decision::Merge => true,
            Decision::Leave(_) => return,
        };
        self.puts.push(Put {
            folder: fate.folder,
            name: file.path.file_name(),
            bytes: match merged {
                Some(text) => Cow::Owned(text.to_vec()),
                None => Cow::Borrowed(file.text.as_bytes()),
            },
            access: access(file.sensitive, fate.mode),
            replaces,
            in_tree: Some(fate.file),
        });
    }

    /// The marker: what an unfinished run set out to write, and this one.
    /// Called with the files of the tree planned and nothing else.
    fn marker(&self, ledger: &Ledger) -> Vec<u8> {
        let earlier = ledger
            .pending()
            .iter()
            .map(|(path, pending)| (path.to_string(), pending.clone()));
        let mut pending: BTreeMap<String, Pending> = earlier.collect();
        for entry in &self.entries {
            let known = ledger.known(&entry.path).last;
            if known.is_some_and(|last| last.digest == entry.digest) {
                continue;
            }
            let of_file = pending.entry(entry.path.to_string()).or_default();
            of_file.secret |= entry.secret;
            if !of_file.digests.contains(&entry.digest) {
                of_file.digests.push(entry.digest);
            }
        }
        for path in &self.removed {
            pending.entry(path.clone()).or_default();
        }
        ledger::unfinished_text(&pending)
    }
}

/// A new file takes the permissions of the one it replaces; one with a secret
/// is the owner's alone.
fn access(sensitive: bool, mode: Option<u32>) -> Access {
    match (mode, sensitive) {
        (Some(mode), true) => Access::Exact(mode & 0o700),
        (Some(mode), false) => Access::Exact(mode & 0o777),
        (None, true) => Access::Private,
        (None, false) => Access::Default,
    }
}
