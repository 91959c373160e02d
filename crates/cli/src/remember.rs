//! What a run read and said, so that the next one can see that it would read and
//! say the same, and need not compile anything.
//!
//! All that a compilation depends on is what it is asked for, this program, and what
//! its files and variables answered. The first two are the key; the answers are in
//! the note, and are asked for again before it counts.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use kubewright_compile::Request;
use kubewright_disk::{Memo, Status, Summary, fingerprint, recall};
use kubewright_files::{FileError, Files, Kind};
use kubewright_read::Environment;
use kubewright_run::{Output, Target};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::counts::Counts;

/// A question to the files of a project, and a fingerprint of the answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Asked {
    Read(PathBuf, u64, String),
    Kind(PathBuf, String),
    List(PathBuf, String),
    Leads(PathBuf, PathBuf, bool),
}

impl Asked {
    fn is_answered_alike(&self, files: &dyn Files) -> bool {
        match self {
            Self::Read(path, most, answer) => read(&files.read_limited(path, *most)) == *answer,
            Self::Kind(path, answer) => format!("{:?}", files.kind(path)) == *answer,
            Self::List(path, answer) => format!("{:?}", files.list(path)) == *answer,
            Self::Leads(path, folder, answer) => files.leads_outside(path, folder) == *answer,
        }
    }
}

fn read(answer: &Result<Vec<u8>, FileError>) -> String {
    match answer {
        Ok(bytes) => of_bytes(bytes),
        Err(error) => format!("{error:?}"),
    }
}

/// The fingerprint of a text, or that of the fingerprints of its parts, which are
/// taken at the same time.
fn of_bytes(bytes: &[u8]) -> String {
    const PART: usize = 256 << 10;
    if bytes.len() <= PART {
        return fingerprint(bytes);
    }
    let parts: Vec<String> = bytes.par_chunks(PART).map(fingerprint).collect();
    fingerprint(parts.concat().as_bytes())
}

/// Files that remember what they were asked.
pub(crate) struct Witness<'f> {
    files: &'f dyn Files,
    asked: Mutex<BTreeSet<Asked>>,
}

impl<'f> Witness<'f> {
    pub(crate) fn new(files: &'f dyn Files) -> Self {
        Self {
            files,
            asked: Mutex::default(),
        }
    }

    fn saw(&self, asked: Asked) {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(asked);
    }

    fn into_asked(self) -> BTreeSet<Asked> {
        self.asked
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Witness<'_> {
    fn read_limited(&self, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
        let answer = self.files.read_limited(path, max_bytes);
        self.saw(Asked::Read(path.to_owned(), max_bytes, read(&answer)));
        answer
    }

    fn leads_outside(&self, path: &Path, folder: &Path) -> bool {
        let answer = self.files.leads_outside(path, folder);
        self.saw(Asked::Leads(path.to_owned(), folder.to_owned(), answer));
        answer
    }

    fn kind(&self, path: &Path) -> Result<Kind, FileError> {
        let answer = self.files.kind(path);
        self.saw(Asked::Kind(path.to_owned(), format!("{answer:?}")));
        answer
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        let answer = self.files.list(folder);
        self.saw(Asked::List(folder.to_owned(), format!("{answer:?}")));
        answer
    }
}

/// The variables that a run asked for, and one fingerprint of all their values:
/// some are secrets, which have no place in a note.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Variables {
    names: BTreeSet<String>,
    values: String,
}

impl Variables {
    fn asked_of(environment: &Environment) -> Self {
        let names = environment.asked();
        Self {
            values: values(environment, &names),
            names,
        }
    }

    fn are_alike(&self, environment: &Environment) -> bool {
        values(environment, &self.names) == self.values
    }
}

fn values(environment: &Environment, names: &BTreeSet<String>) -> String {
    let values: Vec<_> = environment.values(names).collect();
    fingerprint(format!("{values:?}").as_bytes())
}

/// What a run with nothing to do says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    asked: BTreeSet<Asked>,
    variables: Variables,
    /// The diagnostics as they were drawn.
    pub(crate) diagnostics: String,
    /// The files that are not simply as they should be.
    pub(crate) others: Vec<(String, Other)>,
    pub(crate) counts: Counts,
}

/// Why a file is mentioned.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Other {
    /// It was edited by hand.
    Kept,
    /// It no longer belongs.
    Stale,
}

/// The key of a run: everything that its result depends on but its files and
/// variables. None where this program cannot be told from another.
pub(crate) fn key(request: &Request, target: &Target, manner: &str) -> Option<String> {
    let program = std::env::current_exe().and_then(std::fs::metadata).ok()?;
    let built = program.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let mut text = format!(
        "{} {} {built:?}\n{request:?}\n{manner}\n",
        env!("CARGO_PKG_VERSION"),
        program.len()
    );
    let clean = |path: &Path| path.components().collect::<PathBuf>();
    let _ = writeln!(text, "{:?} {:?}", target.shown, clean(&target.folder));
    Some(fingerprint(text.as_bytes()))
}

/// What the last run said, if this one would do and say the same and has nothing to
/// write.
pub(crate) fn nothing_to_do(
    files: &dyn Files,
    environment: &Environment,
    target: &Target,
    key: &str,
) -> Option<Said> {
    let note = recall(&target.folder, Some(&target.project), key)?;
    let said: Said = serde_json::from_slice(&note).ok()?;
    let mut asked = said.asked.iter();
    let alike =
        said.variables.are_alike(environment) && asked.all(|asked| asked.is_answered_alike(files));
    alike.then_some(said)
}

/// What is to be remembered of a run.
pub(crate) struct Remember<'r> {
    key: String,
    asked: BTreeSet<Asked>,
    variables: Variables,
    diagnostics: String,
    written: (Output<'r>, &'r Target),
}

impl<'r> Remember<'r> {
    /// `diagnostics` as they are said without anything about writing; `environment`
    /// as it was handed to the line.
    pub(crate) fn new(
        key: String,
        seen: Witness<'_>,
        environment: &Environment,
        diagnostics: String,
        written: (Output<'r>, &'r Target),
    ) -> Self {
        Self {
            key,
            asked: seen.into_asked(),
            variables: Variables::asked_of(environment),
            diagnostics,
            written,
        }
    }
}

impl Memo for Remember<'_> {
    fn key(&self) -> String {
        self.key.clone()
    }

    fn note(&self, summary: &Summary<'_>) -> Option<Vec<u8>> {
        // What is said about writing would have to be said again.
        if summary.has_conflicts() || !summary.warnings.is_empty() {
            return None;
        }
        let mut others = Vec::new();
        for file in &summary.files {
            let other = match file.status {
                Status::Created | Status::Updated | Status::Unchanged | Status::Removed => continue,
                Status::Merged | Status::Kept => Other::Kept,
                Status::Stale => Other::Stale,
                Status::Conflict | Status::Absent => return None,
            };
            others.push((file.path.to_string(), other));
        }
        let (output, target) = self.written;
        let said = Said {
            asked: self.asked.clone(),
            variables: self.variables.clone(),
            diagnostics: self.diagnostics.clone(),
            counts: Counts::when_done(output, summary, target),
            others,
        };
        serde_json::to_vec(&said).ok()
    }
}

#[cfg(test)]
mod tests {
    use kubewright_files::MemoryFiles;

    use super::*;

    #[test]
    fn other_answers_are_noticed() {
        let files = MemoryFiles::new().with("/p/a", "1").with("/p/b", "2");
        let witness = Witness::new(&files);
        let _ = witness.read(Path::new("/p/a"));
        let _ = witness.kind(Path::new("/p/c"));
        let _ = witness.list(Path::new("/p"));
        let asked = witness.into_asked();
        assert_eq!(asked.len(), 3);
        let alike = |files: &MemoryFiles| asked.iter().all(|asked| asked.is_answered_alike(files));
        assert!(alike(&files));
        let others = [
            MemoryFiles::new().with("/p/a", "x").with("/p/b", "2"),
            MemoryFiles::new()
                .with("/p/a", "1")
                .with("/p/b", "2")
                .with("/p/c", "3"),
            MemoryFiles::new().with("/p/a", "1"),
        ];
        for other in others {
            assert!(!alike(&other));
        }
    }
}
