//! Which files git tracks, from its index
//! (<https://git-scm.com/docs/index-format>).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kubewright_files::Files;

use crate::DiskFiles;

/// A larger index is not looked at.
const LIMIT: u64 = 256 * 1024 * 1024;

/// Those of `paths` in the folder `out` (a real path, which need not exist)
/// that git tracks. None when there is no repository or its index cannot be
/// understood: this is about a warning, not worth an error.
pub(crate) fn tracked<'p>(out: &Path, paths: &[&'p str]) -> Vec<&'p str> {
    find_tracked(out, paths).unwrap_or_default()
}

fn find_tracked<'p>(out: &Path, paths: &[&'p str]) -> Option<Vec<&'p str>> {
    let top = out
        .ancestors()
        .find(|folder| folder.join(".git").symlink_metadata().is_ok())?;
    let index = DiskFiles::new(git_folder(top)?)
        .read_limited(Path::new("index"), LIMIT)
        .ok()?;
    let prefix = out.strip_prefix(top).ok()?;
    let in_repository = |path: &str| prefix.join(path).into_os_string().into_encoded_bytes();
    let wanted: BTreeSet<Vec<u8>> = paths.iter().map(|path| in_repository(path)).collect();
    let found = [20, 32]
        .into_iter()
        .find_map(|id_length| entries(&index, id_length, &wanted))?;
    Some(
        paths
            .iter()
            .copied()
            .filter(|path| found.contains(&in_repository(path)))
            .collect(),
    )
}

/// The folder of the repository: `.git` itself, or what a worktree's file of
/// that name points to.
fn git_folder(top: &Path) -> Option<PathBuf> {
    let git = top.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(git).ok()?;
    Some(top.join(text.strip_prefix("gitdir:")?.trim()))
}

/// Those of `wanted` that are in the index; none when it is not an index with
/// object ids of this length.
fn entries(
    index: &[u8],
    id_length: usize,
    wanted: &BTreeSet<Vec<u8>>,
) -> Option<BTreeSet<Vec<u8>>> {
    const TIMES_AND_MODES: usize = 40;
    let mut reader = Reader { left: index };
    if reader.take(4)? != b"DIRC" {
        return None;
    }
    let version = reader.number()?;
    let count = reader.number()?;
    let mut found = BTreeSet::new();
    let mut name = Vec::new();
    for _ in 0..count {
        let begin = reader.left.len();
        reader.take(TIMES_AND_MODES + id_length)?;
        let flags = reader.take(2)?;
        let extended = flags[0] & 0x40 != 0;
        let length = usize::from(flags[0] & 0x0f) << 8 | usize::from(flags[1]);
        if extended {
            reader.take(2)?;
        }
        match version {
            2 | 3 => {
                name.clear();
                name.extend_from_slice(reader.until_nul()?);
                let past = (begin - reader.left.len()) % 8;
                reader.take(if past == 0 { 0 } else { 8 - past })?;
            }
            4 => {
                let drop = reader.offset()?;
                name.truncate(name.len().checked_sub(drop)?);
                name.extend_from_slice(reader.until_nul()?);
            }
            _ => return None,
        }
        if length < 0xfff && length != name.len() {
            return None;
        }
        if wanted.contains(&name) {
            found.insert(name.clone());
        }
    }
    Some(found)
}

struct Reader<'b> {
    left: &'b [u8],
}

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, left) = self.left.split_at_checked(length)?;
        self.left = left;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    fn until_nul(&mut self) -> Option<&'b [u8]> {
        let length = self.left.iter().position(|byte| *byte == 0)?;
        let text = self.take(length)?;
        self.take(1)?;
        Some(text)
    }

    /// A number of variable width, as in pack files' offsets.
    fn offset(&mut self) -> Option<usize> {
        let mut value: usize = 0;
        for round in 0.. {
            let byte = self.take(1)?[0];
            let more = value
                .checked_add(usize::from(round > 0))?
                .checked_mul(128)?;
            value = more.checked_add(usize::from(byte & 0x7f))?;
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(value)
    }
}
