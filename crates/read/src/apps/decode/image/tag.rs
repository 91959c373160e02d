//! Tags that are found, not written: the commit, or what a build is made of.

use std::path::{Path, PathBuf};

use kubewright_files::{Files, Kind};
use sha2::{Digest, Sha256};

/// How many signs of a hash make a tag.
const SHORT: usize = 12;
/// The most that is read of a build's folder, in bytes, and in files.
const MOST_BYTES: u64 = 256 << 20;
const MOST_FILES: usize = 50_000;

/// The commit that is checked out in a folder or one above it.
///
/// # Errors
/// Why it cannot be told.
pub(super) fn commit(files: &dyn Files, folder: &Path) -> Result<String, String> {
    let mut above = folder.to_owned();
    for _ in 0..16 {
        let git = above.join(".git");
        if matches!(files.kind(&git), Ok(Kind::Folder)) {
            return head(files, &git);
        }
        // A work tree beside its repository has a file that says where that is.
        if let Some(text) = text(files, &git)
            && let Some(place) = text.trim().strip_prefix("gitdir: ")
        {
            return head(files, &above.join(place));
        }
        above = above.join("..");
    }
    Err("there is no git repository".to_owned())
}

fn head(files: &dyn Files, git: &Path) -> Result<String, String> {
    let unborn = || "its repository has no commit yet".to_owned();
    let head = text(files, &git.join("HEAD")).ok_or_else(unborn)?;
    let head = head.trim();
    let Some(name) = head.strip_prefix("ref: ") else {
        return short(head).ok_or_else(unborn);
    };
    let common = text(files, &git.join("commondir")).map(|path| git.join(path.trim()));
    let folders = std::iter::once(git.to_owned()).chain(common);
    for folder in folders {
        let loose = text(files, &folder.join(name));
        let packed = || {
            let packed = text(files, &folder.join("packed-refs"))?;
            let mut lines = packed.lines();
            let line = lines.find(|line| line.split(' ').nth(1) == Some(name))?;
            line.split(' ').next().map(str::to_owned)
        };
        if let Some(commit) = loose.or_else(packed).and_then(|hash| short(hash.trim())) {
            return Ok(commit);
        }
    }
    Err(unborn())
}

fn short(hash: &str) -> Option<String> {
    let is_hash = hash.len() >= 40 && hash.chars().all(|c| c.is_ascii_hexdigit());
    is_hash.then(|| hash[..SHORT].to_owned())
}

fn text(files: &dyn Files, path: &Path) -> Option<String> {
    String::from_utf8(files.read_limited(path, 16 << 20).ok()?).ok()
}

/// The hash of a build's folder: names and contents of all its files but those
/// that git or `.dockerignore` keeps out by their name or folder.
///
/// # Errors
/// Why it cannot be told.
pub(super) fn content(files: &dyn Files, folder: &Path) -> Result<String, String> {
    let ignored = ignored(files, folder);
    let (mut hash, mut left, mut seen) = (Sha256::new(), MOST_BYTES, 0);
    let mut open: Vec<(PathBuf, String)> = vec![(folder.to_owned(), String::new())];
    while let Some((folder, below)) = open.pop() {
        let names = files.list(&folder).map_err(|error| error.to_string())?;
        // The last is taken first: folders and files come out in the order of names.
        for name in names.into_iter().rev() {
            let path = folder.join(&name);
            let below = match below.as_str() {
                "" => name,
                _ => format!("{below}/{name}"),
            };
            if below == ".git" || ignored.iter().any(|pattern| is_within(&below, pattern)) {
                continue;
            }
            match files.kind(&path) {
                Ok(Kind::Folder) => open.push((path, below)),
                Ok(Kind::File { .. }) => {
                    let bytes = files.read_limited(&path, left);
                    let bytes = bytes.map_err(|error| format!("`{below}`: {error}"))?;
                    left -= bytes.len() as u64;
                    seen += 1;
                    for part in [below.as_bytes(), &bytes] {
                        hash.update((part.len() as u64).to_le_bytes());
                        hash.update(part);
                    }
                }
                Ok(Kind::Missing | Kind::Special) | Err(_) => {}
            }
            if seen > MOST_FILES {
                return Err(format!("it holds more than {MOST_FILES} files"));
            }
        }
    }
    if seen == 0 {
        return Err("there is nothing in it".to_owned());
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(hex[..SHORT].to_owned())
}

/// The plain lines of `.dockerignore`. A file that a pattern or an exception
/// concerns is part of the hash: at worst an image is built once too often.
fn ignored(files: &dyn Files, folder: &Path) -> Vec<String> {
    let Some(text) = text(files, &folder.join(".dockerignore")) else {
        return Vec::new();
    };
    if text.lines().any(|line| line.trim_start().starts_with('!')) {
        return Vec::new();
    }
    let plain =
        |line: &&str| !line.is_empty() && !line.starts_with('#') && !line.contains(['*', '?', '[']);
    let lines = text.lines().map(str::trim).filter(plain);
    lines
        .map(|line| line.trim_matches('/').to_owned())
        .collect()
}

fn is_within(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use kubewright_files::MemoryFiles;

    use super::*;

    const HASH: &str = "0123456789abcdef0123456789abcdef01234567";

    fn files(all: &[(&str, &str)]) -> MemoryFiles {
        all.iter().fold(MemoryFiles::new(), |files, (path, text)| {
            files.with(path, *text)
        })
    }

    #[test]
    fn the_commit_is_that_of_the_branch() {
        let loose = files(&[
            (".git/HEAD", "ref: refs/heads/main\n"),
            (".git/refs/heads/main", HASH),
        ]);
        assert_eq!(commit(&loose, Path::new("")), Ok(HASH[..12].to_owned()));
        let packed = format!("# pack-refs\n{HASH} refs/heads/main\n");
        let packed = files(&[
            (".git/HEAD", "ref: refs/heads/main\n"),
            (".git/packed-refs", &packed),
        ]);
        assert_eq!(commit(&packed, Path::new("")), Ok(HASH[..12].to_owned()));
        let detached = files(&[(".git/HEAD", HASH)]);
        assert_eq!(commit(&detached, Path::new("")), Ok(HASH[..12].to_owned()));
        let unborn = files(&[(".git/HEAD", "ref: refs/heads/main\n")]);
        assert!(commit(&unborn, Path::new("")).is_err());
    }

    #[test]
    fn the_hash_is_that_of_what_is_built() {
        let of = |all: &[(&str, &str)]| content(&files(all), Path::new("web"));
        let base = of(&[("web/a", "1"), ("web/b/c", "2")]);
        assert!(base.is_ok());
        assert_eq!(
            base,
            of(&[("web/a", "1"), ("web/b/c", "2"), ("other/d", "3")])
        );
        assert_ne!(base, of(&[("web/a", "1"), ("web/b/c", "3")]));
        assert_ne!(base, of(&[("web/a", "1"), ("web/b/d", "2")]));
        let rules = ("web/.dockerignore", "node_modules\n");
        let without = of(&[("web/a", "1"), rules]);
        assert_eq!(
            without,
            of(&[("web/a", "1"), rules, ("web/node_modules/x", "3")])
        );
        assert!(of(&[("other", "1")]).is_err());
    }
}
