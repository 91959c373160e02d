//! The files that an emitter gives back.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use crate::OutputPath;

/// One file to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Where it goes in the output folder.
    pub path: OutputPath,
    /// Its whole content.
    pub text: String,
    /// The Kubernetes objects it holds, in the order in which it holds them;
    /// empty for a file that is none (`Chart.yaml`).
    pub objects: Vec<ObjectRef>,
    /// Whether it holds the value of a secret, and so must not go into git.
    pub sensitive: bool,
}

/// The text of a sensitive file stays out of logs and failed assertions.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.sensitive { "…" } else { &self.text };
        f.debug_struct("File")
            .field("path", &self.path)
            .field("text", &text)
            .field("objects", &self.objects)
            .field("sensitive", &self.sensitive)
            .finish()
    }
}

/// A Kubernetes object by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// `apiVersion`, such as `apps/v1`.
    pub api_version: Cow<'static, str>,
    /// `kind`, such as `Deployment`.
    pub kind: Cow<'static, str>,
    /// `metadata.namespace`; none for what the manifest leaves open and for
    /// objects of the whole cluster.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
    /// The environment it was made for, where the project has named ones.
    pub environment: Option<String>,
}

/// All files of one output, in the order of the emitter, no two in each
/// other's way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    files: Vec<File>,
}

impl Tree {
    /// Makes a tree of files.
    ///
    /// # Errors
    /// [`Collision`] when two files have one path, have paths that differ only
    /// in case (one file on macOS and Windows), or when one is a folder of
    /// another's path. The first collision in the order of `files` is given.
    pub fn new(files: Vec<File>) -> Result<Self, Collision> {
        match first_collision(&files) {
            None => Ok(Self { files }),
            Some((kind, first, second)) => Err(Collision {
                kind,
                first: side(&files[first]),
                second: side(&files[second]),
            }),
        }
    }

    /// The files, in the order of the emitter.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The files, in the order of the emitter.
    #[must_use]
    pub fn into_files(self) -> Vec<File> {
        self.files
    }

    /// The file at this path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path.as_str() == path)
    }
}

/// Two files of one output in each other's way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` and `{}` {kind}", first.path, second.path)]
pub struct Collision {
    /// In which way.
    pub kind: CollisionKind,
    /// The file that came first.
    pub first: Box<CollisionSide>,
    /// The file that came later.
    pub second: Box<CollisionSide>,
}

/// In which way two files are in each other's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CollisionKind {
    /// They have the same path.
    SamePath,
    /// Their paths differ only in case.
    CaseOnly,
    /// One is a file where the other needs a folder.
    FileAndFolder,
}

impl fmt::Display for CollisionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SamePath => "are one path",
            Self::CaseOnly => "differ only in case, and are one file on some systems",
            Self::FileAndFolder => "are in each other's way: one is a folder of the other",
        })
    }
}

/// One of two colliding files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollisionSide {
    /// Its path.
    pub path: OutputPath,
    /// The objects it holds, which say where it came from.
    pub objects: Vec<ObjectRef>,
}

fn side(file: &File) -> Box<CollisionSide> {
    Box::new(CollisionSide {
        path: file.path.clone(),
        objects: file.objects.clone(),
    })
}

/// The kind of the first collision and the positions of its files, the earlier
/// one first.
fn first_collision(files: &[File]) -> Option<(CollisionKind, usize, usize)> {
    let folded: Vec<Cow<'_, str>> = files.iter().map(|file| fold(file.path.as_str())).collect();
    let mut by_path: HashMap<&str, usize> = HashMap::with_capacity(files.len());
    for (at, path) in folded.iter().enumerate() {
        if let Some(first) = by_path.insert(path, at) {
            let same = files[first].path == files[at].path;
            let kind = if same {
                CollisionKind::SamePath
            } else {
                CollisionKind::CaseOnly
            };
            return Some((kind, first, at));
        }
    }
    let mut last_folder = "";
    for (at, path) in folded.iter().enumerate() {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        // Neighbours mostly share their folder, which then is known to be free.
        if folder == last_folder {
            continue;
        }
        last_folder = folder;
        let ends = folder
            .match_indices('/')
            .map(|(end, _)| end)
            .chain([folder.len()]);
        for end in ends {
            if let Some(&other) = by_path.get(&folder[..end]) {
                return Some((CollisionKind::FileAndFolder, at.min(other), at.max(other)));
            }
        }
    }
    None
}

/// The path as a file system that ignores case compares it.
fn fold(path: &str) -> Cow<'_, str> {
    let plain = path
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if plain {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(path.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> File {
        File {
            path: OutputPath::new(path).unwrap(),
            text: path.to_owned(),
            objects: vec![],
            sensitive: false,
        }
    }

    fn tree(paths: &[&str]) -> Result<Tree, Collision> {
        Tree::new(paths.iter().map(|path| file(path)).collect())
    }

    #[test]
    fn keeps_the_order() {
        let tree = tree(&["b.yaml", "a/x.yaml", "a.yaml", "a/y.yaml"]).unwrap();
        let paths: Vec<_> = tree.files().iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["b.yaml", "a/x.yaml", "a.yaml", "a/y.yaml"]);
        assert_eq!(tree.get("a.yaml").unwrap().text, "a.yaml");
        assert!(tree.get("c.yaml").is_none());
    }

    #[test]
    fn refuses_collisions() {
        let cases: [(&[&str], CollisionKind, &str, &str); 6] = [
            (&["x", "a", "b", "a"], CollisionKind::SamePath, "a", "a"),
            (&["a/B", "a/b"], CollisionKind::CaseOnly, "a/B", "a/b"),
            (&["É", "é"], CollisionKind::CaseOnly, "É", "é"),
            (&["a", "a/b"], CollisionKind::FileAndFolder, "a", "a/b"),
            (
                &["a/b/c", "x", "A/b"],
                CollisionKind::FileAndFolder,
                "a/b/c",
                "A/b",
            ),
            (
                &["a/b/c/d", "a"],
                CollisionKind::FileAndFolder,
                "a/b/c/d",
                "a",
            ),
        ];
        for (paths, kind, first, second) in cases {
            let collision = tree(paths).unwrap_err();
            assert_eq!(collision.kind, kind, "{paths:?}");
            assert_eq!(collision.first.path.as_str(), first);
            assert_eq!(collision.second.path.as_str(), second);
        }
        assert!(tree(&["a/b", "a.b", "a-b/c", "b/a"]).is_ok());
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = File {
            text: "hunter2".to_owned(),
            sensitive: true,
            ..file("s.yaml")
        };
        assert!(!format!("{secret:?}").contains("hunter2"));
        assert!(format!("{:?}", file("s.yaml")).contains("text: \"s.yaml\""));
    }
}
