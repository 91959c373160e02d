//! One run at a time.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use crate::place::Place;
use crate::{Doing, WriteError};

const PAUSE: Duration = Duration::from_millis(20);

/// Finds the output folder and locks it against other runs until the place is
/// dropped. A folder that does not exist yet is guarded by the nearest one that
/// does.
///
/// The lock is advisory (`flock`) and needs no file of its own. On file systems
/// that have none (NFS does not lock folders) the run goes on without it.
pub(crate) fn lock(out: &Path, within: Option<&Path>, wait: Duration) -> Result<Place, WriteError> {
    let begin = Instant::now();
    loop {
        let place = Place::find(out, within)?;
        take(&place, begin, wait)?;
        // While we waited, another run may have made or replaced the folder.
        if Place::find(out, within)?.is_same(&place) {
            return Ok(place);
        }
    }
}

fn take(place: &Place, begin: Instant, wait: Duration) -> Result<(), WriteError> {
    loop {
        match rustix::fs::flock(&place.folder, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(Errno::WOULDBLOCK) if begin.elapsed() < wait => std::thread::sleep(PAUSE),
            Err(Errno::WOULDBLOCK) => {
                return Err(WriteError::Busy {
                    out: place.shown.clone(),
                    waited: wait,
                });
            }
            Err(Errno::BADF | Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {
                return Ok(());
            }
            Err(error) => return Err(WriteError::io(Doing::Inspect, &place.shown, error)),
        }
    }
}
