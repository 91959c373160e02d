//! Carrying out a plan in a folder that exists.

use std::collections::BTreeSet;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use crate::folders::Root;
use crate::ledger::UNFINISHED;
use crate::memo::Carried;
use crate::ops::{Access, Ops};
use crate::plan::Plan;
use crate::write::interrupted;
use crate::{Doing, WriteError, WriteOptions, parallel};

const MARKER_TEMPORARY: &str = ".kubewright-marker.tmp";

/// Carries out a plan; on an error everything is as it was, but for
/// [`WriteError::Partly`].
pub(crate) fn carry_out(
    ops: &dyn Ops,
    root: &Root<BorrowedFd<'_>>,
    plan: &Plan<'_>,
    options: &WriteOptions<'_>,
) -> Result<Carried, WriteError> {
    let mut run = Run {
        ops,
        plan,
        root,
        open: None,
        appeared: SystemTime::now(),
        done: Done::default(),
        linked: plan.puts.iter().map(|_| AtomicBool::new(false)).collect(),
    };
    if plan.unfinished {
        run.remove_leftovers()?;
    }
    if !plan.is_idle() {
        if let Err(error) = run.all(options) {
            return Err(run.undo(error));
        }
        run.finish();
    } else if plan.unfinished {
        run.remove_marker();
    }
    Ok(Carried {
        appeared: run.appeared,
        // Renaming changes them.
        stamps: Vec::new(),
    })
}

struct Run<'a, 't> {
    ops: &'a dyn Ops,
    plan: &'a Plan<'t>,
    root: &'a Root<BorrowedFd<'a>>,
    /// The folder last opened.
    open: Option<(usize, OwnedFd)>,
    /// When no new file was to be seen yet.
    appeared: SystemTime,
    done: Done,
    /// Which puts have a second link to the file they replace.
    linked: Vec<AtomicBool>,
}

/// How far the run is.
#[derive(Default)]
struct Done {
    folders: usize,
    marker: bool,
    staging: bool,
    renamed: usize,
    removed: usize,
}

impl Run<'_, '_> {
    fn all(&mut self, options: &WriteOptions<'_>) -> Result<(), WriteError> {
        // The folder of the lock comes first where it is new: the marker goes there.
        let plan = self.plan;
        for &number in &plan.new_folders {
            let folder = plan.folders.get(number);
            self.ops
                .make_folder(self.root.folder, &folder.real)
                .map_err(|error| {
                    WriteError::io(Doing::MakeFolder, plan.folders.shown(&folder.path), error)
                })?;
            self.done.folders += 1;
            if number == plan.lock_folder {
                self.write_marker()?;
            }
        }
        if !self.done.marker {
            self.write_marker()?;
        }
        self.stage(options)?;
        self.appeared = SystemTime::now();
        self.rename(0..plan.locks_from)?;
        self.remove()?;
        self.rename(plan.locks_from..plan.puts.len())?;
        self.sync()
    }

    fn write_marker(&mut self) -> Result<(), WriteError> {
        let plan = self.plan;
        let failed = |error: io::Error| {
            WriteError::io(
                Doing::Write,
                plan.folders.shown_in(plan.lock_folder, UNFINISHED),
                error,
            )
        };
        self.done.marker = true;
        self.enter(plan.lock_folder)?;
        self.remove_if_there(MARKER_TEMPORARY).map_err(failed)?;
        self.ops
            .put(self.here(), MARKER_TEMPORARY, &plan.marker, Access::Private)
            .map_err(failed)?;
        self.ops
            .rename(
                self.here(),
                Path::new(MARKER_TEMPORARY),
                Path::new(UNFINISHED),
            )
            .map_err(failed)
    }

    /// Writes the temporary files, and links the files to be replaced to a
    /// second name where the file system can.
    fn stage(&mut self, options: &WriteOptions<'_>) -> Result<(), WriteError> {
        self.done.staging = true;
        let Self {
            ops,
            plan,
            root,
            linked,
            ..
        } = &*self;
        let chunks = parallel::chunks(plan.puts.len(), |at| plan.puts[at].folder);
        parallel::for_each(&chunks, |chunk| {
            let puts = &plan.puts[chunk.clone()];
            let folder = plan.folders.open(&root.folder, puts[0].folder)?;
            for (at, put) in chunk.zip(puts) {
                if (options.stop)() {
                    return Err(interrupted(&plan.folders.shown("")));
                }
                ops.put(folder.as_fd(), &temporary(at), &put.bytes, put.access)
                    .map_err(|error| {
                        WriteError::io(
                            Doing::Write,
                            plan.folders.shown_in(put.folder, put.name),
                            error,
                        )
                    })?;
                if put.replaces {
                    let has_link = ops.link(folder.as_fd(), put.name, &backup(at)).is_ok();
                    linked[at].store(has_link, Ordering::Relaxed);
                }
            }
            (options.progress)(puts.iter().filter(|put| put.in_tree.is_some()).count());
            Ok(())
        })?;
        Ok(())
    }

    fn rename(&mut self, range: std::ops::Range<usize>) -> Result<(), WriteError> {
        let plan = self.plan;
        for at in range {
            let put = &plan.puts[at];
            self.enter(put.folder)?;
            self.ops
                .rename(self.here(), Path::new(&temporary(at)), Path::new(put.name))
                .map_err(|error| {
                    WriteError::io(
                        Doing::Write,
                        plan.folders.shown_in(put.folder, put.name),
                        error,
                    )
                })?;
            self.done.renamed += 1;
        }
        Ok(())
    }

    fn remove(&mut self) -> Result<(), WriteError> {
        let plan = self.plan;
        for (at, removal) in plan.removals.iter().enumerate() {
            self.enter(removal.folder)?;
            self.ops
                .rename(
                    self.here(),
                    Path::new(&removal.name),
                    Path::new(&removed(at)),
                )
                .map_err(|error| {
                    WriteError::io(
                        Doing::Remove,
                        plan.folders.shown_in(removal.folder, &removal.name),
                        error,
                    )
                })?;
            self.done.removed += 1;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), WriteError> {
        let plan = self.plan;
        let touched = plan
            .puts
            .iter()
            .map(|put| put.folder)
            .chain(plan.removals.iter().map(|r| r.folder));
        let parents = plan
            .new_folders
            .iter()
            .map(|number| plan.folders.get(*number).parent);
        for number in touched.chain(parents).collect::<BTreeSet<_>>() {
            self.enter(number)?;
            let shown = &plan.folders.get(number).path;
            self.ops
                .sync_folder(self.here())
                .map_err(|error| WriteError::io(Doing::Write, plan.folders.shown(shown), error))?;
        }
        Ok(())
    }

    /// Removes what the run needed and nobody else does. What cannot be removed
    /// is left with the marker to the next run: all files are written.
    fn finish(&mut self) {
        let plan = self.plan;
        let mut clean = true;
        for (at, put) in plan.puts.iter().enumerate().filter(|(_, put)| put.replaces) {
            clean &= self.enter(put.folder).is_ok() && self.remove_if_there(&backup(at)).is_ok();
        }
        for (at, removal) in plan.removals.iter().enumerate() {
            clean &=
                self.enter(removal.folder).is_ok() && self.remove_if_there(&removed(at)).is_ok();
            self.remove_empty(removal.folder);
        }
        if clean {
            self.remove_marker();
        }
    }

    /// Removes a folder and those above it as far as they are empty.
    fn remove_empty(&self, mut number: usize) {
        while number != 0 && number != self.plan.lock_folder {
            let folder = self.plan.folders.get(number);
            if self
                .ops
                .remove_folder(self.root.folder, &folder.real)
                .is_err()
            {
                return;
            }
            number = folder.parent;
        }
    }

    /// Puts everything back after `cause`.
    fn undo(&mut self, cause: WriteError) -> WriteError {
        let changed = self.put_back();
        let mut clean = true;
        if self.done.staging {
            clean = self.remove_temporaries(&changed);
        }
        let whole = changed.is_empty() && clean && !self.plan.unfinished;
        if whole && self.done.marker {
            self.remove_marker();
        }
        for &number in self.plan.new_folders[..self.done.folders].iter().rev() {
            // One that is not empty holds what could not be removed.
            let _ = self
                .ops
                .remove_folder(self.root.folder, &self.plan.folders.get(number).real);
        }
        if changed.is_empty() {
            return cause;
        }
        let changed = changed.into_iter().map(|(_, path)| path).collect();
        WriteError::Partly {
            cause: Box::new(cause),
            changed,
        }
    }

    /// Undoes the renames, the last first. Gives the files for which that
    /// failed: their put, if it is one, and their path.
    fn put_back(&mut self) -> Vec<(Option<usize>, String)> {
        let plan = self.plan;
        let mut changed = Vec::new();
        for at in (0..self.done.renamed).rev() {
            let put = &plan.puts[at];
            let restored = self.enter(put.folder).is_ok()
                && match put.replaces {
                    false => self.remove_if_there(put.name).is_ok(),
                    true => {
                        self.linked[at].load(Ordering::Relaxed)
                            && self
                                .ops
                                .rename(self.here(), Path::new(&backup(at)), Path::new(put.name))
                                .is_ok()
                    }
                };
            if !restored {
                changed.push((Some(at), self.path(put.folder, put.name)));
            }
        }
        for at in (0..self.done.removed).rev() {
            let removal = &plan.removals[at];
            let restored = self.enter(removal.folder).is_ok()
                && self
                    .ops
                    .rename(
                        self.here(),
                        Path::new(&removed(at)),
                        Path::new(&removal.name),
                    )
                    .is_ok();
            if !restored {
                changed.push((None, self.path(removal.folder, &removal.name)));
            }
        }
        changed.reverse();
        changed
    }

    /// Removes the temporary files of this run; whether all are gone.
    fn remove_temporaries(&mut self, changed: &[(Option<usize>, String)]) -> bool {
        let mut clean = true;
        for (at, put) in self.plan.puts.iter().enumerate() {
            let entered = self.enter(put.folder).is_ok();
            clean &= entered && self.remove_if_there(&temporary(at)).is_ok();
            let lost = changed.iter().any(|(changed, _)| *changed == Some(at));
            if put.replaces && !lost {
                clean &= entered && self.remove_if_there(&backup(at)).is_ok();
            }
        }
        clean
    }

    /// Removes what an earlier run left behind when it was cut short.
    fn remove_leftovers(&mut self) -> Result<(), WriteError> {
        let plan = self.plan;
        for number in plan.folders.existing() {
            let shown = || plan.folders.shown(&plan.folders.get(number).path);
            self.enter(number)?;
            let names = temporaries_in(self.here())
                .map_err(|error| WriteError::io(Doing::Read, shown(), error))?;
            for name in names {
                self.remove_if_there(&name)
                    .map_err(|error| WriteError::io(Doing::Remove, shown(), error))?;
            }
        }
        Ok(())
    }

    fn remove_marker(&mut self) {
        if self.enter(self.plan.lock_folder).is_ok() {
            // A marker that stays makes the next run look for leftovers, in vain.
            let _ = self.remove_if_there(MARKER_TEMPORARY);
            let _ = self.remove_if_there(UNFINISHED);
        }
    }

    fn remove_if_there(&self, name: &str) -> io::Result<()> {
        match self.ops.remove_file(self.here(), name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Opens a folder, unless it is the one that is open.
    fn enter(&mut self, number: usize) -> Result<(), WriteError> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != number) {
            self.open = Some((number, self.plan.folders.open(&self.root.folder, number)?));
        }
        Ok(())
    }

    /// The folder entered last.
    fn here(&self) -> BorrowedFd<'_> {
        match &self.open {
            Some((_, folder)) => folder.as_fd(),
            None => self.root.folder,
        }
    }

    fn path(&self, number: usize, name: &str) -> String {
        match self.plan.folders.get(number).path.as_str() {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }
}

fn temporary(at: usize) -> String {
    format!(".kubewright-{}-{at}.tmp", std::process::id())
}

fn backup(at: usize) -> String {
    format!(".kubewright-{}-{at}.old.tmp", std::process::id())
}

fn removed(at: usize) -> String {
    format!(".kubewright-{}-{at}.gone.tmp", std::process::id())
}

/// The names of temporary files of ours in a folder.
fn temporaries_in(folder: BorrowedFd<'_>) -> rustix::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy();
        if name.starts_with(".kubewright-") && name.ends_with(".tmp") {
            names.push(name.into_owned());
        }
    }
    Ok(names)
}
