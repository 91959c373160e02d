//! What stands in the way is an error that names it, and nothing is written.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::Path;

use kubewright_disk::{Policy, Status, WriteError, WriteOptions};

use super::{expect, snapshot, text, tree, update, write};

/// Writes a small tree under every policy, expects one and the same error, a
/// wrong usage, and that nothing has changed. Gives the error.
fn refused(top: &Path, out: &Path) -> WriteError {
    let tree = tree(&[("a", "1"), ("e/f/b", "1"), ("z", "1")]);
    let before = snapshot(top);
    let errors = Policy::ALL.map(|policy| write(&tree, out, policy).unwrap_err());
    let dry = WriteOptions {
        dry_run: true,
        ..WriteOptions::default()
    };
    let dry = kubewright_disk::write(&tree, out, &dry).unwrap_err();
    assert_eq!(snapshot(top), before);
    assert!(
        errors.iter().all(|error| *error == dry),
        "{errors:?} {dry:?}"
    );
    assert!(!dry.is_environment(), "{dry}");
    assert!(!dry.help().is_empty() && !dry.code().is_empty());
    assert!(dry.message().starts_with("cannot "), "{dry}");
    dry
}

#[test]
fn the_output_folder_is_a_file() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    fs::write(&out, "x").unwrap();
    let error = refused(top.path(), &out);
    assert_eq!(
        error,
        WriteError::OutIsNotAFolder {
            out: out.clone(),
            path: out.clone()
        }
    );
    let below = out.join("x/y");
    let error = refused(top.path(), &below);
    assert_eq!(
        error,
        WriteError::OutIsNotAFolder {
            out: below,
            path: out
        }
    );
}

#[test]
fn the_output_folder_is_a_link_to_nothing() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    symlink("nowhere", &out).unwrap();
    let error = refused(top.path(), &out);
    assert_eq!(
        error,
        WriteError::OutIsDangling {
            out: out.clone(),
            path: out
        }
    );
}

#[test]
fn the_output_folder_is_a_link_out_of_the_project() {
    let top = tempfile::tempdir().unwrap();
    let [project, elsewhere] = ["project", "elsewhere"].map(|name| top.path().join(name));
    fs::create_dir(&project).unwrap();
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, project.join("k8s")).unwrap();
    fs::create_dir(project.join("real")).unwrap();
    symlink("real", project.join("inside")).unwrap();
    let options = WriteOptions {
        within: Some(&project),
        ..WriteOptions::default()
    };
    let tree = tree(&[("a", "1")]);
    for out in ["k8s", "k8s/new", "real/../k8s"] {
        let out = project.join(out);
        let error = kubewright_disk::write(&tree, &out, &options).unwrap_err();
        assert!(
            matches!(error, WriteError::OutLeadsOut { .. }) && !error.is_environment(),
            "{error}"
        );
    }
    assert!(snapshot(&elsewhere).is_empty());
    for out in [
        project.join("inside"),
        project.join("new/x"),
        elsewhere,
        project.join("../third"),
    ] {
        kubewright_disk::write(&tree, &out, &options).unwrap();
        assert!(out.join("a").exists(), "{out:?}");
    }
    // Without a project any folder will do.
    update(&tree, &project.join("k8s/new"));
}

#[test]
fn links_lead_out_of_the_output_folder() {
    for (link, target) in [
        ("e", ".."),
        ("e", "nowhere"),
        ("a", "../user"),
        ("a", "/etc/hostname"),
        ("a", "a"),
    ] {
        let top = tempfile::tempdir().unwrap();
        let out = top.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(top.path().join("user"), "x").unwrap();
        symlink(target, out.join(link)).unwrap();
        let error = refused(top.path(), &out);
        assert_eq!(
            error,
            WriteError::LeadsOut {
                path: out.join(link),
                target: target.into()
            }
        );
    }
}

#[test]
fn links_within_the_output_folder_are_the_users() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path();
    fs::create_dir(out.join("real")).unwrap();
    fs::write(out.join("real/a"), "x").unwrap();
    symlink("real", out.join("e")).unwrap();
    symlink("real/a", out.join("a")).unwrap();
    let tree = tree(&[("a", "1"), ("e/b", "1")]);
    expect(
        &update(&tree, out),
        &[("a", Status::Conflict), ("e/b", Status::Created)],
    );
    assert_eq!(
        (text(out.join("a")), text(out.join("real/b"))),
        ("x".to_owned(), "1".to_owned())
    );
    // Only the link is replaced, not what it leads to.
    let replaced = write(&tree, out, Policy::Overwrite).unwrap();
    expect(
        &replaced,
        &[("a", Status::Updated), ("e/b", Status::Unchanged)],
    );
    assert_eq!(
        (text(out.join("a")), text(out.join("real/a"))),
        ("1".to_owned(), "x".to_owned())
    );
}

#[test]
fn two_folders_that_are_one() {
    let top = tempfile::tempdir().unwrap();
    fs::create_dir_all(top.path().join("e/f")).unwrap();
    symlink("e", top.path().join("g")).unwrap();
    let error = write(
        &tree(&[("e/a", "1"), ("g/a", "2")]),
        top.path(),
        Policy::Update,
    )
    .unwrap_err();
    assert!(matches!(error, WriteError::OneFolder { .. }), "{error}");
    assert!(!error.is_environment());
}

#[test]
fn files_and_folders_in_each_others_place() {
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join("out");
    fs::create_dir_all(out.join("e")).unwrap();
    fs::write(out.join("e/f"), "x").unwrap();
    assert_eq!(
        refused(top.path(), &out),
        WriteError::FolderIsFile {
            path: out.join("e/f")
        }
    );
    fs::remove_file(out.join("e/f")).unwrap();
    fs::create_dir(out.join("z")).unwrap();
    assert_eq!(
        refused(top.path(), &out),
        WriteError::TargetIsFolder {
            path: out.join("z")
        }
    );
}

#[test]
fn a_socket_in_the_place_of_a_file() {
    let top = tempfile::tempdir().unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(top.path().join("a")).unwrap();
    let error = refused(top.path(), top.path());
    assert_eq!(
        error,
        WriteError::TargetIsSpecial {
            path: top.path().join("a")
        }
    );
}

#[test]
fn a_folder_that_cannot_be_written() {
    // Not even root makes files there.
    let out = Path::new("/proc/self/kubewright");
    if !Path::new("/proc/self").exists() {
        return;
    }
    let error = write(&tree(&[("a", "1")]), out, Policy::Update).unwrap_err();
    assert!(error.is_environment(), "{error}");
    assert!(
        matches!(&error, WriteError::Io { path, .. } if path == out),
        "{error:?}"
    );
}

#[test]
fn a_name_that_the_disk_cannot_hold() {
    let long = "x".repeat(300);
    let top = tempfile::tempdir().unwrap();
    let out = top.path().join(&long);
    let error = write(&tree(&[("a", "1")]), &out, Policy::Update).unwrap_err();
    assert!(
        matches!(
            error,
            WriteError::Io {
                kind: ErrorKind::InvalidFilename,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(error.is_environment() && error.help().contains("shorten"));
    assert!(snapshot(top.path()).is_empty());
}

#[test]
fn a_lock_that_says_nothing() {
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let twice = format!(r#"{{"version": 1, "files": {{"a": "{digest}", "a": "{digest}"}}}}"#);
    let damaged = [
        "",
        "{",
        "[]",
        "<<<<<<< HEAD",
        r#"{"version": 0, "files": {}}"#,
        r#"{"version": 1}"#,
        r#"{"version": 1, "files": {"../x": "sha256:00"}}"#,
        r#"{"version": 1, "files": {"x": "sha256:00"}}"#,
        &twice,
    ];
    let top = tempfile::tempdir().unwrap();
    fs::create_dir(top.path().join(".kubewright")).unwrap();
    for name in ["lock.json", "secrets.json"] {
        let lock = top.path().join(".kubewright").join(name);
        for text in damaged {
            fs::write(&lock, text).unwrap();
            let error = refused(top.path(), top.path());
            assert!(
                matches!(&error, WriteError::LockDamaged { path, .. } if *path == lock),
                "{text}: {error}"
            );
        }
        for text in [
            r#"{"version": 2, "files": {}}"#,
            r#"{"version": 2, "entries": []}"#,
        ] {
            fs::write(&lock, text).unwrap();
            let error = refused(top.path(), top.path());
            assert_eq!(
                error,
                WriteError::LockNewer {
                    path: lock.clone(),
                    version: 2,
                    supported: 1
                }
            );
        }
        fs::remove_file(&lock).unwrap();
    }
}
