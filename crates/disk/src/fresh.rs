//! Carrying out a plan where no output folder is yet: the whole is built under
//! a temporary name and renamed into its place, which is all or nothing.

use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::digest::Digest;
use crate::memo::Carried;
use crate::ops::{Access, Ops};
use crate::place::{Place, open_folder};
use crate::plan::{Plan, Put};
use crate::stamp::Stamp;
use crate::write::interrupted;
use crate::{Doing, WriteError, WriteOptions, parallel};

/// Makes the output folder with everything in it. The place has at least one
/// missing folder.
pub(crate) fn carry_out(
    ops: &dyn Ops,
    place: &Place,
    plan: &Plan<'_>,
    options: &WriteOptions<'_>,
) -> Result<Carried, WriteError> {
    // A name that only this output folder has, so that what a crash leaves is
    // found by the next run into it. The place is locked: no run is at work.
    let name = Digest::of(place.missing[0].as_bytes()).short();
    let temporary = PathBuf::from(format!(".kubewright-{name}.tmp"));
    let whole = place.anchor.join(&temporary);
    let failed = |doing| move |error| WriteError::io(doing, &place.shown, error);
    ops.remove_tree(&whole).map_err(failed(Doing::Remove))?;
    let (at, top) = (place.folder.as_fd(), Path::new(&place.missing[0]));
    let mut appeared = SystemTime::now();
    let result = build(ops, place, &temporary, plan, options).and_then(|stamps| {
        appeared = SystemTime::now();
        ops.rename(at, &temporary, top)
            .map_err(failed(Doing::Write))?;
        ops.sync_folder(at).map_err(|error| {
            // If it cannot be put back, the next run finds all as it should be.
            let _ = ops.rename(at, top, &temporary);
            WriteError::io(Doing::Write, &place.shown, error)
        })?;
        Ok(stamps)
    });
    if result.is_err() {
        // If this fails too, the next run does it.
        let _ = ops.remove_tree(&whole);
    }
    result.map(|stamps| Carried { appeared, stamps })
}

/// Gives the stamps of the files of the tree.
fn build(
    ops: &dyn Ops,
    place: &Place,
    temporary: &Path,
    plan: &Plan<'_>,
    options: &WriteOptions<'_>,
) -> Result<Vec<Option<Stamp>>, WriteError> {
    let at = place.folder.as_fd();
    let mut path = temporary.to_owned();
    let make = |path: &Path| {
        ops.make_folder(at, path)
            .map_err(|error| WriteError::io(Doing::MakeFolder, &place.shown, error))
    };
    make(&path)?;
    // Until the folder is in its place git sees nothing of it, whatever a crash leaves.
    let top = open_folder(&place.anchor.join(&path))
        .map_err(|error| WriteError::io(Doing::Read, &place.shown, error))?;
    let failed = |error| WriteError::io(Doing::Write, &place.shown, error);
    ops.put(top.as_fd(), IGNORE, b"*\n", Access::Default)
        .map_err(failed)?;
    for name in &place.missing[1..] {
        path.push(name);
        make(&path)?;
    }
    let out = open_folder(&place.anchor.join(&path))
        .map_err(|error| WriteError::io(Doing::Read, &place.shown, error))?;
    for &number in &plan.new_folders {
        let folder = plan.folders.get(number);
        ops.make_folder(out.as_fd(), &folder.real)
            .map_err(|error| {
                WriteError::io(Doing::MakeFolder, plan.folders.shown(&folder.path), error)
            })?;
    }
    let stamps = fill(ops, out.as_fd(), plan, options)?;
    if place.missing.len() > 1 || !plan.puts.iter().any(is_ignore) {
        ops.remove_file(top.as_fd(), IGNORE).map_err(failed)?;
    }
    if plan.puts.iter().any(is_ignore) {
        ops.rename(out.as_fd(), Path::new(IGNORE_LATER), Path::new(IGNORE))
            .map_err(failed)?;
    }
    let folders = std::iter::once(0).chain(plan.new_folders.iter().copied());
    for number in folders {
        let folder = plan.folders.open(&out, number)?;
        ops.sync_folder(folder.as_fd())
            .map_err(|error| WriteError::io(Doing::Write, &place.shown, error))?;
    }
    Ok(stamps)
}

/// The file that hides the folder while it is built, and the name under which the
/// real one waits.
const IGNORE: &str = ".gitignore";
const IGNORE_LATER: &str = ".gitignore.kubewright";

fn is_ignore(put: &Put<'_>) -> bool {
    put.folder == 0 && put.name == IGNORE
}

fn fill(
    ops: &dyn Ops,
    out: BorrowedFd<'_>,
    plan: &Plan<'_>,
    options: &WriteOptions<'_>,
) -> Result<Vec<Option<Stamp>>, WriteError> {
    let chunks = parallel::chunks(plan.puts.len(), |at| plan.puts[at].folder);
    let written = parallel::for_each(&chunks, |chunk| {
        let puts = &plan.puts[chunk];
        let folder = plan.folders.open(&out, puts[0].folder)?;
        let mut stamps = Vec::with_capacity(puts.len());
        for put in puts {
            if (options.stop)() {
                return Err(interrupted(&plan.folders.shown("")));
            }
            let name = if is_ignore(put) {
                IGNORE_LATER
            } else {
                put.name
            };
            let stamp = ops
                .put(folder.as_fd(), name, &put.bytes, put.access)
                .map_err(|error| {
                    WriteError::io(
                        Doing::Write,
                        plan.folders.shown_in(put.folder, put.name),
                        error,
                    )
                })?;
            stamps.extend(put.in_tree.map(|file| (file, stamp)));
        }
        (options.progress)(puts.iter().filter(|put| put.in_tree.is_some()).count());
        Ok(stamps)
    })?;
    let mut stamps = vec![None; plan.reports.len()];
    for (file, stamp) in written.into_iter().flatten() {
        stamps[file] = stamp;
    }
    Ok(stamps)
}
