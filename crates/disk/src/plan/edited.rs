//! Files edited by hand: merged where that can be done.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::os::fd::AsFd;

use kubewright_files::{File, OutputPath, Tree};

use super::{Drawn, Fate, Put, Removal};
use crate::digest::Digest;
use crate::folders::{Folders, Root};
use crate::ledger::{self, Entry, Ledger};
use crate::ops::Access;
use crate::policy::Decision;
use crate::target::read_all;
use crate::texts::{self, Remembered};
use crate::{Doing, Merger, Refusal, Status, WriteError, WriteOptions, parallel};

/// A longer file was not written by hand.
const LIMIT: usize = 64 * 1024 * 1024;
/// The texts of a million files.
const STORE_LIMIT: usize = 1024 * 1024 * 1024;

/// Merges the files that were edited by hand and are generated differently now.
/// Gives back what was remembered of them.
pub(super) fn merge<F: AsFd + Sync>(
    tree: &Tree,
    root: Option<&Root<F>>,
    folders: &Folders,
    lock_folder: usize,
    ledger: &Ledger,
    fates: &mut [Fate],
    options: &WriteOptions<'_>,
) -> Result<Remembered, WriteError> {
    let (Some(merger), Some(root)) = (options.merger, root) else {
        return Ok(Remembered::new());
    };
    let place = Place {
        root: Some(root),
        folders,
        lock_folder,
    };
    let mut changed = Vec::new();
    for (at, fate) in fates.iter_mut().enumerate().filter(|(_, fate)| fate.edited) {
        let file = &tree.files()[fate.file];
        match ledger.known(&file.path).last {
            None => merger.refuse(file, Refusal::Foreign),
            Some(last) if last.digest == Digest::of(file.text.as_bytes()) => {
                fate.decision = Decision::Leave(Status::Kept);
                fate.digest = Some(last.digest);
                if let Some(user) = place.text(fate.folder, file.path.file_name())? {
                    merger.leave(file, user);
                }
            }
            Some(_) => changed.push(at),
        }
    }
    let wanted = |fates: &[Fate]| {
        let paths = changed.iter().map(|at| &tree.files()[fates[*at].file].path);
        paths.map(OutputPath::to_string).collect::<BTreeSet<_>>()
    };
    let old = place.remembered(&wanted(fates))?;
    let chunks = parallel::chunks(changed.len(), |at| at / 8);
    let results = parallel::for_each(&chunks, |chunk| {
        let merged = changed[chunk].iter().map(|at| {
            let fate = &fates[*at];
            merge_one(
                &tree.files()[fate.file],
                fate.folder,
                &place,
                ledger,
                &old,
                merger,
            )
        });
        merged.collect::<Result<Vec<_>, _>>()
    })?;
    for (at, merged) in changed.iter().zip(results.into_iter().flatten()) {
        let file = &tree.files()[fates[*at].file];
        take(&mut fates[*at], file, merged);
    }
    Ok(old)
}

/// What came of one file.
enum Merged {
    Text(String),
    /// The user's text has all changes already.
    AsItIs,
    Refused,
}

fn take(fate: &mut Fate, file: &File, merged: Merged) {
    fate.decision = match &merged {
        Merged::Text(_) => Decision::Merge,
        Merged::AsItIs => Decision::Leave(Status::Kept),
        Merged::Refused => return,
    };
    // What was generated last is now this, whatever the user's file says.
    fate.digest = Some(Digest::of(file.text.as_bytes()));
    if let Merged::Text(text) = merged {
        fate.merged = Some(text);
    }
}

fn merge_one<F: AsFd>(
    file: &File,
    folder: usize,
    place: &Place<'_, F>,
    ledger: &Ledger,
    old: &Remembered,
    merger: &dyn Merger,
) -> Result<Merged, WriteError> {
    let refuse = |why| {
        merger.refuse(file, why);
        Ok(Merged::Refused)
    };
    let known = ledger.known(&file.path);
    let base = old.get(file.path.as_str());
    let Some((_, base)) = base.filter(|(digest, _)| known.is_ours(digest)) else {
        return refuse(Refusal::Forgotten);
    };
    let Some(user) = place.text(folder, file.path.file_name())? else {
        return refuse(Refusal::NotText);
    };
    Ok(match merger.merge(file, base, &user) {
        Some(text) if text == user => {
            merger.leave(file, user);
            Merged::AsItIs
        }
        Some(text) => Merged::Text(text),
        None => Merged::Refused,
    })
}

/// Plans the stores of remembered texts where they change.
pub(super) fn add_texts<'t, F: AsFd>(
    tree: &'t Tree,
    place: &Place<'_, F>,
    entries_change: bool,
    mut old: Remembered,
    (merger, dry_run): (&dyn Merger, bool),
    drawn: &mut Drawn<'t>,
) -> Result<(), WriteError> {
    let needs = |secret: bool| drawn.entries.iter().any(|entry| entry.secret == secret);
    let stores = [(texts::TEXTS, false), (texts::SECRETS, true)];
    let is_there = |name: &str| place.has(name);
    if !entries_change
        && stores
            .iter()
            .all(|(name, secret)| needs(*secret) == is_there(name))
    {
        return Ok(());
    }
    // Files that stay as they are were generated from what is remembered already.
    let others = drawn.entries.iter().filter(|entry| entry.file.is_none());
    let missing: BTreeSet<String> = others
        .map(|entry| entry.path.to_string())
        .filter(|path| !old.contains_key(path))
        .collect();
    old.extend(place.remembered(&missing)?);
    let text_of = |entry: &Entry| match entry.file {
        Some(file) => merger.remembered(&tree.files()[file]),
        None => old
            .get(entry.path.as_str())
            .filter(|(digest, _)| *digest == entry.digest)
            .map(|(_, text)| Cow::Owned(text.clone())),
    };
    for (name, secret) in stores {
        let listed = drawn.entries.iter().filter(|entry| entry.secret == secret);
        let listed: Vec<&Entry> = listed.collect();
        match (listed.is_empty(), is_there(name)) {
            (true, true) => drawn.removals.push(Removal {
                folder: place.lock_folder,
                name: name.to_owned(),
            }),
            (true, false) => {}
            (false, replaces) => {
                // Nobody reads what is not written.
                let bytes = match dry_run {
                    true => Vec::new(),
                    false => texts::pack(&listed, text_of)?,
                };
                drawn.puts.push(Put {
                    folder: place.lock_folder,
                    name,
                    bytes: Cow::Owned(bytes),
                    access: if secret {
                        Access::Private
                    } else {
                        Access::Default
                    },
                    replaces,
                    in_tree: None,
                });
            }
        }
    }
    Ok(())
}

/// The output folder, for reading in it.
pub(super) struct Place<'a, F> {
    /// None where it does not exist yet.
    pub(super) root: Option<&'a Root<F>>,
    pub(super) folders: &'a Folders,
    pub(super) lock_folder: usize,
}

impl<F: AsFd> Place<'_, F> {
    /// What is remembered of these files.
    fn remembered(&self, wanted: &BTreeSet<String>) -> Result<Remembered, WriteError> {
        let mut found = Remembered::new();
        if wanted.is_empty() {
            return Ok(found);
        }
        for name in [texts::TEXTS, texts::SECRETS] {
            if let Some(store) = self.bytes(self.lock_folder, name, STORE_LIMIT)? {
                texts::unpack(&store, |path| wanted.contains(path), &mut found);
            }
        }
        Ok(found)
    }

    /// The text of a file; none when it is none.
    fn text(&self, folder: usize, name: &str) -> Result<Option<String>, WriteError> {
        let bytes = match self.bytes(folder, name, LIMIT) {
            Err(WriteError::Io {
                kind: ErrorKind::FileTooLarge,
                ..
            }) => None,
            bytes => bytes?,
        };
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    fn bytes(
        &self,
        folder: usize,
        name: &str,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, WriteError> {
        let Some(root) = self.root.filter(|_| self.folders.get(folder).exists) else {
            return Ok(None);
        };
        let open = self.folders.open(&root.folder, folder)?;
        read_all(open.as_fd(), name, limit).map_err(|error| {
            WriteError::io(Doing::Read, self.folders.shown_in(folder, name), error)
        })
    }

    fn has(&self, name: &str) -> bool {
        let path = format!("{}/{name}", ledger::FOLDER);
        let stat = |root: &Root<F>| {
            rustix::fs::statat(&root.folder, path, rustix::fs::AtFlags::SYMLINK_NOFOLLOW).is_ok()
        };
        self.root.is_some_and(stat)
    }
}
