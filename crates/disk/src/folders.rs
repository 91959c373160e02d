//! The folders of an output: which exist, where they really are, and that none
//! leads out.

use std::collections::HashMap;
use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::{Doing, WriteError};

/// An existing output folder.
#[derive(Debug)]
pub(crate) struct Root<F> {
    /// The folder, open.
    pub(crate) folder: F,
    /// Its real path.
    pub(crate) real: PathBuf,
}

/// The folders of an output, each known by its number. Folders are made from
/// their parents down, so a parent has a smaller number.
#[derive(Debug)]
pub(crate) struct Folders {
    shown: PathBuf,
    list: Vec<Folder>,
    by_path: HashMap<String, usize>,
    by_real: HashMap<PathBuf, usize>,
}

#[derive(Debug)]
pub(crate) struct Folder {
    /// Its path in the output folder, empty for that folder itself.
    pub(crate) path: String,
    /// Its path in the output folder without symbolic links; `.` for that
    /// folder itself.
    pub(crate) real: PathBuf,
    pub(crate) exists: bool,
    pub(crate) parent: usize,
}

impl Folders {
    /// Only the output folder itself, which has number 0.
    pub(crate) fn new(shown: &Path, exists: bool) -> Self {
        let root = Folder {
            path: String::new(),
            real: PathBuf::from("."),
            exists,
            parent: 0,
        };
        Self {
            shown: shown.to_owned(),
            list: vec![root],
            by_path: HashMap::from([(String::new(), 0)]),
            by_real: HashMap::new(),
        }
    }

    pub(crate) fn get(&self, number: usize) -> &Folder {
        &self.list[number]
    }

    /// The numbers of the folders to be made so that those in `needed` exist,
    /// parents first.
    pub(crate) fn to_make(&self, needed: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut make = vec![false; self.list.len()];
        for mut number in needed {
            while !self.list[number].exists && !make[number] {
                make[number] = true;
                number = self.list[number].parent;
            }
        }
        (1..make.len()).filter(|number| make[*number]).collect()
    }

    /// The numbers of the folders that exist.
    pub(crate) fn existing(&self) -> Vec<usize> {
        (0..self.list.len())
            .filter(|number| self.list[*number].exists)
            .collect()
    }

    /// The path of something in the output folder, as the user would write it.
    pub(crate) fn shown(&self, path: &str) -> PathBuf {
        if path.is_empty() {
            self.shown.clone()
        } else {
            self.shown.join(path)
        }
    }

    /// The path of a file in a folder, as the user would write it.
    pub(crate) fn shown_in(&self, number: usize, name: &str) -> PathBuf {
        self.shown(&self.list[number].path).join(name)
    }

    /// The number of the folder at `path`.
    pub(crate) fn resolve<F: AsFd>(
        &mut self,
        root: Option<&Root<F>>,
        path: &str,
    ) -> Result<usize, WriteError> {
        if let Some(&number) = self.by_path.get(path) {
            return Ok(number);
        }
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = self.resolve(root, above)?;
        let (real, exists) = match root {
            Some(root) if self.list[parent].exists => self.look(root, parent, path, name)?,
            Some(_) | None => (self.list[parent].real.join(name), false),
        };
        let number = self.list.len();
        if let Some(&other) = self.by_real.get(&real) {
            let first = self.shown(&self.list[other].path);
            return Err(WriteError::OneFolder {
                first,
                second: self.shown(path),
            });
        }
        self.by_real.insert(real.clone(), number);
        self.by_path.insert(path.to_owned(), number);
        self.list.push(Folder {
            path: path.to_owned(),
            real,
            exists,
            parent,
        });
        Ok(number)
    }

    /// Where the folder `name` in an existing folder really is, and whether it
    /// exists.
    fn look<F: AsFd>(
        &self,
        root: &Root<F>,
        parent: usize,
        path: &str,
        name: &str,
    ) -> Result<(PathBuf, bool), WriteError> {
        let real = self.list[parent].real.join(name);
        let stat = match rustix::fs::statat(&root.folder, &real, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return Ok((real, false)),
            Err(error) => return Err(WriteError::io(Doing::Inspect, self.shown(path), error)),
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => Ok((real, true)),
            FileType::Symlink => match inside(root, &real) {
                None => Err(self.leads_out(root, &real, path)),
                Some(target) if root.real.join(&target).is_dir() => {
                    Ok((Path::new(".").join(target), true))
                }
                Some(_) => Err(WriteError::FolderIsFile {
                    path: self.shown(path),
                }),
            },
            _ => Err(WriteError::FolderIsFile {
                path: self.shown(path),
            }),
        }
    }

    /// The error about a link out of the output folder.
    pub(crate) fn leads_out<F>(&self, root: &Root<F>, real: &Path, path: &str) -> WriteError {
        let target = fs::read_link(root.real.join(real)).unwrap_or_default();
        WriteError::LeadsOut {
            path: self.shown(path),
            target,
        }
    }

    /// Opens an existing folder.
    pub(crate) fn open(&self, root: &impl AsFd, number: usize) -> Result<OwnedFd, WriteError> {
        let folder = &self.list[number];
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        rustix::fs::openat(root, &folder.real, flags, Mode::empty())
            .map_err(|error| WriteError::io(Doing::Read, self.shown(&folder.path), error))
    }

    /// Checks that files can be made in a folder, or in the nearest one above
    /// it that exists.
    pub(crate) fn check_writable(
        &self,
        root: &impl AsFd,
        mut number: usize,
    ) -> Result<(), WriteError> {
        while !self.list[number].exists {
            number = self.list[number].parent;
        }
        let folder = &self.list[number];
        let access = Access::WRITE_OK | Access::EXEC_OK;
        rustix::fs::accessat(root, &folder.real, access, AtFlags::empty())
            .map_err(|error| WriteError::io(Doing::Write, self.shown(&folder.path), error))
    }
}

/// The path in the output folder that a symbolic link leads to; none when it
/// leads out of it or to nothing.
pub(crate) fn inside<F>(root: &Root<F>, link: &Path) -> Option<PathBuf> {
    let target = fs::canonicalize(root.real.join(link)).ok()?;
    target.strip_prefix(&root.real).ok().map(Path::to_owned)
}
