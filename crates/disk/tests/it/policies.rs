//! Each status, under each policy.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::atomic::{AtomicUsize, Ordering};

use kubewright_disk::Policy::{Overwrite, Skip, Update};
use kubewright_disk::Status::{Conflict, Created, Kept, Removed, Stale, Unchanged, Updated};
use kubewright_disk::{Policy, WriteOptions};

use super::{expect, object, prune, snapshot, statuses, text, tree, update, write};

#[test]
fn files_are_created_updated_and_left() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("new/out");
    let first = tree(&[("b", "1"), ("e/a", "1")]);
    expect(&update(&first, &out), &[("b", Created), ("e/a", Created)]);
    expect(
        &update(&first, &out),
        &[("b", Unchanged), ("e/a", Unchanged)],
    );
    let second = tree(&[("b", "2"), ("e/a", "1"), ("e/f/c", "1")]);
    expect(
        &update(&second, &out),
        &[("b", Updated), ("e/a", Unchanged), ("e/f/c", Created)],
    );
    assert_eq!(
        (text(out.join("b")), text(out.join("e/f/c"))),
        ("2".to_owned(), "1".to_owned())
    );
    fs::remove_file(out.join("b")).unwrap();
    expect(
        &update(&second, &out),
        &[("b", Created), ("e/a", Unchanged), ("e/f/c", Unchanged)],
    );
}

#[test]
fn an_unchanged_run_touches_nothing() {
    let top = tempfile::tempdir().unwrap();
    let tree = tree(&[("a", "1"), ("secret", "2")]);
    update(&tree, top.path());
    let inode = |name: &str| fs::metadata(top.path().join(name)).unwrap().ino();
    let names = [
        "a",
        "secret",
        ".gitignore",
        ".kubewright/lock.json",
        ".kubewright/secrets.json",
    ];
    let before = names.map(inode);
    for policy in Policy::ALL {
        write(&tree, top.path(), policy).unwrap();
        assert_eq!(names.map(inode), before, "{policy}");
    }
}

#[test]
fn policies_differ_on_files_that_are_there() {
    for (policy, ours, edited, foreign, same) in [
        (Skip, Kept, Kept, Kept, Kept),
        (Update, Updated, Conflict, Conflict, Unchanged),
        (Overwrite, Updated, Updated, Updated, Unchanged),
    ] {
        let top = tempfile::tempdir().unwrap();
        let out = top.path();
        update(&tree(&[("ours", "1"), ("edited", "1")]), out);
        for name in ["edited", "foreign"] {
            fs::write(out.join(name), "by hand").unwrap();
        }
        fs::write(out.join("same"), "2").unwrap();
        let next = tree(&[
            ("edited", "2"),
            ("foreign", "2"),
            ("ours", "2"),
            ("same", "2"),
        ]);
        let rows = [
            ("edited", edited),
            ("foreign", foreign),
            ("ours", ours),
            ("same", same),
        ];
        expect(&write(&next, out, policy).unwrap(), &rows);
        for (name, status) in rows {
            let now = text(out.join(name));
            let old = if name == "ours" { "1" } else { "by hand" };
            let new = status == Updated || name == "same";
            assert_eq!(now, if new { "2" } else { old }, "{policy}: {name}");
        }
    }
}

#[test]
fn what_was_kept_is_known_later() {
    let top = tempfile::tempdir().unwrap();
    let (one, two, three) = (
        tree(&[("a", "1")]),
        tree(&[("a", "2")]),
        tree(&[("a", "3")]),
    );
    update(&one, top.path());
    expect(&write(&two, top.path(), Skip).unwrap(), &[("a", Kept)]);
    expect(&update(&three, top.path()), &[("a", Updated)]);
    fs::write(top.path().join("a"), "by hand").unwrap();
    expect(&update(&two, top.path()), &[("a", Conflict)]);
    // Back to what was generated last: nobody's edit is lost by an update.
    fs::write(top.path().join("a"), "3").unwrap();
    expect(&update(&two, top.path()), &[("a", Updated)]);
    // The user took over our text by hand: from now on it is ours.
    fs::write(top.path().join("a"), "1").unwrap();
    expect(&update(&one, top.path()), &[("a", Unchanged)]);
    expect(&update(&two, top.path()), &[("a", Updated)]);
}

#[test]
fn stale_files_are_listed_and_pruned() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path();
    update(
        &tree(&[
            ("a", "1"),
            ("e/f/b", "1"),
            ("e/edited", "1"),
            ("gone", "1"),
            ("z", "1"),
        ]),
        out,
    );
    fs::write(out.join("e/edited"), "by hand").unwrap();
    fs::write(out.join("e/f/foreign"), "x").unwrap();
    fs::remove_file(out.join("gone")).unwrap();
    let next = tree(&[("z", "1")]);
    let stale = [
        ("z", Unchanged),
        ("a", Stale),
        ("e/edited", Stale),
        ("e/f/b", Stale),
    ];
    expect(&update(&next, out), &stale);
    expect(&update(&next, out), &stale);
    let pruned = [
        ("z", Unchanged),
        ("a", Removed),
        ("e/edited", Stale),
        ("e/f/b", Removed),
    ];
    expect(&prune(&next, out), &pruned);
    expect(&prune(&next, out), &[("z", Unchanged), ("e/edited", Stale)]);
    assert!(
        out.join("e/f/foreign").exists() && !out.join("e/f/b").exists() && !out.join("a").exists()
    );
}

#[test]
fn pruning_removes_folders_that_it_empties() {
    let top = tempfile::tempdir().unwrap();
    update(
        &tree(&[("z", "1"), ("e/f/b", "1"), ("e/c", "1")]),
        top.path(),
    );
    prune(&tree(&[("z", "1"), ("e/c", "1")]), top.path());
    assert!(top.path().join("e").exists() && !top.path().join("e/f").exists());
    prune(&tree(&[("z", "1")]), top.path());
    assert!(!top.path().join("e").exists());
    // Also when nothing is left to write.
    expect(&prune(&tree(&[]), top.path()), &[("z", Removed)]);
}

#[test]
fn a_dry_run_says_all_and_writes_nothing() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    let dry = WriteOptions {
        dry_run: true,
        prune: true,
        ..WriteOptions::default()
    };
    let first = tree(&[("a", "1"), ("b", "1"), ("secret", "1")]);
    let rows = [
        ("a", Created),
        ("b", Created),
        ("secret", Created),
        (".gitignore", Created),
    ];
    expect(
        &statuses(&kubewright_disk::write(&first, &out, &dry).unwrap()),
        &rows,
    );
    assert!(snapshot(top.path()).is_empty());
    update(&first, &out);
    let before = snapshot(top.path());
    let next = tree(&[("a", "2"), ("c", "1")]);
    let rows = [
        ("a", Updated),
        ("c", Created),
        ("b", Removed),
        ("secret", Removed),
        (".gitignore", Removed),
    ];
    let summary = kubewright_disk::write(&next, &out, &dry).unwrap();
    expect(&statuses(&summary), &rows);
    assert!(summary.has_changes() && !summary.has_conflicts());
    assert_eq!(snapshot(top.path()), before);
    expect(&prune(&next, &out), &rows);
}

#[test]
fn an_empty_tree_makes_nothing() {
    let top = tempfile::tempdir().unwrap();
    expect(&update(&tree(&[]), &top.path().join("out")), &[]);
    expect(&update(&tree(&[]), top.path()), &[]);
    assert!(snapshot(top.path()).is_empty());
}

#[test]
fn permissions_are_kept_and_secrets_are_the_owners() {
    let top = tempfile::tempdir().unwrap();
    let mode = |name: &str| {
        fs::metadata(top.path().join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    update(&tree(&[("run", "1"), ("secret", "1")]), top.path());
    assert_eq!(mode("secret"), 0o600);
    assert_eq!(mode(".kubewright/secrets.json"), 0o600);
    fs::set_permissions(top.path().join("run"), fs::Permissions::from_mode(0o751)).unwrap();
    fs::set_permissions(top.path().join("secret"), fs::Permissions::from_mode(0o644)).unwrap();
    update(&tree(&[("run", "2"), ("secret", "2")]), top.path());
    assert_eq!((mode("run"), mode("secret")), (0o751, 0o600));
}

#[test]
fn reports_carry_objects_and_progress_counts_files() {
    let top = tempfile::tempdir().unwrap();
    let files: Vec<(String, String)> = (0..1000)
        .map(|at| (format!("{}/{at}", at % 3), at.to_string()))
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let tree = tree(&files);
    for dry_run in [true, false, false] {
        let finished = AtomicUsize::new(0);
        let progress = |files| {
            finished.fetch_add(files, Ordering::Relaxed);
        };
        let options = WriteOptions {
            dry_run,
            progress: &progress,
            ..WriteOptions::default()
        };
        let summary = kubewright_disk::write(&tree, &top.path().join("out"), &options).unwrap();
        assert_eq!(finished.into_inner(), 1000);
        for (report, file) in summary.files.iter().zip(tree.files()) {
            assert_eq!(report.path, file.path.as_str());
            assert_eq!(report.objects, [object(file.path.as_str())]);
        }
    }
    for (path, content) in files {
        assert_eq!(text(top.path().join("out").join(path)), content);
    }
}

#[test]
fn waiting_for_the_disk_writes_the_same() {
    let top = tempfile::tempdir().unwrap();
    let options = WriteOptions {
        durable: true,
        ..WriteOptions::default()
    };
    let out = top.path().join("x/out");
    for content in ["1", "2"] {
        kubewright_disk::write(&tree(&[("e/a", content), ("b", "1")]), &out, &options).unwrap();
        assert_eq!(text(out.join("e/a")), content);
    }
}
