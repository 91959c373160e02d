//! Why nothing was written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a tree was not written.
///
/// Nothing has changed on the disk, except for [`WriteError::Partly`], which
/// says what has. Paths are the output folder as it was given and what lies in
/// it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The output folder, or a folder above it, is a file.
    #[error("cannot write to `{}`: `{}` is not a folder", out.display(), path.display())]
    OutIsNotAFolder {
        /// The output folder.
        out: PathBuf,
        /// The file: the output folder itself or a folder above it.
        path: PathBuf,
    },
    /// The output folder, or a folder above it, is a symbolic link to nothing.
    #[error("cannot write to `{}`: `{}` is a symbolic link to nothing", out.display(), path.display())]
    OutIsDangling {
        /// The output folder.
        out: PathBuf,
        /// The link: the output folder itself or a folder above it.
        path: PathBuf,
    },
    /// The output folder looks as if it were in the project, but a symbolic
    /// link leads out of it.
    #[error(
        "cannot write to `{}`: a symbolic link leads out of `{}`, to `{}`",
        out.display(), within.display(), real.display()
    )]
    OutLeadsOut {
        /// The output folder.
        out: PathBuf,
        /// Where it really is.
        real: PathBuf,
        /// The folder it should be in.
        within: PathBuf,
    },
    /// A file or folder of the output is a symbolic link out of the output
    /// folder, or to nothing.
    #[error(
        "cannot write through `{}`: it is a symbolic link out of the output folder, to `{}`",
        path.display(), target.display()
    )]
    LeadsOut {
        /// The link.
        path: PathBuf,
        /// Where it leads, as the link says.
        target: PathBuf,
    },
    /// Two folders of the output are one, by a symbolic link.
    #[error("cannot write to `{}` and `{}`: they are one folder", first.display(), second.display())]
    OneFolder {
        /// One of them.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A file is where the output needs a folder.
    #[error("cannot write into `{}`: it is not a folder", path.display())]
    FolderIsFile {
        /// The file.
        path: PathBuf,
    },
    /// A folder is where the output needs a file.
    #[error("cannot write `{}`: it is a folder", path.display())]
    TargetIsFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A pipe, socket or device is where the output needs a file, or a symbolic
    /// link where `.gitignore` should be, which git does not follow.
    #[error("cannot write `{}`: it is not a regular file", path.display())]
    TargetIsSpecial {
        /// The pipe, socket, device or link.
        path: PathBuf,
    },
    /// The lock file cannot be understood.
    #[error("cannot tell which files were edited: `{}` is damaged: {reason}", path.display())]
    LockDamaged {
        /// The lock file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The lock file was written by a newer kubewright.
    #[error(
        "cannot tell which files were edited: `{}` has version {version}, this kubewright knows {supported}",
        path.display()
    )]
    LockNewer {
        /// The lock file.
        path: PathBuf,
        /// Its version.
        version: u64,
        /// The newest version that is understood.
        supported: u64,
    },
    /// Another run is writing to the same folder.
    #[error("cannot write to `{}`: another run has been writing there for {} seconds", out.display(), waited.as_secs())]
    Busy {
        /// The output folder.
        out: PathBuf,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The caller wanted it stopped.
    #[error("interrupted: nothing was changed in `{}`", out.display())]
    Interrupted {
        /// The output folder.
        out: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {doing} `{}`: {reason}", path.display())]
    Io {
        /// What was being done.
        doing: Doing,
        /// To what.
        path: PathBuf,
        /// The kind of error.
        kind: io::ErrorKind,
        /// The error in words.
        reason: String,
    },
    /// Writing failed, and what had been done could not all be undone.
    #[error("{cause}; {} of the files already had their new text and could not be put back", changed.len())]
    Partly {
        /// What failed.
        cause: Box<WriteError>,
        /// The files that now have their new text, by path in the output
        /// folder. Each is whole.
        changed: Vec<String>,
    },
}

/// What was being done when the operating system refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Finding out what is there.
    Inspect,
    /// Reading a file or opening a folder.
    Read,
    /// Making a folder.
    MakeFolder,
    /// Writing a file or renaming it into its place.
    Write,
    /// Removing a file.
    Remove,
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inspect => "look at",
            Self::Read => "read",
            Self::MakeFolder => "make the folder",
            Self::Write => "write",
            Self::Remove => "remove",
        })
    }
}

impl WriteError {
    pub(crate) fn io(doing: Doing, path: impl AsRef<Path>, error: impl Into<io::Error>) -> Self {
        let error = error.into();
        Self::Io {
            doing,
            path: path.as_ref().to_owned(),
            kind: error.kind(),
            reason: words(&error),
        }
    }

    /// Whether the environment failed (exit code 3), rather than the input or
    /// the usage being wrong (exit code 2).
    #[must_use]
    pub fn is_environment(&self) -> bool {
        match self {
            Self::Busy { .. }
            | Self::Interrupted { .. }
            | Self::Io { .. }
            | Self::Partly { .. } => true,
            Self::OutIsNotAFolder { .. }
            | Self::OutIsDangling { .. }
            | Self::OutLeadsOut { .. }
            | Self::LeadsOut { .. }
            | Self::OneFolder { .. }
            | Self::FolderIsFile { .. }
            | Self::TargetIsFolder { .. }
            | Self::TargetIsSpecial { .. }
            | Self::LockDamaged { .. }
            | Self::LockNewer { .. } => false,
        }
    }

    /// The stable code of a diagnostic about it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutIsNotAFolder { .. } => "output-not-a-folder",
            Self::OutIsDangling { .. } | Self::OutLeadsOut { .. } | Self::LeadsOut { .. } => {
                "output-leads-out"
            }
            Self::OneFolder { .. } => "output-folders-are-one",
            Self::FolderIsFile { .. }
            | Self::TargetIsFolder { .. }
            | Self::TargetIsSpecial { .. } => "output-in-the-way",
            Self::LockDamaged { .. } => "lock-damaged",
            Self::LockNewer { .. } => "lock-newer",
            Self::Busy { .. } => "output-busy",
            Self::Interrupted { .. } => "output-interrupted",
            Self::Io { .. } | Self::Partly { .. } => "output-failed",
        }
    }

    /// What happened, where and why.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// How to put it right.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::OutIsNotAFolder { .. } => "name a folder with `-o`, or move the file away".to_owned(),
            Self::OutIsDangling { path, .. } => {
                format!("remove the link `{}`, or make the folder it names", path.display())
            }
            Self::OutLeadsOut { real, .. } => {
                format!("if that is meant, name the real folder: `-o {}`", real.display())
            }
            Self::LeadsOut { .. } => "remove the link, or move what it leads to into its place".to_owned(),
            Self::OneFolder { .. } => "remove the symbolic link that makes them one".to_owned(),
            Self::FolderIsFile { .. } | Self::TargetIsFolder { .. } | Self::TargetIsSpecial { .. } => {
                "move it away, or write to another folder with `-o`".to_owned()
            }
            Self::LockDamaged { path, .. } => format!(
                "restore `{}` from git; or remove it: files that differ from what is generated then count as yours",
                path.display()
            ),
            Self::LockNewer { .. } => "use the kubewright that wrote it, or a newer one".to_owned(),
            Self::Busy { .. } => "wait for the other run, or stop it, and try again".to_owned(),
            Self::Interrupted { .. } => "run again".to_owned(),
            Self::Io { kind, .. } => help_for(*kind).to_owned(),
            Self::Partly { .. } => {
                "put right what failed and run again: every file is whole, and the next run does the rest".to_owned()
            }
        }
    }
}

fn help_for(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "nothing was changed; make room, or write elsewhere with `-o`, and run again"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "nothing was changed; change the permissions, or write elsewhere with `-o`"
        }
        io::ErrorKind::InvalidFilename => "nothing was changed; shorten the name",
        _ => "nothing was changed; put that right and run again, or write elsewhere with `-o`",
    }
}

/// An error of the operating system in our words, without its number.
pub(crate) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text
        .rfind(" (os error")
        .map_or(text.as_str(), |end| &text[..end]);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => "unknown error".to_owned(),
    }
}
