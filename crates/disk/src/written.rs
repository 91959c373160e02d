//! What the lock of a folder lists, for those who only look.

use std::os::fd::AsFd;
use std::path::Path;

use crate::ledger::{FOLDER, Ledger};
use crate::place::open_folder;

/// The files that were written into a folder, by path; none where nobody wrote there,
/// or that cannot be told.
pub fn written_files(folder: &Path) -> Vec<String> {
    let locked = folder.join(FOLDER);
    let Ok(open) = open_folder(&locked) else {
        return Vec::new();
    };
    let ledger = Ledger::read(open.as_fd(), &locked).unwrap_or_default();
    let paths = ledger.paths().into_iter();
    paths.map(|path| path.as_str().to_owned()).collect()
}
