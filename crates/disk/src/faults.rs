//! Every step of the writer fails once, or the process dies there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use kubewright_files::{File, OutputPath, Tree};

use crate::ops::{Access, Disk, Ops};
use crate::stamp::Stamp;
use crate::write::write_with;
use crate::{Policy, Status, Summary, WriteError, WriteOptions};

/// A disk of which one step fails.
struct Faulty {
    disk: Disk,
    steps: AtomicUsize,
    fails_at: usize,
    /// Whether all later steps fail too, as when the process dies.
    dies: bool,
}

impl Faulty {
    fn new(fails_at: usize, dies: bool) -> Self {
        Self {
            disk: Disk { durable: false },
            steps: AtomicUsize::new(0),
            fails_at,
            dies,
        }
    }

    fn fails(&self) -> bool {
        let step = self.steps.fetch_add(1, Ordering::Relaxed);
        step == self.fails_at || (self.dies && step > self.fails_at)
    }

    fn step<R>(&self, work: impl FnOnce(&Disk) -> io::Result<R>) -> io::Result<R> {
        if self.fails() {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            work(&self.disk)
        }
    }

    fn steps_done(&self) -> usize {
        self.steps.load(Ordering::Relaxed)
    }
}

impl Ops for Faulty {
    fn make_folder(&self, at: BorrowedFd<'_>, path: &Path) -> io::Result<()> {
        self.step(|disk| disk.make_folder(at, path))
    }

    /// The failing one leaves half a file, unless the process was dead before.
    fn put(
        &self,
        at: BorrowedFd<'_>,
        name: &str,
        bytes: &[u8],
        access: Access,
    ) -> io::Result<Option<Stamp>> {
        let dead = self.dies && self.steps_done() > self.fails_at;
        self.step(|disk| disk.put(at, name, bytes, access))
            .inspect_err(|_| {
                if !dead {
                    self.disk
                        .put(at, name, &bytes[..bytes.len() / 2], access)
                        .unwrap();
                }
            })
    }

    fn link(&self, at: BorrowedFd<'_>, from: &str, to: &str) -> io::Result<()> {
        self.step(|disk| disk.link(at, from, to))
    }

    fn rename(&self, at: BorrowedFd<'_>, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|disk| disk.rename(at, from, to))
    }

    fn remove_file(&self, at: BorrowedFd<'_>, name: &str) -> io::Result<()> {
        self.step(|disk| disk.remove_file(at, name))
    }

    fn remove_folder(&self, at: BorrowedFd<'_>, path: &Path) -> io::Result<()> {
        self.step(|disk| disk.remove_folder(at, path))
    }

    fn remove_tree(&self, path: &Path) -> io::Result<()> {
        self.step(|disk| disk.remove_tree(path))
    }

    fn sync_folder(&self, at: BorrowedFd<'_>) -> io::Result<()> {
        self.step(|disk| disk.sync_folder(at))
    }
}

type Snapshot = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// All paths below a folder with the texts of the files.
fn snapshot(folder: &Path) -> Snapshot {
    let mut all = Snapshot::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(snapshot(&path));
            all.insert(path, None);
        } else {
            all.insert(path.clone(), Some(fs::read(&path).unwrap()));
        }
    }
    all
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| File {
        path: OutputPath::new(*path).unwrap(),
        text: (*text).to_owned(),
        objects: vec![],
        sensitive: path.contains("secret"),
    };
    Tree::new(files.iter().map(file).collect()).unwrap()
}

fn options() -> WriteOptions<'static> {
    WriteOptions {
        prune: true,
        ..WriteOptions::default()
    }
}

fn plainly<'t>(tree: &'t Tree, out: &Path) -> Summary<'t> {
    crate::write(tree, out, &options()).unwrap()
}

/// A folder with files of ours, one edited, and files of the user's.
fn prepare(top: &Path) -> PathBuf {
    let out = top.join("out");
    let old = tree(&[
        ("a", "a1"),
        ("gone/b", "b1"),
        ("c", "c1"),
        ("edited", "e1"),
        ("same", "s"),
        ("secret", "x1"),
    ]);
    plainly(&old, &out);
    fs::write(out.join("edited"), "by hand").unwrap();
    fs::write(out.join("foreign"), "theirs").unwrap();
    let ignored = fs::read_to_string(out.join(".gitignore")).unwrap();
    fs::write(out.join(".gitignore"), format!("*.log\n{ignored}*.bak\n")).unwrap();
    out
}

fn next() -> Tree {
    tree(&[
        ("a", "a2 longer"),
        ("c", "c2"),
        ("edited", "e2"),
        ("foreign", "f"),
        ("new/deep/d", "d"),
        ("same", "s"),
        ("secret", "x2"),
        ("other-secret", "y"),
    ])
}

/// The texts that the files of [`next`] must have in the end, by policy.
fn expected(policy: Policy) -> [&'static str; 8] {
    match policy {
        Policy::Skip => ["a1", "c1", "by hand", "theirs", "d", "s", "x1", "y"],
        Policy::Update => ["a2 longer", "c2", "by hand", "theirs", "d", "s", "x2", "y"],
        Policy::Overwrite => ["a2 longer", "c2", "e2", "f", "d", "s", "x2", "y"],
    }
}

fn texts(out: &Path) -> Vec<String> {
    next()
        .files()
        .iter()
        .map(|file| fs::read_to_string(out.join(&file.path)).unwrap())
        .collect()
}

fn is_clean(top: &Path) -> bool {
    snapshot(top).keys().all(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.ends_with(".tmp") && name != "unfinished.json"
    })
}

#[test]
fn a_step_that_fails_changes_nothing() {
    for policy in Policy::ALL {
        let mut failures = 0;
        for n in 0.. {
            let top = tempfile::tempdir().unwrap();
            let out = prepare(top.path());
            let before = snapshot(top.path());
            let (ops, tree, options) = (
                Faulty::new(n, false),
                next(),
                WriteOptions {
                    policy,
                    ..options()
                },
            );
            match write_with(&ops, &tree, &out, &options) {
                Err(error) => {
                    assert!(error.is_environment(), "{error}");
                    assert!(
                        !matches!(error, WriteError::Partly { .. }),
                        "step {n}: {error}"
                    );
                    assert_eq!(snapshot(top.path()), before, "{policy}, step {n}: {error}");
                    failures += 1;
                }
                Ok(_) => assert_eq!(texts(&out), expected(policy), "{policy}, step {n}"),
            }
            crate::write(&tree, &out, &options).unwrap();
            assert_eq!(
                texts(&out),
                expected(policy),
                "{policy}, step {n}, run again"
            );
            assert!(
                is_clean(top.path()),
                "{policy}, step {n}: {:?}",
                snapshot(top.path()).keys()
            );
            assert!(!out.join("gone/b").exists());
            if ops.steps_done() <= n {
                break;
            }
        }
        assert!(failures > 10, "only {failures} steps could fail");
    }
}

#[test]
fn a_step_that_fails_makes_no_folder() {
    let mut failures = 0;
    for n in 0.. {
        let top = tempfile::tempdir().unwrap();
        let (ops, tree, out) = (Faulty::new(n, false), next(), top.path().join("x/y/out"));
        match write_with(&ops, &tree, &out, &options()) {
            Err(error) => {
                assert!(error.is_environment());
                assert_eq!(snapshot(top.path()), Snapshot::new(), "step {n}: {error}");
                failures += 1;
            }
            Ok(_) => assert!(is_clean(top.path())),
        }
        if ops.steps_done() <= n {
            break;
        }
    }
    assert!(failures > 10, "only {failures} steps could fail");
}

#[test]
fn a_crash_leaves_whole_files_and_the_next_run_does_the_rest() {
    for policy in Policy::ALL {
        for n in 0.. {
            let top = tempfile::tempdir().unwrap();
            let out = prepare(top.path());
            let before = snapshot(top.path());
            let (ops, tree, options) = (
                Faulty::new(n, true),
                next(),
                WriteOptions {
                    policy,
                    ..options()
                },
            );
            let finished = write_with(&ops, &tree, &out, &options).is_ok();
            for (path, text) in before
                .iter()
                .filter(|(path, _)| path.parent() == Some(&out))
            {
                let name = path.file_name().unwrap().to_str().unwrap();
                let new = tree.get(name).map(|file| file.text.as_bytes().to_vec());
                if let (Some(old), Some(new)) = (text, new) {
                    let now = fs::read(path).unwrap();
                    assert!(
                        now == *old || now == new,
                        "{policy}, step {n}: {name} is neither"
                    );
                }
            }
            // Another tree comes next, then this one: nothing of ours may count as edited.
            let other = self::tree(&[("a", "a3"), ("c", "c3"), ("third", "3"), ("secret", "x3")]);
            let summary = crate::write(&other, &out, &options).unwrap();
            assert_eq!(
                summary.count(Status::Conflict),
                0,
                "{policy}, step {n}: {summary:?}"
            );
            assert!(
                is_clean(top.path()),
                "{policy}, step {n}: {:?}",
                snapshot(top.path()).keys()
            );
            assert!(
                !out.join("gone/b").exists() && !out.join("new/deep/d").exists(),
                "{policy}, step {n}"
            );
            if policy != Policy::Skip {
                crate::write(&tree, &out, &options).unwrap();
                assert_eq!(texts(&out), expected(policy), "{policy}, step {n}");
            }
            if finished && ops.steps_done() <= n {
                break;
            }
        }
    }
}

#[test]
fn a_crash_before_the_folder_is_there_leaves_nothing_in_the_way() {
    for n in 0.. {
        let top = tempfile::tempdir().unwrap();
        let (ops, tree, out) = (Faulty::new(n, true), next(), top.path().join("x/out"));
        let finished = write_with(&ops, &tree, &out, &options()).is_ok();
        assert_eq!(out.exists(), finished || out.join("a").exists());
        plainly(&tree, &out);
        assert!(
            is_clean(top.path()),
            "step {n}: {:?}",
            snapshot(top.path()).keys()
        );
        assert_eq!(fs::read_to_string(out.join("new/deep/d")).unwrap(), "d");
        if ops.steps_done() <= n {
            break;
        }
    }
}

#[test]
fn without_hard_links_files_are_replaced_all_the_same() {
    struct NoLinks(Faulty);
    impl Ops for NoLinks {
        fn make_folder(&self, at: BorrowedFd<'_>, path: &Path) -> io::Result<()> {
            self.0.make_folder(at, path)
        }
        fn put(
            &self,
            at: BorrowedFd<'_>,
            name: &str,
            bytes: &[u8],
            access: Access,
        ) -> io::Result<Option<Stamp>> {
            self.0.put(at, name, bytes, access)
        }
        fn link(&self, _: BorrowedFd<'_>, _: &str, _: &str) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }
        fn rename(&self, at: BorrowedFd<'_>, from: &Path, to: &Path) -> io::Result<()> {
            // The lock is the last to be renamed: all else is in its place by then.
            if to == Path::new("lock.json") {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.0.rename(at, from, to)
        }
        fn remove_file(&self, at: BorrowedFd<'_>, name: &str) -> io::Result<()> {
            self.0.remove_file(at, name)
        }
        fn remove_folder(&self, at: BorrowedFd<'_>, path: &Path) -> io::Result<()> {
            self.0.remove_folder(at, path)
        }
        fn remove_tree(&self, path: &Path) -> io::Result<()> {
            self.0.remove_tree(path)
        }
        fn sync_folder(&self, at: BorrowedFd<'_>) -> io::Result<()> {
            self.0.sync_folder(at)
        }
    }
    let top = tempfile::tempdir().unwrap();
    let out = prepare(top.path());
    let tree = next();
    let error = write_with(
        &NoLinks(Faulty::new(usize::MAX, false)),
        &tree,
        &out,
        &options(),
    )
    .unwrap_err();
    let WriteError::Partly { changed, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(
        changed,
        [".gitignore", "a", "c", "secret", ".kubewright/secrets.json"]
    );
    let summary = plainly(&tree, &out);
    assert_eq!(
        summary.count(Status::Conflict),
        2,
        "edited and foreign, none of ours: {summary:?}"
    );
    assert_eq!(texts(&out), expected(Policy::Update));
    assert!(is_clean(top.path()));
}
