//! Ctrl-C while files are being written: the writer puts back what it did and
//! leaves nothing behind.

use std::sync::atomic::{AtomicBool, Ordering};

static STOPPED: AtomicBool = AtomicBool::new(false);

/// From now on a signal to end (Ctrl-C, SIGTERM, SIGHUP) is only a mark. Before,
/// nothing has been written, and the system ends the process.
pub(crate) fn watch() {
    // Where there can be no handler, the next run cleans up.
    let _ = ctrlc::set_handler(|| STOPPED.store(true, Ordering::Relaxed));
}

/// Whether the user has had enough.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}
