//! Files read from the disk.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use kubewright_disk::DiskFiles;
use kubewright_files::{FileError, Files, Kind};

#[test]
fn reads_lists_and_tells_kinds() {
    let top = tempfile::tempdir().unwrap();
    let files = DiskFiles::new(top.path());
    fs::create_dir_all(top.path().join("e/f")).unwrap();
    fs::write(top.path().join("a"), "abc").unwrap();
    fs::write(top.path().join("e/run"), "").unwrap();
    fs::set_permissions(top.path().join("e/run"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink("../a", top.path().join("e/link")).unwrap();
    symlink("nowhere", top.path().join("dangling")).unwrap();
    let _socket = UnixListener::bind(top.path().join("socket")).unwrap();

    let absolute = top.path().join("a");
    for path in [
        Path::new("a"),
        Path::new("./e/../a"),
        Path::new("e/link"),
        &absolute,
    ] {
        assert_eq!(files.read(path).unwrap(), b"abc");
    }
    assert_eq!(files.read_limited(Path::new("a"), 3).unwrap(), b"abc");
    let cases = [
        ("a", 2, FileError::TooLarge { len: 3, limit: 2 }),
        ("nothing", 9, FileError::NotFound),
        ("dangling", 9, FileError::NotFound),
        ("e", 9, FileError::NotAFile),
        ("socket", 9, FileError::NotAFile),
        ("/dev/zero", 9, FileError::NotAFile),
        ("a/b", 9, FileError::NotAFolder),
    ];
    for (path, limit, error) in cases {
        assert_eq!(
            files.read_limited(Path::new(path), limit),
            Err(error),
            "{path}"
        );
    }
    let kinds = [
        (
            "a",
            Kind::File {
                len: 3,
                executable: false,
            },
        ),
        (
            "e/run",
            Kind::File {
                len: 0,
                executable: true,
            },
        ),
        (
            "e/link",
            Kind::File {
                len: 3,
                executable: false,
            },
        ),
        ("e", Kind::Folder),
        ("", Kind::Folder),
        ("socket", Kind::Special),
        ("/dev/null", Kind::Special),
        ("nothing", Kind::Missing),
        ("a/b", Kind::Missing),
        ("dangling", Kind::Missing),
    ];
    for (path, kind) in kinds {
        assert_eq!(files.kind(Path::new(path)), Ok(kind), "{path}");
    }
    assert_eq!(files.list(Path::new("e")).unwrap(), ["f", "link", "run"]);
    assert_eq!(
        files.list(Path::new("")).unwrap(),
        ["a", "dangling", "e", "socket"]
    );
    assert_eq!(files.list(Path::new("a")), Err(FileError::NotAFolder));
    assert_eq!(files.list(Path::new("nothing")), Err(FileError::NotFound));
    assert!(matches!(
        files.read(Path::new("a\0b")),
        Err(FileError::Other(_))
    ));
}

#[test]
fn a_pipe_does_not_block() {
    let top = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(top.path().join("pipe"))
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    assert_eq!(
        DiskFiles::new(top.path()).read(Path::new("pipe")),
        Err(FileError::NotAFile)
    );
}

#[test]
fn a_file_without_a_length_is_limited_too() {
    let path = Path::new("/proc/self/status");
    if path.exists() {
        let files = DiskFiles::new("/");
        assert!(!files.read(path).unwrap().is_empty());
        assert!(matches!(
            files.read_limited(path, 5),
            Err(FileError::TooLarge { limit: 5, .. })
        ));
    }
}
