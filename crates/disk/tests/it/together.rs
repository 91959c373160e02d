//! Two runs at once, and what a crash leaves.

use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use kubewright_disk::{Status, WriteError, WriteOptions};

use super::{expect, snapshot, text, tree, update};

#[test]
fn a_second_run_waits_and_gives_up() {
    let top = tempfile::tempdir().unwrap();
    for out in [top.path().join("out"), top.path().to_owned()] {
        let (first, second) = (
            tree(&[("a", "1"), ("b", "1")]),
            tree(&[("a", "2"), ("c", "2")]),
        );
        let (started, has_started) = mpsc::channel();
        let (go, may_go) = mpsc::channel();
        let may_go = std::sync::Mutex::new(may_go);
        std::thread::scope(|scope| {
            let out = &out;
            scope.spawn(move || {
                // The run stops at its first file until the other has given up.
                let progress = |files: usize| {
                    if files > 0 {
                        started.send(()).unwrap();
                        may_go.lock().unwrap().recv().unwrap();
                    }
                };
                let options = WriteOptions {
                    progress: &progress,
                    ..WriteOptions::default()
                };
                kubewright_disk::write(&first, out, &options).unwrap();
            });
            has_started.recv().unwrap();
            let wait = Duration::from_millis(50);
            let options = WriteOptions {
                wait,
                ..WriteOptions::default()
            };
            let error = kubewright_disk::write(&second, out, &options).unwrap_err();
            assert_eq!(
                error,
                WriteError::Busy {
                    out: out.clone(),
                    waited: wait
                }
            );
            assert!(error.is_environment());
            let waiting = scope.spawn(|| update(&second, out));
            go.send(()).unwrap();
            let statuses = waiting.join().unwrap();
            let rows = [
                ("a", Status::Updated),
                ("c", Status::Created),
                ("b", Status::Stale),
            ];
            expect(&statuses, &rows);
        });
        fs::remove_dir_all(out).unwrap();
        fs::create_dir_all(top.path()).unwrap();
    }
}

#[test]
fn many_runs_at_once_leave_one_whole_tree() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("x/out");
    let texts: Vec<String> = (0..8).map(|run| run.to_string()).collect();
    let trees: Vec<_> = texts
        .iter()
        .map(|text| tree(&[("a", text), ("e/b", text), ("secret", text)]))
        .collect();
    std::thread::scope(|scope| {
        for tree in &trees {
            scope.spawn(|| {
                let statuses = update(tree, &out);
                assert!(
                    statuses
                        .iter()
                        .all(|(_, status)| *status != Status::Conflict)
                );
            });
        }
    });
    let last = text(out.join("a"));
    assert_eq!(
        (text(out.join("e/b")), text(out.join("secret"))),
        (last.clone(), last)
    );
    assert!(
        snapshot(top.path())
            .iter()
            .all(|(path, _)| !path.ends_with(".tmp"))
    );
}

#[test]
fn leftovers_of_a_crash_are_removed() {
    let top = tempfile::tempdir().unwrap();
    let tree = tree(&[("a", "1"), ("e/b", "1")]);
    update(&tree, top.path());
    let clean = snapshot(top.path());
    for marker in [
        "",
        "{",
        r#"{"version": 1, "files": {"../../x": {"digests": [], "secret": false}}}"#,
    ] {
        for leftover in [
            ".kubewright-1-0.tmp",
            "e/.kubewright-1-1.old.tmp",
            ".kubewright/.kubewright-1-2.tmp",
        ] {
            fs::write(top.path().join(leftover), "half").unwrap();
        }
        fs::write(top.path().join(".kubewright/unfinished.json"), marker).unwrap();
        expect(
            &update(&tree, top.path()),
            &[("a", Status::Unchanged), ("e/b", Status::Unchanged)],
        );
        assert_eq!(snapshot(top.path()), clean, "{marker}");
    }
}
