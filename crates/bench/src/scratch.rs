//! Where projects and results lie while they are measured, and how large they are.

use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::measure::Failure;

/// A file system in memory, where there is one: a disk is too noisy to compare.
const MEMORY: &str = "/dev/shm";

/// Room that one service needs: its part of the project, of the result and of the
/// result's copy, some fifteen files of at least one page each. Generous.
const BYTES_PER_SERVICE: u64 = 80_000;

/// A folder of our own that is gone when it is dropped: below `wanted`, else in
/// memory where so many services find room, else where temporary files lie.
///
/// # Errors
///
/// When it cannot be made.
pub(crate) fn scratch(wanted: Option<&Path>, services: usize) -> Result<TempDir, Failure> {
    let place = match wanted {
        Some(place) => place.to_path_buf(),
        None if has_room(Path::new(MEMORY), services) => MEMORY.into(),
        None => std::env::temp_dir(),
    };
    tempfile::Builder::new()
        .prefix("kubewright-bench-")
        .tempdir_in(&place)
        .map_err(Failure::io("cannot make a folder in", &place))
}

fn has_room(place: &Path, services: usize) -> bool {
    let needed = BYTES_PER_SERVICE.saturating_mul(services as u64);
    rustix::fs::statvfs(place)
        .is_ok_and(|system| system.f_bavail.saturating_mul(system.f_frsize) >= needed)
}

/// How large a folder is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// Files in it and below.
    pub(crate) files: u64,
    /// Their lengths together.
    pub(crate) bytes: u64,
}

/// Adds up a folder.
///
/// # Errors
///
/// When it cannot be read.
pub(crate) fn size_of(folder: &Path) -> Result<Size, Failure> {
    let mut size = Size::default();
    add(folder, &mut size).map_err(Failure::io("cannot read", folder))?;
    Ok(size)
}

fn add(folder: &Path, size: &mut Size) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let data = entry.metadata()?;
        if data.is_dir() {
            add(&entry.path(), size)?;
        } else {
            size.files += 1;
            size.bytes += data.len();
        }
    }
    Ok(())
}

/// Removes a folder that may not be there.
///
/// # Errors
///
/// When it stays.
pub(crate) fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Failure::io("cannot remove", folder)(cause))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_counts_what_lies_deeper() {
        let folder = scratch(None, 1).unwrap();
        let inner = folder.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::write(folder.path().join("x"), "123").unwrap();
        fs::write(inner.join("y"), "45").unwrap();
        assert_eq!(size_of(folder.path()).unwrap(), Size { files: 2, bytes: 5 });
        remove(&inner).unwrap();
        remove(&inner).unwrap();
        assert_eq!(size_of(folder.path()).unwrap(), Size { files: 1, bytes: 3 });
    }

    #[test]
    fn memory_is_not_taken_where_there_is_too_little() {
        assert!(!has_room(Path::new("/"), usize::MAX));
        assert!(!has_room(Path::new("/no/such/place"), 0));
    }
}
