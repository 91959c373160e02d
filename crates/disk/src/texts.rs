//! The texts last generated: the base of later merges.
//!
//! `.kubewright/texts.lz4` holds those of ordinary files and belongs into git like
//! the lock; `.kubewright/secrets.lz4` the shapes of files with secrets, which git
//! ignores. Both are read only when a file was edited by hand, and written only
//! when the lock changes.
//!
//! A store is its magic line, then frames: the length of the compressed frame, its
//! length when unpacked, an LZ4 block. A frame holds entries by path: the length of
//! the path, the path, the digest of the text that was generated, the length of
//! what is remembered of it, and that. Lengths are four bytes, little end first.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::ledger::Entry;
use crate::{WriteError, parallel};

pub(crate) const TEXTS: &str = "texts.lz4";
pub(crate) const SECRETS: &str = "secrets.lz4";

const MAGIC: &[u8] = b"kubewright texts 1\n";
/// A frame of a few hundred files: they resemble each other.
const MAX_FRAME: usize = 64 * 1024 * 1024;

/// What is remembered of files, by path.
pub(crate) type Remembered = BTreeMap<String, (Digest, String)>;

/// The store of entries, which are sorted by path; `text_of` gives what is to be
/// remembered of one.
pub(crate) fn pack<'t>(
    entries: &[&Entry],
    text_of: impl Fn(&Entry) -> Option<std::borrow::Cow<'t, str>> + Sync,
) -> Result<Vec<u8>, WriteError> {
    let chunks = parallel::chunks(entries.len(), |_| 0);
    let frames = parallel::for_each(&chunks, |chunk| {
        let mut raw = Vec::new();
        for entry in &entries[chunk] {
            if let Some(text) = text_of(entry) {
                put(&mut raw, entry.path.as_str().as_bytes());
                raw.extend_from_slice(entry.digest.bytes());
                put(&mut raw, text.as_bytes());
            }
        }
        let mut frame = Vec::new();
        if !raw.is_empty() && raw.len() <= MAX_FRAME {
            let packed = lz4_flex::block::compress(&raw);
            put_length(&mut frame, packed.len());
            put_length(&mut frame, raw.len());
            frame.extend_from_slice(&packed);
        }
        Ok(frame)
    })?;
    let mut store = Vec::with_capacity(MAGIC.len() + frames.iter().map(Vec::len).sum::<usize>());
    store.extend_from_slice(MAGIC);
    frames
        .iter()
        .for_each(|frame| store.extend_from_slice(frame));
    Ok(store)
}

/// What a store remembers of the wanted paths. A store that is damaged remembers
/// what stands before the damage: what is forgotten is not merged.
pub(crate) fn unpack(store: &[u8], wanted: impl Fn(&str) -> bool, into: &mut Remembered) {
    let mut rest = store.strip_prefix(MAGIC).unwrap_or_default();
    while let Some(frame) = next_frame(&mut rest) {
        let mut frame = frame.as_slice();
        while let Some((path, digest, text)) = next_entry(&mut frame) {
            if wanted(path) {
                into.insert(path.to_owned(), (digest, text.to_owned()));
            }
        }
    }
}

fn next_frame(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let packed = length(rest)?;
    let raw = length(rest).filter(|raw| *raw <= MAX_FRAME)?;
    let (frame, behind) = rest.split_at_checked(packed)?;
    *rest = behind;
    lz4_flex::block::decompress(frame, raw).ok()
}

fn next_entry<'f>(frame: &mut &'f [u8]) -> Option<(&'f str, Digest, &'f str)> {
    let path = text(frame)?;
    let (digest, behind) = frame.split_first_chunk::<32>()?;
    *frame = behind;
    Some((path, Digest::from_bytes(*digest), text(frame)?))
}

fn text<'f>(frame: &mut &'f [u8]) -> Option<&'f str> {
    let len = length(frame)?;
    let (text, behind) = frame.split_at_checked(len)?;
    *frame = behind;
    std::str::from_utf8(text).ok()
}

fn length(bytes: &mut &[u8]) -> Option<usize> {
    let (length, behind) = bytes.split_first_chunk::<4>()?;
    *bytes = behind;
    usize::try_from(u32::from_le_bytes(*length)).ok()
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Texts are far shorter than four gigabytes; a longer one would be cut off and
/// forgotten.
fn put_length(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use kubewright_files::OutputPath;

    use super::*;

    fn entries(count: usize) -> Vec<Entry> {
        (0..count)
            .map(|number| Entry {
                path: OutputPath::new(format!("e/{number:04}.yaml")).unwrap(),
                digest: Digest::of(number.to_string().as_bytes()),
                secret: false,
                file: None,
            })
            .collect()
    }

    fn packed(entries: &[Entry]) -> Vec<u8> {
        let refs: Vec<&Entry> = entries.iter().collect();
        pack(&refs, |entry| {
            let forgotten = entry.path.as_str() == "e/0003.yaml";
            (!forgotten).then(|| Cow::Owned(format!("text of {}", entry.path)))
        })
        .unwrap()
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let entries = entries(700);
        let store = packed(&entries);
        let mut found = Remembered::new();
        unpack(&store, |path| path.ends_with("3.yaml"), &mut found);
        assert_eq!(found.len(), 69);
        assert!(!found.contains_key("e/0003.yaml"));
        let (digest, text) = &found["e/0613.yaml"];
        assert_eq!(
            (digest, text.as_str()),
            (&entries[613].digest, "text of e/0613.yaml")
        );
        assert_eq!(packed(&entries), store, "same entries, same bytes");
    }

    #[test]
    fn damage_is_forgetting() {
        let store = packed(&entries(300));
        for len in 0..store.len() {
            let mut found = Remembered::new();
            unpack(&store[..len], |_| true, &mut found);
            assert!(found.len() < 299);
        }
        for at in (0..store.len()).step_by(7) {
            let mut other = store.clone();
            other[at] ^= 0x55;
            unpack(&other, |_| true, &mut Remembered::new());
        }
    }
}
