//! Writing a tree into an output folder.

use std::fmt;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::time::{Duration, SystemTime};

use kubewright_files::{Tree, is_below};

use crate::folders::Root;
use crate::memo::{Carried, Ran};
use crate::ops::{Disk, Ops};
use crate::place::{Place, open_folder};
use crate::{
    Doing, Earlier, Memo, Merger, Policy, Summary, Warning, WriteError, fresh, git, guard, memo,
    plan, replace,
};

/// How a tree is written.
#[derive(Clone, Copy)]
pub struct WriteOptions<'a> {
    /// What becomes of files that are already there.
    pub policy: Policy,
    /// Whether to say what would be done and write nothing.
    pub dry_run: bool,
    /// Whether a dry run takes files with secrets that are not there, and that the
    /// block in `.gitignore` names, for what a clone lacks and not for a change:
    /// [`Status::Absent`](crate::Status::Absent). Without effect when files are
    /// written.
    pub spares_absent: bool,
    /// Whether to remove files of ours that no longer belong and that nobody
    /// edited.
    pub prune: bool,
    /// Folders that count as a whole, so that files of ours that no longer belong and
    /// that nobody edited are removed from them in any case.
    pub wholes: &'a [String],
    /// Files, and folders with all that lies there, of earlier runs that are left alone:
    /// this run has nothing to do with them. Rules of `.gitignore` for them stay.
    pub spares: &'a [String],
    /// Whether to wait until everything has reached the disk (`fsync`). Without
    /// it every file is whole after a crash of the process, but a power failure
    /// within seconds can leave files empty on some file systems. Generated
    /// files can be generated again, so the default is not to wait: for 10,000
    /// files it would be minutes on some disks.
    pub durable: bool,
    /// Who merges files that were edited by hand; without one they are kept and
    /// reported, and no texts are remembered.
    pub merger: Option<&'a dyn Merger>,
    /// Who looks at texts that are replaced.
    pub earlier: Option<&'a dyn Earlier>,
    /// What is to be remembered of the run; none where nobody will ask.
    pub memo: Option<&'a dyn Memo>,
    /// Asked between files, and while another run is waited for, from several
    /// threads: whether to stop and put everything back. No longer asked once files appear in their places.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// How long to wait for another run into the same folder.
    pub wait: Duration,
    /// The project's folder. An output folder that by its name lies in it must
    /// really lie there; one elsewhere was meant to be elsewhere.
    pub within: Option<&'a Path>,
    /// Called with the number of files of the tree that are finished since the
    /// last call, from several threads.
    pub progress: &'a (dyn Fn(usize) + Sync),
}

impl WriteOptions<'_> {
    /// Whether a file of an earlier run is left alone.
    pub(crate) fn is_spared(&self, path: &str) -> bool {
        let mut spares = self.spares.iter();
        spares.any(|spared| path == spared || is_below(path, spared))
    }
}

impl Default for WriteOptions<'_> {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            dry_run: false,
            spares_absent: false,
            prune: false,
            wholes: &[],
            spares: &[],
            durable: false,
            merger: None,
            earlier: None,
            memo: None,
            stop: &|| false,
            wait: Duration::from_secs(10),
            within: None,
            progress: &|_| {},
        }
    }
}

impl fmt::Debug for WriteOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteOptions")
            .field("policy", &self.policy)
            .field("dry_run", &self.dry_run)
            .field("spares_absent", &self.spares_absent)
            .field("prune", &self.prune)
            .field("durable", &self.durable)
            .field("merger", &self.merger.is_some())
            .field("earlier", &self.earlier.is_some())
            .field("memo", &self.memo.is_some())
            .field("wait", &self.wait)
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

/// Writes the files of a tree into the folder `out`, which is made if it does
/// not exist, and keeps the lock and the block in `.gitignore` there.
///
/// All or nothing: see the [crate's page](crate). An empty tree makes no folder.
///
/// # Errors
/// [`WriteError`]; nothing has changed then, but for [`WriteError::Partly`].
pub fn write<'t>(
    tree: &'t Tree,
    out: &Path,
    options: &WriteOptions<'_>,
) -> Result<Summary<'t>, WriteError> {
    write_with(
        &Disk {
            durable: options.durable,
        },
        tree,
        out,
        options,
    )
}

pub(crate) fn write_with<'t>(
    ops: &dyn Ops,
    tree: &'t Tree,
    out: &Path,
    options: &WriteOptions<'_>,
) -> Result<Summary<'t>, WriteError> {
    let place = match options.dry_run {
        true => Place::find(out, options.within)?,
        false => guard::lock(out, options)?,
    };
    let exists = place.missing.is_empty();
    if tree.files().is_empty() && !exists {
        return Ok(Summary::default());
    }
    let root = Root {
        folder: place.folder.as_fd(),
        real: place.anchor.clone(),
    };
    let begun = SystemTime::now();
    let plan = plan::plan(tree, exists.then_some(&root), &place.shown, options)?;
    if !exists {
        check_writable(&place)?;
    }
    let carried = match options.dry_run {
        true => None,
        false => Some(carry_out(ops, &place, &root, &plan, options)?),
    };
    // The texts that were written make room.
    let plan::Plan {
        reports, entries, ..
    } = plan;
    let summary = Summary {
        warnings: warnings(tree, &place),
        files: reports,
    };
    if let (Some(memo), Some(carried)) = (options.memo, carried) {
        // The folder may have been made or replaced.
        if let Ok(folder) = open_folder(&place.real()) {
            let ran = Ran { begun, carried };
            memo::write(folder.as_fd(), memo, &summary, &entries, &ran);
        }
    }
    Ok(summary)
}

/// The error of a run that is to stop.
pub(crate) fn interrupted(shown: &Path) -> WriteError {
    WriteError::Interrupted {
        out: shown.to_owned(),
    }
}

/// Carries out a plan and says before when no new file was to be seen.
fn carry_out(
    ops: &dyn Ops,
    place: &Place,
    root: &Root<BorrowedFd<'_>>,
    plan: &plan::Plan<'_>,
    options: &WriteOptions<'_>,
) -> Result<Carried, WriteError> {
    if place.missing.is_empty() {
        replace::carry_out(ops, root, plan, options)
    } else {
        fresh::carry_out(ops, place, plan, options)
    }
}

/// Checks that the output folder can be made.
fn check_writable(place: &Place) -> Result<(), WriteError> {
    use rustix::fs::{Access, AtFlags, accessat};
    accessat(
        &place.folder,
        ".",
        Access::WRITE_OK | Access::EXEC_OK,
        AtFlags::empty(),
    )
    .map_err(|error| WriteError::io(Doing::MakeFolder, &place.shown, error))
}

fn warnings(tree: &Tree, place: &Place) -> Vec<Warning> {
    let secrets: Vec<&str> = tree
        .files()
        .iter()
        .filter(|file| file.sensitive)
        .map(|file| file.path.as_str())
        .collect();
    if secrets.is_empty() {
        return Vec::new();
    }
    let tracked = git::tracked(&place.real(), &secrets);
    tracked
        .into_iter()
        .map(|path| Warning::TrackedSecret {
            path: path.to_owned(),
        })
        .collect()
}
