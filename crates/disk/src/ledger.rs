//! The lock: what we know to have written, as digests.
//!
//! `.kubewright/lock.json` is meant for git and holds the digests of ordinary
//! files. Those of files with secrets are kept apart in
//! `.kubewright/secrets.json`, which is ignored by git: a weak password could
//! be guessed from the digest of the file around it.
//! `.kubewright/unfinished.json` is there while a run is at work and after a
//! crash, and holds what that run set out to write.

use std::collections::BTreeMap;
use std::fmt;
use std::os::fd::BorrowedFd;
use std::path::Path;

use kubewright_files::OutputPath;
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::Digest;
use crate::target::read_all;
use crate::{Doing, WriteError};

/// The folder in the output folder that holds the lock.
pub(crate) const FOLDER: &str = ".kubewright";
pub(crate) const LOCK: &str = "lock.json";
pub(crate) const SECRETS: &str = "secrets.json";
pub(crate) const UNFINISHED: &str = "unfinished.json";

const VERSION: u64 = 1;
/// What a line of a lock has besides the path: indentation, quotes, a digest.
const LINE: usize = 84;
/// A lock of a million files is smaller.
const LIMIT: usize = 256 * 1024 * 1024;

/// What is known of the files of an output folder.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    pending: BTreeMap<OutputPath, Pending>,
    /// Whether a run was cut short here.
    pub(crate) unfinished: bool,
    /// The files as they are on disk.
    pub(crate) lock: Option<Vec<u8>>,
    pub(crate) secrets: Option<Vec<u8>>,
}

/// A file that we wrote.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) path: OutputPath,
    /// Of the text last generated.
    pub(crate) digest: Digest,
    pub(crate) secret: bool,
    /// The file of the tree that has this text; not a part of the lock.
    pub(crate) file: Option<usize>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (&self.path, &self.digest, self.secret) == (&other.path, &other.digest, other.secret)
    }
}

/// A file that an unfinished run set out to write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) digests: Vec<Digest>,
    pub(crate) secret: bool,
}

/// What is known of one file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'l> {
    pub(crate) last: Option<&'l Entry>,
    pending: &'l [Digest],
}

impl Known<'_> {
    /// Whether we ever wrote the file.
    pub(crate) fn is_known(&self) -> bool {
        self.last.is_some() || !self.pending.is_empty()
    }

    /// Whether a text of this digest is one we wrote.
    pub(crate) fn is_ours(&self, digest: &Digest) -> bool {
        self.last.is_some_and(|last| last.digest == *digest) || self.pending.contains(digest)
    }
}

impl Ledger {
    /// Reads the lock from the open folder `.kubewright`, shown as `shown`.
    pub(crate) fn read(folder: BorrowedFd<'_>, shown: &Path) -> Result<Self, WriteError> {
        let bytes = |name: &str| {
            read_all(folder, name, LIMIT)
                .map_err(|error| WriteError::io(Doing::Read, shown.join(name), error))
        };
        let (lock, secrets, unfinished) = (bytes(LOCK)?, bytes(SECRETS)?, bytes(UNFINISHED)?);
        let mut entries = Vec::new();
        for (name, text, secret) in [(LOCK, &lock, false), (SECRETS, &secrets, true)] {
            if let Some(text) = text {
                let read = parse(text, secret).map_err(|wrong| wrong.at(shown.join(name)))?;
                entries.extend(read);
            }
        }
        entries.sort_by(|one: &Entry, two| one.path.cmp(&two.path));
        entries.dedup_by(|later, first| later.path == first.path);
        let pending = unfinished
            .as_deref()
            .map(parse_unfinished)
            .unwrap_or_default();
        Ok(Self {
            entries,
            pending,
            unfinished: unfinished.is_some(),
            lock,
            secrets,
        })
    }

    pub(crate) fn known(&self, path: &OutputPath) -> Known<'_> {
        let at = self.entries.binary_search_by(|entry| entry.path.cmp(path));
        Known {
            last: at.ok().map(|at| &self.entries[at]),
            pending: self
                .pending
                .get(path)
                .map_or(&[], |pending| &pending.digests),
        }
    }

    /// Whether the file held a secret when we wrote it.
    pub(crate) fn was_secret(&self, path: &OutputPath) -> bool {
        self.known(path).last.is_some_and(|entry| entry.secret)
            || self.pending.get(path).is_some_and(|pending| pending.secret)
    }

    /// All files that we wrote or set out to write, by path.
    pub(crate) fn paths(&self) -> Vec<&OutputPath> {
        let mut paths: Vec<_> = self
            .entries
            .iter()
            .map(|entry| &entry.path)
            .chain(self.pending.keys())
            .collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    /// Whether the lock on disk says just this. `entries` are sorted by path.
    pub(crate) fn says(&self, entries: &[Entry]) -> bool {
        self.lock.is_some() && self.entries == entries
    }

    pub(crate) fn pending(&self) -> &BTreeMap<OutputPath, Pending> {
        &self.pending
    }

    /// The digest to remember for a file that is left as it is.
    pub(crate) fn remembered(&self, path: &OutputPath) -> Option<Digest> {
        let known = self.known(path);
        known
            .last
            .map(|entry| entry.digest)
            .or_else(|| known.pending.first().copied())
    }
}

/// The text of a lock with the ordinary entries, or with the secret ones.
/// `entries` are sorted by path.
pub(crate) fn text(entries: &[Entry], secret: bool) -> Vec<u8> {
    let files = Listed { entries, secret };
    let of_path = |path: &OutputPath| path.as_str().len() + LINE;
    let listed = entries.iter().filter(|entry| entry.secret == secret);
    let len = listed.map(|entry| of_path(&entry.path)).sum();
    json(
        len,
        &Document {
            version: VERSION,
            files,
        },
    )
}

/// The text of the marker of a run at work.
pub(crate) fn unfinished_text(pending: &BTreeMap<String, Pending>) -> Vec<u8> {
    json(
        0,
        &Document {
            version: VERSION,
            files: pending,
        },
    )
}

/// The text of a document that will be about `len` bytes long.
fn json(len: usize, document: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::with_capacity(len);
    serde_json::to_writer_pretty(&mut text, document).expect("maps with string keys are JSON");
    text.push(b'\n');
    text
}

#[derive(Serialize, Deserialize)]
struct Document<F> {
    version: u64,
    files: F,
}

struct Listed<'e> {
    entries: &'e [Entry],
    secret: bool,
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for entry in self
            .entries
            .iter()
            .filter(|entry| entry.secret == self.secret)
        {
            map.serialize_entry(entry.path.as_str(), &entry.digest)?;
        }
        map.end()
    }
}

/// What is wrong with a lock.
enum Wrong {
    Damaged(String),
    Newer(u64),
}

impl Wrong {
    fn at(self, path: std::path::PathBuf) -> WriteError {
        match self {
            Self::Damaged(reason) => WriteError::LockDamaged { path, reason },
            Self::Newer(version) => WriteError::LockNewer {
                path,
                version,
                supported: VERSION,
            },
        }
    }
}

fn parse(text: &[u8], secret: bool) -> Result<Vec<Entry>, Wrong> {
    #[derive(Deserialize)]
    struct Head {
        version: u64,
    }
    let document = serde_json::from_slice::<Document<Entries>>(text);
    match document {
        Ok(document) if document.version == VERSION => {
            let entry = |(path, digest)| Entry {
                path,
                digest,
                secret,
                file: None,
            };
            Ok(document.files.0.into_iter().map(entry).collect())
        }
        // A newer lock may hold other things; its version says more than they.
        Ok(_) | Err(_) => match (serde_json::from_slice::<Head>(text), document) {
            (Ok(head), _) if head.version > VERSION => Err(Wrong::Newer(head.version)),
            (Ok(head), Ok(_)) => Err(Wrong::Damaged(format!(
                "there is no version {}",
                head.version
            ))),
            (_, Err(error)) | (Err(error), _) => Err(Wrong::Damaged(error.to_string())),
        },
    }
}

/// A marker that was cut short says nothing: the run was cut short before it
/// wrote anything else.
fn parse_unfinished(text: &[u8]) -> BTreeMap<OutputPath, Pending> {
    let document = serde_json::from_slice::<Document<BTreeMap<String, Pending>>>(text);
    let files = document.map(|document| document.files).unwrap_or_default();
    files
        .into_iter()
        .filter_map(|(path, pending)| Some((OutputPath::new(path).ok()?, pending)))
        .collect()
}

struct Entries(Vec<(OutputPath, Digest)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping of paths to digests")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut entries = Vec::new();
        while let Some((path, digest)) = map.next_entry::<String, Digest>()? {
            let path = OutputPath::new(path).map_err(de::Error::custom)?;
            entries.push((path, digest));
        }
        entries.sort_by(|one, two| one.0.cmp(&two.0));
        match entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(de::Error::custom(format!("`{}` is there twice", pair[0].0))),
            None => Ok(Entries(entries)),
        }
    }
}
