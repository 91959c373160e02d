//! The lock, the block in `.gitignore`, and what git tracks.

use std::fs;
use std::path::Path;
use std::process::Command;

use kubewright_disk::Status::{Conflict, Created, Removed, Stale, Unchanged, Updated};
use kubewright_disk::{Warning, WriteOptions};

use super::{expect, prune, text, tree, update};

const HEAD: &str = "# kubewright: files that hold secrets\n";
const TAIL: &str = "/.kubewright/secrets.json\n/.kubewright/secrets.lz4\n/.kubewright/unfinished.json\n.kubewright-*.tmp\n# kubewright: end\n";

#[test]
fn the_lock_holds_digests_by_path() {
    let top = tempfile::tempdir().unwrap();
    update(
        &tree(&[("b", "abc"), ("a", ""), ("secret", "hunter2")]),
        top.path(),
    );
    let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let none = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let lock = text(top.path().join(".kubewright/lock.json"));
    let files = format!("{{\n    \"a\": \"{none}\",\n    \"b\": \"{abc}\"\n  }}");
    assert_eq!(
        lock,
        format!("{{\n  \"version\": 1,\n  \"files\": {files}\n}}\n")
    );
    let secrets = text(top.path().join(".kubewright/secrets.json"));
    assert!(secrets.contains("\"secret\": \"sha256:") && !secrets.contains("hunter2"));
    update(&tree(&[("b", "abc")]), top.path());
    assert!(
        top.path().join(".kubewright/secrets.json").exists(),
        "the file is stale, but there"
    );
    prune(&tree(&[("b", "abc")]), top.path());
    assert!(!top.path().join(".kubewright/secrets.json").exists());
}

#[test]
fn the_block_names_secrets_and_keeps_the_users_lines() {
    let top = tempfile::tempdir().unwrap();
    let ignored = || text(top.path().join(".gitignore"));
    fs::write(top.path().join(".gitignore"), "*.log").unwrap();
    let one = tree(&[("a", "1"), ("secret", "1")]);
    expect(
        &update(&one, top.path()),
        &[("a", Created), ("secret", Created), (".gitignore", Updated)],
    );
    assert_eq!(ignored(), format!("*.log\n{HEAD}/secret\n{TAIL}"));
    expect(
        &update(&one, top.path()),
        &[
            ("a", Unchanged),
            ("secret", Unchanged),
            (".gitignore", Unchanged),
        ],
    );
    fs::write(
        top.path().join(".gitignore"),
        format!("{}*.bak\n", ignored()),
    )
    .unwrap();
    let two = tree(&[("a", "1"), ("e/secret", "1")]);
    let rows = [
        ("a", Unchanged),
        ("e/secret", Created),
        ("secret", Stale),
        (".gitignore", Updated),
    ];
    expect(&update(&two, top.path()), &rows);
    assert_eq!(
        ignored(),
        format!("*.log\n{HEAD}/e/secret\n/secret\n{TAIL}*.bak\n")
    );
    let none = tree(&[("a", "1")]);
    let rows = [
        ("a", Unchanged),
        ("e/secret", Removed),
        ("secret", Removed),
        (".gitignore", Updated),
    ];
    expect(&prune(&none, top.path()), &rows);
    assert_eq!(ignored(), "*.log\n*.bak\n");
    expect(&update(&none, top.path()), &[("a", Unchanged)]);
}

#[test]
fn a_block_alone_comes_and_goes() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    update(&tree(&[("secret", "1")]), &out);
    assert_eq!(
        text(out.join(".gitignore")),
        format!("{HEAD}/secret\n{TAIL}")
    );
    // Also when the lock of the secrets was never there, as in a fresh clone.
    fs::remove_file(out.join(".kubewright/secrets.json")).unwrap();
    fs::remove_file(out.join("secret")).unwrap();
    expect(
        &update(&tree(&[("a", "1")]), &out),
        &[("a", Created), (".gitignore", Removed)],
    );
    assert!(!out.join(".gitignore").exists());
}

#[test]
fn a_secret_that_stays_on_disk_stays_ignored() {
    let top = tempfile::tempdir().unwrap();
    update(&tree(&[("secret", "1")]), top.path());
    fs::remove_dir_all(top.path().join(".kubewright")).unwrap();
    let next = tree(&[("a", "1")]);
    expect(
        &update(&next, top.path()),
        &[("a", Created), (".gitignore", Unchanged)],
    );
    assert!(text(top.path().join(".gitignore")).contains("/secret\n"));
    fs::remove_file(top.path().join("secret")).unwrap();
    expect(
        &update(&next, top.path()),
        &[("a", Unchanged), (".gitignore", Removed)],
    );
}

#[test]
fn a_conflicting_secret_is_ignored_too() {
    let top = tempfile::tempdir().unwrap();
    fs::write(top.path().join("secret"), "theirs").unwrap();
    expect(
        &update(&tree(&[("secret", "1")]), top.path()),
        &[("secret", Conflict), (".gitignore", Created)],
    );
}

#[test]
fn secrets_that_git_tracks_are_warned_about() {
    let git = |folder: &Path, args: &[&str]| {
        let output = Command::new("git")
            .args(args)
            .current_dir(folder)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output();
        output.is_ok_and(|output| output.status.success())
    };
    let versions: [&[&str]; 4] = [
        &["update-index", "--index-version", "2"],
        &["update-index", "--index-version", "4"],
        &["add", "-N", "k8s/intended"],
        &["status"],
    ];
    for version in versions {
        let top = tempfile::tempdir().unwrap();
        if !git(top.path(), &["init", "-q"]) {
            return;
        }
        let out = top.path().join("k8s");
        fs::create_dir(&out).unwrap();
        for name in ["a", "b-secret", "c-secrets", "intended", "e"] {
            fs::write(out.join(name), "x").unwrap();
        }
        assert!(git(top.path(), &["add", "k8s/a", "k8s/b-secret", "k8s/e"]));
        assert!(git(top.path(), version));
        let tree = tree(&[
            ("a", "1"),
            ("c-secrets", "1"),
            ("b-secret", "1"),
            ("new/secret", "1"),
        ]);
        let summary = kubewright_disk::write(&tree, &out, &WriteOptions::default()).unwrap();
        let warning = Warning::TrackedSecret {
            path: "b-secret".to_owned(),
        };
        assert_eq!(summary.warnings, [warning], "{version:?}");
        assert!(
            summary.warnings[0]
                .help()
                .contains("git rm --cached b-secret")
        );
        fs::write(top.path().join(".git/index"), "DIRC nonsense").unwrap();
        assert!(
            kubewright_disk::write(&tree, &out, &WriteOptions::default())
                .unwrap()
                .warnings
                .is_empty()
        );
    }
}
