//! The files of a folder and of all folders below it, as long as one ConfigMap
//! can hold them.

use std::path::Path;

use kubewright_files::Kind;
use kubewright_model::file::MOST_BYTES;
use kubewright_model::value::SubPath;

use super::super::scope::Scope;
use super::folder::DATA;
use super::room::leads_outside;

/// How many files and folders may lie in it, and how deep: configuration has
/// fewer, and each file is an entry of the pod's specification.
const MOST_FILES: usize = 500;
const DEEPEST: usize = 16;

/// What lies in a folder.
#[derive(Default)]
pub(super) struct Tree {
    /// At least one, sorted by path within each folder.
    pub(super) files: Vec<Found>,
    /// Paths of folders with nothing in them.
    pub(super) empty: Vec<String>,
}

/// A file of a folder.
pub(super) struct Found {
    pub(super) path: SubPath,
    pub(super) bytes: Vec<u8>,
    pub(super) executable: bool,
}

/// The files below `folder`.
///
/// # Errors
/// Why they cannot be a ConfigMap.
pub(super) fn walk(scope: &Scope<'_>, folder: &Path, read_only: bool) -> Result<Tree, String> {
    let mut walk = Walk {
        scope,
        read_only,
        seen: 0,
        left: MOST_BYTES as u64,
        tree: Tree::default(),
    };
    walk.folder(folder, "", 0)?;
    match walk.tree.files.is_empty() {
        true => Err("it is empty".to_owned()),
        false => Ok(walk.tree),
    }
}

struct Walk<'a> {
    scope: &'a Scope<'a>,
    read_only: bool,
    seen: usize,
    /// Bytes for which there is room.
    left: u64,
    tree: Tree,
}

impl Walk<'_> {
    /// `below`: the path from the folder that is mounted, with `/` behind.
    fn folder(&mut self, folder: &Path, below: &str, deep: usize) -> Result<(), String> {
        let names = self.scope.files.list(folder);
        let names = names.map_err(|error| match below {
            "" => error.to_string(),
            _ => format!("`{}`: {error}", below.trim_end_matches('/')),
        })?;
        if names.is_empty() && !below.is_empty() {
            let path = below.trim_end_matches('/').to_owned();
            self.tree.empty.push(path);
        }
        for name in names {
            self.entry(&folder.join(&name), &name, &format!("{below}{name}"), deep)?;
        }
        Ok(())
    }

    fn entry(&mut self, at: &Path, name: &str, path: &str, deep: usize) -> Result<(), String> {
        self.seen += 1;
        if self.seen > MOST_FILES {
            return Err(format!("it holds more than {MOST_FILES} files"));
        }
        if leads_outside(self.scope, at) {
            return Err(format!("`{path}` in it leads out of the project"));
        }
        match self.scope.files.kind(at) {
            Ok(Kind::File { len, executable }) => self.file(at, path, len, executable),
            Ok(Kind::Folder) if name == ".git" => Err(format!("`{path}` in it is what git keeps")),
            Ok(Kind::Folder) if deep == DEEPEST => Err(format!("`{path}` in it lies too deep")),
            Ok(Kind::Folder) if self.is_written(name) => {
                Err(format!("`{path}` in it holds what the service writes"))
            }
            Ok(Kind::Folder) => self.folder(at, &format!("{path}/"), deep + 1),
            Ok(Kind::Special | Kind::Missing) | Err(_) => Err(format!("`{path}` in it is no file")),
        }
    }

    fn is_written(&self, folder: &str) -> bool {
        !self.read_only && DATA.contains(&folder.to_ascii_lowercase().as_str())
    }

    fn file(&mut self, at: &Path, path: &str, len: u64, executable: bool) -> Result<(), String> {
        let left = self.left.checked_sub(len);
        self.left = left.ok_or("it holds more than 1 MiB")?;
        let bytes = self.scope.files.read_limited(at, MOST_BYTES as u64);
        let bytes = bytes.map_err(|error| format!("`{path}`: {error}"))?;
        // The API server takes no path that begins like the one to the parent.
        let good = SubPath::parse(path)
            .ok()
            .filter(|_| !path.starts_with(".."));
        self.tree.files.push(Found {
            path: good.ok_or_else(|| format!("`{path}` is no path in one"))?,
            bytes,
            executable,
        });
        Ok(())
    }
}
