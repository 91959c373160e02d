//! Where the output folder is, or will be.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use crate::{Doing, WriteError};

/// The output folder: the nearest folder that exists, and the names below it
/// that do not exist yet.
#[derive(Debug)]
pub(crate) struct Place {
    /// The output folder as the user gave it, for messages.
    pub(crate) shown: PathBuf,
    /// The real path of the nearest folder that exists.
    pub(crate) anchor: PathBuf,
    /// That folder, open.
    pub(crate) folder: OwnedFd,
    /// The folders to be made in it; empty when the output folder exists.
    pub(crate) missing: Vec<OsString>,
}

impl Place {
    /// Finds the output folder. When `out` by its name lies in `within`, it
    /// must really lie there.
    pub(crate) fn find(out: &Path, within: Option<&Path>) -> Result<Self, WriteError> {
        let shown = if out.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            out.to_owned()
        };
        let (anchor, missing) = find_anchor(&shown)?;
        if let Some(within) = within {
            check_within(&shown, &anchor, within)?;
        }
        let folder =
            open_folder(&anchor).map_err(|error| WriteError::io(Doing::Read, &shown, error))?;
        Ok(Self {
            shown,
            anchor,
            folder,
            missing,
        })
    }

    /// Whether both are one place, in the same state.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let same_folder = match (
            rustix::fs::fstat(&self.folder),
            rustix::fs::fstat(&other.folder),
        ) {
            (Ok(one), Ok(two)) => (one.st_dev, one.st_ino) == (two.st_dev, two.st_ino),
            (Err(_), _) | (_, Err(_)) => false,
        };
        same_folder && self.missing == other.missing
    }

    /// The real path that the output folder has or will have.
    pub(crate) fn real(&self) -> PathBuf {
        self.missing
            .iter()
            .fold(self.anchor.clone(), |path, name| path.join(name))
    }
}

pub(crate) fn open_folder(path: &Path) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty())
}

fn find_anchor(out: &Path) -> Result<(PathBuf, Vec<OsString>), WriteError> {
    let mut path =
        std::path::absolute(out).map_err(|error| WriteError::io(Doing::Inspect, out, error))?;
    loop {
        let existing = nearest_existing(out, &path)?;
        let rest: Vec<Component<'_>> = path
            .strip_prefix(&existing)
            .map(|rest| rest.components().collect())
            .unwrap_or_default();
        let real = fs::canonicalize(&existing)
            .map_err(|error| WriteError::io(Doing::Inspect, out, error))?;
        // A folder that does not exist yet is no link: `..` after it is its parent.
        if rest.contains(&Component::ParentDir) {
            path = rest
                .iter()
                .fold(real, |path, component| step(path, *component));
            continue;
        }
        let missing = rest
            .iter()
            .map(|component| component.as_os_str().to_owned())
            .collect();
        return Ok((real, missing));
    }
}

fn step(mut path: PathBuf, component: Component<'_>) -> PathBuf {
    match component {
        Component::ParentDir => {
            path.pop();
        }
        Component::Normal(name) => path.push(name),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
    }
    path
}

/// The longest beginning of `path` that exists, which must be a folder.
fn nearest_existing(out: &Path, path: &Path) -> Result<PathBuf, WriteError> {
    for ancestor in path.ancestors() {
        match fs::metadata(ancestor) {
            Ok(metadata) if metadata.is_dir() => return Ok(ancestor.to_owned()),
            Ok(_) => {
                return Err(WriteError::OutIsNotAFolder {
                    out: out.to_owned(),
                    path: as_given(out, path, ancestor),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let is_link =
                    fs::symlink_metadata(ancestor).is_ok_and(|metadata| metadata.is_symlink());
                if is_link {
                    return Err(WriteError::OutIsDangling {
                        out: out.to_owned(),
                        path: as_given(out, path, ancestor),
                    });
                }
            }
            // The file that is no folder is further up.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(WriteError::io(Doing::Inspect, out, error)),
        }
    }
    Err(WriteError::io(
        Doing::Inspect,
        out,
        io::Error::from(io::ErrorKind::NotFound),
    ))
}

/// An ancestor of the absolute path in the words of the path as it was given.
fn as_given(out: &Path, absolute: &Path, ancestor: &Path) -> PathBuf {
    let above = absolute.components().count() - ancestor.components().count();
    match out.ancestors().nth(above) {
        Some(given) if !given.as_os_str().is_empty() => given.to_owned(),
        Some(_) | None => ancestor.to_owned(),
    }
}

fn check_within(out: &Path, anchor: &Path, within: &Path) -> Result<(), WriteError> {
    let by_name = |path: &Path| {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        absolute.components().fold(PathBuf::from("/"), step)
    };
    let real = |path: &Path| {
        fs::canonicalize(path).map_err(|error| WriteError::io(Doing::Inspect, path, error))
    };
    if by_name(out).starts_with(by_name(within)) && !anchor.starts_with(real(within)?) {
        return Err(WriteError::OutLeadsOut {
            out: out.to_owned(),
            real: anchor.to_owned(),
            within: within.to_owned(),
        });
    }
    Ok(())
}
