//! Which files a folder holds.
//!
//! One walk, in the order of the names, so that also what is cut off at the limit
//! is the same every time. Rules of `.gitignore` hold, as far as they lie within the
//! folder; what tools keep for themselves is not looked into; no link is
//! followed.

use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

/// How many files and folders are looked at.
const MOST: usize = 200_000;

/// Folders within folders.
const DEEPEST: usize = 24;

/// Folders of tools, sorted: versions, dependencies, caches, results.
const SKIPPED: [&str; 38] = [
    ".angular",
    ".backup",
    ".bundle",
    ".cache",
    ".dart_tool",
    ".git",
    ".gradle",
    ".hg",
    ".idea",
    ".kubewright",
    ".m2",
    ".mypy_cache",
    ".next",
    ".nox",
    ".nuxt",
    ".nx",
    ".pages",
    ".parcel-cache",
    ".pnpm-store",
    ".pytest_cache",
    ".ruff_cache",
    ".svelte-kit",
    ".svn",
    ".terraform",
    ".tox",
    ".turbo",
    ".venv",
    ".vs",
    ".yarn",
    "__pycache__",
    "bower_components",
    "dist",
    "htmlcov",
    "node_modules",
    "site-packages",
    "target",
    "vendor",
    "venv",
];

/// The files of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    paths: Vec<String>,
    /// Whether there are more than were looked at.
    pub truncated: bool,
}

impl Inventory {
    /// Files known by their paths, relative to the folder, parts parted by `/`.
    pub fn new(paths: impl IntoIterator<Item = String>) -> Self {
        let mut paths: Vec<String> = paths.into_iter().collect();
        paths.sort_unstable();
        paths.dedup();
        Self {
            paths,
            truncated: false,
        }
    }

    /// Walks through a folder. What cannot be opened is left out, and so are files
    /// whose names are not UTF-8: nothing of ours could name them.
    pub fn of(root: &Path) -> Self {
        let mut seen = 0;
        let mut paths = Vec::new();
        for entry in walk(root).flatten() {
            seen += 1;
            if seen > MOST {
                break;
            }
            if entry.file_type().is_some_and(|kind| kind.is_file())
                && let Some(path) = relative(root, entry.path())
            {
                paths.push(path);
            }
        }
        Self {
            truncated: seen > MOST,
            ..Self::new(paths)
        }
    }

    /// All paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether that file is there.
    pub fn has(&self, path: &str) -> bool {
        let found = self
            .paths
            .binary_search_by(|known| known.as_str().cmp(path));
        found.is_ok()
    }

    /// The files below a folder, at any depth; `""` is the folder itself.
    pub fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let prefix = match folder {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let first = self.paths.partition_point(|path| *path < prefix);
        self.paths[first..]
            .iter()
            .map(String::as_str)
            .take_while(move |path| path.starts_with(&prefix))
    }
}

fn walk(root: &Path) -> ignore::Walk {
    WalkBuilder::new(root)
        .follow_links(false)
        .hidden(false)
        .parents(false)
        .git_global(false)
        .require_git(false)
        .max_depth(Some(DEEPEST))
        .sort_by_file_name(Ord::cmp)
        .filter_entry(is_looked_into)
        .build()
}

fn is_looked_into(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    if entry.depth() == 0 || !is_folder {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let is_skipped = SKIPPED.binary_search(&&*name).is_ok();
    let is_python = || name == "env" && entry.path().join("pyvenv.cfg").exists();
    !is_skipped && !is_python()
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    path.strip_prefix(root).ok()?.to_str().map(str::to_owned)
}

/// The folder of a file, `""` for one that lies at the top.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// A file of a folder.
pub(crate) fn within(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_sorted_for_searching() {
        assert!(SKIPPED.is_sorted());
    }

    #[test]
    fn below_is_a_folder_and_not_a_prefix() {
        let paths = ["a", "a/b", "a/c/d", "a-b/e", "ab/f", "b"];
        let inventory = Inventory::new(paths.map(str::to_owned));
        let below = |folder: &str| inventory.below(folder).collect::<Vec<_>>();
        assert_eq!(below("a"), ["a/b", "a/c/d"]);
        assert_eq!(below("").len(), 6);
        assert!(below("c").is_empty());
        assert!(inventory.has("a/c/d") && !inventory.has("a/c"));
    }

    #[test]
    fn what_is_ignored_is_not_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let files = [
            ("compose.yaml", ""),
            (".gitignore", "build/\n*.log\n"),
            ("build/Dockerfile", ""),
            ("a.log", ""),
            ("sub/.gitignore", "x\n"),
            ("sub/x", ""),
            ("sub/y", ""),
            ("node_modules/a/package.json", ""),
            (".git/config", ""),
            ("env/pyvenv.cfg", ""),
            ("envs/env/a.yaml", ""),
            (".github/workflows/ci.yaml", ""),
        ];
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("below root")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        std::os::unix::fs::symlink("/etc", root.join("etc")).expect("a link");
        std::os::unix::fs::symlink("..", root.join("sub/loop")).expect("a link");
        let inventory = Inventory::of(root);
        let found: Vec<&str> = inventory.paths().collect();
        let expected = [
            ".github/workflows/ci.yaml",
            ".gitignore",
            "compose.yaml",
            "envs/env/a.yaml",
            "sub/.gitignore",
            "sub/y",
        ];
        assert_eq!(found, expected);
    }
}
