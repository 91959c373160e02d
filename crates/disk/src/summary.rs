//! What came of every file.

use std::borrow::Cow;
use std::fmt;

use kubewright_files::ObjectRef;

/// What a run of the writer did, or in a dry run would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary<'t> {
    /// Every file: those of the tree in its order, then those that no longer
    /// belong by path, then `.gitignore` if it has or had a block of ours.
    pub files: Vec<FileReport<'t>>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

impl Summary<'_> {
    /// How many files have this status.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        self.files
            .iter()
            .filter(|file| file.status == status)
            .count()
    }

    /// Whether a file of the user's stood in the way and was kept.
    #[must_use]
    pub fn has_conflicts(&self) -> bool {
        self.count(Status::Conflict) > 0
    }

    /// Whether anything was, or in a dry run would be, created, updated or
    /// removed.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.files.iter().any(|file| match file.status {
            Status::Created | Status::Updated | Status::Merged | Status::Removed => true,
            Status::Unchanged
            | Status::Kept
            | Status::Conflict
            | Status::Stale
            | Status::Absent => false,
        })
    }
}

/// One file and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport<'t> {
    /// Its path in the output folder.
    pub path: Cow<'t, str>,
    /// What came of it.
    pub status: Status,
    /// What it holds, where that is not what the tree says: a merged text, the new
    /// `.gitignore`.
    pub text: Option<Vec<u8>>,
    /// The objects it holds; empty for a file that is not in the tree.
    pub objects: &'t [ObjectRef],
}

/// What came of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It was not there.
    Created,
    /// It was there with another text and was replaced.
    Updated,
    /// It was edited by hand, and has the generator's changes now, too.
    Merged,
    /// It was there with this very text.
    Unchanged,
    /// It was there and stays as it is: by policy, or because it was edited by
    /// hand and nothing is generated differently since.
    Kept,
    /// A file of the user's was there, never ours or edited where something else is
    /// generated now, and was kept.
    Conflict,
    /// A file of ours that no longer belongs and is still there.
    Stale,
    /// A file of ours that no longer belonged, was untouched and was removed.
    Removed,
    /// A file with secrets that is not there, in a folder whose `.gitignore` keeps it
    /// out of git: in a clone that is as it should be. Only where
    /// [`WriteOptions::spares_absent`](crate::WriteOptions::spares_absent) asks for it.
    Absent,
}

impl Status {
    /// All of them, in the order in which a summary counts them.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Updated,
        Self::Merged,
        Self::Unchanged,
        Self::Kept,
        Self::Conflict,
        Self::Stale,
        Self::Removed,
        Self::Absent,
    ];

    /// The word for it in results.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Merged => "merged",
            Self::Unchanged => "unchanged",
            Self::Kept => "kept",
            Self::Conflict => "conflict",
            Self::Stale => "stale",
            Self::Removed => "removed",
            Self::Absent => "absent",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something the user should know though all went well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A file that holds a secret is tracked by git, which ignores `.gitignore`
    /// for such files.
    TrackedSecret {
        /// Its path in the output folder.
        path: String,
    },
}

impl Warning {
    /// What is so.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::TrackedSecret { path } => {
                format!("`{path}` holds a secret and is tracked by git")
            }
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::TrackedSecret { path } => format!(
                "run `git rm --cached {path}` in the output folder, and change the secret if it was ever pushed"
            ),
        }
    }
}
